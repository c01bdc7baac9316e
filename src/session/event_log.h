// SPDX-License-Identifier: GPL-3.0-or-later
// Encoded spontaneous ASDUs, shared by all masters: each has a cursor, nothing is encoded or copied per master. Bounded: nothing new
// is taken while a master that keeps up has a full log to read. For one that lags the oldest ASDUs fall out, and are counted.
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
  // False: the log waits for a reader. One call of it may be followed by several of append().
  bool has_room() const noexcept { return waiting() < capacity; }
  // How many ASDUs the slowest reader that the log waits for has not read.
  std::size_t waiting() const noexcept {
    const Position held = held_.load(std::memory_order_relaxed), end = this->end();
    return held < end ? static_cast<std::size_t>(end - held) : 0;
  }
  void append(Bytes asdu);
  // Where the next entry will stand.
  Position end() const noexcept { return end_.load(std::memory_order_acquire); }

  // --- I/O thread
  // The entry at `position` copied into `out`; returns its size, 0 when there is none yet. A position that fell out moves to
  // the oldest entry and adds to `overrun`.
  std::size_t read(Position& position, Buffer& out, std::uint64_t& overrun) const;
  // Nothing from here on falls out.
  void hold(Position slowest_reader) noexcept { held_.store(slowest_reader, std::memory_order_relaxed); }
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
  std::atomic<Position> end_{0}, held_{0};
};

}  // namespace c104
