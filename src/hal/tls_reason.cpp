// SPDX-License-Identifier: GPL-3.0-or-later
#include "hal/tls_reason.h"

#include <mbedtls/asn1.h>
#include <mbedtls/error.h>
#include <mbedtls/pem.h>
#include <mbedtls/pk.h>
#include <mbedtls/ssl.h>
#include <mbedtls/x509_crt.h>

#include <cstdio>

namespace c104::hal {
namespace {

constexpr std::uint32_t any_crl_fault = MBEDTLS_X509_BADCRL_NOT_TRUSTED | MBEDTLS_X509_BADCRL_EXPIRED |
                                        MBEDTLS_X509_BADCRL_FUTURE | MBEDTLS_X509_BADCRL_BAD_MD | MBEDTLS_X509_BADCRL_BAD_PK |
                                        MBEDTLS_X509_BADCRL_BAD_KEY;

std::string library_text(int code) {
  char text[160] = "";
  mbedtls_strerror(code, text, sizeof text);
  char number[16];
  std::snprintf(number, sizeof number, " (-0x%04X)", static_cast<unsigned>(-code));
  return text + std::string(number);
}

std::string describe_alert(std::uint8_t alert) {
  switch (alert) {
    case MBEDTLS_SSL_ALERT_MSG_HANDSHAKE_FAILURE:
      return "it found no TLS version, cipher suite or certificate that both sides accept, or demands a certificate (alert "
             "handshake_failure)";
    case MBEDTLS_SSL_ALERT_MSG_BAD_CERT: return "it does not accept our certificate (alert bad_certificate)";
    case MBEDTLS_SSL_ALERT_MSG_UNSUPPORTED_CERT:
      return "it does not support the kind or the usage of our certificate (alert unsupported_certificate)";
    case MBEDTLS_SSL_ALERT_MSG_CERT_REVOKED: return "our certificate is revoked (alert certificate_revoked)";
    case MBEDTLS_SSL_ALERT_MSG_CERT_EXPIRED: return "our certificate has expired (alert certificate_expired)";
    case MBEDTLS_SSL_ALERT_MSG_CERT_UNKNOWN: return "it does not accept our certificate (alert certificate_unknown)";
    case MBEDTLS_SSL_ALERT_MSG_UNKNOWN_CA:
      return "it does not know the authority that signed our certificate (alert unknown_ca)";
    case MBEDTLS_SSL_ALERT_MSG_ACCESS_DENIED:
      return "our certificate is not in its list of allowed certificates (alert access_denied)";
    case MBEDTLS_SSL_ALERT_MSG_PROTOCOL_VERSION:
      return "it does not speak a TLS version that we allow, see set_version() (alert protocol_version)";
    case MBEDTLS_SSL_ALERT_MSG_INSUFFICIENT_SECURITY:
      return "our cipher suites are too weak for it (alert insufficient_security)";
    case MBEDTLS_SSL_ALERT_MSG_DECRYPT_ERROR: return "our signature does not fit our certificate (alert decrypt_error)";
    case MBEDTLS_SSL_ALERT_MSG_UNRECOGNIZED_NAME:
      return "it does not serve the host name that we asked for (alert unrecognized_name)";
    case MBEDTLS_SSL_ALERT_MSG_NO_CERT:
    case 116: return "it demands a certificate and we have none, see set_certificate() (alert certificate_required)";
    case MBEDTLS_SSL_ALERT_MSG_INTERNAL_ERROR: return "it has an internal error (alert internal_error)";
    default: return "alert " + std::to_string(alert);
  }
}

std::string describe_certificate(const TlsFailure& f) {
  const std::string the = "the partner's certificate '" + f.certificate + "' ";
  const std::uint32_t flags = f.flags;
  if ((flags & MBEDTLS_X509_BADCERT_OTHER) != 0) {
    return the + "is not in the list of allowed certificates" +
           (f.has_allowed ? " (see add_allowed_remote_certificate)" : ", which is empty (see add_allowed_remote_certificate)");
  }
  if ((flags & MBEDTLS_X509_BADCERT_EXPIRED) != 0) return the + "has expired on " + f.valid_to;
  if ((flags & MBEDTLS_X509_BADCERT_FUTURE) != 0)
    return the + "is not valid before " + f.valid_from + " (are both clocks right?)";
  if ((flags & MBEDTLS_X509_BADCERT_REVOKED) != 0) return the + "is revoked";
  if ((flags & (MBEDTLS_X509_BADCERT_BAD_KEY | MBEDTLS_X509_BADCERT_BAD_PK)) != 0) {
    // mbedTLS blames the certificate that an authority with a small key has signed.
    return "the partner's certificate '" + f.certificate + "', or that of its issuer '" + f.issuer +
           "', has a key that is too weak or of an unsupported kind (RSA needs " + std::to_string(f.min_rsa_bits) +
           " bits, EC " + std::to_string(f.min_ec_bits) + ", see set_minimum_key_sizes)";
  }
  if ((flags & MBEDTLS_X509_BADCERT_BAD_MD) != 0) return the + "is signed with a weak hash (SHA-256 or better is needed)";
  if ((flags & MBEDTLS_X509_BADCERT_NOT_TRUSTED) != 0) {
    if (!f.has_ca) return the + "cannot be validated: there is no CA certificate (see set_ca_certificate)";
    return the + "is not signed by a known CA (issuer '" + f.issuer + "', see set_ca_certificate)";
  }
  if ((flags & any_crl_fault) != 0) {
    return the + "cannot be validated: the revocation list of '" + f.issuer + "' " +
           ((flags & MBEDTLS_X509_BADCRL_EXPIRED) != 0  ? "has expired"
            : (flags & MBEDTLS_X509_BADCRL_FUTURE) != 0 ? "is not valid yet (are both clocks right?)"
                                                        : "is not properly signed") +
           " (see add_revocation_list and reload)";
  }
  if ((flags & MBEDTLS_X509_BADCERT_CN_MISMATCH) != 0) return the + "is not made out to the host name '" + f.hostname + "'";
  if ((flags & (MBEDTLS_X509_BADCERT_KEY_USAGE | MBEDTLS_X509_BADCERT_EXT_KEY_USAGE | MBEDTLS_X509_BADCERT_NS_CERT_TYPE)) !=
      0) {
    return the + "is not meant for a TLS " + (f.side == TlsSide::client ? "server" : "client") + " (key usage)";
  }
  return the + "is not acceptable";
}

}  // namespace

std::string describe(const TlsFailure& f) {
  const bool gone = f.code == MBEDTLS_ERR_SSL_CONN_EOF || f.code == MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY;
  if (f.established && gone) return "closed by partner";
  if (!f.established && f.received > 0 && (f.first_octet < 0x14 || f.first_octet > 0x18)) {
    return f.first_octet == 0x68 ? "the partner speaks plain IEC 60870-5-104 on this TLS port, it needs TLS too"
                                 : "the partner does not speak TLS on this port";
  }
  if (gone) {
    if (f.received > 0 || f.side == TlsSide::server) return "the partner has closed in the middle of the TLS handshake";
    return "the partner has closed instead of answering the TLS handshake: its port may be one without TLS";
  }
  if (f.collided) return "both sides began to renew the keys at the same time (see set_renegotiation_time)";
  switch (f.code) {
    case MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE:
      if (f.alert == MBEDTLS_SSL_ALERT_MSG_CLOSE_NOTIFY) return "closed by partner";
      return "refused by the partner: " + describe_alert(f.alert);
    case MBEDTLS_ERR_X509_CERT_VERIFY_FAILED:
    case MBEDTLS_ERR_X509_FATAL_ERROR:
    case MBEDTLS_ERR_SSL_BAD_CERTIFICATE:
    case MBEDTLS_ERR_SSL_CA_CHAIN_REQUIRED:
      // Without anchors mbedTLS says so whatever the list of allowed certificates said.
      return describe_certificate(f);
    case MBEDTLS_ERR_SSL_NO_CLIENT_CERTIFICATE: return "the partner has sent no certificate, and one is demanded";
    case MBEDTLS_ERR_SSL_BAD_PROTOCOL_VERSION:
    case MBEDTLS_ERR_SSL_VERSION_MISMATCH: return "no common TLS version with the partner (see set_version)";
    case MBEDTLS_ERR_SSL_HANDSHAKE_FAILURE:
      return "no common cipher suite, curve or signature algorithm with the partner (see set_ciphers; the suites must fit both "
             "keys and versions)";
    case MBEDTLS_ERR_SSL_PRIVATE_KEY_REQUIRED: return "we have no certificate (see set_certificate)";
    case MBEDTLS_ERR_SSL_INVALID_MAC:
      return "a record cannot be decrypted: damaged, or the message with which the partner refuses our certificate (mbedTLS "
             "servers and TLS 1.3; see its log)";
    default: return "TLS " + std::string(f.established ? "failed: " : "handshake failed: ") + library_text(f.code);
  }
}

int module_of(int code) { return -((-code) & 0xFF80); }

std::string describe_file_error(int code, const char* kind, bool pem) {
  switch (module_of(code)) {
    case MBEDTLS_ERR_X509_CERT_UNKNOWN_FORMAT:
    case MBEDTLS_ERR_X509_INVALID_FORMAT:
      return pem ? "its PEM text is damaged" : std::string("it is neither a PEM nor a DER ") + kind;
    case MBEDTLS_ERR_X509_UNKNOWN_SIG_ALG: return "its signature algorithm is not supported (RSA and ECDSA are)";
    case MBEDTLS_ERR_PK_UNKNOWN_PK_ALG: return "its key algorithm is not supported (RSA and EC are)";
    case MBEDTLS_ERR_PK_UNKNOWN_NAMED_CURVE: return "its elliptic curve is not supported";
    case MBEDTLS_ERR_PK_KEY_INVALID_FORMAT: return "it is neither a PEM nor a DER private key";
    case MBEDTLS_ERR_PEM_NO_HEADER_FOOTER_PRESENT:
    case MBEDTLS_ERR_PEM_INVALID_DATA:
    case MBEDTLS_ERR_PEM_BAD_INPUT_DATA: return "its PEM text is damaged";
    case MBEDTLS_ERR_PEM_UNKNOWN_ENC_ALG:
    case MBEDTLS_ERR_PK_FEATURE_UNAVAILABLE: return "it is encrypted in a way that is not supported: " + library_text(code);
    default: return library_text(code);
  }
}

}  // namespace c104::hal
