// SPDX-License-Identifier: GPL-3.0-or-later
// Which parts write debug lines: the bits of Python's Debug flags.
#pragma once

#include <atomic>
#include <cstdint>

namespace c104 {

enum class DebugPart : std::uint8_t {
  server = 0x01,
  client = 0x02,
  connection = 0x04,
  station = 0x08,
  point = 0x10,
  message = 0x20,
  callback = 0x40,
  gil = 0x80,
};

inline std::atomic<std::uint8_t>& debug_mask() noexcept {
  static std::atomic<std::uint8_t> mask{0};
  return mask;
}
inline bool debugging(DebugPart part) noexcept {
  return (debug_mask().load(std::memory_order_relaxed) & static_cast<std::uint8_t>(part)) != 0;
}

}  // namespace c104
