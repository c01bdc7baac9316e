// SPDX-License-Identifier: GPL-3.0-or-later
// A Counter for each TypeID. A connection sees few of the 256, so they are made by sixteens when first counted.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "base/counter.h"

namespace c104 {

class TypeCounters {
 public:
  TypeCounters() = default;
  TypeCounters(const TypeCounters& other) { add(other); }
  TypeCounters& operator=(const TypeCounters&) = delete;
  ~TypeCounters() {
    for (const auto& page : pages_) delete page.load(std::memory_order_relaxed);
  }

  // --- the one thread that counts
  Counter& operator[](std::uint8_t type) {
    auto& page = pages_[type / page_size];
    Page* counters = page.load(std::memory_order_relaxed);
    if (counters == nullptr) page.store(counters = new Page, std::memory_order_release);
    return (*counters)[type % page_size];
  }
  void add(const TypeCounters& other) {
    other.each([this](std::uint8_t type, std::uint64_t count) { (*this)[type].add(count); });
  }

  // --- any thread
  std::uint64_t total() const {
    std::uint64_t sum = 0;
    each([&sum](std::uint8_t, std::uint64_t count) { sum += count; });
    return sum;
  }
  // With each TypeID that was counted, and how often.
  template <class Visit>
  void each(Visit visit) const {
    for (std::size_t type = 0; type < pages_.size() * page_size; ++type) {
      const Page* counters = pages_[type / page_size].load(std::memory_order_acquire);
      const std::uint64_t count = counters == nullptr ? 0 : std::uint64_t{(*counters)[type % page_size]};
      if (count != 0) visit(static_cast<std::uint8_t>(type), count);
    }
  }

 private:
  static constexpr std::size_t page_size = 16;
  using Page = std::array<Counter, page_size>;

  std::array<std::atomic<Page*>, 256 / page_size> pages_{};
};

}  // namespace c104
