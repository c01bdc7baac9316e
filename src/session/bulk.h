// SPDX-License-Identifier: GPL-3.0-or-later
// The values of many points of one station at once, as columns: for those who handle them as arrays. Any thread; the station's mutex
// is held for some hundred points at a time.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "session/station.h"

namespace c104 {

constexpr std::int64_t no_time = std::numeric_limits<std::int64_t>::min();  // NumPy's "not a time"

// One row a point, by address. Numbers as in model/number.h, qualities as users see them, times in microseconds since 1970 (UTC).
struct Columns {
  std::vector<std::uint32_t> io_address;
  std::vector<std::uint8_t> type;
  std::vector<double> value;
  std::vector<std::uint8_t> quality;
  std::vector<std::int64_t> recorded_at;
  std::vector<std::int64_t> processed_at;
};
// All points, or those of one TypeID. Commands have quality 0.
Columns read_columns(const Station& station, std::optional<Type> type);

struct Update {
  std::vector<std::uint32_t> io_address;
  std::vector<double> value;
  std::vector<std::uint8_t> quality;  // one each, one for all, or none: the points keep theirs
  std::vector<std::int64_t> recorded_at;  // one each, one for all, or none: now
};
// Sets values of monitoring points of a server, in this order, and with a cause also sends them in this order, neighbours of one
// TypeID packed together. All or nothing: throws std::invalid_argument that names the row before anything is set. False: there was
// a cause, and nothing was sent: see Server::takes_events().
bool update(Station& station, const Update& update, std::optional<Cot> cause);

}  // namespace c104
