// SPDX-License-Identifier: GPL-3.0-or-later
#include "codec/elements.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "codec/octets.h"

namespace c104::codec {
namespace {

constexpr std::uint8_t type_without_quality = 21;  // M_ME_ND_1
constexpr std::uint8_t select_bit = 0x80;

// NVA: a fraction of 2^15. 1.0 itself can't be said and goes out as the nearest, 32767/32768.
std::uint32_t get_normalized(const std::uint8_t* in) {
  return std::bit_cast<std::uint32_t>(static_cast<float>(static_cast<std::int16_t>(get16(in))) / 32768.0f);
}
void put_normalized(float value, std::uint8_t* out) {
  const float scaled = std::clamp(std::isnan(value) ? 0.0f : value * 32768.0f, -32768.0f, 32767.0f);
  put16(static_cast<std::uint32_t>(std::lround(scaled)), out);
}

}  // namespace

std::size_t read_element(const TypeInfo& type, const std::uint8_t* in, Information& info, bool& select) noexcept {
  switch (type.kind) {
    case InfoKind::single:
      info.raw = in[0] & 0x01;
      info.quality = in[0] & 0xF0;
      return 1;
    case InfoKind::double_point:
      info.raw = in[0] & 0x03;
      info.quality = in[0] & 0xF0;
      return 1;
    case InfoKind::step: {
      const int position = in[0] & 0x7F;  // seven bits, two's complement
      info.raw = static_cast<std::uint32_t>(position >= 64 ? position - 128 : position);
      info.qualifier = in[0] >> 7;
      info.quality = in[1] & 0xF1;
      return 2;
    }
    case InfoKind::bits:
      info.raw = get32(in);
      info.quality = in[4] & 0xF1;
      return 5;
    case InfoKind::normalized:
      info.raw = get_normalized(in);
      if (type.id == type_without_quality) return 2;
      info.quality = in[2] & 0xF1;
      return 3;
    case InfoKind::scaled:
      info.raw = get_signed16(in);
      info.quality = in[2] & 0xF1;
      return 3;
    case InfoKind::short_float:
      info.raw = get32(in);
      info.quality = in[4] & 0xF1;
      return 5;
    case InfoKind::counter:
      info.raw = get32(in);
      info.qualifier = in[4] & 0x1F;
      info.quality = in[4] & 0xE0;
      return 5;
    case InfoKind::protection_event:
      info.raw = Information::pack(in[0] & 0x03, get16(in + 1));
      info.quality = in[0] & 0xF8;
      return 3;
    case InfoKind::protection_start:
      info.raw = Information::pack(in[0] & 0x3F, get16(in + 2));
      info.quality = in[1] & 0xF8;
      return 4;
    case InfoKind::protection_circuit:
      info.raw = Information::pack(in[0] & 0x0F, get16(in + 2));
      info.quality = in[1] & 0xF8;
      return 4;
    case InfoKind::status_changed:
      info.raw = get32(in);
      info.quality = in[4] & 0xF1;
      return 5;
    case InfoKind::single_cmd:
      info.raw = in[0] & 0x01;
      info.qualifier = (in[0] >> 2) & 0x1F;
      select = in[0] & select_bit;
      return 1;
    case InfoKind::double_cmd:
    case InfoKind::step_cmd:
      info.raw = in[0] & 0x03;
      info.qualifier = (in[0] >> 2) & 0x1F;
      select = in[0] & select_bit;
      return 1;
    case InfoKind::normalized_cmd:
    case InfoKind::scaled_cmd:
      info.raw = type.kind == InfoKind::normalized_cmd ? get_normalized(in) : get_signed16(in);
      info.qualifier = in[2] & 0x7F;
      select = in[2] & select_bit;
      return 3;
    case InfoKind::short_cmd:
      info.raw = get32(in);
      info.qualifier = in[4] & 0x7F;
      select = in[4] & select_bit;
      return 5;
    case InfoKind::bits_cmd: info.raw = get32(in); return 4;
    case InfoKind::none: break;
  }
  return 0;
}

std::size_t write_element(const TypeInfo& type, const Information& info, bool select, std::uint8_t* out) noexcept {
  const auto select_mask = static_cast<std::uint8_t>(select ? select_bit : 0);
  switch (type.kind) {
    case InfoKind::single: out[0] = static_cast<std::uint8_t>((info.raw & 0x01) | (info.quality & 0xF0)); return 1;
    case InfoKind::double_point: out[0] = static_cast<std::uint8_t>((info.raw & 0x03) | (info.quality & 0xF0)); return 1;
    case InfoKind::step:
      out[0] = static_cast<std::uint8_t>((info.raw & 0x7F) | (info.qualifier << 7));
      out[1] = info.quality & 0xF1;
      return 2;
    case InfoKind::normalized:
      put_normalized(info.as_float(), out);
      if (type.id == type_without_quality) return 2;
      out[2] = info.quality & 0xF1;
      return 3;
    case InfoKind::scaled:
      put16(info.raw, out);
      out[2] = info.quality & 0xF1;
      return 3;
    case InfoKind::bits:
    case InfoKind::short_float:
    case InfoKind::status_changed:
      put32(info.raw, out);
      out[4] = info.quality & 0xF1;
      return 5;
    case InfoKind::counter:
      put32(info.raw, out);
      out[4] = static_cast<std::uint8_t>((info.qualifier & 0x1F) | (info.quality & 0xE0));
      return 5;
    case InfoKind::protection_event:
      out[0] = static_cast<std::uint8_t>((info.low() & 0x03) | (info.quality & 0xF8));
      put16(info.high(), out + 1);
      return 3;
    case InfoKind::protection_start:
    case InfoKind::protection_circuit:
      out[0] = static_cast<std::uint8_t>(info.low() & (type.kind == InfoKind::protection_start ? 0x3F : 0x0F));
      out[1] = info.quality & 0xF8;
      put16(info.high(), out + 2);
      return 4;
    case InfoKind::single_cmd:
      out[0] = static_cast<std::uint8_t>((info.raw & 0x01) | ((info.qualifier & 0x1F) << 2) | select_mask);
      return 1;
    case InfoKind::double_cmd:
    case InfoKind::step_cmd:
      out[0] = static_cast<std::uint8_t>((info.raw & 0x03) | ((info.qualifier & 0x1F) << 2) | select_mask);
      return 1;
    case InfoKind::normalized_cmd:
    case InfoKind::scaled_cmd:
      type.kind == InfoKind::normalized_cmd ? put_normalized(info.as_float(), out) : put16(info.raw, out);
      out[2] = static_cast<std::uint8_t>((info.qualifier & 0x7F) | select_mask);
      return 3;
    case InfoKind::short_cmd:
      put32(info.raw, out);
      out[4] = static_cast<std::uint8_t>((info.qualifier & 0x7F) | select_mask);
      return 5;
    case InfoKind::bits_cmd: put32(info.raw, out); return 4;
    case InfoKind::none: break;
  }
  return 0;
}

}  // namespace c104::codec
