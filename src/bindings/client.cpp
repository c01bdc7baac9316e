// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/callback.h"
#include "bindings/errors.h"
#include "bindings/session.h"

namespace py = pybind11;

namespace c104::bindings {
namespace {

const Signature on_new_station{
    "on_new_station", {{"client", "c104.Client"}, {"connection", "c104.Connection"}, {"common_address", "int"}}, "None"};
const Signature on_new_point{
    "on_new_point",
    {{"client", "c104.Client"}, {"station", "c104.Station"}, {"io_address", "int"}, {"point_type", "c104.Type"}},
    "None"};
const Signature on_station_initialized{
    "on_station_initialized", {{"client", "c104.Client"}, {"station", "c104.Station"}, {"cause", "c104.Coi"}}, "None"};

std::shared_ptr<Client> make_client(Integer tick_rate_ms, Integer command_timeout_ms,
                                    const TransportSecurity* transport_security) {
  auto* client =
      new Client(milliseconds("tick_rate_ms", tick_rate_ms, 50), milliseconds("command_timeout_ms", command_timeout_ms, 1),
                 transport_security ? transport_security->config() : nullptr);
  std::shared_ptr<Client> made(client, Ending<Client>());
  keep_track(made);
  return made;
}

std::shared_ptr<Connection> add_connection(Client& self, const std::string& ip, Integer port, Init init,
                                           const std::string& host) {
  const auto checked_port = static_cast<std::uint16_t>(checked_integer("port", port, 1, 65535));
  if (ip.empty() && host.empty()) throw py::value_error("add_connection() needs an ip, or a host to be resolved");
  if (!ip.empty() && !host.empty()) throw py::value_error("add_connection() takes either ip or host, not both");
  return without_gil([&] { return self.add_connection(ip, checked_port, init, host); });
}

std::shared_ptr<Connection> get_connection(const Client& self, const std::string& ip, Integer port, Integer common_address) {
  const auto address = lookup("common_address", common_address, 0, 65534);
  if (ip.empty() == (address == 0)) throw py::value_error("get_connection() takes either ip and port or common_address");
  if (ip.empty()) return address ? self.find_connection(static_cast<std::uint16_t>(*address)) : nullptr;
  if (!PyLong_Check(port.ptr())) throw py::type_error("port must be an int");
  int overflow = 0;
  const long long number = PyLong_AsLongLongAndOverflow(port.ptr(), &overflow);
  if (overflow != 0 || number < 1 || number > 65535) return nullptr;
  return self.find_connection(ip, static_cast<std::uint16_t>(number));
}

void bind_callbacks(Class<Client>& cls) {
  cls.def(
         "on_new_station",
         [](Client& self, const py::object& callable) {
           fill(self.on_new_station, on_new_station, callable,
                [](const auto& client, const auto& connection, std::uint16_t ca) {
                  return std::array{py::cast(client), py::cast(connection), py::object(py::int_(ca))};
                });
         },
         py::arg("callable"))
      .def(
          "on_new_point",
          [](Client& self, const py::object& callable) {
            fill(self.on_new_point, on_new_point, callable,
                 [](const auto& client, const auto& station, std::uint32_t ioa, Type type) {
                   return std::array{py::cast(client), py::cast(station), py::object(py::int_(ioa)), py::cast(type)};
                 });
          },
          py::arg("callable"))
      .def(
          "on_station_initialized",
          [](Client& self, const py::object& callable) {
            fill(self.on_station_initialized, on_station_initialized, callable,
                 [](const auto& client, const auto& station, std::uint8_t cause) {
                   return std::array{py::cast(client), py::cast(station), py::cast(static_cast<Coi>(cause))};
                 });
          },
          py::arg("callable"));
}

}  // namespace

void bind(Class<Client>& cls) {
  cls.def(py::init(&make_client), py::arg("tick_rate_ms") = 100, py::arg("command_timeout_ms") = 10000,
          py::arg("transport_security") = py::none())
      .def("start", blocking(&Client::start))
      .def("stop", blocking(&Client::stop))
      .def("add_connection", &add_connection, py::arg("ip") = "", py::arg("port") = 2404, py::arg("init") = Init::ALL,
           py::kw_only(), py::arg("host") = "")
      .def("get_connection", &get_connection, py::arg("ip") = "", py::arg("port") = 2404, py::arg("common_address") = 0)
      .def("disconnect_all", blocking(&Client::disconnect_all))
      .def("reconnect_all", blocking(&Client::reconnect_all))
      .def_property_readonly("tick_rate_ms", &Client::tick_rate_ms)
      .def_property_readonly("is_running", &Client::is_running)
      .def_property("originator_address", &Client::originator_address,
                    [](Client& self, Integer value) { self.set_originator_address(originator_address(value)); })
      .def_property_readonly("connections", &Client::connections)
      .def_property_readonly("has_connections", [](const Client& self) { return !self.connections().empty(); })
      .def_property_readonly("open_connection_count", &Client::open_connection_count)
      .def_property_readonly("has_open_connections", [](const Client& self) { return self.open_connection_count() != 0; })
      .def_property_readonly("active_connection_count", &Client::active_connection_count)
      .def_property_readonly("has_active_connections", [](const Client& self) { return self.active_connection_count() != 0; })
      .def("__repr__", [](const Client& self) {
        return repr("104.Client",
                    "originator_address=" + std::to_string(self.originator_address()) +
                        ", #connections=" + std::to_string(self.connections().size()),
                    &self);
      });
  bind_callbacks(cls);
}

}  // namespace c104::bindings
