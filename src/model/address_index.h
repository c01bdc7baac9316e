// SPDX-License-Identifier: GPL-3.0-or-later
// Finds an object by its information object address: open addressing, one pointer a slot. T has io_address().
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace c104 {

template <class T>
class AddressIndex {
 public:
  T* find(std::uint32_t ioa) const noexcept {
    if (slots_.empty()) return nullptr;
    for (std::size_t i = home(ioa);; i = (i + 1) & mask()) {
      T* object = slots_[i];
      if (object == nullptr || object->io_address() == ioa) return object;
    }
  }

  // The address must not be there yet.
  void insert(T* object) {
    if ((size_ + 1) * 3 > slots_.size() * 2) grow();
    place(object);
    ++size_;
  }

  void erase(std::uint32_t ioa) noexcept {
    if (slots_.empty()) return;
    std::size_t i = home(ioa);
    while (slots_[i] != nullptr && slots_[i]->io_address() != ioa) i = (i + 1) & mask();
    if (slots_[i] == nullptr) return;
    slots_[i] = nullptr;
    --size_;
    // Close the gap: whoever stands behind it and is further from home than the gap moves up.
    for (std::size_t j = (i + 1) & mask(); slots_[j] != nullptr; j = (j + 1) & mask()) {
      const std::size_t h = home(slots_[j]->io_address());
      if (((j - h) & mask()) >= ((j - i) & mask())) {
        slots_[i] = slots_[j];
        slots_[j] = nullptr;
        i = j;
      }
    }
  }

 private:
  std::size_t mask() const { return slots_.size() - 1; }
  // Fibonacci hashing. Runs and steps of addresses spread evenly; runs that stay together would land on one another, and each
  // look-up in the second would walk through the first.
  std::size_t home(std::uint32_t ioa) const { return static_cast<std::size_t>((ioa * 0x9E3779B97F4A7C15u) >> shift_); }
  void place(T* object) {
    std::size_t i = home(object->io_address());
    while (slots_[i] != nullptr) i = (i + 1) & mask();
    slots_[i] = object;
  }
  void grow() {
    std::vector<T*> old(slots_.empty() ? 16 : slots_.size() * 2, nullptr);
    old.swap(slots_);
    shift_ = 64 - std::countr_zero(slots_.size());
    for (T* object : old) {
      if (object != nullptr) place(object);
    }
  }

  std::vector<T*> slots_;
  std::size_t size_ = 0;
  int shift_ = 64;  // 64 - log2 of the slots
};

}  // namespace c104
