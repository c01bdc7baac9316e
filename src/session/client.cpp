// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/client.h"

#include <algorithm>
#include <cstring>
#include <stdexcept>

#include "base/debug.h"

namespace c104 {
namespace {
using namespace std::chrono_literals;

constexpr auto callback_patience = 500ms;  // how long stop() waits for callbacks that still run
constexpr auto localhost = "127.0.0.1";

std::string checked_ip(const std::string& ip) {
  if (ip == "localhost") return localhost;
  if (hal::Endpoint::is_literal(ip)) return ip;
  throw std::invalid_argument("ip '" + ip +
                              "' is neither an IPv4 or IPv6 literal nor 'localhost'; for names use the keyword host");
}

// What no resolver can find, and would be tried again for ever.
void check_host(const std::string& host) {
  const auto impossible = [](unsigned char c) {
    return c <= ' ' || c == 0x7F || std::strchr("!\"#$&'()*+,/;<=>?@[\\]^`{|}", c) != nullptr;
  };
  if (host.size() > 253)
    throw std::invalid_argument("host has " + std::to_string(host.size()) + " characters: a name has at most 253");
  if (!std::any_of(host.begin(), host.end(), impossible)) return;
  std::string shown = host;
  std::replace_if(shown.begin(), shown.end(), [](unsigned char c) { return c < ' ' || c == 0x7F; }, '?');
  throw std::invalid_argument("host '" + shown + "' is no host name: letters, digits, '-', '_' and '.'");
}

}  // namespace

Client::Client(std::uint32_t tick_rate_ms, std::uint32_t command_timeout_ms, std::shared_ptr<hal::TlsConfig> tls)
    : tick_rate_ms_(tick_rate_ms),
      tls_(std::move(tls)),
      command_timeout_(command_timeout_ms),
      dispatcher_(std::make_shared<Dispatcher>()),
      loop_(std::make_shared<IoLoop>(dispatcher_)) {
  if (tick_rate_ms < 50) {
    throw std::invalid_argument("tick_rate_ms " + std::to_string(tick_rate_ms) + " is out of range: 50 or more");
  }
  if (command_timeout_ms == 0) throw std::invalid_argument("command_timeout_ms 0 is out of range: 1 or more");
}

Client::~Client() { stop(); }

void Client::ensure_threads() {
  loop_->refuse_forked("Client");
  std::lock_guard lifecycle(lifecycle_);
  dispatcher_->start();
  loop_->start();
}

void Client::start() {
  ensure_threads();
  running_.store(true);
  debug(DebugPart::client, [&] { return "started with " + std::to_string(connections().size()) + " connections"; });
  for (const auto& connection : connections()) connection->connect();
}

void Client::stop() {
  if (loop_->forked()) return;  // closing anything here would close it for the parent
  std::lock_guard lifecycle(lifecycle_);
  running_.store(false);
  const auto all = connections();
  debug(DebugPart::client, [&] { return "stops with " + std::to_string(all.size()) + " connections"; });
  if (loop_->running()) {
    loop_->run([&] {
      for (const auto& connection : all) connection->shut();
    });
  }
  loop_->stop();
  dispatcher_->stop(callback_patience);
}

std::shared_ptr<Connection> Client::add_connection(const std::string& ip, std::uint16_t port, Init init,
                                                   const std::string& host) {
  if (port == 0) throw std::invalid_argument("port 0 is out of range 1..65535");
  const std::string literal = host.empty() ? checked_ip(ip) : std::string();
  check_host(host);
  if (tls_) tls_->freeze(hal::TlsSide::client);
  std::lock_guard lock(mutex_);
  for (const auto& known : connections_) {
    if (known->port() == port && (host.empty() ? known->ip() == literal : known->host() == host)) return nullptr;
  }
  auto connection = std::make_shared<Connection>(shared_from_this(), hal::Endpoint{literal, port}, host, init);
  connections_.push_back(connection);
  debug(DebugPart::client, [&] { return "add_connection " + hal::Endpoint{host.empty() ? literal : host, port}.text(); });
  return connection;
}

std::shared_ptr<Connection> Client::find_connection(const std::string& ip, std::uint16_t port) const {
  const std::string literal = ip == "localhost" ? localhost : ip;
  std::lock_guard lock(mutex_);
  for (const auto& connection : connections_) {
    if (connection->port() == port && (connection->ip() == literal || connection->host() == ip)) return connection;
  }
  return nullptr;
}

std::shared_ptr<Connection> Client::find_connection(std::uint16_t ca) const {
  for (const auto& connection : connections()) {
    if (connection->find_station(ca)) return connection;
  }
  return nullptr;
}

std::vector<std::shared_ptr<Connection>> Client::connections() const {
  std::lock_guard lock(mutex_);
  return connections_;
}

void Client::reconnect_all() {
  for (const auto& connection : connections()) {
    connection->disconnect();
    connection->connect();
  }
}

void Client::disconnect_all() {
  for (const auto& connection : connections()) connection->disconnect();
}

std::size_t Client::open_connection_count() const {
  const auto all = connections();
  return static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [](const auto& c) { return c->is_connected(); }));
}

std::size_t Client::active_connection_count() const {
  const auto all = connections();
  return static_cast<std::size_t>(
      std::count_if(all.begin(), all.end(), [](const auto& c) { return c->state() == ConnectionState::OPEN; }));
}

void Client::set_originator_address(std::uint8_t oa) {
  const std::uint8_t old = oa_.exchange(oa);
  for (const auto& connection : connections()) {
    if (connection->originator_address() == old) connection->set_originator_address(oa);
  }
}

}  // namespace c104
