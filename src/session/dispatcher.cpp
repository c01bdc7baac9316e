// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/dispatcher.h"

#include <algorithm>
#include <thread>

#include "base/log.h"
#include "base/process.h"
#include "session/callback.h"

namespace c104 {

struct Dispatcher::Worker {
  std::thread thread;
  bool entered = false;       // own thread only
  Strand* strand = nullptr;   // own thread only
  // Odd while inside a callback. help() compares: the same odd number a millisecond later means held up.
  std::atomic<std::uint64_t> callbacks{0};
  std::uint64_t seen = 0;     // guarded by the dispatcher's mutex
  bool held_up() const noexcept { return (seen & 1) != 0 && callbacks.load(std::memory_order_acquire) == seen; }
};

namespace {
thread_local Dispatcher* own_dispatcher = nullptr;
thread_local void* own_worker = nullptr;
thread_local Strand* own_strand = nullptr;

constexpr std::chrono::microseconds patience{40};  // of a worker that was alerted
constexpr std::chrono::microseconds watch_time{300};
constexpr std::chrono::microseconds watch_pause{500};  // at most so often, where strands always wait
}  // namespace

Strand* Dispatcher::current() noexcept { return own_strand; }

bool Dispatcher::enter_callback() {
  auto* worker = static_cast<Worker*>(own_worker);
  if (worker == nullptr) return false;
  if (!worker->entered) worker->entered = runtime().enter();
  if (worker->entered) worker->callbacks.fetch_add(1, std::memory_order_release);
  return worker->entered;
}

void Dispatcher::leave_callback() noexcept {
  static_cast<Worker*>(own_worker)->callbacks.fetch_add(1, std::memory_order_release);
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
  if (process_ != process_id()) return;  // a forked child has no workers
  const std::size_t self = own_dispatcher == this ? 1 : 0;
  ended_.wait_for(lock, patience, [&] { return workers_.size() <= self; });
  // Those that still run, and the caller, end by themselves.
  for (const auto& worker : workers_) {
    if (worker->thread.joinable()) worker->thread.detach();
  }
  const auto finished = std::move(finished_);
  finished_.clear();
  lock.unlock();
  for (const auto& worker : finished) {
    if (worker->thread.joinable()) worker->thread.join();
  }
}

unsigned Dispatcher::workers() const {
  std::lock_guard lock(mutex_);
  return static_cast<unsigned>(workers_.size());
}

void Dispatcher::schedule(std::shared_ptr<Strand> strand) {
  {
    std::lock_guard lock(mutex_);
    ready_.push_back(std::move(strand));
    ready_count_.store(ready_.size(), std::memory_order_release);
    // A worker that gets on comes here by itself; a second one would only fight it for the interpreter.
    if (alerted_ || !(getting_on() > 0 ? find_watcher() : find_idle_or_spawn())) return;
  }
  // Without the mutex: the woken one wants it first.
  work_.notify_one();
}

// True: notify an idle one.
bool Dispatcher::find_idle_or_spawn() {
  if (idle_ > 0) return true;
  if (workers_.size() < max_workers) spawn();
  return false;
}

void Dispatcher::alert() {
  if (idle_.load(std::memory_order_relaxed) == 0) return;
  {
    std::lock_guard lock(mutex_);
    if (idle_ == 0 || alerted_ || !ready_.empty() || getting_on() > 0) return;
    alerted_ = true;
  }
  work_.notify_one();
}

// Looks out for what was announced, as long as it would take to be woken again.
void Dispatcher::look_out(std::unique_lock<std::mutex>& lock) {
  lock.unlock();
  const auto end = Monotonic::now() + patience;
  while (ready_count_.load(std::memory_order_acquire) == 0 && Monotonic::now() < end) {
  }
  lock.lock();
}

void Dispatcher::help() {
  const auto now = Monotonic::now();
  std::lock_guard lock(mutex_);
  if ((ready_.empty() && !log_requested_) || now - last_help_ < std::chrono::milliseconds(1)) return;
  last_help_ = now;
  if (getting_on() == 0 && find_idle_or_spawn()) work_.notify_one();
  for (const auto& worker : workers_) worker->seen = worker->callbacks.load(std::memory_order_acquire);
}

// How many workers deliver and are not held up inside one callback since help() or watch() looked.
std::size_t Dispatcher::getting_on() const {
  const auto held_up = std::count_if(workers_.begin(), workers_.end(), [](const auto& worker) { return worker->held_up(); });
  return workers_.size() - idle_ - static_cast<std::size_t>(held_up);
}

// True: notify an idle one, it will watch.
bool Dispatcher::find_watcher() {
  const auto now = Monotonic::now();
  if (idle_ == 0 || watching_ || now < next_watch_) return false;
  watching_ = true;
  next_watch_ = now + watch_pause;
  return true;
}

// An idle worker sees in less time than help() whether those that deliver get on. False: they do, it may sleep on.
bool Dispatcher::watch(std::unique_lock<std::mutex>& lock) {
  const auto wanted = [this] { return ready_.empty() || alerted_ || log_requested_ || stopping_; };
  const auto just_began = [](const auto& worker) {
    return worker->callbacks.load() == worker->seen + 1 && (worker->seen & 1) == 0;
  };
  do {
    for (const auto& worker : workers_) worker->seen = worker->callbacks.load(std::memory_order_acquire);
    if (!wanted()) work_.wait_for(lock, watch_time);
  } while (!wanted() && std::any_of(workers_.begin(), workers_.end(), just_began));
  watching_ = false;
  return wanted() || getting_on() == 0;
}

void Dispatcher::deliver_log() {
  {
    std::lock_guard lock(mutex_);
    log_requested_ = true;
    if (idle_ > 0) return work_.notify_one();
    if (workers_.empty()) return spawn();
  }
  help();  // a callback that stands still must not hold the log back
}

void Dispatcher::spawn() {
  auto worker = std::make_shared<Worker>();
  workers_.push_back(worker);
  worker->thread = std::thread([self = shared_from_this(), worker] { self->main(worker); });
}

void Dispatcher::main(const std::shared_ptr<Worker>& self) {
  own_dispatcher = this;
  own_worker = self.get();
  std::unique_lock lock(mutex_);
  for (;;) {
    if (!ready_.empty()) {
      std::shared_ptr<Strand> strand = std::move(ready_.front());
      ready_.pop_front();
      ready_count_.store(ready_.size(), std::memory_order_release);
      const bool notify = !ready_.empty() && find_watcher();
      lock.unlock();
      if (notify) work_.notify_one();
      own_strand = strand.get();
      strand->deliver_some();
      own_strand = nullptr;
      const bool more = strand->has_more();
      lock.lock();
      if (more) ready_.push_back(std::move(strand));
      ready_count_.store(ready_.size(), std::memory_order_release);
      if (strand) {
        lock.unlock();
        strand.reset();  // may be the last one to hold it
        lock.lock();
      }
    } else if (log_requested_) {
      log_requested_ = false;
      lock.unlock();
      if (enter_callback()) {
        runtime().write_log();
        leave_callback();
      }
      lock.lock();
    } else if (self->entered) {
      self->entered = false;
      lock.unlock();
      runtime().leave();
      lock.lock();
    } else if (stopping_) {
      break;
    } else {
      ++idle_;
      do {
        work_.wait(lock);
      } while (watching_ && !watch(lock));
      if (alerted_ && ready_.empty()) look_out(lock);
      alerted_ = watching_ = false;
      --idle_;
    }
  }
  workers_.erase(std::find(workers_.begin(), workers_.end(), self));
  if (self->thread.joinable()) finished_.push_back(self);
  ended_.notify_all();
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
  published_ = !staged_.empty();
  if (!published_) return;
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
