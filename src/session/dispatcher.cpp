// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/dispatcher.h"

#include <algorithm>
#include <system_error>

#include "base/log.h"
#include "base/process.h"
#include "hal/poller.h"
#include "hal/thread.h"
#include "session/callback.h"
#include "session/loop.h"

namespace c104 {

struct Dispatcher::Thread {
  hal::Thread thread;
  bool entered = false;    // own thread only
  bool surplus = false;    // own thread only: met another one in the loop, and stays away until it has delivered something
  bool delivers = false;   // guarded by the dispatcher's mutex, as is `seen`
  std::uint64_t seen = 0;  // `callbacks`, when last looked at
  // Odd while inside a callback. The same odd number some time later means held up.
  std::atomic<std::uint64_t> callbacks{0};
  bool held_up() const noexcept { return (seen & 1) != 0 && callbacks.load(std::memory_order_acquire) == seen; }
};

namespace {
thread_local Dispatcher* own_dispatcher = nullptr;
thread_local void* own_thread = nullptr;
thread_local Strand* own_strand = nullptr;

// A callback that takes longer holds up its thread: others deliver what waits.
constexpr std::chrono::microseconds look_interval{300};
}  // namespace

Strand* Dispatcher::current() noexcept { return own_strand; }

bool Dispatcher::enter_callback() {
  auto* self = static_cast<Thread*>(own_thread);
  if (self == nullptr) return false;
  if (!self->entered) self->entered = runtime().enter();
  if (self->entered) self->callbacks.fetch_add(1, std::memory_order_release);
  return self->entered;
}

void Dispatcher::leave_callback() noexcept {
  static_cast<Thread*>(own_thread)->callbacks.fetch_add(1, std::memory_order_release);
}

void Dispatcher::start() {
  std::lock_guard lock(mutex_);
  process_ = process_id();
  stopping_ = false;
}

void Dispatcher::stop(std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  stopping_ = true;
  work_.notify_all();
  if (process_ != process_id()) return;  // a forked child has no threads
  const std::size_t self = own_dispatcher == this ? 1 : 0;
  changed_.wait_for(lock, patience, [&] { return threads_.size() <= self; });
  // Those that still run, and the caller, end by themselves.
  for (const auto& thread : threads_) {
    if (thread->thread.joinable()) thread->thread.detach();
  }
  const auto finished = std::move(finished_);
  finished_.clear();
  lock.unlock();
  for (const auto& thread : finished) {
    if (thread->thread.joinable()) thread->thread.join();
  }
}

void Dispatcher::begin_service(IoLoop& loop) {
  std::lock_guard lock(mutex_);
  loop_ = &loop;
  if (!send_to_poller())
    throw std::system_error(std::make_error_code(std::errc::resource_unavailable_try_again), "cannot start a thread");
  serving_ = true;
}

void Dispatcher::end_service() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return in_poller_ == 0; });
}

void Dispatcher::schedule(std::shared_ptr<Strand> strand) {
  std::lock_guard lock(mutex_);
  ready_.push_back(std::move(strand));
  waiting_.store(true, std::memory_order_release);
  if (serving_) return;  // relief() will see to it
  work_.notify_one();
  if (threads_.empty()) spawn();
}

void Dispatcher::deliver_log() {
  std::lock_guard lock(mutex_);
  log_requested_ = true;
  waiting_.store(true, std::memory_order_release);
}

Dispatcher::Relief Dispatcher::relief() {
  constexpr auto never = Monotonic::time_point::max();
  if (!has_work()) return {false, never};
  const auto now = Monotonic::now();
  std::lock_guard lock(mutex_);
  const bool busy = std::any_of(threads_.begin(), threads_.end(), [](const auto& thread) { return thread->delivers; });
  if (busy) {
    if (now - last_look_ < look_interval) return {false, last_look_ + look_interval};
    const bool somebody = getting_on() > 0;
    for (const auto& thread : threads_) thread->seen = thread->callbacks.load(std::memory_order_acquire);
    last_look_ = now;
    if (somebody) return {false, now + look_interval};
  }
  // The last thread stays with the loop: all others are held up, or just about to look for work.
  if (in_poller_ < 2 && idle_ == 0 && threads_.size() >= most_threads) return {false, never};
  static_cast<Thread*>(own_thread)->delivers = true;
  return {true, never};
}

// How many deliver and have not been inside one callback since relief() looked.
std::size_t Dispatcher::getting_on() const {
  return static_cast<std::size_t>(std::count_if(threads_.begin(), threads_.end(),
                                                [](const auto& thread) { return thread->delivers && !thread->held_up(); }));
}

// False: there is no thread to be had.
bool Dispatcher::send_to_poller() {
  if (idle_ > sent_) {
    work_.notify_one();
  } else {
    try {
      spawn();
    } catch (const std::system_error& error) {
      log(LogLevel::error, "c104", std::string("no thread for callbacks: ") + error.what());
      return false;
    }
  }
  ++sent_;
  ++in_poller_;
  return true;
}

void Dispatcher::spawn() {
  auto thread = std::make_shared<Thread>();
  thread->thread = hal::Thread([self = shared_from_this(), thread] { self->main(thread); });
  threads_.push_back(std::move(thread));
  ++idle_;
}

void Dispatcher::main(const std::shared_ptr<Thread>& self) {
  own_dispatcher = this;
  own_thread = self.get();
  std::unique_lock lock(mutex_);
  --idle_;
  bool idle = true;  // until now: who is sent to the poller goes there first, for one that has left it to deliver
  for (;;) {
    if ((!idle || sent_ == 0) && work(lock, *self)) {
      idle = false;
    } else if (sent_ > 0 || (serving_ && !self->surplus && in_poller_ < hal::Poller::most_waiting)) {
      sent_ > 0 ? --sent_ : ++in_poller_;
      serve(lock, *self);
      idle = false;
    } else if (stopping_) {
      break;
    } else {
      ++idle_;
      work_.wait(lock);
      --idle_;
      idle = true;
    }
  }
  threads_.erase(std::find(threads_.begin(), threads_.end(), self));
  if (self->thread.joinable()) finished_.push_back(self);
  changed_.notify_all();
}

// Is the I/O thread, or next in line, until there is something to deliver, and begins with that.
void Dispatcher::serve(std::unique_lock<std::mutex>& lock, Thread& self) {
  IoLoop& loop = *loop_;
  auto served = IoLoop::Served::ended;
  // The last one that is counted stays, also when it is surplus: the other one may just be leaving.
  const auto may_leave = [&] {
    return served == IoLoop::Served::ended || in_poller_ > 1 || (served == IoLoop::Served::deliver && send_to_poller());
  };
  do {
    self.delivers = false;
    lock.unlock();
    served = loop.serve();
    lock.lock();
  } while (!may_leave());
  if (served == IoLoop::Served::ended) serving_ = false;
  if (--in_poller_ == 0) changed_.notify_all();
  self.surplus = served == IoLoop::Served::surplus;
  if (served == IoLoop::Served::deliver) work(lock, self);
}

// Does one piece of what waits. False: nothing does.
bool Dispatcher::work(std::unique_lock<std::mutex>& lock, Thread& self) {
  self.delivers = !ready_.empty() || log_requested_;
  if (!ready_.empty()) {
    self.surplus = false;
    std::shared_ptr<Strand> strand = std::move(ready_.front());
    ready_.pop_front();
    waiting_.store(!ready_.empty() || log_requested_, std::memory_order_release);
    lock.unlock();
    own_strand = strand.get();
    strand->deliver_some();
    own_strand = nullptr;
    const bool more = strand->has_more();
    lock.lock();
    if (more) ready_.push_back(std::move(strand));
    waiting_.store(!ready_.empty() || log_requested_, std::memory_order_release);
    if (strand) {
      lock.unlock();
      strand.reset();  // may be the last one to hold it
      lock.lock();
    }
  } else if (log_requested_) {
    log_requested_ = false;
    waiting_.store(false, std::memory_order_release);
    lock.unlock();
    if (enter_callback()) {
      runtime().write_log();
      leave_callback();
    }
    lock.lock();
  } else if (self.entered) {
    self.entered = false;
    lock.unlock();
    runtime().leave();
    lock.lock();
  } else {
    return false;
  }
  return true;
}

// ---------------------------------------------------------------------------------------------- Strand

namespace {

constexpr std::size_t record_header = 3;
constexpr std::size_t count_step = 8 * 1024;
constexpr std::size_t keep_capacity = 128 * 1024;

void append_record(std::vector<std::uint8_t>& out, EventKind kind, Bytes payload) {
  const std::size_t at = out.size();
  out.resize(at + record_header + payload.size());
  out[at] = static_cast<std::uint8_t>(kind);
  out[at + 1] = static_cast<std::uint8_t>(payload.size());
  out[at + 2] = static_cast<std::uint8_t>(payload.size() >> 8);
  std::copy(payload.begin(), payload.end(), out.begin() + static_cast<std::ptrdiff_t>(at + record_header));
}

}  // namespace

void Strand::Queue::clear() {
  tasks.clear();
  if (bytes.capacity() > keep_capacity) bytes = {};
  bytes.clear();
}

Strand::Strand(std::shared_ptr<Dispatcher> dispatcher, Deliver deliver, Task drained)
    : dispatcher_(std::move(dispatcher)), deliver_(std::move(deliver)), drained_(std::move(drained)) {}

void Strand::push(EventKind kind, Bytes payload) { append_record(staged_.bytes, kind, payload); }

void Strand::push(Task task) {
  append_record(staged_.bytes, EventKind::task, {});
  staged_.tasks.push_back(std::move(task));
}

void Strand::publish() {
  if (staged_.empty()) return;
  const std::size_t size = staged_.bytes.size();
  const std::size_t queued = queued_.fetch_add(size, std::memory_order_acq_rel) + size;
  if (queued > high_water_.load(std::memory_order_relaxed)) high_water_.store(queued, std::memory_order_relaxed);
  {
    std::lock_guard lock(mutex_);
    if (waiting_.empty()) {
      std::swap(waiting_, staged_);
    } else {
      waiting_.bytes.insert(waiting_.bytes.end(), staged_.bytes.begin(), staged_.bytes.end());
      std::move(staged_.tasks.begin(), staged_.tasks.end(), std::back_inserter(waiting_.tasks));
    }
    staged_.clear();
    if (scheduled_.exchange(true, std::memory_order_relaxed)) return;
  }
  dispatcher_->schedule(shared_from_this());
}

bool Strand::full() const noexcept {
  const std::size_t allowed = waiting_inside_.load(std::memory_order_acquire) > 0 ? limit_waiting_inside : limit;
  return queued_.load(std::memory_order_acquire) + staged_.bytes.size() >= allowed;
}

void Strand::deliver_some() {
  {
    std::lock_guard lock(mutex_);
    std::swap(waiting_, current_);
  }
  const std::uint8_t* record = current_.bytes.data();
  const std::uint8_t* const end = record + current_.bytes.size();
  std::size_t task = 0;
  std::size_t done = 0;
  // Counted in steps: the counter is shared with the I/O thread, and its cache line is dear.
  const auto settle = [&] {
    const std::size_t before = queued_.fetch_sub(done, std::memory_order_acq_rel);
    if (before >= limit / 2 && before - done < limit / 2) drained_();
    done = 0;
  };
  while (record != end) {
    const auto kind = static_cast<EventKind>(record[0]);
    const std::size_t size = record[1] | (std::size_t{record[2]} << 8);
    if (kind == EventKind::task) {
      current_.tasks[task++]();
    } else {
      deliver_(kind, {record + record_header, size});
    }
    record += record_header + size;
    done += record_header + size;
    if (done >= count_step) settle();
  }
  settle();
  current_.clear();
}

bool Strand::has_more() {
  std::lock_guard lock(mutex_);
  scheduled_.store(!waiting_.empty(), std::memory_order_release);
  return !waiting_.empty();
}

Strand::WaitingInside::WaitingInside(Strand* strand) : strand_(strand) {
  if (strand_ == nullptr) return;
  strand_->waiting_inside_.fetch_add(1, std::memory_order_acq_rel);
  strand_->drained_();  // reading may have been paused at the ordinary limit
}

Strand::WaitingInside::~WaitingInside() {
  if (strand_ != nullptr) strand_->waiting_inside_.fetch_sub(1, std::memory_order_acq_rel);
}

}  // namespace c104
