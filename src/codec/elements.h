// SPDX-License-Identifier: GPL-3.0-or-later
// Information elements without address and time tag (IEC 60870-5-101, 7.2.6). The caller has made sure of the octets.
#pragma once

#include "base/types.h"
#include "model/information.h"

namespace c104::codec {

// Both return the octets used. `select`: the S/E bit of commands.
std::size_t read_element(const TypeInfo& type, const std::uint8_t* in, Information& info, bool& select) noexcept;
std::size_t write_element(const TypeInfo& type, const Information& info, bool select, std::uint8_t* out) noexcept;

}  // namespace c104::codec
