// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/selection.h"

#include "session/station.h"

namespace c104 {
namespace {

void show(Point& point, std::optional<std::uint8_t> originator) {
  const auto station = point.station();
  if (!station) return;
  PointExtras& extras = point.extras();
  std::lock_guard lock(station->mutex());
  extras.selected_by = originator;
}

}  // namespace

bool SelectionTable::select(const std::shared_ptr<Point>& point, Master& master, std::uint8_t originator, Bytes asdu) {
  Selection& selection = table_.try_emplace(point.get(), Selection{point, &master, {}}).first->second;
  if (selection.master != &master || selection.executing) return false;
  if (selection.timer != 0) loop_.cancel(selection.timer);
  selection.asdu.assign(asdu.begin(), asdu.end());
  selection.timer = loop_.call_after(timeout_, [this, key = point.get()] {
    const auto found = table_.find(key);
    if (found == table_.end()) return;
    found->second.timer = 0;
    const Selection late = found->second;
    remove(found);
    expired_(*late.master, late.asdu);
  });
  show(*point, originator);
  return true;
}

bool SelectionTable::begin_execute(const Point& point, const Master& master) {
  const auto found = find(point, master);
  if (found == table_.end() || found->second.executing) return false;
  found->second.executing = true;
  loop_.cancel(found->second.timer);
  found->second.timer = 0;
  return true;
}

void SelectionTable::finish(const Point& point, const Master& master) {
  const auto found = find(point, master);
  if (found != table_.end()) remove(found);
}

bool SelectionTable::cancel(const Point& point, const Master& master) {
  const auto found = find(point, master);
  if (found == table_.end() || found->second.executing) return false;
  remove(found);
  return true;
}

void SelectionTable::drop(const Master& master) {
  for (auto it = table_.begin(); it != table_.end();) {
    it = it->second.master == &master ? remove(it) : std::next(it);
  }
}

SelectionTable::Table::iterator SelectionTable::find(const Point& point, const Master& master) {
  const auto found = table_.find(&point);
  return found != table_.end() && found->second.master == &master ? found : table_.end();
}

SelectionTable::Table::iterator SelectionTable::remove(Table::iterator selection) {
  if (selection->second.timer != 0) loop_.cancel(selection->second.timer);
  show(*selection->second.point, std::nullopt);
  return table_.erase(selection);
}

}  // namespace c104
