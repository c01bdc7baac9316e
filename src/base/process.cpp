// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/process.h"

#include <atomic>

#ifndef _WIN32
#include <pthread.h>
#endif

namespace c104 {
namespace {

// How many forks lead here from the process that loaded this, plus one. Not the system's number: that of a dead parent may come again.
std::atomic<int> generation{1};

#ifndef _WIN32
[[maybe_unused]] const int watching =
    ::pthread_atfork(nullptr, nullptr, [] { generation.fetch_add(1, std::memory_order_relaxed); });
#endif

}  // namespace

int process_id() noexcept { return generation.load(std::memory_order_relaxed); }

}  // namespace c104
