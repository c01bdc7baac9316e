// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/event_log.h"

#include <algorithm>

namespace c104 {

void EventLog::append(Bytes asdu) {
  std::lock_guard lock(mutex_);
  const Position end = end_.load(std::memory_order_relaxed);
  if (end - first_ == ring_.size()) {
    if (ring_.size() >= capacity && first_ < held_.load(std::memory_order_relaxed)) {
      ++first_;
    } else {
      grow();
    }
  }
  Entry& entry = at(end);
  entry.size = static_cast<std::uint8_t>(std::min(asdu.size(), entry.octets.size()));
  std::copy_n(asdu.begin(), entry.size, entry.octets.begin());
  end_.store(end + 1, std::memory_order_release);
}

std::size_t EventLog::read(Position& position, Buffer& out, std::uint64_t& overrun) const {
  if (position >= end()) return 0;
  std::lock_guard lock(mutex_);
  if (position < first_) {
    overrun += first_ - position;
    position = first_;
    if (position == end()) return 0;
  }
  const Entry& entry = at(position);
  std::copy_n(entry.octets.begin(), entry.size, out.begin());
  return entry.size;
}

void EventLog::trim(Position oldest_reader) {
  std::lock_guard lock(mutex_);
  first_ = std::clamp(oldest_reader, first_, end_.load(std::memory_order_relaxed));
  if (first_ == end_.load(std::memory_order_relaxed) && ring_.size() > keep) ring_ = {};
}

void EventLog::grow() {
  std::vector<Entry> larger(ring_.empty() ? initial : ring_.size() * 2);
  const Position end = end_.load(std::memory_order_relaxed);
  for (Position p = first_; p != end; ++p) larger[p & (larger.size() - 1)] = at(p);
  ring_.swap(larger);
}

}  // namespace c104
