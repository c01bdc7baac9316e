// SPDX-License-Identifier: GPL-3.0-or-later
// Waits for sockets and for wake-ups from other threads: epoll and an eventfd on Linux, poll()
// and a socket elsewhere (and on Linux with C104_USE_POLL=1, which keeps that variant alive).
#pragma once

#include <cstdint>
#include <memory>
#include <span>

namespace c104::hal {

struct PollEvent {
  void* owner = nullptr;  // as given to add()
  bool readable = false;
  bool writable = false;
  bool broken = false;  // error or hang-up
};

class Poller {
 public:
  Poller();
  ~Poller();
  Poller(const Poller&) = delete;
  Poller& operator=(const Poller&) = delete;

  // A descriptor that is in already gets the new owner and interest.
  void add(int descriptor, void* owner, bool read, bool write);
  void modify(int descriptor, void* owner, bool read, bool write);
  void remove(int descriptor);
  // Blocks until something is ready, wake() is called or the time is over. The events are valid
  // until the next call; an owner removed meanwhile must be skipped by the caller.
  std::span<PollEvent> wait(int timeout_ms);
  // From any thread. Many calls before one wait() cost one wake-up.
  void wake();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace c104::hal
