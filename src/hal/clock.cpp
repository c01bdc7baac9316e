// SPDX-License-Identifier: GPL-3.0-or-later
#include "hal/clock.h"

#include <chrono>

namespace c104::hal {
namespace {
// Per thread: a Client's loop and a Server's loop each have their own turn.
thread_local std::uint64_t turn_ms = 0;
}  // namespace

std::uint64_t monotonic_ms() noexcept {
  using namespace std::chrono;
  return static_cast<std::uint64_t>(duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count());
}

void set_turn_clock(std::uint64_t monotonic_ms) noexcept { turn_ms = monotonic_ms; }

std::uint64_t turn_clock() noexcept { return turn_ms != 0 ? turn_ms : monotonic_ms(); }

}  // namespace c104::hal
