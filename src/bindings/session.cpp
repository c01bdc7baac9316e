// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/session.h"

#include <cstdio>

#include "bindings/errors.h"
#include "bindings/register.h"
#include "bindings/signature.h"

namespace py = pybind11;

namespace c104::bindings {

void register_session(py::module_& m) {
  py::options options;
  options.disable_function_signatures();  // the docstrings begin with readable ones
  set_type_module(m);

  Class<ProtocolParameters> parameters(
      m, "ProtocolParameters",
      "The protocol parameters k, w and t0..t3 (IEC 60870-5-104, 9.6) of a connection or server.\n\n"
      "Changes count for links that are opened later; an impossible value raises ValueError.\n\n"
      ">>> connection.protocol_parameters.keep_alive_interval = 30");
  Class<TransportSecurity> security(
      m, "TransportSecurity",
      "TLS for a Client or a Server: certificates, whom to trust, versions, cipher suites.\n\n"
      "It becomes read-only when a Server is made with it, or when a Client that has it gets its first connection.\n\n"
      ">>> tls = c104.TransportSecurity(validate=True, only_known=False)\n"
      ">>> tls.set_certificate(cert=\"client.crt\", key=\"client.key\")\n"
      ">>> tls.set_ca_certificate(cert=\"ca.crt\")\n"
      ">>> client = c104.Client(transport_security=tls)");
  Class<Client> client(m, "Client",
                       "A controlling station: connections to servers and everything known about their stations.\n\n"
                       ">>> client = c104.Client()\n"
                       ">>> connection = client.add_connection(ip=\"192.0.2.10\")\n"
                       ">>> client.start()");
  Class<Connection> connection(m, "Connection", "A client's link to one server. Made by Client.add_connection().");
  Class<Server> server(m, "Server",
                       "A controlled station (outstation): stations with points, offered to the clients that connect.\n\n"
                       ">>> server = c104.Server(ip=\"0.0.0.0\", port=2404)\n"
                       ">>> station = server.add_station(common_address=1)\n"
                       ">>> point = station.add_point(io_address=11, type=c104.Type.M_ME_NC_1)\n"
                       ">>> server.start()");
  Class<Station> station(m, "Station",
                         "A common address with its points, of a server or of a client's connection. Made by add_station().");
  Class<Point> point(m, "Point", "One information object: a measurand, a status, a command. Made by Station.add_point().");
  Class<Batch> batch(m, "Batch",
                     "Monitoring points of one station and type that are sent together by Server.transmit_batch().\n\n"
                     ">>> batch = c104.Batch(cause=c104.Cot.SPONTANEOUS, points=[point_1, point_2])");
  py::class_<ReceivedMessage> message(
      m, "IncomingMessage",
      "A received ASDU, as callbacks get it. It stands at one of its information objects; see first() and next().");

  for (py::object cls : {py::object(parameters), py::object(security), py::object(client), py::object(connection),
                         py::object(server), py::object(station), py::object(point), py::object(batch), py::object(message)}) {
    cls.attr("__module__") = "c104";
  }
  bind(parameters);
  bind(security);
  bind(client);
  bind(connection);
  bind(server);
  bind(station);
  bind_arrays(m, station);
  bind(point);
  bind(batch);
  bind(message);
}

std::uint16_t common_address(Integer value) {
  return static_cast<std::uint16_t>(checked_integer("common_address", value, 1, 65534));
}

std::uint16_t command_address(Integer value) {
  return static_cast<std::uint16_t>(checked_integer("common_address", value, 0, 65535));
}

std::uint32_t io_address(Integer value, const char* name) {
  return static_cast<std::uint32_t>(checked_integer(name, value, 0, 0xFFFFFF));
}

std::uint8_t originator_address(Integer value) {
  return static_cast<std::uint8_t>(checked_integer("originator_address", value, 0, 255));
}

std::uint32_t milliseconds(const char* name, Integer value, long long low) {
  return static_cast<std::uint32_t>(checked_integer(name, value, low, largest_uint32));
}

std::optional<std::uint16_t> lookup_address(Integer value) {
  const long long address = checked_integer("common_address", value, 0, largest_uint32);
  if (address > 65535) return std::nullopt;
  return static_cast<std::uint16_t>(address);
}

std::string repr(const char* class_name, const std::string& what, const void* address) {
  char place[32];
  std::snprintf(place, sizeof place, " at %p>", address);
  return std::string("<") + class_name + " " + what + place;
}

}  // namespace c104::bindings
