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
          py::arg("validate") = true, py::arg("only_known") = true,
          "__init__(self: c104.TransportSecurity, validate: bool = True, only_known: bool = True) -> None\n\n"
          "validate: check the partner's certificate, its chain up to a CA, its validity and its usage. only_known: the "
          "partner's\n"
          "certificate must be one of those given to add_allowed_remote_certificate(). With both False nothing is checked, and "
          "a\n"
          "server does not even ask for a certificate: encrypted, but anybody may be at the other end.")
      .def(
          "set_certificate",
          [](TransportSecurity& self, const py::object& cert, const py::object& key, const std::string& passphrase) {
            self.set_certificate(path(cert), path(key), passphrase);
          },
          py::arg("cert"), py::arg("key"), py::arg("passphrase") = "",
          "set_certificate(self: c104.TransportSecurity, cert: str, key: str, passphrase: str = \"\") -> None\n\n"
          "Our own certificate (followed by intermediate ones, if there are any) and its private key, PEM or DER, RSA or EC. "
          "Raises\n"
          "ValueError with the reason: no such file, not a certificate, the key belongs to another certificate, wrong "
          "passphrase.\n\n"
          ">>> tls.set_certificate(cert=\"server.crt\", key=\"server.key\")")
      .def(
          "set_ca_certificate", [](TransportSecurity& self, const py::object& cert) { self.set_ca_certificate(path(cert)); },
          py::arg("cert"),
          "set_ca_certificate(self: c104.TransportSecurity, cert: str) -> None\n\n"
          "Trust the authorities in this file. A second call adds to the first. Raises ValueError if it cannot be used.\n\n"
          ">>> tls.set_ca_certificate(cert=\"ca.crt\")")
      .def(
          "add_allowed_remote_certificate",
          [](TransportSecurity& self, const py::object& cert) { self.add_allowed_remote_certificate(path(cert)); },
          py::arg("cert"),
          "add_allowed_remote_certificate(self: c104.TransportSecurity, cert: str) -> None\n\n"
          "Add a partner's certificate to the list that only_known looks at. Raises ValueError if it cannot be used.\n\n"
          ">>> tls.add_allowed_remote_certificate(cert=\"client.crt\")")
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
          py::arg("ciphers"),
          "set_ciphers(self: c104.TransportSecurity, ciphers: list[c104.TlsCipher]) -> None\n\n"
          "The accepted cipher suites, best first. Without this call: all that encrypt and authenticate and are not outdated. "
          "Suites\n"
          "must fit the versions and the kind of the server's key. Raises ValueError for an empty list or if none is "
          "available.\n\n"
          ">>> tls.set_ciphers(ciphers=[c104.TlsCipher.TLS1_3_AES_256_GCM_SHA384, "
          "c104.TlsCipher.ECDHE_ECDSA_WITH_AES_256_GCM_SHA384])")
      .def("set_version", &TransportSecurity::set_version, py::arg("min") = TlsVersion::NOT_SELECTED,
           py::arg("max") = TlsVersion::NOT_SELECTED,
           "set_version(self: c104.TransportSecurity, min: c104.TlsVersion = c104.TlsVersion.NOT_SELECTED, max: "
           "c104.TlsVersion = c104.TlsVersion.NOT_SELECTED) -> None\n\n"
           "The accepted TLS versions, by default 1.2 and 1.3; older ones are not available. Raises ValueError if none is "
           "left.\n\n"
           ">>> tls.set_version(min=c104.TlsVersion.TLS_1_3)")
      .def(
          "set_renegotiation_time",
          [](TransportSecurity& self, const py::object& value) { self.set_renegotiation_time(interval(value)); },
          py::arg("interval") = py::none(),
          "set_renegotiation_time(self: c104.TransportSecurity, interval: datetime.timedelta | None = None) -> None\n\n"
          "How often a TLS 1.2 link gets new keys, 5 minutes to 1 day; None, the default: never. TLS 1.3 has no renegotiation. "
          "Raises\n"
          "ValueError outside of this range.")
      .def(
          "set_resumption_interval",
          [](TransportSecurity& self, const py::object& value) { self.set_resumption_interval(interval(value)); },
          py::arg("interval") = py::none(),
          "set_resumption_interval(self: c104.TransportSecurity, interval: datetime.timedelta | None = None) -> None\n\n"
          "How long a session may be resumed without a full handshake, 1 second to 7 days, 6 hours without this call; None: "
          "never.\n"
          "Raises ValueError outside of this range.")
      .def("set_hostname_verification", &set_hostname_verification, py::arg("hostname") = true,
           "set_hostname_verification(self: c104.TransportSecurity, hostname: str | bool | None = True) -> None\n\n"
           "Client: the server's certificate must be made out to this name (subject alternative names, wildcards and IP "
           "addresses;\n"
           "the common name if it has none). True: to the host, or else the ip, that the connection was added with. None, "
           "False, and\n"
           "without this call: any name. Checked even with validate=False.\n\n"
           ">>> tls.set_hostname_verification(hostname=\"rtu7.example.com\")")
      .def("__repr__", [](const TransportSecurity& self) {
        return repr("104.TransportSecurity",
                    std::string("validate=") + python_bool(self.validate()) + ", only_known=" + python_bool(self.only_known()),
                    &self);
      });
}

}  // namespace c104::bindings
