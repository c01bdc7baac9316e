// SPDX-License-Identifier: GPL-3.0-or-later
// How a connection opens, closes, and tries again. I/O thread only; blocks on nothing.
#include <algorithm>
#include <cstring>
#include <system_error>

#include "base/debug.h"
#include "base/log.h"
#include "hal/thread.h"
#include "hal/tls_stream.h"
#include "session/client.h"

namespace c104 {
namespace {
using namespace std::chrono_literals;

constexpr auto retry_interval = 1000ms;  // constant, as the peer's users know it
constexpr auto logger = "c104.connection";

}  // namespace

void Connection::open() {
  if (state() != ConnectionState::CLOSED && state() != ConnectionState::CLOSED_AWAIT_RECONNECT) return;
  loop_->cancel(timer_);
  set_state(ConnectionState::CLOSED_AWAIT_OPEN);
  host_.empty() ? dial() : resolve();
}

void Connection::resolve() {
  const auto attempt = ++attempt_;
  auto look_up = [weak = weak_from_this(), loop = loop_, host = host_, attempt] {
    const std::string ip = hal::resolve_host(host);
    loop->post([weak, ip, attempt, host] {
      const auto self = weak.lock();
      if (!self || self->attempt_ != attempt || self->state() != ConnectionState::CLOSED_AWAIT_OPEN) return;
      if (ip.empty()) {
        self->dial_failed("host '" + host + "' has no address");
      } else {
        {
          const std::lock_guard lock(self->ip_mutex_);
          self->ip_ = ip;
        }
        self->dial();
      }
    });
  };
  try {
    hal::Thread(std::move(look_up)).detach();
  } catch (const std::system_error& error) {
    dial_failed(std::string("no thread to look up '") + host_ + "': " + error.what());
  }
}

void Connection::dial() {
  ++attempt_;
  debug(DebugPart::connection, [&] { return address() + ": connects"; });
  dialling_ = hal::dial(endpoint());
  const auto owner = client();
  costly_ = owner && owner->tls_;
  if (costly_) {
    dialling_ = hal::tls(std::move(dialling_), owner->tls_, hal::TlsSide::client, host_.empty() ? ip() : host_);
  }
  const int seconds = parameters_.get().t0;
  timer_ = loop_->call_after(std::chrono::seconds(seconds), [this, seconds] {
    const std::string stage = dialling_ ? dialling_->error() : std::string();
    ++traffic_->t0_expired;
    dial_failed("no connection within " + std::to_string(seconds) + " s (t0)" + (stage.empty() ? "" : ": " + stage));
  });
  establish();
}

void Connection::establish() {
  const hal::Progress progress = dialling_->establish();
  if (progress == hal::Progress::failed) {
    dial_failed(dialling_->error());
    return;
  }
  const bool done = progress == hal::Progress::done;
  const bool read = done || progress == hal::Progress::want_read;
  if (descriptor_ < 0) {
    descriptor_ = dialling_->descriptor();
    loop_->add(descriptor_, *this, read, !read);
  } else {
    loop_->modify(*this, read, !read);
  }
  reading_ = read;
  writing_ = !read;
  if (!done) return;

  costly_ = false;
  loop_->cancel(timer_);
  paused_ = false;
  link_ =
      wire::Link::create(wire::Role::controlling, parameters_.get(), std::move(dialling_), *this, {traffic_, &traffic_->link});
  apply_raw();
  {
    const std::lock_guard lock(mutex_);
    peer_certificate_ = link_->stream().peer_certificate();
  }
  set_state(ConnectionState::OPEN_MUTED);
  if (init_ != Init::MUTED) start_transfer();
  strand().publish();
  if (link_ && link_->stream().has_buffered_input()) {
    // Octets that came with the TLS handshake: no poller event announces them.
    loop_->post([weak = weak_from_this()] {
      const auto self = weak.lock();
      if (self && self->link_) self->on_ready(true, false, false);
    });
  }
}

void Connection::dial_failed(const std::string& why) {
  complain("connect to " + address() + " failed: " + why);
  release();
  retry_later();
}

void Connection::lost(const std::string& why) {
  complain("link to " + address() + " lost: " + why);
  release();
  retry_later();
}

void Connection::complain(std::string text) {
  // A station that stays away is worth a warning for each reason, not one a second.
  constexpr std::size_t enough = 8;
  const bool told =
      complaints_.size() >= enough || std::find(complaints_.begin(), complaints_.end(), text) != complaints_.end();
  if (!told) complaints_.push_back(text);
  log(told ? LogLevel::debug : LogLevel::warning, logger, std::move(text));
}

void Connection::retry_later() {
  set_state(ConnectionState::CLOSED_AWAIT_RECONNECT);
  timer_ = loop_->call_after(retry_interval, [this] {
    counters_.reconnects.fetch_add(1, std::memory_order_relaxed);
    open();
    strand().publish();
  });
  strand().publish();
}

void Connection::shut() {
  if (state() == ConnectionState::CLOSED) return;
  if (link_) {
    set_state(ConnectionState::OPEN_AWAIT_CLOSED);
    link_->flush();
  }
  release();
  set_state(ConnectionState::CLOSED);
  strand().publish();
}

// Lets go of stream, link, timers and everything that waits for them.
void Connection::release() {
  transferring_.store(false, std::memory_order_release);
  loop_->cancel(timer_);
  loop_->cancel(init_timer_);
  if (descriptor_ >= 0) {
    loop_->remove(descriptor_, *this);
    descriptor_ = -1;
  }
  dialling_.reset();
  {
    const std::lock_guard lock(mutex_);
    peer_certificate_.reset();
  }
  if (link_) {
    traffic_->unacknowledged.add(static_cast<std::uint64_t>(link_->unacknowledged()));
    link_->close();
    // We may stand inside one of its calls: it dies at the end of the turn.
    loop_->bury(std::move(link_));
    link_.reset();
  }
  traffic_->unsent.add(outgoing_.size());
  outgoing_.clear();
  traffic_->forget_present();
  unexpected_log_.finish();
  fault_log_.finish();
  command_log_.finish();
  init_steps_.clear();
  init_pending_.reset();
  tracker_.abort_all();
}

void Connection::set_state(ConnectionState next) {
  const ConnectionState before = state_.exchange(next, std::memory_order_acq_rel);
  if (before == next) return;
  debug(DebugPart::connection, [&] { return address() + ": state " + name_of(before) + " -> " + name_of(next); });
  if (is_open(before) != is_open(next)) {
    std::lock_guard lock(mutex_);
    (is_open(next) ? connected_us_ : disconnected_us_) = wall_us();
  }
  strand().push([weak = weak_from_this(), next] {
    const auto self = weak.lock();
    const auto callback = self ? self->on_state_change.get() : nullptr;
    if (!callback || !Dispatcher::enter_callback()) return;
    (*callback)(self, next);
    Dispatcher::leave_callback();
  });
}

}  // namespace c104
