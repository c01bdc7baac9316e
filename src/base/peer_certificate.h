// SPDX-License-Identifier: GPL-3.0-or-later
// What a partner's TLS certificate says of it. A plain value, made once a handshake and from there on only read.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace c104 {

struct PeerCertificate {
  std::string subject, issuer;              // "CN=rtu7, O=Example"
  std::string serial_number;                // hexadecimal, upper case
  std::string fingerprint;                  // SHA-256 of the certificate, hexadecimal, lower case
  std::int64_t not_before = 0, not_after = 0;  // seconds UTC
};

using PeerCertificatePtr = std::shared_ptr<const PeerCertificate>;

}  // namespace c104
