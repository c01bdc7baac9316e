// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/errors.h"
#include "bindings/gil.h"
#include "bindings/session.h"

namespace py = pybind11;

namespace c104::bindings {
namespace {

void check_options(const Station& self, Type type, std::uint32_t report_ms, bool related, bool autoreturn, CommandMode mode) {
  const TypeInfo* info = find_type(type);
  if (info == nullptr || !info->point) return;  // add_point() refuses the type
  const bool command = is_command(info->kind);
  if (report_ms != 0) {
    const auto server = self.server();
    if (!server) throw py::value_error("report_ms is for points of a server");
    if (command) throw py::value_error(std::string("report_ms is for monitoring points, not for ") + info->name);
    if (report_ms % server->tick_rate_ms() != 0) {
      throw py::value_error("report_ms " + std::to_string(report_ms) + " must be a multiple of the server's tick_rate_ms " +
                            std::to_string(server->tick_rate_ms()));
    }
  }
  if (mode != CommandMode::DIRECT && command) check_command_mode(*info);  // of others it has no effect
  if (related && !self.is_local()) throw py::value_error("related_io_address is for points of a server");
  if (autoreturn && !command) {
    throw py::value_error(std::string("related_io_autoreturn is for commands, not for ") + info->name);
  }
  if (autoreturn && !related) throw py::value_error("related_io_autoreturn needs a related_io_address");
}

std::shared_ptr<Point> add_point(Station& self, Integer ioa, Type type, Integer report_ms, Integer related_io_address,
                                 bool related_io_autoreturn, CommandMode command_mode) {
  const std::uint32_t address = io_address(ioa);
  const std::uint32_t report = milliseconds("report_ms", report_ms);
  std::optional<std::uint32_t> related;
  if (!related_io_address.is_none()) related = io_address(related_io_address, "related_io_address");
  check_options(self, type, report, related.has_value(), related_io_autoreturn, command_mode);
  auto point = self.add_point(address, type);
  if (!point) return nullptr;
  if (related || command_mode != CommandMode::DIRECT) {
    PointExtras& extras = point->extras();
    std::lock_guard lock(self.mutex());
    extras.related_ioa = related;
    extras.related_autoreturn = related_io_autoreturn;
    extras.command_mode = command_mode;
  }
  if (report != 0) without_gil([&] { point->set_report_ms(report); });
  return point;
}

void signal_initialized(const Station& self, Coi cause) {
  const auto server = self.server();
  if (!server) throw py::value_error("signal_initialized() is for stations of a server that is still there");
  without_gil([&] { server->signal_initialized(self, static_cast<std::uint8_t>(cause)); });
}

}  // namespace

void bind(Class<Station>& cls) {
  cls.def("add_point", &add_point, py::arg("io_address"), py::arg("type"), py::arg("report_ms") = 0,
          py::arg("related_io_address") = py::none(), py::arg("related_io_autoreturn") = false,
          py::arg("command_mode") = CommandMode::DIRECT)
      .def(
          "get_point",
          [](const Station& self, Integer value) {
            const auto ioa = lookup_point(value);
            return ioa ? self.find_point(*ioa) : nullptr;
          },
          py::arg("io_address"))
      .def(
          "remove_point",
          [](Station& self, Integer value) {
            const auto ioa = lookup_point(value);
            return ioa && self.remove_point(*ioa);
          },
          py::arg("io_address"))
      .def("signal_initialized", &signal_initialized, py::arg("cause"))
      .def_property_readonly("common_address", &Station::common_address)
      .def_property_readonly("is_local", &Station::is_local)
      .def_property_readonly("server", &Station::server)
      .def_property_readonly("connection", &Station::connection)
      .def_property_readonly("points", &Station::points)
      .def_property_readonly("has_points", &Station::has_points)
      .def("__repr__", [](const Station& self) {
        return repr(
            "104.Station",
            "common_address=" + std::to_string(self.common_address()) + ", #points=" + std::to_string(self.points().size()),
            &self);
      });
}

}  // namespace c104::bindings
