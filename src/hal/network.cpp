// SPDX-License-Identifier: GPL-3.0-or-later
#include "hal/network.h"

#include <algorithm>

#include "hal/sockets.h"

namespace c104::hal {
namespace {

constexpr std::array<std::uint8_t, 12> mapped_prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};

Network::Address mapped(const std::uint8_t* four) {
  Network::Address address{};
  std::copy_n(four, 4, std::copy(mapped_prefix.begin(), mapped_prefix.end(), address.begin()));
  return address;
}

}  // namespace

Network::Network(Bytes address, unsigned prefix_length)
    : address_(), prefix_length_(address.size() == 4 ? prefix_length + 96 : prefix_length) {
  if (address.size() == 4) {
    address_ = mapped(address.data());
  } else {
    std::copy_n(address.begin(), address_.size(), address_.begin());
  }
}

std::optional<Network::Address> Network::address(const std::string& literal) {
  std::array<std::uint8_t, 4> four{};
  if (::inet_pton(AF_INET, literal.c_str(), four.data()) == 1) return mapped(four.data());
  Address six{};
  if (::inet_pton(AF_INET6, literal.substr(0, literal.find('%')).c_str(), six.data()) != 1) return std::nullopt;
  return six;
}

bool Network::contains(const Address& address) const {
  const std::size_t whole = prefix_length_ / 8;
  if (!std::equal(address_.begin(), address_.begin() + static_cast<std::ptrdiff_t>(whole), address.begin())) return false;
  const unsigned rest = prefix_length_ % 8;
  return rest == 0 || ((address_[whole] ^ address[whole]) >> (8 - rest)) == 0;
}

}  // namespace c104::hal
