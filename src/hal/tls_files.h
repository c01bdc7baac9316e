// SPDX-License-Identifier: GPL-3.0-or-later
// Certificates, keys and revocation lists, read from PEM and DER files. What is read is never changed: any number of threads
// may use it. All functions throw std::invalid_argument with the file's name and the reason. Private to hal's tls_*.cpp.
#pragma once

#include <mbedtls/pk.h>
#include <mbedtls/x509_crl.h>
#include <mbedtls/x509_crt.h>

#include <memory>
#include <string>

namespace c104::hal {

// mbedTLS's structs with the lifetime of an object. Certificates and lists are chains.
struct Certificates {
  mbedtls_x509_crt chain;
  Certificates() { mbedtls_x509_crt_init(&chain); }
  ~Certificates() { mbedtls_x509_crt_free(&chain); }
  Certificates(const Certificates&) = delete;
  Certificates& operator=(const Certificates&) = delete;
  bool empty() const { return chain.raw.p == nullptr; }
  void append(const Certificates& other);
};

struct RevocationLists {
  mbedtls_x509_crl chain;
  RevocationLists() { mbedtls_x509_crl_init(&chain); }
  ~RevocationLists() { mbedtls_x509_crl_free(&chain); }
  RevocationLists(const RevocationLists&) = delete;
  RevocationLists& operator=(const RevocationLists&) = delete;
  bool empty() const { return chain.raw.p == nullptr; }
  void append(const RevocationLists& other);
};

struct PrivateKey {
  mbedtls_pk_context key;
  PrivateKey() { mbedtls_pk_init(&key); }
  ~PrivateKey() { mbedtls_pk_free(&key); }
  PrivateKey(const PrivateKey&) = delete;
  PrivateKey& operator=(const PrivateKey&) = delete;
};

std::shared_ptr<const Certificates> read_certificates(const std::string& what, const std::string& file);
// One that has expired is taken, with a warning: it refuses the partners that its authority has signed.
std::shared_ptr<const RevocationLists> read_revocation_lists(const std::string& file);

// Our certificate and its key, which is checked to belong to it. A certificate out of its time is taken, with a warning.
class OwnCertificate {
 public:
  OwnCertificate(std::string certificate_file, std::string key_file, std::string passphrase);
  ~OwnCertificate();
  OwnCertificate(const OwnCertificate&) = delete;
  OwnCertificate& operator=(const OwnCertificate&) = delete;

  const Certificates& certificates() const { return *certificates_; }
  // mbedTLS locks its keys itself.
  mbedtls_pk_context& key() const { return key_.key; }
  // The same files, read again.
  std::shared_ptr<const OwnCertificate> again() const;

 private:
  const std::string certificate_file_, key_file_;
  std::string passphrase_;  // wiped at the end
  std::shared_ptr<const Certificates> certificates_;
  mutable PrivateKey key_;
};

}  // namespace c104::hal
