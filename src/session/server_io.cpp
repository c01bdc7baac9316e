// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/server_io.h"

#include <algorithm>

#include "base/log.h"
#include "hal/tls_stream.h"
#include "session/master.h"

namespace c104 {
namespace {

using namespace std::chrono_literals;
constexpr auto accept_pause = 500ms, log_interval = 1000ms;
constexpr EventLog::Position nowhere = ~EventLog::Position{0};

}  // namespace

Server::Io::Io(Server& server, std::chrono::milliseconds select_timeout)
    : selections(*server.loop_, select_timeout,
                 [](Master& master, const std::vector<std::uint8_t>& asdu) { master.selection_expired(asdu); }),
      reports(server, server.loop_, server.dispatcher_),
      server_(server) {}

Server::Io::~Io() = default;

void Server::Io::open(std::unique_ptr<hal::Listener> listener) {
  listener_ = std::move(listener);
  pumped_to_ = server_.log_.end();
  server_.loop_->set_turn_hook([this] { end_turn(); });
  server_.loop_->add(listener_->descriptor(), *this, true, false);
  reports.start();
}

void Server::Io::close() {
  reports.stop();
  if (accept_timer_ != 0) server_.loop_->cancel(accept_timer_);
  accept_timer_ = 0;
  if (listener_) server_.loop_->remove(listener_->descriptor(), *this);
  listener_.reset();
  const auto masters = masters_;  // each leaves the list as it closes
  for (const auto& master : masters) master->finish();
  log.finish();
  touched_.clear();
  server_.log_.hold(server_.log_.end());
  server_.log_.trim(server_.log_.end());
}

void Server::Io::update_raw() {
  for (const auto& master : masters_) master->update_raw();
}

void Server::Io::touch(Master& master) {
  if (master.touched_) return;
  master.touched_ = true;
  touched_.push_back(master.shared_from_this());
}

void Server::Io::forget(Master& master) {
  selections.drop(master);
  for (auto it = commanders_.begin(); it != commanders_.end();) {
    it = it->second.master == &master ? commanders_.erase(it) : std::next(it);
  }
  const auto found = std::find_if(masters_.begin(), masters_.end(), [&](const auto& m) { return m.get() == &master; });
  if (found == masters_.end()) return;
  server_.loop_->bury(*found);
  masters_.erase(found);
}

EventLog::Position Server::Io::begin_reading() {
  const EventLog::Position end = server_.log_.end();
  if (readers_++ == 0) server_.counters_.unsent.fetch_add(end - server_.unread_from_.exchange(nowhere));
  return end;
}

std::uint64_t Server::Io::end_reading(EventLog::Position cursor) {
  const EventLog::Position end = server_.log_.end();
  if (--readers_ == 0) {
    server_.unread_from_.store(end);
    server_.log_.hold(end);
  }
  return end - cursor;
}

void Server::Io::on_ready(bool, bool, bool) { accept_all(); }

void Server::Io::accept_all() {
  while (listener_) {
    std::string error;
    auto stream = listener_->accept(error);
    if (!stream) {
      if (!error.empty()) pause_accepting(error);
      return;
    }
    if (const auto refused = objection(*stream)) {
      count_refusal(refused->why, stream->peer_ip(), refused->text);
      continue;
    }
    if (server_.tls_) stream = hal::tls(std::move(stream), server_.tls_, hal::TlsSide::server);
    auto master = std::make_shared<Master>(server_, std::move(stream));
    masters_.push_back(master);
    master->begin();
  }
}

std::optional<Server::Io::Objection> Server::Io::objection(const hal::Stream& stream) const {
  const std::string ip = stream.peer_ip();
  const std::string line = "connection of " + stream.peer_address() + " refused: ";
  const auto allowed = server_.allow_list();
  if (allowed && !allowed->allows(ip)) return Objection{Refusal::not_allowed, line + "the address is not allowed"};

  const ServerLimits& limits = server_.limits_;
  const std::size_t open = server_.open_.load();
  if (const std::size_t limit = limits.connections.load(); limit != 0 && open >= limit) {
    return Objection{Refusal::max_connections,
                     line + std::to_string(open) + " of " + std::to_string(limit) + " connections are open"};
  }
  const std::size_t pending = masters_.size() - std::min(open, masters_.size());
  if (pending >= limits.pending_connections.load()) {
    return Objection{Refusal::pending_connections, line + std::to_string(pending) + " others are not admitted yet"};
  }
  if (const std::size_t limit = limits.connections_per_address.load(); limit != 0) {
    const auto same = std::count_if(masters_.begin(), masters_.end(), [&](const auto& master) { return master->ip() == ip; });
    if (static_cast<std::size_t>(same) >= limit) {
      return Objection{Refusal::connections_per_address,
                       line + std::to_string(same) + " of " + std::to_string(limit) + " of this address are open"};
    }
  }
  return std::nullopt;
}

void Server::Io::count_refusal(Refusal why, const std::string& ip, const std::string& text) {
  server_.counters_.refusals[static_cast<std::size_t>(why)].fetch_add(1, std::memory_order_relaxed);
  log.refusals(why).note(ip, [&] { return text; });
}

void Server::Io::apply_allow_list() {
  const auto allowed = server_.allow_list();
  if (!allowed) return;
  const auto masters = masters_;  // each leaves the list as it closes
  for (const auto& master : masters) {
    if (allowed->allows(master->ip())) continue;
    master->turn_away(Refusal::not_allowed,
                      "connection of " + master->address() + " closed: its address is not allowed any more");
  }
}

// Out of descriptors: the listener would be readable for ever.
void Server::Io::pause_accepting(const std::string& why) {
  c104::log(LogLevel::error, "c104.server", "accepting connections pauses: " + why);
  server_.loop_->modify(*this, false, false);
  accept_timer_ = server_.loop_->call_after(accept_pause, [this] {
    accept_timer_ = 0;
    if (listener_) server_.loop_->modify(*this, true, false);
  });
}

std::chrono::milliseconds Server::Io::on_sweep() {
  EventLog::Position oldest = server_.log_.end();
  for (const auto& master : masters_) oldest = std::min(oldest, master->unread_from());
  hold_events();
  server_.log_.trim(oldest);
  report_refusals();
  log.tick();
  return {};
}

// The log waits for the slowest master of those that keep up. When all lag it waits for the foremost.
void Server::Io::hold_events() {
  EventLog::Position slowest = nowhere, foremost_lagging = nowhere;
  for (const auto& master : masters_) {
    if (!master->active()) continue;
    const EventLog::Position position = master->unread_from();
    if (!master->lags()) {
      slowest = std::min(slowest, position);
    } else if (foremost_lagging == nowhere || position > foremost_lagging) {
      foremost_lagging = position;
    }
  }
  server_.log_.hold(std::min(slowest != nowhere ? slowest : foremost_lagging, server_.log_.end()));
}

void Server::Io::report_refusals() {
  const std::uint64_t refusals = server_.counters_.log_full.load(std::memory_order_relaxed);
  if (refusals == logged_refusals_) return;
  const auto now = Monotonic::now();
  if (now < next_refusal_log_) return;
  next_refusal_log_ = now + log_interval;
  c104::log(LogLevel::warning, "c104.server",
            std::to_string(refusals - logged_refusals_) + " times values were refused (False): " +
                std::to_string(server_.log_.waiting()) + " octets wait for the slowest client");
  logged_refusals_ = refusals;
}

void Server::Io::end_turn() {
  const EventLog::Position end = server_.log_.end();
  const std::uint64_t revision = server_.initialized_revision_.load();
  if (end != pumped_to_ || revision != announced_to_) {
    pumped_to_ = end;
    announced_to_ = revision;
    for (const auto& master : masters_) touch(*master);
  }
  if (!touched_.empty()) {
    // Another one begins each time: nobody is always the last to be flushed.
    std::vector<std::shared_ptr<Master>> touched;
    touched.swap(touched_);
    std::rotate(touched.begin(), touched.begin() + static_cast<std::ptrdiff_t>(rotation_++ % touched.size()), touched.end());
    for (const auto& master : touched) {
      master->touched_ = false;
      master->pump();
    }
  }
  if (server_.log_.waiting() > 0) hold_events();
  reports.publish();
}

void Server::Io::remember_command(const std::shared_ptr<Point>& point, Master& master, const codec::Header& header) {
  commanders_.insert_or_assign(point.get(), Commander{point, &master, header});
}

void Server::Io::answer_command(const Point& point, codec::Header header, const Information& info, bool own_originator) {
  auto found = commanders_.find(&point);
  if (found != commanders_.end() && found->second.point.lock().get() != &point) {
    commanders_.erase(found);  // of an earlier point at this place in memory
    found = commanders_.end();
  }
  if (found != commanders_.end()) {
    header.test = found->second.header.test;
    if (!own_originator) header.oa = found->second.header.oa;
  }
  codec::Writer asdu(header);
  asdu.add(point.io_address(), info);
  if (found != commanders_.end()) {
    found->second.master->reply(asdu.bytes());
    return;
  }
  for (const auto& master : masters_) {
    if (master->active()) master->reply(asdu.bytes());
  }
}

}  // namespace c104
