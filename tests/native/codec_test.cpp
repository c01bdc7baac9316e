// SPDX-License-Identifier: GPL-3.0-or-later
// Table of TypeIDs, information elements, ASDU reader and writer, explain. The octets in `samples` come from the standard, not from our
// writer. Whatever is read here lies in a heap block of its exact size, so that the address sanitizer sees one octet too far.
#include <bit>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "codec/asdu.h"
#include "codec/explain.h"
#include "codec/time_tag.h"

using namespace c104;
using namespace c104::codec;

namespace {

int checks = 0;

#define CHECK(condition)                                                   \
  do {                                                                     \
    ++checks;                                                              \
    if (!(condition)) {                                                    \
      std::fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
      std::exit(1);                                                        \
    }                                                                      \
  } while (false)

using Octets = std::vector<std::uint8_t>;

// Octets in a block of exactly their size.
class Exact {
 public:
  explicit Exact(Bytes octets) : block_(new std::uint8_t[octets.size()]), size_(octets.size()) {
    std::copy(octets.begin(), octets.end(), block_.get());
  }
  Bytes bytes() const { return {block_.get(), size_}; }

 private:
  std::unique_ptr<std::uint8_t[]> block_;
  std::size_t size_;
};

std::uint32_t bits(float value) { return std::bit_cast<std::uint32_t>(value); }

Header header_of(std::uint8_t type, bool sequence = false) {
  Header header;
  header.type = type;
  header.sequence = sequence;
  header.cot = 3;
  header.ca = 0x1234;
  return header;
}

// ---------------------------------------------------------------------------------------------- elements

struct Sample {
  std::uint8_t type;
  Octets element;  // without time tag
  std::uint32_t raw;
  std::uint8_t qualifier, quality;
  bool select;
};

const Sample samples[] = {
    {1, {0x01}, 1, 0, 0, false},
    {1, {0xF0}, 0, 0, 0xF0, false},
    {3, {0x92}, 2, 0, 0x90, false},
    {3, {0x03}, 3, 0, 0, false},
    {5, {0x00, 0x00}, 0, 0, 0, false},
    {5, {0x3F, 0x01}, 63, 0, 0x01, false},
    {5, {0x40, 0x00}, static_cast<std::uint32_t>(-64), 0, 0, false},
    {5, {0xFF, 0xF1}, static_cast<std::uint32_t>(-1), 1, 0xF1, false},
    {7, {0x78, 0x56, 0x34, 0x12, 0x80}, 0x12345678, 0, 0x80, false},
    {7, {0xFF, 0xFF, 0xFF, 0xFF, 0x01}, 0xFFFFFFFF, 0, 0x01, false},
    {9, {0x00, 0x80, 0x00}, bits(-1.0f), 0, 0, false},
    {9, {0x00, 0x40, 0x10}, bits(0.5f), 0, 0x10, false},
    {9, {0xFF, 0x7F, 0x00}, bits(32767.0f / 32768.0f), 0, 0, false},
    {9, {0xFF, 0xFF, 0x00}, bits(-1.0f / 32768.0f), 0, 0, false},
    {11, {0x00, 0x80, 0x01}, static_cast<std::uint32_t>(-32768), 0, 0x01, false},
    {11, {0xFF, 0x7F, 0x00}, 32767, 0, 0, false},
    {13, {0x00, 0x00, 0xC0, 0x3F, 0x40}, bits(1.5f), 0, 0x40, false},
    {13, {0x00, 0x00, 0x80, 0x7F, 0x00}, bits(std::numeric_limits<float>::infinity()), 0, 0, false},
    {13, {0x00, 0x00, 0xC0, 0x7F, 0x00}, 0x7FC00000, 0, 0, false},
    {15, {0xFF, 0xFF, 0xFF, 0x7F, 0x1F}, 0x7FFFFFFF, 31, 0, false},
    {15, {0x00, 0x00, 0x00, 0x80, 0x20}, 0x80000000, 0, 0x20, false},
    {15, {0xF9, 0xFF, 0xFF, 0xFF, 0xC9}, static_cast<std::uint32_t>(-7), 9, 0xC0, false},
    {17, {0x02, 0xE8, 0x03}, Information::pack(2, 1000), 0, 0, false},
    {17, {0xFB, 0xFF, 0xFF}, Information::pack(3, 65535), 0, 0xF8, false},
    {18, {0x3F, 0x88, 0x07, 0x00}, Information::pack(0x3F, 7), 0, 0x88, false},
    {19, {0x0F, 0x08, 0xFF, 0xFF}, Information::pack(0x0F, 65535), 0, 0x08, false},
    {20, {0x01, 0x80, 0x00, 0x80, 0xF1}, Information::pack(0x8001, 0x8000), 0, 0xF1, false},
    {21, {0x00, 0xC0}, bits(-0.5f), 0, 0, false},
    {45, {0x01}, 1, 0, 0, false},
    {45, {0xFC}, 0, 31, 0, true},
    {46, {0x06}, 2, 1, 0, false},
    {46, {0x81}, 1, 0, 0, true},
    {47, {0x8E}, 2, 3, 0, true},
    {48, {0x00, 0xC0, 0x85}, bits(-0.5f), 5, 0, true},
    {49, {0xFD, 0xFF, 0x7F}, static_cast<std::uint32_t>(-3), 127, 0, false},
    {50, {0x00, 0x00, 0x20, 0x40, 0x80}, bits(2.5f), 0, 0, true},
    {51, {0x01, 0x02, 0x03, 0x84}, 0x84030201, 0, 0, false},
};

const Octets cp56_octets = {0x59, 0x1B, 0x06, 0x05, 0x04, 0x03, 0x1A};  // 2026-03-04 05:06:07.001
constexpr std::int64_t cp56_us = 1772600767001000;
const Octets cp24_octets = {0x59, 0x1B, 0x06};

// The sample's type and every type that is the same with a time tag.
std::vector<const TypeInfo*> forms_of(std::uint8_t type) {
  std::vector<const TypeInfo*> forms;
  const TypeInfo& first = *find_type(type);
  for (const TypeInfo& row : all_types()) {
    const bool same_element = row.kind == first.kind && (row.id == 21) == (type == 21);
    if (same_element) forms.push_back(&row);
  }
  return forms;
}

Octets with_tag(const TypeInfo& type, const Octets& element) {
  Octets octets = element;
  const Octets tag = type.tag == TagFormat::cp56 ? cp56_octets : type.tag == TagFormat::cp24 ? cp24_octets : Octets{};
  octets.insert(octets.end(), tag.begin(), tag.end());
  return octets;
}

void one_object(const TypeInfo& type, const Sample& sample) {
  const Octets element = with_tag(type, sample.element);
  CHECK(element.size() == type.element_size);
  Octets asdu = {type.id, 0x01, 0x03, 0x00, 0x34, 0x12, 0x03, 0x02, 0x01};
  asdu.insert(asdu.end(), element.begin(), element.end());
  const Exact exact(asdu);

  Reader reader(exact.bytes());
  reader.set_reference(cp56_us + 25 * 60'000'000LL);
  CHECK(reader.complete());
  CHECK(reader.type() == &type);
  std::uint32_t ioa = 0;
  Information info;
  bool select = !sample.select;
  CHECK(reader.next(ioa, info, select));
  CHECK(ioa == 0x010203);
  CHECK(info.kind == type.kind);
  CHECK(info.raw == sample.raw);
  CHECK(info.qualifier == sample.qualifier);
  CHECK(info.quality == sample.quality);
  CHECK(select == sample.select);
  CHECK(info.recorded_at().has_value() == (type.tag != TagFormat::none));
  if (type.tag != TagFormat::none) CHECK(info.recorded_us == cp56_us);
  CHECK(!reader.next(ioa, info, select));
  reader.rewind();
  CHECK(reader.next(ioa, info, select));

  Writer writer(header_of(type.id));
  CHECK(writer.add(0x010203, info, select));
  CHECK(writer.count() == 1);
  CHECK(std::equal(asdu.begin(), asdu.end(), writer.bytes().begin(), writer.bytes().end()));

  for (std::size_t size = 0; size < asdu.size(); ++size) {
    const Exact cut(Bytes(asdu).first(size));
    Reader short_reader(cut.bytes());
    CHECK(!short_reader.complete());
    CHECK(!short_reader.next(ioa, info, select));
    short_reader.qualifier();
    short_reader.time();
  }
}

void test_elements() {
  for (const Sample& sample : samples) {
    for (const TypeInfo* type : forms_of(sample.type)) one_object(*type, sample);
  }
}

// Every point type with random values: what is written reads back.
void test_round_trips() {
  std::mt19937 random(1);
  for (const TypeInfo& type : all_types()) {
    if (!type.point) continue;
    for (int round = 0; round < 200; ++round) {
      const bool sequence = type.sequence_allowed && round % 2 == 1;
      Writer writer(header_of(type.id, sequence));
      std::vector<Information> written;
      Octets element(type.element_size);
      for (std::uint32_t ioa = 0xFFFF00; ioa < 0xFFFFFF; ++ioa) {
        for (auto& octet : element) octet = static_cast<std::uint8_t>(random());
        Octets asdu = {type.id, 0x01, 0x03, 0x00, 0x01, 0x00, 0x01, 0x00, 0x00};
        asdu.insert(asdu.end(), element.begin(), element.end());
        Reader one(asdu);
        std::uint32_t at = 0;
        Information info;
        bool select = false;
        CHECK(one.next(at, info, select));
        info.time_flags &= TimeTag::present;
        info.recorded_us = type.tag == TagFormat::none ? 0 : cp56_us + (random() % 60000) * 1000LL;
        if (!writer.add(ioa, info)) break;
        written.push_back(info);
      }
      CHECK(writer.bytes().size() <= max_asdu);
      CHECK(writer.count() == written.size());
      CHECK(!written.empty());
      const Exact exact(writer.bytes());
      Reader reader(exact.bytes());
      reader.set_reference(cp56_us);
      CHECK(reader.complete());
      CHECK(reader.header().sequence == sequence);
      std::uint32_t ioa = 0, expected = 0xFFFF00;
      Information info;
      for (const Information& wanted : written) {
        CHECK(reader.next(ioa, info));
        CHECK(ioa == expected++);
        CHECK(info.raw == wanted.raw && info.quality == wanted.quality && info.qualifier == wanted.qualifier);
        CHECK(info.recorded_us == wanted.recorded_us);
      }
      CHECK(!reader.next(ioa, info));
    }
  }
}

void test_normalized_limits() {
  const std::pair<float, std::uint16_t> cases[] = {{1.0f, 0x7FFF},
                                                   {-1.0f, 0x8000},
                                                   {2.0f, 0x7FFF},
                                                   {-2.0f, 0x8000},
                                                   {0.0f, 0},
                                                   {std::nanf(""), 0},
                                                   {std::numeric_limits<float>::infinity(), 0x7FFF}};
  for (const auto& [value, octets] : cases) {
    Information info;
    info.kind = InfoKind::normalized;
    info.raw = bits(value);
    Writer writer(header_of(21));
    CHECK(writer.add(1, info));
    CHECK((writer.bytes()[9] | (writer.bytes()[10] << 8)) == octets);
  }
}

// ---------------------------------------------------------------------------------------------- time

void check_cp56(const Octets& octets, std::int64_t us, std::uint8_t flags) {
  const Exact exact(octets);
  const TimeTag tag = read_cp56(exact.bytes().data());
  CHECK(tag.microseconds == us);
  CHECK(tag.flags == flags);
}

void test_cp56() {
  constexpr auto present = TimeTag::present;
  check_cp56(cp56_octets, cp56_us, present);
  check_cp56({0x00, 0x00, 0x00, 0x00, 0x01, 0x01, 0x00}, 946684800000000, present);  // 2000-01-01
  check_cp56({0x5F, 0xEA, 0x3B, 0x17, 0x1D, 0x02, 0x18}, 1709251199999000, present);  // 2024-02-29 23:59:59.999
  check_cp56({0x00, 0x00, 0x00, 0x00, 0x01, 0x01, 0x46}, 3155760000000000, present);  // year 70 is 2070
  check_cp56({0x5F, 0xEA, 0x3B, 0x17, 0x1F, 0x0C, 0x63}, 4102444799999000, present);  // 2099-12-31 23:59:59.999
  check_cp56({0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x1A}, 1764460800000000, present);  // month 0, day 0: 2025-11-30
  check_cp56({0x00, 0x00, 0x00, 0x00, 0x0F, 0x0D, 0x1A}, 1799971200000000, present);  // month 13: 2027-01-15
  const auto all = static_cast<std::uint8_t>(present | TimeTag::invalid | TimeTag::substituted | TimeTag::summer);
  check_cp56({0x59, 0x1B, 0xC6, 0x85, 0xE4, 0x03, 0x1A}, cp56_us, all);  // IV, SU, GEN, day of week
  check_cp56({0xFF, 0xFF, 0x3F, 0x1F, 0x1F, 0x0F, 0x7F}, read_cp56(Octets(7, 0xFF).data()).microseconds, present);

  // Every hour of a century, by counting up: no calendar of anybody else.
  constexpr std::int64_t hour = 3'600'000'000;
  static constexpr int days_in[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  std::int64_t us = 946684800000000;
  for (int year = 0; year < 100; ++year) {
    for (int month = 1; month <= 12; ++month) {
      const int days = days_in[month - 1] + (month == 2 && year % 4 == 0 ? 1 : 0);
      for (int day = 1; day <= days; ++day) {
        for (int h = 0; h < 24; ++h, us += hour) {
          std::uint8_t octets[7];
          write_cp56({us + 59'999'000, present}, octets);
          CHECK(octets[0] == 0x5F && octets[1] == 0xEA && octets[2] == 0 && octets[3] == h && octets[4] == day &&
                octets[5] == month && octets[6] == year);
          CHECK(read_cp56(octets).microseconds == us + 59'999'000);
        }
      }
    }
  }
  std::uint8_t octets[7];
  write_cp56({cp56_us, all}, octets);
  CHECK(octets[2] == 0xC6 && octets[3] == 0x85);
  for (const std::int64_t far :
       {std::int64_t{-1}, std::int64_t{0}, std::int64_t{-62135596800000000}, std::int64_t{253402300799999999}}) {
    write_cp56({far, present}, octets);  // years that two digits can't say: some tag, no undefined behaviour
    CHECK(octets[6] < 100);
  }
}

void test_cp24() {
  constexpr std::int64_t minute = 60'000'000, hour = 60 * minute;
  const std::int64_t noon = cp56_us - cp56_us % hour;
  struct {
    std::int64_t reference, event;
  } const cases[] = {
      {noon + 10 * minute, noon + 9 * minute},  {noon + 1 * minute, noon - 1 * minute},  // the event was in the hour before
      {noon - 1 * minute, noon + 1 * minute},   {noon, noon},  // the partner's clock is ahead of ours
      {noon + 29 * minute, noon + 58 * minute}, {noon + 31 * minute, noon + 2 * minute},
      {-hour - 1 * minute, -hour - 2 * minute},
  };
  for (const auto& [reference, event] : cases) {
    std::uint8_t octets[3];
    write_cp24({event, TimeTag::present | TimeTag::invalid}, octets);
    const TimeTag tag = read_cp24(octets, reference);
    CHECK(tag.microseconds == event);
    CHECK(tag.flags == (TimeTag::present | TimeTag::invalid));
  }
}

// ---------------------------------------------------------------------------------------------- header, writer, table

void test_header() {
  for (unsigned i = 0; i < 256; ++i) {
    const Octets octets = {30, static_cast<std::uint8_t>(i), static_cast<std::uint8_t>(255 - i), 7, 0xFE, 0xFF};
    const Exact exact(octets);
    const Header header = read_header(exact.bytes());
    CHECK(header.count == (i & 0x7F) && header.sequence == (i >= 128) && header.cot == ((255 - i) & 0x3F) &&
          header.ca == 0xFFFE);
    std::uint8_t again[6];
    write_header(header, again);
    CHECK(std::equal(octets.begin(), octets.end(), again));
  }
}

void test_writer_limits() {
  Information info;
  info.kind = InfoKind::single;
  Writer list(header_of(1));
  unsigned ioa = 1;
  while (list.add(ioa, info)) ioa += 2;
  CHECK(list.count() == 60 && list.bytes().size() == 6 + 60 * 4);
  Writer run(header_of(1, true));
  CHECK(run.add(5, info));
  CHECK(!run.add(7, info) && !run.add(5, info) && run.count() == 1);
  ioa = 6;
  while (run.add(ioa, info)) ++ioa;
  CHECK(run.count() == 127 && run.bytes()[1] == 0xFF);
  run.reset(header_of(1));
  CHECK(run.empty() && run.bytes().size() == header_size);
  CHECK(!Writer(header_of(200)).add(1, info));
  CHECK(!Writer(header_of(100)).add(1, info));  // system commands have octets, not information
  Writer raw(header_of(100));
  const std::uint8_t station[] = {20};
  CHECK(raw.add_raw(0, station) && raw.bytes().size() == 10 && raw.bytes()[9] == 20);
  CHECK(Reader(raw.bytes()).qualifier() == 20);
  CHECK(!Writer(header_of(125)).add_raw(0, Octets(241)));
}

void test_system_commands() {
  Writer clock(header_of(103));
  CHECK(clock.add_raw(0, cp56_octets));
  CHECK(Reader(clock.bytes()).time().microseconds == cp56_us);
  Octets test = {0xAA, 0x55};
  test.insert(test.end(), cp56_octets.begin(), cp56_octets.end());
  Writer with_counter(header_of(107));
  CHECK(with_counter.add_raw(0, test));
  CHECK(Reader(with_counter.bytes()).time().microseconds == cp56_us);
  CHECK(!Reader(with_counter.bytes().first(17)).time().has_value());
}

void test_table() {
  unsigned before = 0;
  for (const TypeInfo& type : all_types()) {
    CHECK(type.id > before);
    before = type.id;
    CHECK(find_type(type.id) == &type && type_name(type.id) == type.name);
    CHECK((type.kind != InfoKind::none) == type.point);
    CHECK(!(type.in_interrogation && type.in_counter_interrogation));
    CHECK(type.in_counter_interrogation == (type.kind == InfoKind::counter));
    CHECK((type.in_interrogation || type.in_counter_interrogation) == (type.point && !is_command(type.kind)));
    CHECK(type.sequence_allowed == (type.point && !is_command(type.kind) && type.tag == TagFormat::none));
    if (type.untagged != 0) {
      const TypeInfo& plain = *find_type(type.untagged);
      CHECK(plain.tag == TagFormat::none && plain.kind == type.kind && plain.untagged == plain.id);
    }
  }
  CHECK(find_type(std::uint8_t{0}) == nullptr && find_type(std::uint8_t{255}) == nullptr &&
        find_type(std::uint8_t{120}) == nullptr);
  CHECK(std::string(type_name(120)) == "F_FR_NA_1" && type_name(0) == nullptr && type_name(255) == nullptr);
}

// ---------------------------------------------------------------------------------------------- garbage

void test_garbage() {
  std::mt19937 random(7);
  std::uint32_t ioa;
  Information info;
  bool select;
  for (int round = 0; round < 300000; ++round) {
    Octets octets(random() % 40);
    for (auto& octet : octets) octet = static_cast<std::uint8_t>(random());
    const auto types = all_types();
    if (octets.size() > 6) {
      octets[6] = types[random() % types.size()].id;
      if (random() % 4 != 0) {
        octets[0] = 0x68;
        octets[2] &= 0xFE;
      }
    }
    const Exact exact(octets);
    CHECK(!describe(explain(exact.bytes())).empty());
    const Exact asdu(Bytes(octets).subspan(octets.size() > 6 ? 6 : 0));
    Reader reader(asdu.bytes());
    unsigned objects = 0;
    while (reader.next(ioa, info, select)) ++objects;
    CHECK(objects <= 127);
    if (reader.complete()) CHECK(objects == reader.header().count);
    reader.qualifier();
    reader.time();
  }
}

}  // namespace

int main() {
  test_table();
  test_header();
  test_elements();
  test_round_trips();
  test_normalized_limits();
  test_cp56();
  test_cp24();
  test_writer_limits();
  test_system_commands();
  test_garbage();
  std::printf("codec: %d checks\n", checks);
}
