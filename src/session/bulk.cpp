// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/bulk.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <span>
#include <stdexcept>
#include <string>

#include "base/clock.h"
#include "base/debug.h"
#include "model/number.h"
#include "session/packer.h"
#include "session/server.h"

namespace c104 {
namespace {

constexpr std::size_t at_a_time = 512;  // points under one lock: some microseconds

// Calls f(begin, end) for the rows under the station's mutex.
template <class F>
void in_portions(const Station& station, std::size_t rows, F&& f) {
  for (std::size_t begin = 0; begin < rows; begin += at_a_time) {
    const std::size_t end = std::min(rows, begin + at_a_time);
    std::lock_guard lock(station.mutex());
    f(begin, end);
  }
}

std::string number_text(double number) {
  char text[32];
  std::snprintf(text, sizeof text, "%.15g", number);
  return text;
}

[[noreturn]] void refuse(std::size_t row, std::uint32_t ioa, const std::string& why) {
  throw std::invalid_argument("row " + std::to_string(row) + ", io_address " + std::to_string(ioa) + ": " + why);
}

template <class T>
void check_size(const char* name, const std::vector<T>& column, std::size_t rows) {
  if (column.size() > 1 && column.size() != rows) {
    throw std::invalid_argument(std::string(name) + " has " + std::to_string(column.size()) + " entries for " +
                                std::to_string(rows) + " addresses: one each, one for all, or None");
  }
}

template <class T>
const T& row_of(const std::vector<T>& column, std::size_t row) {
  return column.size() == 1 ? column.front() : column[row];
}

struct Row {
  std::shared_ptr<Point> point;
  Information info;
};

Row checked_row(const Station& station, const Update& update, std::size_t i) {
  const std::uint32_t ioa = update.io_address[i];
  Point* point = station.find_locked(ioa);
  if (point == nullptr) refuse(i, ioa, "the station has no such point");
  const TypeInfo& type = point->type_info();
  if (is_command(type.kind)) refuse(i, ioa, std::string("it is a command (") + type.name + "), not a monitoring point");
  const auto info = with_number(point->snapshot_locked().info, update.value[i]);
  if (!info) {
    const NumberRange range = number_range(type.kind);
    refuse(i, ioa,
           "value " + number_text(update.value[i]) + " is not one of " + type.name + ": " +
               (range.whole ? "a whole number in " : "a number in ") + number_text(range.low) + ".." + number_text(range.high));
  }
  return {point->shared_from_this(), *info};
}

std::vector<Row> checked_rows(const Station& station, const Update& update, std::int64_t now) {
  std::vector<Row> rows;
  rows.reserve(update.io_address.size());
  in_portions(station, update.io_address.size(), [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) rows.push_back(checked_row(station, update, i));
  });
  for (std::size_t i = 0; i < rows.size(); ++i) {
    Information& info = rows[i].info;
    if (!update.quality.empty()) info.quality = wire_quality(info.kind, row_of(update.quality, i));
    const std::int64_t time = update.recorded_at.empty() ? no_time : row_of(update.recorded_at, i);
    if (time != no_time && !TimeTag::can_hold(time)) {
      refuse(i, update.io_address[i],
             "recorded_at " + std::to_string(time) + " is outside of the years 2000..2099 in UTC, which a time tag can hold (" +
                 std::to_string(TimeTag::first) + ".." + std::to_string(TimeTag::last) + " microseconds since 1970)");
    }
    const bool tagged = rows[i].point->type_info().tag != TagFormat::none;
    info.set_recorded_at({0, info.time_quality()});  // of this moment; its flags stay, as at point.value
    if (time != no_time) {
      info.complete_recorded_at(time);
    } else if (tagged) {
      info.complete_recorded_at(now);
    }
  }
  return rows;
}

// The next rows of one TypeID as one ASDU; returns how many it took.
std::size_t pack(std::span<const Row> rows, codec::Header header, codec::Writer& out) {
  std::array<std::uint32_t, codec::max_objects> addresses;
  const TypeInfo& type = rows[0].point->type_info();
  std::size_t count = 0;
  while (count < std::min(rows.size(), addresses.size()) && rows[count].point->type() == rows[0].point->type()) {
    addresses[count] = rows[count].point->io_address();
    ++count;
  }
  const Plan plan = plan_asdu(type, std::span(addresses.data(), count));
  header.type = type.id;
  header.sequence = plan.sequence;
  out.reset(header);
  for (std::size_t i = 0; i < plan.count; ++i) out.add(addresses[i], rows[i].info);
  return plan.count;
}

}  // namespace

Columns read_columns(const Station& station, std::optional<Type> type) {
  auto points = station.points();
  if (type) std::erase_if(points, [&](const auto& point) { return point->type() != *type; });
  Columns columns;
  columns.io_address.reserve(points.size());
  columns.type.reserve(points.size());
  columns.value.reserve(points.size());
  columns.quality.reserve(points.size());
  columns.recorded_at.reserve(points.size());
  columns.processed_at.reserve(points.size());
  in_portions(station, points.size(), [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const Point::Snapshot now = points[i]->snapshot_locked();
      columns.io_address.push_back(points[i]->io_address());
      columns.type.push_back(static_cast<std::uint8_t>(points[i]->type()));
      columns.value.push_back(to_number(now.info));
      columns.quality.push_back(is_command(now.info.kind) ? 0 : user_quality(now.info));
      columns.recorded_at.push_back(now.info.recorded_at().has_value() ? now.info.recorded_us : no_time);
      columns.processed_at.push_back(now.processed_us);
    }
  });
  return columns;
}

bool update(Station& station, const Update& update, std::optional<Cot> cause) {
  const auto server = station.server();
  if (!server) throw std::invalid_argument("update() is for stations of a server that is still there");
  const std::size_t count = update.io_address.size();
  if (update.value.size() != count) {
    throw std::invalid_argument("value has " + std::to_string(update.value.size()) + " entries for " + std::to_string(count) +
                                " addresses");
  }
  check_size("quality", update.quality, count);
  check_size("recorded_at", update.recorded_at, count);
  const std::int64_t now = wall_us();  // of all times that this sets
  const std::vector<Row> rows = checked_rows(station, update, now);
  if (cause) check_monitor_cause(*cause);

  in_portions(station, count, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) rows[i].point->set_information_locked(rows[i].info, now);
  });
  debug(DebugPart::station, [&] {
    return "station " + std::to_string(station.common_address()) + ": update of " + std::to_string(count) + " points" +
           (cause ? ", cause " + std::to_string(static_cast<int>(*cause)) : "");
  });
  if (!cause || count == 0) return true;
  if (!server->takes_events()) return false;
  codec::Header header;
  header.cot = static_cast<std::uint8_t>(*cause);
  header.ca = station.common_address();
  codec::Writer asdu(header);
  for (std::span<const Row> rest(rows); !rest.empty();) {
    rest = rest.subspan(pack(rest, header, asdu));
    server->append(asdu.bytes());
  }
  return true;
}

}  // namespace c104
