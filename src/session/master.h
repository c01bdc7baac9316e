// SPDX-License-Identifier: GPL-3.0-or-later
// One accepted connection of the Server: its link, what waits to be sent to it, and the answers to its requests.
// master.cpp: the link's life, reading. master_sending.cpp: sending. master_requests.cpp: system commands. master_commands.cpp:
// commands to points.
// Everything runs on the I/O thread, but for the tasks that ask callbacks: those run on workers and hold weak pointers only.
#pragma once

#include <list>
#include <memory>
#include <string>
#include <vector>

#include "session/answer_queue.h"
#include "session/event_reader.h"
#include "session/interrogation.h"
#include "session/rate_limit.h"
#include "session/server.h"
#include "wire/link.h"

namespace c104 {

class Master : public std::enable_shared_from_this<Master>, private Pollable, private wire::LinkEvents {
 public:
  Master(Server& server, std::unique_ptr<hal::Stream> stream);
  ~Master() override;

  // --- I/O thread: for the Server
  void begin();
  void close(const std::string& why);
  // Closes, counts and logs why: `text` is the line.
  void turn_away(Refusal why, const std::string& text);
  const std::string& ip() const { return ip_; }
  const std::string& address() const { return address_; }
  // The server stops: what the window takes still goes out, the rest is counted in the log.
  void finish();
  void update_raw();
  bool active() const { return link_ && active_; }
  // Sends what the window takes.
  void pump();
  // An ASDU for this master only, before events and interrogations.
  void reply(Bytes asdu);
  // The first event that this master still has to get.
  EventLog::Position unread_from() const { return was_active_ ? events_.position() : server_.log_.end(); }
  bool lags() const { return events_.lags(); }
  void selection_expired(const std::vector<std::uint8_t>& select);

 private:
  friend struct Server::Io;
  using Octets = IncomingMessage::Octets;
  static constexpr std::size_t high_water = 256 * 1024;  // octets that the master doesn't read

  // link (master.cpp)
  void on_ready(bool readable, bool writable, bool broken) override;
  std::chrono::milliseconds on_sweep() override;
  void on_flush() override;
  void on_started() override;
  void on_stopped() override;
  void on_asdu(Bytes asdu) override;
  void on_raw(bool sent, Bytes apdu) override;
  void on_fault(wire::Fault fault, Bytes frame) override;
  void establish();
  void ask_on_connect();
  void admit();
  void receive();
  void resume();
  bool must_pause() const;
  bool read_some();
  void update_interest();
  void after_link_work();
  void count_lost();
  void announce();
  void pump_events();
  void report_overruns();
  void pump_interrogations();
  bool has_work() const;
  std::size_t queue() const;
  Traffic& traffic() { return connection_->traffic_; }
  bool send(Bytes asdu);

  // requests (master_requests.cpp)
  void interrogation(codec::Reader& reader, Bytes asdu);
  void deactivate_interrogation(codec::Reader& reader, Bytes asdu, const std::vector<std::shared_ptr<Station>>& stations);
  // Runs `then` on the I/O thread after on_before_read of the points, if this master is still there.
  void ask_before_read(std::vector<std::shared_ptr<Point>> points, std::function<void(Master&)> then);
  void read(codec::Reader& reader, Bytes asdu);
  void answer_read(const Point& point, const codec::Header& request);
  void clock_sync(codec::Reader& reader, Bytes asdu);
  void answer_clock_sync(const std::vector<std::uint8_t>& asdu, ResponseState response);
  void test(codec::Reader& reader, Bytes asdu);
  // The checks that system commands share; refuses by itself. Empty: refused.
  std::vector<std::shared_ptr<Station>> addressed(codec::Reader& reader, Bytes asdu, bool deactivation_allowed);
  void mirror(Bytes asdu, Cot cause, bool negative, std::uint16_t ca);
  void refuse(Bytes asdu, Cot cause, Umc why);
  void tell_unexpected(Bytes asdu, Umc why);

  // commands (master_commands.cpp)
  void command(codec::Reader& reader, Bytes asdu);
  void select(const std::shared_ptr<Point>& point, const codec::Header& header, Bytes asdu);
  void execute(const std::shared_ptr<Station>& station, const std::shared_ptr<Point>& point, const codec::Header& header,
               Bytes asdu, bool selected);
  void executed(const Point& point, const std::vector<std::uint8_t>& asdu, bool selected, ResponseState response);
  void deny(Bytes asdu, const std::string& why, std::size_t reason = Traffic::denied);

  Server& server_;  // outlives the I/O thread
  const std::shared_ptr<IoLoop> loop_;
  const std::string address_;  // with port
  const std::string ip_;
  std::shared_ptr<Strand> strand_;
  std::unique_ptr<hal::Stream> stream_;  // until the link has it
  std::unique_ptr<wire::Link> link_;
  std::shared_ptr<ServerConnection> connection_;  // since it was admitted
  IoLoop::TimerId deadline_ = 0;  // of the TLS handshake
  IoLoop::TimerId startdt_timer_ = 0, throttle_timer_ = 0;
  RateLimit rate_;
  int descriptor_ = -1;
  bool closed_ = false;
  bool active_ = false;  // STARTDT
  bool was_active_ = false;  // events_ counts
  bool raw_ = false;
  bool paused_ = false;
  bool dirty_ = false;  // will be flushed in this turn
  bool blocked_ = false;  // will be flushed when the partner has read
  bool touched_ = false;  // in Io::touched_
  bool wants_read_ = true, wants_write_ = true;
  EventReader events_;
  std::uint64_t announced_ = 0;
  std::uint64_t logged_overruns_ = 0;
  AnswerQueue replies_;
  std::list<std::shared_ptr<Interrogation>> interrogations_;
  Monotonic::time_point next_overrun_log_{};
};

}  // namespace c104
