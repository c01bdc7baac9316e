// SPDX-License-Identifier: GPL-3.0-or-later
// Tells a forked child from its parent.
#pragma once

namespace c104 {

// Another one in a child, the same as long as the process lives; never 0. Costs a load from memory, as getpid() does not.
int process_id() noexcept;

}  // namespace c104
