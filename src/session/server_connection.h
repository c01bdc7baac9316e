// SPDX-License-Identifier: GPL-3.0-or-later
// A master's connection as any thread may see it. It stays when the link has gone. Its Master, on the I/O thread, writes it.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "base/peer_certificate.h"
#include "session/dispatcher.h"
#include "session/loop.h"
#include "session/traffic.h"

namespace c104 {

class Master;

class ServerConnection {
 public:
  ServerConnection(std::string ip, std::uint16_t port, PeerCertificatePtr certificate, std::shared_ptr<Strand> strand,
                   std::shared_ptr<IoLoop> loop, std::weak_ptr<Master> master);

  const std::string& ip() const { return ip_; }
  std::uint16_t port() const { return port_; }
  std::int64_t connected_at() const { return connected_us_; }  // microseconds UTC
  const PeerCertificatePtr& peer_certificate() const { return certificate_; }  // null without TLS, or when none was shown
  bool is_connected() const { return connected_.load(std::memory_order_acquire); }
  bool is_active() const { return active_.load(std::memory_order_acquire); }  // STARTDT
  Traffic traffic() const;
  // Ends it; closed when this returns. `reason` goes into the log.
  void close(const std::string& reason);

 private:
  friend class Master;

  const std::string ip_;
  const std::uint16_t port_;
  const std::int64_t connected_us_;
  const PeerCertificatePtr certificate_;
  const std::shared_ptr<Strand> strand_;
  const std::shared_ptr<IoLoop> loop_;
  const std::weak_ptr<Master> master_;
  std::atomic<bool> connected_{true}, active_{false};
  Traffic traffic_;
};

}  // namespace c104
