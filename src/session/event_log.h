// SPDX-License-Identifier: GPL-3.0-or-later
// Encoded spontaneous ASDUs, shared by all masters: each has a cursor, nothing is encoded or copied per master. Bounded: what falls
// out before a master has read it is counted as that master's overrun, never lost without a trace.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <mutex>
#include <vector>

#include "base/bytes.h"
#include "codec/asdu.h"

namespace c104 {

class EventLog {
 public:
  using Position = std::uint64_t;
  static constexpr std::size_t capacity = 65536;  // ASDUs

  // --- any thread
  void append(Bytes asdu);

  // --- I/O thread
  Position end() const;
  // The entry at `position` copied into `out`; returns its size, 0 when there is none yet. A position that fell out moves to
  // the oldest entry and adds to `overrun`.
  std::size_t read(Position& position, std::array<std::uint8_t, codec::max_asdu>& out, std::uint64_t& overrun) const;
  // Frees what every reader has passed.
  void trim(Position oldest_reader);

 private:
  mutable std::mutex mutex_;
  std::deque<std::vector<std::uint8_t>> entries_;
  Position first_ = 0;
};

}  // namespace c104
