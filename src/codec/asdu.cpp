// SPDX-License-Identifier: GPL-3.0-or-later
#include "codec/asdu.h"

#include <algorithm>
#include <bit>
#include <chrono>
#include <cmath>

namespace c104::codec {
namespace {

constexpr std::uint8_t type_without_quality = 21;  // M_ME_ND_1
constexpr std::uint8_t select_bit = 0x80;
constexpr std::int64_t us_per_minute = 60'000'000;
constexpr std::int64_t us_per_hour = 60 * us_per_minute;
constexpr std::int64_t us_per_day = 24 * us_per_hour;

std::uint16_t get16(const std::uint8_t* in) { return static_cast<std::uint16_t>(in[0] | (in[1] << 8)); }
std::uint32_t get24(const std::uint8_t* in) { return in[0] | (std::uint32_t{in[1]} << 8) | (std::uint32_t{in[2]} << 16); }
std::uint32_t get32(const std::uint8_t* in) { return get24(in) | (std::uint32_t{in[3]} << 24); }
std::uint32_t get_signed16(const std::uint8_t* in) {
  return static_cast<std::uint32_t>(static_cast<std::int32_t>(static_cast<std::int16_t>(get16(in))));
}
void put16(std::uint32_t value, std::uint8_t* out) {
  out[0] = static_cast<std::uint8_t>(value);
  out[1] = static_cast<std::uint8_t>(value >> 8);
}
void put24(std::uint32_t value, std::uint8_t* out) {
  put16(value, out);
  out[2] = static_cast<std::uint8_t>(value >> 16);
}
void put32(std::uint32_t value, std::uint8_t* out) {
  put24(value, out);
  out[3] = static_cast<std::uint8_t>(value >> 24);
}

// NVA: a fraction of 2^15. 1.0 itself can't be said and goes out as the nearest, 32767/32768.
std::uint32_t get_normalized(const std::uint8_t* in) {
  return std::bit_cast<std::uint32_t>(static_cast<float>(static_cast<std::int16_t>(get16(in))) / 32768.0f);
}
void put_normalized(float value, std::uint8_t* out) {
  const float scaled = std::clamp(std::isnan(value) ? 0.0f : value * 32768.0f, -32768.0f, 32767.0f);
  put16(static_cast<std::uint32_t>(std::lround(scaled)), out);
}

// ---------------------------------------------------------------------------------------------- time tags

std::int64_t floor_to(std::int64_t value, std::int64_t unit) { return value - (((value % unit) + unit) % unit); }

// CP24Time2a says minute and millisecond: the moment with these that is nearest to `reference`.
TimeTag read_cp24(const std::uint8_t* in, std::int64_t reference) noexcept {
  const std::int64_t in_hour = std::int64_t{in[2] & 0x3F} * us_per_minute + std::int64_t{get16(in)} * 1000;
  std::int64_t at = floor_to(reference, us_per_hour) + in_hour;
  if (at - reference > us_per_hour / 2) at -= us_per_hour;
  if (reference - at > us_per_hour / 2) at += us_per_hour;
  TimeTag tag{at, TimeTag::present};
  if (in[2] & 0x80) tag.flags |= TimeTag::invalid;
  if (in[2] & 0x40) tag.flags |= TimeTag::substituted;
  return tag;
}

void write_cp24(TimeTag t, std::uint8_t* out) noexcept {
  const std::int64_t in_hour = t.microseconds - floor_to(t.microseconds, us_per_hour);
  put16(static_cast<std::uint32_t>(in_hour % us_per_minute / 1000), out);
  out[2] = static_cast<std::uint8_t>(in_hour / us_per_minute);
  if (t.flags & TimeTag::invalid) out[2] |= 0x80;
  if (t.flags & TimeTag::substituted) out[2] |= 0x40;
}

// ---------------------------------------------------------------------------------------------- elements

// The element without its time tag; returns the octets used.
std::size_t read_element(const TypeInfo& type, const std::uint8_t* in, Information& info, bool& select) noexcept {
  switch (type.kind) {
    case InfoKind::single:
      info.raw = in[0] & 0x01;
      info.quality = in[0] & 0xF0;
      return 1;
    case InfoKind::double_point:
      info.raw = in[0] & 0x03;
      info.quality = in[0] & 0xF0;
      return 1;
    case InfoKind::step: {
      const int position = in[0] & 0x7F;  // seven bits, two's complement
      info.raw = static_cast<std::uint32_t>(position >= 64 ? position - 128 : position);
      info.qualifier = in[0] >> 7;
      info.quality = in[1] & 0xF1;
      return 2;
    }
    case InfoKind::bits:
      info.raw = get32(in);
      info.quality = in[4] & 0xF1;
      return 5;
    case InfoKind::normalized:
      info.raw = get_normalized(in);
      if (type.id == type_without_quality) return 2;
      info.quality = in[2] & 0xF1;
      return 3;
    case InfoKind::scaled:
      info.raw = get_signed16(in);
      info.quality = in[2] & 0xF1;
      return 3;
    case InfoKind::short_float:
      info.raw = get32(in);
      info.quality = in[4] & 0xF1;
      return 5;
    case InfoKind::counter:
      info.raw = get32(in);
      info.qualifier = in[4] & 0x1F;
      info.quality = in[4] & 0xE0;
      return 5;
    case InfoKind::protection_event:
      info.raw = Information::pack(in[0] & 0x03, get16(in + 1));
      info.quality = in[0] & 0xF8;
      return 3;
    case InfoKind::protection_start:
      info.raw = Information::pack(in[0] & 0x3F, get16(in + 2));
      info.quality = in[1] & 0xF8;
      return 4;
    case InfoKind::protection_circuit:
      info.raw = Information::pack(in[0] & 0x0F, get16(in + 2));
      info.quality = in[1] & 0xF8;
      return 4;
    case InfoKind::status_changed:
      info.raw = get32(in);
      info.quality = in[4] & 0xF1;
      return 5;
    case InfoKind::single_cmd:
      info.raw = in[0] & 0x01;
      info.qualifier = (in[0] >> 2) & 0x1F;
      select = in[0] & select_bit;
      return 1;
    case InfoKind::double_cmd:
    case InfoKind::step_cmd:
      info.raw = in[0] & 0x03;
      info.qualifier = (in[0] >> 2) & 0x1F;
      select = in[0] & select_bit;
      return 1;
    case InfoKind::normalized_cmd:
    case InfoKind::scaled_cmd:
      info.raw = type.kind == InfoKind::normalized_cmd ? get_normalized(in) : get_signed16(in);
      info.qualifier = in[2] & 0x7F;
      select = in[2] & select_bit;
      return 3;
    case InfoKind::short_cmd:
      info.raw = get32(in);
      info.qualifier = in[4] & 0x7F;
      select = in[4] & select_bit;
      return 5;
    case InfoKind::bits_cmd:
      info.raw = get32(in);
      return 4;
    case InfoKind::none:
      break;
  }
  return 0;
}

std::size_t write_element(const TypeInfo& type, const Information& info, bool select, std::uint8_t* out) noexcept {
  const auto select_mask = static_cast<std::uint8_t>(select ? select_bit : 0);
  switch (type.kind) {
    case InfoKind::single:
      out[0] = static_cast<std::uint8_t>((info.raw & 0x01) | (info.quality & 0xF0));
      return 1;
    case InfoKind::double_point:
      out[0] = static_cast<std::uint8_t>((info.raw & 0x03) | (info.quality & 0xF0));
      return 1;
    case InfoKind::step:
      out[0] = static_cast<std::uint8_t>((info.raw & 0x7F) | (info.qualifier << 7));
      out[1] = info.quality & 0xF1;
      return 2;
    case InfoKind::normalized:
      put_normalized(info.as_float(), out);
      if (type.id == type_without_quality) return 2;
      out[2] = info.quality & 0xF1;
      return 3;
    case InfoKind::scaled:
      put16(info.raw, out);
      out[2] = info.quality & 0xF1;
      return 3;
    case InfoKind::bits:
    case InfoKind::short_float:
    case InfoKind::status_changed:
      put32(info.raw, out);
      out[4] = info.quality & 0xF1;
      return 5;
    case InfoKind::counter:
      put32(info.raw, out);
      out[4] = static_cast<std::uint8_t>((info.qualifier & 0x1F) | (info.quality & 0xE0));
      return 5;
    case InfoKind::protection_event:
      out[0] = static_cast<std::uint8_t>((info.low() & 0x03) | (info.quality & 0xF8));
      put16(info.high(), out + 1);
      return 3;
    case InfoKind::protection_start:
    case InfoKind::protection_circuit:
      out[0] = static_cast<std::uint8_t>(info.low() & (type.kind == InfoKind::protection_start ? 0x3F : 0x0F));
      out[1] = info.quality & 0xF8;
      put16(info.high(), out + 2);
      return 4;
    case InfoKind::single_cmd:
      out[0] = static_cast<std::uint8_t>((info.raw & 0x01) | ((info.qualifier & 0x1F) << 2) | select_mask);
      return 1;
    case InfoKind::double_cmd:
    case InfoKind::step_cmd:
      out[0] = static_cast<std::uint8_t>((info.raw & 0x03) | ((info.qualifier & 0x1F) << 2) | select_mask);
      return 1;
    case InfoKind::normalized_cmd:
    case InfoKind::scaled_cmd:
      type.kind == InfoKind::normalized_cmd ? put_normalized(info.as_float(), out) : put16(info.raw, out);
      out[2] = static_cast<std::uint8_t>((info.qualifier & 0x7F) | select_mask);
      return 3;
    case InfoKind::short_cmd:
      put32(info.raw, out);
      out[4] = static_cast<std::uint8_t>((info.qualifier & 0x7F) | select_mask);
      return 5;
    case InfoKind::bits_cmd:
      put32(info.raw, out);
      return 4;
    case InfoKind::none:
      break;
  }
  return 0;
}

}  // namespace

// ---------------------------------------------------------------------------------------------- CP56Time2a

void write_cp56(TimeTag t, std::uint8_t* out) noexcept {
  using namespace std::chrono;
  const std::int64_t midnight = floor_to(t.microseconds, us_per_day);
  const std::int64_t in_day = t.microseconds - midnight;
  const year_month_day date{sys_days{days{midnight / us_per_day}}};
  put16(static_cast<std::uint32_t>(in_day % us_per_minute / 1000), out);
  out[2] = static_cast<std::uint8_t>(in_day / us_per_minute % 60);
  if (t.flags & TimeTag::invalid) out[2] |= 0x80;
  if (t.flags & TimeTag::substituted) out[2] |= 0x40;
  out[3] = static_cast<std::uint8_t>(in_day / us_per_hour);
  if (t.flags & TimeTag::summer) out[3] |= 0x80;
  out[4] = static_cast<std::uint8_t>(static_cast<unsigned>(date.day()));  // day of week 0: not used
  out[5] = static_cast<std::uint8_t>(static_cast<unsigned>(date.month()));
  out[6] = static_cast<std::uint8_t>(static_cast<unsigned>(static_cast<int>(date.year())) % 100);
}

TimeTag read_cp56(const std::uint8_t* in) noexcept {
  using namespace std::chrono;
  // Values out of range (month 0, day 31 of February) still give some moment: the tag's own IV bit tells whether to trust it.
  const unsigned two_digits = in[6] & 0x7F;
  const int full_year = static_cast<int>(two_digits) + (two_digits >= 70 && two_digits < 100 ? 1900 : 2000);
  const unsigned month_number = std::clamp<unsigned>(in[5] & 0x0F, 1, 12);
  const unsigned day_number = std::max<unsigned>(in[4] & 0x1F, 1);
  const sys_days first{year{full_year} / month{month_number} / day{1}};
  const std::int64_t days_since_epoch = first.time_since_epoch().count() + static_cast<int>(day_number) - 1;
  TimeTag tag;
  tag.microseconds = days_since_epoch * us_per_day + std::int64_t{in[3] & 0x1F} * us_per_hour +
                     std::int64_t{in[2] & 0x3F} * us_per_minute + std::int64_t{get16(in)} * 1000;
  tag.flags = TimeTag::present;
  if (in[2] & 0x80) tag.flags |= TimeTag::invalid;
  if (in[2] & 0x40) tag.flags |= TimeTag::substituted;
  if (in[3] & 0x80) tag.flags |= TimeTag::summer;
  return tag;
}

// ---------------------------------------------------------------------------------------------- header

Header read_header(Bytes asdu) noexcept {
  Header header;
  header.type = asdu[0];
  header.sequence = asdu[1] & 0x80;
  header.count = asdu[1] & 0x7F;
  header.cot = asdu[2] & 0x3F;
  header.negative = asdu[2] & 0x40;
  header.test = asdu[2] & 0x80;
  header.oa = asdu[3];
  header.ca = get16(asdu.data() + 4);
  return header;
}

void write_header(const Header& header, std::uint8_t* out) noexcept {
  out[0] = header.type;
  out[1] = static_cast<std::uint8_t>((header.sequence ? 0x80 : 0) | (header.count & 0x7F));
  out[2] = static_cast<std::uint8_t>((header.cot & 0x3F) | (header.negative ? 0x40 : 0) | (header.test ? 0x80 : 0));
  out[3] = header.oa;
  put16(header.ca, out + 4);
}

// ---------------------------------------------------------------------------------------------- Reader

Reader::Reader(Bytes asdu) noexcept : asdu_(asdu), position_(header_size) {
  if (asdu.size() < header_size) {
    asdu_ = {};
    return;
  }
  header_ = read_header(asdu);
  type_ = find_type(header_.type);
}

void Reader::rewind() noexcept {
  position_ = header_size;
  index_ = 0;
}

bool Reader::complete() const noexcept {
  if (type_ == nullptr || asdu_.empty()) return false;
  const std::size_t count = header_.count;
  const std::size_t size = header_.sequence ? (count == 0 ? 0 : ioa_size + count * type_->element_size)
                                            : count * (ioa_size + type_->element_size);
  return asdu_.size() >= header_size + size;
}

bool Reader::next(std::uint32_t& ioa, Information& info, bool& select) noexcept {
  if (type_ == nullptr || index_ >= header_.count) return false;
  const bool addressed = !header_.sequence || index_ == 0;
  const std::size_t size = (addressed ? ioa_size : 0) + type_->element_size;
  if (asdu_.size() < position_ + size) return false;
  const std::uint8_t* in = asdu_.data() + position_;
  if (addressed) {
    ioa_ = get24(in);
    in += ioa_size;
  } else {
    ioa_ = (ioa_ + 1) & 0xFFFFFF;
  }
  position_ += size;
  ++index_;
  ioa = ioa_;
  select = false;
  info = {};
  info.kind = type_->kind;
  if (type_->kind == InfoKind::none) return true;
  in += read_element(*type_, in, info, select);
  if (type_->tag == TagFormat::cp56) {
    info.set_recorded_at(read_cp56(in));
  } else if (type_->tag == TagFormat::cp24) {
    info.set_recorded_at(read_cp24(in, reference_us_));
  }
  return true;
}

std::uint8_t Reader::qualifier() const noexcept {
  const std::size_t at = header_size + ioa_size;
  return asdu_.size() > at ? asdu_[at] : 0;
}

TimeTag Reader::time() const noexcept {
  // 107 has its counter before the time.
  const std::size_t at = header_size + ioa_size + (header_.type == static_cast<std::uint8_t>(Type::C_TS_TA_1) ? 2 : 0);
  if (type_ == nullptr || type_->tag != TagFormat::cp56 || asdu_.size() < at + 7) return {};
  return read_cp56(asdu_.data() + at);
}

// ---------------------------------------------------------------------------------------------- Writer

Writer::Writer(const Header& header) noexcept { reset(header); }

void Writer::reset(const Header& header) noexcept {
  Header own = header;
  own.count = 0;
  write_header(own, buffer_.data());
  size_ = header_size;
  type_ = find_type(header.type);
  sequence_ = header.sequence;
  count_ = 0;
}

bool Writer::open(std::uint32_t ioa, std::size_t element_size) noexcept {
  const bool addressed = !sequence_ || count_ == 0;
  const std::size_t size = (addressed ? ioa_size : 0) + element_size;
  if (count_ >= 127 || size_ + size > max_asdu) return false;
  if (!addressed && ioa != last_ioa_ + 1) return false;
  if (addressed) {
    put24(ioa, buffer_.data() + size_);
    size_ += ioa_size;
  }
  last_ioa_ = ioa;
  ++count_;
  buffer_[1] = static_cast<std::uint8_t>((buffer_[1] & 0x80) | count_);
  return true;
}

bool Writer::add(std::uint32_t ioa, const Information& info, bool select) noexcept {
  if (type_ == nullptr || !open(ioa, type_->element_size)) return false;
  std::uint8_t* out = buffer_.data() + size_;
  out += write_element(*type_, info, select, out);
  if (type_->tag == TagFormat::cp56) {
    write_cp56(info.recorded_at(), out);
  } else if (type_->tag == TagFormat::cp24) {
    write_cp24(info.recorded_at(), out);
  }
  size_ += type_->element_size;
  return true;
}

bool Writer::add_raw(std::uint32_t ioa, Bytes element) noexcept {
  if (!open(ioa, element.size())) return false;
  std::copy(element.begin(), element.end(), buffer_.begin() + static_cast<std::ptrdiff_t>(size_));
  size_ += element.size();
  return true;
}

}  // namespace c104::codec
