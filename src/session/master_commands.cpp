// SPDX-License-Identifier: GPL-3.0-or-later
// Commands to points: checks, select before execute, execution by on_receive.
#include "base/debug.h"
#include "base/log.h"
#include "model/information_text.h"
#include "session/callouts.h"
#include "session/master.h"
#include "session/server_io.h"

namespace c104 {
namespace {

CommandMode mode_of(const Station& station, const Point& point) {
  const PointExtras* extras = point.find_extras();
  if (extras == nullptr) return CommandMode::DIRECT;
  std::lock_guard lock(station.mutex());
  return extras->command_mode;
}

// The monitoring point that shows the effect of a command, if it is to be sent by itself.
std::shared_ptr<Point> returned_point(const Point& command) {
  const PointExtras* extras = command.find_extras();
  const auto station = command.station();
  if (extras == nullptr || !station) return nullptr;
  std::optional<std::uint32_t> ioa;
  {
    std::lock_guard lock(station->mutex());
    if (extras->related_autoreturn) ioa = extras->related_ioa;
  }
  auto related = ioa ? station->find_point(*ioa) : nullptr;
  return related && !is_command(related->type_info().kind) ? related : nullptr;
}

// On a worker: the value is the point's before on_receive sees it.
ResponseState apply_and_ask(const Station& station, const std::shared_ptr<Point>& point, const IncomingMessage::Octets& asdu) {
  IncomingMessage message(asdu);
  Point::Snapshot before;
  {
    std::lock_guard lock(station.mutex());
    before = point->apply_locked(message.information(), wall_us());
    debug(DebugPart::point, [&] { return point->place() + ": commanded " + describe(message.information()); });
  }
  PointExtras* extras = point->find_extras();
  if (extras == nullptr) return ResponseState::SUCCESS;
  return ask(extras->on_receive, ResponseState::SUCCESS, ResponseState::FAILURE, point, before.info, before.processed_us,
             message);
}

}  // namespace

void Master::command(codec::Reader& reader, Bytes asdu) {
  const codec::Header& header = reader.header();
  const auto station = server_.find_station(header.ca);
  if (!station) return refuse(asdu, Cot::UNKNOWN_CA, Umc::UNKNOWN_CA);
  std::uint32_t ioa = 0;
  Information info;
  bool is_select = false;
  const bool readable = reader.next(ioa, info, is_select);
  const auto point = readable ? station->find_point(ioa) : nullptr;
  if (!point) return refuse(asdu, Cot::UNKNOWN_IOA, Umc::UNKNOWN_IOA);
  if (point->type_info().id != header.type) return refuse(asdu, Cot::UNKNOWN_TYPE_ID, Umc::MISMATCHED_TYPE_ID);
  const auto cause = static_cast<Cot>(header.cot);
  if (cause != Cot::ACTIVATION && cause != Cot::DEACTIVATION) {
    const bool defined = (header.cot >= 1 && header.cot <= 16) || (header.cot >= 20 && header.cot <= 41);
    return refuse(asdu, Cot::UNKNOWN_COT, defined ? Umc::INVALID_COT : Umc::UNKNOWN_COT);
  }
  if (header.sequence || header.count != 1) return deny(asdu, "a command has one information object");

  if (cause == Cot::DEACTIVATION) {
    if (!server_.io_->selections.cancel(*point, *this)) return deny(asdu, "nothing is selected by this master");
    mirror(asdu, Cot::DEACTIVATION_CON, false, header.ca);
  } else if (mode_of(*station, *point) == CommandMode::DIRECT) {
    if (is_select) return deny(asdu, "the point takes direct commands only");
    execute(station, point, header, asdu, false);
  } else if (is_select) {
    select(point, header, asdu);
  } else if (server_.io_->selections.begin_execute(*point, *this)) {
    execute(station, point, header, asdu, true);
  } else {
    deny(asdu, "not selected by this master");
  }
}

void Master::select(const std::shared_ptr<Point>& point, const codec::Header& header, Bytes asdu) {
  if (!server_.io_->selections.select(point, *this, header.oa, asdu)) {
    return deny(asdu, "selected by another master, or being executed");
  }
  debug(DebugPart::server, [&] { return address_ + ": selects " + point->place(); });
  mirror(asdu, Cot::ACTIVATION_CON, false, header.ca);
}

// As the peer does: the end of a selection that was not executed in time is told to its master.
void Master::selection_expired(const std::vector<std::uint8_t>& select) {
  ++traffic().selections_expired;
  server_.io_->log.selections.note(ip_, [&] { return address_ + ": a selection was not executed in time"; });
  mirror(select, Cot::ACTIVATION_TERMINATION, false, codec::read_header(select).ca);
}

void Master::execute(const std::shared_ptr<Station>& station, const std::shared_ptr<Point>& point, const codec::Header& header,
                     Bytes asdu, bool selected) {
  debug(DebugPart::server, [&] { return address_ + ": executes " + point->place() + (selected ? ", selected before" : ""); });
  server_.io_->remember_command(point, *this, header);
  strand_->push([weak_server = server_.weak_from_this(), weak = weak_from_this(), loop = loop_, station, point, selected,
                 octets = std::make_shared<const std::vector<std::uint8_t>>(asdu.begin(), asdu.end())] {
    const auto server = weak_server.lock();
    if (!server) return;
    const ResponseState response = apply_and_ask(*station, point, octets);
    loop->post([weak, server = server.get(), point, octets, selected, response] {
      const auto master = weak.lock();
      if (master && !master->closed_) master->executed(*point, *octets, selected, response);
      // Whoever asked may be gone: the others still learn of the effect.
      const auto related = response == ResponseState::SUCCESS ? returned_point(*point) : nullptr;
      if (related) server->transmit(*related, Cot::RETURN_INFO_REMOTE, std::nullopt);
    });
  });
}

void Master::executed(const Point& point, const std::vector<std::uint8_t>& asdu, bool selected, ResponseState response) {
  if (selected) server_.io_->selections.finish(point, *this);
  if (response == ResponseState::NONE) return;  // the user answers by transmit()
  const std::uint16_t ca = codec::read_header(asdu).ca;
  mirror(asdu, Cot::ACTIVATION_CON, response != ResponseState::SUCCESS, ca);
  if (selected && response == ResponseState::SUCCESS) mirror(asdu, Cot::ACTIVATION_TERMINATION, false, ca);
}

}  // namespace c104
