// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/server_connection.h"

#include "base/clock.h"

namespace c104 {

ServerConnection::ServerConnection(std::string ip, std::uint16_t port, std::shared_ptr<Strand> strand)
    : ip_(std::move(ip)), port_(port), connected_us_(wall_us()), strand_(std::move(strand)) {}

Traffic ServerConnection::traffic() const {
  Traffic now = traffic_;
  now.receive_queue.set(strand_->queued());
  now.receive_queue_most.set(strand_->high_water());
  if (!is_connected()) now.forget_present();
  return now;
}

}  // namespace c104
