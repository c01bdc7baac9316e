// SPDX-License-Identifier: GPL-3.0-or-later
#include "hal/tls_config.h"

#include <mbedtls/ssl_ciphersuites.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <stdexcept>

#include "base/log.h"
#include "hal/tls_psa.h"
#include "hal/tls_snapshot.h"

namespace c104::hal {
namespace {

constexpr auto logger = "c104.tls";
constexpr unsigned min_rsa = 1024, max_rsa = 8192;
constexpr unsigned min_ec = 256, max_ec = 521;  // no smaller curve is accepted

bool is_usable_by_default(const char* name) {
  for (const char* word : {"NULL", "PSK", "RC4", "3DES", "-DES-", "anon", "EXPORT", "ECJPAKE"}) {
    if (std::strstr(name, word) != nullptr) return false;
  }
  return true;
}

std::vector<int> default_ciphers() {
  std::vector<int> result;
  for (const int* each = mbedtls_ssl_list_ciphersuites(); *each != 0; ++each) {
    if (is_usable_by_default(mbedtls_ssl_get_ciphersuite_name(*each))) result.push_back(*each);
  }
  result.push_back(0);
  return result;
}

void check_range(const char* name, unsigned value, unsigned low, unsigned high) {
  if (value >= low && value <= high) return;
  throw std::invalid_argument(std::string(name) + " is " + std::to_string(value) + ", it must be " + std::to_string(low) +
                              " to " + std::to_string(high) + " bits");
}

std::shared_ptr<const Certificates> read_ca(const std::string& file) { return read_certificates("CA certificate", file); }
std::shared_ptr<const Certificates> read_allowed(const std::string& file) { return read_certificates("certificate", file); }

template <class Content, class Read>
void read_again(std::vector<TlsFile<Content>>& files, Read read) {
  for (auto& each : files) each.content = read(each.name);
}

}  // namespace

// The right to change the configuration, for the length of a call.
class TlsConfig::Change {
 public:
  explicit Change(TlsConfig& config) : lock_(config.changing_) {
    if (config.client_ || config.server_) {
      throw std::invalid_argument(
          "The configuration has already been passed to a client or server and can no longer be modified. "
          "Make a new TransportSecurity; when files have changed, call reload().");
    }
  }

 private:
  std::lock_guard<std::mutex> lock_;
};

TlsConfig::TlsConfig(bool validate, bool only_known) : settings_(std::make_unique<TlsSettings>()) {
  start_psa();
  settings_->validate = validate;
  settings_->only_known = only_known;
  settings_->ciphers = default_ciphers();
}

TlsConfig::~TlsConfig() = default;

bool TlsConfig::frozen() const {
  const std::lock_guard lock(publishing_);
  return client_ || server_;
}

void TlsConfig::set_certificate(const std::string& certificate_file, const std::string& key_file,
                                const std::string& passphrase) {
  const Change change(*this);
  settings_->own = std::make_shared<const OwnCertificate>(certificate_file, key_file, passphrase);
}

void TlsConfig::add_ca_certificate(const std::string& file) {
  const Change change(*this);
  settings_->ca.push_back({file, read_ca(file)});
}

void TlsConfig::add_allowed_certificate(const std::string& file) {
  const Change change(*this);
  settings_->allowed.push_back({file, read_allowed(file)});
}

void TlsConfig::add_revocation_list(const std::string& file) {
  const Change change(*this);
  settings_->revoked.push_back({file, read_revocation_lists(file)});
}

void TlsConfig::set_ciphers(const std::vector<std::uint16_t>& suites) {
  const Change change(*this);
  if (suites.empty())
    throw std::invalid_argument(
        "Missing value for allowed ciphers: give at least one c104.TlsCipher, or don't call set_ciphers()");
  std::vector<int> usable;
  std::string dropped;
  for (const int suite : suites) {
    const auto* info = mbedtls_ssl_ciphersuite_from_id(suite);
    const bool known = info != nullptr && std::strstr(mbedtls_ssl_ciphersuite_get_name(info), "PSK") == nullptr;
    const int* all = mbedtls_ssl_list_ciphersuites();
    while (*all != 0 && *all != suite) ++all;
    if (!known || *all == 0) {
      char number[8];
      std::snprintf(number, sizeof number, "0x%04X", static_cast<unsigned>(suite));
      dropped += (dropped.empty() ? "" : ", ") + std::string(number);
      continue;
    }
    if (std::strstr(mbedtls_ssl_ciphersuite_get_name(info), "NULL") != nullptr) {
      log(LogLevel::warning, logger,
          std::string("the cipher suite ") + mbedtls_ssl_ciphersuite_get_name(info) + " does not encrypt");
    }
    usable.push_back(suite);
  }
  if (usable.empty())
    throw std::invalid_argument("none of the cipher suites is available here (not built in, or they need a pre-shared key): " +
                                dropped);
  if (!dropped.empty()) log(LogLevel::warning, logger, "cipher suites that are not available here are left out: " + dropped);
  usable.push_back(0);
  settings_->ciphers = std::move(usable);
}

void TlsConfig::set_versions(TlsVersion min, TlsVersion max) {
  const Change change(*this);
  if (max != TlsVersion::NOT_SELECTED && max < TlsVersion::TLS_1_2) {
    throw std::invalid_argument("the maximum TLS version is below TLS 1.2: older versions are broken and not available");
  }
  const auto low = min == TlsVersion::TLS_1_3 ? MBEDTLS_SSL_VERSION_TLS1_3 : MBEDTLS_SSL_VERSION_TLS1_2;
  const auto high = max == TlsVersion::TLS_1_2 ? MBEDTLS_SSL_VERSION_TLS1_2 : MBEDTLS_SSL_VERSION_TLS1_3;
  if (low > high) throw std::invalid_argument("the minimum TLS version is above the maximum");
  settings_->min_version = low;
  settings_->max_version = high;
}

void TlsConfig::set_minimum_key_sizes(unsigned rsa_bits, unsigned ec_bits) {
  const Change change(*this);
  check_range("rsa", rsa_bits, min_rsa, max_rsa);
  check_range("ec", ec_bits, min_ec, max_ec);
  settings_->min_rsa_bits = rsa_bits;
  settings_->min_ec_bits = ec_bits;
}

void TlsConfig::set_resumption(std::optional<std::chrono::seconds> lifetime) {
  const Change change(*this);
  settings_->resumption = lifetime.value_or(std::chrono::seconds::zero());
}

void TlsConfig::set_renegotiation(std::optional<std::chrono::milliseconds> interval) {
  const Change change(*this);
  settings_->renegotiation = interval;
}

void TlsConfig::set_hostname(std::optional<std::string> hostname) {
  const Change change(*this);
  if (hostname && hostname->size() > MBEDTLS_SSL_MAX_HOST_NAME_LEN) throw std::invalid_argument("the host name is too long");
  const auto is_ascii = [](char each) { return static_cast<unsigned char>(each) < 0x80; };
  if (hostname && !std::all_of(hostname->begin(), hostname->end(), is_ascii)) {
    throw std::invalid_argument("the host name '" + *hostname +
                                "' must be given in its ASCII form (xn--...), as it stands in certificates");
  }
  settings_->hostname = std::move(hostname);
}

void TlsConfig::freeze(TlsSide side) {
  const std::lock_guard change(changing_);
  auto& role = side == TlsSide::client ? client_ : server_;
  if (role) return;
  auto made = std::make_shared<TlsSnapshot>(*settings_, side);
  const std::lock_guard publish(publishing_);
  role = std::move(made);
}

void TlsConfig::reload() {
  const std::lock_guard change(changing_);
  TlsSettings next = *settings_;
  if (next.own) next.own = next.own->again();
  read_again(next.ca, read_ca);
  read_again(next.allowed, read_allowed);
  read_again(next.revoked, read_revocation_lists);
  auto client = client_ ? std::make_shared<TlsSnapshot>(next, TlsSide::client) : nullptr;
  auto server = server_ ? std::make_shared<TlsSnapshot>(next, TlsSide::server) : nullptr;
  *settings_ = std::move(next);
  const std::lock_guard publish(publishing_);
  client_.swap(client);
  server_.swap(server);
}

std::shared_ptr<TlsSnapshot> TlsConfig::snapshot(TlsSide side) const {
  const std::lock_guard lock(publishing_);
  return side == TlsSide::client ? client_ : server_;
}

}  // namespace c104::hal
