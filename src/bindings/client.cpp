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

std::shared_ptr<Client> make(Integer tick_rate_ms, Integer command_timeout_ms, const TransportSecurity* transport_security) {
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
  const auto address = lookup_address(common_address);
  if (ip.empty() == (address == 0)) throw py::value_error("get_connection() takes either ip and port or common_address");
  if (ip.empty()) return address ? self.find_connection(*address) : nullptr;
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
         py::arg("callable"),
         "on_new_station(self: c104.Client, callable: collections.abc.Callable[[c104.Client, c104.Connection, int], None]) -> "
         "None\n\n"
         "Call this when a message of an unknown station arrives. It may add the station; what it doesn't add is ignored. "
         "Without a\n"
         "callback (None) stations are added by themselves. Raises ValueError for another signature, TypeError for what can't "
         "be\n"
         "called.\n\n"
         ">>> def on_new_station(client: c104.Client, connection: c104.Connection, common_address: int) -> None:\n"
         ">>>     connection.add_station(common_address=common_address)\n"
         ">>> client.on_new_station(callable=on_new_station)")
      .def(
          "on_new_point",
          [](Client& self, const py::object& callable) {
            fill(self.on_new_point, on_new_point, callable,
                 [](const auto& client, const auto& station, std::uint32_t ioa, Type type) {
                   return std::array{py::cast(client), py::cast(station), py::object(py::int_(ioa)), py::cast(type)};
                 });
          },
          py::arg("callable"),
          "on_new_point(self: c104.Client, callable: collections.abc.Callable[[c104.Client, c104.Station, int, c104.Type], "
          "None]) -> None\n\n"
          "Call this when a message for an unknown point of a known station arrives. It may add the point, which then takes "
          "the\n"
          "message. Without a callback (None) points are added by themselves. Raises as on_new_station() does.\n\n"
          ">>> def on_new_point(client: c104.Client, station: c104.Station, io_address: int, point_type: c104.Type) -> None:\n"
          ">>>     station.add_point(io_address=io_address, type=point_type)\n"
          ">>> client.on_new_point(callable=on_new_point)")
      .def(
          "on_station_initialized",
          [](Client& self, const py::object& callable) {
            fill(self.on_station_initialized, on_station_initialized, callable,
                 [](const auto& client, const auto& station, std::uint8_t cause) {
                   return std::array{py::cast(client), py::cast(station), py::cast(static_cast<Coi>(cause))};
                 });
          },
          py::arg("callable"),
          "on_station_initialized(self: c104.Client, callable: collections.abc.Callable[[c104.Client, c104.Station, c104.Coi], "
          "None]) -> None\n\n"
          "Call this when a station tells the end of its initialisation (M_EI_NA_1). Raises as on_new_station() does.\n\n"
          ">>> def on_station_initialized(client: c104.Client, station: c104.Station, cause: c104.Coi) -> None:\n"
          ">>>     print(station.common_address, cause)\n"
          ">>> client.on_station_initialized(callable=on_station_initialized)");
}

}  // namespace

void bind(Class<Client>& cls) {
  cls.def(py::init(&make), py::arg("tick_rate_ms") = 100, py::arg("command_timeout_ms") = 10000,
          py::arg("transport_security") = py::none(),
          "__init__(self: c104.Client, tick_rate_ms: int = 100, command_timeout_ms: int = 10000, transport_security: "
          "c104.TransportSecurity = None) -> None\n\n"
          "tick_rate_ms: 50 or more; kept for compatibility, nothing waits for ticks. command_timeout_ms: how long to wait for "
          "the\n"
          "answer to a command. Raises ValueError when out of range.")
      .def("start", blocking(&Client::start),
           "start(self: c104.Client) -> None\n\nStart, and open all connections in the background.")
      .def("stop", blocking(&Client::stop),
           "stop(self: c104.Client) -> None\n\nClose all connections and end the threads. May be called from a callback.")
      .def("add_connection", &add_connection, py::arg("ip") = "", py::arg("port") = 2404, py::arg("init") = Init::ALL,
           py::kw_only(), py::arg("host") = "",
           "add_connection(self: c104.Client, ip: str = \"\", port: int = 2404, init = c104.Init.ALL, *, host: str = \"\") -> "
           "c104.Connection | None\n\n"
           "Add a connection to a server; None if there is one to this endpoint. It opens at start(), or at "
           "Connection.connect().\n"
           "ip: IPv4 or IPv6 literal or \"localhost\"; host: a name instead, resolved each time the connection opens. init: "
           "what is\n"
           "sent once it is open. Raises ValueError for an invalid ip or a port outside 1..65535.\n\n"
           ">>> connection = client.add_connection(ip=\"192.0.2.10\", port=2404, init=c104.Init.ALL)")
      .def("get_connection", &get_connection, py::arg("ip") = "", py::arg("port") = 2404, py::arg("common_address") = 0,
           "get_connection(self: c104.Client, ip: str = \"\", port: int = 2404, common_address: int = 0) -> c104.Connection | "
           "None\n\n"
           "Find a connection by ip and port, or by the common address of one of its stations. Raises ValueError unless "
           "exactly one\n"
           "of ip and common_address is given.")
      .def("disconnect_all", blocking(&Client::disconnect_all),
           "disconnect_all(self: c104.Client) -> None\n\nClose all connections; they stay closed until connect() or start().")
      .def("reconnect_all", blocking(&Client::reconnect_all),
           "reconnect_all(self: c104.Client) -> None\n\nClose all connections and open them again.")
      .def_property_readonly("tick_rate_ms", &Client::tick_rate_ms, "tick rate in milliseconds")
      .def_property_readonly("is_running", &Client::is_running, "whether start() was called, and stop() not yet")
      .def_property(
          "originator_address", &Client::originator_address,
          [](Client& self, Integer value) { self.set_originator_address(originator_address(value)); },
          "originator address, 0..255, default 0. Setting it changes the connections that have the old one. Raises ValueError "
          "when out\n"
          "of range.")
      .def_property_readonly("connections", &Client::connections, "all connections")
      .def_property_readonly(
          "has_connections", [](const Client& self) { return !self.connections().empty(); }, "whether there are connections")
      .def_property_readonly("open_connection_count", &Client::open_connection_count,
                             "number of open connections, muted ones too")
      .def_property_readonly(
          "has_open_connections", [](const Client& self) { return self.open_connection_count() != 0; },
          "whether a connection is open")
      .def_property_readonly("active_connection_count", &Client::active_connection_count,
                             "number of connections that are open and not muted")
      .def_property_readonly(
          "has_active_connections", [](const Client& self) { return self.active_connection_count() != 0; },
          "whether a connection is open and not muted")
      .def("__repr__", [](const Client& self) {
        return repr("104.Client",
                    "originator_address=" + std::to_string(self.originator_address()) +
                        ", #connections=" + std::to_string(self.connections().size()),
                    &self);
      });
  bind_callbacks(cls);
}

}  // namespace c104::bindings
