// SPDX-License-Identifier: GPL-3.0-or-later
// What dialling and listening share: address conversion, error texts. Private to hal.
#pragma once

#include <string>

#include "hal/sockets.h"
#include "hal/stream.h"

namespace c104::hal {

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;

  sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
  int family() const { return storage.ss_family; }
  std::uint16_t port() const;
  // The address alone; an IPv4 address mapped into IPv6 (a dual-stack listener sees those) in its IPv4 form.
  std::string ip() const;
  // "192.0.2.1:2404", "[::1]:2404"
  std::string text() const;
};

// False when `endpoint.ip` is not a literal.
bool parse(const Endpoint& endpoint, SocketAddress& into);

// The text of an errno value, thread-safe; the common ones in the words of this project.
std::string error_text(int code);

// A stream over a connected (or, with `connecting`, a connecting) socket that it owns.
std::unique_ptr<Stream> make_tcp_stream(int descriptor, const SocketAddress& peer, bool connecting);

}  // namespace c104::hal
