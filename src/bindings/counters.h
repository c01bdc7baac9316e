// SPDX-License-Identifier: GPL-3.0-or-later
// Counters as the dicts that Python reads.
#pragma once

#include <pybind11/pybind11.h>

#include <cstdint>
#include <initializer_list>
#include <utility>

#include "session/traffic.h"

namespace c104::bindings {

using Named = std::initializer_list<std::pair<const char*, std::uint64_t>>;
pybind11::dict named(Named numbers);

// What connections of a Client, of a Server and all connections of a Server have in common; `timeouts`: besides t0 and t1.
pybind11::dict counters_of(const Traffic& traffic, Named timeouts);

}  // namespace c104::bindings
