// SPDX-License-Identifier: GPL-3.0-or-later
// The hostile partner: turns the fuzzer's octets into steps. Most steps are nearly right, so that the program under test is led
// into every state; what it sends is checked, so that it is not only crashes that count.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "memory_net.h"
#include "wire/gate.h"

namespace c104::fuzz {

// The fuzzer's octets, from the front; zeros when they are used up.
class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}
  bool empty() const { return position_ >= size_; }
  std::uint8_t octet() { return empty() ? 0 : data_[position_++]; }
  std::uint16_t word() {
    const std::uint8_t low = octet();
    return static_cast<std::uint16_t>(low | octet() << 8);
  }
  Octets octets(std::size_t count);

 private:
  const std::uint8_t* data_;
  std::size_t size_;
  std::size_t position_ = 0;
};

// The far end of one connection. `role` is what the partner plays.
class Partner {
 public:
  Partner(wire::Role role, std::shared_ptr<Wire> wire) : role_(role), wire_(std::move(wire)) {}
  // False: the connection is over.
  bool alive() const { return wire_ != nullptr && Net::instance().alive(*wire_); }
  // One step out of `input`; `operation` chooses it.
  void step(std::uint8_t operation, Input& input);
  static constexpr std::uint8_t operations = 12;

  void send_u(std::uint8_t function);
  void send_i(const Octets& asdu);
  void acknowledge(int more = 0);
  void close();
  // Reads and checks what came.
  void absorb();

 private:
  void send_made(Input& input);
  void mirror(Input& input);
  void give(const Octets& octets);

  const wire::Role role_;
  const std::shared_ptr<Wire> wire_;
  std::uint16_t sent_ = 0, received_ = 0;
  std::uint16_t acknowledged_ = 0;  // of ours, by the program under test
  bool told_lies_ = false;  // our sequence numbers were wrong: the answer to them is not checked
  Octets rest_, last_asdu_;
};

}  // namespace c104::fuzz
