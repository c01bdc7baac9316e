// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/log.h"

#include <atomic>
#include <mutex>

namespace c104 {
namespace {

constexpr std::size_t capacity = 4096;

std::mutex mutex;
std::vector<LogLine> lines;
std::uint64_t dropped = 0;
std::atomic<bool> waiting{false};

}  // namespace

void log(LogLevel level, const char* logger, std::string text) {
  std::lock_guard lock(mutex);
  if (lines.size() < capacity) {
    lines.push_back({level, logger, std::move(text)});
  } else {
    ++dropped;
  }
  waiting.store(true, std::memory_order_release);
}

std::vector<LogLine> take_log() {
  std::lock_guard lock(mutex);
  std::vector<LogLine> taken = std::move(lines);
  lines.clear();
  if (dropped != 0) {
    taken.push_back({LogLevel::warning, "c104", std::to_string(dropped) + " log lines dropped: more arrived than could be written"});
    dropped = 0;
  }
  waiting.store(false, std::memory_order_release);
  return taken;
}

bool log_waiting() noexcept { return waiting.load(std::memory_order_acquire); }

}  // namespace c104
