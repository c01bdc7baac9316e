// SPDX-License-Identifier: GPL-3.0-or-later
// Stations as arrays: Station.snapshot() and Station.update().
#include "bindings/arrays.h"
#include "bindings/errors.h"
#include "bindings/flags.h"
#include "bindings/gil.h"
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
  const auto column = read_integers("quality", quality, 0, 255);
  return {column.begin(), column.end()};
}

std::vector<std::int64_t> read_times(const py::object& times) {
  if (times.is_none()) return {};
  if (py::hasattr(times, "timestamp")) return {time_from_python(times).microseconds};
  if (PyLong_Check(times.ptr())) return {checked_integer("recorded_at", times, no_time, INT64_MAX)};
  return read_integers("recorded_at", times, no_time, INT64_MAX);
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
  py::class_<Snapshot> cls(m, "Snapshot",
                           "The values of a station's points at one time as columns, one row a point, ordered by address.\n\n"
                           "Each column is a read-only memoryview, which NumPy, pandas and Arrow take without a copy.\n\n"
                           ">>> snapshot = station.snapshot(type=c104.Type.M_ME_NC_1)\n"
                           ">>> values = numpy.asarray(snapshot.value)");
  cls.attr("__module__") = "c104";
  cls.def_readonly("io_address", &Snapshot::io_address, "information object addresses (format I)")
      .def_readonly("type", &Snapshot::type, "TypeIDs (format B)")
      .def_readonly(
          "value", &Snapshot::value,
          "values as numbers (format d): 0 and 1 for single points and commands, 0..3 for double points, step commands\n"
          "and protection events, positions, bits as an unsigned number, engineering values as they are. Exact for all.")
      .def_readonly("quality", &Snapshot::quality,
                    "quality bits as int(point.quality) gives them (format B); 0 for commands, which have none")
      .def_readonly(
          "recorded_at", &Snapshot::recorded_at,
          "times of the time tags in microseconds since 1970, UTC (format q); the smallest number where there is none,\n"
          "which NumPy takes for NaT: numpy.asarray(snapshot.recorded_at).view(\"datetime64[us]\")")
      .def_readonly("processed_at", &Snapshot::processed_at,
                    "times of the last local processing in microseconds since 1970, UTC (format q)")
      .def("__len__", [](const Snapshot& self) { return self.size; })
      .def("__repr__",
           [](const Snapshot& self) { return repr("c104.Snapshot", "#points=" + std::to_string(self.size), &self); });

  station
      .def("snapshot", &snapshot, py::arg("type") = py::none(),
           "snapshot(self: c104.Station, type: c104.Type | None = None) -> c104.Snapshot\n\n"
           "The values of all points, or of those of one type, as columns of numbers. No Python object per point: some\n"
           "nanoseconds each. Values that arrive meanwhile are in it or not; each point's row is of one moment.\n\n"
           ">>> snapshot = station.snapshot()\n"
           ">>> latest = dict(zip(snapshot.io_address, snapshot.value))")
      .def("update", &update_points, py::arg("io_address"), py::arg("value"), py::arg("quality") = py::none(),
           py::arg("recorded_at") = py::none(), py::arg("cause") = py::none(),
           "update(self: c104.Station, io_address: Sequence[int] | Buffer, value: Sequence[float] | Buffer, quality: "
           "Sequence[int] "
           "| Buffer | int | c104.Quality | c104.BinaryCounterQuality | None = None, recorded_at: Sequence[int] | Buffer | int "
           "| "
           "datetime.datetime | None = None, cause: c104.Cot | None = None) -> bool\n\n"
           "Set the values of many monitoring points of a server, and with a cause send them, in one call.\n\n"
           "Columns may be arrays (NumPy, array, memoryview) or sequences, with one entry each address; numbers as in "
           "Snapshot.\n"
           "quality may also be one for all, or None: the points keep theirs. recorded_at is in microseconds since 1970, UTC; "
           "or\n"
           "one of them or a datetime for all; or None: now, for types with a time tag. Values are sent in the given order,\n"
           "neighbours of one type packed into one ASDU; an address may come several times. All or nothing: ValueError names "
           "the\n"
           "row that does not fit, and nothing is set. Returns False when there was a cause and no client to receive the "
           "values;\n"
           "they are set even so.\n\n"
           ">>> station.update(io_address=[11, 12], value=[230.1, 229.8], cause=c104.Cot.SPONTANEOUS)");
}

}  // namespace c104::bindings
