// SPDX-License-Identifier: GPL-3.0-or-later
// TLS sessions that may be resumed: tickets that a server has given out, and what a client was given by each station.
// A session remembers its partner's subject, since a resumed TLS 1.3 session brings no certificate. Any thread. Private to hal.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

struct mbedtls_ssl_session;

namespace c104::hal {

class TlsSessions {
 public:
  explicit TlsSessions(std::size_t limit) : limit_(limit) {}
  ~TlsSessions();
  TlsSessions(const TlsSessions&) = delete;
  TlsSessions& operator=(const TlsSessions&) = delete;

  void set_lifetime(std::chrono::seconds lifetime) { lifetime_ = lifetime; }  // zero: nothing is kept
  std::chrono::seconds lifetime() const { return lifetime_; }

  // False when it cannot be kept. The oldest one makes room.
  bool put(const std::string& key, const mbedtls_ssl_session& session, const std::string& subject);
  // False when there is none that is young enough. `forget`: it is not to be used a second time.
  bool get(const std::string& key, bool forget, mbedtls_ssl_session& into, std::string& subject);

 private:
  using Clock = std::chrono::steady_clock;
  struct Entry {
    std::string key;
    std::vector<std::uint8_t> session;  // with its secret: wiped before it is given back
    std::string subject;
    Clock::time_point end;
  };
  using Entries = std::list<Entry>;

  void erase(Entries::iterator entry);

  const std::size_t limit_;
  std::chrono::seconds lifetime_{0};
  std::mutex mutex_;
  Entries entries_;  // oldest first
  std::unordered_map<std::string, Entries::iterator> index_;
};

}  // namespace c104::hal
