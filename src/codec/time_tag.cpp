// SPDX-License-Identifier: GPL-3.0-or-later
#include "codec/time_tag.h"

#include <chrono>

#include "codec/octets.h"

namespace c104::codec {
namespace {

constexpr std::int64_t us_per_minute = 60'000'000;
constexpr std::int64_t us_per_hour = 60 * us_per_minute;
constexpr std::int64_t us_per_day = 24 * us_per_hour;

std::int64_t floor_to(std::int64_t value, std::int64_t unit) { return value - (((value % unit) + unit) % unit); }

}  // namespace

TimeTag read_cp24(const std::uint8_t* in, std::int64_t reference) noexcept {
  const std::int64_t in_hour = std::int64_t{in[2] & 0x3F} * us_per_minute + std::int64_t{get16(in)} * 1000;
  std::int64_t at = floor_to(reference, us_per_hour) + in_hour;
  if (at - reference > us_per_hour / 2) at -= us_per_hour;
  if (reference - at > us_per_hour / 2) at += us_per_hour;
  TimeTag tag{at, TimeTag::present};
  if (in[2] & 0x80) tag.flags |= TimeTag::invalid;
  if (in[2] & 0x40) tag.flags |= TimeTag::substituted;
  return tag;
}

void write_cp24(TimeTag t, std::uint8_t* out) noexcept {
  const std::int64_t in_hour = t.microseconds - floor_to(t.microseconds, us_per_hour);
  put16(static_cast<std::uint32_t>(in_hour % us_per_minute / 1000), out);
  out[2] = static_cast<std::uint8_t>(in_hour / us_per_minute);
  if (t.flags & TimeTag::invalid) out[2] |= 0x80;
  if (t.flags & TimeTag::substituted) out[2] |= 0x40;
}

void write_cp56(TimeTag t, std::uint8_t* out) noexcept {
  using namespace std::chrono;
  const std::int64_t midnight = floor_to(t.microseconds, us_per_day);
  const std::int64_t in_day = t.microseconds - midnight;
  const year_month_day date{sys_days{days{midnight / us_per_day}}};
  put16(static_cast<std::uint32_t>(in_day % us_per_minute / 1000), out);
  out[2] = static_cast<std::uint8_t>(in_day / us_per_minute % 60);
  if (t.flags & TimeTag::invalid) out[2] |= 0x80;
  if (t.flags & TimeTag::substituted) out[2] |= 0x40;
  out[3] = static_cast<std::uint8_t>(in_day / us_per_hour);
  if (t.flags & TimeTag::summer) out[3] |= 0x80;
  out[4] = static_cast<std::uint8_t>(static_cast<unsigned>(date.day()));  // day of week 0: not used
  out[5] = static_cast<std::uint8_t>(static_cast<unsigned>(date.month()));
  out[6] = static_cast<std::uint8_t>(static_cast<unsigned>(static_cast<int>(date.year())) % 100);
}

TimeTag read_cp56(const std::uint8_t* in) noexcept {
  using namespace std::chrono;
  // Always this century, as lib60870 reads it. Values out of range (month 0, day 31 of February) run over into the next or the
  // previous month: the tag's own IV bit tells whether to trust it.
  const int months = (2000 + (in[6] & 0x7F)) * 12 + (in[5] & 0x0F) - 1;
  const sys_days first{year{months / 12} / month{static_cast<unsigned>(months % 12 + 1)} / day{1}};
  const std::int64_t days_since_epoch = first.time_since_epoch().count() + (in[4] & 0x1F) - 1;
  TimeTag tag;
  tag.microseconds = days_since_epoch * us_per_day + std::int64_t{in[3] & 0x1F} * us_per_hour +
                     std::int64_t{in[2] & 0x3F} * us_per_minute + std::int64_t{get16(in)} * 1000;
  tag.flags = TimeTag::present;
  if (in[2] & 0x80) tag.flags |= TimeTag::invalid;
  if (in[2] & 0x40) tag.flags |= TimeTag::substituted;
  if (in[3] & 0x80) tag.flags |= TimeTag::summer;
  return tag;
}

}  // namespace c104::codec
