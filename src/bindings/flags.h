// SPDX-License-Identifier: GPL-3.0-or-later
// Sets of bits with names. Immutable: `q |= x` makes a new set and leaves the class member alone.
#pragma once

#include <cstdint>

namespace c104 {

enum class Quality : std::uint8_t {};
enum class BinaryCounterQuality : std::uint8_t {};
enum class TimeQuality : std::uint8_t {};
enum class StartEvents : std::uint8_t {};
enum class OutputCircuits : std::uint8_t {};
enum class PackedSingle : std::uint16_t {};
enum class Debug : std::uint8_t {};

}  // namespace c104
