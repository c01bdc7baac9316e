// SPDX-License-Identifier: GPL-3.0-or-later
// An ASDU on its way out of a connection, with the answer that somebody waits for.
#pragma once

#include <vector>

#include "session/connection.h"

namespace c104 {

struct Connection::Command {
  Command(Bytes asdu, CommandTracker::Pending awaited) : octets(asdu.begin(), asdu.end()), pending(std::move(awaited)) {
    pending->objects.assign(octets.begin() + codec::header_size, octets.end());
  }

  const std::vector<std::uint8_t> octets;
  CommandTracker::Pending pending;  // null: nobody waits
};

}  // namespace c104
