// SPDX-License-Identifier: GPL-3.0-or-later
// A common address with its points: a station of ours (server) or a partner's as this client knows it.
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "model/address_index.h"
#include "session/point.h"

namespace c104 {

class Connection;
class Server;

class Station : public std::enable_shared_from_this<Station> {
 public:
  // One of the two owners is null.
  static std::shared_ptr<Station> create(std::uint16_t ca, std::weak_ptr<Connection> connection, std::weak_ptr<Server> server);

  std::uint16_t common_address() const noexcept { return ca_; }
  // Null when the owner is gone, or the station was removed from it.
  std::shared_ptr<Connection> connection() const;
  std::shared_ptr<Server> server() const;
  bool is_local() const noexcept { return local_; }
  void detach() noexcept { detached_.store(true); }
  bool detached() const noexcept { return detached_.load(); }

  // Null when the address is taken. Throws std::invalid_argument for an address outside 0..16777215 or a TypeID that no point can
  // have.
  std::shared_ptr<Point> add_point(std::uint32_t ioa, Type type);
  std::shared_ptr<Point> find_point(std::uint32_t ioa) const;
  bool remove_point(std::uint32_t ioa);
  std::vector<std::shared_ptr<Point>> points() const;  // by address
  bool has_points() const;

  // All points ordered by TypeID, then address: what an interrogation walks. Made again only after points came or went.
  using Roll = std::shared_ptr<const std::vector<std::shared_ptr<Point>>>;
  Roll roll_call() const;

  // Guards the table and the values of all points. A leaf: nothing else is locked, called or waited for under it.
  LeafMutex& mutex() const noexcept { return context_->mutex; }
  // With mutex() held: for those who handle many points under one lock.
  Point* find_locked(std::uint32_t ioa) const noexcept { return index_.find(ioa); }

 private:
  Station(std::uint16_t ca, std::weak_ptr<Connection> connection, std::weak_ptr<Server> server);
  void sort_locked() const;

  const std::uint16_t ca_;
  const bool local_;
  std::weak_ptr<Connection> connection_;
  std::weak_ptr<Server> server_;
  std::atomic<bool> detached_{false};

  const std::shared_ptr<PointContext> context_;
  AddressIndex<Point> index_;
  mutable std::vector<std::shared_ptr<Point>> points_;
  mutable bool sorted_ = true;
  mutable Roll roll_;
};

}  // namespace c104
