// SPDX-License-Identifier: GPL-3.0-or-later
// TLS as users configure it: the limits of c104's API on top of hal::TlsConfig. Any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/enums.h"

namespace c104 {

namespace hal {
class TlsConfig;
}

class TransportSecurity {
 public:
  // What is checked of partners: see hal/tls_config.h.
  TransportSecurity(bool validate, bool only_known);

  // All of these throw std::invalid_argument: with file and reason, or because a client or server has the configuration. They may
  // wait for a reload() of another thread.
  void set_certificate(const std::string& cert, const std::string& key, const std::string& passphrase);
  void set_ca_certificate(const std::string& cert);  // one more at each call
  void add_allowed_remote_certificate(const std::string& cert);
  void add_revocation_list(const std::string& crl);  // one more at each call
  void set_ciphers(const std::vector<std::uint16_t>& ciphers);
  void set_version(TlsVersion min, TlsVersion max);
  void set_minimum_key_sizes(unsigned rsa, unsigned ec);  // 1024 to 8192, 256 to 521 bits
  void set_renegotiation_time(std::optional<std::chrono::microseconds> interval);  // 5 minutes to 1 day
  void set_resumption_interval(std::optional<std::chrono::microseconds> interval);  // 1 second to 7 days
  // None: names are not looked at. Empty: the host (or ip) of each connection.
  void set_hostname_verification(std::optional<std::string> hostname);

  // Reads the files again, for links that open from now on. Also of a configuration that is in use.
  void reload();

  bool validate() const { return validate_; }
  bool only_known() const { return only_known_; }

  // What Client and Server are made with; they freeze it.
  const std::shared_ptr<hal::TlsConfig>& config() const { return config_; }

 private:
  const bool validate_;
  const bool only_known_;
  const std::shared_ptr<hal::TlsConfig> config_;
};

}  // namespace c104
