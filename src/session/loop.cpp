// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/loop.h"

#include <algorithm>
#include <future>

#include "base/log.h"
#include "base/process.h"
#include "hal/clock.h"
#include "session/dispatcher.h"

namespace c104 {
namespace {
using namespace std::chrono_literals;
constexpr auto sweep_interval = 100ms;
}  // namespace

IoLoop::IoLoop(std::shared_ptr<Dispatcher> dispatcher) : dispatcher_(std::move(dispatcher)) {}

IoLoop::~IoLoop() { stop(); }

void IoLoop::start() {
  std::lock_guard lifecycle(lifecycle_);
  if (running()) return;
  ending_.store(false);
  process_ = process_id();
  {
    std::lock_guard lock(posted_mutex_);
    running_.store(true, std::memory_order_release);
  }
  thread_ = std::thread([this] { main(); });
}

void IoLoop::stop() {
  std::lock_guard lifecycle(lifecycle_);
  if (!running()) return;
  if (forked()) {
    // A forked child inherits the object, not the thread.
    new std::thread(std::move(thread_));
  } else {
    ending_.store(true, std::memory_order_release);
    poller_.wake();
    thread_.join();
  }
  {
    std::lock_guard lock(posted_mutex_);
    running_.store(false, std::memory_order_release);
  }
  thread_id_.store({}, std::memory_order_release);
  run_posted();  // what came while the thread ended
  graveyard_.clear();
}

bool IoLoop::forked() const { return running() && process_ != process_id(); }

void IoLoop::post(Task task) {
  {
    std::lock_guard lock(posted_mutex_);
    posted_.push_back(std::move(task));
  }
  if (!on_thread()) poller_.wake();
}

void IoLoop::run(const Task& task) {
  if (on_thread()) {
    task();
    return;
  }
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
    poller_.wake();
    done.get_future().wait();
    return;
  }
  std::lock_guard lifecycle(lifecycle_);
  task();
}

void IoLoop::add(int descriptor, Pollable& owner, bool read, bool write) {
  if (owner.place_ == Pollable::no_place) {
    owner.place_ = members_.size();
    members_.push_back({&owner, 0});
  }
  poller_.add(descriptor, &owner, read, write);
}

void IoLoop::modify(int descriptor, Pollable& owner, bool read, bool write) { poller_.modify(descriptor, &owner, read, write); }

void IoLoop::remove(int descriptor, Pollable& owner) {
  poller_.remove(descriptor);
  if (owner.place_ == Pollable::no_place) return;
  members_.back().owner->place_ = owner.place_;
  members_[owner.place_] = members_.back();
  members_.pop_back();
  owner.place_ = Pollable::no_place;
  for (hal::PollEvent& event : events_) {
    if (event.owner == &owner) event.owner = nullptr;
  }
  std::replace(dirty_.begin(), dirty_.end(), &owner, static_cast<Pollable*>(nullptr));
  std::replace(flushing_.begin(), flushing_.end(), &owner, static_cast<Pollable*>(nullptr));
}

void IoLoop::mark_dirty(Pollable& owner) {
  if (owner.place_ == Pollable::no_place) return;
  dirty_.push_back(&owner);
  members_[owner.place_].due_ms = 0;
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

void IoLoop::main() {
  thread_id_.store(std::this_thread::get_id(), std::memory_order_release);
  next_sweep_ = Monotonic::now() + sweep_interval;
  while (!ending_.load(std::memory_order_acquire)) turn();
  turn();  // what was posted before the end
}

void IoLoop::turn() {
  events_ = poller_.wait(timeout_ms());
  hal::set_turn_clock(hal::monotonic_ms());
  for (const hal::PollEvent& event : events_) {
    auto* owner = static_cast<Pollable*>(event.owner);
    if (owner == nullptr) continue;
    members_[owner->place_].due_ms = 0;
    owner->on_ready(event.readable, event.writable, event.broken);
  }
  events_ = {};
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
  if (log_waiting()) dispatcher_->deliver_log();
  if (dispatcher_->backlog()) dispatcher_->help();
  graveyard_.clear();
}

int IoLoop::timeout_ms() const {
  if (ending_.load(std::memory_order_acquire)) return 0;
  auto next = Monotonic::now() + 1h;
  if (!members_.empty()) next = std::min(next, next_sweep_);
  if (!timer_order_.empty()) next = std::min(next, timer_order_.begin()->first);
  if (dispatcher_->backlog()) next = std::min(next, Monotonic::now() + 1ms);
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(next - Monotonic::now()).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, 3'600'000));
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
  // Backwards: who goes is replaced by the last, which has been looked at.
  for (std::size_t i = members_.size(); i-- > 0;) {
    if (i >= members_.size() || members_[i].due_ms > now) continue;
    Pollable* owner = members_[i].owner;
    const auto rest = owner->on_sweep();
    if (i < members_.size() && members_[i].owner == owner && rest.count() > 0) {
      members_[i].due_ms = now + static_cast<std::uint64_t>(rest.count());
    }
  }
  next_sweep_ = Monotonic::now() + sweep_interval;
}

}  // namespace c104
