// SPDX-License-Identifier: GPL-3.0-or-later
// The protocol parameters of a Connection or Server (IEC 60870-5-104, 9.6).
#pragma once

#include <mutex>

#include "wire/link.h"

namespace c104 {

// One of them: 1..high.
struct Parameter {
  int wire::LinkParameters::* field;
  const char* name;
  int high;
  const char* unit;
};

class ProtocolParameters {
 public:
  static constexpr Parameter k{&wire::LinkParameters::k, "send_window_size (k)", 32767, ""};
  static constexpr Parameter w{&wire::LinkParameters::w, "receive_window_size (w)", 32767, ""};
  static constexpr Parameter t0{&wire::LinkParameters::t0, "connection_timeout (t0)", 255, " seconds"};
  static constexpr Parameter t1{&wire::LinkParameters::t1, "message_timeout (t1)", 255, " seconds"};
  static constexpr Parameter t2{&wire::LinkParameters::t2, "confirm_interval (t2)", 254, " seconds"};  // below t1
  static constexpr Parameter t3{&wire::LinkParameters::t3, "keep_alive_interval (t3)", 172800, " seconds"};

  wire::LinkParameters get() const {
    std::lock_guard lock(mutex_);
    return values_;
  }
  // Within the parameter's range; counts for links opened later.
  void set(const Parameter& parameter, int value) {
    std::lock_guard lock(mutex_);
    values_.*parameter.field = value;
  }

  // What must hold between them, w <= k and t2 < t1, when they are put to use: they may be set in any order. Throws
  // std::invalid_argument.
  void check() const;

 private:
  mutable std::mutex mutex_;
  wire::LinkParameters values_;
};

}  // namespace c104
