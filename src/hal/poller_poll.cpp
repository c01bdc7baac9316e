// SPDX-License-Identifier: GPL-3.0-or-later
// The poller where there is no epoll, or with C104_USE_POLL: poll() over a flat array, and a socket for wake-ups.
#if !defined(__linux__) || defined(C104_USE_POLL)

#include <atomic>
#include <system_error>
#include <unordered_map>
#include <vector>

#include "hal/poller.h"
#include "hal/sockets.h"

namespace c104::hal {

struct Poller::Impl {
  // A datagram socket that is connected to itself: what Windows has nothing simpler for, and what works everywhere.
  int bell = -1;
  std::atomic<bool> woken{false};
  // Parallel arrays; entry 0 is the bell.
  std::vector<pollfd> waiting;
  std::vector<void*> owners;
  std::unordered_map<int, std::size_t> index;
  std::vector<PollEvent> events;

  void append(int descriptor, void* owner, short interest) {
    pollfd entry{};
    entry.fd = static_cast<decltype(entry.fd)>(descriptor);
    entry.events = interest;
    waiting.push_back(entry);
    owners.push_back(owner);
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
  impl_->append(impl_->bell, nullptr, POLLIN);
}

Poller::~Poller() { close_socket(impl_->bell); }

void Poller::add(int descriptor, void* owner, bool read, bool write) {
  if (!impl_->index.emplace(descriptor, impl_->waiting.size()).second) {
    modify(descriptor, owner, read, write);
    return;
  }
  impl_->append(descriptor, owner, Impl::mask(read, write));
}

void Poller::modify(int descriptor, void* owner, bool read, bool write) {
  const auto found = impl_->index.find(descriptor);
  if (found == impl_->index.end()) return;
  impl_->waiting[found->second].events = Impl::mask(read, write);
  impl_->owners[found->second] = owner;
}

void Poller::remove(int descriptor) {
  const auto found = impl_->index.find(descriptor);
  if (found == impl_->index.end()) return;
  const std::size_t hole = found->second;
  impl_->index.erase(found);
  const std::size_t last = impl_->waiting.size() - 1;
  if (hole != last) {
    impl_->waiting[hole] = impl_->waiting[last];
    impl_->owners[hole] = impl_->owners[last];
    impl_->index[static_cast<int>(impl_->waiting[hole].fd)] = hole;
  }
  impl_->waiting.pop_back();
  impl_->owners.pop_back();
}

std::span<PollEvent> Poller::wait(int timeout_ms) {
  impl_->events.clear();
  int left = wait_ready(impl_->waiting.data(), impl_->waiting.size(), timeout_ms);
  for (std::size_t i = 0; left > 0 && i < impl_->waiting.size(); ++i) {
    const short ready = impl_->waiting[i].revents;
    if (ready == 0) continue;
    --left;
    if (i == 0) {
      std::uint8_t ignored[16];
      while (receive(impl_->bell, ignored, sizeof ignored) > 0) {
      }
      // See poller_epoll.cpp: a wake() before this store has its work queued already.
      impl_->woken.store(false);
      continue;
    }
    impl_->events.push_back(
        {impl_->owners[i], (ready & POLLIN) != 0, (ready & POLLOUT) != 0, (ready & (POLLERR | POLLHUP | POLLNVAL)) != 0});
  }
  return impl_->events;
}

void Poller::wake() {
  if (impl_->woken.exchange(true)) return;
  const std::uint8_t one = 1;
  send(impl_->bell, &one, sizeof one);
}

}  // namespace c104::hal

#endif
