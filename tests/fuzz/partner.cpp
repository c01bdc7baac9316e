// SPDX-License-Identifier: GPL-3.0-or-later
#include "partner.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "base/types.h"

namespace c104::fuzz {
namespace {

constexpr std::uint8_t u_functions[] = {0x07, 0x0b, 0x13, 0x23, 0x43, 0x83};
constexpr std::uint16_t modulo = 0x7fff;

Octets apdu(std::uint16_t control_1, std::uint16_t control_2, const Octets& asdu) {
  Octets frame{0x68,
               static_cast<std::uint8_t>(asdu.size() + 4),
               static_cast<std::uint8_t>(control_1),
               static_cast<std::uint8_t>(control_1 >> 8),
               static_cast<std::uint8_t>(control_2),
               static_cast<std::uint8_t>(control_2 >> 8)};
  frame.insert(frame.end(), asdu.begin(), asdu.end());
  return frame;
}

[[noreturn]] void wrong(const char* what, const Octets& frame) {
  std::fprintf(stderr, "the program under test sent %s:", what);
  for (const std::uint8_t octet : frame) std::fprintf(stderr, " %02x", octet);
  std::fputc('\n', stderr);
  std::abort();
}

}  // namespace

Octets Input::octets(std::size_t count) {
  Octets result(count);
  for (std::uint8_t& octet : result) octet = this->octet();
  return result;
}

void Partner::give(const Octets& octets) {
  Net::instance().give(*wire_, octets.data(), octets.size());
  absorb();
}

void Partner::send_u(std::uint8_t function) { give(apdu(function, 0, {})); }

void Partner::send_i(const Octets& asdu) {
  const std::uint16_t number = sent_;
  sent_ = (sent_ + 1) & modulo;
  give(apdu(static_cast<std::uint16_t>(number << 1), static_cast<std::uint16_t>(received_ << 1), asdu));
}

void Partner::acknowledge(int more) { give(apdu(1, static_cast<std::uint16_t>((received_ + more) << 1), {})); }

void Partner::close() { Net::instance().close(*wire_); }

void Partner::absorb() {
  const Octets came = Net::instance().take(*wire_);
  rest_.insert(rest_.end(), came.begin(), came.end());
  std::size_t at = 0;
  while (rest_.size() - at >= 2 && rest_.size() - at >= rest_[at + 1] + 2u) {
    const Octets frame(rest_.begin() + static_cast<std::ptrdiff_t>(at),
                       rest_.begin() + static_cast<std::ptrdiff_t>(at + rest_[at + 1] + 2u));
    at += frame.size();
    const wire::Gated gated = wire::gate(role_, frame);
    if (gated.fault != wire::Fault::none) wrong(wire::describe(gated.fault), frame);
    if (gated.apdu_size != frame.size() || (wire::is_i_frame(frame.data()) && gated.asdu_size + 6u != frame.size())) {
      wrong("octets too many", frame);
    }
    if (!wire::is_i_frame(frame.data()) && !wire::is_s_frame(frame.data())) continue;
    const std::uint16_t acknowledges = wire::receive_number(frame.data());
    if (!told_lies_ && ((acknowledges - acknowledged_) & modulo) > ((sent_ - acknowledged_) & modulo)) {
      wrong("an acknowledgement of what was never sent", frame);
    }
    acknowledged_ = acknowledges;
    if (!wire::is_i_frame(frame.data())) continue;
    if (wire::send_number(frame.data()) != received_) wrong("a sequence number out of order", frame);
    received_ = (received_ + 1) & modulo;
    last_asdu_.assign(frame.begin() + 6, frame.end());
  }
  rest_.erase(rest_.begin(), rest_.begin() + static_cast<std::ptrdiff_t>(at));
}

// An ASDU of a type that there is, with the octets that its VSQ promises.
void Partner::send_made(Input& input) {
  const auto types = all_types();
  const TypeInfo& type = types[input.octet() % types.size()];
  const std::uint8_t shape = input.octet();
  const bool sequence = (shape & 0x80) != 0 && type.sequence_allowed;
  const std::size_t each = type.element_size + (sequence ? 0u : 3u);
  const std::size_t room = 243 - (sequence ? 3u : 0u);
  const std::size_t most = each == 0 ? 1 : std::min<std::size_t>(room / each, 127);
  const std::size_t count = std::clamp<std::size_t>(shape & 0x7f, 1, most);
  constexpr std::uint16_t addresses[] = {1, 2, 0, 65535, 7};
  const std::uint8_t cause = input.octet();
  const std::uint8_t from = input.octet();
  const std::uint16_t ca = from < 250 ? addresses[from % 5] : input.word();
  Octets asdu{type.id,
              static_cast<std::uint8_t>(count | (sequence ? 0x80u : 0u)),
              cause,
              input.octet(),
              static_cast<std::uint8_t>(ca),
              static_cast<std::uint8_t>(ca >> 8)};
  // Addresses that a station of ours has are those of its TypeIDs.
  for (std::size_t i = 0; i < count; ++i) {
    if (!sequence || i == 0) {
      const std::uint8_t ioa = input.octet();
      asdu.insert(asdu.end(), {ioa == 0 ? type.id : ioa, 0, static_cast<std::uint8_t>(ioa == 255 ? 255 : 0)});
    }
    const Octets element = input.octets(type.element_size);
    asdu.insert(asdu.end(), element.begin(), element.end());
  }
  send_i(asdu);
}

// What came last, with another cause: confirmed, refused, terminated.
void Partner::mirror(Input& input) {
  Octets asdu = last_asdu_;
  if (asdu.size() < 6) return;
  asdu[2] = input.octet();
  send_i(asdu);
}

void Partner::step(std::uint8_t operation, Input& input) {
  absorb();
  switch (operation % operations) {
    case 0: {
      told_lies_ = true;
      give(input.octets(input.octet()));
      break;
    }
    case 1: send_i(input.octets(std::min<std::size_t>(input.octet(), 249))); break;
    case 2:
    case 3: send_made(input); break;
    case 4: acknowledge(); break;
    case 5:
      told_lies_ = true;
      acknowledge(static_cast<std::int8_t>(input.octet()));
      break;
    case 6: send_u(u_functions[input.octet() % 6]); break;
    case 7:
      Net::instance().advance(input.octet() * 100u);
      absorb();
      break;
    case 8: mirror(input); break;
    case 9: Net::instance().block(*wire_, (input.octet() & 1) != 0); break;
    case 10: {
      told_lies_ = true;
      const std::uint16_t numbers = input.word();
      give(apdu(static_cast<std::uint16_t>(numbers << 1), static_cast<std::uint16_t>(input.word() << 1),
                input.octets(input.octet() % 250)));
      break;
    }
    case 11:
      if (input.octet() % 4 == 0) close();
      break;
  }
}

}  // namespace c104::fuzz
