// SPDX-License-Identifier: GPL-3.0-or-later
// Columns of numbers between Python and C++: anything with the buffer protocol (array, memoryview, NumPy), or a sequence. No NumPy
// needed on either side.
#pragma once

#include <pybind11/pybind11.h>

#include <cstdint>
#include <vector>

namespace c104::bindings {

// Each raises TypeError for what is no column, ValueError (naming entry and range) for an entry that does not fit.
// What a column may be, for the TypeError of one that is something else.
inline constexpr auto wanted_column = "an array or a sequence of numbers";
std::vector<double> read_numbers(const char* name, const pybind11::handle& column);
std::vector<std::int64_t> read_integers(const char* name, const pybind11::handle& column, std::int64_t low, std::int64_t high,
                                        const char* wanted = wanted_column);

// A read-only memoryview over a copy of the column; `format` as in module struct.
template <class T>
pybind11::object to_view(const std::vector<T>& column, const char* format) {
  const pybind11::bytes octets(reinterpret_cast<const char*>(column.data()), column.size() * sizeof(T));
  return pybind11::memoryview(octets).attr("cast")(format);
}

}  // namespace c104::bindings
