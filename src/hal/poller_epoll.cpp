// SPDX-License-Identifier: GPL-3.0-or-later
// The poller on Linux: epoll, with a timerfd and an eventfd. Sockets are armed for one event (EPOLLONESHOT): of two threads that
// wait one is woken, and no other before it has dealt with that socket. Elsewhere: poller_poll.cpp.
#if defined(__linux__) && !defined(C104_USE_POLL)

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

#include "hal/poller.h"

namespace c104::hal {
namespace {
using Clock = std::chrono::steady_clock;
// Keys of what only ends a wait.
constexpr std::uint64_t bell_key = 0;
constexpr std::uint64_t timer_key = 1;
}  // namespace

const int Poller::most_waiting = 2;

struct Poller::Impl {
  int epoll = ::epoll_create1(EPOLL_CLOEXEC);
  int bell = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  int timer = ::timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
  Clock::time_point armed;  // what the timer is set to

  ~Impl() {
    for (const int descriptor : {epoll, bell, timer}) {
      if (descriptor >= 0) ::close(descriptor);
    }
  }

  std::error_code control(int operation, int descriptor, std::uint64_t key, std::uint32_t interest) const {
    epoll_event wanted{};
    wanted.events = interest;
    wanted.data.u64 = key;
    if (::epoll_ctl(epoll, operation, descriptor, &wanted) == 0) return {};
    if (errno == EEXIST && ::epoll_ctl(epoll, EPOLL_CTL_MOD, descriptor, &wanted) == 0) return {};
    return {errno, std::generic_category()};
  }

  static std::uint32_t interest(bool read, bool write) {
    return EPOLLONESHOT | (read ? EPOLLIN | EPOLLRDHUP : 0u) | (write ? EPOLLOUT : 0u);
  }
};

Poller::Poller() : impl_(std::make_unique<Impl>()) {
  if (impl_->epoll < 0 || impl_->bell < 0 || impl_->timer < 0) {
    throw std::system_error(errno, std::generic_category(), "epoll_create1");
  }
  // Edge-triggered: each write and each expiry is told once, and nothing has to be read.
  for (const auto& [descriptor, key] : {std::pair(impl_->bell, bell_key), std::pair(impl_->timer, timer_key)}) {
    const std::error_code error = impl_->control(EPOLL_CTL_ADD, descriptor, key, EPOLLIN | EPOLLET);
    if (error) throw std::system_error(error, "epoll_ctl");
  }
}

Poller::~Poller() = default;

std::error_code Poller::add(int descriptor, std::uint64_t key, bool read, bool write) {
  return impl_->control(EPOLL_CTL_ADD, descriptor, key, Impl::interest(read, write));
}

void Poller::modify(int descriptor, std::uint64_t key, bool read, bool write) {
  // Of what is watched nothing can be missing.
  [[maybe_unused]] const std::error_code none = impl_->control(EPOLL_CTL_MOD, descriptor, key, Impl::interest(read, write));
}

void Poller::remove(int descriptor) { ::epoll_ctl(impl_->epoll, EPOLL_CTL_DEL, descriptor, nullptr); }

void Poller::set_deadline(Clock::time_point at) {
  // A turn too early does no harm and is cheaper than setting the timer in each.
  if (impl_->armed > Clock::now() && impl_->armed <= at) return;
  impl_->armed = at;
  const auto since = std::max(at.time_since_epoch(), Clock::duration(1));  // zero would stop it
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(since);
  itimerspec when{};
  when.it_value.tv_sec = seconds.count();
  when.it_value.tv_nsec = std::chrono::nanoseconds(since - seconds).count();
  ::timerfd_settime(impl_->timer, TFD_TIMER_ABSTIME, &when, nullptr);
}

void Poller::wait(std::vector<PollEvent>& events, bool block) {
  std::array<epoll_event, 256> ready;
  const int count = ::epoll_wait(impl_->epoll, ready.data(), static_cast<int>(ready.size()), block ? -1 : 0);
  for (int i = 0; i < count; ++i) {
    const epoll_event& one = ready[static_cast<std::size_t>(i)];
    if (one.data.u64 <= timer_key) continue;
    events.push_back({one.data.u64, (one.events & (EPOLLIN | EPOLLRDHUP)) != 0, (one.events & EPOLLOUT) != 0,
                      (one.events & (EPOLLERR | EPOLLHUP)) != 0});
  }
}

void Poller::wake() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t put = ::write(impl_->bell, &one, sizeof one);
}

}  // namespace c104::hal

#endif
