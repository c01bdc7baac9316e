// SPDX-License-Identifier: GPL-3.0-or-later
// Sets of bits with names. Immutable: `q |= x` makes a new set and leaves the class member alone.
#pragma once

#include <cstdint>

namespace c104 {

enum class Quality : std::uint8_t {};
enum class BinaryCounterQuality : std::uint8_t {};
enum class StartEvents : std::uint8_t {};
enum class OutputCircuits : std::uint8_t {};
enum class PackedSingle : std::uint16_t {};
enum class Debug : std::uint8_t {};

namespace bindings {

// The wire has CY (carry) at 0x20 and CA (adjusted) at 0x40, the Python class the other way round.
constexpr std::uint8_t swap_counter_bits(std::uint8_t q) {
  return static_cast<std::uint8_t>((q & 0x9F) | ((q & 0x20) << 1) | ((q & 0x40) >> 1));
}

}  // namespace bindings
}  // namespace c104
