// SPDX-License-Identifier: GPL-3.0-or-later
// The poller where there is no epoll, or with C104_USE_POLL: poll() over a flat array, and a socket for wake-ups.
#if !defined(__linux__) || defined(C104_USE_POLL)

#include <algorithm>
#include <system_error>
#include <unordered_map>
#include <vector>

#include "hal/poller.h"
#include "hal/sockets.h"

namespace c104::hal {
namespace {
using Clock = std::chrono::steady_clock;
}

const int Poller::most_waiting = 1;

struct Poller::Impl {
  // A datagram socket that is connected to itself: what Windows has nothing simpler for, and what works everywhere.
  int bell = -1;
  // Parallel arrays; entry 0 is the bell.
  std::vector<pollfd> waiting;
  std::vector<std::uint64_t> keys;
  std::unordered_map<int, std::size_t> index;
  Clock::time_point deadline = Clock::time_point::max();

  void append(int descriptor, std::uint64_t key, short interest) {
    pollfd entry{};
    entry.fd = static_cast<decltype(entry.fd)>(descriptor);
    entry.events = interest;
    waiting.push_back(entry);
    keys.push_back(key);
  }

  static short mask(bool read, bool write) { return static_cast<short>((read ? POLLIN : 0) | (write ? POLLOUT : 0)); }
};

Poller::Poller() : impl_(std::make_unique<Impl>()) {
  sockaddr_in self{};
  self.sin_family = AF_INET;
  self.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* address = reinterpret_cast<sockaddr*>(&self);
  socklen_t size = sizeof self;
  impl_->bell = open_socket(AF_INET, SOCK_DGRAM);
  if (impl_->bell < 0 || ::bind(impl_->bell, address, size) != 0 || ::getsockname(impl_->bell, address, &size) != 0 ||
      ::connect(impl_->bell, address, size) != 0) {
    const int code = last_error();
    if (impl_->bell >= 0) close_socket(impl_->bell);
    throw std::system_error(code, std::system_category(), "wake-up socket");
  }
  impl_->append(impl_->bell, 0, POLLIN);
}

Poller::~Poller() { close_socket(impl_->bell); }

std::error_code Poller::add(int descriptor, std::uint64_t key, bool read, bool write) {
  if (!impl_->index.emplace(descriptor, impl_->waiting.size()).second) {
    modify(descriptor, key, read, write);
  } else {
    impl_->append(descriptor, key, Impl::mask(read, write));
  }
  return {};
}

void Poller::modify(int descriptor, std::uint64_t key, bool read, bool write) {
  const auto found = impl_->index.find(descriptor);
  if (found == impl_->index.end()) return;
  impl_->waiting[found->second].events = Impl::mask(read, write);
  impl_->keys[found->second] = key;
}

void Poller::remove(int descriptor) {
  const auto found = impl_->index.find(descriptor);
  if (found == impl_->index.end()) return;
  const std::size_t hole = found->second;
  impl_->index.erase(found);
  const std::size_t last = impl_->waiting.size() - 1;
  if (hole != last) {
    impl_->waiting[hole] = impl_->waiting[last];
    impl_->keys[hole] = impl_->keys[last];
    impl_->index[static_cast<int>(impl_->waiting[hole].fd)] = hole;
  }
  impl_->waiting.pop_back();
  impl_->keys.pop_back();
}

void Poller::set_deadline(Clock::time_point at) { impl_->deadline = at; }

void Poller::wait(std::vector<PollEvent>& events, bool block) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(impl_->deadline - Clock::now()).count();
  const int timeout = block ? static_cast<int>(std::clamp<std::int64_t>(left, 0, 3'600'000)) : 0;
  int ready = wait_ready(impl_->waiting.data(), impl_->waiting.size(), timeout);
  for (std::size_t i = 0; ready > 0 && i < impl_->waiting.size(); ++i) {
    const short what = impl_->waiting[i].revents;
    if (what == 0) continue;
    --ready;
    if (i == 0) {
      std::uint8_t ignored[16];
      while (receive(impl_->bell, ignored, sizeof ignored) > 0) {
      }
      continue;
    }
    events.push_back(
        {impl_->keys[i], (what & POLLIN) != 0, (what & POLLOUT) != 0, (what & (POLLERR | POLLHUP | POLLNVAL)) != 0});
  }
}

void Poller::wake() {
  const std::uint8_t one = 1;
  send(impl_->bell, &one, sizeof one);
}

}  // namespace c104::hal

#endif
