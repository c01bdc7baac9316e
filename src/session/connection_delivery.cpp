// SPDX-License-Identifier: GPL-3.0-or-later
// The delivery side of a connection: applies ASDUs to stations and points and calls back, in order, on one worker at
// a time.
#include "base/debug.h"
#include "codec/explain.h"
#include "model/information_text.h"
#include "session/client.h"
#include "session/unexpected.h"

namespace c104 {
namespace {

// Causes that a controlled station may give to process information (IEC 60870-5-101, table 15).
constexpr bool is_monitoring_cause(std::uint8_t cot) {
  return (cot >= 1 && cot <= 3) || cot == 5 || cot == 11 || cot == 12 || (cot >= 20 && cot <= 41);
}

bool is_process_information(const TypeInfo& type) { return type.point && !is_command(type.kind); }

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
  const unsigned skip = std::exchange(applied_, 0);
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
  } else if (is_process_information(*type)) {
    is_monitoring_cause(header.cot) ? deliver_monitoring(reader, asdu, station, skip) : unexpected(asdu, Umc::INVALID_COT);
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

// The objects of one ASDU, walked with the station's mutex held.
struct Connection::Walk {
  Walk(codec::Reader& asdu, std::int64_t at) : reader(asdu), type(static_cast<Type>(asdu.header().type)), now(at) {
    reader.set_reference(now);
  }
  bool next() noexcept {
    ++index;
    return reader.next(ioa, info);
  }

  // Applies objects as long as a point takes them and nobody listens to it; true: it stands before another one.
  bool apply_plain(const Station& station) noexcept {
    while (next()) {
      point = station.find_locked(ioa);
      if (!taken() || listener() != nullptr) return true;
      point->apply_locked(info, now);
      debug(DebugPart::point, [&] { return point->place() + ": received " + describe(info); });
    }
    return false;
  }
  bool taken() const noexcept { return point != nullptr && point->takes(type); }
  const PointExtras* listener() const noexcept {
    const PointExtras* extras = point->find_extras();
    return extras != nullptr && extras->on_receive.filled() ? extras : nullptr;
  }

  codec::Reader& reader;
  const Type type;
  const std::int64_t now;
  unsigned index = ~0U;  // of the object that `ioa`, `info` and `point` are of
  std::uint32_t ioa = 0;
  Information info;
  Point* point = nullptr;
};

// On the I/O thread: applies what needs no callback where it was read, since waking a worker costs more than that. False: a worker
// has to deliver this ASDU, from the object `applied_` on.
bool Connection::apply_here(Bytes asdu) {
  if (asdu.size() > here_left_ || !strand_->idle()) return false;
  codec::Reader reader(asdu);
  const TypeInfo* type = reader.type();
  if (type == nullptr || !is_process_information(*type) || !is_monitoring_cause(reader.header().cot)) return false;
  const auto station = find_station(reader.header().ca);
  if (!station) return false;
  const std::unique_lock lock(station->mutex(), std::try_to_lock);
  if (!lock) return false;
  here_left_ -= asdu.size();
  Walk walk(reader, read_at_);
  const bool stopped = walk.apply_plain(*station);
  if (stopped) applied_ = walk.index;
  return !stopped;
}

void Connection::deliver_monitoring(codec::Reader& reader, Bytes asdu, const std::shared_ptr<Station>& station, unsigned skip) {
  Walk walk(reader, wall_us());
  IncomingMessage::Octets octets;  // copied for the first callback that wants them
  bool told = false;
  for (; skip > 0; --skip) walk.next();
  std::unique_lock lock(station->mutex());
  while (walk.apply_plain(*station)) {
    if (walk.point == nullptr) {
      lock.unlock();
      adopt_point(station, walk.ioa, walk.type);
      lock.lock();
      walk.point = station->find_locked(walk.ioa);
    }
    if (!walk.taken()) {
      const Umc cause = walk.point == nullptr ? Umc::UNKNOWN_IOA : Umc::MISMATCHED_TYPE_ID;
      lock.unlock();
      if (!std::exchange(told, true)) unexpected(asdu, cause);
      lock.lock();
      continue;
    }
    const Point::Snapshot before = walk.point->apply_locked(walk.info, walk.now);
    debug(DebugPart::point, [&] { return walk.point->place() + ": received " + describe(walk.info); });
    const PointExtras* listener = walk.listener();
    if (listener == nullptr) continue;
    const auto keep = walk.point->shared_from_this();
    lock.unlock();
    if (const auto callback = listener->on_receive.get(); callback && Dispatcher::enter_callback()) {
      if (!octets) octets = copy(asdu);
      IncomingMessage message(octets, walk.index);
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
    return "station " + std::to_string(ca) + " of " + ip() + " is new: " + (callback ? "on_new_station is asked" : "added");
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
  const std::string from = address();
  unexpected_log_.note(from, [&] { return "unexpected ASDU from " + from + ": " + name_of(asdu) + ": " + reason_of(cause); });
  const auto callback = on_unexpected_message.get();
  if (!callback || !Dispatcher::enter_callback()) return;
  IncomingMessage message(copy(asdu));
  (*callback)(shared_from_this(), message, cause);
  Dispatcher::leave_callback();
}

}  // namespace c104
