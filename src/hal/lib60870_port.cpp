// SPDX-License-Identifier: GPL-3.0-or-later
#include "hal/lib60870_port.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "hal/clock.h"

extern "C" {
#include "hal_socket.h"
#include "hal_thread.h"
#include "hal_time.h"
}

namespace {

thread_local sSocket* prepared = nullptr;
// run() and tick() add one socket at a time, and only one link runs at a time on a thread: the set is that socket.
thread_local sSocket* in_set = nullptr;

// Buffers that a burst has left behind are given back, so that an idle link stays small.
constexpr std::size_t kept_capacity = 16 * 1024;

}  // namespace

void sSocket::mark_sent(std::size_t count) {
  sent_ += count;
  if (sent_ < out_.size()) return;
  sent_ = 0;
  out_.clear();
  if (out_.capacity() > kept_capacity) std::vector<std::uint8_t>().swap(out_);
}

int sSocket::read(std::uint8_t* buffer, int size) {
  if (failed_) return -1;
  const std::size_t count = std::min(frame_.size(), static_cast<std::size_t>(size));
  std::memcpy(buffer, frame_.data(), count);
  frame_ = frame_.subspan(count);
  return static_cast<int>(count);
}

int sSocket::write(const std::uint8_t* buffer, int size) {
  if (failed_) return -1;
  const auto count = static_cast<std::size_t>(size);
  if (out_.size() - sent_ + count > limit_) {
    failed_ = true;
    return -1;
  }
  if (sent_ > out_.size() / 2) {
    out_.erase(out_.begin(), out_.begin() + static_cast<std::ptrdiff_t>(sent_));
    sent_ = 0;
  }
  out_.insert(out_.end(), buffer, buffer + count);
  observer_.on_written({buffer, count});
  return size;
}

namespace c104::hal {

PreparedSocket::PreparedSocket(PortSocket& socket) { prepared = &socket; }
PreparedSocket::~PreparedSocket() { prepared = nullptr; }

}  // namespace c104::hal

// ------------------------------------------------------------------------------ called by lib60870 while a link runs

struct sHandleSet {};
struct sServerSocket {};

static sHandleSet the_set;
static sServerSocket the_listener;

extern "C" {

HandleSet Handleset_new(void) { return &the_set; }
void Handleset_reset(HandleSet) { in_set = nullptr; }
void Handleset_addSocket(HandleSet, const Socket sock) { in_set = sock; }
void Handleset_removeSocket(HandleSet, const Socket) { in_set = nullptr; }
int Handleset_waitReady(HandleSet, unsigned int) { return in_set != nullptr && in_set->readable() ? 1 : 0; }
void Handleset_destroy(HandleSet) {}

Socket TcpSocket_create(void) { return std::exchange(prepared, nullptr); }
// The stream is up before lib60870 learns of it.
bool Socket_connect(Socket, const char*, int) { return true; }
void Socket_setConnectTimeout(Socket, uint32_t) {}

// The slave wants a listener of its own; there is none behind this one.
ServerSocket TcpServerSocket_create(const char*, int) { return &the_listener; }
void ServerSocket_listen(ServerSocket) {}
void ServerSocket_setBacklog(ServerSocket, int) {}
Socket ServerSocket_accept(ServerSocket) { return std::exchange(prepared, nullptr); }
void ServerSocket_destroy(ServerSocket) {}

int Socket_read(Socket self, uint8_t* buf, int size) { return self->read(buf, size); }
int Socket_write(Socket self, uint8_t* buf, int size) { return self->write(buf, size); }
// The link owns the socket.
void Socket_destroy(Socket) {}

// Asked for by the slave before it takes a connection in; the session looks at the stream's address instead.
char* Socket_getPeerAddressStatic(Socket, char* peerAddressString) { return std::strcpy(peerAddressString, "0.0.0.0:0"); }

// All of them are the monotonic clock of the turn, see clock.h.
msSinceEpoch Hal_getTimeInMs(void) { return c104::hal::turn_clock(); }
nsSinceEpoch Hal_getTimeInNs(void) { return c104::hal::turn_clock() * 1'000'000; }
msSinceEpoch Hal_getMonotonicTimeInMs(void) { return c104::hal::turn_clock(); }
nsSinceEpoch Hal_getMonotonicTimeInNs(void) { return c104::hal::turn_clock() * 1'000'000; }
bool Hal_setTimeInNs(nsSinceEpoch) { return false; }

// ------------------------------------------------------------------------------ linked, never called in threadless mode

bool Socket_bind(Socket, const char*, int) { return true; }
bool Socket_connectAsync(Socket, const char*, int) { return true; }
SocketState Socket_checkAsyncConnectState(Socket) { return SOCKET_STATE_CONNECTED; }
void Socket_activateTcpKeepAlive(Socket, int, int, int) {}
char* Socket_getLocalAddress(Socket) { return nullptr; }
char* Socket_getPeerAddress(Socket) { return nullptr; }

// CONFIG_USE_THREADS=0 and CONFIG_USE_SEMAPHORES=0 compile all uses of these out; one that came back would hang or race,
// so it ends the process where it can be seen.
Thread Thread_create(ThreadExecutionFunction, void*, bool) { std::abort(); }
void Thread_start(Thread) { std::abort(); }
void Thread_destroy(Thread) { std::abort(); }
void Thread_sleep(int) { std::abort(); }
Semaphore Semaphore_create(int) { std::abort(); }
void Semaphore_wait(Semaphore) { std::abort(); }
void Semaphore_post(Semaphore) { std::abort(); }
void Semaphore_destroy(Semaphore) { std::abort(); }

}  // extern "C"
