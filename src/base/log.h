// SPDX-License-Identifier: GPL-3.0-or-later
// Log lines from any thread. They wait in one bounded queue until a dispatcher worker hands them to Python's logging;
// nothing here blocks or calls Python. Lines that find the queue full are counted, and the count is logged.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace c104 {

enum class LogLevel : std::uint8_t { debug = 10, info = 20, warning = 30, error = 40 };

struct LogLine {
  LogLevel level;
  const char* logger;  // "c104.client", a literal
  std::string text;
};

void log(LogLevel level, const char* logger, std::string text);
// Takes what waits; a last line tells how many were dropped.
std::vector<LogLine> take_log();
bool log_waiting() noexcept;

}  // namespace c104
