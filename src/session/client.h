// SPDX-License-Identifier: GPL-3.0-or-later
// The controlling station: a set of connections served by one I/O thread and one dispatcher.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "hal/tls_config.h"
#include "session/connection.h"

namespace c104 {

class Client : public std::enable_shared_from_this<Client> {
 public:
  // Throws std::invalid_argument for a tick rate below 50 ms or a command timeout of 0.
  // `tls`, if there is one, is frozen by the first add_connection().
  Client(std::uint32_t tick_rate_ms, std::uint32_t command_timeout_ms, std::shared_ptr<hal::TlsConfig> tls = nullptr);
  ~Client();

  void start();  // connects all connections
  // Closes all connections and ends the threads. Within a second in every state; from inside a callback too.
  void stop();
  bool is_running() const noexcept { return running_.load() && !loop_->forked(); }

  // Null when there is one to this endpoint. Throws std::invalid_argument for an ip that is no literal (or "localhost").
  std::shared_ptr<Connection> add_connection(const std::string& ip, std::uint16_t port, Init init,
                                             const std::string& host = {});
  std::shared_ptr<Connection> find_connection(const std::string& ip, std::uint16_t port) const;
  std::shared_ptr<Connection> find_connection(std::uint16_t ca) const;
  std::vector<std::shared_ptr<Connection>> connections() const;
  void reconnect_all();
  void disconnect_all();

  std::size_t open_connection_count() const;
  std::size_t active_connection_count() const;
  std::uint32_t tick_rate_ms() const { return tick_rate_ms_; }
  std::uint8_t originator_address() const { return oa_.load(); }
  // Changes the connections that still have the old one.
  void set_originator_address(std::uint8_t oa);

  Slot<void(const std::shared_ptr<Client>&, const std::shared_ptr<Connection>&, std::uint16_t)> on_new_station;
  Slot<void(const std::shared_ptr<Client>&, const std::shared_ptr<Station>&, std::uint32_t, Type)> on_new_point;
  Slot<void(const std::shared_ptr<Client>&, const std::shared_ptr<Station>&, std::uint8_t)> on_station_initialized;

 private:
  friend class Connection;
  // Threads run from the first connect() or start() until stop().
  void ensure_threads();

  const std::uint32_t tick_rate_ms_;
  const std::shared_ptr<hal::TlsConfig> tls_;  // null: plain TCP
  const std::chrono::milliseconds command_timeout_;
  std::shared_ptr<Dispatcher> dispatcher_;
  std::shared_ptr<IoLoop> loop_;
  std::atomic<bool> running_{false};
  std::atomic<std::uint8_t> oa_{0};
  std::mutex lifecycle_;  // start and stop, one after another
  mutable std::mutex mutex_;  // leaf: connections
  std::vector<std::shared_ptr<Connection>> connections_;
};

}  // namespace c104
