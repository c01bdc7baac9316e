// SPDX-License-Identifier: GPL-3.0-or-later
// A mutex that is held for moments, but by all threads and all the time: a fork often comes while one has it. In the child, where
// that thread doesn't exist, it is taken for free. What it guards must bear that: a value may be half of the one before.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <thread>

#include "base/process.h"

namespace c104 {

class LeafMutex {
 public:
  void lock() {
    if (process_.load(std::memory_order_acquire) != process_id()) renew();
    mutex_.lock();
  }
  bool try_lock() {
    if (process_.load(std::memory_order_acquire) != process_id()) renew();
    return mutex_.try_lock();
  }
  void unlock() { mutex_.unlock(); }

 private:
  // By the first of the child's threads; the others wait.
  void renew() {
    constexpr int renewing = 0;
    int seen = process_.load(std::memory_order_acquire);
    if (seen != renewing && seen != process_id() && process_.compare_exchange_strong(seen, renewing)) {
      std::construct_at(&mutex_);  // not destroyed: it may be locked
      process_.store(process_id(), std::memory_order_release);
    }
    while (process_.load(std::memory_order_acquire) != process_id()) std::this_thread::yield();
  }

  std::mutex mutex_;
  std::atomic<int> process_{process_id()};
};

}  // namespace c104
