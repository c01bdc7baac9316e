// SPDX-License-Identifier: GPL-3.0-or-later
// Enumerations as arguments: who gives a number or a name instead of the member is told which one it is. Every binding file
// includes this by way of register.h or session.h.
#pragma once

#include <pybind11/pybind11.h>

#include <string>

#include "base/enums.h"
#include "base/types.h"

namespace c104::bindings {

// ", use c104.Cot.SPONTANEOUS" for 3 or "SPONTANEOUS"; empty where `wrong` is no member's number or name.
std::string member_meant(pybind11::handle enumeration, pybind11::handle wrong);

template <class E>
class EnumArgument : public pybind11::detail::type_caster_base<E> {
 public:
  bool load(pybind11::handle source, bool convert) {
    if (!source.is_none() && pybind11::detail::type_caster_base<E>::load(source, convert)) return true;
    const pybind11::type enumeration = pybind11::type::of<E>();
    throw pybind11::type_error("a c104." + enumeration.attr("__name__").cast<std::string>() + " is wanted, not " +
                               Py_TYPE(source.ptr())->tp_name + " " + pybind11::repr(source).cast<std::string>() +
                               member_meant(enumeration, source));
  }
};

}  // namespace c104::bindings

namespace pybind11::detail {
// NOLINTBEGIN(bugprone-macro-parentheses)
#define C104_ENUM_ARGUMENT(E) \
  template <>                 \
  class type_caster<c104::E> : public c104::bindings::EnumArgument<c104::E> {}
C104_ENUM_ARGUMENT(Type);
C104_ENUM_ARGUMENT(Cot);
C104_ENUM_ARGUMENT(Qoc);
C104_ENUM_ARGUMENT(Umc);
C104_ENUM_ARGUMENT(Init);
C104_ENUM_ARGUMENT(ConnectionState);
C104_ENUM_ARGUMENT(ResponseState);
C104_ENUM_ARGUMENT(CommandMode);
C104_ENUM_ARGUMENT(Qoi);
C104_ENUM_ARGUMENT(Rqt);
C104_ENUM_ARGUMENT(Frz);
C104_ENUM_ARGUMENT(Coi);
C104_ENUM_ARGUMENT(Step);
C104_ENUM_ARGUMENT(EventState);
C104_ENUM_ARGUMENT(Double);
C104_ENUM_ARGUMENT(TlsVersion);
C104_ENUM_ARGUMENT(TlsCipher);
#undef C104_ENUM_ARGUMENT
// NOLINTEND(bugprone-macro-parentheses)
}  // namespace pybind11::detail
