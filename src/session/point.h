// SPDX-License-Identifier: GPL-3.0-or-later
// One information object of a station, on either side. Its value is guarded by its station's mutex, a leaf: whoever holds it
// blocks on nothing, so it may be taken with the GIL held. Everything that few points have lives in PointExtras.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/leaf_mutex.h"
#include "base/types.h"
#include "model/information.h"
#include "session/callback.h"
#include "session/message.h"

namespace c104 {

class Point;
class Station;

// What the points of one station share; outlives the station while points are held.
struct PointContext {
  LeafMutex mutex;  // guards the values of all points, and the station's table
  std::weak_ptr<Station> station;
};

struct PointExtras {
  // on_receive: (point, value before, message)
  Slot<ResponseState(const std::shared_ptr<Point>&, const Information&, std::int64_t, IncomingMessage&)> on_receive;
  Slot<void(const std::shared_ptr<Point>&)> on_before_read;
  Slot<void(const std::shared_ptr<Point>&)> on_before_auto_transmit;
  Slot<void(const std::shared_ptr<Point>&)> on_timer;
  std::atomic<std::uint32_t> report_ms{0};
  std::atomic<std::uint32_t> timer_ms{0};
  std::atomic<std::uint32_t> timer_revision{0};  // of on_timer's interval: a timer of an earlier one ends
  std::optional<std::uint32_t> related_ioa;
  bool related_autoreturn = false;
  CommandMode command_mode = CommandMode::DIRECT;
  std::optional<std::uint8_t> selected_by;  // originator address of the master that holds the selection
};

class Point : public std::enable_shared_from_this<Point> {
 public:
  // --- any thread
  Point(std::shared_ptr<PointContext> context, std::uint32_t ioa, Type type);
  ~Point();

  std::uint32_t io_address() const noexcept { return ioa_; }
  Type type() const noexcept { return type_; }
  const TypeInfo& type_info() const noexcept { return *find_type(type_); }
  // Null once the station is gone or the point was removed.
  std::shared_ptr<Station> station() const;
  std::string place() const;  // "CA 1 IOA 11 M_SP_NA_1", for log lines

  struct Snapshot {
    Information info;
    std::int64_t processed_us = 0;
    bool readonly = false;  // the value came from the partner
  };
  Snapshot snapshot() const;
  Information information() const { return snapshot().info; }
  // A value of our own: sets processed_at to now and, for time-tagged types without one, recorded_at.
  void set_information(const Information& info);
  // The same with the station's mutex held, and all of `info` taken as it is.
  void set_information_locked(const Information& info, std::int64_t now_us) noexcept;
  // A value from the partner, with the station's mutex held. Returns what stood there before.
  Snapshot apply_locked(const Information& info, std::int64_t now_us) noexcept;
  Snapshot snapshot_locked() const noexcept { return {info_, processed_us_, readonly_}; }
  // Whether a value of this TypeID may be applied: its own, or the same information with or without a time tag. Stations answer
  // interrogations without one and report changes with one.
  bool takes(Type type) const noexcept;

  PointExtras& extras();                                        // made when first asked for
  PointExtras* find_extras() const noexcept { return extras_.load(std::memory_order_acquire); }

  // Client: C_RD_NA_1 and its answer. Throws std::invalid_argument when there is no connection to ask.
  bool read();
  // Client: a command; server: a value. See Connection::transmit and Server::transmit.
  bool transmit(Cot cause, std::optional<std::uint8_t> originator = std::nullopt);
  // Periodic report and timer (server); 0 ends it. Throws std::invalid_argument unless a multiple of the tick rate.
  void set_report_ms(std::uint32_t interval);
  void set_timer(std::uint32_t interval, Slot<void(const std::shared_ptr<Point>&)>::Function function);

 private:
  friend class Station;

  const std::shared_ptr<PointContext> context_;
  std::atomic<PointExtras*> extras_{nullptr};
  std::int64_t processed_us_ = 0;
  Information info_{};
  const std::uint32_t ioa_;
  const Type type_;
  bool removed_ = false;
  bool readonly_ = false;
};

}  // namespace c104
