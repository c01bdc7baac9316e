// SPDX-License-Identifier: GPL-3.0-or-later
// Stations as arrays: Station.snapshot() and Station.update().
#include "bindings/arrays.h"
#include "bindings/errors.h"
#include "bindings/flags.h"
#include "bindings/gil.h"
#include "bindings/made_by.h"
#include "bindings/session.h"
#include "bindings/values.h"
#include "session/bulk.h"

namespace py = pybind11;

namespace c104::bindings {
namespace {

// The columns as memoryviews, made once.
struct Snapshot {
  explicit Snapshot(const Columns& columns)
      : size(columns.io_address.size()),
        io_address(to_view(columns.io_address, "I")),
        type(to_view(columns.type, "B")),
        value(to_view(columns.value, "d")),
        quality(to_view(columns.quality, "B")),
        recorded_at(to_view(columns.recorded_at, "q")),
        processed_at(to_view(columns.processed_at, "q")) {}
  std::size_t size;
  py::object io_address, type, value, quality, recorded_at, processed_at;
};

Snapshot snapshot(const Station& self, std::optional<Type> type) {
  return Snapshot(without_gil([&] { return read_columns(self, type); }));
}

std::vector<std::uint8_t> read_quality(const py::object& quality) {
  if (quality.is_none()) return {};
  if (py::isinstance<Quality>(quality)) return {static_cast<std::uint8_t>(quality.cast<Quality>())};
  if (py::isinstance<BinaryCounterQuality>(quality)) return {static_cast<std::uint8_t>(quality.cast<BinaryCounterQuality>())};
  if (PyLong_Check(quality.ptr())) return {static_cast<std::uint8_t>(checked_integer("quality", quality, 0, 255))};
  const auto column =
      read_integers("quality", quality, 0, 255, "an array or a sequence of numbers, or one int or c104.Quality for all");
  return {column.begin(), column.end()};
}

std::vector<std::int64_t> read_times(const py::object& times) {
  if (times.is_none()) return {};
  if (py::hasattr(times, "timestamp")) return {time_from_python(times).microseconds};
  if (PyLong_Check(times.ptr())) return {checked_integer("recorded_at", times, no_time, INT64_MAX)};
  return read_integers("recorded_at", times, no_time, INT64_MAX,
                       "an array or a sequence of microseconds since 1970, or one int or datetime for all");
}

bool update_points(Station& self, const py::object& io_address, const py::object& value, const py::object& quality,
                   const py::object& recorded_at, std::optional<Cot> cause) {
  Update rows;
  const auto addresses = read_integers("io_address", io_address, 0, 0xFFFFFF);
  rows.io_address.assign(addresses.begin(), addresses.end());
  rows.value = read_numbers("value", value);
  rows.quality = read_quality(quality);
  rows.recorded_at = read_times(recorded_at);
  return without_gil([&] { return update(self, rows, cause); });
}

}  // namespace

void bind_arrays(py::module_& m, Class<Station>& station) {
  py::class_<Snapshot> cls(m, "Snapshot");
  MadeBy<Snapshot>::say(cls, "Station.snapshot() makes snapshots");
  cls.attr("__module__") = "c104";
  cls.def_readonly("io_address", &Snapshot::io_address)
      .def_readonly("type", &Snapshot::type)
      .def_readonly("value", &Snapshot::value)
      .def_readonly("quality", &Snapshot::quality)
      .def_readonly("recorded_at", &Snapshot::recorded_at)
      .def_readonly("processed_at", &Snapshot::processed_at)
      .def("__len__", [](const Snapshot& self) { return self.size; })
      .def("__repr__",
           [](const Snapshot& self) { return repr("c104.Snapshot", "#points=" + std::to_string(self.size), &self); });

  station.def("snapshot", &snapshot, py::arg("type") = py::none())
      .def("update", &update_points, py::arg("io_address"), py::arg("value"), py::arg("quality") = py::none(),
           py::arg("recorded_at") = py::none(), py::arg("cause") = py::none());
}

}  // namespace c104::bindings
