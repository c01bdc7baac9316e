// SPDX-License-Identifier: GPL-3.0-or-later
// The poller where there is no epoll, or with C104_USE_POLL: poll() over a flat array, and a pipe for wake-ups.
#if !defined(__linux__) || defined(C104_USE_POLL)

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <system_error>
#include <unordered_map>
#include <vector>

#include "hal/poller.h"
#include "hal/socket_tools.h"

namespace c104::hal {

struct Poller::Impl {
  int pipe[2] = {-1, -1};
  std::atomic<bool> woken{false};
  // Parallel arrays; entry 0 is the pipe.
  std::vector<pollfd> waiting;
  std::vector<void*> owners;
  std::unordered_map<int, std::size_t> index;
  std::vector<PollEvent> events;

  static short mask(bool read, bool write) { return static_cast<short>((read ? POLLIN : 0) | (write ? POLLOUT : 0)); }
};

Poller::Poller() : impl_(std::make_unique<Impl>()) {
  if (::pipe(impl_->pipe) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
  make_nonblocking(impl_->pipe[0]);
  make_nonblocking(impl_->pipe[1]);
  impl_->waiting.push_back({impl_->pipe[0], POLLIN, 0});
  impl_->owners.push_back(nullptr);
}

Poller::~Poller() {
  ::close(impl_->pipe[0]);
  ::close(impl_->pipe[1]);
}

void Poller::add(int descriptor, void* owner, bool read, bool write) {
  if (!impl_->index.emplace(descriptor, impl_->waiting.size()).second) {
    modify(descriptor, owner, read, write);
    return;
  }
  impl_->waiting.push_back({descriptor, Impl::mask(read, write), 0});
  impl_->owners.push_back(owner);
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
    impl_->index[impl_->waiting[hole].fd] = hole;
  }
  impl_->waiting.pop_back();
  impl_->owners.pop_back();
}

std::span<const PollEvent> Poller::wait(int timeout_ms) {
  impl_->events.clear();
  int left = ::poll(impl_->waiting.data(), static_cast<nfds_t>(impl_->waiting.size()), timeout_ms);
  for (std::size_t i = 0; left > 0 && i < impl_->waiting.size(); ++i) {
    const short ready = impl_->waiting[i].revents;
    if (ready == 0) continue;
    --left;
    if (i == 0) {
      char ignored[16];
      while (::read(impl_->pipe[0], ignored, sizeof ignored) > 0) {
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
  const char one = 1;
  [[maybe_unused]] const ssize_t put = ::write(impl_->pipe[1], &one, 1);
}

}  // namespace c104::hal

#endif
