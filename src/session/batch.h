// SPDX-License-Identifier: GPL-3.0-or-later
// Points of one station and TypeID that are sent together with one cause.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "session/point.h"

namespace c104 {

class Batch {
 public:
  explicit Batch(Cot cause) : cause_(cause) {}

  // Throws std::invalid_argument when the point is in already, is no monitoring point, has no station any more, or is of
  // another station or TypeID than the first.
  void add_point(const std::shared_ptr<Point>& point);
  std::vector<std::shared_ptr<Point>> points() const;  // by address
  bool has_points() const;
  Cot cause() const { return cause_; }
  std::optional<Type> type() const;
  std::uint16_t common_address() const;  // 0 while empty
  std::uint8_t originator_address() const { return oa_.load(); }
  void set_originator_address(std::uint8_t oa) { oa_.store(oa); }
  bool is_sequence() const;  // the addresses run on

 private:
  const Cot cause_;
  std::atomic<std::uint8_t> oa_{0};
  mutable std::mutex mutex_;
  std::vector<std::shared_ptr<Point>> points_;
  std::uint16_t ca_ = 0;
};

}  // namespace c104
