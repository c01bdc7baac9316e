// SPDX-License-Identifier: GPL-3.0-or-later
// TLS settings in the form that mbedTLS takes, for one side. Never changed: a stream keeps the snapshot that it began with, a
// reload makes a new one. Sessions belong to it: what was agreed upon under old certificates is not resumed under new ones.
// Any thread. Private to hal's tls_*.cpp.
#pragma once

#include <mbedtls/ssl.h>

#include "base/peer_certificate.h"
#include "hal/tls_config.h"
#include "hal/tls_sessions.h"
#include "hal/tls_settings.h"

namespace c104::hal {

class TlsSnapshot {
 public:
  // Throws std::invalid_argument when no link could ever come up. Warns of what will refuse everybody.
  TlsSnapshot(const TlsSettings& settings, TlsSide side);
  ~TlsSnapshot();
  TlsSnapshot(const TlsSnapshot&) = delete;
  TlsSnapshot& operator=(const TlsSnapshot&) = delete;

  const TlsSettings& settings() const { return settings_; }
  const mbedtls_ssl_config& config() const { return config_; }
  // Server: given out; client: by station.
  TlsSessions& sessions() { return sessions_; }
  bool is_allowed(const mbedtls_x509_crt& certificate) const;

 private:
  void configure(TlsSide side, mbedtls_ssl_protocol_version min, mbedtls_ssl_protocol_version max);
  void resume(TlsSide side);
  void warn(TlsSide side) const;

  const TlsSettings settings_;
  Certificates anchors_;
  RevocationLists revoked_;
  mbedtls_x509_crt_profile profile_;
  TlsSessions sessions_;
  mbedtls_ssl_config config_;
};

// While mbedTLS runs for a stream, its sessions are stored and found with the partner that this refers to.
struct TlsPeerScope {
  explicit TlsPeerScope(PeerCertificatePtr& peer);
  ~TlsPeerScope();
  TlsPeerScope(const TlsPeerScope&) = delete;
  TlsPeerScope& operator=(const TlsPeerScope&) = delete;

 private:
  PeerCertificatePtr* const outer_;
};

}  // namespace c104::hal
