// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "bindings/session.h"
#include "bindings/values.h"

namespace py = pybind11;

namespace c104::bindings {
namespace {

py::object utc(std::int64_t seconds) {
  const py::object datetime = py::module_::import("datetime");
  const py::object epoch = datetime.attr("datetime")(1970, 1, 1, py::arg("tzinfo") = datetime.attr("timezone").attr("utc"));
  constexpr std::int64_t first = -62'135'596'800;  // Python's time begins with the year 1, ASN.1's with 0
  return epoch + datetime.attr("timedelta")(py::arg("seconds") = std::max(seconds, first));
}

}  // namespace

void bind(Class<PeerCertificate>& cls) {
  cls.def_readonly("subject", &PeerCertificate::subject)
      .def_readonly("issuer", &PeerCertificate::issuer)
      .def_readonly("serial_number", &PeerCertificate::serial_number)
      .def_readonly("fingerprint", &PeerCertificate::fingerprint)
      .def_property_readonly("not_before", [](const PeerCertificate& self) { return utc(self.not_before); })
      .def_property_readonly("not_after", [](const PeerCertificate& self) { return utc(self.not_after); })
      .def("__repr__", [](const PeerCertificate& self) {
        return repr("104.PeerCertificate", "subject=" + self.subject + ", fingerprint=" + self.fingerprint, &self);
      });
}

}  // namespace c104::bindings
