// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/callback.h"
#include "bindings/counters.h"
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

py::dict counters(Connection& self) {
  py::dict all = counters_of(self.traffic(), {{"command", self.counters().command_timeouts.load()}});
  all["reconnects"] = self.counters().reconnects.load();
  return all;
}

void bind_callbacks(Class<Connection>& cls) {
  cls.def(
         "on_state_change",
         [](Connection& self, const py::object& callable) {
           fill(self.on_state_change, on_state_change, callable, [](const auto& connection, ConnectionState state) {
             return std::array{py::cast(connection), py::cast(state)};
           });
         },
         py::arg("callable"))
      .def(
          "on_receive_raw",
          [](Connection& self, const py::object& callable) { set_raw(self, self.on_receive_raw, on_receive_raw, callable); },
          py::arg("callable"))
      .def(
          "on_send_raw",
          [](Connection& self, const py::object& callable) { set_raw(self, self.on_send_raw, on_send_raw, callable); },
          py::arg("callable"))
      .def(
          "on_unexpected_message",
          [](Connection& self, const py::object& callable) {
            fill(self.on_unexpected_message, on_unexpected_message, callable,
                 [](const auto& connection, IncomingMessage& message, Umc cause) {
                   return std::array{py::cast(connection), py::cast(ReceivedMessage(message, true)), py::cast(cause)};
                 });
          },
          py::arg("callable"));
}

void bind_commands(Class<Connection>& cls) {
  cls.def(
         "interrogation",
         [](Connection& self, Integer common_address, Cot cause, Qoi qualifier, bool wait) {
           const auto ca = command_address(common_address);
           return without_gil([&] { return self.interrogation(ca, cause, static_cast<std::uint8_t>(qualifier), wait); });
         },
         py::arg("common_address"), py::arg("cause") = Cot::ACTIVATION, py::arg("qualifier") = Qoi::STATION,
         py::arg("wait_for_response") = true)
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
          py::arg("freeze") = Frz::READ, py::arg("wait_for_response") = true)
      .def(
          "clock_sync",
          [](Connection& self, Integer common_address, bool wait) {
            const auto ca = command_address(common_address);
            return without_gil([&] { return self.clock_sync(ca, wait); });
          },
          py::arg("common_address"), py::arg("wait_for_response") = true)
      .def(
          "test",
          [](Connection& self, Integer common_address, bool with_time, bool wait) {
            const auto ca = command_address(common_address);
            return without_gil([&] { return self.test(ca, with_time, wait); });
          },
          py::arg("common_address"), py::arg("with_time") = true, py::arg("wait_for_response") = true);
}

}  // namespace

void bind(Class<Connection>& cls) {
  cls.def("connect", blocking(&Connection::connect))
      .def("disconnect", blocking(&Connection::disconnect))
      .def("mute", blocking(&Connection::mute))
      .def("unmute", blocking(&Connection::unmute))
      .def(
          "add_station", [](Connection& self, Integer ca) { return self.add_station(common_address(ca)); },
          py::arg("common_address"))
      .def(
          "get_station",
          [](const Connection& self, Integer value) {
            const auto ca = lookup_station(value);
            return ca ? self.find_station(*ca) : nullptr;
          },
          py::arg("common_address"))
      .def(
          "remove_station",
          [](Connection& self, Integer value) {
            const auto ca = lookup_station(value);
            return ca && self.remove_station(*ca);
          },
          py::arg("common_address"))
      .def_property_readonly("ip", &Connection::ip)
      .def_property_readonly("port", &Connection::port)
      .def_property_readonly("state", &Connection::state)
      .def_property_readonly("stations", &Connection::stations)
      .def_property_readonly("has_stations", [](const Connection& self) { return !self.stations().empty(); })
      .def_property_readonly("is_connected", &Connection::is_connected)
      .def_property_readonly("is_muted", &Connection::is_muted)
      .def_property_readonly("connected_at", [](const Connection& self) { return time_or_none(self.connected_at()); })
      .def_property_readonly("disconnected_at", [](const Connection& self) { return time_or_none(self.disconnected_at()); })
      .def_property_readonly(
          "peer_certificate",
          [](const Connection& self) { return std::const_pointer_cast<PeerCertificate>(self.peer_certificate()); })
      .def_property("originator_address", &Connection::originator_address,
                    [](Connection& self, Integer value) { self.set_originator_address(originator_address(value)); })
      .def_property_readonly("protocol_parameters",
                             [](Connection& self) {
                               return std::shared_ptr<ProtocolParameters>(self.shared_from_this(), &self.protocol_parameters());
                             })
      .def_property_readonly("counters", counters)
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
