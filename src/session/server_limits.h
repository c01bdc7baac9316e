// SPDX-License-Identifier: GPL-3.0-or-later
// What a Server allows its clients, set by any thread, for what comes after. 0: no limit.
#pragma once

#include <atomic>
#include <cstdint>

namespace c104 {

// Without a limit by default are those that clients pass which mean no harm: many of them behind one address, a redundant
// connection that waits in STOPDT for years, the acknowledgements of a fast stream.
struct ServerLimits {
  std::atomic<std::uint32_t> connections{0};
  std::atomic<std::uint32_t> connections_per_address{0};
  std::atomic<std::uint32_t> pending_connections{1024};  // in their TLS handshake, or waiting for on_connect
  std::atomic<std::uint32_t> startdt_timeout_ms{0};

  std::atomic<std::uint32_t> apdus_per_second{0};  // received from one client
  std::atomic<std::uint32_t> answer_octets{8 << 20};  // memory of the answers that one client doesn't take
};

}  // namespace c104
