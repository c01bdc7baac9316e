// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/server_connections.h"

#include <algorithm>

namespace c104 {

void ServerConnections::add(std::shared_ptr<ServerConnection> connection) {
  std::lock_guard lock(mutex_);
  standing_.push_back(std::move(connection));
}

void ServerConnections::remove(const ServerConnection& connection) {
  std::lock_guard lock(mutex_);
  const auto found = std::find_if(standing_.begin(), standing_.end(), [&](const auto& c) { return c.get() == &connection; });
  if (found == standing_.end()) return;
  Traffic last = connection.traffic();
  last.forget_present();
  ended_.add(last);
  standing_.erase(found);
}

std::vector<std::shared_ptr<ServerConnection>> ServerConnections::all() const {
  std::lock_guard lock(mutex_);
  return standing_;
}

Traffic ServerConnections::traffic() const {
  std::lock_guard lock(mutex_);
  Traffic sum = ended_;
  for (const auto& connection : standing_) sum.add(connection->traffic());
  return sum;
}

}  // namespace c104
