// SPDX-License-Identifier: GPL-3.0-or-later
// Addresses, and the listening socket. The connected side is in tcp_stream.cpp.
#include "hal/stream.h"

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <system_error>

#include "hal/socket_tools.h"

namespace c104::hal {

std::uint16_t SocketAddress::port() const {
  if (family() == AF_INET) return ntohs(reinterpret_cast<const sockaddr_in*>(&storage)->sin_port);
  if (family() == AF_INET6) return ntohs(reinterpret_cast<const sockaddr_in6*>(&storage)->sin6_port);
  return 0;
}

std::string SocketAddress::ip() const {
  char text[INET6_ADDRSTRLEN] = {};
  if (family() == AF_INET) {
    ::inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in*>(&storage)->sin_addr, text, sizeof text);
    return text;
  }
  if (family() != AF_INET6) return {};
  const auto* six = reinterpret_cast<const sockaddr_in6*>(&storage);
  if (IN6_IS_ADDR_V4MAPPED(&six->sin6_addr)) {
    ::inet_ntop(AF_INET, six->sin6_addr.s6_addr + 12, text, sizeof text);
    return text;
  }
  ::inet_ntop(AF_INET6, &six->sin6_addr, text, sizeof text);
  std::string result = text;
  char zone[IF_NAMESIZE] = {};
  if (six->sin6_scope_id != 0 && ::if_indextoname(six->sin6_scope_id, zone) != nullptr) result += std::string("%") + zone;
  return result;
}

std::string SocketAddress::text() const { return Endpoint{ip(), port()}.text(); }

bool parse(const Endpoint& endpoint, SocketAddress& into) {
  into = SocketAddress{};
  auto* four = reinterpret_cast<sockaddr_in*>(&into.storage);
  if (::inet_pton(AF_INET, endpoint.ip.c_str(), &four->sin_addr) == 1) {
    four->sin_family = AF_INET;
    four->sin_port = htons(endpoint.port);
    into.size = sizeof *four;
    return true;
  }
  into = SocketAddress{};
  auto* six = reinterpret_cast<sockaddr_in6*>(&into.storage);
  const std::size_t percent = endpoint.ip.find('%');
  if (::inet_pton(AF_INET6, endpoint.ip.substr(0, percent).c_str(), &six->sin6_addr) != 1) return false;
  if (percent != std::string::npos) {
    six->sin6_scope_id = ::if_nametoindex(endpoint.ip.c_str() + percent + 1);
    if (six->sin6_scope_id == 0) return false;
  }
  six->sin6_family = AF_INET6;
  six->sin6_port = htons(endpoint.port);
  into.size = sizeof *six;
  return true;
}

std::string resolve_host(const std::string& host) {
  start_sockets();
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(host.c_str(), nullptr, &hints, &found) != 0) return {};
  char text[NI_MAXHOST] = "";
  ::getnameinfo(found->ai_addr, static_cast<socklen_t>(found->ai_addrlen), text, sizeof text, nullptr, 0, NI_NUMERICHOST);
  ::freeaddrinfo(found);
  return text;
}

bool Endpoint::is_literal(const std::string& ip) {
  SocketAddress ignored;
  return parse(Endpoint{ip, 0}, ignored);
}

std::string error_text(int code) {
  switch (code) {
    case ECONNREFUSED: return "connection refused";
    case ECONNRESET: return "connection reset by partner";
    case EPIPE: return "closed by partner";
    case ETIMEDOUT: return "connection timed out";
    case EHOSTUNREACH: return "no route to host";
    case ENETUNREACH: return "network is unreachable";
    case EADDRINUSE: return "address already in use";
    case EADDRNOTAVAIL: return "address not available on this machine";
    case EMFILE:
    case ENFILE: return "too many open files";
    default: return std::system_category().message(code);
  }
}

namespace {

// A descriptor to give up when there is no other left to refuse a caller with.
int open_spare() { return open_socket(AF_INET, SOCK_DGRAM); }

int accept_one(int listener, SocketAddress& peer) {
  peer.size = sizeof peer.storage;
  return accept_socket(listener, peer.get(), &peer.size);
}

}  // namespace

Listener::Listener(const Endpoint& at, int backlog) {
  SocketAddress address;
  if (!parse(at, address)) throw std::runtime_error("'" + at.ip + "' is not an IP address");
  const auto fail = [&](int code) {
    if (descriptor_ >= 0) close_socket(descriptor_);
    throw std::runtime_error("cannot listen on " + address.text() + ": " + error_text(code));
  };
  descriptor_ = open_socket(address.family());
  if (descriptor_ < 0) fail(last_error());
  claim_port(descriptor_);
  if (::bind(descriptor_, address.get(), address.size) != 0) fail(last_error());
  if (::listen(descriptor_, backlog) != 0) fail(last_error());
  address.size = sizeof address.storage;
  if (::getsockname(descriptor_, address.get(), &address.size) != 0) fail(last_error());
  port_ = address.port();
  spare_ = open_spare();
}

Listener::~Listener() {
  if (descriptor_ >= 0) end_socket(descriptor_, process_);
  if (spare_ >= 0) close_socket(spare_);
}

std::unique_ptr<Stream> Listener::accept(std::string& error) {
  error.clear();
  for (;;) {
    SocketAddress peer;
    const int descriptor = accept_one(descriptor_, peer);
    if (descriptor >= 0) {
      failing_ = false;
      if (spare_ < 0) spare_ = open_spare();
      tune(descriptor);
      return make_tcp_stream(descriptor, peer, false);
    }
    const int code = last_error();
    if (code == EINTR || code == ECONNABORTED) continue;
    if (would_block(code)) return nullptr;
    if ((code == EMFILE || code == ENFILE) && spare_ >= 0) {
      close_socket(spare_);
      const int refused = accept_one(descriptor_, peer);
      if (refused >= 0) close_socket(refused);
      spare_ = open_spare();
    }
    if (!failing_) error = "cannot accept a connection: " + error_text(code);
    failing_ = true;
    return nullptr;
  }
}

}  // namespace c104::hal
