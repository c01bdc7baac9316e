// SPDX-License-Identifier: GPL-3.0-or-later
// A received ASDU as callbacks see it: an immutable copy of its octets and a position among its objects.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "codec/asdu.h"

namespace c104 {

class IncomingMessage {
 public:
  using Octets = std::shared_ptr<const std::vector<std::uint8_t>>;

  // Stands at object `index`.
  explicit IncomingMessage(Octets asdu, unsigned index = 0);

  const codec::Header& header() const { return header_; }
  Bytes asdu() const { return {asdu_->data(), asdu_->size()}; }
  // Of the object at the position; ioa 0 and an empty Information where there is none.
  std::uint32_t io_address() const { return ioa_; }
  const Information& information() const { return information_; }
  bool is_select() const { return select_; }
  void first();
  // False at the end; the position stays.
  bool next();

 private:
  void seek(unsigned index);

  Octets asdu_;
  codec::Header header_;
  unsigned index_ = 0;
  std::uint32_t ioa_ = 0;
  bool select_ = false;
  Information information_{};
};

}  // namespace c104
