// SPDX-License-Identifier: GPL-3.0-or-later
// What a Server logs that its clients can provoke as often as they like.
#pragma once

#include <deque>

#include "base/log_limiter.h"
#include "session/refusal.h"

namespace c104 {

class ServerLog {
 public:
  ServerLog() {
    for (std::size_t i = 0; i < static_cast<std::size_t>(Refusal::count_); ++i) {
      refusals_.emplace_back(LogLevel::warning, logger, std::string("connections refused (") + name_of(Refusal(i)) + ")");
    }
  }
  LogLimiter& refusals(Refusal why) { return refusals_[static_cast<std::size_t>(why)]; }

  LogLimiter asdus{LogLevel::warning, logger, "ASDUs refused"};
  LogLimiter frames{LogLevel::warning, logger, "malformed frames"};
  LogLimiter selections{LogLevel::info, logger, "selections that were not executed in time"};
  LogLimiter visits{LogLevel::info, logger, "connects and disconnects", 100};

  void tick() { each(&LogLimiter::tick); }
  void finish() { each(&LogLimiter::finish); }

 private:
  static constexpr auto logger = "c104.server";

  void each(void (LogLimiter::*what)()) {
    for (LogLimiter& one : refusals_) (one.*what)();
    for (LogLimiter* one : {&asdus, &frames, &selections, &visits}) (one->*what)();
  }

  std::deque<LogLimiter> refusals_;  // by Refusal
};

}  // namespace c104
