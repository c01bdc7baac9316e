// SPDX-License-Identifier: GPL-3.0-or-later
// The controlling station's link: a CS104_Connection in threadless mode.
#include <new>
#include <optional>

#include "hal/clock.h"
#include "wire/lib60870_c.h"
#include "wire/lib_link.h"

namespace c104::wire {
namespace {

class ClientLink final : public LibLink {
 public:
  ClientLink(const LinkParameters& parameters, std::unique_ptr<hal::Stream> stream, LinkEvents& events,
             std::shared_ptr<LinkCounters> counters)
      : LibLink(Role::controlling, parameters, std::move(stream), events, std::move(counters)) {
    // A new object per link: the window's array is sized at the first start and a later k ignored (631-635).
    connection_ = CS104_Connection_create("", 0);
    if (connection_ == nullptr) throw std::bad_alloc();
    sCS104_APCIParameters apci = to_c(parameters);
    CS104_Connection_setAPCIParameters(connection_, &apci);
    const hal::PreparedSocket ready(socket());
    CS104_Connection_startThreadless(connection_);
  }

  ~ClientLink() override {
    CS104_Connection_stopThreadless(connection_);
    CS104_Connection_destroy(connection_);
  }

  void start() override {
    if (closed() || started() || start_deadline_) return;
    start_deadline_ = deadline();
    inside([&] {
      CS104_Connection_sendStartDT(connection_);
      return true;
    });
  }

  void stop() override {
    if (closed() || stop_deadline_ || !(started() || start_deadline_)) return;
    set_started(false);
    stop_deadline_ = deadline();
    inside([&] {
      CS104_Connection_sendStopDT(connection_);
      return true;
    });
  }

 private:
  bool run_library() override { return CS104_Connection_run(connection_, 0); }
  bool settle_library() override { return true; }

  bool send_library(Bytes asdu) override {
    AsduView view(asdu, CS104_Connection_getAppLayerParameters(connection_));
    return CS104_Connection_sendASDU(connection_, view.get());
  }

  void end_library() override { CS104_Connection_stopThreadless(connection_); }

  std::string objection(const std::uint8_t*) const override { return {}; }

  // lib60870 takes any confirmation, asked for or not (checkMessage), and an unasked STARTDT con would start a link that
  // the user keeps muted.
  Fault unexpected(std::uint8_t function) const override {
    if (function == u_frame::startdt_con && !start_deadline_) return Fault::unexpected_u_frame;
    if (function == u_frame::stopdt_con && !stop_deadline_) return Fault::unexpected_u_frame;
    return Fault::none;
  }

  void on_u_frame(std::uint8_t function) override {
    if (function == u_frame::startdt_con) {
      start_deadline_.reset();
      if (stop_deadline_) return;  // stopped before it was confirmed
      set_started(true);
      events().on_started();
    } else if (function == u_frame::stopdt_con) {
      stop_deadline_.reset();
      events().on_stopped();
    }
  }

  // lib60870 has a timer for them, but any U-frame of the partner resets it (1247), and the next TESTFR moves it.
  bool supervising() const override { return start_deadline_ || stop_deadline_; }

  void supervise() override {
    const std::uint64_t now = hal::turn_clock();
    if (start_deadline_ && now > *start_deadline_) {
      expire("STARTDT was not confirmed");
    } else if (stop_deadline_ && now > *stop_deadline_) {
      expire("STOPDT was not confirmed");
    }
  }

  std::uint64_t deadline() const { return hal::turn_clock() + static_cast<std::uint64_t>(parameters().t1) * 1000; }

  CS104_Connection connection_ = nullptr;
  // Set while a confirmation is awaited.
  std::optional<std::uint64_t> start_deadline_, stop_deadline_;
};

}  // namespace

std::unique_ptr<Link> make_client_link(const LinkParameters& parameters, std::unique_ptr<hal::Stream> stream,
                                       LinkEvents& events, std::shared_ptr<LinkCounters> counters) {
  return std::make_unique<ClientLink>(parameters, std::move(stream), events, std::move(counters));
}

}  // namespace c104::wire
