// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/parameters.h"

#include <stdexcept>
#include <string>

namespace c104 {
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
