// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/arrays.h"

#include <cmath>
#include <cstring>
#include <string>

#include "bindings/errors.h"

namespace py = pybind11;

namespace c104::bindings {
namespace {

std::string place(const char* name, std::size_t row) { return std::string(name) + "[" + std::to_string(row) + "]"; }

// Calls f(row, value) with each element as it is in memory.
template <class Element, class F>
void each_as(const py::buffer_info& buffer, F&& f) {
  const char* at = static_cast<const char*>(buffer.ptr);
  for (py::ssize_t row = 0; row < buffer.shape[0]; ++row, at += buffer.strides[0]) {
    Element element;
    std::memcpy(&element, at, sizeof element);
    f(static_cast<std::size_t>(row), element);
  }
}

template <class F>
void each_element(const char* name, const py::buffer_info& buffer, F&& f) {
  if (buffer.ndim != 1) {
    throw py::value_error(std::string(name) + " must have one dimension, not " + std::to_string(buffer.ndim));
  }
  std::string format = buffer.format;
  if (format.size() == 2 && (format[0] == '@' || format[0] == '=' || format[0] == '<')) format.erase(0, 1);
  const auto size = buffer.itemsize;
  switch (format.size() == 1 ? format[0] : '\0') {
    case '?':
    case 'B': return each_as<std::uint8_t>(buffer, f);
    case 'b': return each_as<std::int8_t>(buffer, f);
    case 'h': return each_as<std::int16_t>(buffer, f);
    case 'H': return each_as<std::uint16_t>(buffer, f);
    case 'i':
    case 'l':
    case 'q': return size == 8 ? each_as<std::int64_t>(buffer, f) : each_as<std::int32_t>(buffer, f);
    case 'I':
    case 'L':
    case 'Q': return size == 8 ? each_as<std::uint64_t>(buffer, f) : each_as<std::uint32_t>(buffer, f);
    case 'f': return each_as<float>(buffer, f);
    case 'd': return each_as<double>(buffer, f);
    default:
      throw py::type_error(std::string(name) + " holds elements of format '" + buffer.format +
                           "': numbers of native byte order are needed");
  }
}

// Calls `reserve` with the number of entries, then for each entry on_element(row, number) if the column has a buffer, or
// on_item(row, object) if it is a sequence. The conversions of objects may run Python code, which may change the sequence.
template <class Reserve, class OnElement, class OnItem>
void each_entry(const char* name, const char* wanted, const py::handle& column, Reserve&& reserve, OnElement&& on_element,
                OnItem&& on_item) {
  if (PyObject_CheckBuffer(column.ptr()) != 0) {
    const py::buffer_info buffer = py::reinterpret_borrow<py::buffer>(column).request();
    reserve(static_cast<std::size_t>(buffer.size));
    each_element(name, buffer, on_element);
    return;
  }
  const auto sequence =
      py::reinterpret_steal<py::object>(PyUnicode_Check(column.ptr()) ? nullptr : PySequence_Fast(column.ptr(), ""));
  if (!sequence) {
    PyErr_Clear();
    throw py::type_error(std::string(name) + " must be " + wanted + ", not " + Py_TYPE(column.ptr())->tp_name + " " +
                         std::string(py::repr(column)));
  }
  reserve(static_cast<std::size_t>(PySequence_Fast_GET_SIZE(sequence.ptr())));
  for (py::ssize_t row = 0; row < PySequence_Fast_GET_SIZE(sequence.ptr()); ++row) {
    const auto item = py::reinterpret_borrow<py::object>(PySequence_Fast_GET_ITEM(sequence.ptr(), row));
    on_item(static_cast<std::size_t>(row), item.ptr());
  }
}

// Floats, integers, and what has either, as the number types and the enumerations have.
double number_of(const char* name, std::size_t row, PyObject* object) {
  double number = PyFloat_AsDouble(object);
  if (number == -1.0 && PyErr_Occurred() != nullptr) {
    PyErr_Clear();
    const auto whole = py::reinterpret_steal<py::object>(PyUnicode_Check(object) ? nullptr : PyNumber_Long(object));
    if (whole) number = PyLong_AsDouble(whole.ptr());
    if (!whole || PyErr_Occurred() != nullptr) {
      PyErr_Clear();
      throw py::type_error(place(name, row) + " is no number: " + std::string(py::repr(object)));
    }
  }
  return number;
}

[[noreturn]] void refuse(const char* name, std::size_t row, const std::string& value, std::int64_t low, std::int64_t high) {
  throw_argument_error(place(name, row) + " = " + value + " is out of range " + std::to_string(low) + ".." +
                       std::to_string(high));
}

template <class Element>
bool fits(Element element, std::int64_t low, std::int64_t high) {
  if constexpr (std::is_floating_point_v<Element>) {
    return element == std::floor(element) && element >= static_cast<Element>(low) && element <= static_cast<Element>(high) &&
           std::abs(element) < static_cast<Element>(9007199254740992.0);
  } else if constexpr (std::is_same_v<Element, std::uint64_t>) {
    return element <= static_cast<std::uint64_t>(high);
  } else {
    return std::int64_t{element} >= low && std::int64_t{element} <= high;
  }
}

std::int64_t integer_of(const char* name, std::size_t row, PyObject* object, std::int64_t low, std::int64_t high) {
  const auto whole =
      py::reinterpret_steal<py::object>(PyUnicode_Check(object) || PyFloat_Check(object) ? nullptr : PyNumber_Long(object));
  if (!whole) {
    PyErr_Clear();
    throw py::type_error(place(name, row) + " is no integer: " + std::string(py::repr(object)));
  }
  int overflow = 0;
  const long long value = PyLong_AsLongLongAndOverflow(whole.ptr(), &overflow);
  if (overflow != 0 || value < low || value > high) refuse(name, row, py::repr(whole), low, high);
  return value;
}

}  // namespace

std::vector<double> read_numbers(const char* name, const py::handle& column) {
  std::vector<double> numbers;
  each_entry(
      name, wanted_column, column, [&](std::size_t count) { numbers.reserve(count); },
      [&](std::size_t, auto element) { numbers.push_back(static_cast<double>(element)); },
      [&](std::size_t row, PyObject* item) { numbers.push_back(number_of(name, row, item)); });
  return numbers;
}

std::vector<std::int64_t> read_integers(const char* name, const py::handle& column, std::int64_t low, std::int64_t high,
                                        const char* wanted) {
  std::vector<std::int64_t> integers;
  each_entry(
      name, wanted, column, [&](std::size_t count) { integers.reserve(count); },
      [&](std::size_t row, auto element) {
        if (!fits(element, low, high)) refuse(name, row, std::to_string(element), low, high);
        integers.push_back(static_cast<std::int64_t>(element));
      },
      [&](std::size_t row, PyObject* item) { integers.push_back(integer_of(name, row, item, low, high)); });
  return integers;
}

}  // namespace c104::bindings
