// SPDX-License-Identifier: GPL-3.0-or-later
// A whole Server and up to three hostile masters: sequences of APDUs, time, calls of the API.
#include <array>

#include "partner.h"
#include "runtime.h"
#include "session/server.h"

using namespace c104;
using namespace c104::fuzz;

namespace {

std::shared_ptr<Server> make_server(std::uint8_t options) {
  auto server = std::make_shared<Server>("127.0.0.1", std::uint16_t{2404}, 100u, 1000u, 3u);
  const auto station = server->add_station(1);
  server->add_station(2)->add_point(1, Type::M_SP_NA_1);
  // Each type at its own number.
  for (const TypeInfo& type : all_types()) {
    if (!type.point) continue;
    const auto point = station->add_point(type.id, static_cast<Type>(type.id));
    const bool command = type.direction == Direction::control;
    if (command && (options & 1) != 0) {
      point->extras().on_receive.set([id = type.id](const auto&, const Information&, std::int64_t, IncomingMessage& message) {
        message.first();
        while (message.next()) {
        }
        return id % 3 == 0 ? ResponseState::FAILURE : id % 3 == 1 ? ResponseState::SUCCESS : ResponseState::NONE;
      });
    }
    if (command && (options & 2) != 0) point->extras().command_mode = CommandMode::SELECT_AND_EXECUTE;
    if (command && (options & 4) != 0) {
      point->extras().related_ioa = 1;
      point->extras().related_autoreturn = true;
    }
    if (!command && (options & 8) != 0) {
      point->extras().on_before_read.set(
          [](const std::shared_ptr<Point>& read) { read->set_information(read->information()); });
    }
    if (!command && (options & 16) != 0 && type.id < 10) point->set_report_ms(100);
  }
  if ((options & 32) != 0) {
    server->on_connect.set([](const auto&, const std::string&) { return true; });
    server->on_clock_sync.set([](const auto&, const std::string&, TimeTag time) {
      return time.has_value() ? ResponseState::SUCCESS : ResponseState::FAILURE;
    });
  }
  if ((options & 64) != 0) {
    server->on_receive_raw.set([](const auto&, Bytes) {});
    server->on_send_raw.set([](const auto&, Bytes) {});
  }
  server->on_unexpected_message.set([](const auto&, IncomingMessage& message, Umc) {
    message.first();
    while (message.next()) {
    }
  });
  return server;
}

void use_api(Server& server, Input& input) {
  const std::uint8_t what = input.octet();
  const auto station = server.find_station(1);
  const auto point = station ? station->find_point(input.octet()) : nullptr;
  switch (what % 8) {
    case 0:
    case 1:
    case 2:
      if (point) {
        const bool command = point->type_info().direction == Direction::control;
        point->transmit(command ? Cot::ACTIVATION_TERMINATION : Cot::SPONTANEOUS, std::nullopt);
      }
      break;
    case 3: {
      Batch batch(Cot::SPONTANEOUS);
      if (point && point->type_info().direction != Direction::control) {
        batch.add_point(point);
        server.transmit_batch(batch);
      }
      break;
    }
    case 4:
      if (station && point) station->remove_point(point->io_address());
      break;
    case 5:
      if (!server.remove_station(2)) server.add_station(2)->add_point(9, Type::M_ME_NC_1);
      break;
    case 6:
      if (station) server.signal_initialized(*station, input.octet());
      break;
    case 7:
      for (int i = 0; point && point->type_info().direction != Direction::control && i < 200; ++i) {
        point->transmit(Cot::SPONTANEOUS, std::nullopt);
      }
      break;
  }
  Net::instance().settle();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  use_plain_runtime();
  Net::instance().reset();
  Input input(data, size);
  const auto server = make_server(input.octet());
  server->start();
  std::array<std::unique_ptr<Partner>, 3> masters;
  for (int steps = 0; steps < 200 && !input.empty(); ++steps) {
    const std::uint8_t choice = input.octet();
    auto& master = masters[choice >> 6 == 3 ? 2 : choice >> 7];
    if (!master || !master->alive()) {
      const auto wire = Net::instance().call();
      if (!wire) break;
      master = std::make_unique<Partner>(wire::Role::controlling, wire);
      if ((choice & 0x20) == 0) master->send_u(wire::u_frame::startdt_act);
      continue;
    }
    const std::uint8_t operation = choice & 0x1f;
    if (operation >= 26) {
      use_api(*server, input);
      master->absorb();
    } else {
      master->step(operation, input);
    }
  }
  server->stop();
  take_log();
  return 0;
}
