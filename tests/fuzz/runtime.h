// SPDX-License-Identifier: GPL-3.0-or-later
// Stands where Python stands otherwise.
#pragma once

#include "base/log.h"
#include "session/callback.h"

namespace c104::fuzz {

class PlainRuntime final : public Runtime {
 public:
  bool enter() override { return true; }
  void leave() override {}
  void write_log() override { take_log(); }
};

inline void use_plain_runtime() {
  static PlainRuntime& one = *new PlainRuntime;
  set_runtime(one);
}

}  // namespace c104::fuzz
