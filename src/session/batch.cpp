// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/batch.h"

#include <algorithm>
#include <stdexcept>
#include <string>

#include "session/station.h"

namespace c104 {
namespace {

bool by_address(const std::shared_ptr<Point>& a, const std::shared_ptr<Point>& b) { return a->io_address() < b->io_address(); }

}  // namespace

void Batch::add_point(const std::shared_ptr<Point>& point) {
  if (!point) throw std::invalid_argument("None is no point for a batch");
  const std::string name = "point " + std::to_string(point->io_address()) + " (" + point->type_info().name + ")";
  const auto station = point->station();
  if (!station) throw std::invalid_argument(name + " can't be in a batch: its station is gone");
  if (is_command(point->type_info().kind)) {
    throw std::invalid_argument("Only monitoring points are allowed in a batch, not " + name);
  }
  std::lock_guard lock(mutex_);
  if (!points_.empty()) {
    if (points_.front()->type() != point->type()) {
      throw std::invalid_argument("Incompatible types in batch: " + name + " among points of type " +
                                  points_.front()->type_info().name);
    }
    if (points_.front()->station() != station) {
      throw std::invalid_argument("Incompatible stations in batch: " + name + " of common address " +
                                  std::to_string(station->common_address()) + " among points of " + std::to_string(ca_));
    }
  }
  const auto place = std::lower_bound(points_.begin(), points_.end(), point, by_address);
  if (place != points_.end() && (*place)->io_address() == point->io_address()) {
    throw std::invalid_argument("Point already added to batch: " + name);
  }
  points_.insert(place, point);
  ca_ = station->common_address();
}

std::vector<std::shared_ptr<Point>> Batch::points() const {
  std::lock_guard lock(mutex_);
  return points_;
}

bool Batch::has_points() const {
  std::lock_guard lock(mutex_);
  return !points_.empty();
}

std::optional<Type> Batch::type() const {
  std::lock_guard lock(mutex_);
  if (points_.empty()) return std::nullopt;
  return points_.front()->type();
}

std::uint16_t Batch::common_address() const {
  std::lock_guard lock(mutex_);
  return ca_;
}

bool Batch::is_sequence() const {
  std::lock_guard lock(mutex_);
  return points_.empty() ||
         points_.back()->io_address() - points_.front()->io_address() == static_cast<std::uint32_t>(points_.size() - 1);
}

}  // namespace c104
