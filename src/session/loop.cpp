// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/loop.h"

#include <algorithm>
#include <future>
#include <stdexcept>
#include <string>
#include <utility>

#include "base/log.h"
#include "hal/clock.h"
#include "session/dispatcher.h"

namespace c104 {
namespace {
using namespace std::chrono_literals;
constexpr auto sweep_interval = 100ms;
constexpr auto long_rest = 1ms;
constexpr auto costly_share = 4ms;  // of a turn: two or three steps of TLS handshakes
}  // namespace

IoLoop::IoLoop(std::shared_ptr<Dispatcher> dispatcher) : dispatcher_(std::move(dispatcher)) {}

IoLoop::~IoLoop() { stop(); }

void IoLoop::start() {
  std::lock_guard lifecycle(lifecycle_);
  if (running()) return;
  auto poller = std::make_shared<hal::Poller>();
  disarmed_.clear();
  for (std::size_t place = 0; place < seats_.size(); ++place) {
    seats_[place].polled = seats_[place].armed = false;
    if (seats_[place].owner != nullptr) disarmed_.push_back(place);
  }
  next_sweep_ = Monotonic::now() + sweep_interval;
  poller->set_deadline(next_sweep_);
  poller->wake();  // for what was posted while there was nobody to wake
  ending_.store(false);
  {
    std::lock_guard turn(turn_mutex_);
    taken_ = over_ = false;
    poller_ = std::move(poller);
  }
  process_.store(process_id(), std::memory_order_relaxed);
  {
    std::lock_guard lock(posted_mutex_);
    running_.store(true, std::memory_order_release);
  }
  try {
    dispatcher_->begin_service(*this);
  } catch (...) {
    rest();
    throw;
  }
}

void IoLoop::stop() {
  if (forked()) return;
  std::lock_guard lifecycle(lifecycle_);
  if (!running()) return;
  ending_.store(true, std::memory_order_release);
  wake();
  dispatcher_->end_service();
  rest();
  run_posted();  // what came while the last turn ended
  graveyard_.clear();
  read_buffer_.release();
}

// Who keeps a stopped Client keeps no descriptors with it.
void IoLoop::rest() {
  {
    std::lock_guard lock(posted_mutex_);
    running_.store(false, std::memory_order_release);
  }
  std::lock_guard turn(turn_mutex_);
  over_ = true;
  poller_.reset();
}

void IoLoop::refuse_forked(const char* owner) const {
  if (!forked()) return;
  throw std::runtime_error(std::string("this ") + owner +
                           " was started before fork() and its links belong to the parent: make a new " + owner +
                           " in the child");
}

bool IoLoop::enqueue(Task task) {
  if (forked()) return false;
  std::lock_guard lock(posted_mutex_);
  posted_.push_back(std::move(task));
  return running();
}

bool IoLoop::post(Task task) {
  const bool runs = enqueue(std::move(task));
  wake();
  return runs;
}

bool IoLoop::hand_in(Task task) {
  if (hal::Poller::most_waiting < 2) return post(std::move(task));
  const bool runs = enqueue(std::move(task));
  if (!forked()) turn_of_caller();
  return runs;
}

// Of a thread that is none of the dispatcher's. Who has the turn already takes another one for it.
void IoLoop::turn_of_caller() noexcept {
  std::vector<hal::PollEvent> events;
  if (!take_turn(events)) return;
  turn(events);
  poller_->set_deadline(next_turn());
  if (dispatcher_->has_work()) again_.store(true, std::memory_order_release);  // for those who may deliver
  end_turn(events, true);
}

void IoLoop::run(const Task& task) {
  if (on_thread()) {
    task();
    return;
  }
  if (forked()) throw std::logic_error("nothing runs in a forked child");
  std::promise<void> done;
  bool posted = false;
  {
    std::lock_guard lock(posted_mutex_);
    if (running()) {
      posted_.push_back([&] {
        task();
        done.set_value();
      });
      posted = true;
    }
  }
  if (posted) {
    wake();
    done.get_future().wait();
    return;
  }
  std::lock_guard lifecycle(lifecycle_);
  task();
}

void IoLoop::wake() {
  if (forked()) return;
  if (again_.exchange(true, std::memory_order_acq_rel)) return;
  std::shared_ptr<hal::Poller> poller;
  {
    std::lock_guard lock(turn_mutex_);
    if (!taken_) poller = poller_;  // who has the turn looks at its end
  }
  if (poller) poller->wake();
}

void IoLoop::wake_or_turn() {
  if (forked()) return;
  if (again_.load(std::memory_order_acquire)) return;
  const bool rested = Monotonic::now() - last_end_.load(std::memory_order_relaxed) > long_rest;
  if (rested && hal::Poller::most_waiting > 1) {
    turn_of_caller();
  } else {
    wake();
  }
}

IoLoop::TimerId IoLoop::call_after(std::chrono::milliseconds delay, Task task) {
  const TimerId id = next_timer_++;
  const auto at = Monotonic::now() + delay;
  timers_.emplace(id, Timer{at, id, std::move(task)});
  timer_order_.emplace(at, id);
  return id;
}

void IoLoop::cancel(TimerId id) {
  const auto timer = timers_.find(id);
  if (timer == timers_.end()) return;
  timer_order_.erase({timer->second.at, id});
  timers_.erase(timer);
}

// ---------------------------------------------------------------------------------------------- turns

IoLoop::Served IoLoop::serve() {
  std::vector<hal::PollEvent> events;
  for (bool more = false;;) {
    poller_->wait(events, !more);
    if (!more && !take_turn(events)) return leave();
    turn(events);
    events.clear();
    const auto [deliver, look] = dispatcher_->relief();
    poller_->set_deadline(std::min(next_turn(), look));
    more = !end_turn(events, deliver);
    if (deliver) return Served::deliver;
  }
}

// False: there is none to take, or another thread has it and does what this one was woken for.
bool IoLoop::take_turn(std::vector<hal::PollEvent>& events) {
  std::lock_guard lock(turn_mutex_);
  if (over_) return false;
  if (taken_) {
    left_over_.insert(left_over_.end(), events.begin(), events.end());
    again_.store(true, std::memory_order_release);
    return false;
  }
  taken_ = true;
  thread_id_.store(std::this_thread::get_id(), std::memory_order_release);
  events.insert(events.end(), left_over_.begin(), left_over_.end());
  left_over_.clear();
  again_.exchange(false, std::memory_order_acq_rel);
  return true;
}

// False: this thread has the next turn too, with these events and what else is ready.
bool IoLoop::end_turn(std::vector<hal::PollEvent>& events, bool leaving) {
  std::lock_guard lock(turn_mutex_);
  const bool again = again_.load(std::memory_order_acquire);
  if (again && !leaving) {
    events.swap(left_over_);
    again_.exchange(false, std::memory_order_acq_rel);
    return false;
  }
  hal::set_turn_clock(0);
  thread_id_.store({}, std::memory_order_release);
  last_end_.store(Monotonic::now(), std::memory_order_relaxed);
  taken_ = false;
  over_ = !again && ending_.load(std::memory_order_acquire);
  if (again || over_) poller_->wake();
  return true;
}

IoLoop::Served IoLoop::leave() {
  std::lock_guard lock(turn_mutex_);
  if (!over_) return Served::surplus;
  poller_->wake();  // one after another
  return Served::ended;
}

void IoLoop::turn(const std::vector<hal::PollEvent>& events) {
  hal::set_turn_clock(hal::monotonic_ms());
  serve_events(events);
  run_posted();
  run_timers();
  if (Monotonic::now() >= next_sweep_) sweep();
  if (turn_hook_) turn_hook_();
  // Rotating would not help here: the list is in the order in which members had something to send.
  flushing_.swap(dirty_);
  for (std::size_t i = 0; i < flushing_.size(); ++i) {
    if (flushing_[i] != nullptr) flushing_[i]->on_flush();
  }
  flushing_.clear();
  arm();
  if (log_waiting()) dispatcher_->deliver_log();
  graveyard_.clear();
}

// A crowd of handshakes must not hold up those who work: what is left over is reported again when it is armed.
void IoLoop::serve_events(const std::vector<hal::PollEvent>& events) {
  bool costly = false;
  for (const hal::PollEvent& event : events) {
    Seat* seat = seat_of(event);
    if (seat == nullptr) continue;
    if (seat->owner->costly_) {
      costly = true;
    } else {
      serve_event(*seat, event);
    }
  }
  if (!costly) return;
  const auto end = Monotonic::now() + costly_share;
  bool time_left = true;
  for (const hal::PollEvent& event : events) {
    Seat* seat = seat_of(event);
    if (seat == nullptr || !seat->owner->costly_) continue;
    if (time_left) {
      serve_event(*seat, event);
      time_left = Monotonic::now() < end;
    } else {
      disarm(seat->owner->place_);
    }
  }
}

void IoLoop::serve_event(Seat& seat, const hal::PollEvent& event) {
  disarm(seat.owner->place_);
  seat.due_ms = 0;
  seat.owner->on_ready(event.readable, event.writable, event.broken);
}

Monotonic::time_point IoLoop::next_turn() const {
  auto next = Monotonic::now() + 1h;
  if (seats_.size() > free_seats_.size()) next = std::min(next, next_sweep_);
  if (!timer_order_.empty()) next = std::min(next, timer_order_.begin()->first);
  return next;
}

void IoLoop::run_posted() {
  std::vector<Task> tasks;
  {
    std::lock_guard lock(posted_mutex_);
    tasks.swap(posted_);
  }
  for (Task& task : tasks) task();
}

void IoLoop::run_timers() {
  const auto now = Monotonic::now();
  while (!timer_order_.empty() && timer_order_.begin()->first <= now) {
    const TimerId id = timer_order_.begin()->second;
    timer_order_.erase(timer_order_.begin());
    const Task task = std::move(timers_.at(id).task);
    timers_.erase(id);
    task();
  }
}

void IoLoop::sweep() {
  const std::uint64_t now = hal::turn_clock();
  for (std::size_t i = 0; i < seats_.size(); ++i) {  // owners come and go meanwhile
    Pollable* owner = seats_[i].owner;
    if (owner == nullptr || seats_[i].due_ms > now) continue;
    const auto rest = owner->on_sweep();
    if (seats_[i].owner == owner && rest.count() > 0) seats_[i].due_ms = now + static_cast<std::uint64_t>(rest.count());
  }
  next_sweep_ = Monotonic::now() + sweep_interval;
}

}  // namespace c104
