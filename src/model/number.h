// SPDX-License-Identifier: GPL-3.0-or-later
// The value of an information object as a plain number, and back: what arrays hold. Each of them fits a double exactly.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>

#include "model/information.h"

namespace c104 {

// What a number may be for a kind of value; `whole`: without a fraction.
struct NumberRange {
  double low, high;
  bool whole;
};

constexpr double greatest_short_float = static_cast<double>(std::numeric_limits<float>::max());

// NaN and infinity have octets of their own; a number beyond the greatest would become infinity.
inline bool fits_short_float(double number) noexcept {
  return !std::isfinite(number) || std::isfinite(static_cast<float>(number));
}

constexpr NumberRange number_range(InfoKind kind) noexcept {
  switch (kind) {
    case InfoKind::single:
    case InfoKind::single_cmd: return {0, 1, true};
    case InfoKind::double_point:
    case InfoKind::double_cmd:
    case InfoKind::step_cmd:
    case InfoKind::protection_event: return {0, 3, true};
    case InfoKind::step: return {-64, 63, true};
    case InfoKind::bits:
    case InfoKind::bits_cmd: return {0, 4294967295.0, true};
    case InfoKind::normalized:
    case InfoKind::normalized_cmd: return {-1, 1, false};
    case InfoKind::scaled:
    case InfoKind::scaled_cmd: return {-32768, 32767, true};
    case InfoKind::counter: return {-2147483648.0, 2147483647.0, true};
    case InfoKind::protection_start:
    case InfoKind::protection_circuit: return {0, 255, true};
    case InfoKind::status_changed: return {0, 65535, true};
    case InfoKind::short_float:
    case InfoKind::short_cmd: return {-greatest_short_float, greatest_short_float, false};
    case InfoKind::none: break;
  }
  return {-INFINITY, INFINITY, false};
}

inline double to_number(const Information& info) noexcept {
  switch (info.kind) {
    case InfoKind::normalized:
    case InfoKind::normalized_cmd:
    case InfoKind::short_float:
    case InfoKind::short_cmd: return static_cast<double>(info.as_float());
    case InfoKind::step:
    case InfoKind::scaled:
    case InfoKind::scaled_cmd:
    case InfoKind::counter: return info.as_signed();
    case InfoKind::protection_event:
    case InfoKind::protection_start:
    case InfoKind::protection_circuit:
    case InfoKind::status_changed: return info.low();
    default: return info.raw;
  }
}

// `current` with another value; what goes along with it (changes, operating times) stays. Nothing when the number is no value of
// the kind.
inline std::optional<Information> with_number(Information current, double number) noexcept {
  const NumberRange range = number_range(current.kind);
  const bool is_float = current.kind == InfoKind::short_float || current.kind == InfoKind::short_cmd;
  if (is_float && !fits_short_float(number)) return std::nullopt;
  if (!is_float && !(number >= range.low && number <= range.high)) return std::nullopt;  // NaN too
  if (range.whole && number != std::floor(number)) return std::nullopt;
  switch (current.kind) {
    case InfoKind::normalized:
    case InfoKind::normalized_cmd:
    case InfoKind::short_float:
    case InfoKind::short_cmd: current.raw = std::bit_cast<std::uint32_t>(static_cast<float>(number)); break;
    case InfoKind::protection_event:
    case InfoKind::protection_start:
    case InfoKind::protection_circuit:
    case InfoKind::status_changed: current.raw = Information::pack(static_cast<std::uint16_t>(number), current.high()); break;
    default: current.raw = static_cast<std::uint32_t>(static_cast<std::int64_t>(number)); break;
  }
  return current;
}

}  // namespace c104
