// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/information.h"

#include <pybind11/pybind11.h>

#include <functional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "bindings/errors.h"
#include "bindings/flags.h"
#include "bindings/made_by.h"
#include "bindings/numbers.h"
#include "bindings/register.h"
#include "bindings/values.h"

namespace py = pybind11;

namespace c104::bindings {
namespace {

using K = InfoKind;

// ---------------------------------------------------------------------------------------------- text

std::string shown(const py::object& value) {
  if (py::hasattr(value, "__members__") && py::hasattr(value, "name")) {
    const std::string name = py::str(value.attr("name"));
    if (!py::hasattr(value, "is_any")) return name != "???" ? name : "UNKNOWN";  // an enumeration: its name alone
  }
  if (PyFloat_Check(value.ptr())) return std::to_string(value.cast<double>());
  return py::str(value);
}

std::string shown_time(const py::object& datetime) {
  if (datetime.is_none()) return "None";
  return py::str(datetime.attr("astimezone")().attr("strftime")("%Y-%m-%dT%H:%M:%S.%f%z"));
}

// ---------------------------------------------------------------------------------------------- classes

struct Field {
  const char* name;
  const char* label;  // in the repr
  std::function<py::object(const Information&)> get;
};

std::string represent(const InfoObject& self, const char* name, const std::vector<Field>& fields) {
  std::string text = std::string("<c104.") + name;
  const char* separator = " ";
  for (const Field& field : fields) {
    text += separator + std::string(field.label) + "=" + shown(field.get(self.info));
    separator = ", ";
  }
  if (!is_command(self.info.kind)) text += ", quality=" + shown(quality_to_python(self.info));
  char address[32];
  std::snprintf(address, sizeof address, "%p", static_cast<const void*>(&self));
  return text + ", recorded_at=" + shown_time(time_to_python(self.info.recorded_at())) +
         ", processed_at=" + shown_time(time_to_python(self.processed_us)) +
         ", readonly=" + (self.readonly ? "True" : "False") + " at " + address + ">";
}

template <K Kind>
InfoOf<Kind> make(std::uint32_t raw, std::uint8_t qualifier, std::uint8_t quality, const py::object& recorded_at) {
  InfoOf<Kind> made;
  made.info.kind = Kind;
  made.info.raw = raw;
  made.info.qualifier = qualifier;
  made.info.quality = quality;
  made.info.set_recorded_at(time_from_python(recorded_at));
  made.processed_us = wall_us();
  return made;
}

template <K Kind>
class InfoClass : public py::class_<InfoOf<Kind>, InfoObject> {
 public:
  InfoClass(py::module_& m, const char* name, const std::vector<Field>& fields)
      : py::class_<InfoOf<Kind>, InfoObject>(m, name) {
    this->attr("__module__") = "c104";
    for (const Field& field : fields) {
      this->def_property_readonly(field.name, [get = field.get](const InfoOf<Kind>& self) { return get(self.info); });
    }
    this->def_property_readonly("value", [](const InfoOf<Kind>& self) { return value_to_python(self.info); });
    this->def_property_readonly("quality", [](const InfoOf<Kind>& self) { return quality_to_python(self.info); });
    this->def("__repr__", [name, fields](const InfoOf<Kind>& self) { return represent(self, name, fields); });
  }
};

std::uint32_t bits_of(float value) { return std::bit_cast<std::uint32_t>(value); }
template <class F>
std::uint16_t bits_of_flags(F flags) {
  return static_cast<std::uint16_t>(flags);
}
std::uint8_t octet(Quality q) { return static_cast<std::uint8_t>(q); }

py::object value_of(const Information& info) { return value_to_python(info); }
py::object qoc_of(const Information& info) { return py::cast(static_cast<Qoc>(info.qualifier)); }
py::object ql_of(const Information& info) { return py::cast(UInt7{info.qualifier}); }
py::object cp16_of(const Information& info) { return py::cast(UInt16{info.high()}); }

const auto at_arg = [] { return py::arg("recorded_at") = py::none(); };
const auto quality_arg = [] { return py::arg_v("quality", Quality{}, "c104.Quality()"); };
const auto ms_arg = [](const char* name) { return py::arg_v(name, UInt16{}, "c104.UInt16(0)"); };

// V: the C++ class of the value's argument; `to_raw` makes the record's number of it.
template <K Kind, class V, class ToRaw>
void define_info(py::module_& m, const char* name, const char* argument, const char* label, ToRaw to_raw) {
  InfoClass<Kind>(m, name, {{argument, label, value_of}})
      .def(py::init([to_raw](V value, Quality quality, const py::object& at) {
             return make<Kind>(to_raw(value), 0, octet(quality), at);
           }),
           py::arg(argument), quality_arg(), at_arg());
}

template <K Kind, class V, class Q, class ToRaw>
void define_cmd(py::module_& m, const char* name, const char* argument, const char* label, Q none, ToRaw to_raw) {
  const auto qualifier = [](const Information& info) { return std::is_same_v<Q, Qoc> ? qoc_of(info) : ql_of(info); };
  InfoClass<Kind>(m, name, {{argument, label, value_of}, {"qualifier", "qualifier", qualifier}})
      .def(py::init([to_raw](V value, Q q, const py::object& at) {
             if constexpr (std::is_same_v<Q, Qoc>) {
               return make<Kind>(to_raw(value), static_cast<std::uint8_t>(q), 0, at);
             } else {
               return make<Kind>(to_raw(value), static_cast<std::uint8_t>(q.value), 0, at);
             }
           }),
           py::arg(argument), py::arg_v("qualifier", none, std::is_same_v<Q, Qoc> ? "c104.Qoc.NONE" : "c104.UInt7(0)"),
           at_arg());
}

template <class E>
std::uint32_t bits_of_state(E state) {
  return static_cast<std::uint32_t>(state);
}

void define_step(py::module_& m) {
  const auto transient = [](const Information& info) { return py::object(py::bool_(info.qualifier != 0)); };
  const auto init = [](Int7 value, bool is_transient, Quality quality, const py::object& at) {
    return make<K::step>(static_cast<std::uint32_t>(value.value), is_transient ? 1 : 0, octet(quality), at);
  };
  py::options quiet;  // both spellings of the keyword, one signature
  quiet.disable_function_signatures();
  InfoClass<K::step>(m, "StepInfo", {{"position", "position", value_of}, {"transient", "transient", transient}})
      .def(py::init(init), py::arg("position"), py::arg("transient") = false, quality_arg(), at_arg())
      .def(py::init(init), py::arg("state"), py::arg("transient") = false, quality_arg(), at_arg());
}

void define_counter(py::module_& m) {
  const auto sequence = [](const Information& info) { return py::cast(UInt5{info.qualifier}); };
  InfoClass<K::counter>(m, "BinaryCounterInfo", {{"counter", "counter", value_of}, {"sequence", "sequence", sequence}})
      .def(py::init([](const py::object& count, UInt5 seq, BinaryCounterQuality quality, const py::object& at) {
             const long long counter = checked_integer("counter", count, INT32_MIN, INT32_MAX);
             return make<K::counter>(static_cast<std::uint32_t>(counter), static_cast<std::uint8_t>(seq.value),
                                     wire_quality(K::counter, static_cast<std::uint8_t>(quality)), at);
           }),
           py::arg("counter"), py::arg("sequence"), py::arg_v("quality", BinaryCounterQuality{}, "c104.BinaryCounterQuality()"),
           at_arg());
}

// State, events or circuits in the low half, milliseconds in the high one.
template <K Kind, class V>
void define_protection(py::module_& m, const char* name, const char* argument, const char* time_argument,
                       const char* other_argument = nullptr, const char* other_time = nullptr) {
  const auto init = [](V value, UInt16 ms, Quality quality, const py::object& at) {
    return make<Kind>(Information::pack(bits_of_flags(value), static_cast<std::uint16_t>(ms.value)), 0, octet(quality), at);
  };
  InfoClass<Kind> c(m, name, {{argument, argument, value_of}, {time_argument, time_argument, cp16_of}});
  if (other_argument == nullptr) {
    c.def(py::init(init), py::arg(argument), ms_arg(time_argument), quality_arg(), at_arg());
    return;
  }
  py::options quiet;  // both spellings of the keywords, one signature
  quiet.disable_function_signatures();
  c.def(py::init(init), py::arg(argument), ms_arg(time_argument), quality_arg(), at_arg());
  c.def(py::init(init), py::arg(other_argument), ms_arg(other_time), quality_arg(), at_arg());
}

void define_status_and_changed(py::module_& m) {
  const auto changed = [](const Information& info) { return py::cast(static_cast<PackedSingle>(info.high())); };
  InfoClass<K::status_changed>(m, "StatusAndChanged", {{"status", "status", value_of}, {"changed", "changed", changed}})
      .def(py::init([](PackedSingle status, PackedSingle change, Quality quality, const py::object& at) {
             return make<K::status_changed>(Information::pack(bits_of_flags(status), bits_of_flags(change)), 0, octet(quality),
                                            at);
           }),
           py::arg("status"), py::arg_v("changed", PackedSingle{}, "c104.PackedSingle()"), quality_arg(), at_arg());
}

}  // namespace

void register_information(py::module_& m) {
  prepare_values();
  py::class_<InfoObject> base(m, "Information");
  MadeBy<InfoObject>::say(base, "its subclasses have one, as c104.SingleInfo(on=True)");
  base.attr("__module__") = "c104";
  base.def_property_readonly("value", [](const InfoObject& self) { return value_to_python(self.info); });
  base.def_property_readonly("quality", [](const InfoObject& self) { return quality_to_python(self.info); });
  base.def_property_readonly("processed_at", [](const InfoObject& self) { return time_to_python(self.processed_us); });
  base.def_property_readonly("recorded_at", [](const InfoObject& self) { return time_to_python(self.info.recorded_at()); });
  base.def_property_readonly("time_quality", [](const InfoObject& self) { return time_quality_to_python(self.info); });
  base.def(
      "with_time_quality",
      [](const InfoObject& self, TimeQuality quality) {
        return to_python(time_quality_from_python(self.info, quality), self.processed_us, false);
      },
      py::arg("quality"));
  base.def_property_readonly("is_readonly", [](const InfoObject& self) { return self.readonly; });
  base.def("__repr__", [](const InfoObject& self) { return represent(self, "Information", {}); });

  define_info<K::single, bool>(m, "SingleInfo", "on", "on", [](bool on) { return on ? 1u : 0u; });
  define_cmd<K::single_cmd, bool>(m, "SingleCmd", "on", "on", Qoc::NONE, [](bool on) { return on ? 1u : 0u; });
  define_info<K::double_point, Double>(m, "DoubleInfo", "state", "state", bits_of_state<Double>);
  define_cmd<K::double_cmd, Double>(m, "DoubleCmd", "state", "state", Qoc::NONE, bits_of_state<Double>);
  define_step(m);
  define_cmd<K::step_cmd, Step>(m, "StepCmd", "direction", "step", Qoc::NONE, bits_of_state<Step>);
  define_info<K::bits, Byte32>(m, "BinaryInfo", "blob", "blob", [](Byte32 b) { return b.value; });
  InfoClass<K::bits_cmd>(m, "BinaryCmd", {{"blob", "blob", value_of}})
      .def(py::init([](Byte32 blob, const py::object& at) { return make<K::bits_cmd>(blob.value, 0, 0, at); }), py::arg("blob"),
           at_arg());
  define_info<K::normalized, NormalizedFloat>(m, "NormalizedInfo", "actual", "actual",
                                              [](NormalizedFloat v) { return bits_of(v.value); });
  define_cmd<K::normalized_cmd, NormalizedFloat>(m, "NormalizedCmd", "target", "target", UInt7{},
                                                 [](NormalizedFloat v) { return bits_of(v.value); });
  define_info<K::scaled, Int16>(m, "ScaledInfo", "actual", "actual",
                                [](Int16 v) { return static_cast<std::uint32_t>(v.value); });
  define_cmd<K::scaled_cmd, Int16>(m, "ScaledCmd", "target", "target", UInt7{},
                                   [](Int16 v) { return static_cast<std::uint32_t>(v.value); });
  define_info<K::short_float, double>(m, "ShortInfo", "actual", "actual",
                                      [](double v) { return short_float_bits("actual", v); });
  define_cmd<K::short_cmd, double>(m, "ShortCmd", "target", "target", UInt7{},
                                   [](double v) { return short_float_bits("target", v); });
  define_counter(m);
  define_protection<K::protection_event, EventState>(m, "ProtectionEventInfo", "state", "elapsed_ms");
  define_protection<K::protection_start, StartEvents>(m, "ProtectionStartInfo", "events", "relay_duration_ms");
  define_protection<K::protection_circuit, OutputCircuits>(m, "ProtectionCircuitInfo", "circuits", "relay_operating_ms",
                                                           "events", "relay_duration_ms");
  define_status_and_changed(m);
}

}  // namespace c104::bindings
