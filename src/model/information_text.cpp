// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/information_text.h"

#include <chrono>
#include <cstdio>

namespace c104 {
namespace {

using K = InfoKind;

std::string value_text(const Information& info) {
  char text[32];
  switch (info.kind) {
    case K::single:
    case K::single_cmd: return info.raw ? "on" : "off";
    case K::double_point:
    case K::double_cmd:
    case K::step_cmd:
    case K::protection_event: return "state " + std::to_string(info.low() & 0x03);
    case K::step: return std::to_string(info.as_signed()) + (info.qualifier ? " transient" : "");
    case K::normalized:
    case K::short_float:
    case K::normalized_cmd:
    case K::short_cmd: std::snprintf(text, sizeof text, "%g", static_cast<double>(info.as_float())); return text;
    case K::scaled:
    case K::counter:
    case K::scaled_cmd: return std::to_string(info.as_signed());
    default: std::snprintf(text, sizeof text, "0x%08X", static_cast<unsigned>(info.raw)); return text;
  }
}

std::string quality_text(const Information& info) {
  static constexpr struct {
    std::uint8_t bit;
    const char *name, *of_counter;
  } bits[] = {{0x80, "IV", "IV"}, {0x40, "NT", "CA"}, {0x20, "SB", "CY"}, {0x10, "BL", ""}, {0x08, "EI", ""}, {0x01, "OV", ""}};
  std::string text;
  for (const auto& [bit, name, of_counter] : bits) {
    if (info.quality & bit) text += std::string(" ") + (info.kind == K::counter ? of_counter : name);
  }
  return text.empty() ? " good" : text;
}

std::string time_text(const Information& info) {
  using namespace std::chrono;
  const sys_time<microseconds> at{microseconds{info.recorded_us}};
  const auto day = floor<days>(at);
  const year_month_day date{day};
  const hh_mm_ss time{floor<milliseconds>(at - day)};
  char text[64];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ%s%s%s", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), static_cast<int>(time.hours().count()),
                static_cast<int>(time.minutes().count()), static_cast<int>(time.seconds().count()),
                static_cast<int>(time.subseconds().count()), info.time_flags & TimeTag::invalid ? " IV" : "",
                info.time_flags & TimeTag::summer ? " SU" : "", info.time_flags & TimeTag::substituted ? " substituted" : "");
  return text;
}

}  // namespace

std::string describe(const Information& info) {
  std::string text = value_text(info);
  if (is_command(info.kind)) {
    text += ", qualifier " + std::to_string(info.qualifier);
  } else {
    text += ", quality" + quality_text(info);
  }
  if (info.recorded_at().has_value()) text += ", recorded " + time_text(info);
  return text;
}

}  // namespace c104
