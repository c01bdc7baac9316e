// SPDX-License-Identifier: GPL-3.0-or-later
// The table of TypeIDs: one row each. The enum's names, codec, interrogation, explain and docs are driven by it.
#pragma once

#include <cstdint>
#include <span>

#include "base/enums.h"
#include "base/info_kind.h"

namespace c104 {

enum class Direction : std::uint8_t { monitor, control, both };
enum class TagFormat : std::uint8_t { none, cp24, cp56 };

struct TypeInfo {
  std::uint8_t id;
  const char* name;  // "M_SP_NA_1"
  Direction direction;
  InfoKind kind;              // none for system types
  TagFormat tag;
  std::uint8_t element_size;  // octets of one element, time tag included, IOA not
  bool sequence_allowed;      // SQ=1 is legal
  bool in_interrogation;      // answered to C_IC_NA_1 (in the form of `untagged`)
  bool in_counter_interrogation;
  bool point;                 // may be the type of a Point
  std::uint8_t untagged;      // TypeID of the same information without time tag (itself if untagged), 0: none
  const char* doc;
};

// Null for a TypeID that is not supported: those of no standard, and those of files, parameters and security.
const TypeInfo* find_type(std::uint8_t id) noexcept;
inline const TypeInfo* find_type(Type t) noexcept { return find_type(static_cast<std::uint8_t>(t)); }
std::span<const TypeInfo> all_types() noexcept;
// The name of any TypeID that the standard defines, supported or not; null for others.
const char* type_name(std::uint8_t id) noexcept;

}  // namespace c104
