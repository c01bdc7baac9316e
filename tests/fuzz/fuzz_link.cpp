// SPDX-License-Identifier: GPL-3.0-or-later
// Frame gate, HAL framer and lib60870's state machine: one Link of either role, fed with pieces of any octets. Without threads, so
// many times faster than the whole sessions.
#include <algorithm>
#include <cstdlib>

#include "codec/asdu.h"
#include "hal/clock.h"
#include "partner.h"

using namespace c104;
using namespace c104::fuzz;

namespace {

wire::ReadBuffer read_buffer;

struct Pipe {
  Octets to_link;
  std::size_t at = 0, chunk = 0;
  bool closed = false, blocked = false;
};

class PipeStream final : public hal::Stream {
 public:
  explicit PipeStream(Pipe& pipe) : pipe_(pipe) {}
  hal::Progress establish() override { return hal::Progress::done; }
  hal::Transfer read(std::uint8_t* buffer, std::size_t size) override {
    const std::size_t count = std::min({size, pipe_.to_link.size() - pipe_.at, pipe_.chunk});
    std::copy_n(pipe_.to_link.begin() + static_cast<std::ptrdiff_t>(pipe_.at), count, buffer);
    pipe_.at += count;
    if (count > 0) return {count, hal::Progress::want_read};
    return {0, pipe_.closed ? hal::Progress::failed : hal::Progress::want_read};
  }
  hal::Transfer write(Bytes data) override {
    if (pipe_.blocked) return {0, hal::Progress::want_write};
    return {data.size(), hal::Progress::done};
  }
  int descriptor() const override { return 1; }
  std::string peer_address() const override { return "192.0.2.1:2404"; }
  std::string peer_ip() const override { return "192.0.2.1"; }
  std::string error() const override { return "closed by partner"; }

 private:
  Pipe& pipe_;
};

struct Events final : wire::LinkEvents {
  std::size_t raw_octets = 0;
  void on_started() override {}
  void on_stopped() override {}
  void on_asdu(Bytes asdu) override {
    // What the gate lets through holds what it promises.
    codec::Reader reader(asdu);
    if (reader.type() != nullptr && !reader.complete()) std::abort();
    std::uint32_t ioa = 0;
    Information info;
    while (reader.next(ioa, info)) {
    }
  }
  void on_raw(bool, Bytes apdu) override { raw_octets += apdu.size(); }
  void on_fault(wire::Fault, Bytes frame) override { raw_octets += frame.size(); }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input(data, size);
  const std::uint8_t options = input.octet();
  const auto role = (options & 1) != 0 ? wire::Role::controlling : wire::Role::controlled;
  wire::LinkParameters parameters;
  parameters.k = 1 + (options >> 4);
  parameters.w = 1 + (options >> 5);
  std::uint64_t now = 1'000'000;
  hal::set_turn_clock(now);
  Pipe pipe;
  Events events;
  const auto link = wire::Link::create(role, parameters, std::make_unique<PipeStream>(pipe), events);
  link->set_raw_enabled((options & 2) != 0);
  const Octets single_point{1, 1, 3, 0, 1, 0, 1, 0, 0, 1};
  while (!input.empty() && !link->closed()) {
    const std::uint8_t operation = input.octet();
    switch (operation % 8) {
      case 0:
      case 1:
      case 2:
      case 3: {
        const Octets octets = input.octets(input.octet());
        pipe.to_link.insert(pipe.to_link.end(), octets.begin(), octets.end());
        pipe.chunk = 1 + (operation >> 3) * std::size_t{9};
        while (pipe.at < pipe.to_link.size() && !link->closed()) link->receive(read_buffer);
        break;
      }
      case 4:
        hal::set_turn_clock(now += input.octet() * 100u);
        link->tick();
        break;
      case 5: link->send(single_point); break;
      case 6: (operation & 8) != 0 ? link->start() : link->stop(); break;
      case 7:
        pipe.blocked = (operation & 8) != 0;
        if ((operation & 0xf0) == 0xf0) pipe.closed = true;
        link->flush();
        break;
    }
    if (!link->closed()) link->tick();
  }
  return 0;
}
