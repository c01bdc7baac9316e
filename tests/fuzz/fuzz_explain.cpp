// SPDX-License-Identifier: GPL-3.0-or-later
// explain_bytes: any octets, as they are.
#include <cstdlib>
#include <vector>

#include "codec/explain.h"

using namespace c104;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::vector<std::uint8_t> exact(data, data + size);
  const codec::Explanation explanation = codec::explain(exact);
  if (codec::describe(explanation).empty()) std::abort();
  if ((explanation.format == codec::Explanation::Format::invalid) == explanation.problem.empty()) std::abort();
  static_cast<void>(codec::hex(explanation.elements));
  return 0;
}
