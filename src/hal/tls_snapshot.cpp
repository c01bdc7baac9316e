// SPDX-License-Identifier: GPL-3.0-or-later
#include "hal/tls_snapshot.h"

#include <mbedtls/oid.h>
#include <mbedtls/ssl_ciphersuites.h>

#include <algorithm>
#include <cstring>
#include <new>
#include <stdexcept>

#include "base/log.h"
#include "hal/tls_certificate.h"
#include "hal/tls_psa.h"

namespace c104::hal {
namespace {

constexpr auto logger = "c104.tls";
constexpr std::size_t max_tickets = 2048;
constexpr std::size_t max_sessions = 4096;
constexpr unsigned max_dh_bits = 2048;  // what servers offer, however large the keys must be

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

// mbedTLS's usual demands, but for the sizes of keys.
mbedtls_x509_crt_profile profile_of(const TlsSettings& settings) {
  mbedtls_x509_crt_profile profile = mbedtls_x509_crt_profile_default;
  profile.rsa_min_bitlen = settings.min_rsa_bits;
  for (const auto* curve = mbedtls_ecp_curve_list(); curve->grp_id != MBEDTLS_ECP_DP_NONE; ++curve) {
    if (curve->bit_size < settings.min_ec_bits) profile.allowed_curves &= ~MBEDTLS_X509_ID_FLAG(curve->grp_id);
  }
  return profile;
}

// --- resumption, server side: called by mbedTLS from inside a stream's call

thread_local PeerCertificatePtr* current_peer = nullptr;

std::string key_of(const unsigned char* octets, std::size_t size) { return {reinterpret_cast<const char*>(octets), size}; }

bool store(void* sessions, const std::string& key, const mbedtls_ssl_session& session) {
  return static_cast<TlsSessions*>(sessions)->put(key, session, current_peer != nullptr ? *current_peer : nullptr);
}

bool find(void* sessions, const std::string& key, mbedtls_ssl_session& into) {
  PeerCertificatePtr peer;
  if (!static_cast<TlsSessions*>(sessions)->get(key, into, peer)) return false;
  if (current_peer != nullptr) *current_peer = std::move(peer);
  return true;
}

int write_ticket(void* sessions, const mbedtls_ssl_session* session, unsigned char* start, const unsigned char* end,
                 std::size_t* size, std::uint32_t* lifetime) {
  constexpr std::size_t ticket_size = 32;
  if (static_cast<std::size_t>(end - start) < ticket_size) return MBEDTLS_ERR_SSL_BUFFER_TOO_SMALL;
  if (const int result = tls_random(nullptr, start, ticket_size); result != 0) return result;
  if (!store(sessions, key_of(start, ticket_size), *session)) return MBEDTLS_ERR_SSL_ALLOC_FAILED;
  *size = ticket_size;
  *lifetime = static_cast<std::uint32_t>(static_cast<TlsSessions*>(sessions)->lifetime().count());
  return 0;
}

int find_ticket(void* sessions, mbedtls_ssl_session* session, unsigned char* ticket, std::size_t size) {
  const std::string key = key_of(ticket, size);
  if (!find(sessions, key, *session)) return MBEDTLS_ERR_SSL_SESSION_TICKET_EXPIRED;
  // The client gets a new one with each TLS 1.3 handshake: its old ones would only take room until they end.
  if (session->MBEDTLS_PRIVATE(tls_version) == MBEDTLS_SSL_VERSION_TLS1_3) static_cast<TlsSessions*>(sessions)->forget(key);
  return 0;
}

int put_session(void* sessions, const unsigned char* id, std::size_t size, const mbedtls_ssl_session* session) {
  return store(sessions, key_of(id, size), *session) ? 0 : 1;
}

int find_session(void* sessions, const unsigned char* id, std::size_t size, mbedtls_ssl_session* session) {
  return find(sessions, key_of(id, size), *session) ? 0 : MBEDTLS_ERR_SSL_CACHE_ENTRY_NOT_FOUND;
}

}  // namespace

TlsPeerScope::TlsPeerScope(PeerCertificatePtr& peer) : outer_(current_peer) { current_peer = &peer; }
TlsPeerScope::~TlsPeerScope() { current_peer = outer_; }

TlsSnapshot::TlsSnapshot(const TlsSettings& settings, TlsSide side)
    : settings_(settings),
      profile_(profile_of(settings)),
      sessions_(side == TlsSide::server ? max_tickets : max_sessions, settings.resumption) {
  mbedtls_ssl_config_init(&config_);
  try {
    // A version without a cipher suite would be agreed upon and then fail.
    auto min = settings_.min_version;
    auto max = settings_.max_version;
    const auto end = settings_.ciphers.end() - 1;
    const bool has13 = std::any_of(settings_.ciphers.begin(), end, is_tls13);
    const bool has12 = !std::all_of(settings_.ciphers.begin(), end, is_tls13);
    if (!has13 && max == MBEDTLS_SSL_VERSION_TLS1_3) max = MBEDTLS_SSL_VERSION_TLS1_2;
    if (!has12 && min == MBEDTLS_SSL_VERSION_TLS1_2) min = MBEDTLS_SSL_VERSION_TLS1_3;
    if (min > max) {
      throw std::invalid_argument(
          std::string("set_version() and set_ciphers() exclude each other: there is no cipher suite for ") +
          version_name(settings_.min_version));
    }
    warn(side);
    configure(side, min, max);
    if (settings_.resumption.count() > 0) resume(side);
  } catch (...) {
    mbedtls_ssl_config_free(&config_);
    throw;
  }
}

TlsSnapshot::~TlsSnapshot() { mbedtls_ssl_config_free(&config_); }

bool TlsSnapshot::is_allowed(const mbedtls_x509_crt& certificate) const {
  for (const auto& file : settings_.allowed) {
    for (const mbedtls_x509_crt* each = &file.content->chain; each != nullptr; each = each->next) {
      if (each->raw.len == certificate.raw.len && std::memcmp(each->raw.p, certificate.raw.p, each->raw.len) == 0) return true;
    }
  }
  return false;
}

void TlsSnapshot::warn(TlsSide side) const {
  if (side == TlsSide::server && !settings_.own) {
    log(LogLevel::warning, logger, "a TLS server without certificate refuses everybody: see set_certificate()");
  }
  if (settings_.own && !fits_side(settings_.own->certificates().chain, side)) {
    log(LogLevel::warning, logger,
        "our certificate '" + text_of(settings_.own->certificates().chain.subject) + "' is not meant for a TLS " +
            (side == TlsSide::server ? "server: handshakes will fail" : "client: partners that validate will refuse it") +
            " (extended key usage)");
  }
  if (settings_.validate && settings_.ca.empty()) {
    log(LogLevel::warning, logger, "validate=True without a CA certificate refuses every partner: see set_ca_certificate()");
  }
  if (settings_.only_known && settings_.allowed.empty()) {
    log(LogLevel::warning, logger,
        "only_known=True with no allowed certificate refuses every partner: see add_allowed_remote_certificate()");
  }
  if (!settings_.validate && !settings_.revoked.empty()) {
    log(LogLevel::warning, logger, "revocation lists have no effect with validate=False");
  }
}

void TlsSnapshot::configure(TlsSide side, mbedtls_ssl_protocol_version min, mbedtls_ssl_protocol_version max) {
  if (mbedtls_ssl_config_defaults(&config_, side == TlsSide::client ? MBEDTLS_SSL_IS_CLIENT : MBEDTLS_SSL_IS_SERVER,
                                  MBEDTLS_SSL_TRANSPORT_STREAM, MBEDTLS_SSL_PRESET_DEFAULT) != 0) {
    throw std::bad_alloc();
  }
  mbedtls_ssl_conf_rng(&config_, tls_random, nullptr);
  mbedtls_ssl_conf_min_tls_version(&config_, min);
  mbedtls_ssl_conf_max_tls_version(&config_, max);
  mbedtls_ssl_conf_ciphersuites(&config_, settings_.ciphers.data());
  mbedtls_ssl_conf_cert_profile(&config_, &profile_);
  if (side == TlsSide::client) mbedtls_ssl_conf_dhm_min_bitlen(&config_, std::min(settings_.min_rsa_bits, max_dh_bits));
  // REQUIRED, and not OPTIONAL with a check of ours afterwards: a TLS 1.3 server gives out its tickets before that.
  const bool check = settings_.validate || settings_.only_known;
  mbedtls_ssl_conf_authmode(&config_, check ? MBEDTLS_SSL_VERIFY_REQUIRED : MBEDTLS_SSL_VERIFY_OPTIONAL);
  // REQUIRED wants anchors even if our verify callback decides alone.
  const bool list_alone = settings_.ca.empty() && !settings_.validate;
  for (const auto& file : list_alone ? settings_.allowed : settings_.ca) anchors_.append(*file.content);
  for (const auto& file : settings_.revoked) revoked_.append(*file.content);
  if (!anchors_.empty()) mbedtls_ssl_conf_ca_chain(&config_, &anchors_.chain, revoked_.empty() ? nullptr : &revoked_.chain);
  mbedtls_ssl_conf_cert_req_ca_list(
      &config_, settings_.validate ? MBEDTLS_SSL_CERT_REQ_CA_LIST_ENABLED : MBEDTLS_SSL_CERT_REQ_CA_LIST_DISABLED);
  if (settings_.own) {
    // Only read: const is what mbedTLS's older functions don't know.
    auto* chain = const_cast<mbedtls_x509_crt*>(&settings_.own->certificates().chain);
    if (mbedtls_ssl_conf_own_cert(&config_, chain, &settings_.own->key()) != 0) throw std::bad_alloc();
  }
  // A partner may renew its keys whether we do or not; one that refuses ours keeps its link.
  mbedtls_ssl_conf_renegotiation(&config_, MBEDTLS_SSL_RENEGOTIATION_ENABLED);
  mbedtls_ssl_conf_renegotiation_enforced(&config_, MBEDTLS_SSL_RENEGOTIATION_NOT_ENFORCED);
  mbedtls_ssl_conf_legacy_renegotiation(&config_, MBEDTLS_SSL_LEGACY_NO_RENEGOTIATION);
  if (side == TlsSide::client) mbedtls_ssl_conf_session_tickets(&config_, MBEDTLS_SSL_SESSION_TICKETS_DISABLED);
}

void TlsSnapshot::resume(TlsSide side) {
  if (side == TlsSide::client) {
    mbedtls_ssl_conf_session_tickets(&config_, MBEDTLS_SSL_SESSION_TICKETS_ENABLED);
    mbedtls_ssl_conf_tls13_enable_signal_new_session_tickets(&config_, MBEDTLS_SSL_TLS1_3_SIGNAL_NEW_SESSION_TICKETS_ENABLED);
  } else {
    mbedtls_ssl_conf_session_tickets_cb(&config_, write_ticket, find_ticket, &sessions_);
    mbedtls_ssl_conf_session_cache(&config_, &sessions_, find_session, put_session);
  }
}

}  // namespace c104::hal
