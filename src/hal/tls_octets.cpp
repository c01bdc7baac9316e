// SPDX-License-Identifier: GPL-3.0-or-later
#include "hal/tls_octets.h"

#include <mbedtls/ssl.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace c104::hal {

void TlsOctets::attach(mbedtls_ssl_context& ssl) {
  mbedtls_ssl_set_bio(
      &ssl, this,
      [](void* self, const unsigned char* from, std::size_t size) { return static_cast<TlsOctets*>(self)->send({from, size}); },
      [](void* self, unsigned char* into, std::size_t size) { return static_cast<TlsOctets*>(self)->receive(into, size); },
      nullptr);
}

bool TlsOctets::take_starved() { return std::exchange(starved_, false); }

int TlsOctets::receive(unsigned char* into, std::size_t size) {
  if (!has_input()) {
    Transfer moved{0, Progress::want_read};
    const bool direct = size >= input_.size();
    // A short read has emptied the socket: no second system call in this turn.
    if (!drained_) moved = plain_->read(direct ? into : input_.data(), direct ? size : input_.size());
    drained_ = moved.progress == Progress::want_read;
    if (moved.count == 0) {
      starved_ = true;
      if (moved.progress != Progress::failed) return MBEDTLS_ERR_SSL_WANT_READ;
      broken_ = true;
      return MBEDTLS_ERR_SSL_CONN_EOF;
    }
    if (received_ == 0) first_octet_ = direct ? into[0] : input_[0];
    received_ += moved.count;
    if (direct) return static_cast<int>(moved.count);
    input_at_ = 0;
    input_end_ = moved.count;
  }
  const std::size_t count = std::min(size, input_end_ - input_at_);
  std::memcpy(into, input_.data() + input_at_, count);
  input_at_ += count;
  return static_cast<int>(count);
}

// mbedTLS is always told that all is sent: after a partial write it would want to be called again with the same arguments,
// whatever it had been doing. What the socket does not take waits here; one record or flight at most.
int TlsOctets::send(Bytes octets) {
  std::size_t count = 0;
  if (output_.empty() && !gather_) {
    const Transfer moved = plain_->write(octets);
    if (moved.progress == Progress::failed) {
      broken_ = true;
      return MBEDTLS_ERR_SSL_CONN_EOF;
    }
    count = moved.count;
  }
  output_.insert(output_.end(), octets.begin() + static_cast<std::ptrdiff_t>(count), octets.end());
  return static_cast<int>(octets.size());
}

Progress TlsOctets::flush() {
  if (broken_) return Progress::failed;
  if (output_.empty()) return Progress::done;
  const Transfer moved = plain_->write(output_);
  if (moved.progress == Progress::failed) {
    broken_ = true;
    return Progress::failed;
  }
  output_.erase(output_.begin(), output_.begin() + static_cast<std::ptrdiff_t>(moved.count));
  if (!output_.empty()) return Progress::want_write;
  output_.shrink_to_fit();
  return Progress::done;
}

void TlsOctets::drain() {
  std::array<std::uint8_t, input_size> waste;
  for (int i = 0; i < 16 && !broken_; ++i) {
    if (plain_->read(waste.data(), waste.size()).progress != Progress::done) break;
  }
}

}  // namespace c104::hal
