// SPDX-License-Identifier: GPL-3.0-or-later
// The kinds of information; the table of TypeIDs names one for each type.
#pragma once

#include <cstdint>

namespace c104 {

// What an information object says, independent of its TypeID's time tag.
enum class InfoKind : std::uint8_t {
  none,
  // monitor direction
  single,            // SIQ
  double_point,      // DIQ
  step,              // VTI + QDS
  bits,              // BSI + QDS
  normalized,        // NVA + QDS (or without, type 21)
  scaled,            // SVA + QDS
  short_float,       // R32 + QDS
  counter,           // BCR
  protection_event,  // SEP + CP16
  protection_start,  // SPE + QDP + CP16
  protection_circuit,  // OCI + QDP + CP16
  status_changed,    // SCD + QDS
  // control direction
  single_cmd,      // SCO
  double_cmd,      // DCO
  step_cmd,        // RCO
  normalized_cmd,  // NVA + QOS
  scaled_cmd,      // SVA + QOS
  short_cmd,       // R32 + QOS
  bits_cmd,        // BSI
};
constexpr bool is_command(InfoKind k) { return k >= InfoKind::single_cmd; }

}  // namespace c104
