// SPDX-License-Identifier: GPL-3.0-or-later
// The API side of a connection: runs on any thread, never on the I/O thread, and may block in commands.
#include "session/connection.h"

#include <algorithm>
#include <stdexcept>

#include "base/debug.h"
#include "codec/explain.h"
#include "session/client.h"
#include "session/connection_command.h"

namespace c104 {
namespace {

constexpr std::uint8_t qualifier_counter(std::uint8_t rqt, std::uint8_t frz) {
  return static_cast<std::uint8_t>((rqt & 0x3F) | (frz << 6));
}

std::shared_ptr<PendingCommand> expect(const codec::Header& header, std::uint32_t ioa, Until until) {
  auto pending = std::make_shared<PendingCommand>();
  pending->type = header.type;
  pending->ca = header.ca;
  pending->ioa = ioa;
  pending->until = until;
  return pending;
}

void check_start(const char* what, Cot cause) {
  if (cause == Cot::ACTIVATION || cause == Cot::DEACTIVATION) return;
  throw std::invalid_argument("cause " + codec::cause_text(static_cast<std::uint8_t>(cause)) + " can't start " + what +
                              ": ACTIVATION (6) or DEACTIVATION (8)");
}

}  // namespace

const char* name_of(ConnectionState state) noexcept {
  static constexpr const char* names[] = {"CLOSED", "CLOSED_AWAIT_OPEN", "CLOSED_AWAIT_RECONNECT", "OPEN_MUTED",
                                          "OPEN",   "OPEN_AWAIT_CLOSED"};
  return names[static_cast<int>(state)];
}

const char* name_of(Outcome outcome) noexcept {
  static constexpr const char* names[] = {
      "waits", "succeeded", "was refused", "was not answered in time", "lost its link", "was not sent: no data transfer"};
  return names[static_cast<int>(outcome)];
}

Connection::Connection(const std::shared_ptr<Client>& client, hal::Endpoint endpoint, std::string host, Init init)
    : client_(client),
      loop_(client->loop_),
      command_timeout_(client->command_timeout_),
      ip_(std::move(endpoint.ip)),
      port_(endpoint.port),
      host_(std::move(host)),
      init_(init) {
  oa_.store(client->originator_address());
}

Connection::~Connection() = default;

hal::Endpoint Connection::endpoint() const {
  const std::lock_guard lock(ip_mutex_);
  return {ip_, port_};
}

std::string Connection::address() const {
  hal::Endpoint named = endpoint();
  if (named.ip.empty()) named.ip = host_;
  return named.text();
}

Strand& Connection::strand() {
  // Made late: its functions need weak_from_this().
  std::call_once(strand_made_, [this] {
    const auto weak = weak_from_this();
    const auto client = client_.lock();
    strand_ = std::make_shared<Strand>(
        client ? client->dispatcher_ : std::make_shared<Dispatcher>(),
        [weak](EventKind kind, Bytes payload) {
          if (const auto self = weak.lock()) self->deliver(kind, payload);
        },
        [weak, loop = loop_] {
          loop->post([weak] {
            if (const auto self = weak.lock()) self->resume_reading();
          });
        });
  });
  return *strand_;
}

std::optional<std::int64_t> Connection::connected_at() const {
  std::lock_guard lock(mutex_);
  if (connected_us_ == 0 || !is_connected()) return std::nullopt;
  return connected_us_;
}

std::optional<std::int64_t> Connection::disconnected_at() const {
  std::lock_guard lock(mutex_);
  if (disconnected_us_ == 0 || is_connected()) return std::nullopt;
  return disconnected_us_;
}

Traffic Connection::traffic() {
  Traffic now = *traffic_;
  now.receive_queue.set(strand().queued());
  now.receive_queue_most.set(strand().high_water());
  return now;
}

PeerCertificatePtr Connection::peer_certificate() const {
  std::lock_guard lock(mutex_);
  return peer_certificate_;
}

void Connection::run_on_loop(const IoLoop::Task& task) {
  const auto client = client_.lock();
  if (!client) throw std::invalid_argument("the client of this connection is gone");
  client->ensure_threads();
  loop_->run(task);
}

void Connection::connect() {
  parameters_.check();
  run_on_loop([this] { open(); });
}

void Connection::disconnect() {
  // Nothing runs, nothing is open.
  if (!loop_->running()) return;
  loop_->run([this] { shut(); });
}

bool Connection::mute() {
  bool done = false;
  if (loop_->running()) loop_->run([&] { done = stop_transfer(); });
  return done;
}

bool Connection::unmute() {
  bool done = false;
  if (loop_->running()) loop_->run([&] { done = start_transfer(); });
  return done;
}

std::shared_ptr<Station> Connection::add_station(std::uint16_t ca) {
  std::lock_guard lock(mutex_);
  for (const auto& station : stations_) {
    if (station->common_address() == ca) return nullptr;
  }
  auto station = Station::create(ca, weak_from_this(), {});
  stations_.push_back(station);
  return station;
}

std::shared_ptr<Station> Connection::find_station(std::uint16_t ca) const {
  std::lock_guard lock(mutex_);
  for (const auto& station : stations_) {
    if (station->common_address() == ca) return station;
  }
  return nullptr;
}

bool Connection::remove_station(std::uint16_t ca) {
  std::shared_ptr<Station> removed;  // dies outside of the lock
  std::lock_guard lock(mutex_);
  const auto i =
      std::find_if(stations_.begin(), stations_.end(), [&](const auto& station) { return station->common_address() == ca; });
  if (i == stations_.end()) return false;
  removed = *i;
  removed->detach();
  stations_.erase(i);
  debug(DebugPart::connection, [&] { return address() + ": remove_station " + std::to_string(ca); });
  return true;
}

std::vector<std::shared_ptr<Station>> Connection::stations() const {
  std::lock_guard lock(mutex_);
  return stations_;
}

void Connection::schedule_timer(const std::shared_ptr<Point>& point) {
  loop_->post([weak = weak_from_this(), weak_point = std::weak_ptr(point)] {
    if (const auto self = weak.lock()) self->arm_timer(weak_point);
  });
}

void Connection::update_raw() {
  // In force when it returns.
  if (loop_->running()) loop_->run([this] { apply_raw(); });
}

// ---------------------------------------------------------------------------------------------- commands

codec::Header Connection::command_header(Type type, Cot cause, std::uint16_t ca) const {
  codec::Header header;
  header.type = static_cast<std::uint8_t>(type);
  header.cot = static_cast<std::uint8_t>(cause);
  header.oa = originator_address();
  header.ca = ca;
  return header;
}

bool Connection::interrogation(std::uint16_t ca, Cot cause, std::uint8_t qoi, bool wait) {
  check_start("an interrogation", cause);
  return execute(make_interrogation(ca, cause, qoi), wait);
}

bool Connection::counter_interrogation(std::uint16_t ca, Cot cause, std::uint8_t rqt, std::uint8_t frz, bool wait) {
  check_start("a counter interrogation", cause);
  const codec::Header header = command_header(Type::C_CI_NA_1, cause, ca);
  codec::Writer asdu(header);
  const std::uint8_t qcc = qualifier_counter(rqt, frz);
  asdu.add_raw(0, {&qcc, 1});
  return execute(std::make_shared<Command>(asdu.bytes(), expect(header, 0, until_for(cause))), wait);
}

bool Connection::clock_sync(std::uint16_t ca, bool wait) { return execute(make_clock_sync(ca), wait); }

bool Connection::test(std::uint16_t ca, bool with_time, bool wait) {
  const codec::Header header = command_header(with_time ? Type::C_TS_TA_1 : Type::C_TS_NA_1, Cot::ACTIVATION, ca);
  codec::Writer asdu(header);
  if (with_time) {
    std::array<std::uint8_t, 9> element{};
    const std::uint16_t counter = test_counter_.fetch_add(1);
    element[0] = static_cast<std::uint8_t>(counter);
    element[1] = static_cast<std::uint8_t>(counter >> 8);
    codec::write_cp56({wall_us(), TimeTag::present}, element.data() + 2);
    asdu.add_raw(0, element);
  } else {
    const std::array<std::uint8_t, 2> fixed_test_pattern{0xAA, 0x55};  // FBP, IEC 60870-5-101, 7.2.6.14
    asdu.add_raw(0, fixed_test_pattern);
  }
  return execute(std::make_shared<Command>(asdu.bytes(), expect(header, 0, Until::confirmation)), wait);
}

bool Connection::read(const Point& point) {
  const auto station = point.station();
  if (!station) return false;
  const codec::Header header = command_header(Type::C_RD_NA_1, Cot::REQUEST, station->common_address());
  codec::Writer asdu(header);
  asdu.add_raw(point.io_address(), {});
  return execute(std::make_shared<Command>(asdu.bytes(), expect(header, point.io_address(), Until::data)), true);
}

bool Connection::transmit(Point& point, Cot cause, std::optional<std::uint8_t> originator) {
  if (!is_command(point.type_info().kind)) {
    throw std::invalid_argument(std::string("transmit() of a client's point is for commands (types 45..51, 58..64), not for ") +
                                point.type_info().name);
  }
  check_start("a command", cause);
  const auto station = point.station();
  if (!station) return false;
  codec::Header header = command_header(point.type(), cause, station->common_address());
  if (originator) header.oa = *originator;
  Information info = point.information();
  if (point.type_info().tag != TagFormat::none) info.complete_recorded_at(wall_us());

  const auto send = [&](bool select, Until until) {
    codec::Writer asdu(header);
    asdu.add(point.io_address(), info, select);
    auto pending = expect(header, point.io_address(), until);
    pending->select = select;
    return execute(std::make_shared<Command>(asdu.bytes(), std::move(pending)), true);
  };
  const PointExtras* extras = point.find_extras();
  const bool two_steps = extras != nullptr && extras->command_mode == CommandMode::SELECT_AND_EXECUTE;
  if (two_steps && cause == Cot::ACTIVATION) {
    return send(true, Until::confirmation) && send(false, Until::termination);
  }
  return send(two_steps && cause == Cot::DEACTIVATION, Until::confirmation);
}

bool Connection::execute(std::shared_ptr<Command> command, bool wait) {
  if (loop_->forked()) return false;  // nothing is noted: the log's lock may be held by a thread of the parent
  const auto pending = command->pending;
  if (!loop_->running() || !transferring_.load(std::memory_order_acquire)) {
    note_end(*pending, Outcome::not_sent);
    return false;
  }
  Strand& own = strand();
  const bool inside = Dispatcher::current() == &own;
  if (!wait) {
    command->pending = nullptr;
  } else {
    // The caller that stands in this connection's own callback can't wait for events behind it.
    pending->in_order = !inside && pending->until != Until::confirmation;
    tracker_.add(pending);
  }
  // Weak: it may stay in a loop that has been stopped, which this connection holds.
  const auto send = [weak = weak_from_this(), command = std::move(command)] {
    if (const auto self = weak.lock()) self->send_now(command);
  };
  if (!wait) return loop_->post(send);
  const bool posted = loop_->hand_in(send);
  if (!posted) tracker_.settle(pending, Outcome::not_sent);  // stop() came in between, and nobody else would end the wait
  const Strand::WaitingInside guard(inside ? &own : nullptr);
  const Outcome outcome = tracker_.await(pending, command_timeout_);
  note_end(*pending, outcome);
  if (outcome == Outcome::timeout) counters_.command_timeouts.fetch_add(1, std::memory_order_relaxed);
  return outcome == Outcome::success;
}

void Connection::note_end(const PendingCommand& command, Outcome outcome) {
  const auto text = [&] {
    const char* type = type_name(command.type);
    return address() + ": command " + (type ? type : "?") + " CA " + std::to_string(command.ca) + " IOA " +
           std::to_string(command.ioa) + (command.select ? " (select) " : " ") + name_of(outcome);
  };
  if (outcome == Outcome::success) {
    debug(DebugPart::connection, text);
  } else {
    command_log_.note(address(), text);
  }
}

Until Connection::until_for(Cot cause) { return cause == Cot::DEACTIVATION ? Until::confirmation : Until::termination; }

std::shared_ptr<Connection::Command> Connection::make_interrogation(std::uint16_t ca, Cot cause, std::uint8_t qoi) const {
  const codec::Header header = command_header(Type::C_IC_NA_1, cause, ca);
  codec::Writer asdu(header);
  asdu.add_raw(0, {&qoi, 1});
  return std::make_shared<Command>(asdu.bytes(), expect(header, 0, until_for(cause)));
}

std::shared_ptr<Connection::Command> Connection::make_clock_sync(std::uint16_t ca) const {
  const codec::Header header = command_header(Type::C_CS_NA_1, Cot::ACTIVATION, ca);
  codec::Writer asdu(header);
  std::array<std::uint8_t, 7> now{};
  codec::write_cp56({wall_us(), TimeTag::present}, now.data());
  asdu.add_raw(0, now);
  return std::make_shared<Command>(asdu.bytes(), expect(header, 0, Until::confirmation));
}

}  // namespace c104
