// SPDX-License-Identifier: GPL-3.0-or-later
// A Client's link to one controlled station: states, commands, adoption of stations and points.
// Three kinds of threads meet here, and each has its own files: the API (connection.cpp, any thread), the link
// (connection_life.cpp and connection_link.cpp, I/O thread only), the delivery (connection_delivery.cpp, one worker at a time).
#pragma once

#include <atomic>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/log_limiter.h"
#include "session/callback.h"
#include "session/dispatcher.h"
#include "session/loop.h"
#include "session/message.h"
#include "session/parameters.h"
#include "session/station.h"
#include "session/tracker.h"
#include "session/traffic.h"
#include "wire/link.h"

namespace c104 {

class Client;

const char* name_of(ConnectionState state) noexcept;
const char* name_of(Outcome outcome) noexcept;

constexpr bool is_open(ConnectionState s) noexcept {
  return s == ConnectionState::OPEN || s == ConnectionState::OPEN_MUTED || s == ConnectionState::OPEN_AWAIT_CLOSED;
}

class Connection : public std::enable_shared_from_this<Connection>, private Pollable, private wire::LinkEvents {
 public:
  Connection(const std::shared_ptr<Client>& client, hal::Endpoint endpoint, std::string host, Init init);
  ~Connection() override;

  // --- any thread
  std::shared_ptr<Client> client() const { return client_.lock(); }
  std::string ip() const { return endpoint().ip; }  // of a host name: empty until it is resolved
  std::uint16_t port() const { return port_; }
  const std::string& host() const { return host_; }
  Init init() const { return init_; }
  ConnectionState state() const noexcept { return state_.load(std::memory_order_acquire); }
  bool is_connected() const noexcept { return is_open(state()); }
  bool is_muted() const noexcept { return state() == ConnectionState::OPEN_MUTED; }
  std::optional<std::int64_t> connected_at() const;  // microseconds UTC
  std::optional<std::int64_t> disconnected_at() const;  // never while open
  PeerCertificatePtr peer_certificate() const;  // null without TLS, and while closed
  std::uint8_t originator_address() const noexcept { return oa_.load(); }
  void set_originator_address(std::uint8_t oa) noexcept { oa_.store(oa); }
  ProtocolParameters& protocol_parameters() { return parameters_; }

  void connect();
  void disconnect();
  bool mute();
  bool unmute();

  std::shared_ptr<Station> add_station(std::uint16_t ca);  // null when taken
  std::shared_ptr<Station> find_station(std::uint16_t ca) const;
  bool remove_station(std::uint16_t ca);
  std::vector<std::shared_ptr<Station>> stations() const;

  bool interrogation(std::uint16_t ca, Cot cause, std::uint8_t qoi, bool wait);
  bool counter_interrogation(std::uint16_t ca, Cot cause, std::uint8_t rqt, std::uint8_t frz, bool wait);
  bool clock_sync(std::uint16_t ca, bool wait);
  bool test(std::uint16_t ca, bool with_time, bool wait);
  bool read(const Point& point);
  // Command of a point: direct, or select and execute.
  bool transmit(Point& point, Cot cause, std::optional<std::uint8_t> originator);

  Slot<void(const std::shared_ptr<Connection>&, ConnectionState)> on_state_change;
  Slot<void(const std::shared_ptr<Connection>&, Bytes)> on_receive_raw;
  Slot<void(const std::shared_ptr<Connection>&, Bytes)> on_send_raw;
  Slot<void(const std::shared_ptr<Connection>&, IncomingMessage&, Umc)> on_unexpected_message;
  // After a raw slot was set or cleared.
  void update_raw();
  // Point::set_timer tells the connection.
  void schedule_timer(const std::shared_ptr<Point>& point);

  // What happened here, readable at any time.
  Traffic traffic();
  // Besides it: attempts to connect again, commands without an answer in time.
  struct Counters {
    std::atomic<std::uint64_t> reconnects{0}, command_timeouts{0};
  };
  const Counters& counters() const { return counters_; }

 private:
  friend class Client;
  struct Command;  // an ASDU on its way out, with the answer that somebody waits for

  // API
  bool execute(std::shared_ptr<Command> command, bool wait);
  void note_end(const PendingCommand& command, Outcome outcome);  // in the log
  codec::Header command_header(Type type, Cot cause, std::uint16_t ca) const;
  std::shared_ptr<Command> make_interrogation(std::uint16_t ca, Cot cause, std::uint8_t qoi) const;
  std::shared_ptr<Command> make_clock_sync(std::uint16_t ca) const;
  static Until until_for(Cot cause);
  void run_on_loop(const IoLoop::Task& task);
  Strand& strand();

  // link (I/O thread)
  void open();
  void shut();
  bool start_transfer();
  bool stop_transfer();
  void leave_transfer();
  void resume_reading();
  void apply_raw();
  void arm_timer(const std::weak_ptr<Point>& point);
  void resolve();
  void dial();
  void establish();
  void dial_failed(const std::string& why);
  void lost(const std::string& why);
  void complain(std::string text);
  void release();
  void set_state(ConnectionState next);
  void retry_later();
  void begin_init();
  void next_init_step();
  void open_in_order();
  void end_init_step(Outcome outcome);
  void send_now(const std::shared_ptr<Command>& command);
  void pump();
  void after_input();
  void update_interest();
  void on_ready(bool readable, bool writable, bool broken) override;
  std::chrono::milliseconds on_sweep() override;
  void on_flush() override;
  void on_started() override;
  void on_stopped() override;
  void on_asdu(Bytes asdu) override;
  void on_raw(bool sent, Bytes apdu) override;
  void on_fault(wire::Fault fault, Bytes frame) override;

  // delivery (worker, but for apply_here: I/O thread)
  struct Walk;
  bool apply_here(Bytes asdu);
  void deliver(EventKind kind, Bytes payload);
  void deliver_asdu(Bytes asdu);
  void deliver_monitoring(codec::Reader& reader, Bytes asdu, const std::shared_ptr<Station>& station, unsigned skip);
  void deliver_end_of_initialization(codec::Reader& reader, const std::shared_ptr<Station>& station);
  std::shared_ptr<Station> adopt_station(std::uint16_t ca);
  void adopt_point(const std::shared_ptr<Station>& station, std::uint32_t ioa, Type type);
  void unexpected(Bytes asdu, Umc cause);

  hal::Endpoint endpoint() const;
  std::string address() const;  // for log lines

  const std::weak_ptr<Client> client_;
  const std::shared_ptr<IoLoop> loop_;
  const std::chrono::milliseconds command_timeout_;
  mutable std::mutex ip_mutex_;  // leaf: a host name's address comes from the I/O thread, and others read it
  std::string ip_;
  const std::uint16_t port_;
  const std::string host_;
  const Init init_;
  ProtocolParameters parameters_;
  std::atomic<std::uint8_t> oa_{0};
  std::atomic<std::uint16_t> test_counter_{0};
  std::atomic<bool> transferring_{false};  // STARTDT is confirmed
  std::once_flag strand_made_;
  std::shared_ptr<Strand> strand_;
  CommandTracker tracker_;
  Counters counters_;
  LogLimiter unexpected_log_{LogLevel::info, "c104.connection", "unexpected ASDUs"};
  LogLimiter command_log_{LogLevel::warning, "c104.connection", "commands that did not succeed"};
  LogLimiter fault_log_{LogLevel::warning, "c104.connection", "malformed frames"};
  // Counted by the I/O thread, `refused` by the worker that delivers.
  const std::shared_ptr<Traffic> traffic_ = std::make_shared<Traffic>();
  // Objects at the head of the strand's first ASDU that the I/O thread has applied; the strand hands it over.
  unsigned applied_ = 0;

  std::atomic<ConnectionState> state_{ConnectionState::CLOSED};
  mutable std::mutex mutex_;  // leaf: stations, times, certificate
  std::vector<std::shared_ptr<Station>> stations_;
  std::int64_t connected_us_ = 0;
  std::int64_t disconnected_us_ = 0;
  PeerCertificatePtr peer_certificate_;

  // I/O thread only. Queues are lists: an empty one takes no memory.
  std::unique_ptr<hal::Stream> dialling_;
  std::shared_ptr<wire::Link> link_;
  int descriptor_ = -1;  // that the loop polls
  bool reading_ = false, writing_ = false;  // as told to the loop
  bool paused_ = false;  // the strand is full
  std::size_t here_left_ = 0;  // octets of this turn that may still be applied here
  std::int64_t read_at_ = 0;  // when this turn began to read, microseconds UTC
  bool dirty_ = false;
  std::vector<std::string> complaints_;  // warned of since data transfer ran last
  std::uint64_t attempt_ = 0;  // counts connects and stops: late results of an earlier one are told from this one's
  IoLoop::TimerId timer_ = 0;  // dial deadline, or reconnect
  IoLoop::TimerId init_timer_ = 0;
  std::list<Init> init_steps_;
  CommandTracker::Pending init_pending_;
  std::list<std::shared_ptr<Command>> outgoing_;
};

}  // namespace c104
