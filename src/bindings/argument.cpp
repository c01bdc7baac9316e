// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/argument.h"

namespace py = pybind11;

namespace c104::bindings {
namespace {

std::string name_of(py::handle cls) { return "c104." + cls.attr("__name__").cast<std::string>(); }

// ", use c104.Cot.SPONTANEOUS" for 3 or "SPONTANEOUS"; empty where `wrong` is no member's number or name.
std::string member_meant(py::handle enumeration, py::handle wrong) {
  const bool number = PyLong_Check(wrong.ptr()) && !PyBool_Check(wrong.ptr());
  const py::dict members = enumeration.attr("__members__");
  for (const auto& [name, member] : members) {
    if (number ? py::int_(py::reinterpret_borrow<py::object>(member)).equal(wrong) : name.equal(wrong)) {
      return ", use " + name_of(enumeration) + "." + name.cast<std::string>();
    }
  }
  return {};
}

// ", use c104.Int16(5)" for 5; why that can't be for 40000.
std::string object_meant(py::handle cls, py::handle wrong) {
  const bool number = (PyLong_Check(wrong.ptr()) && !PyBool_Check(wrong.ptr())) || PyFloat_Check(wrong.ptr());
  if (!number) return {};
  try {
    cls(wrong);
    return ", use " + name_of(cls) + "(" + py::repr(wrong).cast<std::string>() + ")";
  } catch (py::error_already_set& error) {
    return error.matches(PyExc_ValueError) ? ": " + py::str(error.value()).cast<std::string>() : std::string();
  }
}

}  // namespace

void refuse_object(py::handle cls, py::handle wrong) {
  const bool has_members = py::hasattr(cls, "__members__");
  std::string meant = has_members ? member_meant(cls, wrong) : std::string();
  if (meant.empty() && !(has_members && !py::hasattr(cls, "is_any"))) meant = object_meant(cls, wrong);  // no enumeration
  throw py::type_error("a " + name_of(cls) + " is wanted, not " + Py_TYPE(wrong.ptr())->tp_name + " " +
                       py::repr(wrong).cast<std::string>() + meant);
}

void refuse_member(py::handle enumeration, unsigned value, unsigned last) {
  std::string names;
  for (const auto& [name, member] : py::dict(enumeration.attr("__members__"))) {
    names += (names.empty() ? "" : ", ") + name.cast<std::string>();
  }
  throw py::value_error(name_of(enumeration) + " " + std::to_string(value) + " is out of range 0.." + std::to_string(last) +
                        " (" + names + ")");
}

}  // namespace c104::bindings
