// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/counters.h"

#include "bindings/session.h"

namespace py = pybind11;

namespace c104::bindings {
namespace {

py::dict by_type(const TypeCounters& counters) {
  py::dict all;
  counters.each([&all](std::uint8_t type, std::uint64_t count) { all[py::int_(type)] = count; });
  return all;
}

py::dict by_fault(const wire::LinkCounters& link) {
  py::dict all;
  for (std::size_t fault = 1; fault < link.rejected.size(); ++fault) {
    all[wire::name_of(static_cast<wire::Fault>(fault))] = std::uint64_t{link.rejected[fault]};
  }
  return all;
}

py::dict by_cause(const Traffic& traffic) {
  py::dict all;
  for (std::size_t cause = 0; cause < umc_count; ++cause) {
    all[py::str(enum_name(static_cast<Umc>(cause)))] = std::uint64_t{traffic.refused[cause]};
  }
  all["DENIED"] = std::uint64_t{traffic.refused[Traffic::denied]};
  return all;
}

py::object milliseconds_or_none(std::uint64_t us) {
  return us == 0 ? py::object(py::none()) : py::object(py::float_(static_cast<double>(us) / 1000));
}

}  // namespace

py::dict named(Named numbers) {
  py::dict all;
  for (const auto& [name, number] : numbers) all[name] = number;
  return all;
}

py::dict counters_of(const Traffic& traffic, Named timeouts) {
  const wire::LinkCounters& link = traffic.link;
  py::dict all = named({{"octets_received", link.octets_in},
                        {"octets_sent", link.octets_out},
                        {"asdus_received", traffic.asdus_received()},
                        {"asdus_sent", traffic.asdus_sent()},
                        {"asdus_refused", traffic.asdus_refused()},
                        {"malformed_frames", traffic.malformed()},
                        {"overruns", traffic.overruns},
                        {"unsent", traffic.unsent},
                        {"unacknowledged", traffic.unacknowledged},
                        {"send_queue", traffic.send_queue},
                        {"send_queue_most", traffic.send_queue_most},
                        {"receive_queue", traffic.receive_queue},
                        {"receive_queue_most", traffic.receive_queue_most}});
  all["apdus_received"] = named({{"I", link.i_in}, {"S", link.s_in}, {"U", link.u_in}});
  all["apdus_sent"] = named({{"I", link.i_out}, {"S", link.s_out}, {"U", link.u_out}});
  all["asdus_received_by_type"] = by_type(link.asdus_in);
  all["asdus_sent_by_type"] = by_type(link.asdus_out);
  all["asdus_refused_by_reason"] = by_cause(traffic);
  all["malformed_frames_by_reason"] = by_fault(link);
  all["round_trip_ms"] = milliseconds_or_none(link.round_trip_us);
  all["acknowledgement_ms"] = milliseconds_or_none(link.acknowledgement_us);
  py::dict expired = named({{"t0", traffic.t0_expired}, {"t1", link.t1_expired}});
  for (const auto& [name, number] : timeouts) expired[name] = number;
  all["timeouts"] = expired;
  return all;
}

}  // namespace c104::bindings
