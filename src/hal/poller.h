// SPDX-License-Identifier: GPL-3.0-or-later
// Waits for sockets, for a time and for wake-ups from other threads: epoll, a timerfd and an eventfd on Linux, poll()
// and a socket elsewhere (and on Linux with C104_USE_POLL=1, which keeps that variant alive).
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <system_error>
#include <vector>

namespace c104::hal {

struct PollEvent {
  std::uint64_t key = 0;  // as given to add()
  bool readable = false;
  bool writable = false;
  bool broken = false;  // error or hang-up
};

class Poller {
 public:
  // Each thread that may wait at the same time is told other events. One here means: nothing may be called while a thread waits.
  static const int most_waiting;

  Poller();
  ~Poller();
  Poller(const Poller&) = delete;
  Poller& operator=(const Poller&) = delete;

  // --- one thread at a time
  // Keys from 2^32 on, which need not stay the same for a descriptor. One that is in already gets the new key and interest.
  // An error: the system watches no more descriptors, for now.
  std::error_code add(int descriptor, std::uint64_t key, bool read, bool write);
  // Also wanted after each event: who has told one tells no more of this descriptor until then.
  void modify(int descriptor, std::uint64_t key, bool read, bool write);
  void remove(int descriptor);
  // When somebody's wait() is to end at the latest.
  void set_deadline(std::chrono::steady_clock::time_point at);

  // --- any thread, at most `most_waiting`
  // Blocks, if it may, until something is ready, somebody called wake() or the time has come; appends what is ready.
  void wait(std::vector<PollEvent>& events, bool block);

  // --- any thread
  // Ends one wait(), or the next one.
  void wake();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace c104::hal
