// SPDX-License-Identifier: GPL-3.0-or-later
// Encrypted octets between mbedTLS and the stream below. Knows nothing of TLS but the callbacks. Private to hal.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "hal/stream.h"

struct mbedtls_ssl_context;

namespace c104::hal {

class TlsOctets {
 public:
  explicit TlsOctets(std::unique_ptr<Stream> plain) : plain_(std::move(plain)) {}

  void attach(mbedtls_ssl_context& ssl);
  Stream& plain() const { return *plain_; }

  // --- in
  // The socket may be asked again.
  void begin_turn() { drained_ = false; }
  // Forgets and tells whether mbedTLS has asked for octets in vain since the last call.
  bool take_starved();
  bool has_input() const { return input_at_ != input_end_; }
  std::size_t received() const { return received_; }
  std::uint8_t first_octet() const { return first_octet_; }
  // What came last, at most a buffer full.
  Bytes last_input() const { return {input_.data(), input_end_}; }
  // Reads and throws away. Octets that nobody has read turn a close into a TCP reset, which would overtake our alert.
  void drain();

  // --- out
  // Whether what mbedTLS sends waits for flush(): the messages of a flight leave together. A partner that objects to the first
  // of them has then read the others when it closes, and its alert is not lost to a TCP reset.
  void gather(bool on) { gather_ = on; }
  Progress flush();
  bool has_output() const { return !output_.empty(); }

  // The stream below has failed or ended.
  bool broken() const { return broken_; }

 private:
  // Headers and small records come out of this buffer: mbedTLS asks for five octets first.
  static constexpr std::size_t input_size = 4096;

  int receive(unsigned char* into, std::size_t size);
  int send(Bytes octets);

  const std::unique_ptr<Stream> plain_;
  bool broken_ = false;
  bool drained_ = false;  // the socket had no more than was asked for
  bool starved_ = false;
  bool gather_ = true;
  std::uint8_t first_octet_ = 0;
  std::size_t received_ = 0;
  std::array<std::uint8_t, input_size> input_;
  std::size_t input_at_ = 0, input_end_ = 0;
  std::vector<std::uint8_t> output_;
};

}  // namespace c104::hal
