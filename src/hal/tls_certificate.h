// SPDX-License-Identifier: GPL-3.0-or-later
// What stands in a certificate, in words and numbers. Any thread. Private to hal's tls_*.cpp.
#pragma once

#include <mbedtls/x509_crt.h>

#include <string>

#include "base/peer_certificate.h"

namespace c104::hal {

std::string text_of(const mbedtls_x509_name& name);
std::string text_of(const mbedtls_x509_time& time);
PeerCertificate describe(const mbedtls_x509_crt& certificate);

}  // namespace c104::hal
