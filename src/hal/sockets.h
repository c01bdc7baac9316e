// SPDX-License-Identifier: GPL-3.0-or-later
// The seam to the system's sockets: POSIX or Winsock. What differs between the two is here and in sockets.cpp, and nowhere
// else; error codes are those of errno on both. Private to hal.
#pragma once

#ifdef _WIN32
#ifndef NOMINMAX
#define NOMINMAX
#endif
#include <winsock2.h>
#include <ws2tcpip.h>
//
#include <netioapi.h>
#else
#include <arpa/inet.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#endif

#include <cstddef>
#include <cstdint>

namespace c104::hal {

// Once per process before the first socket; does nothing on POSIX.
void start_sockets();

// Descriptors are int on Windows too: its handles fit, as other programs count on.
void close_socket(int descriptor);
// The same, of a socket that `process` (process_id()) opened. The partner is told even while a forked child holds the descriptor too,
// and others may have the port; in the child nothing ends but its own descriptor.
void end_socket(int descriptor, int process);

// Why the last call failed, as a value of errno.
int last_error();
bool would_block(int code);

// A stream or datagram socket, non-blocking and closed on exec; -1 on failure.
int open_socket(int family, int type = SOCK_STREAM);
// accept() with the same two flags.
int accept_socket(int listener, sockaddr* peer, socklen_t* size);
// Lets a restarted station bind while old connections linger in TIME_WAIT, and no second one beside it.
void claim_port(int descriptor);
// Sends APDUs at once (they are gathered by us) and never raises SIGPIPE.
void tune(int descriptor);
// Octets moved; negative on failure, recv's 0 is the partner's end.
std::ptrdiff_t receive(int descriptor, std::uint8_t* buffer, std::size_t size);
std::ptrdiff_t send(int descriptor, const std::uint8_t* data, std::size_t size);
// SO_ERROR, as a value of errno.
int pending_error(int descriptor);
// poll() without a restart after a signal.
int wait_ready(pollfd* entries, std::size_t count, int timeout_ms);

}  // namespace c104::hal
