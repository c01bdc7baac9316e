// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/event_reader.h"

namespace c104 {

void EventReader::judge(Position end, Monotonic::time_point now) {
  const Position behind = end - position_;
  if (behind < EventLog::capacity / 2) lags_ = false;
  const bool was_full = full_;
  full_ = behind >= EventLog::capacity - EventLog::capacity / 8;  // it may have taken some just now
  if (!full_ || lags_) return;
  if (!was_full) {
    full_since_ = now;
    full_at_ = position_;
  } else if (now - full_since_ >= patience) {
    lags_ = position_ - full_at_ < least_progress;
    full_since_ = now;
    full_at_ = position_;
  }
}

}  // namespace c104
