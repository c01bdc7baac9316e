// SPDX-License-Identifier: GPL-3.0-or-later
// What happened on one connection, of a Client or a Server, over all its links; or on several, summed up.
#pragma once

#include <array>

#include "base/counter.h"
#include "base/enums.h"
#include "wire/link_counters.h"

namespace c104 {

struct Traffic {
  wire::LinkCounters link;
  Counter t0_expired;
  // By the reason (Umc) that on_unexpected_message gets; those with the last index were understood, but denied.
  static constexpr std::size_t denied = umc_count;
  std::array<Counter, umc_count + 1> refused;
  Counter selections_expired;
  // Of the ASDUs given to us to send: those that fell out of the event log first, those that still waited when a link ended, and
  // those sent that may or may not have arrived, since it ended before the partner acknowledged them.
  Counter overruns, unsent, unacknowledged;
  // ASDUs that wait to be sent, and octets received that wait for callbacks; now, and the most there were.
  Counter send_queue, send_queue_most;
  Counter receive_queue, receive_queue_most;

  // Events are added up. Of times and of the most in a queue the largest counts.
  void add(const Traffic& other);
  // What is true only while the connection stands.
  void forget_present();

  std::uint64_t asdus_received() const;
  std::uint64_t asdus_sent() const;
  std::uint64_t malformed() const;
  std::uint64_t asdus_refused() const;
};

}  // namespace c104
