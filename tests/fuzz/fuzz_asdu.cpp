// SPDX-License-Identifier: GPL-3.0-or-later
// The codec: any octets are decoded; what was decoded is encoded, and must decode to the same.
#include <cstdlib>
#include <cstring>
#include <vector>

#include "codec/asdu.h"
#include "wire/gate.h"

using namespace c104;

namespace {

struct Object {
  std::uint32_t ioa;
  Information info;
  bool select;
};

std::vector<Object> decode(Bytes asdu) {
  codec::Reader reader(asdu);
  reader.set_reference(1'700'000'000'000'000);
  std::vector<Object> objects;
  Object one{};
  while (reader.next(one.ioa, one.info, one.select)) objects.push_back(one);
  if (reader.complete() && reader.type() != nullptr && reader.type()->kind != InfoKind::none &&
      objects.size() != reader.header().count) {
    std::abort();
  }
  static_cast<void>(reader.qualifier());
  static_cast<void>(reader.time());
  return objects;
}

// Two digits of the year go out: a tag that says 100 to 127, or month 0 of year 0, comes back as another century's.
constexpr std::int64_t year_2000_us = 946'684'800'000'000, year_2100_us = 4'102'444'800'000'000;

bool same_time(const Information& a, const Information& b) {
  return a.recorded_us == b.recorded_us || a.recorded_us < year_2000_us || a.recorded_us >= year_2100_us;
}

bool same(const Object& a, const Object& b) {
  return a.ioa == b.ioa && a.select == b.select && a.info.kind == b.info.kind && a.info.quality == b.info.quality &&
         a.info.qualifier == b.info.qualifier && a.info.time_flags == b.info.time_flags && a.info.raw == b.info.raw &&
         same_time(a.info, b.info);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < codec::header_size || size > codec::max_asdu) return 0;
  const std::vector<std::uint8_t> exact(data, data + size);  // its end is where the sanitizer looks
  const std::vector<Object> first = decode(exact);
  // Only what the gate would let through has to come back.
  std::vector<std::uint8_t> apdu{0x68, static_cast<std::uint8_t>(size + 4), 0, 0, 0, 0};
  apdu.insert(apdu.end(), exact.begin(), exact.end());
  if (wire::gate(wire::Role::controlling, apdu).fault != wire::Fault::none) return 0;
  const codec::Header header = codec::read_header(exact);
  const TypeInfo* type = find_type(header.type);
  if (first.empty() || type == nullptr || type->kind == InfoKind::none) return 0;
  codec::Writer writer(header);
  for (const Object& one : first) {
    if (!writer.add(one.ioa, one.info, one.select)) std::abort();
  }
  const std::vector<Object> second = decode(writer.bytes());
  if (second.size() != first.size()) std::abort();
  for (std::size_t i = 0; i < first.size(); ++i) {
    if (!same(first[i], second[i])) std::abort();
  }
  return 0;
}
