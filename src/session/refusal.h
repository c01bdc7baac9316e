// SPDX-License-Identifier: GPL-3.0-or-later
// Why a Server refuses a connection, or ends one.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace c104 {

enum class Refusal : std::uint8_t {
  not_allowed,
  max_connections,
  connections_per_address,
  pending_connections,
  tls_handshake,
  tls_timeout,
  on_connect,
  startdt_timeout,
  answer_queue,
  renegotiation,
  count_
};

using Refusals = std::array<std::atomic<std::uint64_t>, static_cast<std::size_t>(Refusal::count_)>;

constexpr const char* name_of(Refusal refusal) noexcept {
  switch (refusal) {
    case Refusal::not_allowed: return "not_allowed";
    case Refusal::max_connections: return "max_connections";
    case Refusal::connections_per_address: return "connections_per_address";
    case Refusal::pending_connections: return "pending_connections";
    case Refusal::tls_handshake: return "tls_handshake";
    case Refusal::tls_timeout: return "tls_timeout";
    case Refusal::on_connect: return "on_connect";
    case Refusal::startdt_timeout: return "startdt_timeout";
    case Refusal::answer_queue: return "answer_queue";
    case Refusal::renegotiation: return "renegotiation";
    case Refusal::count_: break;
  }
  return "";
}

}  // namespace c104
