// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/event_reader.h"

#include <algorithm>

namespace c104 {

void EventReader::judge(const EventLog& log) {
  if (position_ >= log.end()) {
    full_ = lags_ = false;
    return;
  }
  const std::size_t capacity = log.capacity(), behind = log.octets_after(position_);
  if (behind < capacity / 2) lags_ = false;
  const bool was_full = full_;
  full_ = behind >= capacity - capacity / 8;  // it may have taken some just now
  if (!full_ || lags_) return;
  const auto now = Monotonic::now();
  if (was_full && now - full_since_ < patience) return;
  if (was_full) lags_ = octets_ - taken_then_ < std::min(least_progress, capacity / 4);
  full_since_ = now;
  taken_then_ = octets_;
}

}  // namespace c104
