// SPDX-License-Identifier: GPL-3.0-or-later
// The controlling station's link: a CS104_Connection in threadless mode.
#include <new>

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

  void start() override { want(true); }
  void stop() override { want(false); }

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
    const bool con = function == u_frame::startdt_con || function == u_frame::stopdt_con;
    return con && function != awaited_ ? Fault::unexpected_u_frame : Fault::none;
  }

  void want(bool transfer) {
    if (closed()) return;
    wanted_ = transfer;
    if (!wanted_) set_started(false);
    request();
  }

  // One request at a time: what is wanted meanwhile is asked for when it is confirmed.
  void request() {
    if (closed() || awaited_ != 0 || wanted_ == transferring_) return;
    awaited_ = wanted_ ? u_frame::startdt_con : u_frame::stopdt_con;
    deadline_ = hal::turn_clock() + static_cast<std::uint64_t>(parameters().t1) * 1000;
    inside([&] {
      wanted_ ? CS104_Connection_sendStartDT(connection_) : CS104_Connection_sendStopDT(connection_);
      return true;
    });
  }

  void on_u_frame(std::uint8_t function) override {
    if (function != u_frame::startdt_con && function != u_frame::stopdt_con) return;
    awaited_ = 0;
    transferring_ = function == u_frame::startdt_con;
    if (!transferring_) {
      events().on_stopped();
    } else if (wanted_) {
      set_started(true);
      events().on_started();
    }
    request();
  }

  // lib60870 has a timer for them, but any U-frame of the partner resets it (1247), and the next TESTFR moves it.
  bool supervising() const override { return awaited_ != 0; }

  void supervise() override {
    if (awaited_ == 0 || hal::turn_clock() <= deadline_) return;
    expire(awaited_ == u_frame::startdt_con ? "STARTDT was not confirmed" : "STOPDT was not confirmed");
  }

  CS104_Connection connection_ = nullptr;
  bool wanted_ = false;        // by start() and stop()
  bool transferring_ = false;  // as the partner has confirmed
  std::uint8_t awaited_ = 0;   // confirmation, 0 for none
  std::uint64_t deadline_ = 0;
};

}  // namespace

std::unique_ptr<Link> make_client_link(const LinkParameters& parameters, std::unique_ptr<hal::Stream> stream,
                                       LinkEvents& events, std::shared_ptr<LinkCounters> counters) {
  return std::make_unique<ClientLink>(parameters, std::move(stream), events, std::move(counters));
}

}  // namespace c104::wire
