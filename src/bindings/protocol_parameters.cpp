// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/errors.h"
#include "bindings/session.h"

namespace c104::bindings {
namespace {

using Set = void (ProtocolParameters::*)(int);

// The session checks value and range.
auto setter(Set set) {
  return [set](ProtocolParameters& self, Integer value) {
    constexpr int low = std::numeric_limits<int>::min(), high = std::numeric_limits<int>::max();
    (self.*set)(static_cast<int>(checked_integer("value", value, low, high)));
  };
}

std::string describe(const ProtocolParameters& self) {
  const auto p = self.get();
  return "send_window_size=" + std::to_string(p.k) + ", receive_window_size=" + std::to_string(p.w) +
         ", connection_timeout=" + std::to_string(p.t0) + ", message_timeout=" + std::to_string(p.t1) +
         ", confirm_interval=" + std::to_string(p.t2) + ", keep_alive_interval=" + std::to_string(p.t3);
}

}  // namespace

void bind(Class<ProtocolParameters>& cls) {
  cls.def_property(
         "send_window_size", [](const ProtocolParameters& self) { return self.get().k; }, setter(&ProtocolParameters::set_k))
      .def_property(
          "receive_window_size", [](const ProtocolParameters& self) { return self.get().w; },
          setter(&ProtocolParameters::set_w))
      .def_property(
          "connection_timeout", [](const ProtocolParameters& self) { return self.get().t0; },
          setter(&ProtocolParameters::set_t0))
      .def_property(
          "message_timeout", [](const ProtocolParameters& self) { return self.get().t1; }, setter(&ProtocolParameters::set_t1))
      .def_property(
          "confirm_interval", [](const ProtocolParameters& self) { return self.get().t2; }, setter(&ProtocolParameters::set_t2))
      .def_property(
          "keep_alive_interval", [](const ProtocolParameters& self) { return self.get().t3; },
          setter(&ProtocolParameters::set_t3))
      .def("__repr__", [](const ProtocolParameters& self) { return repr("104.ProtocolParameters", describe(self), &self); })
      .def("__str__", [](const ProtocolParameters& self) { return "<104.ProtocolParameters " + describe(self) + ">"; });
}

}  // namespace c104::bindings
