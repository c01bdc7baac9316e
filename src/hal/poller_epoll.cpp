// SPDX-License-Identifier: GPL-3.0-or-later
// The poller on Linux: epoll, level-triggered, with an eventfd for wake-ups. Elsewhere: poller_poll.cpp.
#if defined(__linux__) && !defined(C104_USE_POLL)

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <system_error>
#include <vector>

#include "hal/poller.h"

namespace c104::hal {

struct Poller::Impl {
  int epoll = -1;
  int event = -1;
  std::atomic<bool> woken{false};
  std::array<epoll_event, 256> ready;
  std::vector<PollEvent> events;

  void control(int operation, int descriptor, void* owner, bool read, bool write) const {
    epoll_event wanted{};
    wanted.events = (read ? EPOLLIN | EPOLLRDHUP : 0u) | (write ? EPOLLOUT : 0u);
    wanted.data.ptr = owner;
    if (::epoll_ctl(epoll, operation, descriptor, &wanted) == 0 || operation != EPOLL_CTL_ADD) return;
    if (errno == EEXIST && ::epoll_ctl(epoll, EPOLL_CTL_MOD, descriptor, &wanted) == 0) return;
    throw std::system_error(errno, std::generic_category(), "epoll_ctl");
  }
};

Poller::Poller() : impl_(std::make_unique<Impl>()) {
  impl_->epoll = ::epoll_create1(EPOLL_CLOEXEC);
  impl_->event = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  if (impl_->epoll < 0 || impl_->event < 0) {
    const int code = errno;
    if (impl_->epoll >= 0) ::close(impl_->epoll);
    if (impl_->event >= 0) ::close(impl_->event);
    throw std::system_error(code, std::generic_category(), "epoll_create1");
  }
  impl_->events.reserve(impl_->ready.size());
  // The eventfd's owner is the poller itself, which no caller can hand in.
  impl_->control(EPOLL_CTL_ADD, impl_->event, this, true, false);
}

Poller::~Poller() {
  ::close(impl_->event);
  ::close(impl_->epoll);
}

void Poller::add(int descriptor, void* owner, bool read, bool write) {
  impl_->control(EPOLL_CTL_ADD, descriptor, owner, read, write);
}

void Poller::modify(int descriptor, void* owner, bool read, bool write) {
  impl_->control(EPOLL_CTL_MOD, descriptor, owner, read, write);
}

void Poller::remove(int descriptor) { ::epoll_ctl(impl_->epoll, EPOLL_CTL_DEL, descriptor, nullptr); }

std::span<PollEvent> Poller::wait(int timeout_ms) {
  impl_->events.clear();
  const int count = ::epoll_wait(impl_->epoll, impl_->ready.data(), static_cast<int>(impl_->ready.size()), timeout_ms);
  for (int i = 0; i < count; ++i) {
    const epoll_event& ready = impl_->ready[static_cast<std::size_t>(i)];
    if (ready.data.ptr == this) {
      std::uint64_t ignored = 0;
      [[maybe_unused]] const ssize_t got = ::read(impl_->event, &ignored, sizeof ignored);
      // A wake() that comes before this store writes nothing, but its work is queued already, and the caller looks at
      // its queues after wait().
      impl_->woken.store(false);
      continue;
    }
    impl_->events.push_back({ready.data.ptr, (ready.events & (EPOLLIN | EPOLLRDHUP)) != 0, (ready.events & EPOLLOUT) != 0,
                             (ready.events & (EPOLLERR | EPOLLHUP)) != 0});
  }
  return impl_->events;
}

void Poller::wake() {
  if (impl_->woken.exchange(true)) return;
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t put = ::write(impl_->event, &one, sizeof one);
}

}  // namespace c104::hal

#endif
