// SPDX-License-Identifier: GPL-3.0-or-later
// Periodic transmission (report_ms) and timers (on_timer) of a Server's points. Points with the same interval that were set in
// the same tick are handled together. I/O thread; callbacks run on two strands of their own.
#pragma once

#include <map>
#include <memory>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "session/dispatcher.h"
#include "session/loop.h"
#include "session/station.h"

namespace c104 {

class Reports {
 public:
  Reports(Server& server, std::shared_ptr<IoLoop> loop, const std::shared_ptr<Dispatcher>& dispatcher);

  // --- I/O thread
  // A point's report_ms or timer changed.
  void schedule(const std::shared_ptr<Point>& point);
  void start();  // every interval begins now
  void stop();
  void publish();

  // --- any thread: sends the points, which are ordered by station, TypeID and address, with COT 1
  static void send(Server& server, const std::vector<std::shared_ptr<Point>>& points);

 private:
  using Points = std::vector<std::shared_ptr<Point>>;
  enum class Purpose : std::uint8_t { report, timer };
  // Interval and tick in which it began.
  using BucketKey = std::tuple<Purpose, std::uint32_t, std::uint64_t>;
  using PointKey = std::tuple<const Station*, Type, std::uint32_t>;
  struct Bucket {
    std::map<PointKey, std::weak_ptr<Point>> points;
    Monotonic::time_point next{};
    IoLoop::TimerId timer = 0;
    std::shared_ptr<std::atomic<bool>> busy = std::make_shared<std::atomic<bool>>(false);
  };
  using Buckets = std::map<BucketKey, Bucket>;

  void put(Purpose purpose, const std::shared_ptr<Point>& point, const Station& station, std::uint32_t interval);
  void arm(Buckets::iterator bucket);
  void fire(const BucketKey& key);
  Points due(Buckets::iterator bucket);
  void report(Bucket& bucket, Points points);
  void run_timers(Bucket& bucket, Points points);

  Server& server_;
  const std::shared_ptr<IoLoop> loop_;
  bool running_ = false;
  Buckets buckets_;
  // The one bucket that counts for a point; entries elsewhere are stale.
  std::unordered_map<const Point*, BucketKey> where_[2];
  std::shared_ptr<Strand> report_strand_;
  std::shared_ptr<Strand> timer_strand_;
};

}  // namespace c104
