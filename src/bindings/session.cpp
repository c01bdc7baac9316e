// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/session.h"

#include <cstdio>

#include "bindings/errors.h"
#include "bindings/made_by.h"
#include "bindings/register.h"
#include "bindings/signature.h"

namespace py = pybind11;

namespace c104::bindings {
void register_session(py::module_& m) {
  py::options options;
  options.disable_function_signatures();  // docs.cpp has readable ones
  set_type_module(m);

  Class<ProtocolParameters> parameters(m, "ProtocolParameters");
  Class<TransportSecurity> security(m, "TransportSecurity");
  Class<PeerCertificate> certificate(m, "PeerCertificate");
  Class<Client> client(m, "Client");
  Class<Connection> connection(m, "Connection");
  Class<Server> server(m, "Server");
  Class<ServerConnection> server_connection(m, "ServerConnection");
  Class<Station> station(m, "Station");
  Class<Point> point(m, "Point");
  Class<Batch> batch(m, "Batch");
  py::class_<ReceivedMessage> message(m, "IncomingMessage");

  for (const py::object& cls : {py::object(parameters), py::object(security), py::object(certificate), py::object(client),
                                py::object(connection), py::object(server), py::object(server_connection), py::object(station),
                                py::object(point), py::object(batch), py::object(message)}) {
    cls.attr("__module__") = "c104";
  }
  MadeBy<ProtocolParameters>::say(parameters, "it is the protocol_parameters of a connection or a server");
  MadeBy<Connection>::say(connection, "Client.add_connection() makes connections");
  MadeBy<Station>::say(station, "Server.add_station() and Connection.add_station() make stations");
  MadeBy<Point>::say(point, "Station.add_point() makes points");
  MadeBy<ServerConnection>::say(server_connection, "Server.connections has one for each client that is connected");
  MadeBy<PeerCertificate>::say(certificate, "it is the peer_certificate of a connection");
  MadeBy<ReceivedMessage>::say(message, "callbacks are handed messages");
  bind(parameters);
  bind(security);
  bind(certificate);
  bind(client);
  bind(connection);
  bind(server);
  bind(server_connection);
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
