// SPDX-License-Identifier: GPL-3.0-or-later
#include "hal/tls_files.h"

#include <mbedtls/platform_util.h>
#include <mbedtls/rsa.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <new>
#include <stdexcept>
#include <utility>
#include <vector>

#include "base/log.h"
#include "hal/tls_certificate.h"
#include "hal/tls_psa.h"
#include "hal/tls_reason.h"

namespace c104::hal {
namespace {

constexpr auto logger = "c104.tls";
constexpr std::uintmax_t max_file_size = 16 * 1024 * 1024;

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
    // A pipe would be waited for.
    if (!std::filesystem::is_regular_file(path, ignored)) refuse(what, file, "it is not a regular file");
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

// One wrong passphrase in some hundred decrypts to what looks like a key at first: then it is its content that makes no sense.
bool is_gibberish(int code) {
  const int module = module_of(code);  // none: ASN.1's code alone
  return module == MBEDTLS_ERR_PK_KEY_INVALID_FORMAT || module == MBEDTLS_ERR_PK_KEY_INVALID_VERSION ||
         module == MBEDTLS_ERR_RSA_BAD_INPUT_DATA || module == 0;
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
  if (result == MBEDTLS_ERR_PK_PASSWORD_MISMATCH || (encrypted && is_gibberish(result))) {
    refuse("private key", file, "the passphrase is wrong");
  }
  refuse("private key", file, describe_file_error(result, "private key", false));
}

}  // namespace

void Certificates::append(const Certificates& other) {
  for (const mbedtls_x509_crt* each = &other.chain; each != nullptr; each = each->next) {
    if (mbedtls_x509_crt_parse_der(&chain, each->raw.p, each->raw.len) != 0) throw std::bad_alloc();
  }
}

void RevocationLists::append(const RevocationLists& other) {
  for (const mbedtls_x509_crl* each = &other.chain; each != nullptr; each = each->next) {
    if (mbedtls_x509_crl_parse_der(&chain, each->raw.p, each->raw.len) != 0) throw std::bad_alloc();
  }
}

std::shared_ptr<const Certificates> read_certificates(const std::string& what, const std::string& file) {
  const Content content(what, file);
  if (content.is_pem() && !content.contains("-----BEGIN CERTIFICATE-----"))
    refuse(what, file, "it holds no certificate (-----BEGIN CERTIFICATE-----)");
  auto made = std::make_shared<Certificates>();
  const int result = mbedtls_x509_crt_parse(&made->chain, content.data(), content.size());
  if (result < 0) refuse(what, file, describe_file_error(result, "certificate", content.is_pem()));
  if (result > 0) refuse(what, file, std::to_string(result) + " of the certificates in it cannot be understood");
  return made;
}

std::shared_ptr<const RevocationLists> read_revocation_lists(const std::string& file) {
  constexpr auto what = "certificate revocation list";
  const Content content(what, file);
  if (content.is_pem() && !content.contains("-----BEGIN X509 CRL-----"))
    refuse(what, file, "it holds no revocation list (-----BEGIN X509 CRL-----)");
  auto made = std::make_shared<RevocationLists>();
  const int result = mbedtls_x509_crl_parse(&made->chain, content.data(), content.size());
  if (result != 0) refuse(what, file, describe_file_error(result, "revocation list", content.is_pem()));
  for (const mbedtls_x509_crl* each = &made->chain; each != nullptr; each = each->next) {
    if (mbedtls_x509_time_is_past(&each->next_update) == 0) continue;
    log(LogLevel::warning, logger,
        "the revocation list '" + file + "' of '" + text_of(each->issuer) + "' has expired on " + text_of(each->next_update) +
            ": partners that this authority has signed are refused");
  }
  return made;
}

OwnCertificate::OwnCertificate(std::string certificate_file, std::string key_file, std::string passphrase)
    : certificate_file_(std::move(certificate_file)),
      key_file_(std::move(key_file)),
      passphrase_(std::move(passphrase)),
      certificates_(read_certificates("certificate", certificate_file_)) {
  parse_key(key_file_, passphrase_, key_.key);
  const mbedtls_x509_crt& own = certificates_->chain;
  if (mbedtls_pk_check_pair(&own.pk, &key_.key, tls_random, nullptr) != 0) {
    refuse("private key", key_file_, "it does not belong to the certificate '" + certificate_file_ + "'");
  }
  const bool past = mbedtls_x509_time_is_past(&own.valid_to) != 0;
  if (past || mbedtls_x509_time_is_future(&own.valid_from) != 0) {
    log(LogLevel::warning, logger,
        "our own certificate '" + certificate_file_ + "' (" + text_of(own.subject) +
            (past ? ") has expired" : ") is not valid yet") + ": partners that validate will refuse it");
  }
}

OwnCertificate::~OwnCertificate() { mbedtls_platform_zeroize(passphrase_.data(), passphrase_.size()); }

std::shared_ptr<const OwnCertificate> OwnCertificate::again() const {
  return std::make_shared<const OwnCertificate>(certificate_file_, key_file_, passphrase_);
}

}  // namespace c104::hal
