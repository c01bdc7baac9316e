// SPDX-License-Identifier: GPL-3.0-or-later
#include "codec/asdu.h"

#include <algorithm>

#include "codec/elements.h"
#include "codec/octets.h"

namespace c104::codec {

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
  const std::size_t size =
      header_.sequence ? (count == 0 ? 0 : ioa_size + count * type_->element_size) : count * (ioa_size + type_->element_size);
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
  if (count_ >= max_objects || size_ + size > max_asdu) return false;
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
  // The elements of system types are octets for add_raw().
  if (type_ == nullptr || type_->kind == InfoKind::none || !open(ioa, type_->element_size)) return false;
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
