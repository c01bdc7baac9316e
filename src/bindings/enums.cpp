// SPDX-License-Identifier: GPL-3.0-or-later
// Every enumeration but the cipher suites (tls_ciphers.cpp).
#include "base/enums.h"

#include "base/types.h"
#include "bindings/enum_class.h"
#include "bindings/register.h"

namespace c104::bindings {

// clang-format off: members side by side
void register_enums(pybind11::module_& m) {
  EnumClass<Type> types(m, "Type", true);
  for (const TypeInfo& type : all_types()) types.member(type.name, type.id);
  EnumClass<Cot>(m, "Cot", true)
      .member("PERIODIC", 1).member("BACKGROUND_SCAN", 2).member("SPONTANEOUS", 3).member("INITIALIZED", 4)
      .member("REQUEST", 5).member("ACTIVATION", 6).member("ACTIVATION_CON", 7).member("DEACTIVATION", 8)
      .member("DEACTIVATION_CON", 9).member("ACTIVATION_TERMINATION", 10).member("RETURN_INFO_REMOTE", 11)
      .member("RETURN_INFO_LOCAL", 12).member("FILE_TRANSFER", 13).member("AUTHENTICATION", 14)
      .member("MAINTENANCE_OF_AUTH_SESSION_KEY", 15).member("MAINTENANCE_OF_USER_ROLE_AND_UPDATE_KEY", 16)
      .member("INTERROGATED_BY_STATION", 20).member("INTERROGATED_BY_GROUP_1", 21)
      .member("INTERROGATED_BY_GROUP_2", 22).member("INTERROGATED_BY_GROUP_3", 23)
      .member("INTERROGATED_BY_GROUP_4", 24).member("INTERROGATED_BY_GROUP_5", 25)
      .member("INTERROGATED_BY_GROUP_6", 26).member("INTERROGATED_BY_GROUP_7", 27)
      .member("INTERROGATED_BY_GROUP_8", 28).member("INTERROGATED_BY_GROUP_9", 29)
      .member("INTERROGATED_BY_GROUP_10", 30).member("INTERROGATED_BY_GROUP_11", 31)
      .member("INTERROGATED_BY_GROUP_12", 32).member("INTERROGATED_BY_GROUP_13", 33)
      .member("INTERROGATED_BY_GROUP_14", 34).member("INTERROGATED_BY_GROUP_15", 35)
      .member("INTERROGATED_BY_GROUP_16", 36).member("REQUESTED_BY_GENERAL_COUNTER", 37)
      .member("REQUESTED_BY_GROUP_1_COUNTER", 38).member("REQUESTED_BY_GROUP_2_COUNTER", 39)
      .member("REQUESTED_BY_GROUP_3_COUNTER", 40).member("REQUESTED_BY_GROUP_4_COUNTER", 41)
      .member("UNKNOWN_TYPE_ID", 44).member("UNKNOWN_COT", 45).member("UNKNOWN_CA", 46).member("UNKNOWN_IOA", 47);
  EnumClass<Qoc>(m, "Qoc", false)
      .member("NONE", 0).member("SHORT_PULSE", 1).member("LONG_PULSE", 2).member("PERSISTENT", 3);
  EnumClass<Umc>(m, "Umc", true)
      .member("NO_ERROR_CAUSE", 0).member("UNKNOWN_TYPE_ID", 1).member("UNKNOWN_COT", 2).member("UNKNOWN_CA", 3)
      .member("UNKNOWN_IOA", 4).member("INVALID_COT", 5).member("INVALID_TYPE_ID", 6).member("MISMATCHED_TYPE_ID", 7)
      .member("UNIMPLEMENTED_GROUP", 8);
  EnumClass<Init>(m, "Init", true)
      .member("ALL", 0).member("INTERROGATION", 1).member("CLOCK_SYNC", 2).member("NONE", 4).member("MUTED", 3);
  EnumClass<ConnectionState>(m, "ConnectionState", true)
      .member("CLOSED", 0).member("CLOSED_AWAIT_OPEN", 1).member("CLOSED_AWAIT_RECONNECT", 2).member("OPEN", 4)
      .member("OPEN_MUTED", 3).member("OPEN_AWAIT_CLOSED", 5);
  EnumClass<ResponseState>(m, "ResponseState", true)
      .member("FAILURE", 0).member("SUCCESS", 1).member("NONE", 2);
  EnumClass<CommandMode>(m, "CommandMode", true)
      .member("DIRECT", 0).member("SELECT_AND_EXECUTE", 1);
  EnumClass<Qoi>(m, "Qoi", true)
      .member("STATION", 20).member("GROUP_1", 21).member("GROUP_2", 22).member("GROUP_3", 23).member("GROUP_4", 24)
      .member("GROUP_5", 25).member("GROUP_6", 26).member("GROUP_7", 27).member("GROUP_8", 28).member("GROUP_9", 29)
      .member("GROUP_10", 30).member("GROUP_11", 31).member("GROUP_12", 32).member("GROUP_13", 33)
      .member("GROUP_14", 34).member("GROUP_15", 35).member("GROUP_16", 36);
  EnumClass<Rqt>(m, "Rqt", false)
      .member("GENERAL", 5).member("GROUP_1", 1).member("GROUP_2", 2).member("GROUP_3", 3).member("GROUP_4", 4);
  EnumClass<Frz>(m, "Frz", false)
      .member("READ", 0).member("FREEZE_WITHOUT_RESET", 1).member("FREEZE_WITH_RESET", 2).member("COUNTER_RESET", 3);
  EnumClass<Coi>(m, "Coi", false)
      .member("LOCAL_POWER_ON", 0).member("LOCAL_MANUAL_RESET", 1).member("REMOTE_RESET", 2);
  EnumClass<Step>(m, "Step", true)
      .member("INVALID_0", 0).member("LOWER", 1).member("HIGHER", 2).member("INVALID_3", 3);
  EnumClass<EventState>(m, "EventState", true)
      .member("INTERMEDIATE", 0).member("OFF", 1).member("ON", 2).member("INDETERMINATE", 3);
  EnumClass<Double>(m, "Double", true)
      .member("INTERMEDIATE", 0).member("OFF", 1).member("ON", 2).member("INDETERMINATE", 3);
  EnumClass<TlsVersion>(m, "TlsVersion", true)
      .member("NOT_SELECTED", 0).member("SSL_3_0", 3).member("TLS_1_0", 4).member("TLS_1_1", 5).member("TLS_1_2", 6)
      .member("TLS_1_3", 7);
  register_tls_ciphers(m);
}
// clang-format on

}  // namespace c104::bindings
