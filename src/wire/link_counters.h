// SPDX-License-Identifier: GPL-3.0-or-later
// What happened on a link. Written by its I/O thread, readable by any. It may outlive the link and count for its successor.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/counter.h"
#include "base/type_counters.h"

namespace c104::wire {

// What the frame gate found wrong, or the link (sequence_number). APCI faults close the link, ASDU faults skip the frame.
enum class Fault : std::uint8_t {
  none,
  // APCI
  start_octet,
  apdu_length,
  control_field,
  unexpected_u_frame,
  sequence_number,  // N(S) is not the next one, or N(R) acknowledges what was not sent
  // ASDU
  asdu_header,     // shorter than a header, or SQ=1 with a type that has no sequence
  asdu_length,     // the VSQ promises more than the ASDU holds (what is over is padding and cut off)
  object_count,    // no object at all
  object_address,  // a sequence runs beyond the last address
  count_
};
constexpr bool closes_link(Fault f) { return f != Fault::none && f <= Fault::sequence_number; }
const char* describe(Fault) noexcept;  // for log lines
const char* name_of(Fault) noexcept;   // "start_octet"

struct LinkCounters {
  Counter octets_in, octets_out;
  Counter i_in, s_in, u_in;
  Counter i_out, s_out, u_out;
  TypeCounters asdus_in, asdus_out;  // by TypeID; of those received what the gate let through
  std::array<Counter, static_cast<std::size_t>(Fault::count_)> rejected;
  Counter t1_expired;
  // Of the last one measured, 0 before: from a U-format's act to its con, and from an I-format to its acknowledgement, which the
  // partner may delay up to its w and t2.
  Counter round_trip_us, acknowledgement_us;
};

}  // namespace c104::wire
