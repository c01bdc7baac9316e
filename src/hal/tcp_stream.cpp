// SPDX-License-Identifier: GPL-3.0-or-later
// Plain TCP as a Stream: a connect that never blocks, one system call per read or write.
#include <cerrno>

#include "base/process.h"
#include "hal/socket_tools.h"
#include "hal/stream.h"

namespace c104::hal {
namespace {

class TcpStream final : public Stream {
 public:
  TcpStream(int descriptor, const SocketAddress& peer, bool connecting)
      : descriptor_(descriptor), connecting_(connecting), peer_(peer) {}
  // A dial that failed at once; establish() tells.
  TcpStream(std::string error, const SocketAddress& peer) : peer_(peer), error_(std::move(error)) {}
  ~TcpStream() override {
    if (descriptor_ >= 0) end_socket(descriptor_, process_);
  }

  Progress establish() override {
    if (descriptor_ < 0) return Progress::failed;
    if (!connecting_) return Progress::done;
    pollfd waiting{};
    waiting.fd = static_cast<decltype(waiting.fd)>(descriptor_);
    waiting.events = POLLOUT;
    if (wait_ready(&waiting, 1, 0) <= 0) return Progress::want_write;
    const int code = pending_error(descriptor_);
    if (code != 0) return fail(error_text(code));
    if (connected_to_itself()) return fail("connection refused (the socket met itself)");
    connecting_ = false;
    return Progress::done;
  }

  Transfer read(std::uint8_t* buffer, std::size_t size) override {
    for (;;) {
      const std::ptrdiff_t got = receive(descriptor_, buffer, size);
      if (got > 0) {
        const auto count = static_cast<std::size_t>(got);
        // A short read has drained the socket; asking again would cost a system call for EAGAIN.
        return {count, count == size ? Progress::done : Progress::want_read};
      }
      if (got == 0) return {0, fail("closed by partner")};
      const int code = last_error();
      if (code == EINTR) continue;
      if (would_block(code)) return {0, Progress::want_read};
      return {0, fail(error_text(code))};
    }
  }

  Transfer write(Bytes data) override {
    for (;;) {
      const std::ptrdiff_t put = send(descriptor_, data.data(), data.size());
      if (put >= 0) {
        const auto count = static_cast<std::size_t>(put);
        return {count, count == data.size() ? Progress::done : Progress::want_write};
      }
      const int code = last_error();
      if (code == EINTR) continue;
      if (would_block(code)) return {0, Progress::want_write};
      return {0, fail(error_text(code))};
    }
  }

  int descriptor() const override { return descriptor_; }
  std::string peer_address() const override { return peer_.text(); }
  std::string peer_ip() const override { return peer_.ip(); }
  std::string error() const override { return error_; }

 private:
  Progress fail(std::string why) {
    error_ = std::move(why);
    return Progress::failed;
  }

  // Dialling a free port of this machine can draw that same port as the local one; TCP then connects the socket to
  // itself (simultaneous open), and the port is taken from the station that wants to listen on it.
  bool connected_to_itself() {
    SocketAddress local;
    local.size = sizeof local.storage;
    if (::getsockname(descriptor_, local.get(), &local.size) != 0) return false;
    return local.port() == peer_.port() && local.ip() == peer_.ip();
  }

  int descriptor_ = -1;
  bool connecting_ = false;
  SocketAddress peer_;
  std::string error_;
  const int process_ = process_id();
};

}  // namespace

std::unique_ptr<Stream> make_tcp_stream(int descriptor, const SocketAddress& peer, bool connecting) {
  return std::make_unique<TcpStream>(descriptor, peer, connecting);
}

std::unique_ptr<Stream> dial(const Endpoint& to) {
  SocketAddress peer;
  if (!parse(to, peer)) return std::make_unique<TcpStream>("'" + to.ip + "' is not an IP address", peer);
  const int descriptor = open_socket(peer.family());
  if (descriptor < 0) return std::make_unique<TcpStream>(error_text(last_error()), peer);
  tune(descriptor);
  int code = 0;
  do {
    code = ::connect(descriptor, peer.get(), peer.size) == 0 ? 0 : last_error();
  } while (code == EINTR);
  if (code != 0 && code != EINPROGRESS && code != EALREADY && code != EISCONN && !would_block(code)) {
    close_socket(descriptor);
    return std::make_unique<TcpStream>(error_text(code), peer);
  }
  return make_tcp_stream(descriptor, peer, true);
}

}  // namespace c104::hal
