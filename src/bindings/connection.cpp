// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/callback.h"
#include "bindings/session.h"
#include "bindings/values.h"

namespace py = pybind11;

namespace c104::bindings {
namespace {

const Signature on_state_change{
    "on_state_change", {{"connection", "c104.Connection"}, {"state", "c104.ConnectionState"}}, "None"};
const Signature on_receive_raw{"on_receive_raw", {{"connection", "c104.Connection"}, {"data", "bytes"}}, "None"};
const Signature on_send_raw{"on_send_raw", {{"connection", "c104.Connection"}, {"data", "bytes"}}, "None"};
const Signature on_unexpected_message{
    "on_unexpected_message",
    {{"connection", "c104.Connection"}, {"message", "c104.IncomingMessage"}, {"cause", "c104.Umc"}},
    "None"};

template <class Raw>
void set_raw(Connection& self, Raw& slot, const Signature& signature, const py::object& callable) {
  fill(slot, signature, callable, [](const auto& connection, Bytes data) {
    return std::array{py::cast(connection), py::object(py::bytes(reinterpret_cast<const char*>(data.data()), data.size()))};
  });
  without_gil([&] { self.update_raw(); });
}

py::object time_or_none(const std::optional<std::int64_t>& microseconds) {
  return microseconds ? time_to_python(*microseconds) : py::object(py::none());
}

void bind_callbacks(Class<Connection>& cls) {
  cls.def(
         "on_state_change",
         [](Connection& self, const py::object& callable) {
           fill(self.on_state_change, on_state_change, callable, [](const auto& connection, ConnectionState state) {
             return std::array{py::cast(connection), py::cast(state)};
           });
         },
         py::arg("callable"),
         "on_state_change(self: c104.Connection, callable: collections.abc.Callable[[c104.Connection, c104.ConnectionState], "
         "None]) -> None\n\n"
         "Call this with each new state. None ends it. Raises ValueError for another signature, TypeError for what can't be "
         "called.\n\n"
         ">>> def on_state_change(connection: c104.Connection, state: c104.ConnectionState) -> None:\n"
         ">>>     print(connection.ip, state)\n"
         ">>> connection.on_state_change(callable=on_state_change)")
      .def(
          "on_receive_raw",
          [](Connection& self, const py::object& callable) { set_raw(self, self.on_receive_raw, on_receive_raw, callable); },
          py::arg("callable"),
          "on_receive_raw(self: c104.Connection, callable: collections.abc.Callable[[c104.Connection, bytes], None]) -> "
          "None\n\n"
          "Call this with each received APDU. Raises as on_state_change() does.\n\n"
          ">>> def on_receive_raw(connection: c104.Connection, data: bytes) -> None:\n"
          ">>>     print(\"-->\", data.hex(), c104.explain_bytes(apdu=data))\n"
          ">>> connection.on_receive_raw(callable=on_receive_raw)")
      .def(
          "on_send_raw",
          [](Connection& self, const py::object& callable) { set_raw(self, self.on_send_raw, on_send_raw, callable); },
          py::arg("callable"),
          "on_send_raw(self: c104.Connection, callable: collections.abc.Callable[[c104.Connection, bytes], None]) -> None\n\n"
          "Call this with each sent APDU. Raises as on_state_change() does.\n\n"
          ">>> def on_send_raw(connection: c104.Connection, data: bytes) -> None:\n"
          ">>>     print(\"<--\", data.hex(), c104.explain_bytes(apdu=data))\n"
          ">>> connection.on_send_raw(callable=on_send_raw)")
      .def(
          "on_unexpected_message",
          [](Connection& self, const py::object& callable) {
            fill(self.on_unexpected_message, on_unexpected_message, callable,
                 [](const auto& connection, IncomingMessage& message, Umc cause) {
                   return std::array{py::cast(connection), py::cast(ReceivedMessage(message, true)), py::cast(cause)};
                 });
          },
          py::arg("callable"),
          "on_unexpected_message(self: c104.Connection, callable: collections.abc.Callable[[c104.Connection, "
          "c104.IncomingMessage, c104.Umc], None]) -> None\n\n"
          "Call this with each message that can't be applied, and why. Raises as on_state_change() does.\n\n"
          ">>> def on_unexpected_message(connection: c104.Connection, message: c104.IncomingMessage, cause: c104.Umc) -> "
          "None:\n"
          ">>>     print(cause, message.raw_explain)\n"
          ">>> connection.on_unexpected_message(callable=on_unexpected_message)");
}

void bind_commands(Class<Connection>& cls) {
  cls.def(
         "interrogation",
         [](Connection& self, Integer common_address, Cot cause, Qoi qualifier, bool wait) {
           const auto ca = command_address(common_address);
           return without_gil([&] { return self.interrogation(ca, cause, static_cast<std::uint8_t>(qualifier), wait); });
         },
         py::arg("common_address"), py::arg("cause") = Cot::ACTIVATION, py::arg("qualifier") = Qoi::STATION,
         py::arg("wait_for_response") = true,
         "interrogation(self: c104.Connection, common_address: int, cause: c104.Cot = c104.Cot.ACTIVATION, qualifier: c104.Qoi "
         "= c104.Qoi.STATION, wait_for_response: bool = True) -> bool\n\n"
         "Interrogate a station (C_IC_NA_1); common address 0 or 65535: all stations. Waiting, True means that it was "
         "confirmed and\n"
         "terminated, and all its values are in the points; else, that it was sent. False: not open, refused or timed out. "
         "Raises\n"
         "ValueError for an address outside 0..65535.\n\n"
         ">>> if not connection.interrogation(common_address=47):\n"
         ">>>     print(\"no answer\")")
      .def(
          "counter_interrogation",
          [](Connection& self, Integer common_address, Cot cause, Rqt qualifier, Frz freeze, bool wait) {
            const auto ca = command_address(common_address);
            return without_gil([&] {
              return self.counter_interrogation(ca, cause, static_cast<std::uint8_t>(qualifier),
                                                static_cast<std::uint8_t>(freeze), wait);
            });
          },
          py::arg("common_address"), py::arg("cause") = Cot::ACTIVATION, py::arg("qualifier") = Rqt::GENERAL,
          py::arg("freeze") = Frz::READ, py::arg("wait_for_response") = true,
          "counter_interrogation(self: c104.Connection, common_address: int, cause: c104.Cot = c104.Cot.ACTIVATION, qualifier: "
          "c104.Rqt = c104.Rqt.GENERAL, freeze: c104.Frz = c104.Frz.READ, wait_for_response: bool = True) -> bool\n\n"
          "Read, freeze or reset the counters of a station (C_CI_NA_1). Result and errors as of interrogation().\n\n"
          ">>> connection.counter_interrogation(common_address=47, freeze=c104.Frz.FREEZE_WITHOUT_RESET)")
      .def(
          "clock_sync",
          [](Connection& self, Integer common_address, bool wait) {
            const auto ca = command_address(common_address);
            return without_gil([&] { return self.clock_sync(ca, wait); });
          },
          py::arg("common_address"), py::arg("wait_for_response") = true,
          "clock_sync(self: c104.Connection, common_address: int, wait_for_response: bool = True) -> bool\n\n"
          "Send this computer's time in UTC (C_CS_NA_1). Waiting, True means confirmed; else, sent. Errors as of "
          "interrogation().\n\n"
          ">>> connection.clock_sync(common_address=47)")
      .def(
          "test",
          [](Connection& self, Integer common_address, bool with_time, bool wait) {
            const auto ca = command_address(common_address);
            return without_gil([&] { return self.test(ca, with_time, wait); });
          },
          py::arg("common_address"), py::arg("with_time") = true, py::arg("wait_for_response") = true,
          "test(self: c104.Connection, common_address: int, with_time: bool = True, wait_for_response: bool = True) -> bool\n\n"
          "Send a test command, C_TS_TA_1 or without time C_TS_NA_1. Result and errors as of clock_sync().\n\n"
          ">>> connection.test(common_address=47)");
}

}  // namespace

void bind(Class<Connection>& cls) {
  cls.def("connect", blocking(&Connection::connect),
          "connect(self: c104.Connection) -> None\n\n"
          "Open the connection in the background and keep it open: when it is lost, it is opened again after a second.")
      .def("disconnect", blocking(&Connection::disconnect),
           "disconnect(self: c104.Connection) -> None\n\nClose the connection; it stays closed until connect().")
      .def("mute", blocking(&Connection::mute),
           "mute(self: c104.Connection) -> bool\n\nStop data transfer (STOPDT). False when the connection isn't open.")
      .def("unmute", blocking(&Connection::unmute),
           "unmute(self: c104.Connection) -> bool\n\nStart data transfer (STARTDT). False when the connection isn't open.")
      .def(
          "add_station", [](Connection& self, Integer ca) { return self.add_station(common_address(ca)); },
          py::arg("common_address"),
          "add_station(self: c104.Connection, common_address: int) -> c104.Station | None\n\n"
          "Add a station; None if there is one of this address. Raises ValueError for an address outside 1..65534.\n\n"
          ">>> station = connection.add_station(common_address=47)")
      .def(
          "get_station",
          [](const Connection& self, Integer value) {
            const auto ca = lookup_address(value);
            return ca ? self.find_station(*ca) : nullptr;
          },
          py::arg("common_address"),
          "get_station(self: c104.Connection, common_address: int) -> c104.Station | None\n\nThe station of this address, or "
          "None.")
      .def(
          "remove_station",
          [](Connection& self, Integer value) {
            const auto ca = lookup_address(value);
            return ca && self.remove_station(*ca);
          },
          py::arg("common_address"),
          "remove_station(self: c104.Connection, common_address: int) -> bool\n\nRemove a station. False when there is none.")
      .def_property_readonly("ip", &Connection::ip, "address of the server")
      .def_property_readonly("port", &Connection::port, "TCP port of the server")
      .def_property_readonly("state", &Connection::state, "state of the connection")
      .def_property_readonly("stations", &Connection::stations, "all stations")
      .def_property_readonly(
          "has_stations", [](const Connection& self) { return !self.stations().empty(); }, "whether there are stations")
      .def_property_readonly("is_connected", &Connection::is_connected, "whether the connection is open, muted or not")
      .def_property_readonly("is_muted", &Connection::is_muted, "whether the connection is open without data transfer")
      .def_property_readonly(
          "connected_at", [](const Connection& self) { return time_or_none(self.connected_at()); },
          "local time at which the connection was opened, None while it isn't open")
      .def_property_readonly(
          "disconnected_at", [](const Connection& self) { return time_or_none(self.disconnected_at()); },
          "local time at which the connection was closed, None while it is open or never was")
      .def_property(
          "originator_address", &Connection::originator_address,
          [](Connection& self, Integer value) { self.set_originator_address(originator_address(value)); },
          "originator address, 0..255. Raises ValueError when out of range.")
      .def_property_readonly(
          "protocol_parameters",
          [](const std::shared_ptr<Connection>& self) {
            return std::shared_ptr<ProtocolParameters>(self, &self->protocol_parameters());
          },
          "protocol parameters, for the next time that the connection opens")
      .def("__repr__", [](const Connection& self) {
        return repr("104.Connection",
                    "ip=" + (self.host().empty() ? self.ip() : self.host()) + ", port=" + std::to_string(self.port()) +
                        ", state=" + enum_name(self.state()) + ", #stations=" + std::to_string(self.stations().size()),
                    &self);
      });
  bind_commands(cls);
  bind_callbacks(cls);
}

}  // namespace c104::bindings
