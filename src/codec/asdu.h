// SPDX-License-Identifier: GPL-3.0-or-later
// ASDU octets <-> information objects, driven by the TypeID table. Pure functions over octets; no threads.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/bytes.h"
#include "base/enums.h"
#include "base/types.h"
#include "codec/time_tag.h"
#include "model/information.h"

namespace c104::codec {

constexpr std::size_t max_asdu = 249;   // IEC 60870-5-104, 5: APDU 253 minus 4 control octets
constexpr std::size_t header_size = 6;  // TypeID, VSQ, COT + OA, CA (two octets)
constexpr std::size_t ioa_size = 3;
constexpr std::size_t max_objects = 127;  // seven bits of the VSQ

// Data unit identifier (IEC 60870-5-101, 7.1).
struct Header {
  std::uint8_t type = 0;
  bool sequence = false;   // SQ
  std::uint8_t count = 0;  // number of objects, 0..127
  std::uint8_t cot = 0;    // 0..63
  bool test = false;       // T
  bool negative = false;   // P/N
  std::uint8_t oa = 0;
  std::uint16_t ca = 0;
};

// asdu.size() >= header_size.
Header read_header(Bytes asdu) noexcept;
void write_header(const Header& header, std::uint8_t* out) noexcept;

// Walks the information objects of one ASDU. Never reads outside `asdu`, whatever it holds.
class Reader {
 public:
  explicit Reader(Bytes asdu) noexcept;
  const Header& header() const { return header_; }
  // The table's row, null for an unknown TypeID.
  const TypeInfo* type() const { return type_; }
  // Whether every promised object is there.
  bool complete() const noexcept;
  // Next object; false at the end or where octets are missing. Select bit of commands in `select`.
  bool next(std::uint32_t& ioa, Information& info, bool& select) noexcept;
  bool next(std::uint32_t& ioa, Information& info) noexcept {
    bool select;
    return next(ioa, info, select);
  }
  // Qualifier octet of system commands (QOI of 100, QCC of 101, COI of 70 ...): the element's first octet; 0 if there is none.
  std::uint8_t qualifier() const noexcept;
  // CP56Time2a of 103 and 107, flags 0 when absent.
  TimeTag time() const noexcept;
  void rewind() noexcept;
  // What CP24Time2a, which says minute and second only, is completed from.
  void set_reference(std::int64_t microseconds) noexcept { reference_us_ = microseconds; }

 private:
  Bytes asdu_;
  Header header_;
  const TypeInfo* type_ = nullptr;
  std::size_t position_ = 0;
  std::uint32_t ioa_ = 0;
  unsigned index_ = 0;
  std::int64_t reference_us_ = 0;
};

// Builds one ASDU in place; refuses an object that would pass 249 octets or 127 objects.
class Writer {
 public:
  // `header.count` is ignored and kept by add().
  Writer(const Header& header) noexcept;
  // With SQ=1 the address must be the successor of the last one. False: no room, not the successor, or a type without
  // information: nothing was taken.
  bool add(std::uint32_t ioa, const Information& info, bool select = false) noexcept;
  // An object of a system command or of type 70: IOA and raw element octets.
  bool add_raw(std::uint32_t ioa, Bytes element) noexcept;
  unsigned count() const { return count_; }
  bool empty() const { return count_ == 0; }
  Bytes bytes() const { return {buffer_.data(), size_}; }
  void reset(const Header& header) noexcept;

 private:
  bool open(std::uint32_t ioa, std::size_t element_size) noexcept;

  std::array<std::uint8_t, max_asdu> buffer_;
  std::size_t size_ = header_size;
  const TypeInfo* type_ = nullptr;
  bool sequence_ = false;
  unsigned count_ = 0;
  std::uint32_t last_ioa_ = 0;
};

}  // namespace c104::codec
