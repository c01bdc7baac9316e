// SPDX-License-Identifier: GPL-3.0-or-later
// Python's information classes: immutable, one C++ class per kind over the same record.
#pragma once

#include <cstdint>

#include "model/information.h"

namespace c104::bindings {

struct InfoObject {
  Information info;
  std::int64_t processed_us = 0;
  bool readonly = false;
};

template <InfoKind K>
struct InfoOf : InfoObject {};

}  // namespace c104::bindings
