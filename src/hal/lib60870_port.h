// SPDX-License-Identifier: GPL-3.0-or-later
// The platform under lib60870, as its HAL headers ask for it, without any system call: a "socket" shows the one frame
// that the gate let through and gathers what lib60870 writes; the loop moves the octets. No lock, no thread: a socket
// belongs to the I/O thread of its link.
//
// lib60870 makes its own sockets (TcpSocket_create, ServerSocket_accept). A link that starts lib60870 puts its socket
// into a thread-local slot before, from which those functions take it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/bytes.h"

namespace c104::hal {

// Told of every APDU that lib60870 writes, from inside lib60870: must not call it.
class WriteObserver {
 public:
  virtual void on_written(Bytes apdu) = 0;

 protected:
  ~WriteObserver() = default;
};

}  // namespace c104::hal

// lib60870's opaque handle type, hence the global C name.
struct sSocket {
 public:
  // `limit`: octets that may wait for the partner. One more APDU fails the socket for good: lib60870 takes a write for
  // all or nothing (cs104_slave.c:1961), and dropping an APDU would break the sequence numbers.
  sSocket(c104::hal::WriteObserver& observer, std::size_t limit) : observer_(observer), limit_(limit) {}
  sSocket(const sSocket&) = delete;
  sSocket& operator=(const sSocket&) = delete;

  // To the loop.
  void show(c104::Bytes frame) { frame_ = frame; }  // readable until consumed
  void hide() { frame_ = {}; }
  c104::Bytes unsent() const { return c104::Bytes(out_).subspan(sent_); }
  void mark_sent(std::size_t count);
  bool failed() const { return failed_; }  // the limit was passed

  // To lib60870, through the C functions.
  bool readable() const { return failed_ || !frame_.empty(); }
  int read(std::uint8_t* buffer, int size);
  int write(const std::uint8_t* buffer, int size);

 private:
  c104::hal::WriteObserver& observer_;
  const std::size_t limit_;
  c104::Bytes frame_;
  std::vector<std::uint8_t> out_;
  std::size_t sent_ = 0;
  bool failed_ = false;
};

namespace c104::hal {

using PortSocket = ::sSocket;

// Holds the socket ready for the next TcpSocket_create or ServerSocket_accept on this thread.
class PreparedSocket {
 public:
  explicit PreparedSocket(PortSocket& socket);
  ~PreparedSocket();
  PreparedSocket(const PreparedSocket&) = delete;
  PreparedSocket& operator=(const PreparedSocket&) = delete;
};

}  // namespace c104::hal
