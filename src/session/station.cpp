// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/station.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <stdexcept>

#include "base/debug.h"
#include "session/connection.h"
#include "session/server.h"

namespace c104 {
namespace {

bool by_address(const std::shared_ptr<Point>& a, const std::shared_ptr<Point>& b) { return a->io_address() < b->io_address(); }

}  // namespace

Station::Station(std::uint16_t ca, std::weak_ptr<Connection> connection, std::weak_ptr<Server> server)
    : ca_(ca),
      local_(!server.expired()),
      connection_(std::move(connection)),
      server_(std::move(server)),
      context_(std::make_shared<PointContext>()) {}

std::shared_ptr<Station> Station::create(std::uint16_t ca, std::weak_ptr<Connection> connection, std::weak_ptr<Server> server) {
  std::shared_ptr<Station> station(new Station(ca, std::move(connection), std::move(server)));
  station->context_->station = station;
  debug(DebugPart::station, [&] { return "station " + std::to_string(ca) + " made"; });
  return station;
}

std::shared_ptr<Connection> Station::connection() const { return detached() ? nullptr : connection_.lock(); }
std::shared_ptr<Server> Station::server() const { return detached() ? nullptr : server_.lock(); }

std::shared_ptr<Point> Station::add_point(std::uint32_t ioa, Type type) {
  if (ioa > 0xFFFFFF) {
    throw std::invalid_argument("io_address " + std::to_string(ioa) + " is out of range 0..16777215");
  }
  const TypeInfo* info = find_type(type);
  if (info == nullptr || !info->point) {
    throw std::invalid_argument(
        std::string("type ") + (info ? info->name : std::to_string(static_cast<int>(type))) +
        " can't be the type of a point: monitoring types 1..21, 30..40 and commands 45..51, 58..64 can");
  }
  debug(DebugPart::station,
        [&] { return "station " + std::to_string(ca_) + ": add_point " + info->name + " at IOA " + std::to_string(ioa); });
  auto point = std::make_shared<Point>(context_, ioa, type);
  std::lock_guard lock(mutex());
  if (index_.find(ioa) != nullptr) return nullptr;
  index_.insert(point.get());
  if (!points_.empty() && points_.back()->io_address() > ioa) sorted_ = false;
  points_.push_back(point);
  roll_.reset();
  return point;
}

std::shared_ptr<Point> Station::find_point(std::uint32_t ioa) const {
  std::lock_guard lock(mutex());
  Point* point = index_.find(ioa);
  return point ? point->shared_from_this() : nullptr;
}

bool Station::remove_point(std::uint32_t ioa) {
  std::shared_ptr<Point> removed;  // dies outside of the lock: it may hold callbacks
  Roll roll;
  std::lock_guard lock(mutex());
  Point* point = index_.find(ioa);
  if (point == nullptr) return false;
  debug(DebugPart::station, [&] { return "station " + std::to_string(ca_) + ": remove_point at IOA " + std::to_string(ioa); });
  removed = point->shared_from_this();
  removed->removed_ = true;
  index_.erase(ioa);
  sort_locked();
  points_.erase(std::lower_bound(points_.begin(), points_.end(), removed, by_address));
  roll.swap(roll_);
  return true;
}

std::vector<std::shared_ptr<Point>> Station::points() const {
  std::lock_guard lock(mutex());
  sort_locked();
  return points_;
}

bool Station::has_points() const {
  std::lock_guard lock(mutex());
  return !points_.empty();
}

Station::Roll Station::roll_call() const {
  std::lock_guard lock(mutex());
  if (!roll_) {
    // Counted and dealt out, in linear time: the I/O thread waits for it.
    sort_locked();
    std::array<std::size_t, 257> place{};
    for (const auto& point : points_) ++place[static_cast<std::size_t>(point->type()) + 1];
    std::partial_sum(place.begin(), place.end(), place.begin());
    auto roll = std::make_shared<std::vector<std::shared_ptr<Point>>>(points_.size());
    for (const auto& point : points_) (*roll)[place[static_cast<std::size_t>(point->type())]++] = point;
    roll_ = std::move(roll);
  }
  return roll_;
}

void Station::sort_locked() const {
  if (sorted_) return;
  std::sort(points_.begin(), points_.end(), by_address);
  sorted_ = true;
}

}  // namespace c104
