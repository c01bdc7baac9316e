// SPDX-License-Identifier: GPL-3.0-or-later
// The part of the Server that lives on its I/O thread: listener, masters, selections, periodic reports.
#pragma once

#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "hal/stream.h"
#include "session/report.h"
#include "session/selection.h"
#include "session/server.h"
#include "session/server_log.h"

namespace c104 {

struct Server::Io : private Pollable {
 public:
  static constexpr int backlog = 1024;

  Io(Server& server, std::chrono::milliseconds select_timeout);
  ~Io() override;

  void open(std::unique_ptr<hal::Listener> listener);
  void close();
  void update_raw();
  void apply_allow_list();
  // Counts and logs it; `text` is the line.
  void count_refusal(Refusal why, const std::string& ip, const std::string& text);
  // Has the master pumped at the end of this turn.
  void touch(Master& master);
  // The master has no link any more.
  void forget(Master& master);
  // A master takes events from the returned position on; and no longer, then it returns how many it did not take.
  EventLog::Position begin_reading();
  std::uint64_t end_reading(EventLog::Position cursor);

  // The answer that the user gives to a command by transmit(): to the master that sent it, else to all active ones.
  void answer_command(const Point& point, codec::Header header, const Information& info, bool own_originator);
  void remember_command(const std::shared_ptr<Point>& point, Master& master, const codec::Header& header);

  ServerLog log;
  SelectionTable selections;
  Reports reports;

 private:
  struct Commander {
    std::weak_ptr<Point> point;  // a removed point goes although it was commanded once
    Master* master;
    codec::Header header;
  };

  void on_ready(bool readable, bool writable, bool broken) override;
  std::chrono::milliseconds on_sweep() override;
  void accept_all();
  // Whether a client of this ip is refused before anything is read from it, and the line that says so.
  struct Objection {
    Refusal why;
    std::string text;
  };
  std::optional<Objection> objection(const hal::Stream& stream) const;
  void pause_accepting(const std::string& why);
  void end_turn();
  void hold_events();
  void report_refusals();

  Server& server_;
  std::unique_ptr<hal::Listener> listener_;
  IoLoop::TimerId accept_timer_ = 0;
  std::vector<std::shared_ptr<Master>> masters_;
  std::vector<std::shared_ptr<Master>> touched_;
  std::size_t rotation_ = 0;
  std::size_t readers_ = 0;
  EventLog::Position pumped_to_ = 0;
  std::uint64_t logged_refusals_ = 0;
  Monotonic::time_point next_refusal_log_{};
  std::uint64_t announced_to_ = 0;
  std::unordered_map<const Point*, Commander> commanders_;  // who sent the last command of a point
};

}  // namespace c104
