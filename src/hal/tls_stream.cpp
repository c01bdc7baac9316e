// SPDX-License-Identifier: GPL-3.0-or-later
#include "hal/tls_stream.h"

#include <mbedtls/oid.h>
#include <mbedtls/ssl.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <utility>

#include "base/log.h"
#include "hal/tls_state.h"

namespace c104::hal {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t max_record = MBEDTLS_SSL_OUT_CONTENT_LEN;
// Headers and small records come out of this buffer: mbedTLS asks for five octets first.
constexpr std::size_t input_size = 4096;

constexpr int renegotiation_done = 2;  // MBEDTLS_SSL_RENEGOTIATION_DONE of ssl_misc.h

std::string date_text(const mbedtls_x509_time& time) {
  char text[80];
  std::snprintf(text, sizeof text, "%04d-%02d-%02d %02d:%02d:%02d UTC", time.year, time.mon, time.day, time.hour, time.min, time.sec);
  return text;
}

class TlsStream final : public Stream {
 public:
  TlsStream(std::unique_ptr<Stream> plain, std::shared_ptr<TlsConfig> config, TlsSide side, const std::string& host)
      : plain_(std::move(plain)), config_(std::move(config)), state_(config_->state()), side_(side) {
    mbedtls_ssl_init(&ssl_);
    if (state_.hostname) failure_.hostname = state_.hostname->empty() ? host : *state_.hostname;
    session_key_ = plain_->peer_address() + '|' + host;
    failure_.side = side;
    failure_.has_ca = !state_.ca.empty();
    failure_.has_allowed = !state_.allowed.empty();
    failure_.validate = state_.validate;
  }

  ~TlsStream() override {
    // Best effort: what the socket does not take now is not worth waiting for.
    if (stage_ == Stage::up && flush_output() == Progress::done) mbedtls_ssl_close_notify(&ssl_);
    mbedtls_ssl_free(&ssl_);
  }

  Progress establish() override {
    if (stage_ == Stage::connecting) {
      const Progress progress = plain_->establish();
      if (progress == Progress::failed) return fail(plain_->error());
      if (progress != Progress::done) return progress;
      if (!begin()) return Progress::failed;
    }
    if (stage_ != Stage::handshake) return stage_ == Stage::up ? Progress::done : Progress::failed;
    const Progress flushed = flush_output();
    if (flushed != Progress::done) return flushed == Progress::failed ? fail_by_plain() : flushed;

    const TlsSubjectScope scope(subject_);
    drained_ = false;
    const int result = until_starved([this] { return shake(); });
    const Progress after = flush_output();
    if (result != 0 && result != MBEDTLS_ERR_SSL_WANT_READ) {
      // For this fault alone mbedTLS's TLS 1.2 server leaves the partner without an answer.
      if (result == MBEDTLS_ERR_SSL_NO_CLIENT_CERTIFICATE && mbedtls_ssl_get_version_number(&ssl_) == MBEDTLS_SSL_VERSION_TLS1_2) {
        mbedtls_ssl_send_alert_message(&ssl_, MBEDTLS_SSL_ALERT_LEVEL_FATAL, MBEDTLS_SSL_ALERT_MSG_HANDSHAKE_FAILURE);
      }
      flush_output();
      drain();
      return fail_by_tls(result);
    }
    if (after == Progress::failed) return fail_by_plain();
    // The last flight must be on its way before the stream is handed over.
    if (after == Progress::want_write) return after;
    if (result == MBEDTLS_ERR_SSL_WANT_READ) return Progress::want_read;
    stage_ = Stage::up;
    failure_.established = true;
    is_tls12_ = mbedtls_ssl_get_version_number(&ssl_) == MBEDTLS_SSL_VERSION_TLS1_2;
    if (side_ == TlsSide::client && is_tls12_) save_session();
    return Progress::done;
  }

  Transfer read(std::uint8_t* buffer, std::size_t size) override {
    if (stage_ != Stage::up) return {0, Progress::failed};
    if (flush_output() == Progress::failed) return {0, fail_by_plain()};
    const TlsSubjectScope scope(subject_);
    drained_ = false;
    renegotiate_if_due();
    std::size_t count = 0;
    while (count < size) {
      const int got = until_starved([&] { return mbedtls_ssl_read(&ssl_, buffer + count, size - count); });
      if (got > 0) {
        count += static_cast<std::size_t>(got);
        continue;
      }
      if (got == MBEDTLS_ERR_SSL_RECEIVED_NEW_SESSION_TICKET) {
        save_session();
        continue;
      }
      const Progress flushed = flush_output();
      if (got == MBEDTLS_ERR_SSL_WANT_READ) return {count, flushed == Progress::failed ? fail_by_plain() : Progress::want_read};
      return {count, fail_by_tls(got == 0 ? MBEDTLS_ERR_SSL_CONN_EOF : got)};
    }
    return {count, Progress::done};
  }

  Transfer write(Bytes data) override {
    if (stage_ != Stage::up) return {0, Progress::failed};
    const TlsSubjectScope scope(subject_);
    const Progress flushed = flush_output();
    if (flushed == Progress::failed) return {0, fail_by_plain()};
    if (flushed != Progress::done) return {0, flushed};
    // Its record was cut short by a full socket last time, and the caller was told that it is not sent.
    std::size_t count = std::exchange(unconfirmed_, 0);
    renegotiate_if_due();
    while (count < data.size()) {
      const std::size_t chunk = std::min(data.size() - count, max_record);
      const int put = until_starved([&] { return mbedtls_ssl_write(&ssl_, data.data() + count, chunk); });
      // Inside a renegotiation, which goes on as the partner's messages come; the second: data of the partner's came first.
      if (put == MBEDTLS_ERR_SSL_WANT_READ || put == MBEDTLS_ERR_SSL_WAITING_SERVER_HELLO_RENEGO) return {count, Progress::want_read};
      if (put < 0) return {count, fail_by_tls(put)};
      if (!output_.empty()) {
        unconfirmed_ = static_cast<std::size_t>(put);
        return {count, Progress::want_write};
      }
      count += static_cast<std::size_t>(put);
    }
    return {count, Progress::done};
  }

  bool has_buffered_input() const override {
    return stage_ == Stage::up && (input_at_ != input_end_ || mbedtls_ssl_check_pending(&ssl_) != 0);
  }
  int descriptor() const override { return plain_->descriptor(); }
  std::string peer_address() const override { return plain_->peer_address(); }
  std::string peer_ip() const override { return plain_->peer_ip(); }
  std::string peer_subject() const override { return stage_ == Stage::up ? subject_ : std::string(); }

  // Before anything failed: what a deadline that runs out now is to be blamed on.
  std::string error() const override {
    if (!error_.empty() || stage_ != Stage::handshake) return error_;
    if (failure_.received == 0) return "the partner does not answer the TLS handshake";
    return "the partner does not complete the TLS handshake";
  }

 private:
  enum class Stage : std::uint8_t { connecting, handshake, up, failed };

  // mbedTLS says WANT_READ also after a record that held nothing for the caller. Only when its wish for octets found
  // none is there nothing left to do: no poller event announces what input_ holds.
  template <class Step>
  int until_starved(Step step) {
    for (;;) {
      starved_ = false;
      const int result = step();
      if (result >= 0) return result;
      const bool declined = give_up_declined_renegotiation();
      if (!declined && (result != MBEDTLS_ERR_SSL_WANT_READ || starved_)) return result;
    }
  }

  // ---------------------------------------------------------------------------------------- handshake

  bool begin() {
    if (mbedtls_ssl_setup(&ssl_, &state_.config(side_)) != 0) {
      fail("no memory for TLS");
      return false;
    }
    mbedtls_ssl_set_bio(&ssl_, this, send_octets, receive_octets, nullptr);
    mbedtls_ssl_set_verify(&ssl_, verify, this);
    mbedtls_ssl_set_export_keys_cb(&ssl_, keys_made, this);
    if (side_ == TlsSide::client) {
      // Without a name mbedTLS must be told that this is meant so.
      if (mbedtls_ssl_set_hostname(&ssl_, state_.hostname ? failure_.hostname.c_str() : nullptr) != 0) {
        fail("the host name '" + failure_.hostname + "' cannot be used");
        return false;
      }
      mbedtls_ssl_session session;
      mbedtls_ssl_session_init(&session);
      if (state_.sessions.get(session_key_, true, session, subject_)) mbedtls_ssl_set_session(&ssl_, &session);
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

  // Octets that nobody has read turn a close into a TCP reset, which would overtake our alert.
  void drain() {
    std::array<std::uint8_t, input_size> waste;
    for (int i = 0; i < 16 && !plain_broken_; ++i) {
      const Transfer moved = plain_->read(waste.data(), waste.size());
      if (moved.progress != Progress::done) break;
    }
  }

  void save_session() {
    mbedtls_ssl_session session;
    mbedtls_ssl_session_init(&session);
    if (mbedtls_ssl_get_session(&ssl_, &session) == 0) state_.sessions.put(session_key_, session, subject_);
    mbedtls_ssl_session_free(&session);
  }

  // For every certificate of the chain, the partner's own (depth 0) last.
  static int verify(void* self, mbedtls_x509_crt* certificate, int depth, std::uint32_t* flags) {
    auto& stream = *static_cast<TlsStream*>(self);
    stream.verify(*certificate, depth, *flags);
    // Nobody is trusted and nobody refused, but for a name that was asked for: VERIFY_OPTIONAL forgives flags.
    const bool forgiven = !stream.state_.validate && !stream.state_.only_known;
    return forgiven && *flags != 0 ? MBEDTLS_ERR_X509_FATAL_ERROR : 0;
  }

  void verify(mbedtls_x509_crt& certificate, int depth, std::uint32_t& flags) {
    if (std::exchange(verified_, depth == 0)) failure_.flags = 0;  // a renegotiation
    // A host name that was asked for is checked in any case.
    if (!state_.validate) flags &= MBEDTLS_X509_BADCERT_CN_MISMATCH;
    if (depth == 0) {
      subject_ = subject_of(certificate);
      if (state_.only_known && !state_.is_allowed(certificate)) flags |= MBEDTLS_X509_BADCERT_OTHER;
      // mbedTLS looks at key usage behind this callback.
      if (!state_.validate) {
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
    failure_.certificate = subject_of(certificate);
    failure_.issuer = issuer_of(certificate);
    failure_.valid_from = date_text(certificate.valid_from);
    failure_.valid_to = date_text(certificate.valid_to);
  }

  // ---------------------------------------------------------------------------------------- renegotiation (TLS 1.2)

  static void keys_made(void* self, mbedtls_ssl_key_export_type, const unsigned char*, std::size_t, const unsigned char*,
                        const unsigned char*, mbedtls_tls_prf_types) {
    auto& stream = *static_cast<TlsStream*>(self);
    stream.keys_since_ = Clock::now();
    stream.asked_ = false;
  }

  void renegotiate_if_due() {
    if (!is_tls12_ || !state_.renegotiation || !mbedtls_ssl_is_handshake_over(&ssl_)) return;
    // mbedTLS's client takes a HelloRequest that it gets while it renegotiates for an error. So a server asks once until
    // the client has come, and waits a little longer than a client with the same interval.
    if (asked_) return;
    const auto interval = *state_.renegotiation * (side_ == TlsSide::server ? 11 : 10) / 10;
    if (Clock::now() - keys_since_ < interval) return;
    keys_since_ = Clock::now();
    const int result = mbedtls_ssl_renegotiate(&ssl_);
    if (side_ == TlsSide::server) {
      asked_ = true;
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
    log(LogLevel::info, "c104.tls", peer_address() + " declines renegotiation: the link keeps its keys");
    return true;
  }

  // ---------------------------------------------------------------------------------------- octets

  static int receive_octets(void* self, unsigned char* into, std::size_t size) {
    return static_cast<TlsStream*>(self)->receive(into, size);
  }

  int receive(unsigned char* into, std::size_t size) {
    if (input_at_ == input_end_) {
      // A short read has emptied the socket: no second system call in this turn.
      if (drained_) {
        starved_ = true;
        return MBEDTLS_ERR_SSL_WANT_READ;
      }
      const bool direct = size >= input_.size();
      const Transfer moved = plain_->read(direct ? into : input_.data(), direct ? size : input_.size());
      drained_ = moved.progress == Progress::want_read;
      if (moved.count == 0) {
        if (moved.progress != Progress::failed) {
          starved_ = true;
          return MBEDTLS_ERR_SSL_WANT_READ;
        }
        plain_broken_ = true;
        return MBEDTLS_ERR_SSL_CONN_EOF;
      }
      if (failure_.received == 0) failure_.first_octet = direct ? into[0] : input_[0];
      failure_.received += moved.count;
      if (direct) return static_cast<int>(moved.count);
      input_at_ = 0;
      input_end_ = moved.count;
    }
    const std::size_t count = std::min(size, input_end_ - input_at_);
    std::memcpy(into, input_.data() + input_at_, count);
    input_at_ += count;
    return static_cast<int>(count);
  }

  static int send_octets(void* self, const unsigned char* from, std::size_t size) {
    return static_cast<TlsStream*>(self)->send({from, size});
  }

  // mbedTLS is always told that all is sent: after a partial write it would want to be called again with the same
  // arguments, whatever it had been doing. What the socket does not take waits here; one record or flight at most.
  int send(Bytes octets) {
    std::size_t count = 0;
    // The messages of a flight leave together (establish() sends them): in one segment, a partner that objects to the first
    // of them has read the others when it closes, and its alert is not lost to a TCP reset.
    if (output_.empty() && stage_ == Stage::up) {
      const Transfer moved = plain_->write(octets);
      if (moved.progress == Progress::failed) {
        plain_broken_ = true;
        return MBEDTLS_ERR_SSL_CONN_EOF;
      }
      count = moved.count;
    }
    output_.insert(output_.end(), octets.begin() + static_cast<std::ptrdiff_t>(count), octets.end());
    return static_cast<int>(octets.size());
  }

  Progress flush_output() {
    if (plain_broken_) return Progress::failed;
    if (output_.empty()) return Progress::done;
    const Transfer moved = plain_->write(output_);
    if (moved.progress == Progress::failed) {
      plain_broken_ = true;
      return Progress::failed;
    }
    output_.erase(output_.begin(), output_.begin() + static_cast<std::ptrdiff_t>(moved.count));
    if (!output_.empty()) return Progress::want_write;
    output_.shrink_to_fit();
    return Progress::done;
  }

  // ---------------------------------------------------------------------------------------- failing

  Progress fail(std::string why) {
    error_ = std::move(why);
    stage_ = Stage::failed;
    return Progress::failed;
  }

  Progress fail_by_tls(int code) {
    if (stage_ == Stage::up && plain_broken_ && !plain_->error().empty()) return fail(plain_->error());
    failure_.code = code;
    // What mbedTLS finds behind our callback (key usage, curve).
    const std::uint32_t flags = mbedtls_ssl_get_verify_result(&ssl_);
    if (failure_.flags == 0 && flags != 0xFFFFFFFF) failure_.flags = flags;
    if (code == MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE) failure_.alert = ssl_.MBEDTLS_PRIVATE(in_msg)[1];
    if (stage_ == Stage::handshake) recognise_bare_alert();
    return fail(describe(failure_));
  }

  // A TLS 1.3 client on mbedTLS (c104 2.2 is one) refuses our certificate in plain where an encrypted record is due. Good
  // enough for a message to people.
  void recognise_bare_alert() {
    constexpr std::array<std::uint8_t, 6> fatal{MBEDTLS_SSL_MSG_ALERT, 3, 3, 0, 2, MBEDTLS_SSL_ALERT_LEVEL_FATAL};
    if (failure_.code == MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE || input_end_ < fatal.size() + 1) return;
    if (!std::equal(fatal.begin(), fatal.end(), input_.begin() + static_cast<std::ptrdiff_t>(input_end_ - fatal.size() - 1))) return;
    failure_.code = MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE;
    failure_.alert = input_[input_end_ - 1];
  }

  Progress fail_by_plain() {
    return fail_by_tls(MBEDTLS_ERR_SSL_CONN_EOF);
  }

  const std::unique_ptr<Stream> plain_;
  const std::shared_ptr<TlsConfig> config_;
  TlsConfig::State& state_;
  const TlsSide side_;
  Stage stage_ = Stage::connecting;
  bool plain_broken_ = false;
  bool drained_ = false;   // the socket had no more than was asked for
  bool starved_ = false;   // mbedTLS has asked for octets in vain
  bool verified_ = false;  // a chain has been looked at to its end
  bool is_tls12_ = false;
  bool asked_ = false;  // server: HelloRequest sent, the client has not come yet
  std::array<std::uint8_t, input_size> input_;
  std::size_t input_at_ = 0, input_end_ = 0;
  std::vector<std::uint8_t> output_;
  std::size_t unconfirmed_ = 0;  // octets of the caller's that are in output_ or behind it, and not told as sent
  Clock::time_point keys_since_ = Clock::now();
  std::string session_key_;
  std::string subject_;
  std::string error_;
  TlsFailure failure_;
  mbedtls_ssl_context ssl_;
};

}  // namespace

std::unique_ptr<Stream> tls(std::unique_ptr<Stream> plain, std::shared_ptr<TlsConfig> config, TlsSide side, const std::string& host) {
  return std::make_unique<TlsStream>(std::move(plain), std::move(config), side, host);
}

}  // namespace c104::hal
