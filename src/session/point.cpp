// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/point.h"

#include <stdexcept>

#include "base/clock.h"
#include "base/debug.h"
#include "model/information_text.h"
#include "session/client.h"
#include "session/server.h"
#include "session/station.h"

namespace c104 {
namespace {

// The value of a point that was never set: off, lower or zero, as of now.
Information initial_value(const TypeInfo& type, std::int64_t now_us) {
  Information info;
  info.kind = type.kind;
  switch (type.kind) {
    case InfoKind::double_point:
    case InfoKind::double_cmd:
    case InfoKind::protection_event: info.raw = static_cast<std::uint32_t>(Double::OFF); break;
    case InfoKind::step_cmd: info.raw = static_cast<std::uint32_t>(Step::LOWER); break;
    default: break;
  }
  if (type.tag != TagFormat::none) info.complete_recorded_at(now_us);
  return info;
}

// Periods are counted in ticks of the server or client.
void check_interval(const char* name, std::uint32_t interval, std::uint32_t tick_rate_ms) {
  if (interval % tick_rate_ms != 0) {
    throw std::invalid_argument(std::string(name) + " " + std::to_string(interval) + " must be a multiple of tick_rate_ms " +
                                std::to_string(tick_rate_ms));
  }
}

}  // namespace

Point::Point(std::shared_ptr<PointContext> context, std::uint32_t ioa, Type type)
    : context_(std::move(context)),
      processed_us_(wall_us()),  // the value that it has now is of now
      info_(initial_value(*find_type(type), processed_us_)),
      ioa_(ioa),
      type_(type) {}

Point::~Point() { delete extras_.load(std::memory_order_acquire); }

std::shared_ptr<Station> Point::station() const {
  auto station = context_->station.lock();
  if (!station || station->detached()) return nullptr;
  std::lock_guard lock(context_->mutex);
  return removed_ ? nullptr : station;
}

std::string Point::place() const {
  const auto station = context_->station.lock();
  return "CA " + (station ? std::to_string(station->common_address()) : std::string("?")) + " IOA " + std::to_string(ioa_) +
         " " + type_info().name;
}

Point::Snapshot Point::snapshot() const {
  std::lock_guard lock(context_->mutex);
  return snapshot_locked();
}

void Point::set_information(const Information& info) {
  const std::int64_t now = wall_us();
  std::lock_guard lock(context_->mutex);
  set_information_locked(info, now);
  if (type_info().tag != TagFormat::none) info_.complete_recorded_at(now);
  debug(DebugPart::point, [&] { return place() + ": set to " + describe(info_); });
}

void Point::set_information_locked(const Information& info, std::int64_t now_us) noexcept {
  info_ = info;
  processed_us_ = now_us;
  readonly_ = false;
}

Point::Snapshot Point::apply_locked(const Information& info, std::int64_t now_us) noexcept {
  const Snapshot before = snapshot_locked();
  info_ = info;
  processed_us_ = now_us;
  readonly_ = true;
  return before;
}

bool Point::takes(Type type) const noexcept {
  if (type == type_) return true;
  const TypeInfo* other = find_type(static_cast<std::uint8_t>(type));
  return other != nullptr && other->untagged != 0 && other->untagged == type_info().untagged;
}

PointExtras& Point::extras() {
  if (PointExtras* made = find_extras()) return *made;
  auto fresh = std::make_unique<PointExtras>();
  PointExtras* expected = nullptr;
  if (extras_.compare_exchange_strong(expected, fresh.get(), std::memory_order_acq_rel)) return *fresh.release();
  return *expected;
}

bool Point::read() {
  const auto owner = station();
  const auto connection = owner ? owner->connection() : nullptr;
  if (!connection) throw std::invalid_argument("read() needs a point of a client's connection that is still there");
  return connection->read(*this);
}

bool Point::transmit(Cot cause, std::optional<std::uint8_t> originator) {
  debug(DebugPart::point, [&] { return place() + ": transmit, cause " + std::to_string(static_cast<int>(cause)); });
  const auto owner = station();
  if (!owner) throw std::invalid_argument("transmit() needs a point whose station is still there");
  if (const auto server = owner->server()) return server->transmit(*this, cause, originator);
  if (const auto connection = owner->connection()) return connection->transmit(*this, cause, originator);
  throw std::invalid_argument("transmit() needs a point whose client or server is still there");
}

void Point::set_report_ms(std::uint32_t interval) {
  const auto owner = station();
  const auto server = owner ? owner->server() : nullptr;
  if (!server) throw std::invalid_argument("report_ms needs a point of a server that is still there");
  if (interval != 0 && is_command(type_info().kind)) {
    throw std::invalid_argument(std::string("report_ms is for monitoring points, not for ") + type_info().name);
  }
  check_interval("report_ms", interval, server->tick_rate_ms());
  extras().report_ms.store(interval);
  server->schedule_point(shared_from_this());
}

void Point::set_timer(std::uint32_t interval, Slot<void(const std::shared_ptr<Point>&)>::Function function) {
  const auto owner = station();
  const auto server = owner ? owner->server() : nullptr;
  const auto connection = owner ? owner->connection() : nullptr;
  const auto client = connection ? connection->client() : nullptr;
  if (!server && !client) throw std::invalid_argument("on_timer() needs a point whose client or server is still there");
  check_interval("interval_ms", interval, server ? server->tick_rate_ms() : client->tick_rate_ms());
  const bool set = static_cast<bool>(function) && interval != 0;
  extras().timer_ms.store(set ? interval : 0);
  extras().timer_revision.fetch_add(1);
  extras().on_timer.set(std::move(function));
  if (server) {
    server->schedule_point(shared_from_this());
  } else {
    connection->schedule_timer(shared_from_this());
  }
}

}  // namespace c104
