// SPDX-License-Identifier: GPL-3.0-or-later
// CP24Time2a and CP56Time2a (IEC 60870-5-101, 7.2.6.18 and 7.2.6.19), always UTC.
#pragma once

#include "model/information.h"

namespace c104::codec {

// Seven octets.
void write_cp56(TimeTag t, std::uint8_t* out) noexcept;
TimeTag read_cp56(const std::uint8_t* in) noexcept;

// Three octets: minute and millisecond. Read as the moment with these that is nearest to `reference_us`.
void write_cp24(TimeTag t, std::uint8_t* out) noexcept;
TimeTag read_cp24(const std::uint8_t* in, std::int64_t reference_us) noexcept;

}  // namespace c104::codec
