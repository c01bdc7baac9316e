// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/interrogation.h"

namespace c104 {
namespace {

constexpr std::size_t ask_window = 512;  // points that are asked for in one go

bool answers_station(const TypeInfo& type) { return type.in_interrogation; }
bool answers_counters(const TypeInfo& type) { return type.in_counter_interrogation; }

}  // namespace

Interrogation::Interrogation(const codec::Header& request, std::uint8_t qualifier,
                             std::vector<std::shared_ptr<Station>> stations, Packer::Form form)
    : request_(request), qualifier_(qualifier), form_(form) {
  for (auto& station : stations) parts_.push_back({std::move(station)});
}

Interrogation::Next Interrogation::next(codec::Writer& out, std::vector<std::shared_ptr<Point>>& to_ask) {
  // All stations confirm before the first one sends: a master that counts pairs of ACT_CON and ACT_TERM would otherwise
  // take the first station's end for the end.
  while (confirmed_ < parts_.size()) {
    const Part& part = parts_[confirmed_++];
    if (part.cancelled) continue;
    write_system(out, Cot::ACTIVATION_CON, *part.station);
    return Next::asdu;
  }
  for (; current_ < parts_.size(); ++current_, packer_.reset()) {
    const Part& part = parts_[current_];
    if (part.cancelled) continue;
    if (asking_) return Next::wait;
    if (!packer_) {
      packer_.emplace(open(part.station));
      asked_ = 0;
    }
    while (!part.station->detached()) {
      if (packer_->position() >= asked_ && ask_ahead(to_ask)) {
        asking_ = true;
        return Next::ask;
      }
      if (packer_->next(out, asked_)) return Next::asdu;
      if (packer_->position() >= packer_->points().size()) break;
    }
    write_system(out, Cot::ACTIVATION_TERMINATION, *part.station);
    ++current_;
    packer_.reset();
    return Next::asdu;
  }
  return Next::end;
}

bool Interrogation::cancel(std::uint8_t type, std::uint16_t ca) {
  if (type != request_.type) return false;
  for (std::size_t i = current_; i < parts_.size(); ++i) {
    if (parts_[i].cancelled || parts_[i].station->common_address() != ca) continue;
    parts_[i].cancelled = true;
    return true;
  }
  return false;
}

bool Interrogation::ask_ahead(std::vector<std::shared_ptr<Point>>& to_ask) {
  const auto& points = packer_->points();
  const auto filter = request_.type == static_cast<std::uint8_t>(Type::C_CI_NA_1) ? answers_counters : answers_station;
  const std::size_t end = std::min(points.size(), packer_->position() + ask_window);
  for (std::size_t i = packer_->position(); i < end; ++i) {
    const PointExtras* extras = points[i]->find_extras();
    if (extras != nullptr && extras->on_before_read.filled() && filter(points[i]->type_info())) to_ask.push_back(points[i]);
  }
  asked_ = end;
  return !to_ask.empty();
}

void Interrogation::write_system(codec::Writer& out, Cot cause, const Station& station) const {
  codec::Header header = request_;
  header.sequence = false;
  header.negative = false;
  header.cot = static_cast<std::uint8_t>(cause);
  header.ca = station.common_address();
  out.reset(header);
  out.add_raw(0, {&qualifier_, 1});
}

Packer Interrogation::open(const std::shared_ptr<Station>& station) const {
  const bool counters = request_.type == static_cast<std::uint8_t>(Type::C_CI_NA_1);
  codec::Header header;
  header.cot = static_cast<std::uint8_t>(counters ? Cot::REQUESTED_BY_GENERAL_COUNTER : Cot::INTERROGATED_BY_STATION);
  header.test = request_.test;
  header.oa = request_.oa;
  header.ca = station->common_address();
  // Integrated totals keep their tag, which holds the time of freezing: IEC 60870-5-101, 7.3.1.16 and 7.3.1.29 list the causes 37 to 41.
  const Packer::Form form = counters ? Packer::Form::own_type : form_;
  return Packer(station, station->roll_call(), header, form, counters ? answers_counters : answers_station);
}

}  // namespace c104
