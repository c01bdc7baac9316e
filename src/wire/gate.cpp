// SPDX-License-Identifier: GPL-3.0-or-later
#include "wire/gate.h"

#include <array>
#include <iterator>

namespace c104::wire {
namespace {

// What a TypeID says about the length of its ASDU.
struct Layout {
  std::uint8_t element = 0;       // octets of one element, time tag included, IOA not
  bool known = false;             // unknown TypeIDs pass: the session answers them with COT 44
  bool sequence = false;          // SQ=1 is taken
  bool segment = false;           // F_SG_NA_1: the last octet of the element tells how many follow
};

constexpr std::array<Layout, 256> make_layouts() {
  std::array<Layout, 256> t{};
  const auto set = [&t](int id, int element, bool sequence) {
    t[static_cast<std::size_t>(id)] = {static_cast<std::uint8_t>(element), true, sequence, false};
  };
  constexpr int cp16 = 2, cp24 = 3, cp56 = 7;
  // Monitor direction, 1-21 and 30-40. The standard has SQ=1 for the types without time tag only; devices use it with
  // one too, and the layout is as clear there, so it is taken.
  constexpr bool sq = true;
  set(1, 1, sq), set(2, 1 + cp24, sq);      // M_SP_NA_1, M_SP_TA_1
  set(3, 1, sq), set(4, 1 + cp24, sq);      // M_DP
  set(5, 2, sq), set(6, 2 + cp24, sq);      // M_ST
  set(7, 5, sq), set(8, 5 + cp24, sq);      // M_BO
  set(9, 3, sq), set(10, 3 + cp24, sq);     // M_ME_NA_1, M_ME_TA_1
  set(11, 3, sq), set(12, 3 + cp24, sq);    // M_ME_NB_1, M_ME_TB_1
  set(13, 5, sq), set(14, 5 + cp24, sq);    // M_ME_NC_1, M_ME_TC_1
  set(15, 5, sq), set(16, 5 + cp24, sq);    // M_IT
  set(17, 1 + cp16 + cp24, sq);             // M_EP_TA_1
  set(18, 2 + cp16 + cp24, sq);             // M_EP_TB_1
  set(19, 2 + cp16 + cp24, sq);             // M_EP_TC_1
  set(20, 5, sq), set(21, 2, sq);           // M_PS_NA_1, M_ME_ND_1
  set(30, 1 + cp56, sq), set(31, 1 + cp56, sq), set(32, 2 + cp56, sq), set(33, 5 + cp56, sq);   // M_SP .. M_BO_TB_1
  set(34, 3 + cp56, sq), set(35, 3 + cp56, sq), set(36, 5 + cp56, sq), set(37, 5 + cp56, sq);   // M_ME_TD .. M_IT_TB_1
  set(38, 1 + cp16 + cp56, sq), set(39, 2 + cp16 + cp56, sq), set(40, 2 + cp16 + cp56, sq);     // M_EP_TD .. TF_1
  // Control direction: one object each, SQ=0.
  constexpr bool single = false;
  set(45, 1, single), set(46, 1, single), set(47, 1, single);                                      // C_SC, C_DC, C_RC
  set(48, 3, single), set(49, 3, single), set(50, 5, single), set(51, 4, single);                  // C_SE, C_BO
  set(58, 1 + cp56, single), set(59, 1 + cp56, single), set(60, 1 + cp56, single);                 // with time tag
  set(61, 3 + cp56, single), set(62, 3 + cp56, single), set(63, 5 + cp56, single), set(64, 4 + cp56, single);
  set(70, 1, single);                                                                              // M_EI_NA_1
  set(100, 1, single), set(101, 1, single), set(102, 0, single), set(103, cp56, single);           // C_IC, CI, RD, CS
  set(104, 2, single), set(105, 1, single), set(106, cp16, single), set(107, 2 + cp56, single);    // C_TS, RP, CD, TS_TA
  set(110, 3, single), set(111, 3, single), set(112, 5, single), set(113, 1, single);              // P_ME, P_AC
  // File transfer.
  set(120, 6, single), set(121, 7, single), set(122, 4, single), set(123, 5, single);              // F_FR, SR, SC, LS
  set(124, 4, single), set(125, 4, single), set(126, 6 + cp56, sq), set(127, 2 + 2 * cp56, single);  // F_AF, SG, DR, SC_NB
  t[125].segment = true;
  return t;
}

constexpr auto layouts = make_layouts();
constexpr std::size_t ioa_size = 3;

constexpr std::size_t max_address = 0xFFFFFF;
std::size_t first_address(const std::uint8_t* asdu) noexcept {
  const std::uint8_t* ioa = asdu + asdu_header_size;
  return ioa[0] | (std::size_t{ioa[1]} << 8) | (std::size_t{ioa[2]} << 16);
}

// Fills in asdu_size or the fault.
void check_asdu(const std::uint8_t* asdu, std::size_t size, Gated& result) noexcept {
  result.asdu_size = static_cast<std::uint16_t>(size);
  if (size < asdu_header_size) {
    result.fault = Fault::asdu_header;
    return;
  }
  const Layout layout = layouts[asdu[0]];
  if (!layout.known) return;
  const std::size_t count = asdu[1] & 0x7f;
  const bool sequence = (asdu[1] & 0x80) != 0;
  if (count == 0) {
    result.fault = Fault::object_count;
    return;
  }
  if (sequence && !layout.sequence) {
    result.fault = Fault::asdu_header;
    return;
  }
  std::size_t promised = asdu_header_size;
  promised += sequence ? ioa_size + count * layout.element : count * (ioa_size + layout.element);
  if (layout.segment) {
    if (count != 1 || size < promised) {
      result.fault = count != 1 ? Fault::object_count : Fault::asdu_length;
      return;
    }
    promised += asdu[promised - 1];  // LOS
  }
  if (promised > size) {
    result.fault = Fault::asdu_length;
    return;
  }
  if (sequence && first_address(asdu) + count - 1 > max_address) {
    result.fault = Fault::object_address;
    return;
  }
  result.asdu_size = static_cast<std::uint16_t>(promised);
}

// Whether a station in this role may receive this U format at all.
bool expected_u(Role role, std::uint8_t function) noexcept {
  switch (function) {
    case u_frame::testfr_act:
    case u_frame::testfr_con: return true;
    case u_frame::startdt_act:
    case u_frame::stopdt_act: return role == Role::controlled;
    case u_frame::startdt_con:
    case u_frame::stopdt_con: return role == Role::controlling;
    default: return false;
  }
}

// Exactly one function bit beside the two format bits.
bool one_function(std::uint8_t octet) noexcept {
  const unsigned bits = octet & 0xfcu;
  return bits != 0 && (bits & (bits - 1)) == 0;
}

}  // namespace

Gated gate(Role role, Bytes octets) noexcept {
  Gated result;
  const std::uint8_t* apdu = octets.data();
  const std::size_t available = octets.size();
  if (available == 0) return result;
  if (apdu[0] != 0x68) {
    result.fault = Fault::start_octet;
    return result;
  }
  if (available == 1) return result;
  const std::size_t length = apdu[1];
  if (length < 4 || length > apdu_max_size - 2) {
    result.fault = Fault::apdu_length;
    return result;
  }
  if (available < length + 2) return result;
  result.apdu_size = static_cast<std::uint16_t>(length + 2);

  if ((apdu[2] & 0x01) == 0) {  // I format
    if ((apdu[4] & 0x01) != 0) {
      result.fault = Fault::control_field;
    } else {
      check_asdu(apdu + apci_size, length - 4, result);
    }
    return result;
  }
  if (length != 4) {
    result.fault = Fault::apdu_length;
  } else if ((apdu[2] & 0x03) == 0x01) {  // S format
    if (apdu[2] != 0x01 || apdu[3] != 0 || (apdu[4] & 0x01) != 0) result.fault = Fault::control_field;
  } else if (!one_function(apdu[2]) || (apdu[3] | apdu[4] | apdu[5]) != 0) {  // U format
    result.fault = Fault::control_field;
  } else if (!expected_u(role, apdu[2])) {
    result.fault = Fault::unexpected_u_frame;
  }
  return result;
}

const char* describe(Fault fault) noexcept {
  switch (fault) {
    case Fault::none: return "no fault";
    case Fault::start_octet: return "no start octet 68h where an APDU must begin";
    case Fault::apdu_length: return "illegal length of the APDU";
    case Fault::control_field: return "illegal control field";
    case Fault::unexpected_u_frame: return "a U format that this station must not receive now";
    case Fault::sequence_number: return "a sequence error";
    case Fault::asdu_header: return "incomplete ASDU header, or SQ=1 with a type that has no sequence";
    case Fault::asdu_length: return "the ASDU is shorter than its VSQ promises";
    case Fault::object_count: return "the ASDU promises no object, or more than its type allows";
    case Fault::object_address: return "the addresses of a sequence run beyond 16777215";
    case Fault::count_: break;
  }
  return "unknown fault";
}

const char* name_of(Fault fault) noexcept {
  static constexpr const char* names[] = {
      "none",        "start_octet", "apdu_length",  "control_field", "unexpected_u_frame", "sequence_number",
      "asdu_header", "asdu_length", "object_count", "object_address"};
  static_assert(std::size(names) == static_cast<std::size_t>(Fault::count_));
  return names[static_cast<std::size_t>(fault)];
}

}  // namespace c104::wire
