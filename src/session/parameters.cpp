// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/parameters.h"

#include <stdexcept>
#include <string>

namespace c104 {
namespace {

void store(int& field, const char* name, int value, int high, const char* unit = "") {
  if (value < 1 || value > high) {
    throw std::invalid_argument(std::string(name) + " " + std::to_string(value) + " is out of range 1.." +
                                std::to_string(high) + unit);
  }
  field = value;
}

constexpr int most_apdus = 32767;
constexpr int most_seconds = 255;
constexpr int two_days = 172800;

}  // namespace

void ProtocolParameters::set_k(int value) {
  std::lock_guard lock(mutex_);
  store(values_.k, "send_window_size (k)", value, most_apdus);
}

void ProtocolParameters::set_w(int value) {
  std::lock_guard lock(mutex_);
  store(values_.w, "receive_window_size (w)", value, most_apdus);
}

void ProtocolParameters::set_t0(int value) {
  std::lock_guard lock(mutex_);
  store(values_.t0, "connection_timeout (t0)", value, most_seconds, " seconds");
}

void ProtocolParameters::set_t1(int value) {
  std::lock_guard lock(mutex_);
  store(values_.t1, "message_timeout (t1)", value, most_seconds, " seconds");
}

void ProtocolParameters::set_t2(int value) {
  std::lock_guard lock(mutex_);
  store(values_.t2, "confirm_interval (t2)", value, most_seconds, " seconds");
}

void ProtocolParameters::set_t3(int value) {
  std::lock_guard lock(mutex_);
  store(values_.t3, "keep_alive_interval (t3)", value, two_days, " seconds");
}

void ProtocolParameters::check() const {
  const wire::LinkParameters p = get();
  if (p.w > p.k) {
    throw std::invalid_argument("receive_window_size (w) " + std::to_string(p.w) + " must not be above send_window_size (k) " +
                                std::to_string(p.k));
  }
  if (p.t2 >= p.t1) {
    throw std::invalid_argument("confirm_interval (t2) " + std::to_string(p.t2) + " must be below message_timeout (t1) " +
                                std::to_string(p.t1) + ", both in seconds");
  }
}

}  // namespace c104
