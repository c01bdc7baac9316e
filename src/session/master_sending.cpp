// SPDX-License-Identifier: GPL-3.0-or-later
// Sending to a master: answers, events, interrogations, as much as its window takes.
#include "base/debug.h"
#include "base/log.h"
#include "codec/explain.h"
#include "session/master.h"
#include "session/server_io.h"

namespace c104 {
namespace {

using namespace std::chrono_literals;
constexpr auto log_interval = 1s;

}  // namespace

std::chrono::milliseconds Master::on_sweep() {
  if (!link_) return {};
  link_->tick();
  after_link_work();
  if (closed_ || !active_) return {};
  events_.judge(server_.log_);
  report_overruns();
  if (has_work()) server_.io_->touch(*this);
  return has_work() || events_.overruns() != logged_overruns_ ? 0ms : link_->may_rest();
}

// What the link has to write goes out at the end of the turn, or when the partner has read.
void Master::after_link_work() {
  if (closed_ || !link_) return;
  if (link_->closed()) {
    close(link_->reason());
  } else if (link_->unsent() > 0 && !dirty_ && !blocked_) {
    dirty_ = true;
    loop_->mark_dirty(*this);
  }
}

void Master::on_flush() {
  dirty_ = false;
  if (!link_) return;
  blocked_ = link_->flush() == hal::Progress::want_write;
  if (link_->closed()) {
    close(link_->reason());
    return;
  }
  update_interest();
  const bool resumed = paused_ && !must_pause();
  if (resumed) resume();
  if (closed_) return;
  // pump() stopped at the high water mark, and the pumping of this turn is over.
  if (resumed || (!blocked_ && has_work() && link_->can_send())) {
    server_.io_->touch(*this);
    loop_->wake();
  }
}

bool Master::has_work() const {
  return active_ && (!replies_.empty() || events_.position() < server_.log_.end() || !interrogations_.empty());
}

void Master::reply(Bytes asdu) {
  if (closed_) return;
  if (replies_.octets() >= server_.limits_.answer_octets.load(std::memory_order_relaxed)) {
    turn_away(Refusal::answer_queue, address_ + " takes none of its " + std::to_string(replies_.size()) + " answers: closed");
    return;
  }
  replies_.push(asdu);
  server_.io_->touch(*this);
}

bool Master::send(Bytes asdu) {
  if (!link_->send(asdu)) return false;
  debug(DebugPart::message, [&] { return address_ + " <-- " + codec::describe_asdu(asdu); });
  return true;
}

std::size_t Master::queue() const { return replies_.size() + static_cast<std::size_t>(server_.log_.end() - unread_from()); }

void Master::pump() {
  if (connection_) traffic().send_queue_most.raise(queue());
  if (!closed_ && active_ && link_->started() && !(raw_ && strand_->full())) {
    announce();
    while (!replies_.empty() && send(replies_.front())) replies_.pop();
    if (replies_.empty()) {
      pump_events();
      pump_interrogations();
    }
  }
  if (connection_) traffic().send_queue.set(queue());
  after_link_work();
  strand_->publish();
}

// M_EI_NA_1 of stations that this master wasn't told of.
void Master::announce() {
  const std::uint64_t revision = server_.initialized_revision_.load();
  if (announced_ == revision) return;
  std::lock_guard lock(server_.mutex_);
  for (const auto& [ca, initialized] : server_.initialized_) {
    if (initialized.revision <= announced_) continue;
    codec::Header header;
    header.type = static_cast<std::uint8_t>(Type::M_EI_NA_1);
    header.cot = static_cast<std::uint8_t>(Cot::INITIALIZED);
    header.ca = ca;
    codec::Writer asdu(header);
    asdu.add_raw(0, {&initialized.coi, 1});
    replies_.push(asdu.bytes());
  }
  announced_ = revision;
}

void Master::pump_events() {
  EventLog::Buffer buffer;
  const std::uint64_t before = events_.overruns();
  while (link_->unsent() < high_water && link_->can_send()) {
    const std::size_t size = events_.read(server_.log_, buffer);
    if (size == 0 || !send({buffer.data(), size})) break;
    events_.advance(size);
  }
  traffic().overruns.add(events_.overruns() - before);
}

void Master::report_overruns() {
  if (events_.overruns() == logged_overruns_) return;
  const auto now = Monotonic::now();
  if (now < next_overrun_log_) return;
  next_overrun_log_ = now + log_interval;
  logged_overruns_ = events_.overruns();
  log(LogLevel::warning, "c104.server",
      address_ + " reads too slowly: " + std::to_string(logged_overruns_) +
          " ASDUs fell out of the event log before it took them");
}

void Master::pump_interrogations() {
  if (events_.position() < server_.log_.end()) return;  // events first
  codec::Writer asdu{codec::Header{}};
  std::vector<std::shared_ptr<Point>> to_ask;
  while (!interrogations_.empty() && link_->unsent() < high_water && link_->can_send()) {
    const auto running = interrogations_.front();
    switch (running->next(asdu, to_ask)) {
      case Interrogation::Next::asdu:
        if (send(asdu.bytes())) break;
        replies_.push_front(asdu.bytes());
        return;
      case Interrogation::Next::ask:
        ask_before_read(std::move(to_ask), [weak = std::weak_ptr(running)](Master& master) {
          if (const auto waiting = weak.lock()) waiting->answered();
          master.server_.io_->touch(master);
        });
        return;
      case Interrogation::Next::wait: return;
      case Interrogation::Next::end:
        debug(DebugPart::server, [&] { return address_ + ": interrogation ended"; });
        interrogations_.pop_front();
    }
  }
}

}  // namespace c104
