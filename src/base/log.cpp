// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/log.h"

#include <atomic>
#include <mutex>

namespace c104 {
namespace {

constexpr std::size_t capacity = 4096;
constexpr std::size_t debug_capacity = capacity - 512;  // a flood of debug lines leaves room for warnings

struct Queue {
  std::mutex mutex;
  std::vector<LogLine> lines;
  std::uint64_t dropped = 0;
};

// Never destroyed: threads may log while the process goes down.
Queue& queue() {
  static Queue& one = *new Queue;
  return one;
}

std::atomic<bool> waiting{false};

}  // namespace

void log(LogLevel level, const char* logger, std::string text) {
  Queue& q = queue();
  std::lock_guard lock(q.mutex);
  if (q.lines.size() < (level == LogLevel::debug ? debug_capacity : capacity)) {
    q.lines.push_back({level, logger, std::move(text)});
  } else {
    ++q.dropped;
  }
  waiting.store(true, std::memory_order_release);
}

std::vector<LogLine> take_log() {
  Queue& q = queue();
  std::lock_guard lock(q.mutex);
  std::vector<LogLine> taken = std::move(q.lines);
  q.lines.clear();
  if (q.dropped != 0) {
    taken.push_back(
        {LogLevel::warning, "c104", std::to_string(q.dropped) + " log lines dropped: more arrived than could be written"});
    q.dropped = 0;
  }
  waiting.store(false, std::memory_order_release);
  return taken;
}

bool log_waiting() noexcept { return waiting.load(std::memory_order_acquire); }

}  // namespace c104
