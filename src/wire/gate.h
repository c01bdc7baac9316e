// SPDX-License-Identifier: GPL-3.0-or-later
// The frame gate: cuts the next APDU out of received octets and checks it before anybody interprets it. A pure
// function, a few nanoseconds a frame. Meaning (COT, addresses, values) is not judged here.
#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "wire/link.h"

namespace c104::wire {

// IEC 60870-5-104, 5: start octet, length, 4 control octets; an ASDU of at most 249 octets.
inline constexpr std::size_t apci_size = 6;
inline constexpr std::size_t asdu_header_size = 6;
inline constexpr std::size_t asdu_max_size = 249;
inline constexpr std::size_t apdu_max_size = apci_size + asdu_max_size;

// First control octet of the U formats.
namespace u_frame {
inline constexpr std::uint8_t startdt_act = 0x07, startdt_con = 0x0b, stopdt_act = 0x13, stopdt_con = 0x23, testfr_act = 0x43,
                              testfr_con = 0x83;
constexpr bool is_act(std::uint8_t function) { return (function & 0x54) != 0; }
constexpr std::uint8_t con_of(std::uint8_t act) { return static_cast<std::uint8_t>((act & 0xfc) << 1 | 0x03); }
static_assert(con_of(startdt_act) == startdt_con && con_of(stopdt_act) == stopdt_con && con_of(testfr_act) == testfr_con);
}  // namespace u_frame

struct Gated {
  Fault fault = Fault::none;
  std::uint16_t apdu_size = 0;  // 0: the APDU is not complete yet (or cannot be cut: fault)
  std::uint16_t asdu_size = 0;  // octets that the ASDU's VSQ promises; what lies behind is padding
};

// Looks at the first APDU in `octets`, as `role` receives it.
Gated gate(Role role, Bytes octets) noexcept;

inline bool is_i_frame(const std::uint8_t* apdu) { return (apdu[2] & 0x01) == 0; }
inline bool is_s_frame(const std::uint8_t* apdu) { return (apdu[2] & 0x03) == 0x01; }
inline std::uint16_t send_number(const std::uint8_t* apdu) { return static_cast<std::uint16_t>((apdu[2] | apdu[3] << 8) >> 1); }
inline std::uint16_t receive_number(const std::uint8_t* apdu) {
  return static_cast<std::uint16_t>((apdu[4] | apdu[5] << 8) >> 1);
}

}  // namespace c104::wire
