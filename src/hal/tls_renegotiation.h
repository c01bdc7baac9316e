// SPDX-License-Identifier: GPL-3.0-or-later
// How often a partner may have the keys of a link made anew (TLS 1.2). Each time costs a signature here and next to nothing there;
// IEC 62351-3 wants it once a day.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <string>

namespace c104::hal {

class RenegotiationLimit {
 public:
  static constexpr std::size_t most = 10;
  static constexpr std::chrono::seconds within{60};
  using Clock = std::chrono::steady_clock;

  void note(Clock::time_point now) {
    auto& oldest = last_[next_];
    exceeded_ = exceeded_ || (oldest != Clock::time_point{} && now - oldest < within);
    oldest = now;
    next_ = (next_ + 1) % most;
  }
  bool exceeded() const { return exceeded_; }
  static std::string text() {
    return "the partner asks for renegotiation too often: more than " + std::to_string(most) + " times within " +
           std::to_string(within.count()) + " s";
  }

 private:
  std::array<Clock::time_point, most> last_{};
  std::size_t next_ = 0;
  bool exceeded_ = false;
};

}  // namespace c104::hal
