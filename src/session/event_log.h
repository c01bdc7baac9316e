// SPDX-License-Identifier: GPL-3.0-or-later
// Encoded spontaneous ASDUs, shared by all masters: each has a cursor, nothing is encoded or copied per master. Bounded: what falls
// out before a master has read it is counted as that master's overrun, never lost without a trace.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <vector>

#include "base/bytes.h"
#include "codec/asdu.h"

namespace c104 {

class EventLog {
 public:
  using Position = std::uint64_t;
  using Buffer = std::array<std::uint8_t, codec::max_asdu>;
  static constexpr std::size_t capacity = 65536;  // ASDUs; a power of two

  // --- any thread
  void append(Bytes asdu);
  // Where the next entry will stand.
  Position end() const noexcept { return end_.load(std::memory_order_acquire); }

  // --- I/O thread
  // The entry at `position` copied into `out`; returns its size, 0 when there is none yet. A position that fell out moves to
  // the oldest entry and adds to `overrun`.
  std::size_t read(Position& position, Buffer& out, std::uint64_t& overrun) const;
  // Frees what every reader has passed.
  void trim(Position oldest_reader);

 private:
  struct Entry {
    std::uint8_t size;
    Buffer octets;
  };
  static constexpr std::size_t initial = 64, keep = 4096;

  Entry& at(Position position) { return ring_[position & (ring_.size() - 1)]; }
  const Entry& at(Position position) const { return ring_[position & (ring_.size() - 1)]; }
  void grow();

  mutable std::mutex mutex_;
  std::vector<Entry> ring_;  // its size is a power of two
  Position first_ = 0;
  std::atomic<Position> end_{0};
};

}  // namespace c104
