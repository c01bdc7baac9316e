// SPDX-License-Identifier: GPL-3.0-or-later
// Packs the values of many points of one station into ASDUs, one ASDU a call: for interrogations, batches and periodic reports.
// Values are read when their ASDU is made. No thread of its own; holds the station's mutex for one ASDU at most.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "codec/asdu.h"
#include "session/station.h"

namespace c104 {

// How the next ASDU is made of objects of one TypeID at these addresses: SQ, and how many of the first of them it takes (1 at least).
struct Plan {
  bool sequence;
  std::size_t count;
};
Plan plan_asdu(const TypeInfo& type, std::span<const std::uint32_t> addresses) noexcept;

class Packer {
 public:
  enum class Form : std::uint8_t {
    own_type,  // with the time tag, if the point's type has one
    untagged,  // without, where such a type exists
  };
  using Filter = bool (*)(const TypeInfo&);
  static constexpr std::size_t to_the_end = static_cast<std::size_t>(-1);

  // `points` are ordered by TypeID and address. Type, SQ and count of `header` are the packer's. No filter: all points.
  Packer(std::shared_ptr<Station> station, Station::Roll points, const codec::Header& header, Form form,
         Filter filter = nullptr);

  // Makes the next ASDU of the points before index `limit`. False: none left there.
  bool next(codec::Writer& out, std::size_t limit = to_the_end);
  // Index of the first point that was not sent yet.
  std::size_t position() const { return position_; }
  const std::vector<std::shared_ptr<Point>>& points() const { return *points_; }

 private:
  const TypeInfo& wire_type(const Point& point) const;

  std::shared_ptr<Station> station_;
  Station::Roll points_;
  codec::Header header_;
  Form form_;
  Filter filter_;
  std::size_t position_ = 0;
};

// The value of a point as it is sent under `type`: a time tag that nobody set is now.
Information value_to_send(const Information& value, const TypeInfo& type) noexcept;

}  // namespace c104
