// SPDX-License-Identifier: GPL-3.0-or-later
// The two clocks: the wall clock for time tags, the monotonic one for everything that waits.
#pragma once

#include <chrono>
#include <cstdint>

namespace c104 {

// Microseconds since 1970-01-01T00:00:00Z.
inline std::int64_t wall_us() noexcept {
  using namespace std::chrono;
  return duration_cast<microseconds>(system_clock::now().time_since_epoch()).count();
}

using Monotonic = std::chrono::steady_clock;

}  // namespace c104
