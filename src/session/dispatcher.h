// SPDX-License-Identifier: GPL-3.0-or-later
// Delivers events to the model and to callbacks, off the I/O thread. Strands keep order: one per connection; workers run
// them, one at first, more only when a callback blocks while other strands wait.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"

namespace c104 {

class Strand;

class Dispatcher : public std::enable_shared_from_this<Dispatcher> {
 public:
  static constexpr unsigned max_workers = 4;

  // --- any thread
  void start();
  // Delivers what is queued, then ends the workers. Waits for them at most `patience`, and never for the calling thread itself.
  void stop(std::chrono::milliseconds patience);
  // The strand whose event the calling thread delivers, else null.
  static Strand* current() noexcept;
  unsigned workers() const;

  // --- I/O thread
  void schedule(std::shared_ptr<Strand> strand);
  // Wakes a worker ahead of a schedule() that is likely within microseconds: waking takes longer than reading what came.
  void alert();
  // True while strands wait for a worker: call help() every millisecond.
  bool backlog() const noexcept { return ready_count_.load(std::memory_order_acquire) != 0; }
  // Adds a worker when all are held up inside callbacks.
  void help();
  // Has the waiting log lines written by a worker.
  void deliver_log();

  // Around each callback, on a worker: makes sure that the runtime may be called. False: call nothing.
  static bool enter_callback();
  static void leave_callback() noexcept;

 private:
  struct Worker;
  void spawn();
  bool find_idle_or_spawn();
  void look_out(std::unique_lock<std::mutex>& lock);
  std::size_t getting_on() const;
  bool find_watcher();
  bool watch(std::unique_lock<std::mutex>& lock);
  void main(const std::shared_ptr<Worker>& self);

  mutable std::mutex mutex_;
  std::condition_variable work_;
  std::condition_variable ended_;
  std::deque<std::shared_ptr<Strand>> ready_;
  std::atomic<std::size_t> ready_count_{0};
  std::vector<std::shared_ptr<Worker>> workers_;
  std::vector<std::shared_ptr<Worker>> finished_;  // to be joined
  std::atomic<unsigned> idle_{0};
  bool alerted_ = false;  // a worker was woken by alert() and looks at ready_ before it sleeps again
  bool watching_ = false;  // an idle worker was woken to watch() those that deliver
  Monotonic::time_point last_help_{}, next_watch_{};
  bool stopping_ = true;
  bool log_requested_ = false;
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
  // Input has come: readies a worker when the last input had something for one.
  void alert() {
    if (published_) dispatcher_->alert();
  }
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
  bool published_ = false;  // I/O thread only: something, last time
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
