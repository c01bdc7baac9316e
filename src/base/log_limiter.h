// SPDX-License-Identifier: GPL-3.0-or-later
// Log lines that a partner can provoke as often as it likes: the first of them at once, then one line per interval that says how many
// there were and where they came from. A flood can't fill a disk. Any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/log.h"

namespace c104 {

class LogLimiter {
 public:
  static constexpr std::chrono::seconds interval{10};

  // `what` is the subject of the summary: "connections refused".
  LogLimiter(LogLevel level, const char* logger, std::string what, unsigned at_once = 10)
      : level_(level), logger_(logger), what_(std::move(what)), at_once_(at_once) {}

  // `text` makes the line, if it is to be written. `from`: an address.
  template <class Text>
  void note(const std::string& from, Text&& text) {
    if (admit(from)) log(level_, logger_, text());
  }
  // Writes the summary when it is due; call it every now and then.
  void tick();
  // Writes it now.
  void finish();

 private:
  bool admit(const std::string& from);
  void summarize_locked(Monotonic::time_point now);

  const LogLevel level_;
  const char* const logger_;
  const std::string what_;
  const unsigned at_once_;
  std::mutex mutex_;  // leaf
  Monotonic::time_point interval_end_{};
  unsigned written_ = 0;
  std::uint64_t held_back_ = 0;
  std::vector<std::pair<std::string, std::uint64_t>> sources_;  // of those held back, the first few
};

}  // namespace c104
