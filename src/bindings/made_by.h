// SPDX-License-Identifier: GPL-3.0-or-later
// Classes without a constructor.
#pragma once

#include <pybind11/pybind11.h>

#include <string>

namespace c104::bindings {

// For calls of a class whose objects the package makes: the TypeError says how.
template <class T>
struct MadeBy {
  static inline std::string text;

  static void say(pybind11::handle cls, const char* how) {
    auto* type = reinterpret_cast<PyTypeObject*>(cls.ptr());
    text = "c104." + cls.attr("__name__").cast<std::string>() + " has no constructor: " + how;
    type->tp_init = [](PyObject*, PyObject*, PyObject*) {
      PyErr_SetString(PyExc_TypeError, text.c_str());
      return -1;
    };
  }
};

}  // namespace c104::bindings
