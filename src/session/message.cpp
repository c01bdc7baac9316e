// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/message.h"

namespace c104 {

IncomingMessage::IncomingMessage(Octets asdu, unsigned index)
    : asdu_(std::move(asdu)), header_(codec::read_header(this->asdu())) {
  seek(index);
}

void IncomingMessage::first() { seek(0); }

bool IncomingMessage::next() {
  if (index_ + 1u >= header_.count) return false;
  const unsigned before = index_;
  seek(index_ + 1);
  if (index_ == before + 1 && information_.kind != InfoKind::none) return true;
  seek(before);
  return false;
}

void IncomingMessage::seek(unsigned index) {
  codec::Reader reader(asdu());
  index_ = index;
  ioa_ = 0;
  select_ = false;
  information_ = {};
  for (unsigned i = 0; i <= index; ++i) {
    if (!reader.next(ioa_, information_, select_)) break;
  }
}

}  // namespace c104
