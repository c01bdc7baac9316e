// SPDX-License-Identifier: GPL-3.0-or-later
// The extension module: registers everything in the order in which it needs each other. No side effect beyond that.
#include <pybind11/pybind11.h>

#include "bindings/register.h"

PYBIND11_MODULE(_core, m) {
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
  register_docs(m);
}
