// SPDX-License-Identifier: GPL-3.0-or-later
// Calling slots from the server's tasks; on a worker, with no lock held.
#pragma once

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "session/callback.h"
#include "session/dispatcher.h"
#include "session/point.h"

namespace c104 {

// The slot's answer; `none` when it is empty, `down` when the interpreter is going down.
template <class R, class... Args, class... Given>
R ask(const Slot<R(Args...)>& slot, R none, R down, Given&&... given) {
  const auto function = slot.get();
  if (!function) return none;
  if (!Dispatcher::enter_callback()) return down;
  R answer = (*function)(std::forward<Given>(given)...);
  Dispatcher::leave_callback();
  return answer;
}

template <class... Args, class... Given>
void tell(const Slot<void(Args...)>& slot, Given&&... given) {
  const auto function = slot.get();
  if (!function || !Dispatcher::enter_callback()) return;
  (*function)(std::forward<Given>(given)...);
  Dispatcher::leave_callback();
}

// Calls one slot of each point that has it.
inline void tell_each(const std::vector<std::shared_ptr<Point>>& points,
                      Slot<void(const std::shared_ptr<Point>&)> PointExtras::* slot) {
  for (const auto& point : points) {
    if (PointExtras* extras = point->find_extras()) tell(extras->*slot, point);
  }
}

}  // namespace c104
