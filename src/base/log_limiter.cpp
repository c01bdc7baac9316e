// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/log_limiter.h"

#include <algorithm>

namespace c104 {
namespace {

constexpr std::size_t max_sources = 8;

}  // namespace

bool LogLimiter::admit(const std::string& from) {
  std::lock_guard lock(mutex_);
  const auto now = Monotonic::now();
  if (now >= interval_end_) {
    // Only after an interval in which nothing was held back lines are written at once again.
    written_ = held_back_ == 0 ? 0 : at_once_;
    summarize_locked(now);
  }
  if (written_ < at_once_) {
    ++written_;
    return true;
  }
  ++held_back_;
  const auto source = std::find_if(sources_.begin(), sources_.end(), [&](const auto& s) { return s.first == from; });
  if (source != sources_.end()) {
    ++source->second;
  } else if (sources_.size() < max_sources) {
    sources_.emplace_back(from, 1);
  }
  return false;
}

void LogLimiter::tick() {
  std::lock_guard lock(mutex_);
  if (held_back_ == 0) return;
  const auto now = Monotonic::now();
  if (now >= interval_end_) summarize_locked(now);
}

void LogLimiter::finish() {
  std::lock_guard lock(mutex_);
  summarize_locked(Monotonic::now());
}

void LogLimiter::summarize_locked(Monotonic::time_point now) {
  interval_end_ = now + interval;
  if (held_back_ == 0) return;
  std::string text = std::to_string(held_back_) + " more " + what_ + ":";
  std::uint64_t others = std::exchange(held_back_, 0);
  for (const auto& [source, count] : sources_) {
    text += " " + std::to_string(count) + " from " + source + ",";
    others -= count;
  }
  if (others > 0) text += " " + std::to_string(others) + " from elsewhere,";
  text.pop_back();
  sources_.clear();
  log(level_, logger_, std::move(text));
}

}  // namespace c104
