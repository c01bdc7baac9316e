// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/traffic.h"

#include <numeric>

namespace c104 {
namespace {

template <std::size_t Size>
void add_all(std::array<Counter, Size>& sums, const std::array<Counter, Size>& others) {
  for (std::size_t i = 0; i < Size; ++i) sums[i].add(others[i]);
}

template <std::size_t Size>
std::uint64_t total(const std::array<Counter, Size>& counters) {
  return std::accumulate(counters.begin(), counters.end(), std::uint64_t{0});
}

}  // namespace

void Traffic::add(const Traffic& other) {
  link.octets_in.add(other.link.octets_in);
  link.octets_out.add(other.link.octets_out);
  link.i_in.add(other.link.i_in);
  link.s_in.add(other.link.s_in);
  link.u_in.add(other.link.u_in);
  link.i_out.add(other.link.i_out);
  link.s_out.add(other.link.s_out);
  link.u_out.add(other.link.u_out);
  link.asdus_in.add(other.link.asdus_in);
  link.asdus_out.add(other.link.asdus_out);
  add_all(link.rejected, other.link.rejected);
  link.t1_expired.add(other.link.t1_expired);
  link.round_trip_us.raise(other.link.round_trip_us);
  link.acknowledgement_us.raise(other.link.acknowledgement_us);
  t0_expired.add(other.t0_expired);
  add_all(refused, other.refused);
  selections_expired.add(other.selections_expired);
  overruns.add(other.overruns);
  unsent.add(other.unsent);
  unacknowledged.add(other.unacknowledged);
  send_queue.add(other.send_queue);
  send_queue_most.raise(other.send_queue_most);
  receive_queue.add(other.receive_queue);
  receive_queue_most.raise(other.receive_queue_most);
}

void Traffic::forget_present() {
  for (Counter* present : {&link.round_trip_us, &link.acknowledgement_us, &send_queue, &receive_queue}) present->set(0);
}

std::uint64_t Traffic::asdus_received() const { return link.asdus_in.total(); }
std::uint64_t Traffic::asdus_sent() const { return link.asdus_out.total(); }
std::uint64_t Traffic::malformed() const { return total(link.rejected); }

std::uint64_t Traffic::asdus_refused() const { return total(refused); }

}  // namespace c104
