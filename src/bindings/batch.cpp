// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/batch.h"

#include "bindings/session.h"

namespace py = pybind11;

namespace c104::bindings {
namespace {

using Points = std::vector<std::shared_ptr<Point>>;

std::shared_ptr<Batch> make(Cot cause, const std::optional<Points>& points) {
  auto batch = std::make_shared<Batch>(cause);
  if (points) {
    for (const auto& point : *points) batch->add_point(point);
  }
  return batch;
}

std::string describe(const Batch& self) {
  const auto type = self.type();
  return repr("c104.Batch",
              "common_address=" + std::to_string(self.common_address()) + ", type=" + (type ? enum_name(*type) : "None") +
                  ", cot=" + enum_name(self.cause()) + ", number_of_objects=" + std::to_string(self.points().size()) +
                  ", test=False, negative=False, sequence=" + python_bool(self.is_sequence()),
              &self);
}

}  // namespace

void bind(Class<Batch>& cls) {
  cls.def(py::init(&make), py::arg("cause"), py::arg("points") = py::none(),
          "__init__(self: c104.Batch, cause: c104.Cot, points: list[c104.Point] | None = None) -> None\n\n"
          "A batch that is sent with this cause. Raises ValueError as add_point() does.")
      .def("add_point", &Batch::add_point, py::arg("point").none(false),
           "add_point(self: c104.Batch, point: c104.Point) -> None\n\n"
           "Add a point. Raises ValueError when the point is in already, is a command, has lost its station, or is of another\n"
           "station or type than the points that are in.")
      .def_property_readonly("points", &Batch::points, "the points, by address")
      .def_property_readonly("type", &Batch::type, "TypeID of the points, None while there are none")
      .def_property_readonly("cot", &Batch::cause, "cause of transmission")
      .def_property_readonly("common_address", &Batch::common_address, "common address of the points, 0 while there are none")
      .def_property(
          "originator_address", &Batch::originator_address,
          [](Batch& self, Integer value) { self.set_originator_address(originator_address(value)); },
          "originator address, 0..255, default 0")
      .def_property_readonly("has_points", &Batch::has_points, "whether there are points")
      .def_property_readonly(
          "number_of_objects", [](const Batch& self) { return self.points().size(); }, "number of points")
      .def_property_readonly(
          "is_negative", [](const Batch&) { return false; }, "always False")
      .def_property_readonly(
          "is_test", [](const Batch&) { return false; }, "always False")
      .def_property_readonly("is_sequence", &Batch::is_sequence, "whether the addresses of the points run on without a gap")
      .def("__repr__", &describe);
}

}  // namespace c104::bindings
