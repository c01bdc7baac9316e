// SPDX-License-Identifier: GPL-3.0-or-later
// The one type in which octets are handed around: a view that owns nothing.
#pragma once

#include <cstdint>
#include <span>

namespace c104 {

using Bytes = std::span<const std::uint8_t>;

}  // namespace c104
