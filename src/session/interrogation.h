// SPDX-License-Identifier: GPL-3.0-or-later
// A running answer to C_IC_NA_1 or C_CI_NA_1: ACT_CON, the points of each station, ACT_TERM, made one ASDU at a time as the
// master takes them. I/O thread only; sends nothing itself.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "session/packer.h"

namespace c104 {

class Interrogation {
 public:
  enum class Next : std::uint8_t {
    asdu,  // `out` is to be sent
    ask,   // on_before_read of the points in `to_ask` comes first; then call answered()
    wait,  // for answered()
    end,
  };

  // More than one station: it was sent to the global address, and each answers with its own.
  Interrogation(const codec::Header& request, std::uint8_t qualifier, std::vector<std::shared_ptr<Station>> stations,
                Packer::Form form);

  Next next(codec::Writer& out, std::vector<std::shared_ptr<Point>>& to_ask);
  void answered() { asking_ = false; }
  // Deactivation of the interrogation of one station: nothing more is sent for it. False: it isn't in here (any more).
  bool cancel(std::uint8_t type, std::uint16_t ca);

 private:
  struct Part {
    std::shared_ptr<Station> station;
    bool cancelled = false;
  };

  void write_system(codec::Writer& out, Cot cause, const Station& station) const;
  Packer open(const std::shared_ptr<Station>& station) const;
  bool ask_ahead(std::vector<std::shared_ptr<Point>>& to_ask);

  const codec::Header request_;
  const std::uint8_t qualifier_;
  const Packer::Form form_;
  std::vector<Part> parts_;
  std::size_t confirmed_ = 0;  // parts before this one had their ACT_CON
  std::size_t current_ = 0;    // the part whose points are being sent
  std::optional<Packer> packer_;
  std::size_t asked_ = 0;  // points before this index were asked for on_before_read
  bool asking_ = false;
};

}  // namespace c104
