// SPDX-License-Identifier: GPL-3.0-or-later
// What a TLS link may be: certificates, trust, versions, cipher suites, resumption. Set by any thread, then frozen for one side
// or both; from there on only the files may be read again. Each new stream takes a snapshot. No socket lives here.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/enums.h"

namespace c104::hal {

struct TlsSettings;
class TlsSnapshot;

enum class TlsSide : std::uint8_t { client, server };

// What is checked of the partner's certificate:
//   validate only_known
//   yes      yes         chain up to a CA, validity, key usage; and the certificate is in the list
//   yes      no          chain up to a CA, validity, key usage
//   no       yes         the certificate is in the list, nothing else (it may be self-signed or expired)
//   no       no          nothing; a server does not even demand a certificate. Encrypted, not authenticated.
class TlsConfig {
 public:
  TlsConfig(bool validate, bool only_known);
  ~TlsConfig();
  TlsConfig(const TlsConfig&) = delete;
  TlsConfig& operator=(const TlsConfig&) = delete;

  // All of these throw std::invalid_argument: for a file that cannot be used with its name and the reason, and for a
  // frozen configuration. A call that throws leaves the configuration as it was. PEM and DER are read.
  void set_certificate(const std::string& certificate_file, const std::string& key_file, const std::string& passphrase);
  void add_ca_certificate(const std::string& file);
  void add_allowed_certificate(const std::string& file);
  // Looked at with validate. One that has expired refuses all partners of its authority.
  void add_revocation_list(const std::string& file);
  // IANA numbers in order of preference. Suites that mbedTLS was built without are dropped with a warning.
  void set_ciphers(const std::vector<std::uint16_t>& suites);
  // NOT_SELECTED leaves the default: 1.2 and 1.3. A minimum below 1.2 means 1.2.
  void set_versions(TlsVersion min, TlsVersion max);
  // Of certificates and authorities, with validate.
  void set_minimum_key_sizes(unsigned rsa_bits, unsigned ec_bits);
  // How long a session may be resumed; none: never.
  void set_resumption(std::optional<std::chrono::seconds> lifetime);
  // How often keys are renewed (TLS 1.2 only, 1.3 has no renegotiation); none: never by us.
  void set_renegotiation(std::optional<std::chrono::milliseconds> interval);
  // Client: the partner's certificate must name this host (SAN, wildcards; CN when there is no SAN). An empty text
  // means the host or address of each connection; none: names are not looked at.
  void set_hostname(std::optional<std::string> hostname);

  // From here on read-only. Throws std::invalid_argument when no link could ever come up with it.
  void freeze(TlsSide side);
  bool frozen() const;

  // Reads all files again; links that open from now on use what is in them. Throws std::invalid_argument as the setters do, and
  // nothing has changed then.
  void reload();

  // What a new stream of this side goes by; the side must have been frozen. Waits for nobody who reads files.
  std::shared_ptr<TlsSnapshot> snapshot(TlsSide side) const;

 private:
  class Change;

  mutable std::mutex changing_;  // setters, freeze, reload
  mutable std::mutex publishing_;  // the snapshots; a leaf, held for a copy only
  std::unique_ptr<TlsSettings> settings_;
  std::shared_ptr<TlsSnapshot> client_, server_;
};

}  // namespace c104::hal
