// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/errors.h"
#include "bindings/gil.h"
#include "bindings/session.h"

namespace py = pybind11;

namespace c104::bindings {
namespace {

void check_options(const Station& self, Type type, std::uint32_t report_ms, bool related, bool autoreturn) {
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
  check_options(self, type, report, related.has_value(), related_io_autoreturn);
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
          py::arg("command_mode") = CommandMode::DIRECT,
          "add_point(self: c104.Station, io_address: int, type: c104.Type, report_ms: int = 0, related_io_address: int = None, "
          "related_io_autoreturn: bool = False, command_mode: c104.CommandMode = c104.CommandMode.DIRECT) -> c104.Point | "
          "None\n\n"
          "Add a point; None if the address, 0..16777215, is taken. On a server also: report_ms, the interval of periodic\n"
          "transmission of a monitoring point, 0 or a multiple of tick_rate_ms; related_io_address, the monitoring point that "
          "shows a\n"
          "command's effect, which related_io_autoreturn sends after each command. command_mode: direct, or select and "
          "execute.\n"
          "Raises ValueError for what is out of range or does not fit the type.\n\n"
          ">>> point = station.add_point(io_address=11, type=c104.Type.M_ME_NC_1, report_ms=1000)")
      .def(
          "get_point",
          [](const Station& self, Integer value) {
            const long long ioa = checked_integer("io_address", value, 0, largest_uint32);
            return self.find_point(static_cast<std::uint32_t>(ioa));
          },
          py::arg("io_address"),
          "get_point(self: c104.Station, io_address: int) -> c104.Point | None\n\nThe point of this address, or None.")
      .def(
          "remove_point",
          [](Station& self, Integer value) {
            const long long ioa = checked_integer("io_address", value, 0, largest_uint32);
            return self.remove_point(static_cast<std::uint32_t>(ioa));
          },
          py::arg("io_address"),
          "remove_point(self: c104.Station, io_address: int) -> bool\n\nRemove a point. False when there is none.")
      .def("signal_initialized", &signal_initialized, py::arg("cause"),
           "signal_initialized(self: c104.Station, cause: c104.Coi) -> None\n\n"
           "Tell the connected clients, and those that connect later, that this station of a server is initialised "
           "(M_EI_NA_1).\n"
           "Raises ValueError on a client's station.\n\n"
           ">>> station.signal_initialized(cause=c104.Coi.REMOTE_RESET)")
      .def_property_readonly("common_address", &Station::common_address, "common address, 1..65534")
      .def_property_readonly("is_local", &Station::is_local, "whether this is a server's station")
      .def_property_readonly("server", &Station::server, "the server, None on a client's station or when it is gone")
      .def_property_readonly("connection", &Station::connection,
                             "the connection, None on a server's station or when it is gone")
      .def_property_readonly("points", &Station::points, "all points, by address")
      .def_property_readonly("has_points", &Station::has_points, "whether there are points")
      .def("__repr__", [](const Station& self) {
        return repr(
            "104.Station",
            "common_address=" + std::to_string(self.common_address()) + ", #points=" + std::to_string(self.points().size()),
            &self);
      });
}

}  // namespace c104::bindings
