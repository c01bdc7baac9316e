// SPDX-License-Identifier: GPL-3.0-or-later
// TLS sessions that may be resumed: tickets that a server has given out, and what a client was given by each station.
// A session remembers its partner's certificate, since a resumed one may bring none. Any thread. Private to hal.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/peer_certificate.h"

struct mbedtls_ssl_session;

namespace c104::hal {

class TlsSessions {
 public:
  // Lifetime zero: nothing is kept.
  TlsSessions(std::size_t limit, std::chrono::seconds lifetime) : limit_(limit), lifetime_(lifetime) {}
  ~TlsSessions();
  TlsSessions(const TlsSessions&) = delete;
  TlsSessions& operator=(const TlsSessions&) = delete;

  std::chrono::seconds lifetime() const { return lifetime_; }

  // False when it cannot be kept. Those that are too old go, and the oldest one makes room.
  bool put(const std::string& key, const mbedtls_ssl_session& session, const PeerCertificatePtr& peer);
  // False when there is none that is young enough.
  bool get(const std::string& key, mbedtls_ssl_session& into, PeerCertificatePtr& peer);
  // It is not to be used a second time.
  void forget(const std::string& key);

 private:
  using Clock = std::chrono::steady_clock;
  struct Entry {
    std::string key;
    std::vector<std::uint8_t> session;  // with its secret: wiped before it is given back
    PeerCertificatePtr peer;
    Clock::time_point end;
  };
  using Entries = std::list<Entry>;

  void erase(Entries::iterator entry);

  const std::size_t limit_;
  const std::chrono::seconds lifetime_;
  std::mutex mutex_;
  Entries entries_;  // oldest first
  std::unordered_map<std::string, Entries::iterator> index_;
};

}  // namespace c104::hal
