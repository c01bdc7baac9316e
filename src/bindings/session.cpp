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

std::uint8_t originator_address(Integer value, const char* name) {
  return static_cast<std::uint8_t>(checked_integer(name, value, 0, 255));
}

std::uint32_t milliseconds(const char* name, Integer value, long long low) {
  return static_cast<std::uint32_t>(checked_integer(name, value, low, largest_uint32));
}

void check_command_mode(const TypeInfo& type) {
  if (is_command(type.kind) && type.kind != InfoKind::bits_cmd) return;
  throw py::value_error(std::string("select and execute is for commands other than C_BO_*, not for ") + type.name);
}

std::optional<std::uint32_t> lookup(const char* name, Integer value, long long low, long long high) {
  const py::object number = py::reinterpret_steal<py::object>(PyNumber_Index(value.ptr()));
  if (!number) PyErr_Clear();
  int overflow = 0;
  const long long given = number ? PyLong_AsLongLongAndOverflow(number.ptr(), &overflow) : -1;
  if (overflow == 0 && given >= 0 && given <= largest_uint32 && (given < low || given > high)) return std::nullopt;
  return static_cast<std::uint32_t>(checked_integer(name, value, low, high));
}

std::string repr(const char* class_name, const std::string& what, const void* address) {
  char place[32];
  std::snprintf(place, sizeof place, " at %p>", address);
  return std::string("<") + class_name + " " + what + place;
}

}  // namespace c104::bindings
