// SPDX-License-Identifier: GPL-3.0-or-later
// Enumerations as users of c104 know them: `<Type.M_SP_NA_1: 1>`, no iteration, values without a name allowed, and equal to
// their int only where `equals_int` says so.
#pragma once

#include <pybind11/pybind11.h>

#include <limits>
#include <type_traits>

#include "bindings/argument.h"
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
    const auto equal = [equals_int](Self self, const py::object& other) {
      if (py::isinstance<E>(other)) return number(self) == number(other);
      // Members of two classes that both equal their ints are equal too: Cot.INTERROGATED_BY_STATION == Qoi.STATION.
      return equals_int && !other.is_none() && py::int_(number(self)).equal(other);
    };
    this->def("__eq__", equal, py::is_operator());
    this->def("__ne__", [equal](Self self, const py::object& other) { return !equal(self, other); }, py::is_operator());
    py::options quiet;  // enumerations document their members, not how to make one of a number
    quiet.disable_function_signatures();
    this->def(py::init([name](const py::object& value) {
                return static_cast<E>(checked_integer(name, value, 0, std::numeric_limits<std::underlying_type_t<E>>::max()));
              }),
              py::arg("value"));
    this->def_property_readonly("value", &number);
    this->def("__int__", &number);
    this->def("__index__", &number);
    this->def(py::pickle(&number, [](Number state) { return static_cast<E>(state); }));
  }

  EnumClass& member(const char* name, E value) {
    base_.value(name, pybind11::cast(value, pybind11::return_value_policy::copy));
    return *this;
  }
  EnumClass& member(const char* name, Number value) { return member(name, static_cast<E>(value)); }

 private:
  // Members without a name have a number and compare, though few arguments take them: past the check of argument.h.
  using Self = const pybind11::object&;
  static Number number(Self self) {
    pybind11::detail::type_caster_base<E> member;
    if (!member.load(self, false)) throw pybind11::type_error("not a member of this enumeration");
    return static_cast<Number>(static_cast<E&>(member));
  }

  pybind11::detail::enum_base base_;
};

}  // namespace c104::bindings
