// SPDX-License-Identifier: GPL-3.0-or-later
#include "hal/tls_psa.h"

#include <mbedtls/entropy.h>
#include <psa/crypto.h>

#include <stdexcept>
#include <string>

#if !defined(MBEDTLS_THREADING_C)
#error "mbedTLS must be built with MBEDTLS_THREADING_C: PSA's keys and random numbers are shared by all I/O threads"
#endif

namespace c104::hal {

// Once for the process and never undone: mbedTLS counts its users without a lock.
void start_psa() {
  static const psa_status_t status = psa_crypto_init();
  if (status != PSA_SUCCESS)
    throw std::runtime_error("mbedTLS cannot start its cryptography (PSA status " + std::to_string(status) + ")");
}

int tls_random(void*, unsigned char* into, std::size_t size) {
  return psa_generate_random(into, size) == PSA_SUCCESS ? 0 : MBEDTLS_ERR_ENTROPY_SOURCE_FAILED;
}

}  // namespace c104::hal
