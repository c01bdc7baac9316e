// SPDX-License-Identifier: GPL-3.0-or-later
// lib60870's C headers, and the one way in which this room hands it octets. Private to wire.
#pragma once

extern "C" {
#include "cs101_asdu_internal.h"
#include "cs104_connection.h"
#include "cs104_slave.h"
}

#include "base/bytes.h"
#include "wire/gate.h"
#include "wire/link.h"

namespace c104::wire {

// A CS101_ASDU over finished octets, on the stack: lib60870 copies header and payload into its frame as they are
// (CS101_ASDU_encode) and, without a sending plugin, does not touch them.
class AsduView {
 public:
  AsduView(Bytes octets, CS101_AppLayerParameters parameters) {
    view_.parameters = parameters;
    view_.asdu = const_cast<std::uint8_t*>(octets.data());
    view_.asduHeaderLength = static_cast<int>(asdu_header_size);
    view_.payload = view_.asdu + asdu_header_size;
    view_.payloadSize = static_cast<int>(octets.size() - asdu_header_size);
  }
  CS101_ASDU get() { return &view_; }

 private:
  sCS101_ASDU view_;
};

inline sCS104_APCIParameters to_c(const LinkParameters& p) { return {p.k, p.w, p.t0, p.t1, p.t2, p.t3}; }

}  // namespace c104::wire
