// SPDX-License-Identifier: GPL-3.0-or-later
// The networks from which clients may connect. Made once, then only read.
#pragma once

#include <string>
#include <vector>

#include "hal/network.h"

namespace c104 {

class AllowList {
 public:
  // `address`: 4 or 16 octets. `text`: how people write it.
  void add(std::string text, Bytes address, unsigned prefix_length) {
    texts_.push_back(std::move(text));
    networks_.emplace_back(address, prefix_length);
  }
  const std::vector<std::string>& texts() const { return texts_; }
  bool allows(const std::string& ip) const {
    const auto address = hal::Network::address(ip);
    if (!address) return false;
    for (const hal::Network& network : networks_) {
      if (network.contains(*address)) return true;
    }
    return false;
  }

 private:
  std::vector<std::string> texts_;
  std::vector<hal::Network> networks_;
};

}  // namespace c104
