// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/errors.h"
#include "bindings/session.h"

namespace c104::bindings {
namespace {

void bind_parameter(Class<ProtocolParameters>& cls, const char* name, const Parameter& parameter) {
  cls.def_property(
      name, [&parameter](const ProtocolParameters& self) { return self.get().*parameter.field; },
      [&parameter](ProtocolParameters& self, Integer value) {
        const auto number = checked_integer(parameter.name, value, 1, parameter.high, parameter.unit);
        self.set(parameter, static_cast<int>(number));
      });
}

std::string describe(const ProtocolParameters& self) {
  const auto p = self.get();
  return "send_window_size=" + std::to_string(p.k) + ", receive_window_size=" + std::to_string(p.w) +
         ", connection_timeout=" + std::to_string(p.t0) + ", message_timeout=" + std::to_string(p.t1) +
         ", confirm_interval=" + std::to_string(p.t2) + ", keep_alive_interval=" + std::to_string(p.t3);
}

}  // namespace

void bind(Class<ProtocolParameters>& cls) {
  bind_parameter(cls, "send_window_size", ProtocolParameters::k);
  bind_parameter(cls, "receive_window_size", ProtocolParameters::w);
  bind_parameter(cls, "connection_timeout", ProtocolParameters::t0);
  bind_parameter(cls, "message_timeout", ProtocolParameters::t1);
  bind_parameter(cls, "confirm_interval", ProtocolParameters::t2);
  bind_parameter(cls, "keep_alive_interval", ProtocolParameters::t3);
  cls.def("__repr__", [](const ProtocolParameters& self) { return repr("104.ProtocolParameters", describe(self), &self); })
      .def("__str__", [](const ProtocolParameters& self) { return "<104.ProtocolParameters " + describe(self) + ">"; });
}

}  // namespace c104::bindings
