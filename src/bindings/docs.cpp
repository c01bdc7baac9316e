// SPDX-License-Identifier: GPL-3.0-or-later
// Puts the docstrings of python/c104/__init__.pyi into the module, so that help() and editors say the same.
#include <pybind11/pybind11.h>

#include <cstdlib>
#include <cstring>

#include "bindings/register.h"

namespace py = pybind11;

namespace c104::bindings {
namespace {

struct Row {
  const char* name;  // "Client", "Client.start" or "explain_bytes"
  const char* text;
};

constexpr Row table[] = {
#include "docstrings.inc"  // made by tools/docstrings.py
};

// A function's text is where pybind11 has put its own, and is freed as that is.
void document_function(PyObject* function, const char* text) {
  PyMethodDef* definition = reinterpret_cast<PyCFunctionObject*>(function)->m_ml;
  std::free(const_cast<char*>(definition->ml_doc));
  const std::size_t size = std::strlen(text) + 1;
  definition->ml_doc = static_cast<char*>(std::memcpy(std::malloc(size), text, size));
}

void document(const py::object& object, const char* text) {
  PyObject* raw = object.ptr();
  if (PyInstanceMethod_Check(raw)) raw = PyInstanceMethod_GET_FUNCTION(raw);
  if (PyCFunction_Check(raw)) {
    document_function(raw, text);
  } else if (PyType_Check(raw)) {
    // Not through the metaclass: for enumerations that would ask pybind11's own text, which can't be set.
    if (PyType_Type.tp_setattro(raw, py::str("__doc__").ptr(), py::str(text).ptr()) != 0) throw py::error_already_set();
  } else if (py::isinstance(object, py::handle(reinterpret_cast<PyObject*>(&PyProperty_Type)))) {
    py::setattr(object, "__doc__", py::str(text));
  }  // else: the __init__ of a class that Python can't make is object's
}

}  // namespace

void register_docs(py::module_& m) {
  py::object members;  // of the class whose rows these are: a class stands before its members
  for (const auto& [name, text] : table) {
    const char* dot = std::strchr(name, '.');
    if (dot == nullptr) {
      const py::object named = m.attr(name);
      document(named, text);
      members = py::getattr(named, "__dict__", py::none());
    } else {
      // Of the class itself: what it inherits is described where it comes from.
      const py::str member(dot + 1);
      if (members.contains(member)) document(members[member], text);
    }
  }
}

}  // namespace c104::bindings
