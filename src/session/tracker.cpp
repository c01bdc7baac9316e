// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/tracker.h"

#include <algorithm>

namespace c104 {
namespace {

constexpr std::uint16_t global_ca = 0xFFFF;
constexpr std::uint8_t type_read = static_cast<std::uint8_t>(Type::C_RD_NA_1);

bool is_refusal(const codec::Header& h) { return h.cot >= 44 && h.cot <= 47; }

struct Answer {
  codec::Header header;
  std::uint32_t ioa = 0;
  bool select = false;
};

Answer read_answer(Bytes asdu) {
  Answer answer{codec::read_header(asdu)};
  if (asdu.size() >= codec::header_size + codec::ioa_size) {
    const std::uint8_t* ioa = asdu.data() + codec::header_size;
    answer.ioa = ioa[0] | (ioa[1] << 8) | (ioa[2] << 16);
  }
  const TypeInfo* type = find_type(answer.header.type);
  if (type != nullptr && is_command(type->kind)) {
    codec::Reader reader(asdu);
    std::uint32_t ioa;
    Information info;
    reader.next(ioa, info, answer.select);
  }
  return answer;
}

// What an answer means for one waiting command; waiting: not its answer, or not yet the end.
Outcome judge_data(const PendingCommand& p, const Answer& a, Bytes asdu) {
  if (a.header.ca != p.ca) return Outcome::waiting;
  if (a.header.type == type_read) {
    const bool refused = is_refusal(a.header) || (a.header.cot == 7 && a.header.negative);
    return refused && a.ioa == p.ioa ? Outcome::refused : Outcome::waiting;
  }
  if (a.header.cot != static_cast<std::uint8_t>(Cot::REQUEST)) return Outcome::waiting;
  codec::Reader reader(asdu);
  std::uint32_t ioa;
  Information info;
  while (reader.next(ioa, info)) {
    if (ioa == p.ioa) return Outcome::success;
  }
  return Outcome::waiting;
}

Outcome judge_command(PendingCommand& p, const Answer& a, bool& taken) {
  const bool own = a.header.type == p.type && (a.header.ca == p.ca || p.ca == global_ca) && a.ioa == p.ioa;
  if (!own) return Outcome::waiting;
  const bool first_answer = p.confirmed == 0 || p.ca == global_ca;
  if (is_refusal(a.header)) {
    if (!first_answer) return Outcome::waiting;
    taken = true;
    return Outcome::refused;
  }
  switch (static_cast<Cot>(a.header.cot)) {
    case Cot::ACTIVATION_CON:
    case Cot::DEACTIVATION_CON:
      if (!first_answer || a.select != p.select) return Outcome::waiting;
      taken = true;
      if (a.header.negative) return p.confirmed == 0 ? Outcome::refused : Outcome::waiting;
      ++p.confirmed;
      return p.until == Until::confirmation ? Outcome::success : Outcome::waiting;
    case Cot::ACTIVATION_TERMINATION:
      // One that comes before the confirmation ends some earlier command.
      if (p.confirmed == 0) return Outcome::waiting;
      taken = true;
      ++p.terminated;
      return p.terminated >= p.confirmed ? Outcome::success : Outcome::waiting;
    default: return Outcome::waiting;
  }
}

}  // namespace

void CommandTracker::add(const Pending& pending) {
  std::lock_guard lock(mutex_);
  const auto now = Monotonic::now();
  pending_.remove_if([&](const Pending& p) { return p->abandoned && p->expires <= now; });
  pending_.push_back(pending);
  awaited_.store(true, std::memory_order_release);
}

bool CommandTracker::wanted(const Pending& pending) {
  std::lock_guard lock(mutex_);
  return !pending->abandoned && pending->outcome == Outcome::waiting;
}

std::pair<CommandTracker::Pending, Outcome> CommandTracker::match(Bytes asdu) {
  if (!awaited_.load(std::memory_order_acquire)) return {};  // the ordinary stream of values pays for no lock
  std::lock_guard lock(mutex_);
  const Answer answer = read_answer(asdu);
  const auto now = Monotonic::now();
  pending_.remove_if([&](const Pending& p) { return p->abandoned && p->expires <= now; });
  // A late answer and the answer to a repetition look alike but for what they mirror. Those who sent exactly these objects come
  // first, and of them those who still wait; each group in the order in which the commands were sent.
  std::vector<Pending> candidates(pending_.begin(), pending_.end());
  const Bytes objects = asdu.subspan(codec::header_size);
  const bool mirrors = answer.header.cot != static_cast<std::uint8_t>(Cot::ACTIVATION_TERMINATION);
  const auto rank = [&](const Pending& p) {
    const bool exact =
        !mirrors || p->until == Until::data || std::equal(objects.begin(), objects.end(), p->objects.begin(), p->objects.end());
    return (exact ? 0 : 2) + (p->abandoned ? 1 : 0);
  };
  std::stable_sort(candidates.begin(), candidates.end(), [&](const Pending& a, const Pending& b) { return rank(a) < rank(b); });
  std::pair<Pending, Outcome> ended{};
  for (const Pending& candidate : candidates) {
    PendingCommand& p = *candidate;
    bool taken = false;
    const Outcome outcome = p.until == Until::data ? judge_data(p, answer, asdu) : judge_command(p, answer, taken);
    if (outcome == Outcome::waiting && !taken) continue;
    if (outcome != Outcome::waiting) {
      forget_locked(candidate);
      ended = {candidate, outcome};
    }
    // A partner that confirms a repetition has done with what came before.
    pending_.remove_if([&](const Pending& old) {
      return old->abandoned && old->confirmed > 0 && !p.abandoned && old->type == p.type && old->ca == p.ca &&
             old->ioa == p.ioa;
    });
    break;
  }
  awaited_.store(!pending_.empty(), std::memory_order_release);
  return ended;
}

void CommandTracker::settle(const Pending& pending, Outcome outcome) {
  std::lock_guard lock(mutex_);
  if (pending->outcome != Outcome::waiting) return;
  pending->outcome = outcome;
  forget_locked(pending);
  pending->settled.notify_all();
}

void CommandTracker::abort_all() {
  std::lock_guard lock(mutex_);
  for (const Pending& p : pending_) {
    p->outcome = Outcome::link_lost;
    p->settled.notify_all();
  }
  pending_.clear();
}

void CommandTracker::give_up(const Pending& pending, std::chrono::milliseconds patience) {
  std::lock_guard lock(mutex_);
  pending->abandoned = true;
  pending->expires = Monotonic::now() + patience;
}

Outcome CommandTracker::await(const Pending& pending, std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  const bool settled = pending->settled.wait_for(lock, patience, [&] { return pending->outcome != Outcome::waiting; });
  if (settled) return pending->outcome;
  pending->abandoned = true;
  pending->expires = Monotonic::now() + patience;
  return Outcome::timeout;
}

// NOLINTNEXTLINE(performance-unnecessary-value-param): see the header
void CommandTracker::forget_locked(Pending pending) { pending_.remove(pending); }

}  // namespace c104
