// SPDX-License-Identifier: GPL-3.0-or-later
// PSA, mbedTLS's store of keys and source of random numbers: one for the process. Any thread. Private to hal.
#pragma once

#include <cstddef>

namespace c104::hal {

// Throws std::runtime_error when it cannot be started.
void start_psa();
// Its generator, in mbedTLS's form.
int tls_random(void*, unsigned char* into, std::size_t size);

}  // namespace c104::hal
