// SPDX-License-Identifier: GPL-3.0-or-later
// What both roles share: reading through the gate, feeding lib60870 one frame at a time, writing out, closing with a
// reason. The roles (client_link.cpp, server_link.cpp) add their lib60870 object.
//
// lib60870 keeps the sequence numbers, the window and the timers. It sees of each I-frame the control field and a blank
// ASDU only: it has no use for the contents, must not answer any by itself (the slave does, C_TS_TA_1 with a wrong COT),
// and a refused ASDU must still count as received. The ASDU goes from the gate to the session, after run() or tick() has
// returned, so that a handler never runs inside lib60870.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "base/clock.h"
#include "hal/lib60870_port.h"
#include "wire/gate.h"
#include "wire/link.h"

namespace c104::wire {

class LibLink : public Link, private hal::WriteObserver {
 public:
  bool started() const final { return started_ && !closed_; }
  bool send(Bytes asdu) final;
  bool can_send() const final { return started() && unacknowledged() < parameters_.k && !in_library_; }
  bool receive(ReadBuffer& buffer, std::size_t at_most) final;
  void tick() final;
  std::chrono::milliseconds may_rest() const final;
  hal::Progress flush() final;
  std::size_t unsent() const final { return closed_ ? 0 : socket_.unsent().size(); }
  // lib60870 counts the same, but tells only the client.
  int unacknowledged() const final { return (sent_number_ - acknowledged_) & 0x7fff; }
  void close() final { shut("closed by this station"); }
  bool closed() const final { return closed_; }
  std::string reason() const final { return reason_; }
  void set_raw_enabled(bool enabled) final { raw_enabled_ = enabled; }
  const LinkCounters& counters() const final { return *counters_; }
  hal::Stream& stream() final { return *stream_; }

 protected:
  LibLink(Role role, const LinkParameters& parameters, std::unique_ptr<hal::Stream> stream, LinkEvents& events,
          std::shared_ptr<LinkCounters> counters);

  // --- what a role does with its lib60870 object; false: lib60870 has closed the link
  // One run or tick; a frame to read may be shown.
  virtual bool run_library() = 0;
  // A run that lets an error of the run before come out (the slave closes one tick late).
  virtual bool settle_library() = 0;
  virtual bool send_library(Bytes asdu) = 0;
  // Ends lib60870's part; nothing but the destructor touches its object afterwards.
  virtual void end_library() = 0;

  // --- what a role knows of the protocol's states
  // Whether an otherwise legal frame is legal now; empty: yes.
  virtual std::string objection(const std::uint8_t* apdu) const = 0;
  virtual Fault unexpected(std::uint8_t /*u_function*/) const { return Fault::none; }
  // Reacts to an accepted U-frame.
  virtual void on_u_frame(std::uint8_t function) = 0;
  virtual void supervise() {}
  virtual bool supervising() const { return false; }

  // Runs a call into lib60870 during which nobody else may call it.
  template <class Call>
  auto inside(Call call);
  void shut(std::string reason);
  // What was awaited did not come within t1.
  void expire(const std::string& what);
  void set_started(bool started) { started_ = started; }
  const LinkParameters& parameters() const { return parameters_; }
  LinkEvents& events() { return events_; }
  hal::PortSocket& socket() { return socket_; }

 private:
  void process(Bytes octets);
  void pass(const std::uint8_t* apdu, const Gated& gated);
  void refuse(Fault fault, Bytes octets);
  std::string sequence_objection(const std::uint8_t* apdu) const;
  std::string what_timed_out() const;
  void after_library(bool alive, std::string why);
  void on_written(Bytes apdu) final;
  void measure_acknowledgement();

  const Role role_;
  const LinkParameters parameters_;
  const std::unique_ptr<hal::Stream> stream_;
  LinkEvents& events_;
  hal::PortSocket socket_;
  const std::shared_ptr<LinkCounters> counters_;
  std::string reason_;
  // V(S), V(R) and the last N(R) received, modulo 32768.
  std::uint16_t sent_number_ = 0, received_number_ = 0, acknowledged_ = 0;
  std::uint16_t confirmed_number_ = 0;  // the last N(R) sent
  bool started_ = false;
  bool closed_ = false;
  bool ended_ = false;  // end_library() was called
  bool in_library_ = false;
  bool raw_enabled_ = false;
  bool testfr_waits_ = false;
  // What the round-trip times are measured with: the U-format act that waits for its con, and one I-format now and then.
  std::uint8_t awaited_con_ = 0;
  std::optional<std::uint16_t> timed_number_;  // V(S) behind it
  Monotonic::time_point act_at_{}, timed_at_{};
  std::uint64_t next_timing_ = 0;  // turn clock
  std::uint16_t carry_size_ = 0;
  std::array<std::uint8_t, apdu_max_size> carry_;  // the beginning of an APDU whose rest has not come yet
};

template <class Call>
auto LibLink::inside(Call call) {
  in_library_ = true;
  const auto result = call();
  in_library_ = false;
  // on_raw may have closed us from in there.
  if (closed_ && !ended_) {
    ended_ = true;
    end_library();
  }
  return result;
}

using MakeLink = std::unique_ptr<Link>(const LinkParameters&, std::unique_ptr<hal::Stream>, LinkEvents&,
                                       std::shared_ptr<LinkCounters>);
MakeLink make_client_link, make_server_link;

}  // namespace c104::wire
