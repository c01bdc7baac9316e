// SPDX-License-Identifier: GPL-3.0-or-later
// The I/O thread: polls sockets, runs posted work and timers, sweeps links every 100 ms. One per Client and one per
// Server. Everything that touches lib60870 runs here; Python never does. Which of the dispatcher's threads it is changes from
// turn to turn: the one that is woken has the turn, and may then go and deliver what it read, while another one waits already.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <system_error>
#include <thread>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "base/process.h"
#include "hal/poller.h"
#include "wire/link.h"

namespace c104 {

class Dispatcher;

// Something with a descriptor. Called on the I/O thread.
class Pollable {
 public:
  virtual ~Pollable() = default;
  virtual void on_ready(bool readable, bool writable, bool broken) = 0;
  // Every 100 ms, but not before the returned time is over, unless something came or was sent in it.
  virtual std::chrono::milliseconds on_sweep() { return {}; }
  // At the end of a turn in which mark_dirty() was called: send what was gathered.
  virtual void on_flush() {}

 protected:
  // Its on_ready() takes milliseconds, as a TLS handshake: others come first, and only some of these are served in a turn.
  bool costly_ = false;

 private:
  friend class IoLoop;
  static constexpr std::size_t no_place = static_cast<std::size_t>(-1);
  std::size_t place_ = no_place;  // its seat in the loop
};

class IoLoop {
 public:
  using Task = std::function<void()>;
  using TimerId = std::uint64_t;

  explicit IoLoop(std::shared_ptr<Dispatcher> dispatcher);
  ~IoLoop();

  // --- any thread
  void start();
  // Ends the thread after the work that is queued; tasks posted later run at the next start(). Not from the I/O thread.
  void stop();
  // False in a forked child.
  bool running() const { return started() && process_.load(std::memory_order_relaxed) == process_id(); }
  // True in a forked child: the thread stayed with the parent, which also shares the poller and the sockets. Nothing runs there any
  // more, what is posted is dropped, and no lock is taken, since a thread that isn't there may hold it.
  bool forked() const { return started() && process_.load(std::memory_order_relaxed) != process_id(); }
  // Throws std::runtime_error there. `owner`: "Client" or "Server".
  void refuse_forked(const char* owner) const;
  bool on_thread() const { return std::this_thread::get_id() == thread_id_.load(std::memory_order_acquire); }
  // False: the loop does not run, and the task waits for the next start().
  bool post(Task task);
  // As post(), from a thread that is about to wait for the outcome: when nobody has the turn it takes one itself, without a switch
  // to another thread. As others below, with no lock held that a turn may want.
  bool hand_in(Task task);
  // Runs the task on the I/O thread and waits for it; in place when the loop does not run. Not in a forked child.
  void run(const Task& task);
  // Asks for a turn without work of its own (something was put where the turn will look).
  void wake();
  // The same, for one thing now and then: taken by the caller itself when there was no turn for a while. One turn for each of many
  // things would cost more than the switch that it saves.
  void wake_or_turn();

  // --- the dispatcher's threads
  enum class Served : std::uint8_t { deliver, surplus, ended };
  // Takes turns until something is to be delivered (the dispatcher said so), until another thread turned out to have the turn,
  // or until stop().
  Served serve();

  // --- I/O thread
  // Where the system watches no more descriptors it is tried again in each turn; meanwhile the owner sees sweeps and timers only.
  void add(int descriptor, Pollable& owner, bool read, bool write);
  void modify(Pollable& owner, bool read, bool write);
  void remove(int descriptor, Pollable& owner);
  void mark_dirty(Pollable& owner);
  TimerId call_after(std::chrono::milliseconds delay, Task task);
  void cancel(TimerId id);
  // Called at the end of every turn, before the flush.
  void set_turn_hook(Task hook) { turn_hook_ = std::move(hook); }
  wire::ReadBuffer& read_buffer() { return read_buffer_; }
  // Keeps `object` until the turn is over: links must not die inside their own callbacks.
  void bury(std::shared_ptr<void> object) { graveyard_.push_back(std::move(object)); }

 private:
  struct Timer {
    Monotonic::time_point at;
    TimerId id;
    Task task;
  };

  // Of one owner. Events name the seat and how often it was given away: one that was read before its owner left finds nobody.
  struct Seat {
    Pollable* owner = nullptr;
    std::uint32_t given = 0;
    int descriptor = -1;
    bool read = false, write = false;
    bool polled = false;       // the poller has it
    bool armed = false;        // else it tells no events until it is
    std::uint64_t due_ms = 0;  // when the next sweep calls, by the turn's clock
  };

  bool started() const { return running_.load(std::memory_order_acquire); }
  void rest();
  bool enqueue(Task task);
  void turn_of_caller() noexcept;  // out of memory: an end, not a turn that nobody can take any more
  bool take_turn(std::vector<hal::PollEvent>& events);
  bool end_turn(std::vector<hal::PollEvent>& events, bool leaving);
  Served leave();
  void turn(const std::vector<hal::PollEvent>& events);
  void serve_events(const std::vector<hal::PollEvent>& events);
  void serve_event(Seat& seat, const hal::PollEvent& event);
  Monotonic::time_point next_turn() const;
  Seat* seat_of(const hal::PollEvent& event);
  void disarm(std::size_t place);
  void arm();
  bool arm(std::size_t place);
  void complain(const std::error_code& error);
  void run_posted();
  void run_timers();
  void sweep();

  std::shared_ptr<Dispatcher> dispatcher_;
  std::shared_ptr<hal::Poller> poller_;  // while the loop runs; changed under turn_mutex_
  std::atomic<std::thread::id> thread_id_{};
  std::atomic<bool> running_{false};
  std::atomic<bool> ending_{false};
  std::atomic<int> process_{0};  // that the threads belong to; a forked child has none

  std::mutex lifecycle_;  // start, stop, run in place
  std::mutex posted_mutex_;
  std::vector<Task> posted_;

  std::mutex turn_mutex_;
  bool taken_ = false;                   // some thread has the turn
  bool over_ = true;                     // the last turn has been
  std::vector<hal::PollEvent> left_over_;  // of threads that found the turn taken
  std::atomic<bool> again_{false};       // a turn is wanted that has not begun
  std::atomic<Monotonic::time_point> last_end_{};

  std::vector<Seat> seats_;
  std::vector<std::size_t> free_seats_, disarmed_;
  std::vector<Pollable*> dirty_, flushing_;
  std::set<std::pair<Monotonic::time_point, TimerId>> timer_order_;
  std::unordered_map<TimerId, Timer> timers_;
  TimerId next_timer_ = 1;
  Monotonic::time_point next_complaint_{};
  Monotonic::time_point next_sweep_{};
  Task turn_hook_;
  std::vector<std::shared_ptr<void>> graveyard_;
  wire::ReadBuffer read_buffer_;
};

}  // namespace c104
