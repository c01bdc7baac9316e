// SPDX-License-Identifier: GPL-3.0-or-later
// A condition variable whose timed waits go by the monotonic clock. Those of std::condition_variable do so only where the C library
// has pthread_cond_clockwait(): with an older one (glibc before 2.30, for which wheels are linked) libc++ waits for a time of the
// wall clock, hours too long when that is set back meanwhile.
#pragma once

#include <chrono>
#include <mutex>
#if defined(__linux__)
#include <pthread.h>

#include <cerrno>
#include <ctime>
#else
#include <condition_variable>
#endif

namespace c104 {

#if defined(__linux__)

class Condition {
 public:
  Condition() {
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&condition_, &monotonic);
    pthread_condattr_destroy(&monotonic);
  }
  // Not destroyed: it holds nothing, and in a forked child that would wait for threads of the parent.
  ~Condition() = default;
  Condition(const Condition&) = delete;
  Condition& operator=(const Condition&) = delete;

  void notify_one() noexcept { pthread_cond_signal(&condition_); }
  void notify_all() noexcept { pthread_cond_broadcast(&condition_); }

  void wait(std::unique_lock<std::mutex>& lock) { pthread_cond_wait(&condition_, lock.mutex()->native_handle()); }
  template <class Holds>
  void wait(std::unique_lock<std::mutex>& lock, Holds holds) {
    while (!holds()) wait(lock);
  }
  // False: it doesn't hold after `patience`.
  template <class Holds>
  bool wait_for(std::unique_lock<std::mutex>& lock, std::chrono::nanoseconds patience, Holds holds) {
    timespec end{};
    clock_gettime(CLOCK_MONOTONIC, &end);
    const auto until = std::chrono::seconds(end.tv_sec) + std::chrono::nanoseconds(end.tv_nsec) + patience;
    const auto seconds = std::chrono::floor<std::chrono::seconds>(until);
    end.tv_sec = static_cast<std::time_t>(seconds.count());
    end.tv_nsec = static_cast<long>((until - seconds).count());
    while (!holds()) {
      if (pthread_cond_timedwait(&condition_, lock.mutex()->native_handle(), &end) == ETIMEDOUT) return holds();
    }
    return true;
  }

 private:
  pthread_cond_t condition_{};
};

#else

using Condition = std::condition_variable;

#endif

}  // namespace c104
