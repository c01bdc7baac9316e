// SPDX-License-Identifier: GPL-3.0-or-later
// Commands that wait for their answers. Matched on the I/O thread, awaited anywhere. A wait looks before it sleeps; a late
// answer finds the command it belongs to, not the next one.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/condition.h"
#include "codec/asdu.h"

namespace c104 {

enum class Outcome : std::uint8_t { waiting, success, refused, timeout, link_lost, not_sent };

// What ends a command with success.
enum class Until : std::uint8_t {
  confirmation,  // ACT_CON (DEACT_CON)
  termination,   // ACT_CON, then ACT_TERM; from every station that confirmed, when sent to the global address
  data,          // an object of this IOA with COT 5
};

struct PendingCommand {
  std::uint8_t type = 0;
  std::uint16_t ca = 0;
  std::uint32_t ioa = 0;
  Until until = Until::confirmation;
  bool select = false;  // S/E of a command
  std::vector<std::uint8_t> objects;  // as sent: a confirmation mirrors them
  // Report the end only after all events that came before it were delivered.
  bool in_order = false;

  // --- guarded by the tracker
  Outcome outcome = Outcome::waiting;
  unsigned confirmed = 0, terminated = 0;
  bool abandoned = false;  // its caller is gone; it stays to take its late answer
  Monotonic::time_point expires{};
  Condition settled;
};

class CommandTracker {
 public:
  using Pending = std::shared_ptr<PendingCommand>;

  // Before the command is sent.
  void add(const Pending& pending);
  // False once its caller has given up: no need to send it any more.
  bool wanted(const Pending& pending);

  // The I/O thread got an ASDU that may be an answer. Returns the command that it ended, still to be settled.
  std::pair<Pending, Outcome> match(Bytes asdu);
  // Ends the command: wakes who waits.
  void settle(const Pending& pending, Outcome outcome);
  // The link is gone: everything ends with link_lost.
  void abort_all();

  // The time is over: the command stays for one more `patience` to take its late answer.
  void give_up(const Pending& pending, std::chrono::milliseconds patience);
  // Waits until settled; gives up after `patience`.
  Outcome await(const Pending& pending, std::chrono::milliseconds patience);

 private:
  void forget_locked(Pending pending);  // by value: it may be the list's own

  std::atomic<bool> awaited_{false};  // false: pending_ is empty
  std::mutex mutex_;
  std::list<Pending> pending_;
};

}  // namespace c104
