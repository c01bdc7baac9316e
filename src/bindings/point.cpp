// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/callback.h"
#include "bindings/session.h"
#include "bindings/values.h"

namespace py = pybind11;

namespace c104::bindings {
namespace {

const Signature on_receive{
    "on_receive",
    {{"point", "c104.Point"}, {"previous_info", "c104.Information"}, {"message", "c104.IncomingMessage"}},
    "c104.ResponseState"};
const Signature on_before_read{"on_before_read", {{"point", "c104.Point"}}, "None"};
const Signature on_before_auto_transmit{"on_before_auto_transmit", {{"point", "c104.Point"}}, "None"};
const Signature on_timer{"on_timer", {{"point", "c104.Point"}}, "None"};

std::array<py::object, 1> just_point(const std::shared_ptr<Point>& point) { return {py::cast(point)}; }

bool is_local(const Point& self) {
  const auto station = self.station();
  return station && station->is_local();
}

// What few points have, read under the station's mutex. `fallback` is of a point that has nothing of it.
template <class Field>
Field extra(const Point& self, Field PointExtras::* field, Field fallback = {}) {
  const PointExtras* extras = self.find_extras();
  if (extras == nullptr) return fallback;
  const auto station = self.station();
  if (!station) return extras->*field;
  std::lock_guard lock(station->mutex());
  return extras->*field;
}

template <class Change>
void change_extras(Point& self, Change change) {
  PointExtras& extras = self.extras();
  const auto station = self.station();
  if (!station) {
    change(extras);
    return;
  }
  std::lock_guard lock(station->mutex());
  change(extras);
}

// ---------------------------------------------------------------------------------------------- value

py::object info_of(const Point& self) {
  const Point::Snapshot now = self.snapshot();
  return to_python(now.info, now.processed_us, now.readonly);
}

Information changeable(const Point& self) {
  const Point::Snapshot now = self.snapshot();
  if (now.readonly) {
    throw py::value_error("the point's information was received and is read-only; assign a new one to point.info");
  }
  return now.info;
}

void set_info(Point& self, const py::object& info) { self.set_information(information_from_python(info, self.type())); }
void set_value(Point& self, const py::object& value) { self.set_information(value_from_python(changeable(self), value)); }
void set_quality(Point& self, const py::object& quality) {
  self.set_information(quality_from_python(changeable(self), quality));
}

void set_time_quality(Point& self, TimeQuality quality) {
  if (self.type_info().tag == TagFormat::none) {
    throw py::value_error(std::string("a ") + self.type_info().name + " point has no time tag, and so no time_quality");
  }
  self.set_information(time_quality_from_python(changeable(self), quality));
}

void bind_value(Class<Point>& cls) {
  cls.def_property("info", &info_of, &set_info)
      .def_property(
          "value", [](const Point& self) { return value_to_python(self.information()); }, &set_value)
      .def_property(
          "quality", [](const Point& self) { return quality_to_python(self.information()); }, &set_quality)
      .def_property_readonly("recorded_at", [](const Point& self) { return time_to_python(self.information().recorded_at()); })
      .def_property(
          "time_quality", [](const Point& self) { return time_quality_to_python(self.information()); }, &set_time_quality)
      .def_property_readonly("processed_at", [](const Point& self) { return time_to_python(self.snapshot().processed_us); });
}

// ---------------------------------------------------------------------------------------------- commands

py::object related_io_address(const Point& self) {
  const auto related = extra(self, &PointExtras::related_ioa);
  return related ? py::object(py::int_(*related)) : py::object(py::none());
}

void set_related_io_address(Point& self, const py::object& value) {
  if (!is_local(self)) throw py::value_error("related_io_address is for points of a server");
  std::optional<std::uint32_t> related;
  if (!value.is_none()) related = io_address(value, "related_io_address");
  change_extras(self, [&](PointExtras& extras) {
    extras.related_ioa = related;
    if (!related) extras.related_autoreturn = false;
  });
}

void set_related_io_autoreturn(Point& self, bool value) {
  if (value) {
    if (!is_local(self)) throw py::value_error("related_io_autoreturn is for points of a server");
    if (!is_command(self.type_info().kind)) {
      throw py::value_error(std::string("related_io_autoreturn is for commands, not for ") + self.type_info().name);
    }
    if (!extra(self, &PointExtras::related_ioa)) throw py::value_error("related_io_autoreturn needs a related_io_address");
  }
  change_extras(self, [&](PointExtras& extras) { extras.related_autoreturn = value; });
}

void set_command_mode(Point& self, CommandMode mode) {
  if (mode != CommandMode::DIRECT) check_command_mode(self.type_info());
  change_extras(self, [&](PointExtras& extras) { extras.command_mode = mode; });
}

std::uint32_t report_ms(const Point& self) {
  const PointExtras* extras = self.find_extras();
  return extras ? extras->report_ms.load() : 0;
}

std::uint32_t timer_ms(const Point& self) {
  const PointExtras* extras = self.find_extras();
  return extras ? extras->timer_ms.load() : 0;
}

void set_report_ms(Point& self, Integer value) {
  const std::uint32_t interval = milliseconds("report_ms", value);
  if (interval == 0 && report_ms(self) == 0) return;
  without_gil([&] { self.set_report_ms(interval); });
}

bool transmit(Point& self, Cot cause, const py::object& originator) {
  std::optional<std::uint8_t> address;
  if (!originator.is_none()) address = originator_address(originator, "originator");
  return without_gil([&] { return self.transmit(cause, address); });
}

void bind_commands(Class<Point>& cls) {
  cls.def("read", blocking(&Point::read))
      .def("transmit", &transmit, py::arg("cause"), py::arg("originator") = py::none())
      .def_property("report_ms", &report_ms, &set_report_ms)
      .def_property_readonly("timer_ms", &timer_ms)
      .def_property("related_io_address", &related_io_address, &set_related_io_address)
      .def_property(
          "related_io_autoreturn", [](const Point& self) { return extra(self, &PointExtras::related_autoreturn); },
          &set_related_io_autoreturn)
      .def_property(
          "command_mode", [](const Point& self) { return extra(self, &PointExtras::command_mode, CommandMode::DIRECT); },
          &set_command_mode)
      .def_property_readonly("selected_by", [](const Point& self) { return extra(self, &PointExtras::selected_by); });
}

// ---------------------------------------------------------------------------------------------- callbacks

using PointSlot = Slot<void(const std::shared_ptr<Point>&)>;

void set_server_callback(Point& self, PointSlot PointExtras::* slot, const Signature& signature, const py::object& callable) {
  if (!is_local(self)) throw py::value_error(std::string(signature.name) + "() is for points of a server");
  fill(self.extras().*slot, signature, callable, &just_point);
}

void set_timer(Point& self, const py::object& callable, Integer interval_ms) {
  const std::uint32_t interval = milliseconds("interval_ms", interval_ms);
  if (interval == 0 && !callable.is_none()) throw py::value_error("interval_ms 0 is out of range: a multiple of tick_rate_ms");
  auto function = as_function<void, const std::shared_ptr<Point>&>(on_timer, callable, &just_point);
  without_gil([&] { self.set_timer(callable.is_none() ? 0 : interval, std::move(function)); });
  drain_graveyard();
}

void bind_callbacks(Class<Point>& cls) {
  cls.def(
         "on_receive",
         [](Point& self, const py::object& callable) {
           fill(self.extras().on_receive, on_receive, callable,
                [](const auto& point, const Information& before, std::int64_t processed_us, IncomingMessage& message) {
                  // Commands come alone; of other messages this point's object is the one that stands there.
                  const bool command = is_command(message.information().kind);
                  return std::array{py::cast(point), to_python(before, processed_us, true),
                                    py::cast(ReceivedMessage(message, command))};
                });
         },
         py::arg("callable"))
      .def(
          "on_before_read",
          [](Point& self, const py::object& callable) {
            set_server_callback(self, &PointExtras::on_before_read, on_before_read, callable);
          },
          py::arg("callable"))
      .def(
          "on_before_auto_transmit",
          [](Point& self, const py::object& callable) {
            set_server_callback(self, &PointExtras::on_before_auto_transmit, on_before_auto_transmit, callable);
          },
          py::arg("callable"))
      .def("on_timer", &set_timer, py::arg("callable"), py::arg("interval_ms") = 0);
}

std::string describe(const Point& self) {
  const auto related = extra(self, &PointExtras::related_ioa);
  return repr("c104.Point",
              "io_address=" + std::to_string(self.io_address()) + ", type=" + self.type_info().name +
                  ", info=" + py::type::of(info_of(self)).attr("__name__").cast<std::string>() + ", report_ms=" +
                  std::to_string(report_ms(self)) + ", related_io_address=" + (related ? std::to_string(*related) : "None") +
                  ", related_io_autoreturn=" + python_bool(extra(self, &PointExtras::related_autoreturn)) +
                  ", command_mode=" + enum_name(extra(self, &PointExtras::command_mode, CommandMode::DIRECT)),
              &self);
}

}  // namespace

void bind(Class<Point>& cls) {
  cls.def_property_readonly("io_address", &Point::io_address)
      .def_property_readonly("type", &Point::type)
      .def_property_readonly("station", &Point::station)
      .def("__repr__", &describe);
  bind_value(cls);
  bind_commands(cls);
  bind_callbacks(cls);
}

}  // namespace c104::bindings
