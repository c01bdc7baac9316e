// SPDX-License-Identifier: GPL-3.0-or-later
#include "hal/tls_certificate.h"

#include <mbedtls/sha256.h>

#include <array>
#include <chrono>
#include <cstdio>

namespace c104::hal {
namespace {

std::string hexadecimal(const unsigned char* octets, std::size_t size, const char* format) {
  std::string text;
  for (std::size_t i = 0; i < size; ++i) {
    char digits[3];
    std::snprintf(digits, sizeof digits, format, static_cast<unsigned>(octets[i]));
    text += digits;
  }
  return text;
}

std::int64_t seconds(const mbedtls_x509_time& time) {
  using namespace std::chrono;
  const sys_days date = year(time.year) / month(static_cast<unsigned>(time.mon)) / day(static_cast<unsigned>(time.day));
  return duration_cast<std::chrono::seconds>(date.time_since_epoch()).count() + time.hour * 3600 + time.min * 60 + time.sec;
}

}  // namespace

std::string text_of(const mbedtls_x509_name& name) {
  std::string text(512, 0);
  int length = 0;
  while ((length = mbedtls_x509_dn_gets(text.data(), text.size(), &name)) == MBEDTLS_ERR_X509_BUFFER_TOO_SMALL)
    text.resize(text.size() * 2);
  if (length <= 0) return "unnamed";
  text.resize(static_cast<std::size_t>(length));
  return text;
}

std::string text_of(const mbedtls_x509_time& time) {
  char text[80];
  std::snprintf(text, sizeof text, "%04d-%02d-%02d %02d:%02d:%02d UTC", time.year, time.mon, time.day, time.hour, time.min,
                time.sec);
  return text;
}

PeerCertificate describe(const mbedtls_x509_crt& certificate) {
  // DER puts a 0 before a number whose first bit is set.
  const auto& serial = certificate.serial;
  const std::size_t padding = serial.len > 1 && serial.p[0] == 0 ? 1 : 0;
  std::array<unsigned char, 32> hash{};
  mbedtls_sha256(certificate.raw.p, certificate.raw.len, hash.data(), 0);
  return {text_of(certificate.subject),
          text_of(certificate.issuer),
          hexadecimal(serial.p + padding, serial.len - padding, "%02X"),
          hexadecimal(hash.data(), hash.size(), "%02x"),
          seconds(certificate.valid_from),
          seconds(certificate.valid_to)};
}

}  // namespace c104::hal
