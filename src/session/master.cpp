// SPDX-License-Identifier: GPL-3.0-or-later
// The life of a master's link, and reading from it.
#include "session/master.h"

#include "base/debug.h"
#include "base/log.h"
#include "session/callouts.h"
#include "session/server_io.h"
#include "wire/gate.h"

namespace c104 {
namespace {

using namespace std::chrono_literals;
constexpr int reads_per_turn = 4;

}  // namespace

Master::Master(Server& server, std::unique_ptr<hal::Stream> stream)
    : server_(server),
      loop_(server.loop_),
      address_(stream->peer_address()),
      ip_(stream->peer_ip()),
      stream_(std::move(stream)) {}

Master::~Master() = default;

// ------------------------------------------------------------------------------------------ coming and going

void Master::begin() {
  strand_ = std::make_shared<Strand>(
      server_.dispatcher_,
      [weak = server_.weak_from_this()](EventKind kind, Bytes apdu) {
        const auto server = weak.lock();
        if (server) tell(kind == EventKind::raw_sent ? server->on_send_raw : server->on_receive_raw, server, apdu);
      },
      [loop = loop_, weak = weak_from_this()] {
        loop->post([weak] {
          if (const auto master = weak.lock()) master->resume();
        });
      });
  descriptor_ = stream_->descriptor();
  wants_write_ = false;
  costly_ = server_.tls_ != nullptr;
  wants_read_ = costly_;
  loop_->add(descriptor_, *this, wants_read_, false);
  deadline_ = loop_->call_after(std::chrono::seconds(server_.parameters_.get().t0), [this] {
    deadline_ = 0;
    turn_away(Refusal::tls_timeout, "no TLS handshake with " + address_ + " within t0: " + stream_->error());
  });
  if (!costly_) establish();  // else the client speaks first
}

void Master::establish() {
  const hal::Progress progress = stream_->establish();
  if (progress == hal::Progress::failed) {
    turn_away(Refusal::tls_handshake, "TLS handshake with " + address_ + " failed: " + stream_->error());
    return;
  }
  wants_read_ = progress == hal::Progress::want_read;
  wants_write_ = progress == hal::Progress::want_write;
  loop_->modify(*this, wants_read_, wants_write_);
  if (progress != hal::Progress::done) return;
  costly_ = false;
  loop_->cancel(deadline_);
  deadline_ = 0;
  if (server_.on_connect.filled()) {
    ask_on_connect();
  } else {
    admit();
  }
}

// Nothing is read or answered before on_connect said yes.
void Master::ask_on_connect() {
  strand_->push([weak_server = server_.weak_from_this(), weak = weak_from_this(), loop = loop_, ip = ip_] {
    const auto server = weak_server.lock();
    if (!server) return;
    const bool welcome = ask(server->on_connect, true, false, server, ip);
    debug(DebugPart::server, [&] { return "on_connect " + ip + (welcome ? ": accepted" : ": refused"); });
    loop->post([weak, welcome] {
      const auto master = weak.lock();
      if (!master || master->closed_) return;
      if (welcome) {
        master->admit();
        return;
      }
      master->turn_away(Refusal::on_connect, "connection of " + master->address_ + " refused by on_connect");
    });
  });
  strand_->publish();
}

void Master::admit() {
  const std::size_t limit = server_.limits_.connections.load();
  if (limit != 0 && server_.open_.load() >= limit) {
    turn_away(Refusal::max_connections,
              "connection of " + address_ + " refused: " + std::to_string(limit) + " connections are open");
    return;
  }
  const std::string port = address_.substr(address_.rfind(':') + 1);
  connection_ = std::make_shared<ServerConnection>(ip_, static_cast<std::uint16_t>(std::stoi(port)),
                                                   stream_->peer_certificate(), strand_, loop_, weak_from_this());
  link_ = wire::Link::create(wire::Role::controlled, server_.parameters_.get(), std::move(stream_), *this,
                             {connection_, &traffic().link});
  server_.connections_.add(connection_);
  server_.open_.fetch_add(1);
  server_.io_->log.visits.note(ip_, [&] {
    const auto& certificate = connection_->peer_certificate();
    return address_ + " connected" + (certificate ? " with the certificate '" + certificate->subject + "'" : std::string());
  });
  if (const std::uint32_t ms = server_.limits_.startdt_timeout_ms.load(); ms != 0) {
    startdt_timer_ = loop_->call_after(std::chrono::milliseconds(ms), [this, ms] {
      turn_away(Refusal::startdt_timeout, address_ + " did not send STARTDT within " + std::to_string(ms) + " ms");
    });
  }
  update_raw();
  receive();  // TLS may hold octets that came with the handshake
  if (!closed_) update_interest();
}

void Master::close(const std::string& why) {
  if (closed_) return;
  closed_ = true;
  const auto self = shared_from_this();
  for (const IoLoop::TimerId timer : {deadline_, startdt_timer_, throttle_timer_}) loop_->cancel(timer);
  loop_->remove(descriptor_, *this);
  if (std::exchange(active_, false)) server_.active_.fetch_sub(1);
  count_lost();
  if (connection_) {
    server_.io_->log.visits.note(ip_, [&] { return address_ + " disconnected: " + why; });
  } else {
    debug(DebugPart::server, [&] { return address_ + " was not admitted: " + why; });
  }
  strand_->publish();
  if (link_) {
    link_->close();
    loop_->bury(std::shared_ptr<wire::Link>(std::move(link_)));
  }
  stream_.reset();
  replies_.clear();
  interrogations_.clear();
  if (connection_) {
    connection_->active_.store(false, std::memory_order_release);
    connection_->connected_.store(false, std::memory_order_release);
    server_.connections_.remove(*connection_);
    server_.open_.fetch_sub(1);
  }
  server_.io_->forget(*this);
}

void Master::turn_away(Refusal why, const std::string& text) {
  if (closed_) return;
  server_.io_->count_refusal(why, ip_, text);
  close(name_of(why));
}

// What transmit() took and this master did not get, or perhaps did not.
void Master::count_lost() {
  if (std::exchange(was_active_, false)) traffic().unsent.add(server_.io_->end_reading(events_.position()));
  if (link_) traffic().unacknowledged.add(static_cast<std::uint64_t>(link_->unacknowledged()));
}

void Master::finish() {
  if (link_) {
    pump();
    if (link_) link_->flush();
    const auto unsent = queue();
    if (!closed_ && unsent > 0) {
      log(LogLevel::warning, "c104.server",
          address_ + ": the server stops before " + std::to_string(unsent) + " ASDUs could be sent");
    }
  }
  close("the server stops");
}

void Master::on_started() {
  if (active_) return;
  if (!was_active_) events_.begin(server_.io_->begin_reading());
  was_active_ = active_ = true;
  loop_->cancel(startdt_timer_);
  connection_->active_.store(true, std::memory_order_release);
  debug(DebugPart::server, [&] { return address_ + ": STARTDT"; });
  server_.active_.fetch_add(1);
  server_.io_->touch(*this);
}

void Master::on_stopped() {
  if (!active_) return;
  active_ = false;
  connection_->active_.store(false, std::memory_order_release);
  debug(DebugPart::server, [&] { return address_ + ": STOPDT"; });
  server_.active_.fetch_sub(1);
}

void Master::update_raw() {
  raw_ = server_.on_receive_raw.filled() || server_.on_send_raw.filled();
  if (link_) link_->set_raw_enabled(raw_);
}

void Master::on_raw(bool sent, Bytes apdu) {
  if (!(sent ? server_.on_send_raw : server_.on_receive_raw).filled()) return;
  strand_->push(sent ? EventKind::raw_sent : EventKind::raw_received, apdu);
  server_.io_->touch(*this);  // the strand is published at the end of the turn
}

void Master::on_fault(wire::Fault fault, Bytes) {
  server_.io_->log.frames.note(ip_, [&] { return address_ + " sent a malformed frame: " + wire::describe(fault); });
}

// ------------------------------------------------------------------------------------------ reading

void Master::on_ready(bool readable, bool writable, bool broken) {
  if (deadline_ != 0) {
    establish();
  } else if (!link_) {
    if (broken) close("closed by the partner before on_connect answered");
  } else {
    if (writable) {
      blocked_ = false;
      after_link_work();
    }
    if (closed_) return;
    if (broken && paused_) {
      close("closed by the partner");
    } else if (readable || broken) {
      receive();
    }
  }
}

bool Master::must_pause() const { return strand_->full() || link_->unsent() > high_water || throttle_timer_ != 0; }

void Master::receive() {
  bool more = true;
  for (int i = 0; more && i < reads_per_turn; ++i) {
    paused_ = must_pause();
    if (paused_) break;
    wire::Link& link = *link_;  // stays until the turn is over, also when it is closed meanwhile
    more = read_some();
    if (closed_) return;
    link.tick();
    if (closed_) return;
    if (link.closed()) {
      if (link.stream().is_nuisance()) turn_away(Refusal::renegotiation, address_ + ": " + link.reason());
      close(link.reason());
      return;
    }
  }
  if (more && !paused_) {
    loop_->post([weak = weak_from_this()] {
      const auto master = weak.lock();
      if (master && master->link_) master->receive();
    });
  }
  server_.io_->touch(*this);
  update_interest();
}

// What comes faster than it may isn't read yet, so that TCP holds the master back: nothing is lost and no burst ends a link.
bool Master::read_some() {
  const std::uint32_t rate = server_.limits_.apdus_per_second.load(std::memory_order_relaxed);
  if (rate == 0) return link_->receive(loop_->read_buffer());
  constexpr double smallest_apdu = wire::apci_size;
  const double available = std::clamp(rate_.available(rate, Monotonic::now()) * smallest_apdu,  //
                                      double{wire::apdu_max_size}, double{wire::read_size});
  const auto& link = traffic().link;
  const std::uint64_t before = link.i_in + link.s_in + link.u_in;
  const bool more = link_->receive(loop_->read_buffer(), static_cast<std::size_t>(available));
  rate_.spend(static_cast<double>(link.i_in + link.s_in + link.u_in - before));
  if (const auto wait = rate_.wait(rate); !closed_ && wait.count() > 0 && throttle_timer_ == 0) {
    throttle_timer_ = loop_->call_after(wait, [this] {
      throttle_timer_ = 0;
      resume();
    });
  }
  return more;
}

void Master::resume() {
  if (!link_) return;
  if (paused_ && !must_pause()) {
    receive();  // not every octet is announced by the poller
  } else {
    server_.io_->touch(*this);  // pump() stops at a full strand too
  }
}

void Master::update_interest() {
  if (closed_ || (wants_read_ == !paused_ && wants_write_ == blocked_)) return;
  wants_read_ = !paused_;
  wants_write_ = blocked_;
  loop_->modify(*this, wants_read_, wants_write_);
}

}  // namespace c104
