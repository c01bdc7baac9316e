// SPDX-License-Identifier: GPL-3.0-or-later
// The TLS stream alone, over streams in memory that cut and stall as told.
#include <psa/crypto.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "hal/tls_stream.h"

using namespace c104;
using namespace c104::hal;
using namespace std::chrono_literals;

namespace {

#define CHECK(condition)                                                   \
  do {                                                                     \
    if (!(condition)) {                                                    \
      std::fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
      std::abort();                                                        \
    }                                                                      \
  } while (false)

void check_contains(const std::string& text, const std::string& part, int line) {
  if (text.find(part) != std::string::npos) return;
  std::fprintf(stderr, "line %d: '%s' does not contain '%s'\n", line, text.c_str(), part.c_str());
  std::abort();
}
#define CONTAINS(text, part) check_contains((text), (part), __LINE__)

std::string dir;
std::string path(const std::string& name) { return dir + "/" + name; }

// Counts the TLS records of each kind that pass.
class Records {
 public:
  std::size_t handshakes = 0;
  void pass(std::uint8_t octet) {
    if (at_ == 0 && octet == 0x16) ++handshakes;
    if (at_ == 3 || at_ == 4) size_ = size_ << 8 | octet;
    if (++at_ < 5 + size_ || at_ < 5) return;
    at_ = size_ = 0;
  }

 private:
  std::size_t at_ = 0, size_ = 0;
};

struct Pipe {
  std::deque<std::uint8_t> octets;
  Records records;
  std::size_t room = 1 << 20;  // what fits in before the writer has to wait
  bool closed = false;
};

class MemoryStream final : public Stream {
 public:
  MemoryStream(std::shared_ptr<Pipe> in, std::shared_ptr<Pipe> out, std::size_t step)
      : in_(std::move(in)), out_(std::move(out)), step_(step) {}
  ~MemoryStream() override { out_->closed = in_->closed = true; }
  Progress establish() override { return Progress::done; }
  Transfer read(std::uint8_t* buffer, std::size_t size) override {
    const std::size_t count = std::min({size, in_->octets.size(), step_});
    if (count == 0 && size > 0) {
      if (!in_->closed) return {0, Progress::want_read};
      error_ = "closed by partner";
      return {0, Progress::failed};
    }
    std::copy_n(in_->octets.begin(), count, buffer);
    in_->octets.erase(in_->octets.begin(), in_->octets.begin() + static_cast<std::ptrdiff_t>(count));
    return {count, count == size ? Progress::done : Progress::want_read};
  }
  Transfer write(Bytes data) override {
    if (out_->closed) {
      error_ = "connection reset by partner";
      return {0, Progress::failed};
    }
    const std::size_t room = out_->room - std::min(out_->room, out_->octets.size());
    const std::size_t count = std::min({data.size(), step_, room});
    for (std::size_t i = 0; i < count; ++i) out_->records.pass(data[i]);
    out_->octets.insert(out_->octets.end(), data.begin(), data.begin() + static_cast<std::ptrdiff_t>(count));
    return {count, count == data.size() ? Progress::done : Progress::want_write};
  }
  int descriptor() const override { return -1; }
  std::string peer_address() const override { return "192.0.2.1:19998"; }
  std::string peer_ip() const override { return "192.0.2.1"; }
  std::string error() const override { return error_; }

 private:
  std::shared_ptr<Pipe> in_, out_;
  std::size_t step_;
  std::string error_;
};

using Config = std::shared_ptr<TlsConfig>;

struct Pair {
  std::shared_ptr<Pipe> up = std::make_shared<Pipe>(), down = std::make_shared<Pipe>();
  std::unique_ptr<Stream> client, server;
  Progress client_state = Progress::want_write, server_state = Progress::want_read;

  Pair(const Config& c, const Config& s, std::size_t step = 1 << 20, const std::string& host = "127.0.0.1") {
    c->freeze(TlsSide::client);
    s->freeze(TlsSide::server);
    client = tls(std::make_unique<MemoryStream>(down, up, step), c, TlsSide::client, host);
    server = tls(std::make_unique<MemoryStream>(up, down, step), s, TlsSide::server);
  }
  bool shake() {
    for (int i = 0; i < 100000; ++i) {
      if (client_state != Progress::failed && client_state != Progress::done) client_state = client->establish();
      if (server_state != Progress::failed && server_state != Progress::done) server_state = server->establish();
      if (client_state == Progress::done && server_state == Progress::done) return true;
      if (server_state == Progress::failed) {
        down->closed = true;
        if (client_state == Progress::done) return false;
      }
      if (client_state == Progress::failed) up->closed = true;
      if (server_state == Progress::failed && client_state == Progress::failed) return false;
    }
    std::fprintf(stderr, "stuck: %d %d\n", static_cast<int>(client_state), static_cast<int>(server_state));
    std::abort();
  }
};

std::vector<std::uint8_t> pattern(std::size_t size, unsigned seed) {
  std::vector<std::uint8_t> data(size);
  for (std::size_t i = 0; i < size; ++i) data[i] = static_cast<std::uint8_t>((i * 31 + seed) >> 3);
  return data;
}

// Sends `data` as a link does: what was not taken comes again, with more behind it. Whole or abort.
void transfer(Stream& from, Stream& to, std::size_t size, std::size_t step, unsigned seed) {
  const auto data = pattern(size, seed);
  std::vector<std::uint8_t> got;
  std::size_t sent = 0, filled = 0;
  std::uint8_t buffer[5000];
  for (long turn = 0; got.size() < size; ++turn) {
    CHECK(turn < 4000000);
    filled = std::min(size, std::max(filled, sent) + step);
    if (sent < filled) {
      const Transfer moved = from.write(Bytes(data).subspan(sent, filled - sent));
      CHECK(moved.progress != Progress::failed);
      CHECK(moved.count <= filled - sent);
      CHECK(moved.progress != Progress::done || moved.count == filled - sent);
      sent += moved.count;
    } else {
      from.read(buffer, 0);
    }
    const Transfer moved = to.read(buffer, sizeof buffer);
    if (moved.progress == Progress::failed)
      std::fprintf(stderr, "to: %s\nfrom: %s\n", to.error().c_str(), from.error().c_str());
    CHECK(moved.progress != Progress::failed);
    CHECK(moved.progress != Progress::done || moved.count == sizeof buffer);
    if (moved.progress == Progress::want_read) CHECK(!to.has_buffered_input());
    got.insert(got.end(), buffer, buffer + moved.count);
    if (sent < filled || sent == size) {
      std::uint8_t other[64];
      CHECK(from.read(other, sizeof other).count == 0);
    }
  }
  CHECK(got == data);
}

Config make(bool validate, bool only_known, const std::string& own, const std::string& ca, const std::string& allowed = {}) {
  auto config = std::make_shared<TlsConfig>(validate, only_known);
  if (!own.empty()) config->set_certificate(path(own + ".crt"), path(own + ".key"), {});
  if (!ca.empty()) config->add_ca_certificate(path(ca));
  if (!allowed.empty()) config->add_allowed_certificate(path(allowed + ".crt"));
  return config;
}
Config good_client() { return make(true, false, "client", "both_cas.crt"); }
Config good_server(const std::string& own = "server") { return make(true, false, own, "both_cas.crt"); }

void expect_refusal(const std::string& why, const std::function<void()>& call, const std::string& also = {}) {
  try {
    call();
  } catch (const std::invalid_argument& error) {
    CONTAINS(std::string(error.what()), why);
    CONTAINS(std::string(error.what()), also);
    return;
  }
  std::fprintf(stderr, "not refused: %s\n", why.c_str());
  std::abort();
}

// ---------------------------------------------------------------------------------------------- cases

void files() {
  TlsConfig config(true, true);
  expect_refusal("does not exist", [&] { config.add_ca_certificate(path("missing.crt")); }, "missing.crt");
  expect_refusal("no certificate", [&] { config.add_ca_certificate(path("client.key")); }, "client.key");
  for (const char* bad : {"garbage.crt", "damaged.crt", "empty.crt"}) {
    expect_refusal(bad, [&] { config.add_ca_certificate(path(bad)); });
    expect_refusal(bad, [&] { config.add_allowed_certificate(path(bad)); });
    expect_refusal(bad, [&] { config.set_certificate(path(bad), path("client.key"), ""); });
    expect_refusal(bad, [&] { config.set_certificate(path("client.crt"), path(bad), ""); });
  }
  expect_refusal("directory", [&] { config.add_ca_certificate(dir); });
  expect_refusal("Missing value", [&] { config.add_ca_certificate(""); });
  expect_refusal(
      "does not belong to the certificate", [&] { config.set_certificate(path("client.crt"), path("client2.key"), ""); },
      "client2.key");
  expect_refusal("does not belong to the certificate",
                 [&] { config.set_certificate(path("client.crt"), path("server_rsa.key"), ""); });
  expect_refusal("Passphrase required", [&] { config.set_certificate(path("client.crt"), path("client_locked.key"), ""); });
  expect_refusal("passphrase is wrong", [&] { config.set_certificate(path("client.crt"), path("client_locked.key"), "no"); });
  expect_refusal("Passphrase required", [&] { config.set_certificate(path("client.crt"), path("client_legacy.key"), ""); });
  expect_refusal("passphrase is wrong", [&] { config.set_certificate(path("client.crt"), path("client_legacy.key"), "no"); });
  config.set_certificate(path("client.crt"), path("client_locked.key"), "open sesame");
  config.set_certificate(path("client.crt"), path("client_legacy.key"), "open sesame");
  config.add_ca_certificate(path("ca.der"));
  expect_refusal("Missing value", [&] { config.set_ciphers({}); });
  expect_refusal("none of the cipher suites", [&] { config.set_ciphers({0x0001, 0x00A8}); }, "0x00A8");
  expect_refusal("below TLS 1.2", [&] { config.set_versions(TlsVersion::NOT_SELECTED, TlsVersion::TLS_1_1); });
  expect_refusal("above the maximum", [&] { config.set_versions(TlsVersion::TLS_1_3, TlsVersion::TLS_1_2); });
  config.set_ciphers({0x1301});
  config.set_versions(TlsVersion::TLS_1_2, TlsVersion::TLS_1_2);
  expect_refusal("exclude each other", [&] { config.freeze(TlsSide::client); });
  CHECK(!config.frozen());
  config.set_versions(TlsVersion::NOT_SELECTED, TlsVersion::NOT_SELECTED);
  config.freeze(TlsSide::client);
  config.freeze(TlsSide::server);
  expect_refusal("can no longer be modified", [&] { config.set_versions(TlsVersion::TLS_1_2, TlsVersion::TLS_1_3); });
  expect_refusal("can no longer be modified", [&] { config.add_ca_certificate(path("ca.crt")); });
}

void data(const char* own, TlsVersion version, std::size_t step) {
  const Config client = make(true, false, std::string(own) == "server_rsa" ? "client_rsa" : "client", "both_cas.crt");
  client->set_versions(version, version);
  Pair pair(client, good_server(own), step);
  CHECK(pair.shake());
  CONTAINS(pair.client->peer_certificate()->subject, std::string("CN=") + own);
  CONTAINS(pair.server->peer_certificate()->subject, "CN=client");
  CHECK(pair.client->peer_address() == "192.0.2.1:19998");
  const std::size_t size = step < 100 ? 20000 : 400000;
  transfer(*pair.client, *pair.server, size, 60000, 1);
  transfer(*pair.server, *pair.client, size, 7, 2);
  transfer(*pair.server, *pair.client, size, 100000, 3);
  // A socket that takes little.
  pair.down->room = 1000;
  transfer(*pair.server, *pair.client, size / 2, 30000, 4);
  // One record per write.
  pair.down->room = 1 << 20;
  if (step > 100000) {
    const auto batch = pattern(3000, 9);
    CHECK(pair.server->write(batch).count == batch.size());
    const std::size_t on_wire = pair.down->octets.size();
    CHECK(on_wire > 3000 && on_wire < 3100);
    std::uint8_t small[1000];
    Transfer moved = pair.client->read(small, sizeof small);
    CHECK(moved.count == 1000 && moved.progress == Progress::done && pair.client->has_buffered_input());
    moved = pair.client->read(small, sizeof small);
    moved = pair.client->read(small, sizeof small);
    CHECK(moved.count == 1000);
    CHECK(!pair.client->has_buffered_input());
  }
  pair.server.reset();  // close_notify
  std::uint8_t rest[10];
  Progress end = Progress::done;
  for (int i = 0; i < 100 && end != Progress::failed; ++i) end = pair.client->read(rest, sizeof rest).progress;
  CHECK(end == Progress::failed);
  CHECK(pair.client->error() == "closed by partner");
}

// With the last flight of the handshake comes the first data.
void early_data() {
  for (const TlsVersion version : {TlsVersion::TLS_1_2, TlsVersion::TLS_1_3}) {
    const Config client = good_client();
    client->set_versions(version, version);
    Pair pair(client, good_server());
    const std::vector<std::uint8_t> startdt{0x68, 4, 7, 0, 0, 0};
    bool written = false;
    while (pair.server_state != Progress::done) {
      if (!written && pair.client_state != Progress::done) pair.client_state = pair.client->establish();
      if (!written && pair.client_state == Progress::done) written = pair.client->write(startdt).count == 6;
      pair.server_state = pair.server->establish();
      CHECK(pair.server_state != Progress::failed);
    }
    if (!written) continue;
    CHECK(pair.server->has_buffered_input() || !pair.up->octets.empty());
    std::uint8_t buffer[100];
    CHECK(pair.server->read(buffer, sizeof buffer).count == 6);
  }
}

// The reason that a server tells of a client, or a client of a server.
std::string refused(const Config& client, const Config& server, bool by_server, const std::string& host = "127.0.0.1",
                    std::string* other = nullptr) {
  Pair pair(client, server, 1 << 20, host);
  const bool up = pair.shake();
  if (up) std::fprintf(stderr, "not refused: %s\n", host.c_str());
  CHECK(!up);
  std::uint8_t buffer[16];
  if (by_server && pair.client_state == Progress::done)
    CHECK(pair.client->read(buffer, sizeof buffer).progress == Progress::failed);
  if (other != nullptr) *other = by_server ? pair.client->error() : pair.server->error();
  CHECK(!pair.client->error().empty() && !pair.server->error().empty());
  return by_server ? pair.server->error() : pair.client->error();
}

bool accepted(const Config& client, const Config& server, const std::string& host = "127.0.0.1") {
  Pair pair(client, server, 1 << 20, host);
  const bool up = pair.shake();
  if (!up) std::fprintf(stderr, "client: %s; server: %s\n", pair.client->error().c_str(), pair.server->error().c_str());
  return up;
}

void limit(const Config& a, TlsVersion version) { a->set_versions(version, version); }

void trust(TlsVersion version) {
  const auto server = [&](bool validate, bool only_known, const char* ca, const char* allowed = "",
                          const char* own = "server") {
    const Config made = make(validate, only_known, own, ca, allowed);
    limit(made, version);
    return made;
  };
  const auto client = [&](const char* own) { return make(true, false, own, "both_cas.crt"); };
  std::string other;
  // --- server judges client
  CHECK(accepted(client("client"), server(true, false, "ca.crt")));
  CONTAINS(refused(client("foreign"), server(true, false, "ca.crt"), true, "127.0.0.1", &other),
           "not signed by a known CA (issuer 'CN=Foreign CA'");
  CONTAINS(other, "unknown_ca");
  CONTAINS(refused(client("expired"), server(true, false, "ca.crt"), true, "127.0.0.1", &other),
           "'CN=expired' has expired on 20");
  CONTAINS(other, "certificate_expired");
  CONTAINS(refused(client("future"), server(true, false, "ca.crt"), true), "is not valid before 20");
  CONTAINS(refused(client("weak"), server(true, false, "ca.crt"), true), "too weak");
  CONTAINS(refused(client("server"), server(true, false, "ca.crt"), true), "not meant for a TLS client");
  CONTAINS(refused(client(""), server(true, false, "ca.crt"), true, "127.0.0.1", &other), "has sent no certificate");
  CONTAINS(other, "certificate");
  CONTAINS(refused(client("client"), server(true, false, ""), true), "there is no CA certificate");
  // list and chain
  CHECK(accepted(client("client"), server(true, true, "ca.crt", "client")));
  CONTAINS(refused(client("client2"), server(true, true, "ca.crt", "client"), true, "127.0.0.1", &other),
           "'CN=client2' is not in the list of allowed");
  CONTAINS(other, "access_denied");
  CONTAINS(refused(client("client"), server(true, true, "ca.crt"), true), "which is empty");
  CONTAINS(refused(client("foreign"), server(true, true, "ca.crt", "foreign"), true), "not signed by a known CA");
  CONTAINS(refused(client("expired"), server(true, true, "ca.crt", "expired"), true), "has expired");
  CONTAINS(refused(client(""), server(true, true, "ca.crt", "client"), true), "has sent no certificate");
  // list alone
  CHECK(accepted(client("foreign"), server(false, true, "ca.crt", "foreign")));
  CHECK(accepted(client("foreign"), server(false, true, "", "foreign")));
  CHECK(accepted(client("selfsigned"), server(false, true, "", "selfsigned")));
  CHECK(accepted(client("expired"), server(false, true, "", "expired")));
  CHECK(accepted(client("server"), server(false, true, "", "server")));  // whatever its key usage
  CONTAINS(refused(client("client"), server(false, true, "ca.crt", "client2"), true), "not in the list");
  CONTAINS(refused(client("client"), server(false, true, "ca.crt"), true), "which is empty");
  CONTAINS(refused(client("client"), server(false, true, ""), true), "which is empty");
  CONTAINS(refused(client(""), server(false, true, "", "client"), true), "has sent no certificate");
  // nothing
  for (const char* own : {"client", "foreign", "expired", "selfsigned", "weak", ""}) {
    if (version == TlsVersion::TLS_1_3 && std::string(own) == "weak") continue;  // too short for its signatures
    CHECK(accepted(client(own), server(false, false, "")));
    CHECK(accepted(client(own), server(false, false, "ca.crt")));
  }
  // --- client judges server
  const auto any = [&](const char* own) { return server(false, false, "", "", own); };
  CONTAINS(refused(client("client"), any("foreign"), false, "127.0.0.1", &other), "not signed by a known CA");
  CONTAINS(other, "unknown_ca");
  CONTAINS(refused(client("client"), any("expired"), false), "has expired");
  // mbedTLS's server does not even show such a certificate.
  CONTAINS(refused(client("client"), any("client"), false, "127.0.0.1", &other), "handshake_failure");
  CHECK(accepted(client("client"), any("server_chain")));
  CHECK(accepted(client("client"), any("server_p384")));
  CHECK(accepted(make(false, true, "", "", "selfsigned"), any("selfsigned")));
  CONTAINS(refused(make(false, true, "", "", "client"), any("selfsigned"), false), "not in the list");
  CHECK(accepted(make(true, true, "", "ca.crt", "server"), any("server")));
  CONTAINS(refused(make(true, true, "", "ca.crt", "client"), any("server"), false), "not in the list");
  CONTAINS(refused(make(true, true, "", "ca.crt", "foreign"), any("foreign"), false), "not signed by a known CA");
  for (const char* own : {"server", "foreign", "expired", "selfsigned"}) CHECK(accepted(make(false, false, "", ""), any(own)));
  CONTAINS(refused(client("client"), make(false, false, "", ""), true, "127.0.0.1", &other), "");
}

void hostnames() {
  const auto named = [](std::optional<std::string> name, bool validate = true) {
    const Config made = make(validate, false, "client", "both_cas.crt");
    made->set_hostname(std::move(name));
    return made;
  };
  for (const char* good : {"localhost", "station.example", "STATION.example", "a.wild.example", "127.0.0.1"})
    CHECK(accepted(named(good), good_server()));
  for (const char* bad : {"other.example", "wild.example", "a.b.wild.example", "127.0.0.2", "server"}) {
    CONTAINS(refused(named(bad), good_server(), false, bad), std::string("not made out to the host name '") + bad);
  }
  CHECK(accepted(named(""), good_server(), "station.example"));
  CHECK(accepted(named(""), good_server(), "127.0.0.1"));
  CONTAINS(refused(named(""), good_server(), false, "other.example"), "other.example");
  CHECK(accepted(named(std::nullopt), good_server(), "other.example"));
  CONTAINS(refused(named("other.example", false), good_server(), false), "other.example");
  CHECK(accepted(named("localhost", false), good_server("foreign") ? make(false, false, "foreign", "") : nullptr));
}

void versions_and_ciphers() {
  const Config a = good_client(), b = good_server();
  limit(a, TlsVersion::TLS_1_2);
  limit(b, TlsVersion::TLS_1_3);
  std::string other;
  CONTAINS(refused(a, b, true, "127.0.0.1", &other), "no common TLS version");
  CONTAINS(other, "protocol_version");
  const Config c = good_client(), d = good_server();
  limit(c, TlsVersion::TLS_1_2);
  c->set_ciphers({0xC02B});  // ECDHE-ECDSA
  d->set_ciphers({0xC02F});  // ECDHE-RSA
  CONTAINS(refused(c, d, true, "127.0.0.1", &other), "no common cipher suite");
  CONTAINS(other, "handshake_failure");
  const Config e = good_client(), f = good_server();
  e->set_ciphers({0xC02B});
  CHECK(accepted(e, f));
  // No suite without encryption, without authentication or with an old cipher is offered by default.
  Pair pair(good_client(), good_server());
  pair.client->establish();
  std::vector<std::uint8_t> hello(pair.up->octets.begin(), pair.up->octets.end());
  CHECK(hello.size() > 50 && hello[0] == 0x16);
  std::size_t at = 5 + 4 + 2 + 32;
  at += 1 + hello[at];
  const std::size_t count = (static_cast<std::size_t>(hello[at]) << 8 | hello[at + 1]) / 2;
  CHECK(count > 10 && count < 120);
  for (std::size_t i = 0; i < count; ++i) {
    const unsigned suite = static_cast<unsigned>(hello[at + 2 + 2 * i] << 8 | hello[at + 3 + 2 * i]);
    for (const unsigned bad : {0x0001u, 0x0002u, 0x003Bu, 0x002Cu, 0xC001u, 0xC006u, 0xC00Bu, 0xC010u, 0x0004u, 0x0005u,
                               0x000Au, 0x0018u, 0x0034u, 0x00A8u, 0xC037u})
      CHECK(suite != bad);
  }
}

void strangers() {
  const auto server_hears = [](std::vector<std::uint8_t> octets, bool close) {
    Pair pair(good_client(), good_server());
    pair.up->octets.insert(pair.up->octets.end(), octets.begin(), octets.end());
    pair.up->closed = close;
    Progress progress = pair.server->establish();
    if (close && progress != Progress::failed) progress = pair.server->establish();
    CHECK(progress == (close || !octets.empty() ? Progress::failed : Progress::want_read));
    return pair.server->error();
  };
  CONTAINS(server_hears({0x68, 4, 7, 0, 0, 0}, false), "plain IEC 60870-5-104");
  CONTAINS(server_hears({'G', 'E', 'T', ' ', '/', ' '}, false), "does not speak TLS");
  CONTAINS(server_hears({}, false), "does not answer");
  CONTAINS(server_hears({}, true), "has closed");
  CONTAINS(server_hears({0x16, 3, 1, 0}, true), "in the middle of the TLS handshake");
  {
    Pair pair(good_client(), good_server());
    CHECK(pair.client->establish() == Progress::want_read);
    CONTAINS(pair.client->error(), "does not answer the TLS handshake");
    pair.down->closed = true;
    CHECK(pair.client->establish() == Progress::failed);
    CONTAINS(pair.client->error(), "may be one without TLS");
  }
  // Noise at every stage must end in an error and nothing else.
  unsigned seed = 1;
  for (int round = 0; round < 300; ++round) {
    const Config client = good_client(), server = good_server();
    if (round % 2 == 0) limit(client, TlsVersion::TLS_1_2);
    Pair pair(client, server);
    const int when = round % 5;
    for (int i = 0; i < 12; ++i) {
      if (pair.client_state != Progress::failed && pair.client_state != Progress::done)
        pair.client_state = pair.client->establish();
      if (i == when) {
        for (auto& octet : pair.up->octets) {
          seed = seed * 1103515245 + 12345;
          if ((seed >> 16) % 60 == 0) octet ^= static_cast<std::uint8_t>(seed >> 8);
        }
      }
      if (pair.server_state != Progress::failed && pair.server_state != Progress::done)
        pair.server_state = pair.server->establish();
    }
  }
}

void resumption(TlsVersion version) {
  const Config client = good_client(), server = good_server();
  limit(client, version);
  const auto octets_of_server = [&](const Config& c, const Config& s) {
    Pair pair(c, s);
    std::size_t before = 0;
    while (pair.client_state != Progress::done || pair.server_state != Progress::done) {
      if (pair.client_state != Progress::done) pair.client_state = pair.client->establish();
      const std::size_t level = pair.down->octets.size();
      if (pair.server_state != Progress::done) pair.server_state = pair.server->establish();
      before += pair.down->octets.size() - level;
      CHECK(pair.client_state != Progress::failed && pair.server_state != Progress::failed);
    }
    CONTAINS(pair.server->peer_certificate()->subject, "CN=client");
    CONTAINS(pair.client->peer_certificate()->subject, "CN=server");
    transfer(*pair.client, *pair.server, 1000, 1000, 1);
    transfer(*pair.server, *pair.client, 1000, 1000, 1);  // reads the ticket of TLS 1.3
    return before;
  };
  const std::size_t first = octets_of_server(client, server);
  for (int i = 0; i < 4; ++i) {
    const std::size_t later = octets_of_server(client, server);
    if (later >= first - 300) std::fprintf(stderr, "not resumed: %zu octets, then %zu\n", first, later);
    CHECK(later < first - 300);
  }
  // Another server does not know the ticket: a full handshake.
  CHECK(octets_of_server(client, good_server()) > first - 300);
  // Nor does it after its time.
  const Config brief = good_client(), quick = good_server();
  limit(brief, version);
  quick->set_resumption(1s);
  CHECK(octets_of_server(brief, quick) > first - 300);
  std::this_thread::sleep_for(1100ms);
  CHECK(octets_of_server(brief, quick) > first - 300);
  const Config never = good_client();
  limit(never, version);
  never->set_resumption(std::nullopt);
  octets_of_server(never, server);
  CHECK(octets_of_server(never, server) > first - 300);
}

void renegotiation(bool by_client, bool by_server) {
  const Config client = good_client(), server = good_server();
  limit(client, TlsVersion::TLS_1_2);
  if (by_client) client->set_renegotiation(100ms);
  if (by_server) server->set_renegotiation(by_client ? 2000ms : 100ms);  // crossing, they would break the link
  Pair pair(client, server);
  CHECK(pair.shake());
  const std::size_t first = pair.up->records.handshakes;
  CHECK(first > 0);
  // Few, for a partner may ask ten times a minute, and a busy machine makes more of them due.
  for (unsigned i = 0; i < 5; ++i) {
    std::this_thread::sleep_for(120ms);
    transfer(*pair.client, *pair.server, 5000, 700, i);
    transfer(*pair.server, *pair.client, 5000, 700, i);
  }
  // At least two more handshakes on the wire when the interval has passed five times, and none without one.
  const std::size_t later = pair.up->records.handshakes - first;
  CHECK(by_client || by_server ? later >= 2 * first : later == 0);
}

// What was read again holds for streams that begin now; those that have begun stay with what they had.
void reload() {
  const std::string own = dir + "/reloaded";
  const auto put = [&](const std::string& name) {
    for (const char* kind : {".crt", ".key"})
      std::filesystem::copy_file(path(name + kind), own + kind, std::filesystem::copy_options::overwrite_existing);
  };
  put("server");
  const Config client = good_client();
  const Config server = make(true, false, "reloaded", "both_cas.crt");
  limit(client, TlsVersion::TLS_1_2);
  Pair before(client, server);
  CHECK(before.shake());
  Pair during(client, server);
  CHECK(during.client->establish() == Progress::want_read);
  put("server_p384");
  server->reload();
  CHECK(during.shake());
  Pair after(client, server);
  CHECK(after.shake());
  CHECK(before.client->peer_certificate()->subject == "CN=server");
  CHECK(during.client->peer_certificate()->subject == "CN=server");
  CHECK(after.client->peer_certificate()->subject == "CN=server_p384");
  CHECK(after.server->peer_certificate()->subject == "CN=client");
  transfer(*before.client, *before.server, 3000, 700, 1);
  std::filesystem::copy_file(path("garbage.crt"), own + ".crt", std::filesystem::copy_options::overwrite_existing);
  expect_refusal("cannot be used", [&] { server->reload(); }, "reloaded.crt");
  Pair kept(client, server);
  CHECK(kept.shake());
  CHECK(kept.client->peer_certificate()->subject == "CN=server_p384");
}

void one_config_many_threads() {
  const Config client = good_client(), server = good_server("server_rsa");
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 10; ++i) {
        Pair pair(client, server);
        CHECK(pair.shake());
        transfer(*pair.server, *pair.client, 3000, 1000, static_cast<unsigned>(t));
      }
    });
  }
  for (auto& each : threads) each.join();
}

// Every key of a link is given back to PSA, whether the handshake comes to its end or not.
void key_slots() {
  const auto used = [] {
    mbedtls_psa_stats_t stats;
    mbedtls_psa_get_stats(&stats);
    return stats.MBEDTLS_PRIVATE(volatile_slots) + stats.MBEDTLS_PRIVATE(half_filled_slots) +
           stats.MBEDTLS_PRIVATE(locked_slots);
  };
  const std::size_t before = used();
  for (const TlsVersion version : {TlsVersion::TLS_1_2, TlsVersion::TLS_1_3}) {
    const Config client = good_client(), server = good_server(), stranger = make(true, false, "foreign", "both_cas.crt");
    limit(client, version);
    limit(stranger, version);
    for (int i = 0; i < 50; ++i) {
      Pair whole(client, server);
      CHECK(whole.shake());
      transfer(*whole.client, *whole.server, 100, 100, 1);
      Pair half(client, server);
      half.client->establish();
      CHECK(version == TlsVersion::TLS_1_2 || used() > before);  // they are counted
      Pair refused(stranger, server);
      CHECK(!refused.shake());
    }
  }
  CHECK(used() == before);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  dir = argv[1];
  const std::string only = argc > 2 ? argv[2] : "";
  const auto run = [&](const char* name, const std::function<void()>& body) {
    if (!only.empty() && std::string(name).find(only) == std::string::npos) return;
    std::printf("%s ...", name);
    std::fflush(stdout);
    body();
    std::printf(" ok\n");
  };
  run("files", files);
  for (const char* own : {"server", "server_rsa"}) {
    for (const TlsVersion version : {TlsVersion::TLS_1_2, TlsVersion::TLS_1_3}) {
      for (const std::size_t step : {std::size_t{1}, std::size_t{17}, std::size_t{1000}, std::size_t{1} << 20}) {
        run((std::string("data ") + own + " " + std::to_string(static_cast<int>(version)) + " in steps of " +
             std::to_string(step))
                .c_str(),
            [&] { data(own, version, step); });
      }
    }
  }
  run("early data", early_data);
  run("trust 1.2", [] { trust(TlsVersion::TLS_1_2); });
  run("trust 1.3", [] { trust(TlsVersion::TLS_1_3); });
  run("hostnames", hostnames);
  run("versions and ciphers", versions_and_ciphers);
  run("strangers", strangers);
  run("resumption 1.2", [] { resumption(TlsVersion::TLS_1_2); });
  run("resumption 1.3", [] { resumption(TlsVersion::TLS_1_3); });
  run("renegotiation by client", [] { renegotiation(true, false); });
  run("renegotiation by server", [] { renegotiation(false, true); });
  run("renegotiation by both", [] { renegotiation(true, true); });
  run("renegotiation by nobody", [] { renegotiation(false, false); });
  run("reload", reload);
  run("key slots", key_slots);
  run("threads", one_config_many_threads);
}
