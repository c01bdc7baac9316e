// SPDX-License-Identifier: GPL-3.0-or-later
// The clock of lib60870's timers. Both Hal clocks return the monotonic time, read once per turn of
// the I/O loop: lib60870 stamps sent I-frames with one clock and compares with the other
// (cs104_connection.c:293 and 1397), so with two different clocks t1 would never fire, and a step of
// the wall clock would drop links.
#pragma once

#include <cstdint>

namespace c104::hal {

// Milliseconds of the monotonic clock, read now.
std::uint64_t monotonic_ms() noexcept;

// Fixes what lib60870 sees as "now" on this thread until the next call.
void set_turn_clock(std::uint64_t monotonic_ms) noexcept;
// What was fixed last on this thread; the time now if nothing was.
std::uint64_t turn_clock() noexcept;

}  // namespace c104::hal
