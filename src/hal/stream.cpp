// SPDX-License-Identifier: GPL-3.0-or-later
// Addresses, and the listening socket. The connected side is in tcp_stream.cpp.
#include "hal/stream.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <unistd.h>

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

std::string SocketAddress::text() const {
  const std::string address = ip();
  const std::string suffix = ":" + std::to_string(port());
  return address.find(':') == std::string::npos ? address + suffix : "[" + address + "]" + suffix;
}

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
    default: return std::generic_category().message(code);
  }
}

int open_socket(int family) {
#ifdef SOCK_NONBLOCK
  return ::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
#else
  const int descriptor = ::socket(family, SOCK_STREAM, IPPROTO_TCP);
  if (descriptor >= 0) make_nonblocking(descriptor);
  return descriptor;
#endif
}

void make_nonblocking(int descriptor) {
  ::fcntl(descriptor, F_SETFL, ::fcntl(descriptor, F_GETFL, 0) | O_NONBLOCK);
  ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
}

void tune(int descriptor) {
  const int on = 1;
  ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
#ifdef SO_NOSIGPIPE
  ::setsockopt(descriptor, SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on);
#endif
}

namespace {

int open_spare() { return ::open("/dev/null", O_RDONLY | O_CLOEXEC); }

int accept_one(int listener, SocketAddress& peer) {
  peer.size = sizeof peer.storage;
#ifdef SOCK_NONBLOCK
  return ::accept4(listener, peer.get(), &peer.size, SOCK_NONBLOCK | SOCK_CLOEXEC);
#else
  const int descriptor = ::accept(listener, peer.get(), &peer.size);
  if (descriptor >= 0) make_nonblocking(descriptor);
  return descriptor;
#endif
}

}  // namespace

Listener::Listener(const Endpoint& at, int backlog) {
  SocketAddress address;
  if (!parse(at, address)) throw std::runtime_error("'" + at.ip + "' is not an IP address");
  const auto fail = [&](int code) {
    if (descriptor_ >= 0) ::close(descriptor_);
    throw std::runtime_error("cannot listen on " + address.text() + ": " + error_text(code));
  };
  descriptor_ = open_socket(address.family());
  if (descriptor_ < 0) fail(errno);
  // REUSEADDR lets a restarted station bind while old connections linger in TIME_WAIT. REUSEPORT would let a second
  // station bind the same port, and the system would deal masters out between the two.
  const int on = 1;
  ::setsockopt(descriptor_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (::bind(descriptor_, address.get(), address.size) != 0) fail(errno);
  if (::listen(descriptor_, backlog) != 0) fail(errno);
  address.size = sizeof address.storage;
  if (::getsockname(descriptor_, address.get(), &address.size) != 0) fail(errno);
  port_ = address.port();
  spare_ = open_spare();
}

Listener::~Listener() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (spare_ >= 0) ::close(spare_);
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
    const int code = errno;
    if (code == EINTR || code == ECONNABORTED) continue;
    if (code == EAGAIN || code == EWOULDBLOCK) return nullptr;
    if ((code == EMFILE || code == ENFILE) && spare_ >= 0) {
      ::close(spare_);
      const int refused = accept_one(descriptor_, peer);
      if (refused >= 0) ::close(refused);
      spare_ = open_spare();
    }
    if (!failing_) error = "cannot accept a connection: " + error_text(code);
    failing_ = true;
    return nullptr;
  }
}

}  // namespace c104::hal
