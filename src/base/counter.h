// SPDX-License-Identifier: GPL-3.0-or-later
// A number that one thread writes and any thread reads. Counting costs what a plain integer costs: no locked instruction.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>

namespace c104 {

class Counter {
 public:
  Counter() = default;
  Counter(const Counter& other) noexcept { set(other); }
  Counter& operator=(const Counter& other) noexcept {
    set(other);
    return *this;
  }

  // --- the one thread
  void set(std::uint64_t value) noexcept { value_.store(value, std::memory_order_relaxed); }
  void add(std::uint64_t count) noexcept { set(*this + count); }
  void raise(std::uint64_t value) noexcept { set(std::max<std::uint64_t>(*this, value)); }
  void operator++() noexcept { add(1); }

  // --- any thread
  operator std::uint64_t() const noexcept { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

}  // namespace c104
