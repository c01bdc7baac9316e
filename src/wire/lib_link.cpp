// SPDX-License-Identifier: GPL-3.0-or-later
#include "wire/lib_link.h"

#include <algorithm>
#include <cstring>
#include <stdexcept>

#include "hal/clock.h"

namespace c104::wire {
namespace {

constexpr std::uint64_t timing_interval_ms = 100;

// At least 1: 0 stands for "not measured".
std::uint64_t microseconds_since(Monotonic::time_point then) {
  return static_cast<std::uint64_t>(
      std::max<std::int64_t>(1, std::chrono::duration_cast<std::chrono::microseconds>(Monotonic::now() - then).count()));
}

struct Taken {
  explicit Taken(bool& flag) : flag_(flag) { flag_ = true; }
  ~Taken() { flag_ = false; }
  bool& flag_;
};

// Room for what one read buffer full of TESTFR act provokes, and for the window.
std::size_t hard_limit(const LinkParameters& parameters) {
  return unsent_high_water + 2 * read_size + static_cast<std::size_t>(parameters.k) * apdu_max_size;
}

}  // namespace

std::unique_ptr<Link> Link::create(Role role, const LinkParameters& parameters, std::unique_ptr<hal::Stream> stream,
                                   LinkEvents& events, std::shared_ptr<LinkCounters> counters) {
  if (!counters) counters = std::make_shared<LinkCounters>();
  MakeLink& make = role == Role::controlling ? make_client_link : make_server_link;
  return make(parameters, std::move(stream), events, std::move(counters));
}

LibLink::LibLink(Role role, const LinkParameters& parameters, std::unique_ptr<hal::Stream> stream, LinkEvents& events,
                 std::shared_ptr<LinkCounters> counters)
    : role_(role),
      parameters_(parameters),
      stream_(std::move(stream)),
      events_(events),
      socket_(*this, hard_limit(parameters)),
      counters_(std::move(counters)) {}

// ---------------------------------------------------------------------------------------------- sending

bool LibLink::send(Bytes asdu) {
  // lib60870 copies into 256 octets on its stack without a check (cs104_slave.c:2100).
  if (asdu.size() < asdu_header_size || asdu.size() > asdu_max_size)
    throw std::length_error("an ASDU of " + std::to_string(asdu.size()) + " octets");
  if (!can_send()) return false;
  const bool taken = inside([&] { return send_library(asdu); });
  if (taken) {
    sent_number_ = (sent_number_ + 1) & 0x7fff;
    ++counters_->asdus_out[asdu[0]];
    if (!timed_number_ && hal::turn_clock() >= next_timing_) {
      timed_number_ = sent_number_;
      timed_at_ = Monotonic::now();
    }
  }
  if (socket_.failed()) after_library(false, {});
  return taken;
}

void LibLink::on_written(Bytes apdu) {
  if (is_i_frame(apdu.data())) {
    ++counters_->i_out;
    confirmed_number_ = receive_number(apdu.data());
  } else if (is_s_frame(apdu.data())) {
    ++counters_->s_out;
    confirmed_number_ = receive_number(apdu.data());
  } else {
    ++counters_->u_out;
    if (apdu[2] == u_frame::testfr_act) testfr_waits_ = true;
    if (u_frame::is_act(apdu[2])) {
      awaited_con_ = u_frame::con_of(apdu[2]);
      act_at_ = Monotonic::now();
    }
  }
  if (raw_enabled_ && !closed_) events_.on_raw(true, apdu);
}

hal::Progress LibLink::flush() {
  if (closed_) return hal::Progress::failed;
  while (!socket_.unsent().empty()) {
    const hal::Transfer moved = stream_->write(socket_.unsent());
    counters_->octets_out.add(moved.count);
    socket_.mark_sent(moved.count);
    if (moved.progress == hal::Progress::failed) {
      shut(stream_->error());
      return hal::Progress::failed;
    }
    if (moved.progress != hal::Progress::done) return moved.progress;
  }
  return hal::Progress::done;
}

// ---------------------------------------------------------------------------------------------- receiving

bool LibLink::receive(ReadBuffer& buffer, std::size_t at_most) {
  at_most = std::min(at_most, read_size);
  if (closed_) return false;
  if (unsent() >= unsent_high_water && (flush() == hal::Progress::failed || unsent() >= unsent_high_water)) return false;
  // Inside an event of another link: the buffer is in use, and there may well be something to read.
  if (buffer.taken_) return true;
  const Taken taken(buffer.taken_);

  if (!buffer.octets_) buffer.octets_.reset(new std::uint8_t[apdu_max_size + read_size]);  // not zeroed
  std::uint8_t* octets = buffer.octets_.get();
  std::memcpy(octets, carry_.data(), carry_size_);
  const hal::Transfer moved = stream_->read(octets + carry_size_, at_most);
  counters_->octets_in.add(moved.count);
  const std::size_t size = carry_size_ + moved.count;
  carry_size_ = 0;
  if (moved.count > 0) {
    process({octets, size});
  } else {
    carry_size_ = static_cast<std::uint16_t>(size);  // unchanged, and still in carry_
  }
  if (closed_) return false;
  if (moved.progress == hal::Progress::failed) {
    shut(stream_->error());
    return false;
  }
  return moved.count == at_most || stream_->has_buffered_input();
}

void LibLink::process(Bytes octets) {
  std::size_t position = 0;
  while (!closed_) {
    const Bytes rest = octets.subspan(position);
    const Gated gated = gate(role_, rest);
    if (gated.fault == Fault::none && gated.apdu_size == 0) {
      // At most 254 octets, since the gate knows the length from the second octet on.
      std::memcpy(carry_.data(), rest.data(), rest.size());
      carry_size_ = static_cast<std::uint16_t>(rest.size());
      break;
    }
    if (gated.apdu_size == 0) {
      refuse(gated.fault, rest.first(std::min(rest.size(), apdu_max_size)));
    } else {
      pass(rest.data(), gated);
      position += gated.apdu_size;
    }
  }
  // The slave closes one tick after an error.
  if (!closed_) after_library(inside([&] { return settle_library(); }), {});
}

// One APDU: events, counters, lib60870.
void LibLink::pass(const std::uint8_t* apdu, const Gated& gated) {
  const Bytes frame(apdu, gated.apdu_size);
  const bool i_frame = is_i_frame(apdu);
  const bool u_frame = !i_frame && !is_s_frame(apdu);
  Fault fault = gated.fault;
  if (fault == Fault::none && u_frame) fault = unexpected(apdu[2]);

  if (raw_enabled_) events_.on_raw(false, frame);
  if (closed_) return;
  if (fault != Fault::none) refuse(fault, frame);
  if (closed_) return;

  if (i_frame) {
    ++counters_->i_in;
  } else if (u_frame) {
    ++counters_->u_in;
  } else {
    ++counters_->s_in;
  }
  std::string why = u_frame ? std::string() : sequence_objection(apdu);
  if (!why.empty()) ++counters_->rejected[static_cast<std::size_t>(Fault::sequence_number)];
  if (why.empty()) why = objection(apdu);

  std::array<std::uint8_t, apci_size + asdu_header_size> blank{0x68, apci_size - 2 + asdu_header_size};
  if (i_frame) {
    std::memcpy(blank.data() + 2, apdu + 2, 4);
    socket_.show(blank);
  } else {
    socket_.show(frame);
  }
  const bool alive = inside([&] { return run_library(); });
  // The slave closes before it reads.
  const bool taken = !socket_.readable();
  socket_.hide();
  if (closed_) return;
  if (!why.empty()) {
    // lib60870 objects to the same; should it ever be more lenient, we are not.
    after_library(false, std::move(why));
    return;
  }
  if (!taken) {
    after_library(alive, {});
    return;
  }
  if (!u_frame) {
    acknowledged_ = receive_number(apdu);
    if (timed_number_) measure_acknowledgement();
  }
  if (i_frame) {
    received_number_ = (received_number_ + 1) & 0x7fff;
    // Even if a timer has just ended the link: this ASDU came in order.
    if (fault == Fault::none) {
      ++counters_->asdus_in[apdu[apci_size]];
      events_.on_asdu(frame.subspan(apci_size, gated.asdu_size));
    }
  } else if (u_frame) {
    if (apdu[2] == u_frame::testfr_con) testfr_waits_ = false;
    if (apdu[2] == awaited_con_) {
      awaited_con_ = 0;
      counters_->round_trip_us.set(microseconds_since(act_at_));
    }
    if (alive) on_u_frame(apdu[2]);
  }
  after_library(alive, {});
}

// One I-format at a time, and not more than ten a second: reading the clock costs more than all the rest.
void LibLink::measure_acknowledgement() {
  if (((sent_number_ - *timed_number_) & 0x7fff) < unacknowledged()) return;  // it still waits for its own
  counters_->acknowledgement_us.set(microseconds_since(timed_at_));
  timed_number_.reset();
  next_timing_ = hal::turn_clock() + timing_interval_ms;
}

void LibLink::refuse(Fault fault, Bytes octets) {
  ++counters_->rejected[static_cast<std::size_t>(fault)];
  events_.on_fault(fault, octets);
  if (closes_link(fault)) shut(std::string("frame refused: ") + describe(fault));
}

std::string LibLink::sequence_objection(const std::uint8_t* apdu) const {
  if (is_i_frame(apdu) && send_number(apdu) != received_number_) {
    return "sequence error: I-frame " + std::to_string(send_number(apdu)) + " came, " + std::to_string(received_number_) +
           " was expected";
  }
  const int acknowledges = (receive_number(apdu) - acknowledged_) & 0x7fff;
  if (acknowledges > unacknowledged()) {
    return "sequence error: " + std::to_string(receive_number(apdu)) + " acknowledged, " + std::to_string(acknowledged_) +
           " to " + std::to_string(sent_number_) + " was possible";
  }
  return {};
}

// ---------------------------------------------------------------------------------------------- time and end

void LibLink::tick() {
  if (closed_) return;
  supervise();  // first: it knows the reason better
  if (closed_) return;
  bool alive = inside([&] { return run_library(); });
  if (alive && !closed_) alive = inside([&] { return settle_library(); });
  after_library(alive, {});
}

// How late t3 may be noticed, a twentieth of it: most links idle most of the time, and looking at them is what a thousand cost.
std::chrono::milliseconds LibLink::may_rest() const {
  const bool only_t3_runs = started() && unsent() == 0 && unacknowledged() == 0 && confirmed_number_ == received_number_ &&
                            !testfr_waits_ && !supervising();
  return std::chrono::milliseconds(only_t3_runs ? std::clamp(parameters_.t3 * 50, 100, 1000) : 0);
}

void LibLink::after_library(bool alive, std::string why) {
  if (closed_) return;
  if (socket_.failed()) {
    shut("the partner does not read: " + std::to_string(socket_.unsent().size()) + " octets wait for it");
  } else if (!alive) {
    why.empty() ? expire(what_timed_out()) : shut(std::move(why));
  }
}

// lib60870 does not tell why it closed. Sequence and state errors have been found before, so it was t1.
std::string LibLink::what_timed_out() const {
  if (testfr_waits_ && unacknowledged() > 0) return "neither TESTFR nor I-frames were confirmed";
  if (testfr_waits_) return "TESTFR was not confirmed";
  if (unacknowledged() > 0) return std::to_string(unacknowledged()) + " I-frames were not acknowledged";
  return "STARTDT or STOPDT was not confirmed";
}

void LibLink::expire(const std::string& what) {
  ++counters_->t1_expired;
  shut("t1 (" + std::to_string(parameters_.t1) + " s) expired: " + what);
}

void LibLink::shut(std::string reason) {
  if (closed_) return;
  reason_ = std::move(reason);
  closed_ = true;
  if (in_library_) return;  // inside() ends it
  if (!ended_) {
    ended_ = true;
    end_library();
  }
  // A last acknowledgement, if the stream takes it at once.
  if (!socket_.failed() && !socket_.unsent().empty()) {
    const hal::Transfer moved = stream_->write(socket_.unsent());
    counters_->octets_out.add(moved.count);
    socket_.mark_sent(moved.count);
  }
}

}  // namespace c104::wire
