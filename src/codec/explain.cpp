// SPDX-License-Identifier: GPL-3.0-or-later
#include "codec/explain.h"

#include <array>

namespace c104::codec {
namespace {

constexpr std::size_t apci_size = 6;
constexpr std::uint8_t start_octet = 0x68;

struct UFrame {
  std::uint8_t octet;
  const char *function, *confirm, *text;
};
constexpr UFrame u_frames[] = {
    {0x07, "STARTDT", "ACT", "StartDT act"}, {0x0B, "STARTDT", "CON", "StartDT con"}, {0x13, "STOPDT", "ACT", "StopDT act"},
    {0x23, "STOPDT", "CON", "StopDT con"},   {0x43, "TESTFR", "ACT", "TestFR act"},   {0x83, "TESTFR", "CON", "TestFR con"},
};

constexpr auto nameless = "UNKNOWN_COT";

// As c104 2.2 writes them: 44 to 47 differ from the names in Cot.
constexpr auto cot_names = [] {
  std::array<const char*, 64> names{};
  names.fill(nameless);
  constexpr std::pair<std::uint8_t, const char*> known[] = {{1, "PERIODIC"},
                                                            {2, "BACKGROUND_SCAN"},
                                                            {3, "SPONTANEOUS"},
                                                            {4, "INITIALIZED"},
                                                            {5, "REQUEST"},
                                                            {6, "ACTIVATION"},
                                                            {7, "ACTIVATION_CON"},
                                                            {8, "DEACTIVATION"},
                                                            {9, "DEACTIVATION_CON"},
                                                            {10, "ACTIVATION_TERMINATION"},
                                                            {11, "RETURN_INFO_REMOTE"},
                                                            {12, "RETURN_INFO_LOCAL"},
                                                            {13, "FILE_TRANSFER"},
                                                            {14, "AUTHENTICATION"},
                                                            {15, "MAINTENANCE_OF_AUTH_SESSION_KEY"},
                                                            {16, "MAINTENANCE_OF_USER_ROLE_AND_UPDATE_KEY"},
                                                            {20, "INTERROGATED_BY_STATION"},
                                                            {21, "INTERROGATED_BY_GROUP_1"},
                                                            {22, "INTERROGATED_BY_GROUP_2"},
                                                            {23, "INTERROGATED_BY_GROUP_3"},
                                                            {24, "INTERROGATED_BY_GROUP_4"},
                                                            {25, "INTERROGATED_BY_GROUP_5"},
                                                            {26, "INTERROGATED_BY_GROUP_6"},
                                                            {27, "INTERROGATED_BY_GROUP_7"},
                                                            {28, "INTERROGATED_BY_GROUP_8"},
                                                            {29, "INTERROGATED_BY_GROUP_9"},
                                                            {30, "INTERROGATED_BY_GROUP_10"},
                                                            {31, "INTERROGATED_BY_GROUP_11"},
                                                            {32, "INTERROGATED_BY_GROUP_12"},
                                                            {33, "INTERROGATED_BY_GROUP_13"},
                                                            {34, "INTERROGATED_BY_GROUP_14"},
                                                            {35, "INTERROGATED_BY_GROUP_15"},
                                                            {36, "INTERROGATED_BY_GROUP_16"},
                                                            {37, "REQUESTED_BY_GENERAL_COUNTER"},
                                                            {38, "REQUESTED_BY_GROUP_1_COUNTER"},
                                                            {39, "REQUESTED_BY_GROUP_2_COUNTER"},
                                                            {40, "REQUESTED_BY_GROUP_3_COUNTER"},
                                                            {41, "REQUESTED_BY_GROUP_4_COUNTER"},
                                                            {44, "UNKNOWN_TYPE_ID"},
                                                            {45, "UNKNOWN_CAUSE_OF_TRANSMISSION"},
                                                            {46, "UNKNOWN_COMMON_ADDRESS_OF_ASDU"},
                                                            {47, "UNKNOWN_INFORMATION_OBJECT_ADDRESS"}};
  for (const auto& [cot, name] : known) names[cot] = name;
  return names;
}();

Explanation invalid(std::string problem) {
  Explanation e;
  e.problem = std::move(problem);
  return e;
}

// Bitstring commands are commands without S/E.
bool has_select(InfoKind kind) { return is_command(kind) && kind != InfoKind::bits_cmd; }

unsigned sequence_number(const std::uint8_t* octets) { return (octets[0] >> 1) | (octets[1] << 7); }

Explanation explain_asdu(Bytes asdu) {
  Explanation e;
  e.format = Explanation::Format::i;
  e.header = read_header(asdu);
  e.elements = asdu.subspan(header_size);
  if (e.elements.size() >= ioa_size) {
    e.first_ioa = e.elements[0] | (e.elements[1] << 8) | (e.elements[2] << 16);
    Reader reader(asdu);
    std::uint32_t ioa;
    Information info;
    bool select = false;
    if (reader.type() != nullptr && has_select(reader.type()->kind) && reader.next(ioa, info, select)) e.select = select;
  }
  return e;
}

Explanation explain_i(Bytes apdu) {
  if (apdu.size() < apci_size + header_size) {
    return invalid("I-Format with " + std::to_string(apdu.size() - apci_size) + " octets of ASDU, its header has 6");
  }
  Explanation e = explain_asdu(apdu.subspan(apci_size));
  e.tx = sequence_number(apdu.data() + 2);
  e.rx = sequence_number(apdu.data() + 4);
  return e;
}

std::string describe_objects(const Explanation& e) {
  const Header& h = e.header;
  const char* type = type_name(h.type);
  std::string text =
      std::string(type != nullptr ? type : "unknown") + " | " + cot_names[h.cot] + (h.negative ? " | NEGATIVE" : " | POSITIVE");
  if (h.test) text += " | TEST";
  text += h.ca == 0xFFFF ? " | GLOBAL" : " | CA " + std::to_string(h.ca);
  if (h.oa != 0) text += " | OA " + std::to_string(h.oa);
  if (!e.first_ioa) return text;
  return text + " | 1st IOA " + std::to_string(*e.first_ioa) + (h.sequence ? " | SEQUENCE[" : " | LIST[") +
         std::to_string(h.count) + "] (" + hex(e.elements) + ")";
}

}  // namespace

Explanation explain(Bytes apdu) {
  if (apdu.size() < apci_size) return invalid("an APDU has at least 6 octets, not " + std::to_string(apdu.size()));
  if (apdu[0] != start_octet) return invalid("an APDU starts with 68, not " + hex(apdu.first(1)).substr(0, 2));
  if ((apdu[2] & 0x01) == 0) return explain_i(apdu);
  Explanation e;
  if ((apdu[2] & 0x03) == 0x01) {
    e.format = Explanation::Format::s;
    e.rx = sequence_number(apdu.data() + 4);
    return e;
  }
  for (const UFrame& u : u_frames) {
    if (u.octet != apdu[2]) continue;
    e.format = Explanation::Format::u;
    e.function = u.function;
    e.confirm = u.confirm;
    return e;
  }
  return invalid("U-Format with unknown control octet " + hex(apdu.subspan(2, 1)).substr(0, 2));
}

std::string describe(const Explanation& e) {
  switch (e.format) {
    case Explanation::Format::invalid: return "INVALID | " + e.problem;
    case Explanation::Format::s: return "S-Format";
    case Explanation::Format::u:
      for (const UFrame& u : u_frames) {
        if (e.function == u.function && e.confirm == u.confirm) return std::string("U-Format | ") + u.text;
      }
      return "U-Format";
    case Explanation::Format::i: break;
  }
  return "I-Format | " + describe_objects(e);
}

std::string describe_asdu(Bytes asdu) {
  if (asdu.size() < header_size) return "ASDU of " + std::to_string(asdu.size()) + " octets, its header has 6";
  return describe_objects(explain_asdu(asdu));
}

std::string cause_text(std::uint8_t cot) {
  const std::string number = std::to_string(cot);
  switch (static_cast<Cot>(cot)) {
    case Cot::UNKNOWN_COT: return "UNKNOWN_COT (" + number + ")";
    case Cot::UNKNOWN_CA: return "UNKNOWN_CA (" + number + ")";
    case Cot::UNKNOWN_IOA: return "UNKNOWN_IOA (" + number + ")";
    default: break;
  }
  const std::string name = cot < cot_names.size() ? cot_names[cot] : nameless;
  return name == nameless ? number : name + " (" + number + ")";
}

std::string hex(Bytes octets) {
  constexpr auto digits = "0123456789abcdef";
  std::string text;
  for (const std::uint8_t octet : octets) {
    text += digits[octet >> 4];
    text += digits[octet & 0x0F];
    text += ' ';
  }
  return text;
}

}  // namespace c104::codec
