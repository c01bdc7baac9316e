// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "base/types.h"
#include "bindings/session.h"
#include "bindings/values.h"
#include "codec/explain.h"

namespace py = pybind11;

namespace c104::bindings {
namespace {

// An APDU like the one that came: its send and receive sequence numbers are not known here.
std::vector<std::uint8_t> as_apdu(const ReceivedMessage& self) {
  const Bytes asdu = self.message().asdu();
  std::vector<std::uint8_t> apdu(6 + asdu.size());
  apdu[0] = 0x68;
  apdu[1] = static_cast<std::uint8_t>(asdu.size() + 4);
  std::copy(asdu.begin(), asdu.end(), apdu.begin() + 6);
  return apdu;
}

py::object info_of(const ReceivedMessage& self) {
  const Information& info = self.message().information();
  if (info.kind == InfoKind::none) return py::none();
  return to_python(info, self.received_us(), true);
}

std::string describe(const ReceivedMessage& self) {
  const codec::Header& header = self.header();
  const bool has_info = self.message().information().kind != InfoKind::none;
  return repr("c104.IncomingMessage",
              "common_address=" + std::to_string(header.ca) + ", io_address=" + std::to_string(self.message().io_address()) +
                  ", type=" + enum_name(static_cast<Type>(header.type)) +
                  ", info=" + (has_info ? py::type::of(info_of(self)).attr("__name__").cast<std::string>() : "None") +
                  ", cot=" + enum_name(static_cast<Cot>(header.cot)) + ", number_of_objects=" + std::to_string(header.count) +
                  ", test=" + python_bool(header.test) + ", negative=" + python_bool(header.negative) +
                  ", sequence=" + python_bool(header.sequence),
              &self);
}

}  // namespace

void bind(py::class_<ReceivedMessage>& cls) {
  cls.def_property_readonly("type", [](const ReceivedMessage& self) { return static_cast<Type>(self.header().type); })
      .def_property_readonly("cot", [](const ReceivedMessage& self) { return static_cast<Cot>(self.header().cot); })
      .def_property_readonly("common_address", [](const ReceivedMessage& self) { return self.header().ca; })
      .def_property_readonly("originator_address", [](const ReceivedMessage& self) { return self.header().oa; })
      .def_property_readonly("io_address", [](const ReceivedMessage& self) { return self.message().io_address(); })
      .def_property_readonly("info", &info_of)
      .def_property_readonly("is_negative", [](const ReceivedMessage& self) { return self.header().negative; })
      .def_property_readonly("is_select_command", [](const ReceivedMessage& self) { return self.message().is_select(); })
      .def_property_readonly("is_sequence", [](const ReceivedMessage& self) { return self.header().sequence; })
      .def_property_readonly("is_test", [](const ReceivedMessage& self) { return self.header().test; })
      .def_property_readonly("number_of_objects", [](const ReceivedMessage& self) { return self.header().count; })
      .def_property_readonly("number_of_object", [](const ReceivedMessage& self) { return self.header().count; })
      .def_property_readonly("raw",
                             [](const ReceivedMessage& self) {
                               const auto apdu = as_apdu(self);
                               return py::bytes(reinterpret_cast<const char*>(apdu.data()), apdu.size());
                             })
      .def_property_readonly("raw_explain",
                             [](const ReceivedMessage& self) { return codec::describe(codec::explain(as_apdu(self))); })
      .def("first", &ReceivedMessage::first)
      .def("next", &ReceivedMessage::next)
      .def("__repr__", &describe);
}

}  // namespace c104::bindings
