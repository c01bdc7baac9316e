// SPDX-License-Identifier: GPL-3.0-or-later
// One function per binding file; module.cpp calls them in dependency order.
#pragma once

#include <pybind11/pybind11.h>

#include "bindings/argument.h"

namespace c104::bindings {

void register_errors(pybind11::module_& m);       // errors.cpp: exceptions of two kinds
void register_enums(pybind11::module_& m);        // enums.cpp: every enumeration
void register_tls_ciphers(pybind11::module_& m);  // tls_ciphers.cpp
void register_flags(pybind11::module_& m);        // flags.cpp: Quality, Debug, ... and the set_debug functions
void register_numbers(pybind11::module_& m);      // numbers.cpp: Int7, UInt5, NormalizedFloat, Byte32 ...
void register_information(pybind11::module_& m);  // information.cpp: Information and its 19 subclasses
void register_explain(pybind11::module_& m);      // explain.cpp: explain_bytes, explain_bytes_dict
void register_session(pybind11::module_& m);      // session.cpp: Client, Server, Connection, Station, Point, Batch, messages
void register_guards(pybind11::module_& m);     // guards.cpp: objects without a value, pickle
void register_docs(pybind11::module_& m);         // docs.cpp: the docstrings of all, from the stub

}  // namespace c104::bindings
