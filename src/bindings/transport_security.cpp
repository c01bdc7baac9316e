// SPDX-License-Identifier: GPL-3.0-or-later
#include <pybind11/chrono.h>
#include <pybind11/stl.h>

#include "bindings/errors.h"
#include "bindings/gil.h"
#include "bindings/session.h"
#include "session/transport_security.h"

namespace py = pybind11;

namespace c104::bindings {
namespace {

// A str or path-like object. pybind11 would refuse a pathlib.Path, which is what people have in hand.
std::string path(const py::object& value) {
  try {
    return py::module_::import("os").attr("fsdecode")(value).cast<std::string>();
  } catch (py::error_already_set& error) {
    if (!error.matches(PyExc_TypeError)) throw;
    throw py::type_error(std::string("the path of a file is wanted, a str or os.PathLike, not ") +
                         Py_TYPE(value.ptr())->tp_name + " " + py::repr(value).cast<std::string>());
  }
}

// timedelta, and nothing that pybind11 would take for one (float, time).
std::optional<std::chrono::microseconds> interval(const py::object& value) {
  if (value.is_none()) return std::nullopt;
  const py::object timedelta = py::module_::import("datetime").attr("timedelta");
  if (!py::isinstance(value, timedelta))
    throw py::type_error("interval must be a datetime.timedelta or None, not " + py::repr(value).cast<std::string>());
  return value.cast<std::chrono::microseconds>();
}

std::optional<std::string> hostname(const py::object& value) {
  if (value.is_none() || value.is(py::bool_(false))) return std::nullopt;
  if (value.is(py::bool_(true))) return std::string();
  if (!py::isinstance<py::str>(value))
    throw py::type_error("hostname must be a str, bool or None, not " + py::repr(value).cast<std::string>());
  auto name = value.cast<std::string>();
  if (name.empty())
    throw py::value_error("hostname is empty: give a name, True for the host of each connection, or None for no check");
  return name;
}

std::vector<std::uint16_t> numbers(const py::list& ciphers) {
  const py::object type = py::module_::import("c104").attr("TlsCipher");
  std::vector<std::uint16_t> result;
  for (const auto& each : ciphers) {
    if (!py::isinstance(each, type))
      throw py::type_error("ciphers must be a list of c104.TlsCipher, not " + py::repr(each).cast<std::string>());
    result.push_back(each.attr("value").cast<std::uint16_t>());
  }
  return result;
}

unsigned bits(const char* name, Integer value) {
  return static_cast<unsigned>(checked_integer(name, value, 0, largest_uint32));
}

// Binds a method that takes one argument, which `convert` makes of what Python gives. Setters wait while another thread reloads.
template <class Argument, class Given>
auto setter(void (TransportSecurity::*method)(Argument), std::decay_t<Argument> (*convert)(const Given&)) {
  return [method, convert](TransportSecurity& self, const Given& value) {
    auto argument = convert(value);
    without_gil([&] { (self.*method)(std::move(argument)); });
  };
}

}  // namespace

void bind(Class<TransportSecurity>& cls) {
  cls.def(py::init([](bool validate, bool only_known) { return std::make_shared<TransportSecurity>(validate, only_known); }),
          py::arg("validate") = true, py::arg("only_known") = true)
      .def(
          "set_certificate",
          [](TransportSecurity& self, const py::object& cert, const py::object& key, const std::string& passphrase) {
            without_gil([&, certificate_file = path(cert), key_file = path(key)] {
              self.set_certificate(certificate_file, key_file, passphrase);
            });
          },
          py::arg("cert"), py::arg("key"), py::arg("passphrase") = "")
      .def("set_ca_certificate", setter(&TransportSecurity::set_ca_certificate, path), py::arg("cert"))
      .def("add_allowed_remote_certificate", setter(&TransportSecurity::add_allowed_remote_certificate, path), py::arg("cert"))
      .def("add_revocation_list", setter(&TransportSecurity::add_revocation_list, path), py::arg("crl"))
      .def("reload", blocking(&TransportSecurity::reload))
      .def("set_ciphers", setter(&TransportSecurity::set_ciphers, numbers), py::arg("ciphers"))
      .def("set_version", blocking(&TransportSecurity::set_version), py::arg("min") = TlsVersion::NOT_SELECTED,
           py::arg("max") = TlsVersion::NOT_SELECTED)
      .def(
          "set_minimum_key_sizes",
          [](TransportSecurity& self, Integer rsa, Integer ec) {
            without_gil(
                [&, rsa_bits = bits("rsa", rsa), ec_bits = bits("ec", ec)] { self.set_minimum_key_sizes(rsa_bits, ec_bits); });
          },
          py::arg("rsa") = 2048, py::arg("ec") = 256)
      .def("set_renegotiation_time", setter(&TransportSecurity::set_renegotiation_time, interval),
           py::arg("interval") = py::none())
      .def("set_resumption_interval", setter(&TransportSecurity::set_resumption_interval, interval),
           py::arg("interval") = py::none())
      .def("set_hostname_verification", setter(&TransportSecurity::set_hostname_verification, hostname),
           py::arg("hostname") = true)
      .def("__repr__", [](const TransportSecurity& self) {
        return repr("104.TransportSecurity",
                    std::string("validate=") + python_bool(self.validate()) + ", only_known=" + python_bool(self.only_known()),
                    &self);
      });
}

}  // namespace c104::bindings
