// SPDX-License-Identifier: GPL-3.0-or-later
// Who has which descriptor in the loop, and what of it the poller is asked. I/O thread only.
#include <algorithm>
#include <utility>

#include "base/log.h"
#include "session/loop.h"

namespace c104 {
namespace {
using namespace std::chrono_literals;
constexpr auto complaint_interval = 10s;

std::uint64_t key_of(std::size_t place, std::uint32_t given) { return std::uint64_t{given} << 32 | place; }
}  // namespace

void IoLoop::add(int descriptor, Pollable& owner, bool read, bool write) {
  if (owner.place_ == Pollable::no_place) {
    if (free_seats_.empty()) {
      free_seats_.push_back(seats_.size());
      seats_.emplace_back();
    }
    owner.place_ = free_seats_.back();
    free_seats_.pop_back();
  }
  Seat& seat = seats_[owner.place_];
  const std::uint32_t given = std::max(seat.given + 1, 1u);
  seat = {&owner, given, descriptor, read, write};
  disarmed_.push_back(owner.place_);
}

void IoLoop::modify(Pollable& owner, bool read, bool write) {
  if (owner.place_ == Pollable::no_place) return;
  Seat& seat = seats_[owner.place_];
  if (seat.read == read && seat.write == write) return;
  seat.read = read;
  seat.write = write;
  disarm(owner.place_);
}

void IoLoop::disarm(std::size_t place) {
  if (std::exchange(seats_[place].armed, false)) disarmed_.push_back(place);
}

// At the end of a turn only: what is ready at once would wake another thread, and much is asked for and taken back in one turn.
void IoLoop::arm() {
  const auto armed = [this](std::size_t place) { return arm(place); };
  disarmed_.erase(std::remove_if(disarmed_.begin(), disarmed_.end(), armed), disarmed_.end());
}

// False: to be tried again.
bool IoLoop::arm(std::size_t place) {
  Seat& seat = seats_[place];
  if (seat.owner == nullptr || seat.armed) return true;
  const std::uint64_t key = key_of(place, seat.given);
  if (seat.polled) {
    poller_->modify(seat.descriptor, key, seat.read, seat.write);
  } else if (const std::error_code error = poller_->add(seat.descriptor, key, seat.read, seat.write)) {
    complain(error);
    return false;
  }
  return seat.polled = seat.armed = true;
}

void IoLoop::complain(const std::error_code& error) {
  const auto now = Monotonic::now();
  if (now < next_complaint_) return;
  next_complaint_ = now + complaint_interval;
  log(LogLevel::error, "c104", "the system watches no more sockets (" + error.message() + "): links wait until it does");
}

void IoLoop::remove(int descriptor, Pollable& owner) {
  if (poller_) poller_->remove(descriptor);
  if (owner.place_ == Pollable::no_place) return;
  seats_[owner.place_].owner = nullptr;
  free_seats_.push_back(owner.place_);
  owner.place_ = Pollable::no_place;
  std::replace(dirty_.begin(), dirty_.end(), &owner, static_cast<Pollable*>(nullptr));
  std::replace(flushing_.begin(), flushing_.end(), &owner, static_cast<Pollable*>(nullptr));
}

void IoLoop::mark_dirty(Pollable& owner) {
  if (owner.place_ == Pollable::no_place) return;
  dirty_.push_back(&owner);
  seats_[owner.place_].due_ms = 0;
}

IoLoop::Seat* IoLoop::seat_of(const hal::PollEvent& event) {
  Seat& seat = seats_[event.key & 0xffffffff];
  return seat.owner != nullptr && seat.given == event.key >> 32 ? &seat : nullptr;
}

}  // namespace c104
