// SPDX-License-Identifier: GPL-3.0-or-later
// The controlled station: our stations and points, offered to masters. One I/O thread, one wire::Link and one Master per
// accepted connection. What only the I/O thread touches is in server_io.h.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "hal/tls_config.h"
#include "session/allow_list.h"
#include "session/batch.h"
#include "session/callback.h"
#include "session/dispatcher.h"
#include "session/event_log.h"
#include "session/loop.h"
#include "session/message.h"
#include "session/packer.h"
#include "session/parameters.h"
#include "session/refusal.h"
#include "session/server_connections.h"
#include "session/server_limits.h"
#include "session/station.h"

namespace c104 {

class Master;

// Throws std::invalid_argument for a cause that a monitoring point can't be sent with.
void check_monitor_cause(Cot cause);

class Server : public std::enable_shared_from_this<Server> {
 public:
  // Throws std::invalid_argument for an ip that is no literal, a tick rate below 50 ms, or a TLS configuration that can't work;
  // freezes it. max_connections 0: no limit.
  Server(const std::string& ip, std::uint16_t port, std::uint32_t tick_rate_ms, std::uint32_t select_timeout_ms,
         std::uint32_t max_connections, std::shared_ptr<hal::TlsConfig> tls = nullptr,
         Packer::Form interrogation_form = Packer::Form::untagged);
  ~Server();

  // --- any thread
  void start();  // throws std::runtime_error when the port cannot be had
  // Closes all links, then ends the threads; from inside a callback too.
  void stop();
  bool is_running() const noexcept { return running_.load() && !loop_->forked(); }
  const std::string& ip() const { return ip_; }
  std::uint16_t port() const noexcept { return port_.load(); }  // the real one while running, when 0 was asked for
  std::uint32_t tick_rate_ms() const { return tick_rate_ms_; }
  ServerLimits& limits() { return limits_; }
  // The networks from which clients may connect; null: all. Ends the connections of those that may no longer.
  std::shared_ptr<const AllowList> allow_list() const;
  void set_allow_list(std::shared_ptr<const AllowList> list);
  // Those that on_connect has let in, as long as they stand.
  std::vector<std::shared_ptr<ServerConnection>> connections() const { return connections_.all(); }
  // Of spontaneous ASDUs that wait for the slowest master; see EventLog.
  std::size_t max_queued_octets() const { return log_.capacity(); }
  void set_max_queued_octets(std::size_t octets) { log_.set_capacity(octets); }
  std::size_t open_connection_count() const { return open_.load(); }
  std::size_t active_connection_count() const { return active_.load(); }
  ProtocolParameters& protocol_parameters() { return parameters_; }
  // How time-tagged points answer an interrogation.
  Packer::Form interrogation_form() const noexcept { return interrogation_form_; }

  // Null when taken. Throws std::invalid_argument outside 1..65534.
  std::shared_ptr<Station> add_station(std::uint16_t ca);
  std::shared_ptr<Station> find_station(std::uint16_t ca) const;
  bool remove_station(std::uint16_t ca);
  std::vector<std::shared_ptr<Station>> stations() const;

  // A monitoring point: puts its value into the event log of all active masters. A command point: an answer (COT 7, 9, 10, or a
  // refusal 44..47) to the master that sent its last command. False: not taken, as nobody can receive it or the log is full.
  // Throws std::invalid_argument for a cause that has no meaning for the point.
  bool transmit(Point& point, Cot cause, std::optional<std::uint8_t> originator);
  bool transmit_batch(const Batch& batch);
  // Whether ASDUs for all active masters are taken now: there is such a master, and the log has room. Counts a refusal.
  bool takes_events();
  // One that goes with takes_events(), or was to be sent with others that were taken.
  void append(Bytes asdu);
  // M_EI_NA_1, also remembered for masters that come later. At any time.
  void signal_initialized(const Station& station, std::uint8_t coi);

  Slot<ResponseState(const std::shared_ptr<Server>&, const std::string&, TimeTag)> on_clock_sync;
  Slot<bool(const std::shared_ptr<Server>&, const std::string&)> on_connect;
  Slot<void(const std::shared_ptr<Server>&, Bytes)> on_receive_raw;
  Slot<void(const std::shared_ptr<Server>&, Bytes)> on_send_raw;
  Slot<void(const std::shared_ptr<Server>&, IncomingMessage&, Umc)> on_unexpected_message;
  // After a raw slot was set or cleared.
  void update_raw();

  // Point::set_report_ms / set_timer tell the server.
  void schedule_point(const std::shared_ptr<Point>& point);

  // What happened here, readable at any time: on all connections that ever were, with what transmit() took just as the last master
  // went in `unsent`.
  Traffic traffic() const;
  // Besides it: transmit() did not take `nobody_listening` and `log_full`; connections that were refused.
  struct Counters {
    std::atomic<std::uint64_t> nobody_listening{0}, log_full{0};
    Refusals refusals{};
    std::atomic<std::uint64_t> unsent{0};  // taken by transmit() between the last master's end and the next one's start
  };
  const Counters& counters() const { return counters_; }

 private:
  friend class Master;
  friend class Reports;
  struct Io;  // server_io.h

  struct Initialized {
    std::uint8_t coi;
    std::uint64_t revision;
  };

  bool append(Packer packer);
  bool answer_command(Point& point, Cot cause, std::optional<std::uint8_t> originator);

  const std::string ip_;
  const std::uint16_t wanted_port_;
  const std::uint32_t tick_rate_ms_;
  ServerLimits limits_;
  std::atomic<std::uint16_t> port_;
  std::atomic<bool> running_{false};
  std::atomic<std::size_t> open_{0}, active_{0};
  const std::shared_ptr<hal::TlsConfig> tls_;  // null: plain TCP
  const Packer::Form interrogation_form_;
  ProtocolParameters parameters_;
  Counters counters_;
  ServerConnections connections_;
  const std::shared_ptr<Dispatcher> dispatcher_;
  const std::shared_ptr<IoLoop> loop_;
  const std::chrono::milliseconds select_timeout_;
  std::mutex lifecycle_;
  mutable std::mutex mutex_;  // leaf: stations, initialized, allow list
  std::map<std::uint16_t, std::shared_ptr<Station>> stations_;
  std::map<std::uint16_t, Initialized> initialized_;
  std::shared_ptr<const AllowList> allow_list_;
  std::atomic<std::uint64_t> initialized_revision_{0};
  EventLog log_;
  std::atomic<EventLog::Position> unread_from_{0};  // everything from here on while no master reads the log, else the largest
  std::unique_ptr<Io> io_;
};

}  // namespace c104
