// SPDX-License-Identifier: GPL-3.0-or-later
// The connections of a Server that stand, and what was counted on those that stood. The I/O thread adds and removes, any thread
// looks.
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "session/server_connection.h"

namespace c104 {

class ServerConnections {
 public:
  void add(std::shared_ptr<ServerConnection> connection);
  // Counts nothing any more.
  void remove(const ServerConnection& connection);
  std::vector<std::shared_ptr<ServerConnection>> all() const;
  // Of all that ever were.
  Traffic traffic() const;

 private:
  mutable std::mutex mutex_;  // leaf
  std::vector<std::shared_ptr<ServerConnection>> standing_;
  Traffic ended_;
};

}  // namespace c104
