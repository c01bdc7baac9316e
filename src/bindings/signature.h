// SPDX-License-Identifier: GPL-3.0-or-later
// What a callback must look like, checked when it is registered. Compared are meanings, not texts: names and order of the
// parameters without defaults, and the objects that the annotations stand for.
#pragma once

#include <pybind11/pybind11.h>

#include <string>
#include <vector>

namespace c104::bindings {

// Types are written as users write them: "int", "bytes", "datetime.datetime", "c104.Client", "None".
struct Parameter {
  const char* name;
  const char* type;
};
struct Signature {
  const char* name;  // "on_new_station"
  std::vector<Parameter> parameters;
  const char* returns;
};

// The module in which "c104.Client" is looked up; once.
void set_type_module(const pybind11::module_& module);

// Ready to paste: "def callback(client: c104.Client, ...) -> None: ..."
std::string definition(const Signature& signature);

// Throws TypeError for what is not callable, ValueError for a coroutine function and for another signature.
void check_signature(const Signature& signature, const pybind11::object& callable);

}  // namespace c104::bindings
