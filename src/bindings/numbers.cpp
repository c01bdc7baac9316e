// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/numbers.h"

#include <pybind11/operators.h>

#include <bitset>
#include <optional>
#include <string>

#include "bindings/errors.h"
#include "bindings/register.h"

namespace py = pybind11;

namespace c104::bindings {
namespace {

std::string shown(int value) { return std::to_string(value); }
std::string shown(float value) { return std::to_string(value); }

template <class N>
std::string out_of_range(const char* name, const std::string& value) {
  return std::string(name) + " " + value + " is out of range " + shown(N::low) + ".." + shown(N::high);
}

template <class N, class V>
N checked(const char* name, V value) {
  if (!(value >= N::low && value <= N::high))
    throw_range_error(out_of_range<N>(name, shown(value)));  // also when it is not a number
  N number;
  number.value = static_cast<decltype(number.value)>(value);
  return number;
}

// A plain number or one of these classes as Python gives it; nothing if it is none.
template <class V>
std::optional<V> plain(const py::handle& object) {
  py::detail::make_caster<V> number;
  if (!number.load(object, true)) return std::nullopt;
  return py::detail::cast_op<V>(number);
}

template <class N, class V>
N from_python(const char* name, const py::object& object) {
  if (const auto value = plain<V>(object)) return checked<N>(name, *value);
  if (PyLong_Check(object.ptr())) throw_argument_error(out_of_range<N>(name, py::str(object)));  // beyond what C has
  throw py::type_error(std::string(name) + " must be " + (std::is_same_v<V, float> ? "an int or float" : "an int") + " in " +
                       shown(N::low) + ".." + shown(N::high) + ", not " + Py_TYPE(object.ptr())->tp_name + " " +
                       py::repr(object).cast<std::string>());
}

// Arithmetic of C: the results are plain numbers, and only the in-place forms check the range again.
template <class N, class V>
void define(py::module_& m, const char* name) {
  py::class_<N> c(m, name);
  c.attr("__module__") = "c104";
  {
    py::options quiet;
    quiet.disable_function_signatures();
    c.def(py::init([name](const py::object& value) { return from_python<N, V>(name, value); }), py::arg("value"));
  }
  const auto divide = [](V a, V b) {
    if (b == 0) throw std::runtime_error("Division by zero");
    return static_cast<V>(a / b);
  };
  const auto operation = [&](const char* text, auto apply) {
    c.def(("__" + std::string(text) + "__").c_str(),
          [apply](const N& a, const py::object& other) -> py::object {
            const auto b = plain<V>(other);
            if (!b) return py::reinterpret_borrow<py::object>(Py_NotImplemented);
            return py::cast(static_cast<V>(apply(a.value, *b)));
          },
          py::is_operator());
    c.def(("__i" + std::string(text) + "__").c_str(),
          [apply, name](const N& a, const py::object& other) -> py::object {
            const auto b = plain<V>(other);
            if (!b) return py::reinterpret_borrow<py::object>(Py_NotImplemented);
            return py::cast(checked<N>(name, static_cast<V>(apply(a.value, *b))));
          },
          py::is_operator());
  };
  operation("add", [](V a, V b) { return static_cast<V>(a + b); });
  operation("sub", [](V a, V b) { return static_cast<V>(a - b); });
  operation("mul", [](V a, V b) { return static_cast<V>(a * b); });
  operation("truediv", divide);
  c.def("__int__", [](const N& n) { return static_cast<int>(n.value); });
  c.def("__float__", [](const N& n) { return static_cast<double>(n.value); });
  c.def("__str__", [](const N& n) { return shown(n.value); });
  c.def("__repr__", [name](const N& n) { return "<c104." + std::string(name) + " value=" + shown(n.value) + ">"; });
  c.def_property_readonly("min", [](const N&) { return N::low; });
  c.def_property_readonly("max", [](const N&) { return N::high; });
}

Byte32 from_bytes(const py::bytes& bytes) {
  const std::string octets = bytes;
  if (octets.size() > 4) throw std::overflow_error("Byte32 holds at most 4 bytes, not " + std::to_string(octets.size()));
  Byte32 b;
  for (std::size_t i = 0; i < octets.size(); ++i) b.value |= std::uint32_t{static_cast<std::uint8_t>(octets[i])} << (8 * i);
  return b;
}

Byte32 from_int(const py::int_& value) {
  int overflow = 0;
  const long long number = PyLong_AsLongLongAndOverflow(value.ptr(), &overflow);
  if (overflow > 0 || number > 0xFFFFFFFFLL) {
    throw_argument_error("Byte32 " + std::string(py::str(value)) + " is out of range 0..4294967295");
  }
  if (overflow < 0 || number < 0)
    throw std::overflow_error("Byte32 " + std::string(py::str(value)) + " is out of range 0..4294967295");
  return {static_cast<std::uint32_t>(number)};
}

}  // namespace

void register_numbers(py::module_& m) {
  define<Int7, int>(m, "Int7");
  define<Int16, int>(m, "Int16");
  define<UInt5, int>(m, "UInt5");
  define<UInt7, int>(m, "UInt7");
  define<UInt16, int>(m, "UInt16");
  define<NormalizedFloat, float>(m, "NormalizedFloat");

  py::class_<Byte32> c(m, "Byte32");
  c.attr("__module__") = "c104";
  py::options quiet;  // one signature, written out, for both
  quiet.disable_function_signatures();
  c.def(py::init(&from_int), py::arg("value"));
  c.def(py::init(&from_bytes), py::arg("value"));
  c.def("__bytes__", [](const Byte32& b) {
    const char octets[4] = {static_cast<char>(b.value), static_cast<char>(b.value >> 8), static_cast<char>(b.value >> 16),
                            static_cast<char>(b.value >> 24)};
    return py::bytes(octets, 4);
  });
  c.def("__int__", [](const Byte32& b) { return b.value; });
  const auto text = [](const Byte32& b) { return "0b" + std::bitset<32>(b.value).to_string(); };
  c.def("__str__", text);
  c.def("__repr__", [text](const Byte32& b) { return "<c104.Byte32 value=" + text(b) + ">"; });
}

}  // namespace c104::bindings
