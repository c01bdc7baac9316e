// SPDX-License-Identifier: GPL-3.0-or-later
// A thread that may run Python: its stack has room for a callback that recurses. std::thread takes the system's default, which
// is 128 KiB with musl and 512 KiB on macOS. Any thread.
#pragma once

#ifdef _WIN32
#include <thread>

namespace c104::hal {
using Thread = std::thread;  // 1 MiB
}
#else
#include <pthread.h>

#include <functional>
#include <utility>

namespace c104::hal {

class Thread {
 public:
  static constexpr std::size_t least_stack = std::size_t{4} << 20;  // address space; memory is taken as it is used

  Thread() = default;
  // Throws std::system_error when there is no thread to be had.
  explicit Thread(std::function<void()> body);
  Thread& operator=(Thread&& other) noexcept {
    handle_ = other.handle_;
    joinable_ = std::exchange(other.joinable_, false);
    return *this;
  }

  [[nodiscard]] bool joinable() const noexcept { return joinable_; }
  void join() {
    pthread_join(handle_, nullptr);
    joinable_ = false;
  }
  void detach() {
    pthread_detach(handle_);
    joinable_ = false;
  }

 private:
  pthread_t handle_{};
  bool joinable_ = false;
};

}  // namespace c104::hal
#endif
