// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/errors.h"
#include "bindings/session.h"

namespace py = pybind11;

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
         "send_window_size", [](const ProtocolParameters& self) { return self.get().k; }, setter(&ProtocolParameters::set_k),
         "k: I-format APDUs that may be sent before an acknowledgement must come; receive_window_size..32767, default 12")
      .def_property(
          "receive_window_size", [](const ProtocolParameters& self) { return self.get().w; },
          setter(&ProtocolParameters::set_w),
          "w: received I-format APDUs after which an acknowledgement is sent; 1..send_window_size, default 8")
      .def_property(
          "connection_timeout", [](const ProtocolParameters& self) { return self.get().t0; },
          setter(&ProtocolParameters::set_t0), "t0: seconds that opening a connection may take; 1..255, default 10")
      .def_property(
          "message_timeout", [](const ProtocolParameters& self) { return self.get().t1; }, setter(&ProtocolParameters::set_t1),
          "t1: seconds in which the partner must acknowledge what was sent; 1..255, above confirm_interval, default 15")
      .def_property(
          "confirm_interval", [](const ProtocolParameters& self) { return self.get().t2; }, setter(&ProtocolParameters::set_t2),
          "t2: seconds after which received APDUs are acknowledged at the latest; 1..254, below message_timeout, default 10")
      .def_property(
          "keep_alive_interval", [](const ProtocolParameters& self) { return self.get().t3; },
          setter(&ProtocolParameters::set_t3), "t3: seconds of silence after which a test frame is sent; 1..172800, default 20")
      .def("__repr__", [](const ProtocolParameters& self) { return repr("104.ProtocolParameters", describe(self), &self); })
      .def("__str__", [](const ProtocolParameters& self) { return "<104.ProtocolParameters " + describe(self) + ">"; });
}

}  // namespace c104::bindings
