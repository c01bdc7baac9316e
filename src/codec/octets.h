// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers as they stand in an ASDU: least significant octet first.
#pragma once

#include <cstdint>

namespace c104::codec {

inline std::uint16_t get16(const std::uint8_t* in) { return static_cast<std::uint16_t>(in[0] | (in[1] << 8)); }
inline std::uint32_t get24(const std::uint8_t* in) {
  return in[0] | (std::uint32_t{in[1]} << 8) | (std::uint32_t{in[2]} << 16);
}
inline std::uint32_t get32(const std::uint8_t* in) { return get24(in) | (std::uint32_t{in[3]} << 24); }
inline std::uint32_t get_signed16(const std::uint8_t* in) {
  return static_cast<std::uint32_t>(static_cast<std::int32_t>(static_cast<std::int16_t>(get16(in))));
}
inline void put16(std::uint32_t value, std::uint8_t* out) {
  out[0] = static_cast<std::uint8_t>(value);
  out[1] = static_cast<std::uint8_t>(value >> 8);
}
inline void put24(std::uint32_t value, std::uint8_t* out) {
  put16(value, out);
  out[2] = static_cast<std::uint8_t>(value >> 16);
}
inline void put32(std::uint32_t value, std::uint8_t* out) {
  put24(value, out);
  out[3] = static_cast<std::uint8_t>(value >> 24);
}

}  // namespace c104::codec
