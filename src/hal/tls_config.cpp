// SPDX-License-Identifier: GPL-3.0-or-later
#include "hal/tls_config.h"

#include <mbedtls/entropy.h>
#include <mbedtls/oid.h>
#include <mbedtls/platform_util.h>
#include <mbedtls/ssl_ciphersuites.h>
#include <psa/crypto.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "base/log.h"
#include "hal/tls_state.h"

namespace c104::hal {
namespace {

using namespace std::chrono_literals;

constexpr auto logger = "c104.tls";
constexpr auto default_resumption = 6h;
constexpr std::size_t max_tickets = 2048;
constexpr std::size_t max_sessions = 4096;
constexpr std::uintmax_t max_file_size = 16 * 1024 * 1024;

// Once for the process and never undone: mbedTLS counts its users without a lock.
void init_psa() {
  static const psa_status_t status = psa_crypto_init();
  if (status != PSA_SUCCESS)
    throw std::runtime_error("mbedTLS cannot start its cryptography (PSA status " + std::to_string(status) + ")");
}

[[noreturn]] void refuse(const std::string& what, const std::string& file, const std::string& why) {
  throw std::invalid_argument(what + " file '" + file + "' cannot be used: " + why);
}

// A file in memory, wiped afterwards: it may be a key.
class Content {
 public:
  Content(const std::string& what, const std::string& file) {
    if (file.empty()) throw std::invalid_argument("Missing value for the " + what + " file");
    const auto path = std::filesystem::path(reinterpret_cast<const char8_t*>(file.c_str()));
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored)) refuse(what, file, "the file does not exist");
    if (std::filesystem::is_directory(path, ignored)) refuse(what, file, "it is a directory");
    std::ifstream in(path, std::ios::binary);
    if (!in) refuse(what, file, "it cannot be opened (permissions?)");
    if (std::filesystem::file_size(path, ignored) > max_file_size) refuse(what, file, "it is too large");
    in.seekg(0, std::ios::end);
    octets_.resize(static_cast<std::size_t>(std::max<std::streamoff>(in.tellg(), 0)));
    in.seekg(0);
    in.read(reinterpret_cast<char*>(octets_.data()), static_cast<std::streamsize>(octets_.size()));
    if (!in) refuse(what, file, "it cannot be read");
    if (octets_.empty()) refuse(what, file, "it is empty");
    octets_.push_back(0);
  }
  ~Content() { mbedtls_platform_zeroize(octets_.data(), octets_.size()); }
  Content(const Content&) = delete;
  Content& operator=(const Content&) = delete;

  const unsigned char* data() const { return octets_.data(); }
  bool contains(const char* text) const { return std::strstr(reinterpret_cast<const char*>(octets_.data()), text) != nullptr; }
  bool is_pem() const { return contains("-----BEGIN"); }
  // mbedTLS wants the final 0 counted for PEM, and not for DER.
  std::size_t size() const { return octets_.size() - (is_pem() ? 0 : 1); }

 private:
  std::vector<unsigned char> octets_;
};

void parse_certificates(const std::string& what, const std::string& file, mbedtls_x509_crt& into) {
  const Content content(what, file);
  if (content.is_pem() && !content.contains("-----BEGIN CERTIFICATE-----"))
    refuse(what, file, "it holds no certificate (-----BEGIN CERTIFICATE-----)");
  const int result = mbedtls_x509_crt_parse(&into, content.data(), content.size());
  if (result < 0) refuse(what, file, describe_file_error(result));
  if (result > 0) refuse(what, file, std::to_string(result) + " of the certificates in it cannot be understood");
}

// Joins a parsed chain to another one, certificate by certificate.
void append(Certificates& to, const mbedtls_x509_crt& from) {
  for (const mbedtls_x509_crt* each = &from; each != nullptr; each = each->next) {
    if (mbedtls_x509_crt_parse_der(&to.chain, each->raw.p, each->raw.len) != 0) throw std::bad_alloc();
  }
}

void parse_key(const std::string& file, const std::string& passphrase, mbedtls_pk_context& into) {
  const Content content("private key", file);
  const auto* word = passphrase.empty() ? nullptr : reinterpret_cast<const unsigned char*>(passphrase.data());
  const int result = mbedtls_pk_parse_key(&into, content.data(), content.size(), word, passphrase.size(), tls_random, nullptr);
  if (result == 0) return;
  const bool encrypted = content.contains("ENCRYPTED");
  if (result == MBEDTLS_ERR_PK_PASSWORD_REQUIRED || (encrypted && passphrase.empty())) {
    refuse("private key", file, "Passphrase required to decrypt the key");
  }
  if (result == MBEDTLS_ERR_PK_PASSWORD_MISMATCH) refuse("private key", file, "the passphrase is wrong");
  refuse("private key", file, describe_file_error(result));
}

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

bool is_tls13(int suite) {
  const auto* info = mbedtls_ssl_ciphersuite_from_id(suite);
  return info != nullptr && info->MBEDTLS_PRIVATE(min_tls_version) == MBEDTLS_SSL_VERSION_TLS1_3;
}

const char* version_name(mbedtls_ssl_protocol_version version) {
  return version == MBEDTLS_SSL_VERSION_TLS1_3 ? "TLS 1.3" : "TLS 1.2";
}

bool fits_side(const mbedtls_x509_crt& own, TlsSide side) {
  if (!mbedtls_x509_crt_has_ext_type(&own, MBEDTLS_X509_EXT_EXTENDED_KEY_USAGE)) return true;
  const auto check = [&own](const auto& oid) {
    return mbedtls_x509_crt_check_extended_key_usage(&own, oid, sizeof oid - 1) == 0;
  };
  return side == TlsSide::server ? check(MBEDTLS_OID_SERVER_AUTH) : check(MBEDTLS_OID_CLIENT_AUTH);
}

// --- resumption, server side: called by mbedTLS from inside a stream's call

std::string key_of(const unsigned char* octets, std::size_t size) { return {reinterpret_cast<const char*>(octets), size}; }

int write_ticket(void* tickets, const mbedtls_ssl_session* session, unsigned char* start, const unsigned char* end,
                 std::size_t* size, std::uint32_t* lifetime) {
  constexpr std::size_t ticket_size = 32;
  auto& store = *static_cast<TlsSessions*>(tickets);
  if (static_cast<std::size_t>(end - start) < ticket_size) return MBEDTLS_ERR_SSL_BUFFER_TOO_SMALL;
  if (const int result = tls_random(nullptr, start, ticket_size); result != 0) return result;
  const std::string* subject = TlsSubjectScope::current();
  if (!store.put(key_of(start, ticket_size), *session, subject ? *subject : std::string())) return MBEDTLS_ERR_SSL_ALLOC_FAILED;
  *size = ticket_size;
  *lifetime = static_cast<std::uint32_t>(store.lifetime().count());
  return 0;
}

int find_ticket(void* tickets, mbedtls_ssl_session* session, unsigned char* ticket, std::size_t size) {
  std::string subject;
  if (!static_cast<TlsSessions*>(tickets)->get(key_of(ticket, size), false, *session, subject)) {
    return MBEDTLS_ERR_SSL_SESSION_TICKET_EXPIRED;
  }
  if (std::string* current = TlsSubjectScope::current()) *current = subject;
  return 0;
}

int put_session(void* tickets, const unsigned char* id, std::size_t size, const mbedtls_ssl_session* session) {
  const std::string* subject = TlsSubjectScope::current();
  return static_cast<TlsSessions*>(tickets)->put(key_of(id, size), *session, subject ? *subject : std::string()) ? 0 : 1;
}

int find_session(void* tickets, const unsigned char* id, std::size_t size, mbedtls_ssl_session* session) {
  std::string subject;
  if (!static_cast<TlsSessions*>(tickets)->get(key_of(id, size), false, *session, subject))
    return MBEDTLS_ERR_SSL_CACHE_ENTRY_NOT_FOUND;
  if (std::string* current = TlsSubjectScope::current()) *current = subject;
  return 0;
}

thread_local std::string* current_subject = nullptr;

}  // namespace

TlsSubjectScope::TlsSubjectScope(std::string& subject) : outer_(current_subject) { current_subject = &subject; }
TlsSubjectScope::~TlsSubjectScope() { current_subject = outer_; }
std::string* TlsSubjectScope::current() { return current_subject; }

int tls_random(void*, unsigned char* into, std::size_t size) {
  return psa_generate_random(into, size) == PSA_SUCCESS ? 0 : MBEDTLS_ERR_ENTROPY_SOURCE_FAILED;
}

TlsConfig::State::State(bool validate_partner, bool only_known_partners)
    : validate(validate_partner), only_known(only_known_partners), tickets(max_tickets), sessions(max_sessions) {
  init_psa();
  ciphers = default_ciphers();
  tickets.set_lifetime(default_resumption);
  sessions.set_lifetime(default_resumption);
}

TlsConfig::State::~State() = default;

bool TlsConfig::State::is_allowed(const mbedtls_x509_crt& certificate) const {
  if (allowed.empty()) return false;
  for (const mbedtls_x509_crt* each = &allowed.chain; each != nullptr; each = each->next) {
    if (each->raw.len == certificate.raw.len && std::memcmp(each->raw.p, certificate.raw.p, each->raw.len) == 0) return true;
  }
  return false;
}

namespace {

// The right to change the configuration, for the length of a call.
class Change {
 public:
  explicit Change(TlsConfig::State& state) : lock_(state.mutex) {
    if (state.is_frozen) {
      throw std::invalid_argument(
          "The configuration has already been passed to a client or server and can no longer be modified.");
    }
  }

 private:
  std::lock_guard<std::mutex> lock_;
};

}  // namespace

TlsConfig::TlsConfig(bool validate, bool only_known) : state_(std::make_unique<State>(validate, only_known)) {}
TlsConfig::~TlsConfig() = default;

bool TlsConfig::frozen() const { return state_->is_frozen; }

void TlsConfig::set_certificate(const std::string& certificate_file, const std::string& key_file,
                                const std::string& passphrase) {
  const Change change(*state_);
  auto certificate = std::make_unique<Certificates>();
  auto key = std::make_unique<PrivateKey>();
  parse_certificates("certificate", certificate_file, certificate->chain);
  parse_key(key_file, passphrase, key->key);
  if (mbedtls_pk_check_pair(&certificate->chain.pk, &key->key, tls_random, nullptr) != 0) {
    refuse("private key", key_file, "it does not belong to the certificate '" + certificate_file + "'");
  }
  const bool past = mbedtls_x509_time_is_past(&certificate->chain.valid_to) != 0;
  if (past || mbedtls_x509_time_is_future(&certificate->chain.valid_from) != 0) {
    log(LogLevel::warning, logger,
        "our own certificate '" + certificate_file + "' (" + subject_of(certificate->chain) +
            (past ? ") has expired" : ") is not valid yet") + ": partners that validate will refuse it");
  }
  state_->own = std::move(certificate);
  state_->key = std::move(key);
}

void TlsConfig::add_ca_certificate(const std::string& file) {
  const Change change(*state_);
  Certificates parsed;
  parse_certificates("CA certificate", file, parsed.chain);
  append(state_->ca, parsed.chain);
}

void TlsConfig::add_allowed_certificate(const std::string& file) {
  const Change change(*state_);
  Certificates parsed;
  parse_certificates("certificate", file, parsed.chain);
  append(state_->allowed, parsed.chain);
}

void TlsConfig::set_ciphers(const std::vector<std::uint16_t>& suites) {
  const Change change(*state_);
  if (suites.empty()) throw std::invalid_argument("Missing value for allowed ciphers");
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
  state_->ciphers = std::move(usable);
}

void TlsConfig::set_versions(TlsVersion min, TlsVersion max) {
  const Change change(*state_);
  if (max != TlsVersion::NOT_SELECTED && max < TlsVersion::TLS_1_2) {
    throw std::invalid_argument("the maximum TLS version is below TLS 1.2: older versions are broken and not available");
  }
  const auto low = min == TlsVersion::TLS_1_3 ? MBEDTLS_SSL_VERSION_TLS1_3 : MBEDTLS_SSL_VERSION_TLS1_2;
  const auto high = max == TlsVersion::TLS_1_2 ? MBEDTLS_SSL_VERSION_TLS1_2 : MBEDTLS_SSL_VERSION_TLS1_3;
  if (low > high) throw std::invalid_argument("the minimum TLS version is above the maximum");
  state_->min_version = low;
  state_->max_version = high;
}

void TlsConfig::set_resumption(std::optional<std::chrono::seconds> lifetime) {
  const Change change(*state_);
  state_->tickets.set_lifetime(lifetime.value_or(0s));
  state_->sessions.set_lifetime(lifetime.value_or(0s));
}

void TlsConfig::set_renegotiation(std::optional<std::chrono::milliseconds> interval) {
  const Change change(*state_);
  state_->renegotiation = interval;
}

void TlsConfig::set_hostname(std::optional<std::string> hostname) {
  const Change change(*state_);
  if (hostname && hostname->size() > MBEDTLS_SSL_MAX_HOST_NAME_LEN) throw std::invalid_argument("the host name is too long");
  state_->hostname = std::move(hostname);
}

void TlsConfig::freeze(TlsSide side) {
  State& state = *state_;
  std::lock_guard lock(state.mutex);
  auto& role = side == TlsSide::client ? state.client : state.server;
  if (role) return;

  // A version without a cipher suite would be agreed upon and then fail.
  auto min = state.min_version;
  auto max = state.max_version;
  const auto end = state.ciphers.end() - 1;
  const bool has13 = std::any_of(state.ciphers.begin(), end, is_tls13);
  const bool has12 = !std::all_of(state.ciphers.begin(), end, is_tls13);
  if (!has13 && max == MBEDTLS_SSL_VERSION_TLS1_3) max = MBEDTLS_SSL_VERSION_TLS1_2;
  if (!has12 && min == MBEDTLS_SSL_VERSION_TLS1_2) min = MBEDTLS_SSL_VERSION_TLS1_3;
  if (min > max) {
    throw std::invalid_argument(
        std::string("set_version() and set_ciphers() exclude each other: there is no cipher suite for ") +
        version_name(state.min_version));
  }
  if (side == TlsSide::server && !state.own) {
    log(LogLevel::warning, logger, "a TLS server without certificate refuses everybody: see set_certificate()");
  }
  if (state.own && !fits_side(state.own->chain, side)) {
    log(LogLevel::warning, logger,
        "our certificate '" + subject_of(state.own->chain) + "' is not meant for a TLS " +
            (side == TlsSide::server ? "server: handshakes will fail" : "client: partners that validate will refuse it") +
            " (extended key usage)");
  }
  if (state.validate && state.ca.empty()) {
    log(LogLevel::warning, logger, "validate=True without a CA certificate refuses every partner: see set_ca_certificate()");
  }
  if (state.only_known && state.allowed.empty()) {
    log(LogLevel::warning, logger,
        "only_known=True with no allowed certificate refuses every partner: see add_allowed_remote_certificate()");
  }

  auto made = std::make_unique<SslConfig>();
  mbedtls_ssl_config& config = made->config;
  if (mbedtls_ssl_config_defaults(&config, side == TlsSide::client ? MBEDTLS_SSL_IS_CLIENT : MBEDTLS_SSL_IS_SERVER,
                                  MBEDTLS_SSL_TRANSPORT_STREAM, MBEDTLS_SSL_PRESET_DEFAULT) != 0) {
    throw std::bad_alloc();
  }
  mbedtls_ssl_conf_rng(&config, tls_random, nullptr);
  mbedtls_ssl_conf_min_tls_version(&config, min);
  mbedtls_ssl_conf_max_tls_version(&config, max);
  mbedtls_ssl_conf_ciphersuites(&config, state.ciphers.data());
  // REQUIRED, and not OPTIONAL with a check of ours afterwards: a TLS 1.3 server gives out its tickets before that.
  const bool check = state.validate || state.only_known;
  mbedtls_ssl_conf_authmode(&config, check ? MBEDTLS_SSL_VERIFY_REQUIRED : MBEDTLS_SSL_VERIFY_OPTIONAL);
  // REQUIRED wants anchors even if our verify callback decides alone.
  mbedtls_x509_crt* anchors = !state.ca.empty()                           ? &state.ca.chain
                              : !state.validate && !state.allowed.empty() ? &state.allowed.chain
                                                                          : nullptr;
  if (anchors != nullptr) mbedtls_ssl_conf_ca_chain(&config, anchors, nullptr);
  mbedtls_ssl_conf_cert_req_ca_list(
      &config, state.validate ? MBEDTLS_SSL_CERT_REQ_CA_LIST_ENABLED : MBEDTLS_SSL_CERT_REQ_CA_LIST_DISABLED);
  if (state.own && mbedtls_ssl_conf_own_cert(&config, &state.own->chain, &state.key->key) != 0) throw std::bad_alloc();

  // A partner may renew its keys whether we do or not; one that refuses ours keeps its link.
  mbedtls_ssl_conf_renegotiation(&config, MBEDTLS_SSL_RENEGOTIATION_ENABLED);
  mbedtls_ssl_conf_renegotiation_enforced(&config, MBEDTLS_SSL_RENEGOTIATION_NOT_ENFORCED);
  mbedtls_ssl_conf_legacy_renegotiation(&config, MBEDTLS_SSL_LEGACY_NO_RENEGOTIATION);

  const bool resume = state.tickets.lifetime() > 0s;
  if (side == TlsSide::client) {
    mbedtls_ssl_conf_session_tickets(&config,
                                     resume ? MBEDTLS_SSL_SESSION_TICKETS_ENABLED : MBEDTLS_SSL_SESSION_TICKETS_DISABLED);
    mbedtls_ssl_conf_tls13_enable_signal_new_session_tickets(&config,
                                                             resume ? MBEDTLS_SSL_TLS1_3_SIGNAL_NEW_SESSION_TICKETS_ENABLED
                                                                    : MBEDTLS_SSL_TLS1_3_SIGNAL_NEW_SESSION_TICKETS_DISABLED);
  } else if (resume) {
    mbedtls_ssl_conf_session_tickets_cb(&config, write_ticket, find_ticket, &state.tickets);
    mbedtls_ssl_conf_session_cache(&config, &state.tickets, find_session, put_session);
  }
  role = std::move(made);
  state.is_frozen = true;
}

}  // namespace c104::hal
