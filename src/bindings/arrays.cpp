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

bool has_buffer(const py::handle& column) { return PyObject_CheckBuffer(column.ptr()) != 0; }

py::object as_sequence(const char* name, const py::handle& column) {
  PyObject* fast = PyUnicode_Check(column.ptr()) ? nullptr : PySequence_Fast(column.ptr(), "");
  if (fast == nullptr) {
    PyErr_Clear();
    throw py::type_error(std::string(name) + " must be an array or a sequence of numbers, not " +
                         Py_TYPE(column.ptr())->tp_name);
  }
  return py::reinterpret_steal<py::object>(fast);
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

}  // namespace

std::vector<double> read_numbers(const char* name, const py::handle& column) {
  std::vector<double> numbers;
  if (has_buffer(column)) {
    const py::buffer_info buffer = py::reinterpret_borrow<py::buffer>(column).request();
    numbers.reserve(static_cast<std::size_t>(buffer.size));
    each_element(name, buffer, [&](std::size_t, auto element) { numbers.push_back(static_cast<double>(element)); });
    return numbers;
  }
  const py::object sequence = as_sequence(name, column);
  const auto count = static_cast<std::size_t>(PySequence_Fast_GET_SIZE(sequence.ptr()));
  numbers.reserve(count);
  for (std::size_t row = 0; row < static_cast<std::size_t>(PySequence_Fast_GET_SIZE(sequence.ptr())); ++row) {
    const auto item =
        py::reinterpret_borrow<py::object>(PySequence_Fast_GET_ITEM(sequence.ptr(), static_cast<py::ssize_t>(row)));
    numbers.push_back(number_of(name, row, item.ptr()));
  }
  return numbers;
}

std::vector<std::int64_t> read_integers(const char* name, const py::handle& column, std::int64_t low, std::int64_t high) {
  std::vector<std::int64_t> integers;
  if (has_buffer(column)) {
    const py::buffer_info buffer = py::reinterpret_borrow<py::buffer>(column).request();
    integers.reserve(static_cast<std::size_t>(buffer.size));
    each_element(name, buffer, [&](std::size_t row, auto element) {
      using Element = decltype(element);
      bool fits;
      if constexpr (std::is_floating_point_v<Element>) {
        fits = element == std::floor(element) && element >= static_cast<Element>(low) &&
               element <= static_cast<Element>(high) && std::abs(element) < static_cast<Element>(9007199254740992.0);
      } else if constexpr (std::is_same_v<Element, std::uint64_t>) {
        fits = element <= static_cast<std::uint64_t>(high);
      } else {
        fits = std::int64_t{element} >= low && std::int64_t{element} <= high;
      }
      if (!fits) refuse(name, row, std::to_string(element), low, high);
      integers.push_back(static_cast<std::int64_t>(element));
    });
    return integers;
  }
  const py::object sequence = as_sequence(name, column);
  for (std::size_t row = 0; row < static_cast<std::size_t>(PySequence_Fast_GET_SIZE(sequence.ptr())); ++row) {
    const auto item =
        py::reinterpret_borrow<py::object>(PySequence_Fast_GET_ITEM(sequence.ptr(), static_cast<py::ssize_t>(row)));
    const auto whole = py::reinterpret_steal<py::object>(
        PyUnicode_Check(item.ptr()) || PyFloat_Check(item.ptr()) ? nullptr : PyNumber_Long(item.ptr()));
    if (!whole) {
      PyErr_Clear();
      throw py::type_error(place(name, row) + " is no integer: " + std::string(py::repr(item)));
    }
    int overflow = 0;
    const long long value = PyLong_AsLongLongAndOverflow(whole.ptr(), &overflow);
    if (overflow != 0 || value < low || value > high) refuse(name, row, py::repr(whole), low, high);
    integers.push_back(value);
  }
  return integers;
}

}  // namespace c104::bindings
