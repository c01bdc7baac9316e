// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/parameters.h"

#include <stdexcept>
#include <string>

namespace c104 {
namespace {

void check(const char* name, int value, int low, int high, const char* why) {
  if (value >= low && value <= high) return;
  throw std::invalid_argument(std::string(name) + " " + std::to_string(value) + " is out of range " + std::to_string(low) +
                              ".." + std::to_string(high) + why);
}

}  // namespace

void ProtocolParameters::set_k(int value) {
  std::lock_guard lock(mutex_);
  check("send_window_size (k)", value, values_.w, 32767, ": not below receive_window_size (w)");
  values_.k = value;
}

void ProtocolParameters::set_w(int value) {
  std::lock_guard lock(mutex_);
  check("receive_window_size (w)", value, 1, values_.k, ": not above send_window_size (k)");
  values_.w = value;
}

void ProtocolParameters::set_t0(int value) {
  std::lock_guard lock(mutex_);
  check("connection_timeout (t0)", value, 1, 255, " seconds");
  values_.t0 = value;
}

void ProtocolParameters::set_t1(int value) {
  std::lock_guard lock(mutex_);
  check("message_timeout (t1)", value, values_.t2 + 1, 255, " seconds: above confirm_interval (t2)");
  values_.t1 = value;
}

void ProtocolParameters::set_t2(int value) {
  std::lock_guard lock(mutex_);
  check("confirm_interval (t2)", value, 1, values_.t1 - 1, " seconds: below message_timeout (t1)");
  values_.t2 = value;
}

void ProtocolParameters::set_t3(int value) {
  std::lock_guard lock(mutex_);
  check("keep_alive_interval (t3)", value, 1, 172800, " seconds");
  values_.t3 = value;
}

}  // namespace c104
