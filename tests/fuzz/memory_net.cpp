// SPDX-License-Identifier: GPL-3.0-or-later
// Defines what src/hal/stream.h and poller.h declare, and the steady clock.
#include "memory_net.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

#include "hal/poller.h"
#include "hal/stream.h"

namespace {

// Far ahead of the real clock, by which condition variables wait: they wake when notified, never by time.
constexpr std::int64_t epoch_ns = 1'000'000'000'000'000;
std::atomic<std::int64_t> clock_ns{epoch_ns};

}  // namespace

// In place of the library's: every timer of the program under test runs on it.
std::chrono::steady_clock::time_point std::chrono::steady_clock::now() noexcept {
  return time_point(duration(clock_ns.load(std::memory_order_relaxed)));
}

namespace c104::fuzz {
namespace {

struct State {
  std::mutex mutex;
  std::condition_variable changed;  // the network, or a poller went to sleep
  std::map<int, std::shared_ptr<Wire>> wires;
  std::deque<std::shared_ptr<Wire>> callers, dialled;
  int next_descriptor = 1000;
  int listener = -1;
  bool refuse = false;
  bool asleep = false;        // the I/O thread waits and has seen everything
  std::uint64_t version = 0;  // of the network
};

State& state() {
  static State& one = *new State;
  return one;
}

std::int64_t now_ms() { return clock_ns.load() / 1'000'000; }

class MemoryStream final : public hal::Stream {
 public:
  MemoryStream(int descriptor, std::shared_ptr<Wire> wire) : descriptor_(descriptor), wire_(std::move(wire)) {}
  ~MemoryStream() override {
    std::lock_guard lock(state().mutex);
    wire_->near_closed = true;
    state().wires.erase(descriptor_);
  }
  hal::Progress establish() override { return refused_ ? hal::Progress::failed : hal::Progress::done; }
  hal::Transfer read(std::uint8_t* buffer, std::size_t size) override {
    std::lock_guard lock(state().mutex);
    auto& waiting = wire_->to_near;
    if (waiting.empty()) return {0, wire_->far_closed ? hal::Progress::failed : hal::Progress::want_read};
    const std::size_t count = std::min(size, waiting.size());
    std::copy_n(waiting.begin(), count, buffer);
    waiting.erase(waiting.begin(), waiting.begin() + static_cast<std::ptrdiff_t>(count));
    return {count, count == size ? hal::Progress::done : hal::Progress::want_read};
  }
  hal::Transfer write(Bytes data) override {
    std::lock_guard lock(state().mutex);
    if (wire_->far_closed) return {0, hal::Progress::failed};
    if (wire_->blocked) return {0, hal::Progress::want_write};
    wire_->from_near.insert(wire_->from_near.end(), data.begin(), data.end());
    return {data.size(), hal::Progress::done};
  }
  int descriptor() const override { return descriptor_; }
  std::string peer_address() const override { return "192.0.2.1:2404"; }
  std::string peer_ip() const override { return "192.0.2.1"; }
  std::string error() const override { return refused_ ? "connection refused" : "closed by partner"; }
  void refuse() { refused_ = true; }

 private:
  const int descriptor_;
  const std::shared_ptr<Wire> wire_;
  bool refused_ = false;
};

std::unique_ptr<MemoryStream> make_stream(State& s, std::shared_ptr<Wire> wire) {
  const int descriptor = s.next_descriptor++;
  s.wires[descriptor] = wire;
  return std::make_unique<MemoryStream>(descriptor, std::move(wire));
}

// Until the I/O thread, which must run, has seen everything. Workers may still hand it work: look more than once.
void wait_until_asleep(std::unique_lock<std::mutex>& lock) {
  State& s = state();
  for (int looks = 0; looks < 2;) {
    s.changed.wait(lock, [&] { return s.asleep; });
    lock.unlock();
    // Not yield(): on a busy machine each one costs a whole time slice of somebody else's.
    std::this_thread::sleep_for(std::chrono::microseconds(10));
    lock.lock();
    looks = s.asleep ? looks + 1 : 0;
  }
}

template <class Change>
void step(Change change) {
  State& s = state();
  std::unique_lock lock(s.mutex);
  change(s);
  ++s.version;
  s.asleep = false;  // it looks again
  s.changed.notify_all();
  wait_until_asleep(lock);
}

}  // namespace

Net& Net::instance() {
  static Net one;
  return one;
}

void Net::reset() {
  State& s = state();
  std::lock_guard lock(s.mutex);
  s.wires.clear();
  s.callers.clear();
  s.dialled.clear();
  s.refuse = false;
  s.next_descriptor = 1000;
  clock_ns.store(epoch_ns);
}

void Net::give(Wire& wire, const std::uint8_t* octets, std::size_t size) {
  step([&](State&) { wire.to_near.insert(wire.to_near.end(), octets, octets + size); });
}
void Net::close(Wire& wire) {
  step([&](State&) { wire.far_closed = true; });
}
void Net::block(Wire& wire, bool blocked) {
  step([&](State&) { wire.blocked = blocked; });
}
void Net::advance(std::uint64_t ms) {
  step([&](State&) { clock_ns.fetch_add(static_cast<std::int64_t>(ms) * 1'000'000); });
}
void Net::settle() {
  step([](State&) {});
}
void Net::refuse_dials(bool refuse) {
  step([&](State& s) { s.refuse = refuse; });
}

std::shared_ptr<Wire> Net::call() {
  auto wire = std::make_shared<Wire>();
  bool taken = false;
  step([&](State& s) {
    taken = s.listener >= 0;
    if (taken) s.callers.push_back(wire);
  });
  return taken ? wire : nullptr;
}

std::shared_ptr<Wire> Net::take_dialled() {
  std::lock_guard lock(state().mutex);
  if (state().dialled.empty()) return nullptr;
  auto wire = state().dialled.back();
  state().dialled.clear();
  return wire;
}

Octets Net::take(Wire& wire) {
  std::lock_guard lock(state().mutex);
  return std::move(wire.from_near);
}

bool Net::alive(const Wire& wire) {
  std::lock_guard lock(state().mutex);
  return !wire.far_closed && !wire.near_closed;
}

}  // namespace c104::fuzz

// ---------------------------------------------------------------------------------------------- src/hal/stream.h

namespace c104::hal {

using fuzz::state;

bool Endpoint::is_literal(const std::string&) { return true; }
std::string resolve_host(const std::string& host) { return host; }

std::unique_ptr<Stream> dial(const Endpoint&) {
  auto& s = state();
  std::lock_guard lock(s.mutex);
  auto wire = std::make_shared<fuzz::Wire>();
  auto stream = fuzz::make_stream(s, wire);
  if (s.refuse) {
    stream->refuse();
  } else {
    s.dialled.push_back(std::move(wire));
  }
  return stream;
}

Listener::Listener(const Endpoint& at, int) : port_(at.port) {
  std::lock_guard lock(state().mutex);
  descriptor_ = state().listener = state().next_descriptor++;
}

Listener::~Listener() {
  std::lock_guard lock(state().mutex);
  state().listener = -1;
}

std::unique_ptr<Stream> Listener::accept(std::string&) {
  auto& s = state();
  std::lock_guard lock(s.mutex);
  if (s.callers.empty()) return nullptr;
  auto wire = s.callers.front();
  s.callers.pop_front();
  return fuzz::make_stream(s, std::move(wire));
}

// ---------------------------------------------------------------------------------------------- src/hal/poller.h

const int Poller::most_waiting = 1;

struct Poller::Impl {
  struct Interest {
    std::uint64_t key;
    bool read, write;
  };
  std::map<int, Interest> members;
  bool woken = false;
  std::int64_t deadline_ms = 0;

  void look(std::vector<PollEvent>& events) {
    const auto& s = state();
    for (const auto& [descriptor, interest] : members) {
      if (descriptor == s.listener) {
        if (interest.read && !s.callers.empty()) events.push_back({interest.key, true, false, false});
        continue;
      }
      const auto found = s.wires.find(descriptor);
      if (found == s.wires.end()) continue;
      const fuzz::Wire& wire = *found->second;
      const bool readable = interest.read && (!wire.to_near.empty() || wire.far_closed);
      const bool writable = interest.write && (!wire.blocked || wire.far_closed);
      // Like EPOLLHUP: told also to who asks for nothing.
      if (readable || writable || wire.far_closed) events.push_back({interest.key, readable, writable, wire.far_closed});
    }
  }
};

Poller::Poller() : impl_(std::make_unique<Impl>()) {}
Poller::~Poller() = default;

void Poller::add(int descriptor, std::uint64_t key, bool read, bool write) { impl_->members[descriptor] = {key, read, write}; }
void Poller::modify(int descriptor, std::uint64_t key, bool read, bool write) {
  const auto found = impl_->members.find(descriptor);
  if (found != impl_->members.end()) found->second = {key, read, write};
}
void Poller::remove(int descriptor) { impl_->members.erase(descriptor); }

void Poller::set_deadline(std::chrono::steady_clock::time_point at) {
  impl_->deadline_ms = std::chrono::ceil<std::chrono::milliseconds>(at.time_since_epoch()).count();
}

void Poller::wait(std::vector<PollEvent>& events, bool block) {
  auto& s = state();
  std::unique_lock lock(s.mutex);
  for (;;) {
    impl_->look(events);
    if (!events.empty() || impl_->woken || !block || fuzz::now_ms() >= impl_->deadline_ms) break;
    const std::uint64_t seen = s.version;
    s.asleep = true;
    s.changed.notify_all();
    s.changed.wait(lock, [&] { return s.version != seen || impl_->woken; });
    s.asleep = false;
  }
  impl_->woken = false;
}

void Poller::wake() {
  auto& s = state();
  std::lock_guard lock(s.mutex);
  impl_->woken = true;
  s.asleep = false;
  s.changed.notify_all();
}

}  // namespace c104::hal
