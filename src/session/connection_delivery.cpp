// SPDX-License-Identifier: GPL-3.0-or-later
// The delivery side of a connection: applies ASDUs to stations and points and calls back, in order, on one worker at
// a time.
#include "base/debug.h"
#include "base/log.h"
#include "codec/explain.h"
#include "model/information_text.h"
#include "session/client.h"

namespace c104 {
namespace {

constexpr auto logger = "c104.connection";

// Causes that a controlled station may give to process information (IEC 60870-5-101, table 15).
constexpr bool is_monitoring_cause(std::uint8_t cot) {
  return (cot >= 1 && cot <= 3) || cot == 5 || cot == 11 || cot == 12 || (cot >= 20 && cot <= 41);
}

constexpr Umc refusal_cause(std::uint8_t cot) {
  switch (static_cast<Cot>(cot)) {
    case Cot::UNKNOWN_TYPE_ID: return Umc::UNKNOWN_TYPE_ID;
    case Cot::UNKNOWN_COT: return Umc::UNKNOWN_COT;
    case Cot::UNKNOWN_CA: return Umc::UNKNOWN_CA;
    case Cot::UNKNOWN_IOA: return Umc::UNKNOWN_IOA;
    default: return Umc::NO_ERROR_CAUSE;
  }
}

// Answers to commands carry these.
constexpr bool is_answer_cause(std::uint8_t cot) { return cot == 7 || cot == 9 || cot == 10; }

IncomingMessage::Octets copy(Bytes asdu) { return std::make_shared<const std::vector<std::uint8_t>>(asdu.begin(), asdu.end()); }

}  // namespace

void Connection::deliver(EventKind kind, Bytes payload) {
  if (kind == EventKind::asdu) {
    deliver_asdu(payload);
    return;
  }
  const auto callback = kind == EventKind::raw_sent ? on_send_raw.get() : on_receive_raw.get();
  if (!callback || !Dispatcher::enter_callback()) return;
  (*callback)(shared_from_this(), payload);
  Dispatcher::leave_callback();
}

void Connection::deliver_asdu(Bytes asdu) {
  codec::Reader reader(asdu);
  const codec::Header& header = reader.header();
  if (header.ca == 0 || header.ca == 0xFFFF) {
    // The global address is for the control direction; its answers come from stations.
    if (!is_answer_cause(header.cot)) unexpected(asdu, Umc::UNKNOWN_CA);
    return;
  }
  const TypeInfo* type = reader.type();
  if (type == nullptr) {
    unexpected(asdu, Umc::UNKNOWN_TYPE_ID);
    return;
  }
  if (header.cot >= 44 && header.cot <= 47) {
    unexpected(asdu, refusal_cause(header.cot));
    return;
  }
  const auto station = adopt_station(header.ca);
  if (!station) {
    unexpected(asdu, Umc::UNKNOWN_CA);
    return;
  }
  if (static_cast<Type>(header.type) == Type::M_EI_NA_1) {
    deliver_end_of_initialization(reader, station);
  } else if (type->point && !is_command(type->kind)) {
    is_monitoring_cause(header.cot) ? deliver_monitoring(reader, asdu, station) : unexpected(asdu, Umc::INVALID_COT);
  } else if (type->direction == Direction::monitor) {
    unexpected(asdu, Umc::INVALID_TYPE_ID);  // defined by the standard, but no process information
  } else if (!is_answer_cause(header.cot)) {
    unexpected(asdu, Umc::INVALID_COT);
  }
}

void Connection::deliver_end_of_initialization(codec::Reader& reader, const std::shared_ptr<Station>& station) {
  const auto client = client_.lock();
  const auto callback = client ? client->on_station_initialized.get() : nullptr;
  if (!callback || !Dispatcher::enter_callback()) return;
  (*callback)(client, station, reader.qualifier());
  Dispatcher::leave_callback();
}

void Connection::deliver_monitoring(codec::Reader& reader, Bytes asdu, const std::shared_ptr<Station>& station) {
  const Type type = static_cast<Type>(reader.header().type);
  const std::int64_t now = wall_us();
  reader.set_reference(now);
  IncomingMessage::Octets octets;  // copied for the first callback that wants them
  bool told = false;
  std::uint32_t ioa = 0;
  Information info;
  std::unique_lock lock(station->mutex());
  for (unsigned index = 0; reader.next(ioa, info); ++index) {
    Point* point = station->find_locked(ioa);
    if (point == nullptr) {
      lock.unlock();
      adopt_point(station, ioa, type);
      lock.lock();
      point = station->find_locked(ioa);
    }
    if (point == nullptr || !point->takes(type)) {
      const Umc cause = point == nullptr ? Umc::UNKNOWN_IOA : Umc::MISMATCHED_TYPE_ID;
      lock.unlock();
      if (!std::exchange(told, true)) unexpected(asdu, cause);
      lock.lock();
      continue;
    }
    const Point::Snapshot before = point->apply_locked(info, now);
    debug(DebugPart::point, [&] { return point->place() + ": received " + describe(info); });
    const PointExtras* extras = point->find_extras();
    if (extras == nullptr || !extras->on_receive.filled()) continue;
    const auto keep = point->shared_from_this();
    lock.unlock();
    if (const auto callback = extras->on_receive.get(); callback && Dispatcher::enter_callback()) {
      if (!octets) octets = copy(asdu);
      IncomingMessage message(octets, index);
      (*callback)(keep, before.info, before.processed_us, message);
      Dispatcher::leave_callback();
    }
    lock.lock();
  }
}

std::shared_ptr<Station> Connection::adopt_station(std::uint16_t ca) {
  if (auto known = find_station(ca)) return known;
  const auto client = client_.lock();
  const auto callback = client ? client->on_new_station.get() : nullptr;
  debug(DebugPart::client, [&] {
    return "station " + std::to_string(ca) + " of " + endpoint_.ip +
           " is new: " + (callback ? "on_new_station is asked" : "added");
  });
  if (!callback) return add_station(ca);
  if (!Dispatcher::enter_callback()) return nullptr;
  (*callback)(client, shared_from_this(), ca);
  Dispatcher::leave_callback();
  return find_station(ca);
}

// Asks for the point, or makes it where nobody is to be asked.
void Connection::adopt_point(const std::shared_ptr<Station>& station, std::uint32_t ioa, Type type) {
  const auto client = client_.lock();
  const auto callback = client ? client->on_new_point.get() : nullptr;
  debug(DebugPart::client, [&] {
    return "point " + std::to_string(ioa) + " of station " + std::to_string(station->common_address()) +
           " is new: " + (callback ? "on_new_point is asked" : "added");
  });
  if (!callback) {
    station->add_point(ioa, type);
  } else if (Dispatcher::enter_callback()) {
    (*callback)(client, station, ioa, type);
    Dispatcher::leave_callback();
  }
}

void Connection::unexpected(Bytes asdu, Umc cause) {
  ++traffic_->refused[static_cast<std::size_t>(cause)];
  const codec::Header header = codec::read_header(asdu);
  log(LogLevel::info, logger,
      "unexpected ASDU from " + address() + ": type " + std::to_string(header.type) + ", cot " + std::to_string(header.cot) +
          ", ca " + std::to_string(header.ca) + ", cause " + std::to_string(static_cast<int>(cause)));
  const auto callback = on_unexpected_message.get();
  if (!callback || !Dispatcher::enter_callback()) return;
  IncomingMessage message(copy(asdu));
  (*callback)(shared_from_this(), message, cause);
  Dispatcher::leave_callback();
}

}  // namespace c104
