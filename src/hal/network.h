// SPDX-License-Identifier: GPL-3.0-or-later
// A set of neighbouring IP addresses. IPv4 is the part ::ffff:0:0/96 of IPv6, so that a mapped address is the address that it maps.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "base/bytes.h"

namespace c104::hal {

class Network {
 public:
  using Address = std::array<std::uint8_t, 16>;

  // 4 octets and 0..32, or 16 and 0..128.
  Network(Bytes address, unsigned prefix_length);

  // Of a literal; its zone ("%eth0") is left out.
  static std::optional<Address> address(const std::string& literal);
  bool contains(const Address& address) const;

 private:
  Address address_;
  unsigned prefix_length_;
};

}  // namespace c104::hal
