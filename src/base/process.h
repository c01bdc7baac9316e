// SPDX-License-Identifier: GPL-3.0-or-later
// Tells a forked child from its parent.
#pragma once

#include <atomic>

namespace c104 {

// How many forks lead to this process from the one that loaded this, plus one; never 0.
extern std::atomic<int> forks;

// Another one in a child, the same as long as the process lives. Costs a load from memory, as getpid() does not.
inline int process_id() noexcept { return forks.load(std::memory_order_relaxed); }

}  // namespace c104
