// SPDX-License-Identifier: GPL-3.0-or-later
// The extension module: registers everything in the order in which it needs each other. No side effect beyond that.
// Main interpreter only: threads of ours call Python as threads of that one. In another one pybind11 would wait for ever for a lock
// that its thread has, so that has to be found out before it begins.
#include <pybind11/pybind11.h>

#include "bindings/register.h"

PYBIND11_MODULE(_core_of_main, m) {
  using namespace c104::bindings;
  m.doc() = "IEC 60870-5-104, compiled part of the package c104.";
  m.attr("__version__") = C104_VERSION;
  m.attr("__lib60870_version__") = C104_LIB60870_VERSION;
  m.attr("__mbedtls_version__") = C104_MBEDTLS_VERSION;
  register_errors(m);
  register_enums(m);
  register_flags(m);
  register_numbers(m);
  register_information(m);
  register_explain(m);
  register_session(m);
  register_guards(m);
  register_docs(m);
}

// NOLINTBEGIN(bugprone-reserved-identifier): the name that Python looks for
extern "C" PYBIND11_EXPORT PyObject* PyInit__core();

extern "C" PYBIND11_EXPORT PyObject* PyInit__core() {
  if (PyInterpreterState_Get() != PyInterpreterState_Main()) {
    PyErr_SetString(PyExc_ImportError, "c104 can't be used in a subinterpreter: import it in the main interpreter");
    return nullptr;
  }
  return PyInit__core_of_main();
}
// NOLINTEND(bugprone-reserved-identifier)
