// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/event_log.h"

#include <algorithm>

namespace c104 {
namespace {

// Copies between a ring and what lies in a row: from `at` to the end of the ring, and the rest from its beginning.
template <class Ring, class Copy>
void in_two_parts(Ring& ring, std::uint64_t at, std::size_t size, Copy copy) {
  const std::size_t begin = at & (ring.size() - 1);
  const std::size_t part = std::min(size, ring.size() - begin);
  copy(ring.data() + begin, std::size_t{0}, part);
  copy(ring.data(), part, size - part);
}

}  // namespace

void EventLog::append(Bytes asdu) {
  std::lock_guard lock(mutex_);
  const Position end = end_.load(std::memory_order_relaxed);
  const std::uint64_t at = end_octets_.load(std::memory_order_relaxed);
  while (first_ < held_ && at + asdu.size() - start(first_) > capacity()) ++first_;
  while (at + asdu.size() - start(first_) > octets_.size()) grow_octets();
  if (end - first_ == starts_.size()) grow_starts();
  in_two_parts(octets_, at, asdu.size(), [&](std::uint8_t* to, std::size_t offset, std::size_t count) {
    std::copy_n(asdu.begin() + static_cast<std::ptrdiff_t>(offset), count, to);
  });
  starts_[end & (starts_.size() - 1)] = at;
  end_octets_.store(at + asdu.size(), std::memory_order_relaxed);
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
  const std::uint64_t at = start(position);
  const std::size_t size = std::min(static_cast<std::size_t>(start(position + 1) - at), out.size());
  in_two_parts(octets_, at, size, [&](const std::uint8_t* from, std::size_t offset, std::size_t count) {
    std::copy_n(from, count, out.begin() + static_cast<std::ptrdiff_t>(offset));
  });
  return size;
}

std::size_t EventLog::octets_after(Position position) const {
  std::lock_guard lock(mutex_);
  return static_cast<std::size_t>(end_octets_.load(std::memory_order_relaxed) - start(std::max(position, first_)));
}

void EventLog::hold(Position slowest_reader) {
  std::lock_guard lock(mutex_);
  held_ = std::clamp(slowest_reader, first_, end_.load(std::memory_order_relaxed));
  held_octets_.store(start(held_), std::memory_order_relaxed);
}

void EventLog::trim(Position oldest_reader) {
  std::lock_guard lock(mutex_);
  first_ = std::clamp(oldest_reader, first_, end_.load(std::memory_order_relaxed));
  if (first_ < end_.load(std::memory_order_relaxed) || octets_.size() <= keep_octets) return;
  octets_ = {};
  starts_ = {};
}

std::uint64_t EventLog::start(Position position) const {
  if (position == end_.load(std::memory_order_relaxed)) return end_octets_.load(std::memory_order_relaxed);
  return starts_[position & (starts_.size() - 1)];
}

void EventLog::grow_octets() {
  std::vector<std::uint8_t> larger(octets_.empty() ? initial_octets : octets_.size() * 2);
  const std::uint64_t begin = start(first_), end = end_octets_.load(std::memory_order_relaxed);
  for (std::uint64_t i = begin; i != end; ++i) larger[i & (larger.size() - 1)] = octets_[i & (octets_.size() - 1)];
  octets_.swap(larger);
}

void EventLog::grow_starts() {
  std::vector<std::uint64_t> larger(starts_.empty() ? initial_entries : starts_.size() * 2);
  const Position end = end_.load(std::memory_order_relaxed);
  for (Position p = first_; p != end; ++p) larger[p & (larger.size() - 1)] = starts_[p & (starts_.size() - 1)];
  starts_.swap(larger);
}

}  // namespace c104
