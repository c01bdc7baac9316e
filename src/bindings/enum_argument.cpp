// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/enum_argument.h"

namespace py = pybind11;

namespace c104::bindings {

std::string member_meant(py::handle enumeration, py::handle wrong) {
  const bool number = PyLong_Check(wrong.ptr()) && !PyBool_Check(wrong.ptr());
  const py::dict members = enumeration.attr("__members__");
  for (const auto& [name, member] : members) {
    if (number ? py::int_(py::reinterpret_borrow<py::object>(member)).equal(wrong) : name.equal(wrong)) {
      return ", use c104." + enumeration.attr("__name__").cast<std::string>() + "." + name.cast<std::string>();
    }
  }
  return {};
}

}  // namespace c104::bindings
