// SPDX-License-Identifier: GPL-3.0-or-later
// A token bucket: so many a second on average, as many at once at most.
#pragma once

#include <algorithm>
#include <chrono>

#include "base/clock.h"

namespace c104 {

class RateLimit {
 public:
  // What may be spent now; may be none.
  double available(double per_second, Monotonic::time_point now) {
    const double seconds = std::chrono::duration<double>(now - filled_at_).count();
    tokens_ = filled_at_ == Monotonic::time_point{} ? per_second : std::min(per_second, tokens_ + seconds * per_second);
    filled_at_ = now;
    return tokens_;
  }
  void spend(double count) { tokens_ -= count; }
  // Until there is one to spend.
  std::chrono::milliseconds wait(double per_second) const {
    return std::chrono::ceil<std::chrono::milliseconds>(std::chrono::duration<double>(std::max(0.0, 1 - tokens_) / per_second));
  }

 private:
  double tokens_ = 0;
  Monotonic::time_point filled_at_{};
};

}  // namespace c104
