// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/callback.h"

namespace c104 {
namespace {
std::atomic<Runtime*> current{nullptr};
}

void set_runtime(Runtime& runtime) noexcept { current.store(&runtime, std::memory_order_release); }
Runtime& runtime() noexcept { return *current.load(std::memory_order_acquire); }

}  // namespace c104
