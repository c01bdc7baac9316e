// SPDX-License-Identifier: GPL-3.0-or-later
// A whole Client and a hostile station: sequences of APDUs, time, broken links, calls of the API, commands that wait for answers.
#include <thread>

#include "partner.h"
#include "runtime.h"
#include "session/client.h"

using namespace c104;
using namespace c104::fuzz;

namespace {

void look_at(IncomingMessage& message) {
  message.first();
  while (message.next()) {
  }
}

void fill_slots(Client& client, Connection& connection, std::uint8_t options) {
  if ((options & 1) != 0) {
    client.on_new_station.set(
        [](const auto&, const std::shared_ptr<Connection>& to, std::uint16_t ca) { to->add_station(ca); });
    client.on_new_point.set([](const auto&, const std::shared_ptr<Station>& station, std::uint32_t ioa, Type type) {
      if (const auto point = station->add_point(ioa, type)) {
        point->extras().on_receive.set([](const auto&, const Information&, std::int64_t, IncomingMessage& message) {
          look_at(message);
          return ResponseState::SUCCESS;
        });
      }
    });
    client.on_station_initialized.set([](const auto&, const auto&, std::uint8_t) {});
  }
  if ((options & 2) != 0) {
    connection.on_receive_raw.set([](const auto&, Bytes) {});
    connection.on_send_raw.set([](const auto&, Bytes) {});
  }
  connection.on_unexpected_message.set([](const auto&, IncomingMessage& message, Umc) { look_at(message); });
  connection.on_state_change.set([](const auto&, ConnectionState) {});
}

// One command that waits for its answer, on a thread of its own.
class Caller {
 public:
  explicit Caller(std::shared_ptr<Connection> connection) : connection_(std::move(connection)) {}
  ~Caller() { join(); }
  void call(Input& input) {
    if (thread_.joinable()) return;
    const std::uint8_t what = input.octet();
    const std::uint8_t which = input.octet();
    const auto station = connection_->find_station(1);
    auto point = station ? station->find_point(which) : nullptr;
    if (station && !point) point = station->add_point(which, static_cast<Type>(45 + which % 7));
    if (point && (which & 0x80) != 0) point->extras().command_mode = CommandMode::SELECT_AND_EXECUTE;
    thread_ = std::thread([connection = connection_, what, point] {
      const std::uint16_t ca = (what & 0x80) != 0 ? 0xFFFF : 1;
      switch (what % 6) {
        case 0: connection->interrogation(ca, Cot::ACTIVATION, 20, true); break;
        case 1: connection->counter_interrogation(ca, Cot::ACTIVATION, 5, 0, true); break;
        case 2: connection->clock_sync(ca, true); break;
        case 3: connection->test(ca, (what & 0x40) != 0, true); break;
        case 4:
        case 5:
          if (point) use(*point);
          break;
      }
    });
    std::this_thread::yield();
    Net::instance().settle();
  }
  void join() {
    if (thread_.joinable()) thread_.join();
  }

 private:
  static void use(Point& point) {
    try {
      point.type_info().direction == Direction::control ? point.transmit(Cot::ACTIVATION) : point.read();
    } catch (const std::invalid_argument&) {  // removed meanwhile, with or without its station, as documented
    }
  }

  const std::shared_ptr<Connection> connection_;
  std::thread thread_;
};

void use_api(Connection& connection, Input& input) {
  switch (input.octet() % 9) {
    case 0: connection.mute(); break;
    case 1: connection.unmute(); break;
    case 2: connection.disconnect(); break;
    case 3: connection.connect(); break;
    case 4: connection.interrogation(1, Cot::ACTIVATION, 20, false); break;
    case 5: connection.clock_sync(1, false); break;
    case 6: connection.add_station(1); break;
    case 7: connection.remove_station(1); break;
    case 8:
      if (const auto station = connection.find_station(1)) station->remove_point(input.octet());
      break;
  }
  Net::instance().settle();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  use_plain_runtime();
  Net& net = Net::instance();
  net.reset();
  Input input(data, size);
  const auto client = std::make_shared<Client>(100u, 1000u);
  const std::uint8_t options = input.octet();
  constexpr Init inits[] = {Init::NONE, Init::ALL, Init::INTERROGATION, Init::CLOCK_SYNC, Init::MUTED};
  const auto connection = client->add_connection("127.0.0.1", 2404, inits[(options >> 2) % 5]);
  fill_slots(*client, *connection, options);
  {
    Caller caller(connection);
    client->start();
    net.settle();
    std::unique_ptr<Partner> station;
    for (int steps = 0; steps < 200 && !input.empty(); ++steps) {
      const std::uint8_t choice = input.octet();
      const std::uint8_t operation = choice & 0x1f;
      if (auto wire = net.take_dialled()) {
        station = std::make_unique<Partner>(wire::Role::controlled, std::move(wire));
        station->absorb();
        if ((choice & 0x20) == 0) station->send_u(wire::u_frame::startdt_con);
      } else if (operation >= 29) {
        caller.call(input);
      } else if (operation >= 26) {
        use_api(*connection, input);
      } else if (!station || !station->alive()) {
        net.refuse_dials((choice & 0x40) != 0);
        net.advance(1000);
      } else {
        station->step(operation, input);
      }
      if (station) station->absorb();
    }
    client->stop();
  }
  take_log();
  return 0;
}
