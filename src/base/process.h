// SPDX-License-Identifier: GPL-3.0-or-later
// Tells a forked child from its parent.
#pragma once

#ifdef _WIN32
#include <process.h>
#else
#include <unistd.h>
#endif

namespace c104 {

inline int process_id() noexcept {
#ifdef _WIN32
  return ::_getpid();
#else
  return ::getpid();
#endif
}

}  // namespace c104
