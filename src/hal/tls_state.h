// SPDX-License-Identifier: GPL-3.0-or-later
// mbedTLS's side of a TlsConfig, and the words for its errors. Private to hal's tls_*.cpp.
#pragma once

#include <mbedtls/pk.h>
#include <mbedtls/ssl.h>
#include <mbedtls/x509_crt.h>

#include <atomic>
#include <mutex>

#include "hal/tls_config.h"
#include "hal/tls_sessions.h"

#if !defined(MBEDTLS_THREADING_C)
#error "mbedTLS must be built with MBEDTLS_THREADING_C: PSA's keys and random numbers are shared by all I/O threads"
#endif

namespace c104::hal {

// mbedTLS's structs with the lifetime of an object.
struct Certificates {
  mbedtls_x509_crt chain;
  Certificates() { mbedtls_x509_crt_init(&chain); }
  ~Certificates() { mbedtls_x509_crt_free(&chain); }
  Certificates(const Certificates&) = delete;
  Certificates& operator=(const Certificates&) = delete;
  bool empty() const { return chain.raw.p == nullptr; }
};

struct PrivateKey {
  mbedtls_pk_context key;
  PrivateKey() { mbedtls_pk_init(&key); }
  ~PrivateKey() { mbedtls_pk_free(&key); }
  PrivateKey(const PrivateKey&) = delete;
  PrivateKey& operator=(const PrivateKey&) = delete;
};

struct SslConfig {
  mbedtls_ssl_config config;
  SslConfig() { mbedtls_ssl_config_init(&config); }
  ~SslConfig() { mbedtls_ssl_config_free(&config); }
  SslConfig(const SslConfig&) = delete;
  SslConfig& operator=(const SslConfig&) = delete;
};

struct TlsConfig::State {
  State(bool validate_partner, bool only_known_partners);
  ~State();

  const bool validate;
  const bool only_known;
  std::unique_ptr<Certificates> own;
  std::unique_ptr<PrivateKey> key;
  Certificates ca;
  Certificates allowed;
  std::vector<int> ciphers;  // ends with 0
  mbedtls_ssl_protocol_version min_version = MBEDTLS_SSL_VERSION_TLS1_2;
  mbedtls_ssl_protocol_version max_version = MBEDTLS_SSL_VERSION_TLS1_3;
  std::optional<std::chrono::milliseconds> renegotiation;
  std::optional<std::string> hostname;
  TlsSessions tickets;   // server: given out
  TlsSessions sessions;  // client: by station

  std::mutex mutex;  // setters and freeze
  std::atomic<bool> is_frozen{false};
  std::unique_ptr<SslConfig> client, server;

  const mbedtls_ssl_config& config(TlsSide side) const { return (side == TlsSide::client ? client : server)->config; }
  bool is_allowed(const mbedtls_x509_crt& certificate) const;
};

// While mbedTLS runs for a stream, its tickets are stored and found with the subject that this refers to.
struct TlsSubjectScope {
  explicit TlsSubjectScope(std::string& subject);
  ~TlsSubjectScope();
  static std::string* current();

 private:
  std::string* outer_;
};

// PSA's generator, in mbedTLS's form.
int tls_random(void*, unsigned char* into, std::size_t size);

std::string subject_of(const mbedtls_x509_crt& certificate);
std::string issuer_of(const mbedtls_x509_crt& certificate);

// What is known of a handshake that failed.
struct TlsFailure {
  int code = 0;  // mbedTLS's
  TlsSide side = TlsSide::client;
  std::uint8_t alert = 0;  // the partner's, for MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE
  std::uint32_t flags = 0;  // MBEDTLS_X509_BADCERT_*
  std::string certificate;  // subject of the one that was refused
  std::string issuer;
  std::string valid_from, valid_to;
  std::string hostname;
  bool has_ca = false, has_allowed = false, validate = false, established = false;
  std::size_t received = 0;  // octets
  std::uint8_t first_octet = 0;
};
std::string describe(const TlsFailure& failure);
// For files: without the -0x.... codes where mbedTLS's meaning is known.
std::string describe_file_error(int code);

}  // namespace c104::hal
