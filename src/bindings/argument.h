// SPDX-License-Identifier: GPL-3.0-or-later
// Enumerations, flags and numbers as arguments: who gives a number or a name instead of the object is told what to write, and an
// enumeration's value that can mean nothing is refused. Every binding file includes this by way of register.h or session.h.
// What was received never passes here: only what Python gives.
#pragma once

#include <pybind11/pybind11.h>

#include <string>

#include "base/enums.h"
#include "base/types.h"
#include "bindings/flags.h"
#include "bindings/numbers.h"

namespace c104::bindings {

constexpr unsigned any_value = 0xFFFF;

// The greatest value that an argument may have: what its field on the wire holds, or the last member where others are meaningless.
// Causes and types are checked where they are used.
template <class E>
constexpr unsigned greatest = any_value;
template <>
inline constexpr auto greatest<Double> = static_cast<unsigned>(Double::INDETERMINATE);
template <>
inline constexpr auto greatest<EventState> = static_cast<unsigned>(EventState::INDETERMINATE);
template <>
inline constexpr auto greatest<Step> = static_cast<unsigned>(Step::INVALID_3);
template <>
inline constexpr auto greatest<Frz> = static_cast<unsigned>(Frz::COUNTER_RESET);
template <>
inline constexpr unsigned greatest<Rqt> = 63;
template <>
inline constexpr unsigned greatest<Qoc> = 31;
template <>
inline constexpr auto greatest<CommandMode> = static_cast<unsigned>(CommandMode::SELECT_AND_EXECUTE);
template <>
inline constexpr auto greatest<Init> = static_cast<unsigned>(Init::NONE);
template <>
inline constexpr auto greatest<ResponseState> = static_cast<unsigned>(ResponseState::NONE);
template <>
inline constexpr auto greatest<TlsVersion> = static_cast<unsigned>(TlsVersion::TLS_1_3);

// TypeError: "a c104.Cot is wanted, not int 3, use c104.Cot.SPONTANEOUS".
[[noreturn]] void refuse_object(pybind11::handle cls, pybind11::handle wrong);
// ValueError: "c104.Double 9 is out of range 0..3 (INTERMEDIATE, OFF, ON, INDETERMINATE)".
[[noreturn]] void refuse_member(pybind11::handle enumeration, unsigned value, unsigned last);

template <class T>
class Argument : public pybind11::detail::type_caster_base<T> {
 public:
  bool load(pybind11::handle source, bool convert) {
    using Base = pybind11::detail::type_caster_base<T>;
    if (source.is_none() || !Base::load(source, convert)) refuse_object(pybind11::type::of<T>(), source);
    if constexpr (std::is_enum_v<T> && greatest<T> != any_value) {
      const auto value = static_cast<unsigned>(static_cast<T&>(*this));
      if (value > greatest<T>) refuse_member(pybind11::type::of<T>(), value, greatest<T>);
    }
    return true;
  }
};

}  // namespace c104::bindings

namespace pybind11::detail {
// NOLINTBEGIN(bugprone-macro-parentheses)
#define C104_ARGUMENT(T) \
  template <>            \
  class type_caster<c104::T> : public c104::bindings::Argument<c104::T> {}
C104_ARGUMENT(Type);
C104_ARGUMENT(Cot);
C104_ARGUMENT(Qoc);
C104_ARGUMENT(Umc);
C104_ARGUMENT(Init);
C104_ARGUMENT(ConnectionState);
C104_ARGUMENT(ResponseState);
C104_ARGUMENT(CommandMode);
C104_ARGUMENT(Qoi);
C104_ARGUMENT(Rqt);
C104_ARGUMENT(Frz);
C104_ARGUMENT(Coi);
C104_ARGUMENT(Step);
C104_ARGUMENT(EventState);
C104_ARGUMENT(Double);
C104_ARGUMENT(TlsVersion);
C104_ARGUMENT(TlsCipher);
C104_ARGUMENT(Quality);
C104_ARGUMENT(BinaryCounterQuality);
C104_ARGUMENT(TimeQuality);
C104_ARGUMENT(StartEvents);
C104_ARGUMENT(OutputCircuits);
C104_ARGUMENT(PackedSingle);
C104_ARGUMENT(Debug);
C104_ARGUMENT(bindings::Int7);
C104_ARGUMENT(bindings::Int16);
C104_ARGUMENT(bindings::UInt5);
C104_ARGUMENT(bindings::UInt7);
C104_ARGUMENT(bindings::UInt16);
C104_ARGUMENT(bindings::NormalizedFloat);
C104_ARGUMENT(bindings::Byte32);
#undef C104_ARGUMENT
// NOLINTEND(bugprone-macro-parentheses)
}  // namespace pybind11::detail
