// SPDX-License-Identifier: GPL-3.0-or-later
// ASDUs that go to one master only, and the memory that they take.
#pragma once

#include <list>
#include <vector>

#include "base/bytes.h"

namespace c104 {

class AnswerQueue {
 public:
  bool empty() const { return answers_.empty(); }
  std::size_t size() const { return answers_.size(); }
  std::size_t octets() const { return octets_; }  // of memory, about
  const std::vector<std::uint8_t>& front() const { return answers_.front(); }

  void push(Bytes asdu) {
    answers_.emplace_back(asdu.begin(), asdu.end());
    octets_ += cost(asdu);
  }
  void push_front(Bytes asdu) {
    answers_.emplace_front(asdu.begin(), asdu.end());
    octets_ += cost(asdu);
  }
  void pop() {
    octets_ -= cost(answers_.front());
    answers_.pop_front();
  }
  void clear() {
    answers_.clear();
    octets_ = 0;
  }

 private:
  // The entry, and what malloc adds for it and for the octets. A list takes nothing while it is empty.
  static std::size_t cost(Bytes asdu) { return asdu.size() + sizeof(std::vector<std::uint8_t>) + 48; }

  std::list<std::vector<std::uint8_t>> answers_;
  std::size_t octets_ = 0;
};

}  // namespace c104
