// SPDX-License-Identifier: GPL-3.0-or-later
#include "hal/sockets.h"

#include <cerrno>

#include "base/process.h"

#ifndef _WIN32
#include <fcntl.h>
#include <unistd.h>
#endif

#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0  // SO_NOSIGPIPE does it there, and Windows has no such signal
#endif

namespace c104::hal {
namespace {

#ifdef _WIN32

void make_nonblocking(int descriptor) {
  u_long on = 1;
  ::ioctlsocket(static_cast<SOCKET>(descriptor), FIONBIO, &on);
  ::SetHandleInformation(reinterpret_cast<HANDLE>(static_cast<SOCKET>(descriptor)), HANDLE_FLAG_INHERIT, 0);
}

int from_winsock(int code) {
  switch (code) {
    case WSAEWOULDBLOCK: return EWOULDBLOCK;
    case WSAEINPROGRESS: return EINPROGRESS;
    case WSAEALREADY: return EALREADY;
    case WSAEISCONN: return EISCONN;
    case WSAEINTR: return EINTR;
    case WSAECONNREFUSED: return ECONNREFUSED;
    case WSAECONNRESET: return ECONNRESET;
    case WSAECONNABORTED: return ECONNABORTED;
    case WSAESHUTDOWN: return EPIPE;
    case WSAETIMEDOUT: return ETIMEDOUT;
    case WSAEHOSTUNREACH: return EHOSTUNREACH;
    case WSAENETUNREACH: return ENETUNREACH;
    case WSAEADDRINUSE: return EADDRINUSE;
    case WSAEADDRNOTAVAIL: return EADDRNOTAVAIL;
    case WSAEACCES: return EACCES;
    case WSAEMFILE: return EMFILE;
    default: return code;  // error_text() asks the system about those
  }
}

#else

void make_nonblocking(int descriptor) {
  ::fcntl(descriptor, F_SETFL, ::fcntl(descriptor, F_GETFL, 0) | O_NONBLOCK);
  ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
}

#endif

template <typename Value>
int set_option(int descriptor, int level, int name, const Value& value) {
  return ::setsockopt(descriptor, level, name, reinterpret_cast<const char*>(&value), sizeof value);
}

[[maybe_unused]] int prepared(int descriptor) {
  if (descriptor >= 0) make_nonblocking(descriptor);
  return descriptor;
}

}  // namespace

void start_sockets() {
#ifdef _WIN32
  static const bool started = [] {
    WSADATA ignored;
    return ::WSAStartup(MAKEWORD(2, 2), &ignored) == 0;
  }();
  static_cast<void>(started);  // without it socket() fails, and says why
#endif
}

void close_socket(int descriptor) {
#ifdef _WIN32
  ::closesocket(static_cast<SOCKET>(descriptor));
#else
  ::close(descriptor);
#endif
}

void end_socket(int descriptor, int process) {
  if (process == process_id()) {
#ifdef _WIN32
    ::shutdown(static_cast<SOCKET>(descriptor), SD_BOTH);
#else
    ::shutdown(descriptor, SHUT_RDWR);
#endif
  }
  close_socket(descriptor);
}

int last_error() {
#ifdef _WIN32
  return from_winsock(::WSAGetLastError());
#else
  return errno;
#endif
}

bool would_block(int code) { return code == EAGAIN || code == EWOULDBLOCK; }

int open_socket(int family, int type) {
  start_sockets();
#ifdef SOCK_NONBLOCK
  return ::socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
#else
  return prepared(static_cast<int>(::socket(family, type, 0)));
#endif
}

int accept_socket(int listener, sockaddr* peer, socklen_t* size) {
#ifdef SOCK_NONBLOCK
  return ::accept4(listener, peer, size, SOCK_NONBLOCK | SOCK_CLOEXEC);
#else
  return prepared(static_cast<int>(::accept(listener, peer, size)));
#endif
}

void claim_port(int descriptor) {
#ifdef _WIN32
  // SO_REUSEADDR there would let anybody take the port over; lingering connections don't hinder anyway.
  set_option(descriptor, SOL_SOCKET, SO_EXCLUSIVEADDRUSE, 1);
#else
  // SO_REUSEPORT would let a second station bind the same port, and the system would deal masters out between the two.
  set_option(descriptor, SOL_SOCKET, SO_REUSEADDR, 1);
#endif
}

void tune(int descriptor) {
  set_option(descriptor, IPPROTO_TCP, TCP_NODELAY, 1);
#ifdef SO_NOSIGPIPE
  set_option(descriptor, SOL_SOCKET, SO_NOSIGPIPE, 1);
#endif
}

#ifdef _WIN32

std::ptrdiff_t receive(int descriptor, std::uint8_t* buffer, std::size_t size) {
  return ::recv(static_cast<SOCKET>(descriptor), reinterpret_cast<char*>(buffer), static_cast<int>(size), 0);
}
std::ptrdiff_t send(int descriptor, const std::uint8_t* data, std::size_t size) {
  return ::send(static_cast<SOCKET>(descriptor), reinterpret_cast<const char*>(data), static_cast<int>(size), 0);
}
int wait_ready(pollfd* entries, std::size_t count, int timeout_ms) {
  return ::WSAPoll(entries, static_cast<ULONG>(count), timeout_ms);
}

#else

std::ptrdiff_t receive(int descriptor, std::uint8_t* buffer, std::size_t size) { return ::recv(descriptor, buffer, size, 0); }
std::ptrdiff_t send(int descriptor, const std::uint8_t* data, std::size_t size) {
  return ::send(descriptor, data, size, MSG_NOSIGNAL);
}
int wait_ready(pollfd* entries, std::size_t count, int timeout_ms) {
  return ::poll(entries, static_cast<nfds_t>(count), timeout_ms);
}

#endif

int pending_error(int descriptor) {
  int code = 0;
  socklen_t size = sizeof code;
  if (::getsockopt(descriptor, SOL_SOCKET, SO_ERROR, reinterpret_cast<char*>(&code), &size) != 0) return last_error();
#ifdef _WIN32
  code = from_winsock(code);
#endif
  return code;
}

}  // namespace c104::hal
