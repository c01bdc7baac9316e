// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/callback.h"
#include "bindings/errors.h"
#include "bindings/session.h"
#include "bindings/values.h"

namespace py = pybind11;

namespace c104::bindings {
namespace {

const Signature on_connect{"on_connect", {{"server", "c104.Server"}, {"ip", "str"}}, "bool"};
const Signature on_clock_sync{
    "on_clock_sync", {{"server", "c104.Server"}, {"ip", "str"}, {"date_time", "datetime.datetime"}}, "c104.ResponseState"};
const Signature on_receive_raw{"on_receive_raw", {{"server", "c104.Server"}, {"data", "bytes"}}, "None"};
const Signature on_send_raw{"on_send_raw", {{"server", "c104.Server"}, {"data", "bytes"}}, "None"};
const Signature on_unexpected_message{
    "on_unexpected_message", {{"server", "c104.Server"}, {"message", "c104.IncomingMessage"}, {"cause", "c104.Umc"}}, "None"};

std::shared_ptr<Server> make(const std::string& ip, Integer port, Integer tick_rate_ms, Integer select_timeout_ms,
                             Integer max_connections, const TransportSecurity* transport_security,
                             bool interrogation_with_time_tags) {
  auto* server =
      new Server(ip, static_cast<std::uint16_t>(checked_integer("port", port, 0, 65535)),
                 milliseconds("tick_rate_ms", tick_rate_ms, 50), milliseconds("select_timeout_ms", select_timeout_ms),
                 static_cast<std::uint32_t>(checked_integer("max_connections", max_connections, 0, largest_uint32)),
                 transport_security ? transport_security->config() : nullptr,
                 interrogation_with_time_tags ? Packer::Form::own_type : Packer::Form::untagged);
  std::shared_ptr<Server> made(server, Ending<Server>());
  keep_track(made);
  return made;
}

template <class Raw>
void set_raw(Server& self, Raw& slot, const Signature& signature, const py::object& callable) {
  fill(slot, signature, callable, [](const auto& server, Bytes data) {
    return std::array{py::cast(server), py::object(py::bytes(reinterpret_cast<const char*>(data.data()), data.size()))};
  });
  without_gil([&] { self.update_raw(); });
}

void bind_callbacks(Class<Server>& cls) {
  cls.def(
         "on_connect",
         [](Server& self, const py::object& callable) {
           fill(self.on_connect, on_connect, callable, [](const auto& server, const std::string& ip) {
             return std::array{py::cast(server), py::object(py::str(ip))};
           });
         },
         py::arg("callable"),
         "on_connect(self: c104.Server, callable: collections.abc.Callable[[c104.Server, str], bool]) -> None\n\n"
         "Ask this whether to accept a connection from an ip. A callback that fails refuses; None accepts all. Raises "
         "ValueError for\n"
         "another signature, TypeError for what can't be called.\n\n"
         ">>> def on_connect(server: c104.Server, ip: str) -> bool:\n"
         ">>>     return ip == \"192.0.2.10\"\n"
         ">>> server.on_connect(callable=on_connect)")
      .def(
          "on_clock_sync",
          [](Server& self, const py::object& callable) {
            fill(self.on_clock_sync, on_clock_sync, callable, [](const auto& server, const std::string& ip, TimeTag time) {
              return std::array{py::cast(server), py::object(py::str(ip)), time_to_python(time)};
            });
          },
          py::arg("callable"),
          "on_clock_sync(self: c104.Server, callable: collections.abc.Callable[[c104.Server, str, datetime.datetime], "
          "c104.ResponseState]) -> None\n\n"
          "Call this with the time that a client sends, and its ip and port (\"192.0.2.10:50123\"). A callback that fails "
          "answers\n"
          "FAILURE. Raises as on_connect() does.\n\n"
          ">>> def on_clock_sync(server: c104.Server, ip: str, date_time: datetime.datetime) -> c104.ResponseState:\n"
          ">>>     return c104.ResponseState.SUCCESS\n"
          ">>> server.on_clock_sync(callable=on_clock_sync)")
      .def(
          "on_receive_raw",
          [](Server& self, const py::object& callable) { set_raw(self, self.on_receive_raw, on_receive_raw, callable); },
          py::arg("callable"),
          "on_receive_raw(self: c104.Server, callable: collections.abc.Callable[[c104.Server, bytes], None]) -> None\n\n"
          "Call this with each received APDU. Raises as on_connect() does.\n\n"
          ">>> def on_receive_raw(server: c104.Server, data: bytes) -> None:\n"
          ">>>     print(\"-->\", data.hex(), c104.explain_bytes(apdu=data))\n"
          ">>> server.on_receive_raw(callable=on_receive_raw)")
      .def(
          "on_send_raw",
          [](Server& self, const py::object& callable) { set_raw(self, self.on_send_raw, on_send_raw, callable); },
          py::arg("callable"),
          "on_send_raw(self: c104.Server, callable: collections.abc.Callable[[c104.Server, bytes], None]) -> None\n\n"
          "Call this with each sent APDU. Raises as on_connect() does.\n\n"
          ">>> def on_send_raw(server: c104.Server, data: bytes) -> None:\n"
          ">>>     print(\"<--\", data.hex(), c104.explain_bytes(apdu=data))\n"
          ">>> server.on_send_raw(callable=on_send_raw)")
      .def(
          "on_unexpected_message",
          [](Server& self, const py::object& callable) {
            fill(self.on_unexpected_message, on_unexpected_message, callable,
                 [](const auto& server, IncomingMessage& message, Umc cause) {
                   return std::array{py::cast(server), py::cast(ReceivedMessage(message, true)), py::cast(cause)};
                 });
          },
          py::arg("callable"),
          "on_unexpected_message(self: c104.Server, callable: collections.abc.Callable[[c104.Server, c104.IncomingMessage, "
          "c104.Umc], None]) -> None\n\n"
          "Call this with each message that is refused, and why. Raises as on_connect() does.\n\n"
          ">>> def on_unexpected_message(server: c104.Server, message: c104.IncomingMessage, cause: c104.Umc) -> None:\n"
          ">>>     print(cause, message.raw_explain)\n"
          ">>> server.on_unexpected_message(callable=on_unexpected_message)");
}

py::dict counters(const Server& self) {
  const Server::Counters& c = self.counters();
  py::dict all;
  all["asdus_received"] = c.asdus.load();
  all["asdus_refused"] = c.refused.load();
  all["malformed_frames"] = c.faults.load();
  all["connections_refused"] = c.rejected_connections.load();
  all["nobody_listening"] = c.nobody_listening.load();
  all["overruns"] = c.overruns.load();
  all["unsent"] = self.unsent();
  all["unacknowledged"] = c.unacknowledged.load();
  return all;
}

constexpr auto counters_doc =
    "what happened since the server was made, as a dict of numbers. Of what transmit() and transmit_batch() took, each "
    "message\n"
    "arrives at each client with data transfer or is counted: 'overruns' fell out of the event log before the client took "
    "them,\n"
    "'unsent' had not been sent when the connection ended, 'unacknowledged' had been sent but not acknowledged, so that "
    "nobody\n"
    "knows whether they arrived (these include answers). 'nobody_listening' counts what transmit() did not take (False). Also\n"
    "'asdus_received', 'asdus_refused', 'malformed_frames' and 'connections_refused'.\n\n"
    ">>> server.counters[\"unsent\"]\n"
    "0";

void bind_stations(Class<Server>& cls) {
  cls.def(
         "add_station", [](Server& self, Integer ca) { return self.add_station(common_address(ca)); },
         py::arg("common_address"),
         "add_station(self: c104.Server, common_address: int) -> c104.Station | None\n\n"
         "Add a station; None if there is one of this address. Raises ValueError for an address outside 1..65534.\n\n"
         ">>> station = server.add_station(common_address=1)")
      .def(
          "get_station",
          [](const Server& self, Integer value) {
            const auto ca = lookup_address(value);
            return ca ? self.find_station(*ca) : nullptr;
          },
          py::arg("common_address"),
          "get_station(self: c104.Server, common_address: int) -> c104.Station | None\n\nThe station of this address, or None.")
      .def(
          "remove_station",
          [](Server& self, Integer value) {
            const auto ca = lookup_address(value);
            return ca && without_gil([&] { return self.remove_station(*ca); });
          },
          py::arg("common_address"),
          "remove_station(self: c104.Server, common_address: int) -> bool\n\nRemove a station. False when there is none.")
      .def_property_readonly("stations", &Server::stations, "all stations")
      .def_property_readonly(
          "has_stations", [](const Server& self) { return !self.stations().empty(); }, "whether there are stations");
}

}  // namespace

void bind(Class<Server>& cls) {
  cls.def(py::init(&make), py::arg("ip") = "0.0.0.0", py::arg("port") = 2404, py::arg("tick_rate_ms") = 100,
          py::arg("select_timeout_ms") = 10000, py::arg("max_connections") = 0, py::arg("transport_security") = py::none(),
          py::kw_only(), py::arg("interrogation_with_time_tags") = false,
          "__init__(self: c104.Server, ip: str = \"0.0.0.0\", port: int = 2404, tick_rate_ms: int = 100, select_timeout_ms = "
          "10000, max_connections: int = 0, transport_security: c104.TransportSecurity = None, *, "
          "interrogation_with_time_tags: bool = "
          "False) -> None\n\n"
          "ip: IPv4 or IPv6 address to listen on; port: 0 takes a free one. tick_rate_ms: 50 or more, unit of report_ms and "
          "on_timer().\n"
          "select_timeout_ms: how long a selected command waits for its execution. max_connections: 0 for no limit.\n"
          "interrogation_with_time_tags: answer an interrogation with time-tagged points as they are, the way of c104 2.2. "
          "Otherwise "
          "they are\n"
          "answered as the same type without a tag (M_ME_TF_1 as M_ME_NC_1), since the standard allows no other there. Raises "
          "ValueError for\n"
          "what is out of range.")
      .def("start", blocking(&Server::start),
           "start(self: c104.Server) -> None\n\nListen for clients. Raises RuntimeError when the port can't be had.")
      .def("stop", blocking(&Server::stop),
           "stop(self: c104.Server) -> None\n\nClose all connections and stop listening. May be called from a callback.")
      .def("transmit_batch", blocking(&Server::transmit_batch), py::arg("batch").none(false),
           "transmit_batch(self: c104.Server, batch: c104.Batch) -> bool\n\n"
           "Send the points of a batch in as few messages as possible. False when no client can receive them.\n\n"
           ">>> server.transmit_batch(c104.Batch(cause=c104.Cot.SPONTANEOUS, points=[point_1, point_2]))")
      .def_property_readonly("ip", &Server::ip, "address that is listened on")
      .def_property_readonly("port", &Server::port, "TCP port; the real one while running, when 0 was asked for")
      .def_property_readonly("tick_rate_ms", &Server::tick_rate_ms, "tick rate in milliseconds")
      .def_property_readonly(
          "interrogation_with_time_tags",
          [](const Server& self) { return self.interrogation_form() == Packer::Form::own_type; },
          "whether time-tagged points answer an interrogation with their tag")
      .def_property_readonly("is_running", &Server::is_running, "whether the server listens")
      .def_property(
          "max_connections", &Server::max_connections,
          [](Server& self, Integer value) {
            self.set_max_connections(static_cast<std::uint32_t>(checked_integer("max_connections", value, 0, largest_uint32)));
          },
          "how many clients may be connected at a time, 0 for no limit. Raises ValueError for a negative number.")
      .def_property_readonly("open_connection_count", &Server::open_connection_count, "number of connected clients")
      .def_property_readonly(
          "has_open_connections", [](const Server& self) { return self.open_connection_count() != 0; },
          "whether a client is connected")
      .def_property_readonly("active_connection_count", &Server::active_connection_count,
                             "number of clients that have started data transfer")
      .def_property_readonly(
          "has_active_connections", [](const Server& self) { return self.active_connection_count() != 0; },
          "whether a client has started data transfer")
      .def_property_readonly(
          "protocol_parameters",
          [](const std::shared_ptr<Server>& self) {
            return std::shared_ptr<ProtocolParameters>(self, &self->protocol_parameters());
          },
          "protocol parameters, for clients that connect later")
      .def_property_readonly("counters", counters, counters_doc)
      .def("__repr__", [](const Server& self) {
        return repr("104.Server",
                    "ip=" + self.ip() + ", port=" + std::to_string(self.port()) + ", #clients=" +
                        std::to_string(self.open_connection_count()) + ", #stations=" + std::to_string(self.stations().size()),
                    &self);
      });
  bind_stations(cls);
  bind_callbacks(cls);
}

}  // namespace c104::bindings
