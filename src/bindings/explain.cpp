// SPDX-License-Identifier: GPL-3.0-or-later
#include "codec/explain.h"

#include <pybind11/pybind11.h>

#include <string_view>

#include "bindings/register.h"

namespace py = pybind11;

namespace c104::bindings {
namespace {

Bytes octets_of(const py::bytes& apdu) {
  const auto text = apdu.cast<std::string_view>();
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

py::dict as_dict(const codec::Explanation& e) {
  using Format = codec::Explanation::Format;
  py::dict d;
  switch (e.format) {
    case Format::invalid:
      d["format"] = "INVALID";
      d["problem"] = e.problem;
      return d;
    case Format::s:
      d["format"] = "S";
      d["rx"] = e.rx;
      return d;
    case Format::u:
      d["format"] = "U";
      d["type"] = e.function;
      d["cot"] = e.confirm;
      return d;
    case Format::i: break;
  }
  d["format"] = "I";
  d["tx"] = e.tx;
  d["rx"] = e.rx;
  d["type"] = static_cast<Type>(e.header.type);
  d["numberOfObjects"] = e.header.count;
  d["sequence"] = e.header.sequence;
  d["cot"] = static_cast<Cot>(e.header.cot);
  d["negative"] = e.header.negative;
  d["test"] = e.header.test;
  d["commonAddress"] = e.header.ca;
  d["originatorAddress"] = e.header.oa;
  if (!e.first_ioa) return d;
  d["firstInformationObjectAddress"] = *e.first_ioa;
  if (e.select) d["select"] = *e.select;
  d["elements"] = codec::hex(e.elements);
  return d;
}

}  // namespace

void register_explain(py::module_& m) {
  m.def(
      "explain_bytes", [](const py::bytes& apdu) { return codec::describe(codec::explain(octets_of(apdu))); }, py::arg("apdu"));
  m.def("explain_bytes_dict", [](const py::bytes& apdu) { return as_dict(codec::explain(octets_of(apdu))); }, py::arg("apdu"));
}

}  // namespace c104::bindings
