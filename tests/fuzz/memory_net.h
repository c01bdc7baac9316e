// SPDX-License-Identifier: GPL-3.0-or-later
// A network in memory, in place of src/hal's sockets and poller, with a clock that only the fuzzer moves. The program under test
// runs its I/O thread as ever; the fuzzer (one thread) changes the network and then waits until that thread sleeps again, so that
// the same input gives the same run.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

namespace c104::fuzz {

using Octets = std::vector<std::uint8_t>;

// One connection. The near end is the Stream of the program under test, the far end the fuzzer's.
struct Wire {
  std::deque<std::uint8_t> to_near;
  Octets from_near;
  bool far_closed = false, near_closed = false;
  bool blocked = false;  // takes nothing from the near end
};

class Net {
 public:
  static Net& instance();
  // Back to the beginning: no wires, no listener, nothing refused.
  void reset();

  // --- the fuzzer; each waits until the I/O thread sleeps
  void give(Wire& wire, const std::uint8_t* octets, std::size_t size);
  void close(Wire& wire);
  void block(Wire& wire, bool blocked);
  void advance(std::uint64_t ms);
  void settle();
  // A caller for the listener; null while nothing listens.
  std::shared_ptr<Wire> call();
  // The connection that the program dialled last and that was not taken yet; null: none.
  std::shared_ptr<Wire> take_dialled();
  void refuse_dials(bool refuse);
  // What the near end has sent since the last time.
  Octets take(Wire& wire);
  bool alive(const Wire& wire);

 private:
  Net() = default;
};

}  // namespace c104::fuzz
