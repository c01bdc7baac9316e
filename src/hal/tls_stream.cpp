// SPDX-License-Identifier: GPL-3.0-or-later
#include "hal/tls_stream.h"

#include <mbedtls/oid.h>
#include <mbedtls/ssl.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

#include "base/log.h"
#include "hal/tls_certificate.h"
#include "hal/tls_octets.h"
#include "hal/tls_reason.h"
#include "hal/tls_renegotiation.h"
#include "hal/tls_snapshot.h"

namespace c104::hal {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t max_record = MBEDTLS_SSL_OUT_CONTENT_LEN;

// MBEDTLS_SSL_RENEGOTIATION_IN_PROGRESS and _DONE of ssl_misc.h
constexpr int renegotiation_in_progress = 1;
constexpr int renegotiation_done = 2;

constexpr auto refused_perhaps =
    " right after the TLS handshake: perhaps the partner does not accept our certificate (see its log)";

class TlsStream final : public Stream {
 public:
  TlsStream(std::unique_ptr<Stream> plain, std::shared_ptr<TlsSnapshot> snapshot, TlsSide side, const std::string& host)
      : octets_(std::move(plain)),
        plain_(octets_.plain()),
        snapshot_(std::move(snapshot)),
        settings_(snapshot_->settings()),
        side_(side) {
    mbedtls_ssl_init(&ssl_);
    if (settings_.hostname) failure_.hostname = settings_.hostname->empty() ? host : *settings_.hostname;
    session_key_ = plain_.peer_address() + '|' + host;
    failure_.side = side;
    failure_.has_ca = !settings_.ca.empty();
    failure_.has_allowed = !settings_.allowed.empty();
    failure_.min_rsa_bits = settings_.min_rsa_bits;
    failure_.min_ec_bits = settings_.min_ec_bits;
  }

  ~TlsStream() override {
    // Best effort: what the socket does not take now is not worth waiting for.
    if (stage_ == Stage::up && octets_.flush() == Progress::done) mbedtls_ssl_close_notify(&ssl_);
    mbedtls_ssl_free(&ssl_);
  }

  Progress establish() override {
    if (stage_ == Stage::connecting) {
      const Progress progress = plain_.establish();
      if (progress == Progress::failed) return fail(plain_.error());
      if (progress != Progress::done) return progress;
      if (!begin()) return Progress::failed;
    }
    if (stage_ != Stage::handshake) return stage_ == Stage::up ? Progress::done : Progress::failed;
    const Progress flushed = octets_.flush();
    if (flushed != Progress::done) return flushed == Progress::failed ? fail_by_plain() : flushed;

    const TlsPeerScope scope(peer_);
    octets_.begin_turn();
    const int result = until_starved([this] { return shake(); });
    const Progress after = octets_.flush();
    if (result != 0 && result != MBEDTLS_ERR_SSL_WANT_READ) {
      // For this fault alone mbedTLS's TLS 1.2 server leaves the partner without an answer.
      if (result == MBEDTLS_ERR_SSL_NO_CLIENT_CERTIFICATE &&
          mbedtls_ssl_get_version_number(&ssl_) == MBEDTLS_SSL_VERSION_TLS1_2) {
        mbedtls_ssl_send_alert_message(&ssl_, MBEDTLS_SSL_ALERT_LEVEL_FATAL, MBEDTLS_SSL_ALERT_MSG_HANDSHAKE_FAILURE);
      }
      octets_.flush();
      octets_.drain();
      return fail_by_tls(result);
    }
    if (after == Progress::failed) return fail_by_plain();
    // The last flight must be on its way before the stream is handed over.
    if (after == Progress::want_write) return after;
    if (result == MBEDTLS_ERR_SSL_WANT_READ) return Progress::want_read;
    stage_ = Stage::up;
    octets_.gather(false);
    failure_.established = true;
    is_tls12_ = mbedtls_ssl_get_version_number(&ssl_) == MBEDTLS_SSL_VERSION_TLS1_2;
    heard_ = is_tls12_;
    if (side_ == TlsSide::client && is_tls12_) save_session();
    return Progress::done;
  }

  Transfer read(std::uint8_t* buffer, std::size_t size) override {
    if (stage_ != Stage::up) return {0, Progress::failed};
    if (octets_.flush() == Progress::failed) return {0, fail_by_plain()};
    const TlsPeerScope scope(peer_);
    octets_.begin_turn();
    renegotiate_if_due();
    std::size_t count = 0;
    while (count < size) {
      const int got = until_starved([&] { return mbedtls_ssl_read(&ssl_, buffer + count, size - count); });
      if (by_partner_.exceeded()) return {count, fail(RenegotiationLimit::text())};
      heard_ = heard_ || got > 0 || got == MBEDTLS_ERR_SSL_RECEIVED_NEW_SESSION_TICKET;
      if (got > 0) {
        count += static_cast<std::size_t>(got);
        continue;
      }
      if (got == MBEDTLS_ERR_SSL_RECEIVED_NEW_SESSION_TICKET) {
        save_session();
        continue;
      }
      const Progress flushed = octets_.flush();
      if (got == MBEDTLS_ERR_SSL_WANT_READ) return {count, flushed == Progress::failed ? fail_by_plain() : Progress::want_read};
      return {count, fail_by_tls(got == 0 ? MBEDTLS_ERR_SSL_CONN_EOF : got)};
    }
    return {count, Progress::done};
  }

  Transfer write(Bytes data) override {
    if (stage_ != Stage::up) return {0, Progress::failed};
    const TlsPeerScope scope(peer_);
    const Progress flushed = octets_.flush();
    if (flushed == Progress::failed) return {0, fail_by_write(MBEDTLS_ERR_SSL_CONN_EOF)};
    if (flushed != Progress::done) return {0, flushed};
    // Its record was cut short by a full socket last time, and the caller was told that it is not sent.
    std::size_t count = std::exchange(unconfirmed_, 0);
    renegotiate_if_due();
    while (count < data.size()) {
      const std::size_t chunk = std::min(data.size() - count, max_record);
      const int put = until_starved([&] { return mbedtls_ssl_write(&ssl_, data.data() + count, chunk); });
      // Inside a renegotiation, which goes on as the partner's messages come; the second: data of the partner's came first.
      if (put == MBEDTLS_ERR_SSL_WANT_READ || put == MBEDTLS_ERR_SSL_WAITING_SERVER_HELLO_RENEGO)
        return {count, Progress::want_read};
      if (put < 0) return {count, fail_by_write(put)};
      if (octets_.has_output()) {
        unconfirmed_ = static_cast<std::size_t>(put);
        return {count, Progress::want_write};
      }
      count += static_cast<std::size_t>(put);
    }
    return {count, Progress::done};
  }

  bool has_buffered_input() const override {
    return stage_ == Stage::up && (octets_.has_input() || mbedtls_ssl_check_pending(&ssl_) != 0);
  }
  int descriptor() const override { return plain_.descriptor(); }
  std::string peer_address() const override { return plain_.peer_address(); }
  std::string peer_ip() const override { return plain_.peer_ip(); }
  bool is_nuisance() const override { return by_partner_.exceeded(); }
  PeerCertificatePtr peer_certificate() const override { return stage_ == Stage::up ? peer_ : nullptr; }

  // Before anything failed: what a deadline that runs out now is to be blamed on.
  std::string error() const override {
    const bool spoken_to = stage_ == Stage::handshake || (stage_ == Stage::connecting && side_ == TlsSide::server);
    if (!error_.empty() || !spoken_to) return error_;
    if (octets_.received() == 0) return "the partner does not answer the TLS handshake";
    return "the partner does not complete the TLS handshake";
  }

 private:
  enum class Stage : std::uint8_t { connecting, handshake, up, failed };

  // mbedTLS says WANT_READ also after a record that held nothing for the caller. Only when its wish for octets found
  // none is there nothing left to do: no poller event announces what TlsOctets holds.
  template <class Step>
  int until_starved(Step step) {
    for (;;) {
      octets_.take_starved();
      const int result = step();
      if (result >= 0) return result;
      const bool declined = give_up_declined_renegotiation();
      if (!declined && (result != MBEDTLS_ERR_SSL_WANT_READ || octets_.take_starved())) return result;
    }
  }

  // ---------------------------------------------------------------------------------------- handshake

  bool begin() {
    if (mbedtls_ssl_setup(&ssl_, &snapshot_->config()) != 0) {
      fail("no memory for TLS");
      return false;
    }
    octets_.attach(ssl_);
    mbedtls_ssl_set_verify(&ssl_, verify, this);
    mbedtls_ssl_set_export_keys_cb(&ssl_, keys_made, this);
    if (side_ == TlsSide::client) {
      // Without a name mbedTLS must be told that this is meant so.
      if (mbedtls_ssl_set_hostname(&ssl_, settings_.hostname ? failure_.hostname.c_str() : nullptr) != 0) {
        fail("the host name '" + failure_.hostname + "' cannot be used");
        return false;
      }
      mbedtls_ssl_session session;
      mbedtls_ssl_session_init(&session);
      if (snapshot_->sessions().get(session_key_, session, peer_)) mbedtls_ssl_set_session(&ssl_, &session);
      snapshot_->sessions().forget(session_key_);
      mbedtls_ssl_session_free(&session);
    }
    stage_ = Stage::handshake;
    return true;
  }

  int shake() {
    int result = 0;
    while (result == 0 && !mbedtls_ssl_is_handshake_over(&ssl_)) {
      result = mbedtls_ssl_handshake_step(&ssl_);
      if (ssl_.MBEDTLS_PRIVATE(state) == MBEDTLS_SSL_CLIENT_CERTIFICATE) answer_with_application_keys();
    }
    return result;
  }

  // RFC 8446, 7.2: behind its Finished a server sends under its application keys. mbedTLS takes them into use when the
  // handshake is over: its alert about a client's certificate would reach every client as a damaged record.
  void answer_with_application_keys() {
    auto* const keys = ssl_.MBEDTLS_PRIVATE(transform_application);
    if (side_ != TlsSide::server || keys == nullptr || ssl_.MBEDTLS_PRIVATE(transform_out) == keys) return;
    ssl_.MBEDTLS_PRIVATE(transform_out) = keys;
    std::fill(std::begin(ssl_.MBEDTLS_PRIVATE(cur_out_ctr)), std::end(ssl_.MBEDTLS_PRIVATE(cur_out_ctr)), 0);
  }

  void save_session() {
    mbedtls_ssl_session session;
    mbedtls_ssl_session_init(&session);
    if (mbedtls_ssl_get_session(&ssl_, &session) == 0) snapshot_->sessions().put(session_key_, session, peer_);
    mbedtls_ssl_session_free(&session);
  }

  // For every certificate of the chain, the partner's own (depth 0) last.
  static int verify(void* self, mbedtls_x509_crt* certificate, int depth, std::uint32_t* flags) {
    auto& stream = *static_cast<TlsStream*>(self);
    stream.verify(*certificate, depth, *flags);
    // Nobody is trusted and nobody refused, but for a name that was asked for: VERIFY_OPTIONAL forgives flags.
    const bool forgiven = !stream.settings_.validate && !stream.settings_.only_known;
    return forgiven && *flags != 0 ? MBEDTLS_ERR_X509_FATAL_ERROR : 0;
  }

  void verify(mbedtls_x509_crt& certificate, int depth, std::uint32_t& flags) {
    if (std::exchange(verified_, depth == 0)) failure_.flags = 0;  // a renegotiation
    // A host name that was asked for is checked in any case.
    if (!settings_.validate) flags &= MBEDTLS_X509_BADCERT_CN_MISMATCH;
    if (depth == 0) {
      peer_ = std::make_shared<const PeerCertificate>(describe(certificate));
      if (settings_.only_known && !snapshot_->is_allowed(certificate)) flags |= MBEDTLS_X509_BADCERT_OTHER;
      // mbedTLS looks at key usage behind this callback.
      if (!settings_.validate) {
        certificate.MBEDTLS_PRIVATE(ext_types) &= ~(MBEDTLS_X509_EXT_KEY_USAGE | MBEDTLS_X509_EXT_EXTENDED_KEY_USAGE);
      }
    }
    // The first fault is told; that the partner is not in the list outweighs the others.
    if (depth == 0 && (failure_.flags == 0 || (flags & MBEDTLS_X509_BADCERT_OTHER) != 0 || failure_.certificate.empty())) {
      failure_.flags = flags != 0 ? flags : failure_.flags;
      remember(certificate);
    } else if (flags != 0 && failure_.flags == 0) {
      failure_.flags = flags;
      remember(certificate);
    }
  }

  void remember(const mbedtls_x509_crt& certificate) {
    failure_.certificate = text_of(certificate.subject);
    failure_.issuer = text_of(certificate.issuer);
    failure_.valid_from = text_of(certificate.valid_from);
    failure_.valid_to = text_of(certificate.valid_to);
  }

  // ---------------------------------------------------------------------------------------- renegotiation (TLS 1.2)

  static void keys_made(void* self, mbedtls_ssl_key_export_type, const unsigned char*, std::size_t, const unsigned char*,
                        const unsigned char*, mbedtls_tls_prf_types) {
    auto& stream = *static_cast<TlsStream*>(self);
    stream.keys_since_ = Clock::now();
    if (stream.stage_ == Stage::up && !std::exchange(stream.asked_, false)) stream.by_partner_.note(stream.keys_since_);
  }

  void renegotiate_if_due() {
    if (!is_tls12_ || !settings_.renegotiation || !mbedtls_ssl_is_handshake_over(&ssl_)) return;
    // mbedTLS's client takes a HelloRequest that it gets while it renegotiates for an error. So a server asks once until
    // the client has come, and waits a little longer than a client with the same interval.
    if (asked_) return;
    const auto interval = *settings_.renegotiation * (side_ == TlsSide::server ? 11 : 10) / 10;
    if (Clock::now() - keys_since_ < interval) return;
    keys_since_ = Clock::now();
    const int result = mbedtls_ssl_renegotiate(&ssl_);
    asked_ = side_ == TlsSide::server || result == 0 || result == MBEDTLS_ERR_SSL_WANT_READ;
    if (side_ == TlsSide::server) {
      // "Pending" would have mbedTLS ask again with every record (meant for DTLS, but done here too).
      ssl_.MBEDTLS_PRIVATE(renego_status) = renegotiation_done;
    }
    if (result != 0 && result != MBEDTLS_ERR_SSL_WANT_READ) {
      // Either the next read or write fails, or the link goes on with its old keys.
      log(LogLevel::warning, "c104.tls", "renegotiation with " + peer_address() + " cannot begin");
    }
  }

  // A partner may decline (alert no_renegotiation, a warning). mbedTLS's client would wait for the ServerHello for ever
  // and send nothing; the link goes on with the keys it has.
  bool give_up_declined_renegotiation() {
    if (stage_ != Stage::up || !is_tls12_ || mbedtls_ssl_is_handshake_over(&ssl_)) return false;
    const bool declined = ssl_.MBEDTLS_PRIVATE(in_msgtype) == MBEDTLS_SSL_MSG_ALERT &&
                          ssl_.MBEDTLS_PRIVATE(in_msg)[0] == MBEDTLS_SSL_ALERT_LEVEL_WARNING &&
                          ssl_.MBEDTLS_PRIVATE(in_msg)[1] == MBEDTLS_SSL_ALERT_MSG_NO_RENEGOTIATION;
    if (!declined) return false;
    ssl_.MBEDTLS_PRIVATE(state) = MBEDTLS_SSL_HANDSHAKE_OVER;
    ssl_.MBEDTLS_PRIVATE(renego_status) = renegotiation_done;
    ssl_.MBEDTLS_PRIVATE(keep_current_message) = 0;
    asked_ = false;
    log(LogLevel::info, "c104.tls", peer_address() + " declines renegotiation: the link keeps its keys");
    return true;
  }

  // ---------------------------------------------------------------------------------------- failing

  Progress fail(std::string why) {
    error_ = std::move(why);
    stage_ = Stage::failed;
    return Progress::failed;
  }

  Progress fail_by_tls(int code) {
    const bool in_doubt = stage_ == Stage::up && side_ == TlsSide::client && !heard_;
    if (stage_ == Stage::up && code != MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE && octets_.broken() && !plain_.error().empty())
      return fail(plain_.error() + (in_doubt ? refused_perhaps : ""));
    failure_.code = code;
    failure_.received = octets_.received();
    failure_.first_octet = octets_.first_octet();
    // What mbedTLS finds behind our callback (key usage, curve).
    const std::uint32_t flags = mbedtls_ssl_get_verify_result(&ssl_);
    if (failure_.flags == 0 && flags != 0xFFFFFFFF) failure_.flags = flags;
    // RFC 5246, 7.4.1.1: a client that renegotiates ignores a HelloRequest. mbedTLS's ends the link, and we cannot step in between.
    failure_.collided = stage_ == Stage::up && ssl_.MBEDTLS_PRIVATE(renego_status) == renegotiation_in_progress &&
                        ssl_.MBEDTLS_PRIVATE(in_msgtype) == MBEDTLS_SSL_MSG_HANDSHAKE &&
                        ssl_.MBEDTLS_PRIVATE(in_msg)[0] == MBEDTLS_SSL_HS_HELLO_REQUEST;
    if (code == MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE) failure_.alert = ssl_.MBEDTLS_PRIVATE(in_msg)[1];
    if (stage_ == Stage::handshake) recognise_bare_alert();
    const bool gone = code == MBEDTLS_ERR_SSL_CONN_EOF || code == MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY;
    return fail(describe(failure_) + (in_doubt && gone ? refused_perhaps : ""));
  }

  // A TLS 1.3 client on mbedTLS (c104 2.2 is one) refuses our certificate in plain where an encrypted record is due. Good
  // enough for a message to people.
  void recognise_bare_alert() {
    constexpr std::array<std::uint8_t, 6> fatal{MBEDTLS_SSL_MSG_ALERT, 3, 3, 0, 2, MBEDTLS_SSL_ALERT_LEVEL_FATAL};
    const Bytes last = octets_.last_input();
    if (failure_.code == MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE || last.size() <= fatal.size()) return;
    const Bytes record = last.last(fatal.size() + 1);
    if (!std::equal(fatal.begin(), fatal.end(), record.begin())) return;
    failure_.code = MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE;
    failure_.alert = record.back();
  }

  // A TLS 1.3 client learns that its certificate is refused after its handshake. What it has written by then resets the
  // connection, but the alert is there to be read.
  Progress fail_by_write(int code) {
    std::array<std::uint8_t, 256> waste;
    octets_.begin_turn();
    for (int i = 0; i < 64; ++i) {
      const int got = mbedtls_ssl_read(&ssl_, waste.data(), waste.size());
      if (got == MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE) return fail_by_tls(got);
      if (got <= 0 && got != MBEDTLS_ERR_SSL_RECEIVED_NEW_SESSION_TICKET) break;
    }
    return fail_by_tls(code);
  }

  Progress fail_by_plain() { return fail_by_tls(MBEDTLS_ERR_SSL_CONN_EOF); }

  TlsOctets octets_;
  Stream& plain_;
  const std::shared_ptr<TlsSnapshot> snapshot_;
  const TlsSettings& settings_;
  const TlsSide side_;
  Stage stage_ = Stage::connecting;
  bool verified_ = false;  // a chain has been looked at to its end
  bool is_tls12_ = false;
  bool heard_ = false;  // the partner has sent something since the handshake. A TLS 1.3 server judges a client after it
  bool asked_ =
      false;  // we began a renegotiation that has not made keys; a server has sent HelloRequest, the client has not come
  RenegotiationLimit by_partner_;
  std::size_t unconfirmed_ = 0;  // octets of the caller's that mbedTLS has, the socket not, and the caller not told as sent
  Clock::time_point keys_since_ = Clock::now();
  std::string session_key_;
  PeerCertificatePtr peer_;
  std::string error_;
  TlsFailure failure_;
  mbedtls_ssl_context ssl_;
};

}  // namespace

std::unique_ptr<Stream> tls(std::unique_ptr<Stream> plain, const std::shared_ptr<TlsConfig>& config, TlsSide side,
                            const std::string& host) {
  return std::make_unique<TlsStream>(std::move(plain), config->snapshot(side), side, host);
}

}  // namespace c104::hal
