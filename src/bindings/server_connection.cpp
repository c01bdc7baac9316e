// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/counters.h"
#include "bindings/gil.h"
#include "bindings/session.h"
#include "bindings/values.h"

namespace py = pybind11;

namespace c104::bindings {

void bind(Class<ServerConnection>& cls) {
  cls.def_property_readonly("ip", &ServerConnection::ip)
      .def_property_readonly("port", &ServerConnection::port)
      .def_property_readonly("connected_at", [](const ServerConnection& self) { return time_to_python(self.connected_at()); })
      .def_property_readonly(
          "peer_certificate",
          [](const ServerConnection& self) { return std::const_pointer_cast<PeerCertificate>(self.peer_certificate()); })
      .def_property_readonly("is_connected", &ServerConnection::is_connected)
      .def_property_readonly("is_active", &ServerConnection::is_active)
      .def_property_readonly("counters",
                             [](const ServerConnection& self) {
                               const Traffic traffic = self.traffic();
                               return counters_of(traffic, {{"selection", traffic.selections_expired}});
                             })
      .def("close", blocking(&ServerConnection::close), py::arg("reason") = "")
      .def("__repr__", [](const ServerConnection& self) {
        return repr("c104.ServerConnection",
                    "ip=" + self.ip() + ", port=" + std::to_string(self.port()) +
                        ", connected=" + python_bool(self.is_connected()) + ", active=" + python_bool(self.is_active()),
                    &self);
      });
}

}  // namespace c104::bindings
