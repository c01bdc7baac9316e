// SPDX-License-Identifier: GPL-3.0-or-later
// A master's place in the event log, and whether it keeps up. I/O thread only.
#pragma once

#include <cstdint>

#include "base/clock.h"
#include "session/event_log.h"

namespace c104 {

class EventReader {
 public:
  using Position = EventLog::Position;
  // A reader that is a full log behind and takes fewer octets than these, or than a quarter of the log, in `patience` lags.
  static constexpr std::size_t least_progress = 256 * 1024;
  static constexpr std::chrono::seconds patience{1};

  void begin(Position at) { *this = EventReader(at); }
  Position position() const { return position_; }
  // Entries that fell out of the log before they were read.
  std::uint64_t overruns() const { return overruns_; }
  // The log doesn't wait for it, until it has caught up to half a log.
  bool lags() const { return lags_; }

  std::size_t read(const EventLog& log, EventLog::Buffer& out) { return log.read(position_, out, overruns_); }
  void advance(std::size_t octets) {
    ++position_;
    octets_ += octets;
  }
  // From time to time.
  void judge(const EventLog& log);

  EventReader() = default;

 private:
  explicit EventReader(Position at) : position_(at) {}

  Position position_ = 0;
  Monotonic::time_point full_since_{};
  std::uint64_t octets_ = 0, taken_then_ = 0;  // taken in all, and when it was found full
  std::uint64_t overruns_ = 0;
  bool full_ = false, lags_ = false;
};

}  // namespace c104
