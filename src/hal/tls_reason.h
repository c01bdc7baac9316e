// SPDX-License-Identifier: GPL-3.0-or-later
// The words for what went wrong with TLS: what happened, and what a person can do about it. Any thread. Private to hal.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "hal/tls_config.h"

namespace c104::hal {

// What is known of a handshake or link that failed.
struct TlsFailure {
  int code = 0;  // mbedTLS's
  TlsSide side = TlsSide::client;
  std::uint8_t alert = 0;   // the partner's, for MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE
  std::uint32_t flags = 0;  // MBEDTLS_X509_BADCERT_*
  std::string certificate;  // subject of the one that was refused
  std::string issuer;
  std::string valid_from, valid_to;
  std::string hostname;
  unsigned min_rsa_bits = 0, min_ec_bits = 0;
  bool has_ca = false, has_allowed = false, established = false;
  bool collided = false;     // a request for renegotiation met our own
  std::size_t received = 0;  // octets
  std::uint8_t first_octet = 0;
};

std::string describe(const TlsFailure& failure);
// mbedTLS's codes are sums of a high part, of its module, and a low part (ASN.1, bignum ...). Here the high part; 0: there is none.
int module_of(int code);
// For files: without the -0x.... codes where mbedTLS's meaning is known. `pem`: the head of such a text was found in it.
std::string describe_file_error(int code, const char* kind, bool pem);

}  // namespace c104::hal
