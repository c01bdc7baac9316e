// SPDX-License-Identifier: GPL-3.0-or-later
// The link side of a connection: data transfer, initial commands, polling. I/O thread only; blocks on nothing.
#include "base/clock.h"
#include "base/debug.h"
#include "base/log.h"
#include "codec/explain.h"
#include "session/client.h"
#include "session/connection_command.h"

namespace c104 {
namespace {

constexpr auto logger = "c104.connection";
constexpr std::uint16_t global_ca = 0xFFFF;
// Octets of ASDUs a turn: so much takes a tenth of a millisecond; beyond it, a worker works while this thread reads on.
constexpr std::size_t apply_here_most = 16 * 1024;

}  // namespace

// ---------------------------------------------------------------------------------------------- data transfer

bool Connection::start_transfer() {
  if (!link_) return false;
  if (!link_->started()) link_->start();
  on_flush();
  return true;
}

bool Connection::stop_transfer() {
  if (!link_) return false;
  link_->stop();
  leave_transfer();
  on_flush();
  return true;
}

// From here on nothing can be sent, and OPEN is promised anew.
void Connection::leave_transfer() {
  ++attempt_;
  transferring_.store(false, std::memory_order_release);
  loop_->cancel(init_timer_);
  init_steps_.clear();
  init_pending_.reset();
  set_state(ConnectionState::OPEN_MUTED);
}

void Connection::on_started() {
  debug(DebugPart::connection, [&] { return address() + ": STARTDT confirmed"; });
  transferring_.store(true, std::memory_order_release);
  complaints_.clear();
  begin_init();
}

// What was sent before the STOPDT may have been answered until now.
void Connection::on_stopped() {
  leave_transfer();
  traffic_->unsent.add(outgoing_.size());
  outgoing_.clear();
  traffic_->send_queue.set(0);
  tracker_.abort_all();
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
  debug(DebugPart::connection, [&] {
    return address() + ": initial " + (step == Init::INTERROGATION ? "interrogation" : "clock synchronization") + " is sent";
  });
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
  debug(DebugPart::connection, [&] { return address() + ": initial command " + name_of(outcome); });
  if (outcome != Outcome::success) {
    log(LogLevel::warning, logger,
        "initial command of " + address() + (outcome == Outcome::timeout ? " was not answered in time" : " was refused"));
  }
  if (outcome == Outcome::timeout) counters_.command_timeouts.fetch_add(1, std::memory_order_relaxed);
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
  traffic_->send_queue_most.raise(outgoing_.size());
  while (link_ && !outgoing_.empty()) {
    const Command& command = *outgoing_.front();
    const bool wanted = !command.pending || tracker_.wanted(command.pending);
    if (wanted && !link_->send(command.octets)) break;
    debug(DebugPart::message, [&] {
      return address() + (wanted ? " <-- " : " (given up, not sent) ") +
             codec::describe_asdu({command.octets.data(), command.octets.size()});
    });
    outgoing_.pop_front();
  }
  traffic_->send_queue.set(outgoing_.size());
  if (link_ && link_->unsent() > 0 && !dirty_) {
    dirty_ = true;
    loop_->mark_dirty(*this);
  }
}

void Connection::on_asdu(Bytes asdu) {
  debug(DebugPart::message, [&] { return address() + " --> " + codec::describe_asdu(asdu); });
  // Answers are matched here, so that a caller inside a callback of this connection gets them too.
  const auto [pending, outcome] = tracker_.match(asdu);
  if (!apply_here(asdu)) strand_->push(EventKind::asdu, asdu);
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

void Connection::on_raw(bool sent, Bytes apdu) { strand().push(sent ? EventKind::raw_sent : EventKind::raw_received, apdu); }

void Connection::on_fault(wire::Fault fault, Bytes) {
  const std::string from = address();
  fault_log_.note(from, [&] { return "frame from " + from + " refused: " + wire::describe(fault); });
}

void Connection::apply_raw() {
  if (link_) link_->set_raw_enabled(on_receive_raw.filled() || on_send_raw.filled());
}

// Runs on_timer while the connection is open, until the point's interval is changed; whoever changes it arms a new timer.
void Connection::arm_timer(const std::weak_ptr<Point>& weak_point) {
  const auto point = weak_point.lock();
  const PointExtras* extras = point ? point->find_extras() : nullptr;
  const std::uint32_t interval = extras ? extras->timer_ms.load() : 0;
  if (interval == 0) return;
  const std::uint32_t revision = extras->timer_revision.load();
  loop_->call_after(std::chrono::milliseconds(interval), [weak = weak_from_this(), weak_point, revision] {
    const auto self = weak.lock();
    const auto due = weak_point.lock();
    if (!self || !due || !due->station() || due->find_extras()->timer_revision.load() != revision) return;
    if (self->is_connected()) {
      self->strand().push([due] {
        const auto callback = due->find_extras()->on_timer.get();
        if (!callback || !Dispatcher::enter_callback()) return;
        (*callback)(due);
        Dispatcher::leave_callback();
      });
      self->strand().publish();
    }
    self->arm_timer(weak_point);
  });
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
    here_left_ = apply_here_most;
    read_at_ = wall_us();
    const bool more = link_->receive(loop_->read_buffer());
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
  const bool read = !paused_ && link_->unsent() < wire::unsent_high_water;
  const bool write = link_->unsent() > 0;
  if (read == reading_ && write == writing_) return;
  reading_ = read;
  writing_ = write;
  loop_->modify(*this, read, write);
}

std::chrono::milliseconds Connection::on_sweep() {
  if (link_) link_->tick();
  if (link_) after_input();
  unexpected_log_.tick();
  fault_log_.tick();
  command_log_.tick();
  return link_ ? link_->may_rest() : std::chrono::milliseconds{};
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
