// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/process.h"

#ifndef _WIN32
#include <pthread.h>
#endif

namespace c104 {

// Counted, as the system's number of a parent that has ended may come again.
constinit std::atomic<int> forks{1};

#ifndef _WIN32
namespace {
[[maybe_unused]] const int watching = ::pthread_atfork(nullptr, nullptr, [] { forks.fetch_add(1, std::memory_order_relaxed); });
}  // namespace
#endif

}  // namespace c104
