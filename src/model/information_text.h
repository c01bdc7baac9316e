// SPDX-License-Identifier: GPL-3.0-or-later
// A value as debug lines show it: "3.5, quality IV NT, recorded 2026-07-01T12:34:56.789Z". Any thread.
#pragma once

#include <string>

#include "model/information.h"

namespace c104 {

std::string describe(const Information& info);

}  // namespace c104
