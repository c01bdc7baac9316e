// SPDX-License-Identifier: GPL-3.0-or-later
#include "hal/tls_sessions.h"

#include <mbedtls/platform_util.h>
#include <mbedtls/ssl.h>

#include "base/clock.h"

namespace c104::hal {

TlsSessions::~TlsSessions() {
  while (!entries_.empty()) erase(entries_.begin());
}

void TlsSessions::erase(Entries::iterator entry) {
  mbedtls_platform_zeroize(entry->session.data(), entry->session.size());
  index_.erase(entry->key);
  entries_.erase(entry);
}

bool TlsSessions::put(const std::string& key, const mbedtls_ssl_session& session, const PeerCertificatePtr& peer) {
  if (lifetime_ <= std::chrono::seconds::zero()) return false;
  std::size_t size = 0;
  mbedtls_ssl_session_save(&session, nullptr, 0, &size);  // tells the size
  std::vector<std::uint8_t> octets(size);
  if (size == 0 || mbedtls_ssl_session_save(&session, octets.data(), octets.size(), &size) != 0) return false;
  std::lock_guard lock(mutex_);
  if (const auto known = index_.find(key); known != index_.end()) erase(known->second);
  const auto now = Clock::now();
  while (!entries_.empty() && (entries_.size() >= limit_ || entries_.front().end <= now)) erase(entries_.begin());
  entries_.push_back(Entry{key, std::move(octets), peer, now + lifetime_});
  index_[key] = std::prev(entries_.end());
  return true;
}

bool TlsSessions::get(const std::string& key, mbedtls_ssl_session& into, PeerCertificatePtr& peer) {
  std::lock_guard lock(mutex_);
  const auto known = index_.find(key);
  if (known == index_.end()) return false;
  const auto entry = known->second;
  // A session must not outlive the certificate that it stands for.
  const bool valid = !entry->peer || wall_us() / 1'000'000 < entry->peer->not_after;
  const bool young = valid && Clock::now() < entry->end;
  const bool loaded = young && mbedtls_ssl_session_load(&into, entry->session.data(), entry->session.size()) == 0;
  if (loaded) peer = entry->peer;
  if (!young) erase(entry);
  return loaded;
}

void TlsSessions::forget(const std::string& key) {
  std::lock_guard lock(mutex_);
  if (const auto known = index_.find(key); known != index_.end()) erase(known->second);
}

}  // namespace c104::hal
