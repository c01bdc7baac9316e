// SPDX-License-Identifier: GPL-3.0-or-later
// The protocol parameters of a Connection or Server (IEC 60870-5-104, 9.6), checked as they are set.
#pragma once

#include <mutex>

#include "wire/link.h"

namespace c104 {

class ProtocolParameters {
 public:
  wire::LinkParameters get() const {
    std::lock_guard lock(mutex_);
    return values_;
  }
  // Each throws std::invalid_argument naming value and range; values count for links opened later.
  void set_k(int value);   // send_window_size: 1..32767
  void set_w(int value);   // receive_window_size: 1..32767
  void set_t0(int value);  // connection_timeout, s: 1..255
  void set_t1(int value);  // message_timeout, s: 1..255
  void set_t2(int value);  // confirm_interval, s: 1..255
  void set_t3(int value);  // keep_alive_interval, s: 1..172800

  // What must hold between them, w <= k and t2 < t1, when they are put to use: they may be set in any order. Throws
  // std::invalid_argument.
  void check() const;

 private:
  mutable std::mutex mutex_;
  wire::LinkParameters values_;
};

}  // namespace c104
