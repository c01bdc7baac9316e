// SPDX-License-Identifier: GPL-3.0-or-later
// ASDUs that are not taken, in words for the log: which one, and why. Any thread.
#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "base/enums.h"

namespace c104 {

// IOA of the first object; the gate has seen to it that the octets are there. 0 without objects.
std::uint32_t first_ioa(Bytes asdu);
// "M_ME_NC_1 cot 3 ca 47 ioa 11"
std::string name_of(Bytes asdu);
const char* reason_of(Umc why);

}  // namespace c104
