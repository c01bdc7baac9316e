// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/callback.h"
#include "bindings/counters.h"
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
         py::arg("callable"))
      .def(
          "on_clock_sync",
          [](Server& self, const py::object& callable) {
            fill(self.on_clock_sync, on_clock_sync, callable, [](const auto& server, const std::string& ip, TimeTag time) {
              return std::array{py::cast(server), py::object(py::str(ip)), time_to_python(time)};
            });
          },
          py::arg("callable"))
      .def(
          "on_receive_raw",
          [](Server& self, const py::object& callable) { set_raw(self, self.on_receive_raw, on_receive_raw, callable); },
          py::arg("callable"))
      .def(
          "on_send_raw",
          [](Server& self, const py::object& callable) { set_raw(self, self.on_send_raw, on_send_raw, callable); },
          py::arg("callable"))
      .def(
          "on_unexpected_message",
          [](Server& self, const py::object& callable) {
            fill(self.on_unexpected_message, on_unexpected_message, callable,
                 [](const auto& server, IncomingMessage& message, Umc cause) {
                   return std::array{py::cast(server), py::cast(ReceivedMessage(message, true)), py::cast(cause)};
                 });
          },
          py::arg("callable"));
}

py::dict counters(const Server& self) {
  const Traffic traffic = self.traffic();
  py::dict all = counters_of(traffic, {{"selection", traffic.selections_expired}});
  py::dict refusals;
  std::uint64_t refused = 0;
  for (std::size_t i = 0; i < self.counters().refusals.size(); ++i) {
    const std::uint64_t count = self.counters().refusals[i].load();
    refusals[name_of(static_cast<Refusal>(i))] = count;
    refused += count;
  }
  all["connections_refused"] = refused;
  all["connections_refused_by_reason"] = refusals;
  all["nobody_listening"] = self.counters().nobody_listening.load();
  all["log_full"] = self.counters().log_full.load();
  return all;
}

void bind_stations(Class<Server>& cls) {
  cls.def(
         "add_station", [](Server& self, Integer ca) { return self.add_station(common_address(ca)); },
         py::arg("common_address"))
      .def(
          "get_station",
          [](const Server& self, Integer value) {
            const auto ca = lookup_station(value);
            return ca ? self.find_station(*ca) : nullptr;
          },
          py::arg("common_address"))
      .def(
          "remove_station",
          [](Server& self, Integer value) {
            const auto ca = lookup_station(value);
            return ca && without_gil([&] { return self.remove_station(*ca); });
          },
          py::arg("common_address"))
      .def_property_readonly("stations", &Server::stations)
      .def_property_readonly("has_stations", [](const Server& self) { return !self.stations().empty(); });
}

}  // namespace

void bind(Class<Server>& cls) {
  cls.def(py::init(&make), py::arg("ip") = "0.0.0.0", py::arg("port") = 2404, py::arg("tick_rate_ms") = 100,
          py::arg("select_timeout_ms") = 10000, py::arg("max_connections") = 0, py::arg("transport_security") = py::none(),
          py::kw_only(), py::arg("interrogation_with_time_tags") = false)
      .def("start", blocking(&Server::start))
      .def("stop", blocking(&Server::stop))
      .def("transmit_batch", blocking(&Server::transmit_batch), py::arg("batch").none(false))
      .def_property_readonly("ip", &Server::ip)
      .def_property_readonly("port", &Server::port)
      .def_property_readonly("tick_rate_ms", &Server::tick_rate_ms)
      .def_property_readonly("interrogation_with_time_tags",
                             [](const Server& self) { return self.interrogation_form() == Packer::Form::own_type; })
      .def_property_readonly("is_running", &Server::is_running)
      .def_property("max_queued_octets", &Server::max_queued_octets,
                    [](Server& self, Integer value) {
                      self.set_max_queued_octets(
                          static_cast<std::size_t>(checked_integer("max_queued_octets", value, 4096, largest_uint32)));
                    })
      .def_property_readonly("connections", &Server::connections)
      .def_property_readonly("open_connection_count", &Server::open_connection_count)
      .def_property_readonly("has_open_connections", [](const Server& self) { return self.open_connection_count() != 0; })
      .def_property_readonly("active_connection_count", &Server::active_connection_count)
      .def_property_readonly("has_active_connections", [](const Server& self) { return self.active_connection_count() != 0; })
      .def_property_readonly("protocol_parameters",
                             [](Server& self) {
                               return std::shared_ptr<ProtocolParameters>(self.shared_from_this(), &self.protocol_parameters());
                             })
      .def_property_readonly("counters", counters)
      .def("__repr__", [](const Server& self) {
        return repr("104.Server",
                    "ip=" + self.ip() + ", port=" + std::to_string(self.port()) + ", #clients=" +
                        std::to_string(self.open_connection_count()) + ", #stations=" + std::to_string(self.stations().size()),
                    &self);
      });
  bind_stations(cls);
  bind_limits(cls);
  bind_callbacks(cls);
}

}  // namespace c104::bindings
