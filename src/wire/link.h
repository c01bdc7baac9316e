// SPDX-License-Identifier: GPL-3.0-or-later
// One IEC 60870-5-104 link: lib60870's state machine over a stream of ours. Everything here runs on
// the I/O thread that owns the link; lib60870's C callbacks end in this room.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "base/bytes.h"
#include "hal/stream.h"
#include "wire/link_counters.h"

namespace c104::wire {

// IEC 60870-5-104, 9.6: times in seconds, windows in APDUs.
struct LinkParameters {
  int k = 12;
  int w = 8;
  int t0 = 10;
  int t1 = 15;
  int t2 = 10;
  int t3 = 20;
};

enum class Role : std::uint8_t { controlling, controlled };

// Called on the I/O thread from inside Link's methods, with lib60870 not on the stack. Sending and closing from here is
// allowed (from on_raw closing only: send() is false there); destroying the link is not.
class LinkEvents {
 public:
  virtual ~LinkEvents() = default;
  // Data transfer runs: STARTDT con arrived (controlling) or STARTDT act was confirmed (controlled).
  virtual void on_started() = 0;
  // STOPDT con arrived, or STOPDT act came: nothing can be sent from here on. (The confirmation goes out when the
  // partner has acknowledged what was sent before.)
  virtual void on_stopped() = 0;
  // A whole ASDU, checked by the gate. The view dies with the call.
  virtual void on_asdu(Bytes asdu) = 0;
  // Every APDU that goes over the link, refused ones included, only with set_raw_enabled(true). A sent one is reported
  // when it is handed to the stream's buffer.
  virtual void on_raw(bool sent, Bytes apdu) = 0;
  // A frame was refused by the gate (already counted).
  virtual void on_fault(Fault fault, Bytes frame) = 0;
};

// A partner that does not read what it provokes is not read from either.
inline constexpr std::size_t unsent_high_water = 1024 * 1024;
// What is read at a time.
inline constexpr std::size_t read_size = 64 * 1024;

// One for all links of a loop: they are many, and a whole APDU is handled before the next read. The memory comes with the first read.
class ReadBuffer {
 public:
  void release() { octets_.reset(); }

 private:
  friend class LibLink;
  std::unique_ptr<std::uint8_t[]> octets_;
  bool taken_ = false;
};

class Link {
 public:
  // The stream is established. The link speaks nothing by itself until start() (controlling) or until the partner
  // does (controlled). It counts into `counters`, which are its own if there are none.
  static std::unique_ptr<Link> create(Role role, const LinkParameters& parameters, std::unique_ptr<hal::Stream> stream,
                                      LinkEvents& events, std::shared_ptr<LinkCounters> counters = nullptr);
  virtual ~Link() = default;

  // STARTDT act / STOPDT act (controlling only).
  virtual void start() = 0;
  virtual void stop() = 0;
  virtual bool started() const = 0;

  // Sends one ASDU (header included, at most 249 octets, else std::length_error) as an I-frame. False: the window of k
  // unacknowledged APDUs is full, or data transfer is not started; nothing was taken. The octets wait for flush().
  virtual bool send(Bytes asdu) = 0;
  // Whether send() would take an ASDU now.
  virtual bool can_send() const = 0;

  // Reads what the stream has into `buffer`, `at_most` so many octets, and passes every whole APDU through
  // gate and lib60870. True: there may be more to read at once (buffer was filled, or TLS holds a rest).
  // Reads nothing while unsent() is unsent_high_water or more; the caller takes the stream out of its poller then.
  virtual bool receive(ReadBuffer& buffer, std::size_t at_most = read_size) = 0;
  // Drives t1-t3; call about every 100 ms.
  virtual void tick() = 0;
  // How long tick() may be left out as long as nothing comes and nothing is sent.
  virtual std::chrono::milliseconds may_rest() const = 0;
  // Writes out what was gathered. want_write: call again when writable.
  virtual hal::Progress flush() = 0;
  // Octets that wait for the partner to read.
  virtual std::size_t unsent() const = 0;
  // I-frames sent that the partner has not acknowledged; after the end: nobody knows whether they arrived.
  virtual int unacknowledged() const = 0;

  // Closes; closed() is true afterwards, and no event comes any more. The descriptor stays open until the link is
  // destroyed, so that it can be taken out of a poller first.
  virtual void close() = 0;
  // The partner is gone, lib60870 gave up (t1, sequence numbers), the gate refused the stream, or close() was called.
  virtual bool closed() const = 0;
  // Why it was closed, for people and logs.
  virtual std::string reason() const = 0;

  virtual void set_raw_enabled(bool enabled) = 0;
  virtual const LinkCounters& counters() const = 0;
  virtual hal::Stream& stream() = 0;
};

}  // namespace c104::wire
