// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/values.h"

#include <array>
#include <chrono>
#include <cmath>
#include <ctime>
#include <string>
#include <utility>

#include <datetime.h>

#include "bindings/flags.h"
#include "bindings/information.h"
#include "bindings/numbers.h"
#include "model/number.h"

namespace py = pybind11;

namespace c104::bindings {
namespace {

using K = InfoKind;
constexpr std::size_t kinds = static_cast<std::size_t>(K::bits_cmd) + 1;

// ---------------------------------------------------------------------------------------------- one function per kind

using Maker = py::object (*)(const InfoObject&);

template <K Kind>
py::object make(const InfoObject& object) {
  InfoOf<Kind> typed;
  static_cast<InfoObject&>(typed) = object;
  return py::cast(std::move(typed));
}

template <std::size_t... I>
constexpr std::array<Maker, kinds> makers(std::index_sequence<I...>) {
  return {&make<static_cast<K>(I)>...};
}

using Class = py::handle (*)();

template <K Kind>
py::handle class_of() {
  return py::detail::get_type_handle(typeid(InfoOf<Kind>), true);
}

template <std::size_t... I>
constexpr std::array<Class, kinds> classes(std::index_sequence<I...>) {
  return {&class_of<static_cast<K>(I)>...};
}

// Objects that come by the thousand are made once, since they can't be changed: 0.1 us instead of 0.4. Kept for ever, as their
// classes are.
template <class E, std::size_t Count>
struct Ready {
  static_assert((Count & (Count - 1)) == 0);
  static inline std::array<PyObject*, Count> objects{};

  static void prepare() {
    for (std::size_t i = 0; i < Count; ++i) objects[i] = py::cast(static_cast<E>(i)).release().ptr();
  }
  static py::object get(std::size_t value) { return py::reinterpret_borrow<py::object>(objects[value & (Count - 1)]); }
};

using Qualities = Ready<Quality, 256>;
using CounterQualities = Ready<BinaryCounterQuality, 256>;
using Doubles = Ready<Double, 4>;
using Steps = Ready<Step, 4>;
using EventStates = Ready<EventState, 4>;

// What a point's value must be, and how one writes it.
constexpr const char* wanted_bool = "a bool";
constexpr const char* wanted_float = "a float, as 5.0";
constexpr const char* wanted_int = "an int in -2147483648..2147483647";
constexpr const char* wanted_double = "a c104.Double, as c104.Double.ON";
constexpr const char* wanted_step_position = "a c104.Int7 in -64..63, as c104.Int7(5)";
constexpr const char* wanted_step = "a c104.Step, as c104.Step.HIGHER";
constexpr const char* wanted_bits = "a c104.Byte32 in 0..4294967295, as c104.Byte32(5)";
constexpr const char* wanted_normalized = "a c104.NormalizedFloat in -1.0..1.0, as c104.NormalizedFloat(0.5)";
constexpr const char* wanted_scaled = "a c104.Int16 in -32768..32767, as c104.Int16(5)";
constexpr const char* wanted_event = "a c104.EventState, as c104.EventState.ON";
constexpr const char* wanted_start = "a c104.StartEvents, as c104.StartEvents.General";
constexpr const char* wanted_circuits = "a c104.OutputCircuits, as c104.OutputCircuits.General";
constexpr const char* wanted_packed = "a c104.PackedSingle, as c104.PackedSingle.I0";

// A ValueError for None, numbers and whatever some point has as value; a TypeError for anything else.
[[noreturn]] void refuse(const py::handle& value, const char* wanted) {
  const std::string text =
      std::string("value must be ") + wanted + "; not " + Py_TYPE(value.ptr())->tp_name + " " + std::string(py::repr(value));
  if (value.is_none() || PyNumber_Check(value.ptr()) || py::isinstance<Byte32>(value)) throw py::value_error(text);
  throw py::type_error(text);
}

template <class V>
V expect(const py::handle& value, const char* wanted) {
  if (!py::isinstance<V>(value)) refuse(value, wanted);
  return value.cast<V>();
}

std::uint32_t expect_bool(const py::handle& value) {
  if (!PyBool_Check(value.ptr())) refuse(value, wanted_bool);
  return value.ptr() == Py_True ? 1 : 0;
}

std::uint32_t expect_float(const py::handle& value) {
  if (!PyFloat_Check(value.ptr())) refuse(value, wanted_float);
  return short_float_bits("value", PyFloat_AS_DOUBLE(value.ptr()));
}

std::uint32_t expect_counter(const py::handle& value) {
  if (!PyLong_Check(value.ptr()) || PyBool_Check(value.ptr())) refuse(value, wanted_int);
  int overflow = 0;
  const long long number = PyLong_AsLongLongAndOverflow(value.ptr(), &overflow);
  if (overflow != 0 || number < INT32_MIN || number > INT32_MAX) {
    throw py::value_error("value " + std::string(py::repr(value)) + " is out of range -2147483648..2147483647");
  }
  return static_cast<std::uint32_t>(number);
}

}  // namespace

std::uint32_t short_float_bits(const char* name, double number) {
  if (!fits_short_float(number)) {
    throw py::value_error(std::string(name) + " " + py::repr(py::float_(number)).cast<std::string>() +
                          " is out of range -3.4028235e38..3.4028235e38; for infinity give float('inf')");
  }
  return std::bit_cast<std::uint32_t>(static_cast<float>(number));
}

void prepare_values() {
  Qualities::prepare();
  CounterQualities::prepare();
  Doubles::prepare();
  Steps::prepare();
  EventStates::prepare();
}

// ---------------------------------------------------------------------------------------------- to Python

py::object to_python(const Information& info, std::int64_t processed_us, bool readonly) {
  static constexpr auto table = makers(std::make_index_sequence<kinds>{});
  if (info.kind == K::none) return py::none();
  return table[static_cast<std::size_t>(info.kind)]({info, processed_us, readonly});
}

py::object value_to_python(const Information& info) {
  switch (info.kind) {
    case K::none: return py::none();
    case K::single:
    case K::single_cmd: return py::bool_(info.raw != 0);
    case K::double_point:
    case K::double_cmd: return Doubles::get(info.raw);
    case K::step: return py::cast(Int7{info.as_signed()});
    case K::step_cmd: return Steps::get(info.raw);
    case K::bits:
    case K::bits_cmd: return py::cast(Byte32{info.raw});
    case K::normalized:
    case K::normalized_cmd: return py::cast(NormalizedFloat{info.as_float()});
    case K::scaled:
    case K::scaled_cmd: return py::cast(Int16{info.as_signed()});
    case K::short_float:
    case K::short_cmd: return py::float_(static_cast<double>(info.as_float()));
    case K::counter: return py::int_(info.as_signed());
    case K::protection_event: return EventStates::get(info.low());
    case K::protection_start: return py::cast(static_cast<StartEvents>(info.low()));
    case K::protection_circuit: return py::cast(static_cast<OutputCircuits>(info.low()));
    case K::status_changed: return py::cast(static_cast<PackedSingle>(info.low()));
  }
  return py::none();
}

py::object quality_to_python(const Information& info) {
  if (info.kind == K::none || is_command(info.kind)) return py::none();
  if (info.kind == K::counter) return CounterQualities::get(user_quality(info));
  return Qualities::get(user_quality(info));
}

// ---------------------------------------------------------------------------------------------- from Python

Information information_from_python(const py::handle& object, Type type) {
  static constexpr auto table = classes(std::make_index_sequence<kinds>{});
  const TypeInfo& row = *find_type(type);
  if (!py::isinstance<InfoObject>(object)) {
    throw py::type_error(std::string("info must be an Information, not ") + Py_TYPE(object.ptr())->tp_name);
  }
  const py::handle wanted = table[static_cast<std::size_t>(row.kind)]();
  if (!py::isinstance(object, wanted)) {
    throw py::value_error(std::string("info of a ") + row.name + " point must be a c104." +
                          wanted.attr("__name__").cast<std::string>() + ", not a " +
                          py::type::handle_of(object).attr("__name__").cast<std::string>());
  }
  return object.cast<const InfoObject&>().info;
}

Information value_from_python(const Information& current, const py::handle& value) {
  Information next = current;
  next.set_recorded_at({0, next.time_quality()});  // of now; its quality stays, as the value's does
  switch (current.kind) {
    case K::none: throw py::value_error("the point has no value to set");
    case K::single:
    case K::single_cmd: next.raw = expect_bool(value); break;
    case K::double_point:
    case K::double_cmd: next.raw = static_cast<std::uint32_t>(expect<Double>(value, wanted_double)); break;
    case K::step: next.raw = static_cast<std::uint32_t>(expect<Int7>(value, wanted_step_position).value); break;
    case K::step_cmd: next.raw = static_cast<std::uint32_t>(expect<Step>(value, wanted_step)); break;
    case K::bits:
    case K::bits_cmd: next.raw = expect<Byte32>(value, wanted_bits).value; break;
    case K::normalized:
    case K::normalized_cmd:
      next.raw = std::bit_cast<std::uint32_t>(expect<NormalizedFloat>(value, wanted_normalized).value);
      break;
    case K::scaled:
    case K::scaled_cmd: next.raw = static_cast<std::uint32_t>(expect<Int16>(value, wanted_scaled).value); break;
    case K::short_float:
    case K::short_cmd: next.raw = expect_float(value); break;
    case K::counter: next.raw = expect_counter(value); break;
    case K::protection_event:
      next.raw = Information::pack(static_cast<std::uint16_t>(expect<EventState>(value, wanted_event)), current.high());
      break;
    case K::protection_start:
      next.raw = Information::pack(static_cast<std::uint16_t>(expect<StartEvents>(value, wanted_start)), current.high());
      break;
    case K::protection_circuit:
      next.raw = Information::pack(static_cast<std::uint16_t>(expect<OutputCircuits>(value, wanted_circuits)), current.high());
      break;
    case K::status_changed:
      next.raw = Information::pack(static_cast<std::uint16_t>(expect<PackedSingle>(value, wanted_packed)), current.high());
      break;
  }
  return next;
}

Information quality_from_python(const Information& current, const py::handle& quality) {
  Information next = current;
  if (py::isinstance<Quality>(quality)) {
    if (current.kind == K::counter)
      throw py::value_error("the quality of a counter is a c104.BinaryCounterQuality, not a c104.Quality");
    if (!is_command(current.kind)) next.quality = static_cast<std::uint8_t>(quality.cast<Quality>());
  } else if (py::isinstance<BinaryCounterQuality>(quality)) {
    if (current.kind != K::counter && !is_command(current.kind)) {
      throw py::value_error("a c104.BinaryCounterQuality is for counters, this point has a c104.Quality");
    }
    if (current.kind == K::counter)
      next.quality = wire_quality(K::counter, static_cast<std::uint8_t>(quality.cast<BinaryCounterQuality>()));
  } else if (quality.is_none()) {
    if (!is_command(current.kind)) throw py::value_error("quality can't be None: the point has one");
  } else {
    refuse_object(current.kind == K::counter ? py::type::of<BinaryCounterQuality>() : py::type::of<Quality>(), quality);
  }
  return next;
}

TimeQuality time_quality_to_python(const Information& info) { return static_cast<TimeQuality>(info.time_quality()); }

Information time_quality_from_python(const Information& current, TimeQuality quality) {
  Information next = current;
  next.set_time_quality(static_cast<std::uint8_t>(quality));
  return next;
}

bool is_readonly(const py::handle& object) { return object.cast<const InfoObject&>().readonly; }

// ---------------------------------------------------------------------------------------------- time

namespace {

std::tm local_time(std::time_t when) {
  std::tm local{};
#ifdef _WIN32
  localtime_s(&local, &when);
#else
  localtime_r(&when, &local);
#endif
  return local;
}

std::int64_t reading(const std::tm& t) {
  using namespace std::chrono;
  const sys_days day{year{t.tm_year + 1900} / month{static_cast<unsigned>(t.tm_mon + 1)} /
                     std::chrono::day{static_cast<unsigned>(t.tm_mday)}};
  return seconds(day.time_since_epoch()).count() + t.tm_hour * 3600 + t.tm_min * 60 + t.tm_sec;
}

// Whether the wall clock shows this reading for the second time, after clocks were put back. By how much differs: an hour in most
// places, half of one on Lord Howe Island, anything where a country changes its zone.
bool is_fold(std::time_t when, const std::tm& local) {
  constexpr std::time_t day = 24 * 3600;
  const std::int64_t shown = reading(local);
  const std::int64_t put_back = (reading(local_time(when - day)) + day) - shown;
  return put_back > 0 && reading(local_time(when - static_cast<std::time_t>(put_back))) == shown;
}

}  // namespace

py::object time_to_python(std::int64_t microseconds) {
  if (PyDateTimeAPI == nullptr) PyDateTime_IMPORT;
  std::int64_t seconds = microseconds / 1'000'000;
  std::int64_t rest = microseconds % 1'000'000;
  if (rest < 0) {
    rest += 1'000'000;
    --seconds;
  }
  const auto when = static_cast<std::time_t>(seconds);
  const std::tm local = local_time(when);
  PyObject* made = PyDateTime_FromDateAndTimeAndFold(local.tm_year + 1900, local.tm_mon + 1, local.tm_mday, local.tm_hour,
                                                     local.tm_min, local.tm_sec > 59 ? 59 : local.tm_sec,
                                                     static_cast<int>(rest), is_fold(when, local) ? 1 : 0);
  if (made == nullptr) throw py::error_already_set();
  return py::reinterpret_steal<py::object>(made);
}

py::object time_to_python(TimeTag t) { return t.has_value() ? time_to_python(t.microseconds) : py::none(); }

TimeTag time_from_python(const py::handle& datetime) {
  if (datetime.is_none()) return {};
  if (PyDateTimeAPI == nullptr) PyDateTime_IMPORT;
  if (!PyDateTime_Check(datetime.ptr())) {
    throw py::type_error(std::string("recorded_at must be a datetime.datetime or None, not ") +
                         Py_TYPE(datetime.ptr())->tp_name);
  }
  // timestamp() takes a naive datetime as local time and honours tzinfo and fold.
  const double seconds = datetime.attr("timestamp")().cast<double>();
  const auto microseconds = static_cast<std::int64_t>(std::llround(seconds * 1e6));
  if (!TimeTag::can_hold(microseconds)) {
    throw py::value_error("recorded_at " + py::str(datetime).cast<std::string>() +
                          " is outside of the years 2000..2099 in UTC, which a time tag can hold");
  }
  return {microseconds, TimeTag::present};
}

}  // namespace c104::bindings
