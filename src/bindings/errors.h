// SPDX-License-Identifier: GPL-3.0-or-later
// Exceptions that are two things at once: what c104 2.2 documents, and what it raises. Code that catches either goes on.
#pragma once

#include <pybind11/pybind11.h>

#include <string>

namespace c104::bindings {

void register_errors(pybind11::module_& m);

// IndexError and ValueError: a number out of its type's range.
[[noreturn]] void throw_range_error(const std::string& message);
// TypeError and ValueError: an argument that no value of the parameter's type fits.
[[noreturn]] void throw_argument_error(const std::string& message);

// `value` as an integer in low..high, else the argument error (numbers) or TypeError (anything else) with name, value and range.
long long checked_integer(const char* name, const pybind11::handle& value, long long low, long long high,
                          const char* unit = "");

}  // namespace c104::bindings
