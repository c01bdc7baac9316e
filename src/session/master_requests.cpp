// SPDX-License-Identifier: GPL-3.0-or-later
// What a master asks for besides commands to points: interrogations, reads, clock and test commands; and refusals.
#include "base/debug.h"
#include "base/log.h"
#include "codec/explain.h"
#include "session/callouts.h"
#include "session/master.h"
#include "session/server_io.h"
#include "session/unexpected.h"

namespace c104 {
namespace {

constexpr std::uint16_t global_address = 65535;
constexpr std::size_t max_interrogations = 64;  // running and waiting, of one master
constexpr std::uint8_t test_pattern[] = {0xAA, 0x55};  // FBP, IEC 60870-5-101, 7.2.6.14

bool is_defined(std::uint8_t cot) { return (cot >= 1 && cot <= 16) || (cot >= 20 && cot <= 41) || (cot >= 44 && cot <= 47); }
Umc cot_fault(std::uint8_t cot) { return is_defined(cot) ? Umc::INVALID_COT : Umc::UNKNOWN_COT; }

bool is(std::uint8_t value, Cot cot) { return value == static_cast<std::uint8_t>(cot); }

}  // namespace

void Master::on_asdu(Bytes asdu) {
  if (closed_) return;
  debug(DebugPart::message, [&] { return address_ + " --> " + codec::describe_asdu(asdu); });
  codec::Reader reader(asdu);
  const TypeInfo* type = reader.type();
  if (type == nullptr) {
    refuse(asdu, Cot::UNKNOWN_TYPE_ID, Umc::UNKNOWN_TYPE_ID);
    return;
  }
  switch (static_cast<Type>(type->id)) {
    case Type::C_IC_NA_1:
    case Type::C_CI_NA_1: return interrogation(reader, asdu);
    case Type::C_RD_NA_1: return read(reader, asdu);
    case Type::C_CS_NA_1: return clock_sync(reader, asdu);
    case Type::C_TS_NA_1:
    case Type::C_TS_TA_1: return test(reader, asdu);
    default:
      if (is_command(type->kind)) return command(reader, asdu);
      refuse(asdu, Cot::UNKNOWN_TYPE_ID, Umc::INVALID_TYPE_ID);
  }
}

// ------------------------------------------------------------------------------------------ answers

void Master::mirror(Bytes asdu, Cot cause, bool negative, std::uint16_t ca) {
  codec::Header header = codec::read_header(asdu);
  header.cot = static_cast<std::uint8_t>(cause);
  header.negative = negative;
  header.ca = ca;
  debug(DebugPart::server, [&] {
    return address_ + ": " + name_of(asdu) + " answered with cot " + std::to_string(header.cot) +
           (negative ? ", negative" : "");
  });
  std::vector<std::uint8_t> answer(asdu.begin(), asdu.end());
  codec::write_header(header, answer.data());
  reply(answer);
}

// IEC 60870-5-101, 7.2.3: what isn't understood comes back as it is, with COT 44..47 and P/N=1. One answer, no more.
void Master::refuse(Bytes asdu, Cot cause, Umc why) {
  ++traffic().refused[static_cast<std::size_t>(why)];
  server_.io_->log.asdus.note(ip_, [&] { return address_ + ": " + name_of(asdu) + " refused: " + reason_of(why); });
  mirror(asdu, cause, true, codec::read_header(asdu).ca);
  tell_unexpected(asdu, why);
}

// A negative confirmation: understood, but not done.
void Master::deny(Bytes asdu, const std::string& why, std::size_t reason) {
  ++traffic().refused[reason];
  server_.io_->log.asdus.note(ip_, [&] { return address_ + ": " + name_of(asdu) + " denied: " + why; });
  const codec::Header header = codec::read_header(asdu);
  mirror(asdu, is(header.cot, Cot::DEACTIVATION) ? Cot::DEACTIVATION_CON : Cot::ACTIVATION_CON, true, header.ca);
}

void Master::tell_unexpected(Bytes asdu, Umc why) {
  if (!server_.on_unexpected_message.filled()) return;
  strand_->push([weak = server_.weak_from_this(), why,
                 octets = std::make_shared<const std::vector<std::uint8_t>>(asdu.begin(), asdu.end())] {
    const auto server = weak.lock();
    if (!server) return;
    IncomingMessage message(octets);
    tell(server->on_unexpected_message, server, message, why);
  });
}

std::vector<std::shared_ptr<Station>> Master::addressed(codec::Reader& reader, Bytes asdu, bool deactivation_allowed) {
  const codec::Header& header = reader.header();
  std::vector<std::shared_ptr<Station>> stations;
  if (header.ca == global_address) {
    stations = server_.stations();
  } else if (auto station = server_.find_station(header.ca)) {
    stations.push_back(std::move(station));
  }
  if (stations.empty()) {
    refuse(asdu, Cot::UNKNOWN_CA, Umc::UNKNOWN_CA);
  } else if (first_ioa(asdu) != 0) {
    refuse(asdu, Cot::UNKNOWN_IOA, Umc::UNKNOWN_IOA);
    stations.clear();
  } else if (!is(header.cot, Cot::ACTIVATION) && !(deactivation_allowed && is(header.cot, Cot::DEACTIVATION))) {
    refuse(asdu, Cot::UNKNOWN_COT, cot_fault(header.cot));
    stations.clear();
  }
  return stations;
}

// ------------------------------------------------------------------------------------------ interrogations

void Master::interrogation(codec::Reader& reader, Bytes asdu) {
  auto stations = addressed(reader, asdu, true);
  if (stations.empty()) return;
  if (is(reader.header().cot, Cot::DEACTIVATION)) {
    deactivate_interrogation(reader, asdu, stations);
    return;
  }
  const std::uint8_t qualifier = reader.qualifier();
  const bool whole = reader.type()->id == static_cast<std::uint8_t>(Type::C_IC_NA_1)
                         ? qualifier == static_cast<std::uint8_t>(Qoi::STATION)
                         : (qualifier & 0x3F) == static_cast<std::uint8_t>(Rqt::GENERAL);
  if (!whole) {
    deny(asdu, reason_of(Umc::UNIMPLEMENTED_GROUP), static_cast<std::size_t>(Umc::UNIMPLEMENTED_GROUP));
    tell_unexpected(asdu, Umc::UNIMPLEMENTED_GROUP);
  } else if (interrogations_.size() >= max_interrogations) {
    deny(asdu, "too many interrogations are waiting");
  } else {
    debug(DebugPart::server,
          [&] { return address_ + ": " + name_of(asdu) + " begins, for " + std::to_string(stations.size()) + " stations"; });
    interrogations_.push_back(
        std::make_shared<Interrogation>(reader.header(), qualifier, std::move(stations), server_.interrogation_form()));
    server_.io_->touch(*this);
  }
}

void Master::deactivate_interrogation(codec::Reader& reader, Bytes asdu,
                                      const std::vector<std::shared_ptr<Station>>& stations) {
  for (const auto& station : stations) {
    bool cancelled = false;
    for (const auto& running : interrogations_) {
      cancelled = running->cancel(reader.header().type, station->common_address()) || cancelled;
    }
    mirror(asdu, Cot::DEACTIVATION_CON, !cancelled, station->common_address());
  }
}

void Master::ask_before_read(std::vector<std::shared_ptr<Point>> points, std::function<void(Master&)> then) {
  strand_->push([weak_server = server_.weak_from_this(), weak = weak_from_this(), loop = loop_, points = std::move(points),
                 then = std::move(then)] {
    const auto server = weak_server.lock();
    if (!server) return;
    tell_each(points, &PointExtras::on_before_read);
    loop->post([weak, then] {
      const auto master = weak.lock();
      if (master && !master->closed_) then(*master);
    });
  });
}

// ------------------------------------------------------------------------------------------ read

void Master::read(codec::Reader& reader, Bytes asdu) {
  const codec::Header& header = reader.header();
  const auto station = server_.find_station(header.ca);
  if (!station) return refuse(asdu, Cot::UNKNOWN_CA, Umc::UNKNOWN_CA);
  const auto point = station->find_point(first_ioa(asdu));
  if (!point) return refuse(asdu, Cot::UNKNOWN_IOA, Umc::UNKNOWN_IOA);
  if (is_command(point->type_info().kind)) return refuse(asdu, Cot::UNKNOWN_TYPE_ID, Umc::INVALID_TYPE_ID);
  if (!is(header.cot, Cot::REQUEST)) return refuse(asdu, Cot::UNKNOWN_COT, cot_fault(header.cot));
  const PointExtras* extras = point->find_extras();
  if (extras == nullptr || !extras->on_before_read.filled()) {
    answer_read(*point, header);
    return;
  }
  ask_before_read({point}, [point, header](Master& master) { master.answer_read(*point, header); });
}

void Master::answer_read(const Point& point, const codec::Header& request) {
  debug(DebugPart::server, [&] { return address_ + ": read of " + point.place(); });
  codec::Header header = request;
  header.type = point.type_info().id;
  header.negative = false;
  header.sequence = false;
  codec::Writer asdu(header);
  asdu.add(point.io_address(), value_to_send(point.information(), point.type_info()));
  reply(asdu.bytes());
}

// ------------------------------------------------------------------------------------------ clock, test

void Master::clock_sync(codec::Reader& reader, Bytes asdu) {
  if (addressed(reader, asdu, false).empty()) return;
  std::vector<std::uint8_t> octets(asdu.begin(), asdu.end());
  if (!server_.on_clock_sync.filled()) {
    answer_clock_sync(octets, ResponseState::SUCCESS);
    return;
  }
  strand_->push([weak_server = server_.weak_from_this(), weak = weak_from_this(), loop = loop_, address = address_,
                 time = reader.time(), octets = std::move(octets)] {
    const auto server = weak_server.lock();
    if (!server) return;
    const ResponseState response =
        ask(server->on_clock_sync, ResponseState::SUCCESS, ResponseState::FAILURE, server, address, time);
    loop->post([weak, octets, response] {
      const auto master = weak.lock();
      if (master && !master->closed_) master->answer_clock_sync(octets, response);
    });
  });
}

void Master::answer_clock_sync(const std::vector<std::uint8_t>& asdu, ResponseState response) {
  if (response == ResponseState::NONE) return;
  const bool negative = response != ResponseState::SUCCESS;
  const std::uint16_t ca = codec::read_header(asdu).ca;
  if (ca != global_address) return mirror(asdu, Cot::ACTIVATION_CON, negative, ca);
  for (const auto& station : server_.stations()) mirror(asdu, Cot::ACTIVATION_CON, negative, station->common_address());
}

void Master::test(codec::Reader& reader, Bytes asdu) {
  bool intact = true;
  if (reader.type()->id == static_cast<std::uint8_t>(Type::C_TS_NA_1)) {
    const Bytes element = asdu.subspan(std::min(asdu.size(), codec::header_size + codec::ioa_size));
    intact = element.size() >= 2 && element[0] == test_pattern[0] && element[1] == test_pattern[1];
  }
  for (const auto& station : addressed(reader, asdu, false)) {
    mirror(asdu, Cot::ACTIVATION_CON, !intact, station->common_address());
  }
}

}  // namespace c104
