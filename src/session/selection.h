// SPDX-License-Identifier: GPL-3.0-or-later
// Which master has selected which command point (select before execute). I/O thread only; a point's `selected_by` shows it
// to everybody else.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <unordered_map>
#include <vector>

#include "base/bytes.h"
#include "session/loop.h"
#include "session/point.h"

namespace c104 {

class Master;

class SelectionTable {
 public:
  // `expired` is told of a selection that was not executed in time, with the octets of the select.
  using Expired = std::function<void(Master&, const std::vector<std::uint8_t>&)>;
  SelectionTable(IoLoop& loop, std::chrono::milliseconds timeout, Expired expired)
      : loop_(loop), timeout_(timeout), expired_(std::move(expired)) {}

  // Selects, or renews this master's selection. False: another master holds it, or it is being executed.
  bool select(const std::shared_ptr<Point>& point, Master& master, std::uint8_t originator, Bytes asdu);
  // The execute arrived: the selection stays, without a timeout, until finish(). False: this master may not execute.
  bool begin_execute(const Point& point, const Master& master);
  void finish(const Point& point, const Master& master);
  // Deactivation. False: nothing to cancel.
  bool cancel(const Point& point, const Master& master);
  // The master's link is gone.
  void drop(const Master& master);

 private:
  struct Selection {
    std::shared_ptr<Point> point;
    Master* master;
    std::vector<std::uint8_t> asdu;
    IoLoop::TimerId timer = 0;
    bool executing = false;
  };
  using Table = std::unordered_map<const Point*, Selection>;

  Table::iterator find(const Point& point, const Master& master);
  Table::iterator remove(Table::iterator selection);

  IoLoop& loop_;
  const std::chrono::milliseconds timeout_;
  const Expired expired_;
  Table table_;
};

}  // namespace c104
