// SPDX-License-Identifier: GPL-3.0-or-later
// What a TlsConfig was told, files already read. A value: copies share what was read from files. Private to hal's tls_*.cpp.
#pragma once

#include <mbedtls/ssl.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "hal/tls_files.h"

namespace c104::hal {

template <class Content>
struct TlsFile {
  std::string name;
  std::shared_ptr<const Content> content;
};

struct TlsSettings {
  bool validate = true;
  bool only_known = true;
  std::shared_ptr<const OwnCertificate> own;
  std::vector<TlsFile<Certificates>> ca, allowed;
  std::vector<TlsFile<RevocationLists>> revoked;
  std::vector<int> ciphers;  // ends with 0
  mbedtls_ssl_protocol_version min_version = MBEDTLS_SSL_VERSION_TLS1_2;
  mbedtls_ssl_protocol_version max_version = MBEDTLS_SSL_VERSION_TLS1_3;
  unsigned min_rsa_bits = 2048, min_ec_bits = 256;
  std::optional<std::chrono::milliseconds> renegotiation;
  std::chrono::seconds resumption = std::chrono::hours(6);  // zero: never
  std::optional<std::string> hostname;
};

}  // namespace c104::hal
