// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/report.h"

#include "base/debug.h"
#include "session/callouts.h"
#include "session/packer.h"
#include "session/server.h"

namespace c104 {
namespace {

std::uint32_t interval_of(const Point& point, bool report) {
  const PointExtras* extras = point.find_extras();
  if (extras == nullptr) return 0;
  return report ? extras->report_ms.load() : extras->timer_ms.load();
}

}  // namespace

Reports::Reports(Server& server, std::shared_ptr<IoLoop> loop, const std::shared_ptr<Dispatcher>& dispatcher)
    : server_(server), loop_(std::move(loop)) {
  report_strand_ = std::make_shared<Strand>(dispatcher, [](EventKind, Bytes) {}, [] {});
  timer_strand_ = std::make_shared<Strand>(dispatcher, [](EventKind, Bytes) {}, [] {});
}

void Reports::schedule(const std::shared_ptr<Point>& point) {
  const auto station = point->station();
  for (const Purpose purpose : {Purpose::report, Purpose::timer}) {
    where_[static_cast<int>(purpose)].erase(point.get());
    const std::uint32_t interval = interval_of(*point, purpose == Purpose::report);
    if (station && interval != 0) put(purpose, point, *station, interval);
  }
}

void Reports::put(Purpose purpose, const std::shared_ptr<Point>& point, const Station& station, std::uint32_t interval) {
  using namespace std::chrono;
  const auto tick = duration_cast<milliseconds>(Monotonic::now().time_since_epoch()).count() / server_.tick_rate_ms();
  const BucketKey key{purpose, interval, static_cast<std::uint64_t>(tick)};
  const auto [bucket, fresh] = buckets_.try_emplace(key);
  bucket->second.points[{&station, point->type(), point->io_address()}] = point;
  where_[static_cast<int>(purpose)].insert_or_assign(point.get(), key);
  if (fresh && running_) arm(bucket);
}

void Reports::arm(Buckets::iterator bucket) {
  const std::chrono::milliseconds interval(std::get<1>(bucket->first));
  const auto now = Monotonic::now();
  Bucket& b = bucket->second;
  b.next = b.next == Monotonic::time_point{} ? now + interval : b.next + interval;
  if (b.next <= now) b.next = now + interval;  // the process was stopped, or overloaded: nothing is made up for
  b.timer =
      loop_->call_after(std::chrono::ceil<std::chrono::milliseconds>(b.next - now), [this, key = bucket->first] { fire(key); });
}

void Reports::start() {
  Buckets old;
  old.swap(buckets_);
  running_ = true;
  for (auto& where : where_) where.clear();
  for (const auto& [key, bucket] : old) {
    for (const auto& entry : bucket.points) {
      if (const auto point = entry.second.lock()) schedule(point);
    }
  }
}

void Reports::stop() {
  running_ = false;
  for (auto& [key, bucket] : buckets_) {
    loop_->cancel(bucket.timer);
    bucket.timer = 0;
  }
}

void Reports::publish() {
  report_strand_->publish();
  timer_strand_->publish();
}

void Reports::fire(const BucketKey& key) {
  const auto bucket = buckets_.find(key);
  if (bucket == buckets_.end() || !running_) return;
  // Callbacks of the last time that still run: this time is left out rather than queued behind them.
  Points points = due(bucket);
  if (bucket->second.points.empty()) {
    buckets_.erase(bucket);
    return;
  }
  if (!bucket->second.busy->load()) {
    if (std::get<0>(key) == Purpose::report) {
      report(bucket->second, std::move(points));
    } else {
      run_timers(bucket->second, std::move(points));
    }
  }
  arm(bucket);
}

Reports::Points Reports::due(Buckets::iterator bucket) {
  auto& where = where_[static_cast<int>(std::get<0>(bucket->first))];
  auto& entries = bucket->second.points;
  Points points;
  points.reserve(entries.size());
  for (auto it = entries.begin(); it != entries.end();) {
    auto point = it->second.lock();
    const auto place = point ? where.find(point.get()) : where.end();
    const bool current = place != where.end() && place->second == bucket->first;
    if (current && point->station()) {
      points.push_back(std::move(point));
      ++it;
      continue;
    }
    if (current) where.erase(place);
    it = entries.erase(it);
  }
  return points;
}

void Reports::report(Bucket& bucket, Points points) {
  if (server_.active_connection_count() == 0) return;
  Points to_ask;
  for (const auto& point : points) {
    if (point->find_extras()->on_before_auto_transmit.filled()) to_ask.push_back(point);
  }
  if (to_ask.empty()) {
    send(server_, points);
    return;
  }
  bucket.busy->store(true);
  report_strand_->push(
      [weak = server_.weak_from_this(), busy = bucket.busy, points = std::move(points), to_ask = std::move(to_ask)] {
        if (const auto server = weak.lock()) {
          tell_each(to_ask, &PointExtras::on_before_auto_transmit);
          send(*server, points);
        }
        busy->store(false);
      });
}

void Reports::run_timers(Bucket& bucket, Points points) {
  bucket.busy->store(true);
  timer_strand_->push([weak = server_.weak_from_this(), busy = bucket.busy, points = std::move(points)] {
    if (const auto server = weak.lock()) tell_each(points, &PointExtras::on_timer);
    busy->store(false);
  });
}

void Reports::send(Server& server, const Points& points) {
  for (std::size_t i = 0; i < points.size();) {
    const auto station = points[i]->station();
    auto group = std::make_shared<Points>();
    for (const auto context = station.get(); i < points.size(); ++i) {
      const auto owner = points[i]->station();
      if (owner.get() != context) break;
      group->push_back(points[i]);
    }
    if (!station) continue;
    codec::Header header;
    header.cot = static_cast<std::uint8_t>(Cot::PERIODIC);
    header.ca = station->common_address();
    debug(DebugPart::server,
          [&] { return "reports " + std::to_string(group->size()) + " points of station " + std::to_string(header.ca); });
    server.append(Packer(station, group, header, Packer::Form::own_type));
  }
}

}  // namespace c104
