// SPDX-License-Identifier: GPL-3.0-or-later
// The limits of a Server: numbers, and the networks that may connect.
#include "bindings/errors.h"
#include "bindings/gil.h"
#include "bindings/session.h"

namespace py = pybind11;

namespace c104::bindings {
namespace {

using Limit = std::atomic<std::uint32_t> ServerLimits::*;

void bind_limit(Class<Server>& cls, const char* name, Limit limit, long long low, long long high) {
  cls.def_property(
      name, [limit](Server& self) { return (self.limits().*limit).load(); },
      [name, limit, low, high](Server& self, Integer value) {
        (self.limits().*limit).store(static_cast<std::uint32_t>(checked_integer(name, value, low, high)));
      });
}

// For an address within a network; empty for what is none at all.
std::string network_meant(const py::module_& ipaddress, const py::handle& entry) {
  try {
    const auto meant = ipaddress.attr("ip_network")(py::str(entry), py::arg("strict") = false);
    return "; for the network give " + std::string(py::repr(py::str(meant)));
  } catch (py::error_already_set&) {
    return {};
  }
}

// What ipaddress makes of it: the module knows the notations, and says what is wrong.
py::object as_network(const py::handle& entry) {
  const auto ipaddress = py::module_::import("ipaddress");
  const auto kinds = py::make_tuple(ipaddress.attr("IPv4Network"), ipaddress.attr("IPv6Network"), ipaddress.attr("IPv4Address"),
                                    ipaddress.attr("IPv6Address"));
  if (!py::isinstance<py::str>(entry) && !py::bool_(py::isinstance(entry, kinds))) {
    throw py::type_error("allowed_networks: " + std::string(py::repr(entry)) +
                         " is neither a string nor an address or network of the module ipaddress");
  }
  try {
    return ipaddress.attr("ip_network")(py::str(entry));
  } catch (py::error_already_set& error) {
    if (!error.matches(PyExc_ValueError)) throw;
    throw py::value_error("allowed_networks: " + std::string(py::str(error.value())) + network_meant(ipaddress, entry));
  }
}

std::shared_ptr<const AllowList> allow_list(const py::object& networks) {
  if (networks.is_none()) return nullptr;
  const std::string given = py::repr(networks);
  if (py::isinstance<py::str>(networks) || py::isinstance<py::bytes>(networks) || !py::hasattr(networks, "__iter__")) {
    throw py::type_error("allowed_networks " + given + " is no list of addresses and networks; give [" + given +
                         "], or None for all");
  }
  auto list = std::make_shared<AllowList>();
  for (const py::handle entry : py::iter(networks)) {
    const py::object network = as_network(entry);
    const auto packed = network.attr("network_address").attr("packed").cast<std::string>();
    list->add(py::str(network), {reinterpret_cast<const std::uint8_t*>(packed.data()), packed.size()},
              network.attr("prefixlen").cast<unsigned>());
  }
  return list;
}

}  // namespace

void bind_limits(Class<Server>& cls) {
  bind_limit(cls, "max_connections", &ServerLimits::connections, 0, largest_uint32);
  bind_limit(cls, "max_connections_per_address", &ServerLimits::connections_per_address, 0, largest_uint32);
  bind_limit(cls, "max_pending_connections", &ServerLimits::pending_connections, 1, 65535);
  bind_limit(cls, "startdt_timeout_ms", &ServerLimits::startdt_timeout_ms, 0, largest_uint32);
  bind_limit(cls, "max_apdus_per_second", &ServerLimits::apdus_per_second, 0, largest_uint32);
  bind_limit(cls, "max_answer_octets", &ServerLimits::answer_octets, 4096, largest_uint32);
  cls.def_property(
      "allowed_networks",
      [](const Server& self) -> py::object {
        const auto list = self.allow_list();
        return list ? py::cast(list->texts()) : py::object(py::none());
      },
      [](Server& self, const py::object& networks) {
        auto list = allow_list(networks);
        without_gil([&] { self.set_allow_list(std::move(list)); });
      });
}

}  // namespace c104::bindings
