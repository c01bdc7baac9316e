// SPDX-License-Identifier: GPL-3.0-or-later
// What pybind11 leaves open for objects that have no value, as __init__() did not run: it hands uninitialised memory to methods, and
// ends the process where Python makes objects of its common base class, as pickle protocols 0 and 1 do.
#include <pybind11/pybind11.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>
#include <utility>

#include "bindings/register.h"

namespace py = pybind11;

namespace c104::bindings {
namespace {

constexpr std::size_t most_classes = 128;
std::array<std::string, most_classes> class_names;

// pybind11 calls type_info::operator_new for one thing: where a method is called with an object that has no value yet, to get
// memory for that. Nothing is asked of objects that have one, so this costs nothing. It is told no more than a size, hence a
// function for each class.
template <std::size_t Index>
void* refuse(std::size_t) {
  throw py::type_error(class_names[Index] + ".__init__() has not run: call super().__init__() before using the object");
}

using Refusal = void* (*)(std::size_t);
template <std::size_t... Index>
constexpr std::array<Refusal, most_classes> refusals(std::index_sequence<Index...>) {
  return {&refuse<Index>...};
}
constexpr auto refusal = refusals(std::make_index_sequence<most_classes>());

// Protocols 0 and 1 would make an object of pybind11's base class. What can be pickled (enumerations, flags) can be so with 2, and
// the rest raises TypeError there.
py::object reduce(const py::object& self, int protocol) {
  return py::handle(reinterpret_cast<PyObject*>(&PyBaseObject_Type)).attr("__reduce_ex__")(self, std::max(protocol, 2));
}

struct Nothing {};

// Instances of the base class itself (c104.Client.__base__()): with a type to make room for, pybind11 gets to the base's __init__(),
// which raises TypeError. Other extensions may share the base; nothing else changes for them.
void register_base(PyTypeObject* base) {
  py::detail::with_internals([base](py::detail::internals& internals) {
    auto& types = internals.registered_types_py[base];
    if (!types.empty()) return;
    auto* info = new py::detail::type_info();
    info->type = base;
    info->cpptype = &typeid(Nothing);
    info->type_size = sizeof(Nothing);
    info->type_align = alignof(Nothing);
    info->operator_new = refusal[0];
    info->simple_type = info->simple_ancestors = true;
    types.push_back(info);
  });
}

}  // namespace

// After all classes.
void register_guards(py::module_& m) {
  class_names[0] = "pybind11_object";
  std::size_t count = 1;
  auto* const base = reinterpret_cast<PyTypeObject*>(py::detail::get_internals().instance_base);
  for (const auto& [attribute, cls] : py::dict(m.attr("__dict__"))) {
    if (!PyType_Check(cls.ptr())) continue;
    auto* const type = reinterpret_cast<PyTypeObject*>(cls.ptr());
    if (type == base || PyType_IsSubtype(type, base) == 0) continue;
    if (count == most_classes) throw std::length_error("guards.cpp: more classes than most_classes");
    class_names[count] = "c104." + cls.attr("__name__").cast<std::string>();
    py::detail::get_type_info(type)->operator_new = refusal[count++];
    cls.attr("__reduce_ex__") = py::cpp_function(&reduce, py::name("__reduce_ex__"), py::is_method(cls), py::arg("protocol"));
  }
  register_base(base);
}

}  // namespace c104::bindings
