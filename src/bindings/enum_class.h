// SPDX-License-Identifier: GPL-3.0-or-later
// Enumerations as users of c104 know them: `<Type.M_SP_NA_1: 1>`, no iteration, values without a name allowed, and equal to
// their int only where `equals_int` says so.
#pragma once

#include <pybind11/pybind11.h>

#include <limits>
#include <type_traits>

#include "bindings/enum_argument.h"
#include "bindings/errors.h"

namespace c104::bindings {

template <class E>
class EnumClass : public pybind11::class_<E> {
 public:
  using Number = unsigned int;

  EnumClass(pybind11::module_& m, const char* name, bool equals_int) : pybind11::class_<E>(m, name), base_(*this, m) {
    namespace py = pybind11;
    this->attr("__module__") = "c104";
    base_.init(false, equals_int);
    const auto equal = [equals_int](E value, const py::object& other) {
      if (py::isinstance<E>(other)) return value == other.cast<E>();
      // Members of two classes that both equal their ints are equal too: Cot.INTERROGATED_BY_STATION == Qoi.STATION.
      return equals_int && !other.is_none() && py::int_(static_cast<Number>(value)).equal(other);
    };
    this->def("__eq__", equal, py::is_operator());
    this->def("__ne__", [equal](E value, const py::object& other) { return !equal(value, other); }, py::is_operator());
    py::options quiet;  // enumerations document their members, not how to make one of a number
    quiet.disable_function_signatures();
    this->def(py::init([name](const py::object& value) {
                return static_cast<E>(checked_integer(name, value, 0, std::numeric_limits<std::underlying_type_t<E>>::max()));
              }),
              py::arg("value"));
    this->def_property_readonly("value", [](E value) { return static_cast<Number>(value); });
    this->def("__int__", [](E value) { return static_cast<Number>(value); });
    this->def("__index__", [](E value) { return static_cast<Number>(value); });
    this->def(
        py::pickle([](E value) { return static_cast<Number>(value); }, [](Number state) { return static_cast<E>(state); }));
  }

  EnumClass& member(const char* name, E value) {
    base_.value(name, pybind11::cast(value, pybind11::return_value_policy::copy));
    return *this;
  }
  EnumClass& member(const char* name, Number value) { return member(name, static_cast<E>(value)); }

 private:
  pybind11::detail::enum_base base_;
};

}  // namespace c104::bindings
