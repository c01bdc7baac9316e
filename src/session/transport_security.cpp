// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/transport_security.h"

#include <stdexcept>
#include <string>

#include "hal/tls_config.h"

namespace c104 {
namespace {

using namespace std::chrono_literals;
using std::chrono::microseconds;

void check(const std::optional<microseconds>& interval, microseconds low, microseconds high, const char* range) {
  if (!interval || (*interval >= low && *interval <= high)) return;
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(*interval).count();
  throw std::invalid_argument("interval of " + std::to_string(seconds) + " seconds is out of range " + range + "; None: never");
}

}  // namespace

TransportSecurity::TransportSecurity(bool validate, bool only_known)
    : validate_(validate), only_known_(only_known), config_(std::make_shared<hal::TlsConfig>(validate, only_known)) {}

void TransportSecurity::set_certificate(const std::string& cert, const std::string& key, const std::string& passphrase) {
  config_->set_certificate(cert, key, passphrase);
}

void TransportSecurity::set_ca_certificate(const std::string& cert) { config_->add_ca_certificate(cert); }

void TransportSecurity::add_allowed_remote_certificate(const std::string& cert) { config_->add_allowed_certificate(cert); }

void TransportSecurity::add_revocation_list(const std::string& crl) { config_->add_revocation_list(crl); }

void TransportSecurity::set_minimum_key_sizes(unsigned rsa, unsigned ec) { config_->set_minimum_key_sizes(rsa, ec); }

void TransportSecurity::reload() { config_->reload(); }

void TransportSecurity::set_ciphers(const std::vector<std::uint16_t>& ciphers) { config_->set_ciphers(ciphers); }

void TransportSecurity::set_version(TlsVersion min, TlsVersion max) { config_->set_versions(min, max); }

void TransportSecurity::set_renegotiation_time(std::optional<microseconds> interval) {
  check(interval, 5min, 24h, "5 minutes..1 day");
  if (interval) {
    config_->set_renegotiation(std::chrono::duration_cast<std::chrono::milliseconds>(*interval));
  } else {
    config_->set_renegotiation(std::nullopt);
  }
}

void TransportSecurity::set_resumption_interval(std::optional<microseconds> interval) {
  check(interval, 1s, 7 * 24h, "1 second..7 days");
  if (interval) {
    config_->set_resumption(std::chrono::duration_cast<std::chrono::seconds>(*interval));
  } else {
    config_->set_resumption(std::nullopt);
  }
}

void TransportSecurity::set_hostname_verification(std::optional<std::string> hostname) {
  config_->set_hostname(std::move(hostname));
}

}  // namespace c104
