// SPDX-License-Identifier: GPL-3.0-or-later
// Non-blocking byte streams: plain TCP here, TLS as a layer on top (tls_stream.h).
// Used by the I/O thread only, unless said otherwise. Nothing here knows about APDUs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "base/bytes.h"
#include "base/peer_certificate.h"
#include "base/process.h"

namespace c104::hal {

// What a non-blocking step needs before it can go on.
enum class Progress : std::uint8_t {
  done,        // the step is complete
  want_read,   // call again when the descriptor is readable
  want_write,  // call again when the descriptor is writable
  failed,      // see Stream::error()
};

// Result of a read or write: `count` octets moved; `progress` tells what stopped it
// (done: everything that was asked for; want_*: would block; failed: closed or broken).
struct Transfer {
  std::size_t count = 0;
  Progress progress = Progress::done;
};

class Stream {
 public:
  virtual ~Stream() = default;
  Stream() = default;
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  // Drives connect and TLS handshake; done once the stream carries data.
  virtual Progress establish() = 0;
  virtual Transfer read(std::uint8_t* buffer, std::size_t size) = 0;
  virtual Transfer write(Bytes data) = 0;
  // True when decrypted octets wait inside the stream: no poller event will announce them.
  virtual bool has_buffered_input() const { return false; }
  virtual int descriptor() const = 0;
  // "192.0.2.1:2404", "[::1]:2404"
  virtual std::string peer_address() const = 0;
  virtual std::string peer_ip() const = 0;
  // Null without TLS, before the handshake is over, and for a client that has shown none.
  virtual PeerCertificatePtr peer_certificate() const { return nullptr; }
  // Why the last step failed, for people.
  virtual std::string error() const = 0;
  // It failed since we refuse what the partner does, though the standard has it.
  virtual bool is_nuisance() const { return false; }
};

// An address literal with its port; never a host name.
struct Endpoint {
  std::string ip;  // "192.0.2.1", "2001:db8::1", "fe80::1%eth0"
  std::uint16_t port = 0;
  // True for IPv4 and IPv6 literals in full notation ("1.2.3" is not one).
  static bool is_literal(const std::string& ip);
  // For people: "192.0.2.1:2404", "[::1]:2404".
  std::string text() const { return (ip.find(':') == std::string::npos ? ip : "[" + ip + "]") + ":" + std::to_string(port); }
};

// The first address of a host name as a literal; empty when it has none. Blocks, so never on the I/O thread.
std::string resolve_host(const std::string& host);

// Starts a non-blocking connect; errors appear in establish().
std::unique_ptr<Stream> dial(const Endpoint& to);

// A listening socket; throws std::runtime_error with the reason when bind or listen fails.
class Listener {
 public:
  Listener(const Endpoint& at, int backlog);
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  // Null when nobody waits (then `error` is empty), or when accept failed (then it tells why, once per outage). Out of
  // descriptors the caller in the queue is let in and shut out at once, so that the poller does not spin on it.
  std::unique_ptr<Stream> accept(std::string& error);
  int descriptor() const { return descriptor_; }
  std::uint16_t port() const { return port_; }  // the one that the system chose for port 0

 private:
  int descriptor_ = -1;
  int spare_ = -1;          // given up to refuse a caller when no other descriptor is left
  bool failing_ = false;    // an outage has been reported
  std::uint16_t port_ = 0;
  const int process_ = process_id();
};

}  // namespace c104::hal
