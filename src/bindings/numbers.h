// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers with a range: what the standard's fields can hold.
#pragma once

#include <pybind11/pybind11.h>

#include <array>
#include <cstdint>

namespace c104::bindings {

template <int Low, int High>
struct Ranged {
  static constexpr int low = Low, high = High;
  std::int32_t value = 0;
};

using Int7 = Ranged<-64, 63>;
using Int16 = Ranged<-32768, 32767>;
using UInt5 = Ranged<0, 31>;
using UInt7 = Ranged<0, 127>;
using UInt16 = Ranged<0, 65535>;

struct NormalizedFloat {
  static constexpr float low = -1.0f, high = 1.0f;
  float value = 0;
};

// 32 bits; bytes() gives them in the order of the wire, least significant first.
struct Byte32 {
  std::uint32_t value = 0;
};

}  // namespace c104::bindings
