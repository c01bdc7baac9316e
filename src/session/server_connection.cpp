// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/server_connection.h"

#include "base/clock.h"
#include "session/master.h"

namespace c104 {

ServerConnection::ServerConnection(std::string ip, std::uint16_t port, PeerCertificatePtr certificate,
                                   std::shared_ptr<Strand> strand, std::shared_ptr<IoLoop> loop, std::weak_ptr<Master> master)
    : ip_(std::move(ip)),
      port_(port),
      connected_us_(wall_us()),
      certificate_(std::move(certificate)),
      strand_(std::move(strand)),
      loop_(std::move(loop)),
      master_(std::move(master)) {}

Traffic ServerConnection::traffic() const {
  Traffic now = traffic_;
  now.receive_queue.set(strand_->queued());
  now.receive_queue_most.set(strand_->high_water());
  if (!is_connected()) now.forget_present();
  return now;
}

void ServerConnection::close(const std::string& reason) {
  if (!is_connected() || loop_->forked()) return;
  loop_->run([&] {
    const auto master = master_.lock();
    if (master) master->close("closed by this station" + (reason.empty() ? "" : ": " + reason));
  });
}

}  // namespace c104
