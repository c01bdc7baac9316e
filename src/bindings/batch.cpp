// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/batch.h"

#include "bindings/session.h"

namespace py = pybind11;

namespace c104::bindings {
namespace {

using Points = std::vector<std::shared_ptr<Point>>;

std::shared_ptr<Batch> make_batch(Cot cause, const std::optional<Points>& points) {
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
  cls.def(py::init(&make_batch), py::arg("cause"), py::arg("points") = py::none())
      .def("add_point", &Batch::add_point, py::arg("point").none(false))
      .def_property_readonly("points", &Batch::points)
      .def_property_readonly("type", &Batch::type)
      .def_property_readonly("cot", &Batch::cause)
      .def_property_readonly("common_address", &Batch::common_address)
      .def_property("originator_address", &Batch::originator_address,
                    [](Batch& self, Integer value) { self.set_originator_address(originator_address(value)); })
      .def_property_readonly("has_points", &Batch::has_points)
      .def_property_readonly("number_of_objects", [](const Batch& self) { return self.points().size(); })
      .def_property_readonly("is_negative", [](const Batch&) { return false; })
      .def_property_readonly("is_test", [](const Batch&) { return false; })
      .def_property_readonly("is_sequence", &Batch::is_sequence)
      .def("__repr__", &describe);
}

}  // namespace c104::bindings
