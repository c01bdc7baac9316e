// SPDX-License-Identifier: GPL-3.0-or-later
// The threads of a Client or a Server. Each is at any moment one of these: the I/O thread or next in line for it (see loop.h), a
// worker that delivers events to the model and to callbacks, or idle. Strands keep order, one per connection; one worker runs
// them, more only when a callback blocks while other strands wait. A thread leaves the poller only where another one is in it.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/condition.h"

namespace c104 {

class IoLoop;
class Strand;

class Dispatcher : public std::enable_shared_from_this<Dispatcher> {
 public:
  static constexpr unsigned most_threads = 5;

  // --- any thread
  void start();
  // Delivers what is queued, then ends the threads. Waits for them at most `patience`, and never for the calling thread itself.
  void stop(std::chrono::milliseconds patience);
  // Gives the loop threads until end_service(), which waits until none is in it.
  void begin_service(IoLoop& loop);
  void end_service();
  // The strand whose event the calling thread delivers, else null.
  static Strand* current() noexcept;

  // --- I/O thread
  void schedule(std::shared_ptr<Strand> strand);
  // Has the waiting log lines written.
  void deliver_log();
  bool has_work() const noexcept { return waiting_.load(std::memory_order_acquire); }
  // At the end of a turn of one of its own threads. `deliver`: nobody else gets on with what waits, so this thread is to leave the loop for it.
  // `look_at`: when to ask again at the latest.
  struct Relief {
    bool deliver;
    Monotonic::time_point look_at;
  };
  Relief relief();

  // Around each callback, on a worker: makes sure that the runtime may be called. False: call nothing.
  static bool enter_callback();
  static void leave_callback() noexcept;

 private:
  struct Thread;
  void main(const std::shared_ptr<Thread>& self);
  bool work(std::unique_lock<std::mutex>& lock, Thread& self);
  void serve(std::unique_lock<std::mutex>& lock, Thread& self);
  bool send_to_poller();
  void spawn();
  std::size_t getting_on() const;

  mutable std::mutex mutex_;
  Condition work_;
  Condition changed_;  // a thread ended or left the poller
  std::deque<std::shared_ptr<Strand>> ready_;
  std::atomic<bool> waiting_{false};  // ready_ or log_requested_ say so
  bool log_requested_ = false;
  std::vector<std::shared_ptr<Thread>> threads_;
  std::vector<std::shared_ptr<Thread>> finished_;  // to be joined
  IoLoop* loop_ = nullptr;
  bool serving_ = false;  // until the loop has ended
  int in_poller_ = 0;  // those on their way included
  int sent_ = 0;  // of these, idle ones that were notified
  int idle_ = 0;  // those that have not begun yet included
  Monotonic::time_point last_look_{};
  bool stopping_ = true;
  int process_ = 0;
};

enum class EventKind : std::uint8_t { asdu, raw_received, raw_sent, task };

// Ordered events of one connection. Written by the I/O thread, delivered by one worker at a time.
class Strand : public std::enable_shared_from_this<Strand> {
 public:
  using Deliver = std::function<void(EventKind, Bytes)>;
  using Task = std::function<void()>;

  // `drained` is called by the worker when a full queue has become half empty.
  Strand(std::shared_ptr<Dispatcher> dispatcher, Deliver deliver, Task drained);

  // --- I/O thread
  void push(EventKind kind, Bytes payload);
  void push(Task task);
  // Shows pushed events to the workers; once per turn.
  void publish();
  // Nothing waits and nothing is being delivered, so that what comes now may be handled in place.
  bool idle() const noexcept { return staged_.empty() && !scheduled_.load(std::memory_order_acquire); }
  // No more should be pushed until `drained`; the limit is lifted while a callback of this very strand waits for an answer.
  bool full() const noexcept;
  std::size_t queued() const noexcept { return queued_.load(std::memory_order_relaxed); }
  std::size_t high_water() const noexcept { return high_water_.load(std::memory_order_relaxed); }

  // --- worker
  void deliver_some();
  bool has_more();

  // Held by an API call that waits for an answer of this connection from inside its own callback.
  class WaitingInside {
   public:
    explicit WaitingInside(Strand* strand);
    ~WaitingInside();

   private:
    Strand* strand_;
  };

 private:
  friend class Dispatcher;
  static constexpr std::size_t limit = 256 * 1024;
  static constexpr std::size_t limit_waiting_inside = 64 * 1024 * 1024;

  struct Queue {
    std::vector<std::uint8_t> bytes;  // records: kind, size (two octets), payload
    std::vector<Task> tasks;
    bool empty() const { return bytes.empty(); }
    void clear();
  };

  std::shared_ptr<Dispatcher> dispatcher_;
  Deliver deliver_;
  Task drained_;
  Queue staged_;  // I/O thread only
  std::mutex mutex_;
  Queue waiting_;
  std::atomic<bool> scheduled_{false};  // set by the I/O thread, cleared by the worker, both under the mutex
  Queue current_;  // worker only
  std::atomic<std::size_t> queued_{0};
  std::atomic<std::size_t> high_water_{0};
  std::atomic<int> waiting_inside_{0};
  std::atomic<bool> was_full_{false};
};

}  // namespace c104
