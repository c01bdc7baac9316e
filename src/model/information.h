// SPDX-License-Identifier: GPL-3.0-or-later
// The value of one information object, as a small plain record (16 octets): what a point holds, what the
// codec reads and writes, and what Python's information classes are views of. No Python, no octets.
#pragma once

#include <bit>
#include <cstdint>

#include "base/enums.h"
#include "base/info_kind.h"

namespace c104 {

// A moment in UTC with the flags of CP56Time2a (IEC 60870-5-101, 7.2.6.18): IV, SU and RES1, which tells a substituted time from a
// genuine one. Flags without `present` wait for their moment.
struct TimeTag {
  static constexpr std::uint8_t invalid = 1, summer = 2, substituted = 4, present = 0x80;
  static constexpr std::uint8_t quality = invalid | summer | substituted;
  std::int64_t microseconds = 0;  // since 1970-01-01T00:00:00Z
  std::uint8_t flags = 0;
  bool has_value() const { return flags & present; }
  // CP56Time2a has two digits for the year: 2000 to 2099, in UTC.
  static constexpr std::int64_t first = 946'684'800'000'000, last = 4'102'444'799'999'999;
  static constexpr bool can_hold(std::int64_t microseconds) { return microseconds >= first && microseconds <= last; }
};

struct Information {
  InfoKind kind = InfoKind::none;
  // Octet with the quality bits at their places on the wire: OV 01, EI 08, BL 10, SB 20, NT 40, IV 80; for counters
  // CY 20, CA 40, IV 80.
  std::uint8_t quality = 0;
  // Commands: QU (0..31) or QL (0..127), without S/E. step: 1 = transient. counter: sequence number 0..31.
  std::uint8_t qualifier = 0;
  std::uint8_t time_flags = 0;  // of recorded_at, see TimeTag
  // single: 0/1; double_point, step_cmd...: 0..3; step: two's complement -64..63; bits: BSI; scaled: int16;
  // normalized, short: IEEE 754 bits; counter: int32; protection_*: low 16 bits state/events/circuits, high 16 bits CP16 ms;
  // status_changed: low 16 bits status, high 16 bits changed.
  std::uint32_t raw = 0;
  std::int64_t recorded_us = 0;

  float as_float() const { return std::bit_cast<float>(raw); }
  std::int32_t as_signed() const { return static_cast<std::int32_t>(raw); }
  std::uint16_t low() const { return static_cast<std::uint16_t>(raw); }
  std::uint16_t high() const { return static_cast<std::uint16_t>(raw >> 16); }
  static std::uint32_t pack(std::uint16_t low, std::uint16_t high) { return low | (std::uint32_t{high} << 16); }

  TimeTag recorded_at() const { return {recorded_us, time_flags}; }
  void set_recorded_at(TimeTag t) {
    recorded_us = t.microseconds;
    time_flags = t.flags;
  }
  // A time tag that nobody set is `now_us`; its flags stay.
  void complete_recorded_at(std::int64_t now_us) {
    if (recorded_at().has_value()) return;
    recorded_us = now_us;
    time_flags |= TimeTag::present;
  }
  std::uint8_t time_quality() const { return time_flags & TimeTag::quality; }
  void set_time_quality(std::uint8_t quality) {
    time_flags = static_cast<std::uint8_t>((time_flags & TimeTag::present) | (quality & TimeTag::quality));
  }
};
static_assert(sizeof(Information) == 16);

// The wire has CY (carry) at 0x20 and CA (adjusted) at 0x40, users the other way round (class BinaryCounterQuality).
constexpr std::uint8_t swap_counter_bits(std::uint8_t q) {
  return static_cast<std::uint8_t>((q & 0x9F) | ((q & 0x20) << 1) | ((q & 0x40) >> 1));
}
// Quality bits as users see them, and back; of a kind that has a quality.
constexpr std::uint8_t user_quality(const Information& info) {
  return info.kind == InfoKind::counter ? swap_counter_bits(info.quality) : info.quality;
}
constexpr std::uint8_t wire_quality(InfoKind kind, std::uint8_t quality) {
  return kind == InfoKind::counter ? swap_counter_bits(quality) & 0xE0 : quality;
}

}  // namespace c104
