// SPDX-License-Identifier: GPL-3.0-or-later
// What the binding files of the session's classes share. Each class has a file with a bind() of its own; session.cpp makes the
// classes first, so that every signature can name every class.
#pragma once

#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/peer_certificate.h"
#include "bindings/argument.h"
#include "session/client.h"
#include "session/server.h"
#include "session/transport_security.h"

namespace c104::bindings {

template <class T>
using Class = pybind11::class_<T, std::shared_ptr<T>>;

// An IncomingMessage of Python's own: callbacks may keep it, and move its position.
class ReceivedMessage {
 public:
  // `before`: the first next() goes to the first object, as after first().
  ReceivedMessage(const IncomingMessage& message, bool before) : message_(message), received_us_(wall_us()), before_(before) {}
  void first() {
    message_.first();
    before_ = true;
  }
  bool next() { return std::exchange(before_, false) ? header().count != 0 : message_.next(); }
  const IncomingMessage& message() const { return message_; }
  const codec::Header& header() const { return message_.header(); }
  std::int64_t received_us() const { return received_us_; }

 private:
  IncomingMessage message_;
  std::int64_t received_us_;
  bool before_;
};

void bind(Class<ProtocolParameters>& cls);
void bind(Class<Client>& cls);
void bind(Class<Connection>& cls);
void bind(Class<Server>& cls);
void bind_limits(Class<Server>& cls);  // server_limits.cpp
void bind(Class<ServerConnection>& cls);
void bind(Class<Station>& cls);
void bind_arrays(pybind11::module_& m, Class<Station>& station);  // snapshot.cpp
void bind(Class<Point>& cls);
void bind(Class<TransportSecurity>& cls);
void bind(Class<PeerCertificate>& cls);
void bind(Class<Batch>& cls);
void bind(pybind11::class_<ReceivedMessage>& cls);

// Integers come as Python gives them. What is out of range raises an error that names value and range, and is a ValueError and a
// TypeError in one.
using Integer = const pybind11::object&;
constexpr long long largest_uint32 = std::numeric_limits<std::uint32_t>::max();
std::uint16_t common_address(Integer value);   // 1..65534
std::uint16_t command_address(Integer value);  // 0..65535, 0 and 65535 stand for all stations
std::uint32_t io_address(Integer value, const char* name = "io_address");  // 0..16777215
std::uint8_t originator_address(Integer value, const char* name = "originator_address");  // 0..255
std::uint32_t milliseconds(const char* name, Integer value, long long low = 0);
// ValueError for types without select and execute.
void check_command_mode(const TypeInfo& type);
// For looking up: nothing is found at an address that can't be, as long as c104 2.2 takes it.
std::optional<std::uint32_t> lookup(const char* name, Integer value, long long low, long long high);
inline std::optional<std::uint16_t> lookup_station(Integer value) { return lookup("common_address", value, 1, 65534); }
inline std::optional<std::uint32_t> lookup_point(Integer value) { return lookup("io_address", value, 0, 0xFFFFFF); }

// "<c104.Point what at 0x1234>"
std::string repr(const char* class_name, const std::string& what, const void* address);
inline const char* python_bool(bool value) { return value ? "True" : "False"; }
// The name of an enumeration's member, as Python shows it.
template <class Enum>
std::string enum_name(Enum value) {
  return pybind11::cast(value).attr("name").template cast<std::string>();
}

}  // namespace c104::bindings
