// SPDX-License-Identifier: GPL-3.0-or-later
// The API of the server: life, stations, sending. Any thread.
#include "session/server.h"

#include <stdexcept>

#include "base/debug.h"
#include "base/log.h"
#include "codec/explain.h"
#include "session/master.h"
#include "session/server_io.h"

namespace c104 {
namespace {

using namespace std::chrono_literals;
constexpr std::uint32_t smallest_tick_rate = 50;
// For callbacks that still run when the server stops; the links are closed before.
constexpr auto patience = 500ms;

std::string checked_ip(const std::string& ip) {
  if (ip == "localhost" || hal::Endpoint::is_literal(ip)) return ip;
  throw std::invalid_argument(
      "ip '" + ip + "' is neither an IPv4 or IPv6 address nor 'localhost'; for all interfaces give '0.0.0.0' or '::'");
}

std::uint32_t checked_tick_rate(std::uint32_t ms) {
  if (ms >= smallest_tick_rate) return ms;
  throw std::invalid_argument("tick_rate_ms " + std::to_string(ms) + " must be " + std::to_string(smallest_tick_rate) +
                              " or greater");
}

bool is_interrogation_cause(std::uint8_t cot) { return cot >= 20 && cot <= 41; }
bool is_refusal(Cot cause) { return cause >= Cot::UNKNOWN_TYPE_ID && cause <= Cot::UNKNOWN_IOA; }

void check_command_cause(Cot cause) {
  if (cause == Cot::ACTIVATION_CON || cause == Cot::DEACTIVATION_CON || cause == Cot::ACTIVATION_TERMINATION ||
      is_refusal(cause)) {
    return;
  }
  throw std::invalid_argument("cause " + codec::cause_text(static_cast<std::uint8_t>(cause)) +
                              " is no answer of a command point: ACTIVATION_CON (7), DEACTIVATION_CON (9), "
                              "ACTIVATION_TERMINATION (10), UNKNOWN_TYPE_ID (44) to UNKNOWN_IOA (47)");
}

}  // namespace

// IEC 60870-5-101, 7.2.3: causes in monitor direction.
void check_monitor_cause(Cot cause) {
  switch (cause) {
    case Cot::PERIODIC:
    case Cot::BACKGROUND_SCAN:
    case Cot::SPONTANEOUS:
    case Cot::REQUEST:
    case Cot::RETURN_INFO_REMOTE:
    case Cot::RETURN_INFO_LOCAL: return;
    default:
      if (is_interrogation_cause(static_cast<std::uint8_t>(cause))) return;
  }
  throw std::invalid_argument(
      "cause " + codec::cause_text(static_cast<std::uint8_t>(cause)) +
      " is not one of a monitoring point: PERIODIC (1), BACKGROUND_SCAN (2), SPONTANEOUS (3), REQUEST (5), "
      "RETURN_INFO_REMOTE (11), RETURN_INFO_LOCAL (12), INTERROGATED_BY_STATION (20) to "
      "REQUESTED_BY_GROUP_4_COUNTER (41)");
}

Server::Server(const std::string& ip, std::uint16_t port, std::uint32_t tick_rate_ms, std::uint32_t select_timeout_ms,
               std::uint32_t max_connections, std::shared_ptr<hal::TlsConfig> tls, Packer::Form interrogation_form)
    : ip_(checked_ip(ip)),
      wanted_port_(port),
      tick_rate_ms_(checked_tick_rate(tick_rate_ms)),
      port_(port),
      tls_(std::move(tls)),
      interrogation_form_(interrogation_form),
      dispatcher_(std::make_shared<Dispatcher>()),
      loop_(std::make_shared<IoLoop>(dispatcher_)),
      select_timeout_(select_timeout_ms),
      io_(std::make_unique<Io>(*this, select_timeout_)) {
  limits_.connections.store(max_connections);
  if (tls_) tls_->freeze(hal::TlsSide::server);
}

Server::~Server() {
  stop();
  for (const auto& [ca, station] : stations_) station->detach();
}

void Server::start() {
  loop_->refuse_forked("Server");
  std::lock_guard lifecycle(lifecycle_);
  if (running_.load()) return;
  parameters_.check();
  auto listener =
      std::make_unique<hal::Listener>(hal::Endpoint{ip_ == "localhost" ? "127.0.0.1" : ip_, wanted_port_}, Io::backlog);
  dispatcher_->start();
  loop_->start();
  port_.store(listener->port());
  loop_->run([&] { io_->open(std::move(listener)); });
  running_.store(true);
  log(LogLevel::info, "c104.server", "listening on " + hal::Endpoint{ip_, port()}.text());
}

void Server::stop() {
  if (loop_->forked()) return;  // closing anything here would close it for the parent
  std::lock_guard lifecycle(lifecycle_);
  if (!running_.load()) return;
  running_.store(false);
  port_.store(wanted_port_);
  debug(DebugPart::server, [&] { return "stops with " + std::to_string(open_.load()) + " connections"; });
  loop_->run([&] { io_->close(); });
  loop_->stop();
  dispatcher_->stop(patience);
}

std::shared_ptr<const AllowList> Server::allow_list() const {
  std::lock_guard lock(mutex_);
  return allow_list_;
}

void Server::set_allow_list(std::shared_ptr<const AllowList> list) {
  {
    std::lock_guard lock(mutex_);
    allow_list_.swap(list);
  }
  // In force when it returns.
  if (loop_->running()) loop_->run([this] { io_->apply_allow_list(); });
}

Traffic Server::traffic() const {
  Traffic sum = connections_.traffic();
  const EventLog::Position from = unread_from_.load();
  const EventLog::Position end = log_.end();
  sum.unsent.add(counters_.unsent.load() + (from < end ? end - from : 0));
  sum.t0_expired.add(counters_.refusals[static_cast<std::size_t>(Refusal::tls_timeout)].load());
  return sum;
}

std::shared_ptr<Station> Server::add_station(std::uint16_t ca) {
  if (ca == 0 || ca == 65535) {
    throw std::invalid_argument("common_address " + std::to_string(ca) + " is out of range 1..65534");
  }
  std::lock_guard lock(mutex_);
  if (stations_.contains(ca)) return nullptr;
  auto station = Station::create(ca, {}, weak_from_this());
  stations_.emplace(ca, station);
  debug(DebugPart::server, [&] { return "add_station " + std::to_string(ca); });
  return station;
}

std::shared_ptr<Station> Server::find_station(std::uint16_t ca) const {
  std::lock_guard lock(mutex_);
  const auto found = stations_.find(ca);
  return found == stations_.end() ? nullptr : found->second;
}

bool Server::remove_station(std::uint16_t ca) {
  std::shared_ptr<Station> removed;  // dies outside of the lock
  std::lock_guard lock(mutex_);
  const auto found = stations_.find(ca);
  if (found == stations_.end()) return false;
  removed = std::move(found->second);
  removed->detach();
  stations_.erase(found);
  initialized_.erase(ca);
  debug(DebugPart::server, [&] { return "remove_station " + std::to_string(ca); });
  return true;
}

std::vector<std::shared_ptr<Station>> Server::stations() const {
  std::lock_guard lock(mutex_);
  std::vector<std::shared_ptr<Station>> all;
  all.reserve(stations_.size());
  for (const auto& entry : stations_) all.push_back(entry.second);
  return all;
}

bool Server::takes_events() {
  if (loop_->forked()) return false;  // the log's lock may be held by a thread of the parent
  if (active_.load() == 0) {
    counters_.nobody_listening.fetch_add(1, std::memory_order_relaxed);
    return false;
  }
  if (log_.has_room()) return true;
  counters_.log_full.fetch_add(1, std::memory_order_relaxed);
  return false;
}

void Server::append(Bytes asdu) {
  log_.append(asdu);
  loop_->wake();
}

bool Server::append(Packer packer) {
  if (!takes_events()) return false;
  codec::Writer asdu{codec::Header{}};
  bool sent = false;
  while (packer.next(asdu)) {
    append(asdu.bytes());
    sent = true;
  }
  return sent;
}

bool Server::transmit(Point& point, Cot cause, std::optional<std::uint8_t> originator) {
  const auto station = point.station();
  if (!station) throw std::invalid_argument("transmit() needs a point whose station is still there");
  const TypeInfo& type = point.type_info();
  if (is_command(type.kind)) return answer_command(point, cause, originator);
  check_monitor_cause(cause);
  codec::Header header;
  header.type = type.id;
  header.cot = static_cast<std::uint8_t>(cause);
  header.oa = originator.value_or(0);
  header.ca = station->common_address();
  codec::Writer asdu(header);
  asdu.add(point.io_address(), value_to_send(point.information(), type));
  if (!takes_events()) return false;
  log_.append(asdu.bytes());
  loop_->wake_or_turn();
  return true;
}

bool Server::answer_command(Point& point, Cot cause, std::optional<std::uint8_t> originator) {
  check_command_cause(cause);
  if (active_.load() == 0 || loop_->forked()) return false;
  const auto station = point.station();
  codec::Header header;
  header.type = point.type_info().id;
  header.cot = static_cast<std::uint8_t>(cause);
  header.negative = is_refusal(cause);
  header.oa = originator.value_or(0);
  header.ca = station ? station->common_address() : 0;
  const Information info = value_to_send(point.information(), point.type_info());
  loop_->post([this, point = point.shared_from_this(), header, info, own_originator = originator.has_value()] {
    io_->answer_command(*point, header, info, own_originator);
  });
  return true;
}

bool Server::transmit_batch(const Batch& batch) {
  auto points = std::make_shared<const std::vector<std::shared_ptr<Point>>>(batch.points());
  if (points->empty()) return false;
  check_monitor_cause(batch.cause());
  const auto station = points->front()->station();
  if (!station || station->server().get() != this) {
    throw std::invalid_argument("the points of the batch don't belong to a station of this server");
  }
  codec::Header header;
  header.cot = static_cast<std::uint8_t>(batch.cause());
  header.oa = batch.originator_address();
  header.ca = station->common_address();
  return append(Packer(station, std::move(points), header, Packer::Form::own_type));
}

void Server::signal_initialized(const Station& station, std::uint8_t coi) {
  if (loop_->forked()) return;
  {
    std::lock_guard lock(mutex_);
    const std::uint64_t revision = initialized_revision_.load() + 1;
    initialized_[station.common_address()] = {coi, revision};
    initialized_revision_.store(revision);
  }
  loop_->wake();
}

void Server::update_raw() {
  // In force when it returns.
  if (loop_->running()) loop_->run([this] { io_->update_raw(); });
}

void Server::schedule_point(const std::shared_ptr<Point>& point) {
  loop_->post([this, point] { io_->reports.schedule(point); });
}

}  // namespace c104
