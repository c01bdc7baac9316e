// SPDX-License-Identifier: GPL-3.0-or-later
// The link side of a connection: everything here runs on the I/O thread and blocks on nothing.
#include <netdb.h>
#include <sys/socket.h>

#include <cstring>
#include <thread>

#include "base/log.h"
#include "hal/tls_stream.h"
#include "session/client.h"
#include "session/connection_command.h"

namespace c104 {
namespace {
using namespace std::chrono_literals;

constexpr auto retry_interval = 1000ms;  // constant, as the peer's users know it
constexpr auto logger = "c104.connection";
constexpr std::uint16_t global_ca = 0xFFFF;
constexpr std::size_t unsent_limit = 1024 * 1024;

// The first address of a host name as a literal; empty when it has none.
std::string resolve_host(const std::string& host) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(host.c_str(), nullptr, &hints, &found) != 0) return {};
  char text[NI_MAXHOST] = "";
  getnameinfo(found->ai_addr, found->ai_addrlen, text, sizeof text, nullptr, 0, NI_NUMERICHOST);
  freeaddrinfo(found);
  return text;
}

}  // namespace

// ---------------------------------------------------------------------------------------------- opening and closing

void Connection::open() {
  if (state() != ConnectionState::CLOSED && state() != ConnectionState::CLOSED_AWAIT_RECONNECT) return;
  loop_->cancel(timer_);
  set_state(ConnectionState::CLOSED_AWAIT_OPEN);
  host_.empty() ? dial() : resolve();
}

void Connection::resolve() {
  const auto attempt = ++attempt_;
  std::thread([weak = weak_from_this(), loop = loop_, host = host_, attempt] {
    const std::string ip = resolve_host(host);
    loop->post([weak, ip, attempt, host] {
      const auto self = weak.lock();
      if (!self || self->attempt_ != attempt || self->state() != ConnectionState::CLOSED_AWAIT_OPEN) return;
      if (ip.empty()) {
        self->dial_failed("host '" + host + "' has no address");
      } else {
        self->endpoint_.ip = ip;
        self->dial();
      }
    });
  }).detach();
}

void Connection::dial() {
  ++attempt_;
  dialling_ = hal::dial(endpoint_);
  const auto owner = client();
  if (owner && owner->tls_) {
    dialling_ = hal::tls(std::move(dialling_), owner->tls_, hal::TlsSide::client, host_.empty() ? endpoint_.ip : host_);
  }
  const int seconds = parameters_.get().t0;
  timer_ = loop_->call_after(std::chrono::seconds(seconds), [this, seconds] {
    const std::string stage = dialling_ ? dialling_->error() : std::string();
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
    loop_->modify(descriptor_, *this, read, !read);
  }
  reading_ = read;
  writing_ = !read;
  if (!done) return;

  loop_->cancel(timer_);
  paused_ = false;
  link_ = wire::Link::create(wire::Role::controlling, parameters_.get(), std::move(dialling_), *this);
  apply_raw();
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
  // A station that stays away is worth one warning, not one a second.
  const LogLevel level = std::exchange(away_, true) ? LogLevel::debug : LogLevel::warning;
  log(level, logger, "connect to " + endpoint_.ip + ":" + std::to_string(endpoint_.port) + " failed: " + why);
  release();
  retry_later();
}

void Connection::lost(const std::string& why) {
  log(std::exchange(away_, true) ? LogLevel::debug : LogLevel::warning, logger, "link to " + endpoint_.ip + ":" + std::to_string(endpoint_.port) + " lost: " + why);
  release();
  retry_later();
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
  if (link_) {
    link_->close();
    // We may stand inside one of its calls: it dies at the end of the turn.
    loop_->bury(std::move(link_));
    link_.reset();
  }
  outgoing_.clear();
  init_steps_.clear();
  init_pending_.reset();
  tracker_.abort_all();
}

void Connection::set_state(ConnectionState next) {
  const ConnectionState before = state_.exchange(next, std::memory_order_acq_rel);
  if (before == next) return;
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

// ---------------------------------------------------------------------------------------------- data transfer

bool Connection::start_transfer() {
  if (!link_) return false;
  if (!link_->started()) link_->start();
  on_flush();
  return true;
}

bool Connection::stop_transfer() {
  if (!link_) return false;
  if (link_->started()) link_->stop();
  on_flush();
  return true;
}

void Connection::on_started() {
  transferring_.store(true, std::memory_order_release);
  away_ = false;
  begin_init();
}

void Connection::on_stopped() {
  ++attempt_;
  transferring_.store(false, std::memory_order_release);
  loop_->cancel(init_timer_);
  init_steps_.clear();
  init_pending_.reset();
  outgoing_.clear();
  tracker_.abort_all();
  set_state(ConnectionState::OPEN_MUTED);
}

void Connection::begin_init() {
  init_steps_.clear();
  if (init_ == Init::NONE || init_ == Init::MUTED) {
    set_state(ConnectionState::OPEN);
    return;
  }
  if (init_ == Init::ALL || init_ == Init::INTERROGATION) init_steps_.push_back(Init::INTERROGATION);
  if (init_ == Init::ALL || init_ == Init::CLOCK_SYNC) init_steps_.push_back(Init::CLOCK_SYNC);
  next_init_step();
}

// OPEN promises that what the station answered can be read: it comes when everything before it was delivered.
void Connection::open_in_order() {
  strand().push([weak = weak_from_this(), loop = loop_, attempt = attempt_] {
    loop->post([weak, attempt] {
      const auto self = weak.lock();
      if (!self || self->attempt_ != attempt || self->state() != ConnectionState::OPEN_MUTED) return;
      self->set_state(ConnectionState::OPEN);
      self->strand().publish();
    });
  });
}

void Connection::next_init_step() {
  if (init_steps_.empty()) {
    open_in_order();
    return;
  }
  const Init step = init_steps_.front();
  init_steps_.pop_front();
  const auto command = step == Init::INTERROGATION
                           ? make_interrogation(global_ca, Cot::ACTIVATION, static_cast<std::uint8_t>(Qoi::STATION))
                           : make_clock_sync(global_ca);
  init_pending_ = command->pending;
  tracker_.add(init_pending_);
  init_timer_ = loop_->call_after(command_timeout_, [this] {
    tracker_.give_up(init_pending_, command_timeout_);
    end_init_step(Outcome::timeout);
    strand().publish();
  });
  outgoing_.push_back(command);
  pump();
}

void Connection::end_init_step(Outcome outcome) {
  if (outcome != Outcome::success) {
    log(LogLevel::warning, logger,
        "initial command of " + endpoint_.ip + ":" + std::to_string(endpoint_.port) +
            (outcome == Outcome::timeout ? " was not answered in time" : " was refused"));
  }
  if (outcome == Outcome::timeout) counters_.timeouts.fetch_add(1, std::memory_order_relaxed);
  loop_->cancel(init_timer_);
  init_pending_.reset();
  next_init_step();
}

void Connection::send_now(const std::shared_ptr<Command>& command) {
  if (!link_ || !link_->started()) {
    if (command->pending) tracker_.settle(command->pending, Outcome::not_sent);
    return;
  }
  outgoing_.push_back(command);
  pump();
}

// Sends what the window of k takes.
void Connection::pump() {
  while (link_ && !outgoing_.empty()) {
    const Command& command = *outgoing_.front();
    const bool wanted = !command.pending || tracker_.wanted(command.pending);
    if (wanted && !link_->send(command.octets)) break;
    outgoing_.pop_front();
  }
  if (link_ && link_->unsent() > 0 && !dirty_) {
    dirty_ = true;
    loop_->mark_dirty(*this);
  }
}

void Connection::on_asdu(Bytes asdu) {
  counters_.asdus.fetch_add(1, std::memory_order_relaxed);
  // Answers are matched here, so that a caller inside a callback of this connection gets them too.
  const auto [pending, outcome] = tracker_.match(asdu);
  strand_->push(EventKind::asdu, asdu);
  if (!pending) return;
  if (pending == init_pending_) {
    end_init_step(outcome);
  } else if (pending->in_order) {
    strand_->push([weak = weak_from_this(), pending = pending, outcome = outcome] {
      if (const auto self = weak.lock()) self->tracker_.settle(pending, outcome);
    });
  } else {
    tracker_.settle(pending, outcome);
  }
}

void Connection::on_raw(bool sent, Bytes apdu) {
  strand().push(sent ? EventKind::raw_sent : EventKind::raw_received, apdu);
}

void Connection::on_fault(wire::Fault fault, Bytes) {
  counters_.faults.fetch_add(1, std::memory_order_relaxed);
  log(LogLevel::warning, logger,
      std::string("frame from ") + endpoint_.ip + ":" + std::to_string(endpoint_.port) + " refused: " + wire::describe(fault));
}

void Connection::apply_raw() {
  if (link_) link_->set_raw_enabled(on_receive_raw.filled() || on_send_raw.filled());
}

// ---------------------------------------------------------------------------------------------- polling

void Connection::on_ready(bool readable, bool writable, bool broken) {
  if (dialling_) {
    establish();
    return;
  }
  if (!link_) return;
  if (writable) on_flush();
  if (link_ && (readable || broken) && !paused_) {
    const bool more = link_->receive();
    after_input();
    if (more && link_ && !paused_) {
      // No poller event will announce what the stream holds already.
      loop_->post([weak = weak_from_this()] {
        const auto self = weak.lock();
        if (self && self->link_) self->on_ready(true, false, false);
      });
    }
  } else if (link_ && broken && paused_) {
    // Level-triggered: out of the poller until we read again.
    loop_->remove(descriptor_, *this);
    descriptor_ = -1;
  }
}

void Connection::after_input() {
  pump();
  if (link_ && link_->closed()) lost(link_->reason());
  strand().publish();
  if (link_) {
    paused_ = strand_->full();
    update_interest();
  }
}

void Connection::resume_reading() {
  if (!link_ || !paused_ || strand().full()) return;
  paused_ = false;
  if (descriptor_ < 0) {
    descriptor_ = link_->stream().descriptor();
    reading_ = writing_ = false;
    loop_->add(descriptor_, *this, false, false);
  }
  update_interest();
  on_ready(true, false, false);
}

void Connection::update_interest() {
  if (descriptor_ < 0) return;
  const bool read = !paused_ && link_->unsent() < unsent_limit;
  const bool write = link_->unsent() > 0;
  if (read == reading_ && write == writing_) return;
  reading_ = read;
  writing_ = write;
  loop_->modify(descriptor_, *this, read, write);
}

void Connection::on_sweep() {
  if (!link_) return;
  link_->tick();
  after_input();
}

void Connection::on_flush() {
  dirty_ = false;
  if (!link_) return;
  if (link_->flush() == hal::Progress::failed || link_->closed()) {
    lost(link_->reason());
    return;
  }
  update_interest();
}

}  // namespace c104
