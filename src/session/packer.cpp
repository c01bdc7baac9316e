// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/packer.h"

#include <algorithm>
#include <array>

#include "base/clock.h"

namespace c104 {
namespace {

using codec::max_objects;
// So many successive addresses get an ASDU with SQ=1 of their own also after scattered ones.
constexpr std::size_t long_run = 16;

std::size_t run_length(std::span<const std::uint32_t> addresses) {
  std::size_t length = 1;
  while (length < addresses.size() && addresses[length] == addresses[length - 1] + 1) ++length;
  return length;
}

}  // namespace

Plan plan_asdu(const TypeInfo& type, std::span<const std::uint32_t> addresses) noexcept {
  constexpr std::size_t room = codec::max_asdu - codec::header_size;
  const std::size_t in_sequence =
      type.sequence_allowed ? std::min((room - codec::ioa_size) / type.element_size, max_objects) : 0;
  const std::size_t one_by_one = std::min({room / (codec::ioa_size + type.element_size), max_objects, addresses.size()});
  // SQ=1 where addresses run on, but not a tiny ASDU for each pair among scattered addresses.
  const std::size_t run = std::min(run_length(addresses), in_sequence);
  if (run > 1 && run * 4 >= one_by_one) return {true, run};
  std::size_t count = 1;
  while (count < one_by_one && (in_sequence == 0 || addresses[count] == addresses[count - 1] + 1 ||
                                run_length(addresses.subspan(count)) < long_run)) {
    ++count;
  }
  return {false, count};
}

Information value_to_send(const Information& value, const TypeInfo& type) noexcept {
  Information info = value;
  if (type.tag != TagFormat::none) info.complete_recorded_at(wall_us());
  return info;
}

Packer::Packer(std::shared_ptr<Station> station, Station::Roll points, const codec::Header& header, Form form, Filter filter)
    : station_(std::move(station)), points_(std::move(points)), header_(header), form_(form), filter_(filter) {}

const TypeInfo& Packer::wire_type(const Point& point) const {
  const TypeInfo& own = point.type_info();
  if (form_ == Form::own_type) return own;
  const TypeInfo* plain = find_type(own.untagged);
  return plain ? *plain : own;
}

bool Packer::next(codec::Writer& out, std::size_t limit) {
  limit = std::min(limit, points_->size());
  std::lock_guard lock(station_->mutex());
  // The next points of one TypeID; those that were removed meanwhile are passed over.
  std::array<std::uint32_t, max_objects> addresses;
  std::array<std::size_t, max_objects> places;
  std::size_t count = 0;
  for (std::size_t i = position_; i < limit && count < max_objects; ++i) {
    const Point* point = (*points_)[i].get();
    if (count > 0 && point->type() != (*points_)[places[0]]->type()) break;
    if ((filter_ == nullptr || filter_(point->type_info())) && station_->find_locked(point->io_address()) == point) {
      addresses[count] = point->io_address();
      places[count++] = i;
    } else if (count == 0) {
      position_ = i + 1;
    }
  }
  if (count == 0) return false;

  const TypeInfo& type = wire_type(*(*points_)[places[0]]);
  const Plan plan = plan_asdu(type, std::span(addresses.data(), count));
  header_.type = type.id;
  header_.sequence = plan.sequence;
  out.reset(header_);
  for (std::size_t i = 0; i < plan.count; ++i) {
    out.add(addresses[i], value_to_send((*points_)[places[i]]->snapshot_locked().info, type));
  }
  position_ = places[plan.count - 1] + 1;
  return true;
}

}  // namespace c104
