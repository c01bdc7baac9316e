// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/flags.h"

#include <pybind11/pybind11.h>

#include <algorithm>
#include <limits>
#include <string>

#include "base/debug.h"
#include "bindings/errors.h"
#include "bindings/register.h"
#include "model/information.h"

namespace py = pybind11;

namespace c104::bindings {
namespace {

// Python's `is_good`, `is_none` or nothing, as the repr shows it.
struct Style {
  const char* shown;      // class name in the repr
  const char* empty;      // the same for the empty set: c104 2.2 is not consistent, and programs may parse it
  const char* predicate;  // "is_good" or "is_none"
  bool predicate_shown;
};

template <class F>
class FlagsClass : public py::class_<F> {
 public:
  using Number = std::underlying_type_t<F>;

  FlagsClass(py::module_& m, const char* name, Style style) : py::class_<F>(m, name), base_(*this, m), style_(style) {
    this->attr("__module__") = "c104";
    base_.init(false, false);
    const auto equal = [](F f, const py::object& other) { return py::isinstance<F>(other) && f == other.cast<F>(); };
    this->def("__eq__", equal, py::is_operator());
    this->def("__ne__", [equal](F f, const py::object& other) { return !equal(f, other); }, py::is_operator());
    py::options quiet;
    quiet.disable_function_signatures();
    this->def(py::init([name](const py::object& bits) {
                return static_cast<F>(checked_integer(name, bits, 0, std::numeric_limits<Number>::max()));
              }),
              py::arg("value"));
    this->def(py::init([] { return F{}; }));
    this->def_property_readonly("value", [](F f) { return static_cast<unsigned>(f); });
    this->def("__int__", [](F f) { return static_cast<unsigned>(f); });
    this->def("__index__", [](F f) { return static_cast<unsigned>(f); });
    this->def(py::pickle([](F f) { return static_cast<unsigned>(f); }, [](unsigned bits) { return static_cast<F>(bits); }));
    operation("and", [](Number a, Number b) { return a & b; });
    operation("or", [](Number a, Number b) { return a | b; });
    operation("xor", [](Number a, Number b) { return a ^ b; });
    this->def("__contains__", [](F a, F b) {
      const Number common = static_cast<Number>(a) & static_cast<Number>(b);
      return common != 0 && common == static_cast<Number>(b);
    });
    this->def("is_any", [](F f) { return static_cast<Number>(f) != 0; });
    this->def(style.predicate, [](F f) { return static_cast<Number>(f) == 0; });
  }

  FlagsClass& member(const char* name, Number value) {
    base_.value(name, py::cast(static_cast<F>(value), py::return_value_policy::copy));
    if ((value & (value - 1)) == 0) names_.emplace_back(value, name);
    return *this;
  }

  // After the last member.
  void finish() {
    const auto text = [names = names_, style = style_](F f) { return describe(static_cast<Number>(f), names, style); };
    // enum_base has defined both already; these come last and win.
    this->attr("__repr__") = py::cpp_function(text, py::name("__repr__"), py::is_method(*this));
    this->attr("__str__") = py::cpp_function(text, py::name("__str__"), py::is_method(*this));
  }

 private:
  using Names = std::vector<std::pair<Number, std::string>>;

  template <class Operation>
  void operation(const std::string& name, Operation operation) {
    const auto apply = [operation](F a, F b) {
      return static_cast<F>(operation(static_cast<Number>(a), static_cast<Number>(b)));
    };
    this->def(("__" + name + "__").c_str(), apply, py::is_operator());
    this->def(("__i" + name + "__").c_str(), apply, py::is_operator());
  }

  static std::string describe(Number bits, const Names& names, const Style& style) {
    std::string list;
    for (int bit = 0; bit < std::numeric_limits<Number>::digits; ++bit) {
      const auto mask = static_cast<Number>(1u << bit);
      if ((bits & mask) == 0) continue;
      const auto named = std::find_if(names.begin(), names.end(), [&](const auto& n) { return n.first == mask; });
      list += (list.empty() ? "" : " | ") +
              (named != names.end() ? named->second : std::string("UNSUPPORTED_BIT_") + std::to_string(bit));
    }
    std::string text =
        std::string(bits == 0 ? style.empty : style.shown) + " set: {" + (list.empty() ? "}" : " " + list + " }");
    if (style.predicate_shown) text += std::string(", ") + style.predicate + ": " + (bits == 0 ? "True" : "False");
    return text;
  }

  py::detail::enum_base base_;
  const Style style_;
  Names names_;
};

}  // namespace

void register_flags(py::module_& m) {
  FlagsClass<Quality>(m, "Quality", {"Quality", "Quality", "is_good", true})
      .member("Overflow", 0x01)
      .member("ElapsedTimeInvalid", 0x08)
      .member("Blocked", 0x10)
      .member("Substituted", 0x20)
      .member("NonTopical", 0x40)
      .member("Invalid", 0x80)
      .finish();
  FlagsClass<BinaryCounterQuality>(m, "BinaryCounterQuality", {"BinaryCounterQuality", "BinaryCounterQuality", "is_good", true})
      .member("Adjusted", 0x20)
      .member("Carry", 0x40)
      .member("Invalid", 0x80)
      .finish();
  FlagsClass<TimeQuality>(m, "TimeQuality", {"TimeQuality", "TimeQuality", "is_good", true})
      .member("Invalid", TimeTag::invalid)
      .member("SummerTime", TimeTag::summer)
      .member("Substituted", TimeTag::substituted)
      .finish();
  FlagsClass<StartEvents>(m, "StartEvents", {"StartEvents", "StartEvent", "is_none", false})
      .member("General", 0x01)
      .member("PhaseL1", 0x02)
      .member("PhaseL2", 0x04)
      .member("PhaseL3", 0x08)
      .member("InEarthCurrent", 0x10)
      .member("ReverseDirection", 0x20)
      .finish();
  FlagsClass<OutputCircuits>(m, "OutputCircuits", {"OutputCircuit", "OutputCircuit", "is_none", false})
      .member("General", 0x01)
      .member("PhaseL1", 0x02)
      .member("PhaseL2", 0x04)
      .member("PhaseL3", 0x08)
      .finish();
  FlagsClass<PackedSingle> packed(m, "PackedSingle", {"PackedSingle", "Field", "is_none", false});
  for (int bit = 0; bit < 16; ++bit) packed.member(("I" + std::to_string(bit)).c_str(), static_cast<std::uint16_t>(1u << bit));
  packed.finish();
  FlagsClass<Debug>(m, "Debug", {"Debug", "Debug", "is_none", true})
      .member("Server", 0x01)
      .member("Client", 0x02)
      .member("Connection", 0x04)
      .member("Station", 0x08)
      .member("Point", 0x10)
      .member("Message", 0x20)
      .member("Callback", 0x40)
      .member("Gil", 0x80)
      .member("All", 0xFF)
      .finish();

  m.def("set_debug_mode", [](Debug mode) { debug_mask().store(static_cast<std::uint8_t>(mode)); }, py::arg("mode"));
  m.def("get_debug_mode", [] { return static_cast<Debug>(debug_mask().load()); });
  m.def("enable_debug", [](Debug mode) { debug_mask().fetch_or(static_cast<std::uint8_t>(mode)); }, py::arg("mode"));
  m.def(
      "disable_debug", [](Debug mode) { debug_mask().fetch_and(static_cast<std::uint8_t>(~static_cast<unsigned>(mode))); },
      py::arg("mode"));
}

}  // namespace c104::bindings
