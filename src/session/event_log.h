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
  using Position = std::uint64_t;  // how many ASDUs came before
  using Buffer = std::array<std::uint8_t, codec::max_asdu>;
  static constexpr std::size_t default_capacity = std::size_t{16} << 20;  // octets

  // --- any thread
  std::size_t capacity() const noexcept { return capacity_.load(std::memory_order_relaxed); }
  void set_capacity(std::size_t octets) noexcept { capacity_.store(octets, std::memory_order_relaxed); }
  // False: the log waits for a reader. One call of it may be followed by several of append().
  bool has_room() const noexcept { return waiting() < capacity(); }
  // The octets that the slowest reader for which the log waits has not read.
  std::size_t waiting() const noexcept {
    const std::uint64_t held = held_octets_.load(std::memory_order_relaxed), end = end_octets_.load(std::memory_order_relaxed);
    return held < end ? static_cast<std::size_t>(end - held) : 0;
  }
  void append(Bytes asdu);
  // Where the next entry will stand.
  Position end() const noexcept { return end_.load(std::memory_order_acquire); }

  // --- I/O thread
  // The entry at `position` copied into `out`; returns its size, 0 when there is none yet. A position that fell out moves to
  // the oldest entry and adds to `overrun`.
  std::size_t read(Position& position, Buffer& out, std::uint64_t& overrun) const;
  // The octets from there on.
  std::size_t octets_after(Position position) const;
  // Nothing from here on falls out.
  void hold(Position slowest_reader);
  // Frees what every reader has passed.
  void trim(Position oldest_reader);

 private:
  static constexpr std::size_t initial_octets = 4096, initial_entries = 64, keep_octets = std::size_t{1} << 20;

  std::uint64_t start(Position position) const;
  void grow_octets();
  void grow_starts();

  std::atomic<std::size_t> capacity_{default_capacity};
  mutable std::mutex mutex_;
  // Rings; their sizes are powers of two.
  std::vector<std::uint8_t> octets_;
  std::vector<std::uint64_t> starts_;  // of entries, in octets since the beginning
  Position first_ = 0, held_ = 0;
  std::atomic<Position> end_{0};
  std::atomic<std::uint64_t> end_octets_{0}, held_octets_{0};
};

}  // namespace c104
