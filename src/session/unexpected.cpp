// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/unexpected.h"

#include "base/types.h"
#include "codec/asdu.h"

namespace c104 {

std::uint32_t first_ioa(Bytes asdu) {
  if (asdu.size() < codec::header_size + codec::ioa_size) return 0;
  return asdu[6] | (std::uint32_t{asdu[7]} << 8) | (std::uint32_t{asdu[8]} << 16);
}

std::string name_of(Bytes asdu) {
  const codec::Header header = codec::read_header(asdu);
  const char* type = type_name(header.type);
  return (type ? std::string(type) : "type " + std::to_string(header.type)) + " cot " + std::to_string(header.cot) + " ca " +
         std::to_string(header.ca) + " ioa " + std::to_string(first_ioa(asdu));
}

const char* reason_of(Umc why) {
  switch (why) {
    case Umc::UNKNOWN_TYPE_ID: return "unknown TypeID";
    case Umc::INVALID_TYPE_ID: return "TypeID not accepted in this direction";
    case Umc::MISMATCHED_TYPE_ID: return "TypeID is not the point's";
    case Umc::UNKNOWN_CA: return "unknown common address";
    case Umc::UNKNOWN_IOA: return "unknown information object address";
    case Umc::UNKNOWN_COT: return "unknown cause of transmission";
    case Umc::INVALID_COT: return "cause of transmission not valid here";
    case Umc::UNIMPLEMENTED_GROUP: return "group not implemented";
    default: return "refused";
  }
}

}  // namespace c104
