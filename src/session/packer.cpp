// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/packer.h"

#include <algorithm>
#include <array>

#include "base/clock.h"

namespace c104 {
namespace {

constexpr std::size_t max_objects = 127;
// So many successive addresses get an ASDU with SQ=1 of their own also after scattered ones.
constexpr std::size_t long_run = 16;

struct Candidate {
  const Point* point;
  std::size_t index;
};

std::size_t run_length(const Candidate* first, const Candidate* end) {
  std::size_t length = 1;
  while (first + length != end && first[length].point->io_address() == first[length - 1].point->io_address() + 1) ++length;
  return length;
}

}  // namespace

Information value_to_send(const Point::Snapshot& value, const TypeInfo& type) noexcept {
  Information info = value.info;
  if (type.tag != TagFormat::none && !info.recorded_at().has_value()) {
    info.set_recorded_at({wall_us(), TimeTag::present});
  }
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
  std::array<Candidate, max_objects> candidates;
  std::size_t count = 0;
  for (std::size_t i = position_; i < limit && count < max_objects; ++i) {
    const Point* point = (*points_)[i].get();
    if (count > 0 && point->type() != candidates[0].point->type()) break;
    if ((filter_ == nullptr || filter_(point->type_info())) && station_->find_locked(point->io_address()) == point) {
      candidates[count++] = {point, i};
    } else if (count == 0) {
      position_ = i + 1;
    }
  }
  if (count == 0) return false;

  const TypeInfo& type = wire_type(*candidates[0].point);
  const std::size_t in_sequence =
      type.sequence_allowed
          ? std::min((codec::max_asdu - codec::header_size - codec::ioa_size) / type.element_size, max_objects)
          : 0;
  const std::size_t one_by_one =
      std::min({(codec::max_asdu - codec::header_size) / (codec::ioa_size + type.element_size), max_objects, count});
  const Candidate* const end = candidates.data() + count;
  // SQ=1 where addresses run on, but not a tiny ASDU for each pair among scattered addresses.
  const std::size_t run = std::min(run_length(candidates.data(), end), in_sequence);
  header_.type = type.id;
  header_.sequence = run > 1 && run * 4 >= one_by_one;
  const std::size_t wanted = header_.sequence ? run : one_by_one;
  out.reset(header_);
  std::size_t taken = 0;
  while (taken < wanted) {
    const Candidate& candidate = candidates[taken];
    if (!header_.sequence && taken > 0 && in_sequence > 0 &&
        candidate.point->io_address() != candidates[taken - 1].point->io_address() + 1 &&
        run_length(&candidate, end) >= long_run) {
      break;
    }
    if (!out.add(candidate.point->io_address(), value_to_send(candidate.point->snapshot_locked(), type))) break;
    ++taken;
  }
  if (taken == 0) {  // can't be: one object fits always; but never loop on it
    position_ = candidates[0].index + 1;
    return false;
  }
  position_ = candidates[taken - 1].index + 1;
  return true;
}

}  // namespace c104
