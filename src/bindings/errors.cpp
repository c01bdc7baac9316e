// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/errors.h"

namespace py = pybind11;

namespace c104::bindings {
namespace {

PyObject* range_error = nullptr;     // owned by the module
PyObject* argument_error = nullptr;

PyObject* make(py::module_& m, const char* name, const char* doc, PyObject* documented, PyObject* actual) {
  const py::tuple bases = py::make_tuple(py::handle(documented), py::handle(actual));
  const std::string qualified = std::string("c104.") + name;
  PyObject* made = PyErr_NewExceptionWithDoc(qualified.c_str(), doc, bases.ptr(), nullptr);
  if (made == nullptr) throw py::error_already_set();
  m.attr(name) = py::reinterpret_borrow<py::object>(made);
  return made;
}

[[noreturn]] void raise(PyObject* type, const std::string& message) {
  PyErr_SetString(type, message.c_str());
  throw py::error_already_set();
}

}  // namespace

void register_errors(py::module_& m) {
  range_error = make(m, "_RangeError", "A number out of its type's range: an IndexError and a ValueError.", PyExc_IndexError,
                     PyExc_ValueError);
  argument_error = make(m, "_ArgumentError", "An argument that does not fit its parameter: a TypeError and a ValueError.",
                        PyExc_TypeError, PyExc_ValueError);
}

void throw_range_error(const std::string& message) { raise(range_error, message); }
void throw_argument_error(const std::string& message) { raise(argument_error, message); }

long long checked_integer(const char* name, const py::handle& value, long long low, long long high, const char* unit) {
  if (!PyIndex_Check(value.ptr())) {
    throw py::type_error(std::string(name) + " must be an int, not " + Py_TYPE(value.ptr())->tp_name);
  }
  const auto index = py::reinterpret_steal<py::object>(PyNumber_Index(value.ptr()));
  if (!index) throw py::error_already_set();
  int overflow = 0;
  const long long number = PyLong_AsLongLongAndOverflow(index.ptr(), &overflow);
  if (overflow != 0 || number < low || number > high) {
    throw_argument_error(std::string(name) + " " + std::string(py::str(index)) + " is out of range " + std::to_string(low) +
                         ".." + std::to_string(high) + unit);
  }
  return number;
}

}  // namespace c104::bindings
