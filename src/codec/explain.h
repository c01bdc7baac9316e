// SPDX-License-Identifier: GPL-3.0-or-later
// What an APDU says, for people. Takes any octets and never reads beyond them.
#pragma once

#include <optional>
#include <string>

#include "base/bytes.h"
#include "codec/asdu.h"

namespace c104::codec {

struct Explanation {
  enum class Format : std::uint8_t { invalid, i, s, u };

  Format format = Format::invalid;
  std::string problem;            // invalid: why
  std::string function, confirm;  // U: "STARTDT", "ACT" or "CON"
  unsigned tx = 0, rx = 0;        // I, S
  Header header;                  // I
  std::optional<std::uint32_t> first_ioa;
  std::optional<bool> select;     // commands
  Bytes elements;                 // a view of the APDU's objects
};

Explanation explain(Bytes apdu);
// One line: "I-Format | M_SP_NA_1 | SPONTANEOUS | ..."
std::string describe(const Explanation& explanation);
// The same for an ASDU without APCI: "M_SP_NA_1 | SPONTANEOUS | POSITIVE | ..."
std::string describe_asdu(Bytes asdu);
// "ACTIVATION (6)"; the number alone where the standard has no name
std::string cause_text(std::uint8_t cot);
// "0b 00 00 01 "
std::string hex(Bytes octets);

}  // namespace c104::codec
