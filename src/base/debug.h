// SPDX-License-Identifier: GPL-3.0-or-later
// Which parts write debug lines: the bits of Python's Debug flags. Off, a line costs one relaxed load and a branch.
#pragma once

#include <atomic>
#include <cstdint>

#include "base/log.h"

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
constexpr const char* logger_of(DebugPart part) noexcept {
  switch (part) {
    case DebugPart::server: return "c104.server";
    case DebugPart::client: return "c104.client";
    case DebugPart::connection: return "c104.connection";
    case DebugPart::station: return "c104.station";
    case DebugPart::point: return "c104.point";
    case DebugPart::message: return "c104.message";
    case DebugPart::callback: return "c104.callback";
    case DebugPart::gil: return "c104.gil";
  }
  return "c104";
}

// `text` is called, and makes the line, only when the part's flag is set.
template <class Text>
void debug(DebugPart part, Text&& text) {
  if (debugging(part)) [[unlikely]] {
    log(LogLevel::debug, logger_of(part), text());
  }
}

}  // namespace c104
