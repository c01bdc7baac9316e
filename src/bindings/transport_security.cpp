// SPDX-License-Identifier: GPL-3.0-or-later
#include <pybind11/chrono.h>
#include <pybind11/stl.h>

#include "bindings/session.h"
#include "session/transport_security.h"

namespace py = pybind11;

namespace c104::bindings {
namespace {

// A str or path-like object. pybind11 would refuse a pathlib.Path, which is what people have in hand.
std::string path(const py::object& value) { return py::module_::import("os").attr("fsdecode")(value).cast<std::string>(); }

// timedelta, and nothing that pybind11 would take for one (float, time).
std::optional<std::chrono::microseconds> interval(const py::object& value) {
  if (value.is_none()) return std::nullopt;
  const py::object timedelta = py::module_::import("datetime").attr("timedelta");
  if (!py::isinstance(value, timedelta))
    throw py::type_error("interval must be a datetime.timedelta or None, not " + py::repr(value).cast<std::string>());
  return value.cast<std::chrono::microseconds>();
}

void set_hostname_verification(TransportSecurity& self, const py::object& hostname) {
  if (hostname.is_none() || hostname.is(py::bool_(false))) {
    self.set_hostname_verification(std::nullopt);
  } else if (hostname.is(py::bool_(true))) {
    self.set_hostname_verification(std::string());
  } else if (py::isinstance<py::str>(hostname)) {
    const auto name = hostname.cast<std::string>();
    if (name.empty())
      throw py::value_error("hostname is empty: give a name, True for the host of each connection, or None for no check");
    self.set_hostname_verification(name);
  } else {
    throw py::type_error("hostname must be a str, bool or None, not " + py::repr(hostname).cast<std::string>());
  }
}

}  // namespace

void bind(Class<TransportSecurity>& cls) {
  cls.def(py::init([](bool validate, bool only_known) { return std::make_shared<TransportSecurity>(validate, only_known); }),
          py::arg("validate") = true, py::arg("only_known") = true)
      .def(
          "set_certificate",
          [](TransportSecurity& self, const py::object& cert, const py::object& key, const std::string& passphrase) {
            self.set_certificate(path(cert), path(key), passphrase);
          },
          py::arg("cert"), py::arg("key"), py::arg("passphrase") = "")
      .def(
          "set_ca_certificate", [](TransportSecurity& self, const py::object& cert) { self.set_ca_certificate(path(cert)); },
          py::arg("cert"))
      .def(
          "add_allowed_remote_certificate",
          [](TransportSecurity& self, const py::object& cert) { self.add_allowed_remote_certificate(path(cert)); },
          py::arg("cert"))
      .def(
          "set_ciphers",
          [](TransportSecurity& self, const py::list& ciphers) {
            const py::object type = py::module_::import("c104").attr("TlsCipher");
            std::vector<std::uint16_t> numbers;
            for (const auto& each : ciphers) {
              if (!py::isinstance(each, type))
                throw py::type_error("ciphers must be a list of c104.TlsCipher, not " + py::repr(each).cast<std::string>());
              numbers.push_back(each.attr("value").cast<std::uint16_t>());
            }
            self.set_ciphers(numbers);
          },
          py::arg("ciphers"))
      .def("set_version", &TransportSecurity::set_version, py::arg("min") = TlsVersion::NOT_SELECTED,
           py::arg("max") = TlsVersion::NOT_SELECTED)
      .def(
          "set_renegotiation_time",
          [](TransportSecurity& self, const py::object& value) { self.set_renegotiation_time(interval(value)); },
          py::arg("interval") = py::none())
      .def(
          "set_resumption_interval",
          [](TransportSecurity& self, const py::object& value) { self.set_resumption_interval(interval(value)); },
          py::arg("interval") = py::none())
      .def("set_hostname_verification", &set_hostname_verification, py::arg("hostname") = true)
      .def("__repr__", [](const TransportSecurity& self) {
        return repr("104.TransportSecurity",
                    std::string("validate=") + python_bool(self.validate()) + ", only_known=" + python_bool(self.only_known()),
                    &self);
      });
}

}  // namespace c104::bindings
