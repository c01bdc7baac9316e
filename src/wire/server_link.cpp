// SPDX-License-Identifier: GPL-3.0-or-later
// The controlled station's link: one CS104_Slave with one connection in it. A slave of its own per master makes a tick
// O(1) and a possible master free of cost; in CONNECTION_IS_REDUNDANCY_GROUP mode the meaning is the same.
#include <new>

#include "wire/lib60870_c.h"
#include "wire/lib_link.h"

namespace c104::wire {
namespace {

class ServerLink final : public LibLink {
 public:
  ServerLink(const LinkParameters& parameters, std::unique_ptr<hal::Stream> stream, LinkEvents& events,
             std::shared_ptr<LinkCounters> counters)
      : LibLink(Role::controlled, parameters, std::move(stream), events, std::move(counters)) {
    // Queues of one entry: none is used, since every ASDU is sent past them.
    slave_ = CS104_Slave_create(1, 1);
    if (slave_ == nullptr) throw std::bad_alloc();
    CS104_Slave_setServerMode(slave_, CS104_MODE_CONNECTION_IS_REDUNDANCY_GROUP);
    CS104_Slave_setMaxOpenConnections(slave_, 1);
    *CS104_Slave_getConnectionParameters(slave_) = to_c(parameters);
    CS104_Slave_setConnectionEventHandler(slave_, on_connection_event, this);
    // Takes every ASDU, so that lib60870 answers none (it drops replies when its queue is full, 2122).
    plugin_.handleAsdu = [](void*, IMasterConnection, CS101_ASDU) { return CS101_PLUGIN_RESULT_HANDLED; };
    CS104_Slave_addPlugin(slave_, &plugin_);
    CS104_Slave_startThreadless(slave_);
    const hal::PreparedSocket ready(socket());
    CS104_Slave_tick(slave_);
    if (master_ == nullptr) {
      CS104_Slave_destroy(slave_);
      throw std::bad_alloc();
    }
  }

  ~ServerLink() override {
    CS104_Slave_stopThreadless(slave_);
    CS104_Slave_destroy(slave_);
  }

  // The partner's to do.
  void start() override {}
  void stop() override {}

 private:
  static void on_connection_event(void* parameter, IMasterConnection connection, CS104_PeerConnectionEvent event) {
    auto& self = *static_cast<ServerLink*>(parameter);
    if (event == CS104_CON_EVENT_CONNECTION_OPENED) self.master_ = connection;
    if (event == CS104_CON_EVENT_CONNECTION_CLOSED) self.master_ = nullptr;
  }

  bool run_library() override {
    CS104_Slave_tick(slave_);
    return master_ != nullptr;
  }

  // An error ends the connection at the next tick only (4279-4327).
  bool settle_library() override { return run_library(); }

  bool send_library(Bytes asdu) override {
    AsduView view(asdu, CS104_Slave_getAppLayerParameters(slave_));
    return IMasterConnection_sendASDUEx(master_, view.get(), true);
  }

  // stopThreadless gives no CLOSED event (5171-5188), and needs none here.
  void end_library() override {
    CS104_Slave_stopThreadless(slave_);
    master_ = nullptr;
  }

  std::string objection(const std::uint8_t* apdu) const override {
    if (started()) return {};
    if (is_i_frame(apdu)) return "I-frame while data transfer is stopped";
    // Acknowledgements after STOPDT act are awaited; else lib60870 closes (3133).
    if (is_s_frame(apdu) && !(stopping_ && unacknowledged() > 0)) return "S-frame while data transfer is stopped";
    return {};
  }

  void on_u_frame(std::uint8_t function) override {
    if (function == u_frame::startdt_act) {
      stopping_ = false;
      if (started()) return;
      set_started(true);
      events().on_started();
    } else if (function == u_frame::stopdt_act) {
      stopping_ = true;
      if (!started()) return;
      set_started(false);
      events().on_stopped();
    }
  }

  CS104_Slave slave_ = nullptr;
  IMasterConnection master_ = nullptr;
  sCS101_SlavePlugin plugin_{};
  bool stopping_ = false;  // STOPDT act came; STOPDT con waits until all is acknowledged
};

}  // namespace

std::unique_ptr<Link> make_server_link(const LinkParameters& parameters, std::unique_ptr<hal::Stream> stream,
                                       LinkEvents& events, std::shared_ptr<LinkCounters> counters) {
  return std::make_unique<ServerLink>(parameters, std::move(stream), events, std::move(counters));
}

}  // namespace c104::wire
