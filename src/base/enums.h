// SPDX-License-Identifier: GPL-3.0-or-later
// The standard's and the module's enumerations. Values are those of the wire or of the peer; Python sees these names.
#pragma once

#include <cstddef>
#include <cstdint>

namespace c104 {

enum class Type : std::uint8_t {
  M_SP_NA_1 = 1,
  M_SP_TA_1 = 2,
  M_DP_NA_1 = 3,
  M_DP_TA_1 = 4,
  M_ST_NA_1 = 5,
  M_ST_TA_1 = 6,
  M_BO_NA_1 = 7,
  M_BO_TA_1 = 8,
  M_ME_NA_1 = 9,
  M_ME_TA_1 = 10,
  M_ME_NB_1 = 11,
  M_ME_TB_1 = 12,
  M_ME_NC_1 = 13,
  M_ME_TC_1 = 14,
  M_IT_NA_1 = 15,
  M_IT_TA_1 = 16,
  M_EP_TA_1 = 17,
  M_EP_TB_1 = 18,
  M_EP_TC_1 = 19,
  M_PS_NA_1 = 20,
  M_ME_ND_1 = 21,
  M_SP_TB_1 = 30,
  M_DP_TB_1 = 31,
  M_ST_TB_1 = 32,
  M_BO_TB_1 = 33,
  M_ME_TD_1 = 34,
  M_ME_TE_1 = 35,
  M_ME_TF_1 = 36,
  M_IT_TB_1 = 37,
  M_EP_TD_1 = 38,
  M_EP_TE_1 = 39,
  M_EP_TF_1 = 40,
  C_SC_NA_1 = 45,
  C_DC_NA_1 = 46,
  C_RC_NA_1 = 47,
  C_SE_NA_1 = 48,
  C_SE_NB_1 = 49,
  C_SE_NC_1 = 50,
  C_BO_NA_1 = 51,
  C_SC_TA_1 = 58,
  C_DC_TA_1 = 59,
  C_RC_TA_1 = 60,
  C_SE_TA_1 = 61,
  C_SE_TB_1 = 62,
  C_SE_TC_1 = 63,
  C_BO_TA_1 = 64,
  M_EI_NA_1 = 70,
  C_IC_NA_1 = 100,
  C_CI_NA_1 = 101,
  C_RD_NA_1 = 102,
  C_CS_NA_1 = 103,
  C_TS_NA_1 = 104,
  C_RP_NA_1 = 105,
  C_CD_NA_1 = 106,
  C_TS_TA_1 = 107,
};

enum class Cot : std::uint8_t {
  PERIODIC = 1,
  BACKGROUND_SCAN = 2,
  SPONTANEOUS = 3,
  INITIALIZED = 4,
  REQUEST = 5,
  ACTIVATION = 6,
  ACTIVATION_CON = 7,
  DEACTIVATION = 8,
  DEACTIVATION_CON = 9,
  ACTIVATION_TERMINATION = 10,
  RETURN_INFO_REMOTE = 11,
  RETURN_INFO_LOCAL = 12,
  FILE_TRANSFER = 13,
  AUTHENTICATION = 14,
  MAINTENANCE_OF_AUTH_SESSION_KEY = 15,
  MAINTENANCE_OF_USER_ROLE_AND_UPDATE_KEY = 16,
  INTERROGATED_BY_STATION = 20,
  INTERROGATED_BY_GROUP_1 = 21,
  INTERROGATED_BY_GROUP_16 = 36,
  REQUESTED_BY_GENERAL_COUNTER = 37,
  REQUESTED_BY_GROUP_1_COUNTER = 38,
  REQUESTED_BY_GROUP_4_COUNTER = 41,
  UNKNOWN_TYPE_ID = 44,
  UNKNOWN_COT = 45,
  UNKNOWN_CA = 46,
  UNKNOWN_IOA = 47,
};

enum class Qoi : std::uint8_t { STATION = 20, GROUP_1 = 21, GROUP_16 = 36 };
enum class Qoc : std::uint8_t { NONE = 0, SHORT_PULSE = 1, LONG_PULSE = 2, PERSISTENT = 3 };
enum class Rqt : std::uint8_t { GROUP_1 = 1, GROUP_2 = 2, GROUP_3 = 3, GROUP_4 = 4, GENERAL = 5 };
enum class Frz : std::uint8_t { READ = 0, FREEZE_WITHOUT_RESET = 1, FREEZE_WITH_RESET = 2, COUNTER_RESET = 3 };
enum class Coi : std::uint8_t { LOCAL_POWER_ON = 0, LOCAL_MANUAL_RESET = 1, REMOTE_RESET = 2 };
enum class Double : std::uint8_t { INTERMEDIATE = 0, OFF = 1, ON = 2, INDETERMINATE = 3 };
enum class EventState : std::uint8_t { INTERMEDIATE = 0, OFF = 1, ON = 2, INDETERMINATE = 3 };
enum class Step : std::uint8_t { INVALID_0 = 0, LOWER = 1, HIGHER = 2, INVALID_3 = 3 };

enum class Umc : std::uint8_t {
  NO_ERROR_CAUSE = 0,
  UNKNOWN_TYPE_ID = 1,
  UNKNOWN_COT = 2,
  UNKNOWN_CA = 3,
  UNKNOWN_IOA = 4,
  INVALID_COT = 5,
  INVALID_TYPE_ID = 6,
  MISMATCHED_TYPE_ID = 7,
  UNIMPLEMENTED_GROUP = 8,
};
inline constexpr std::size_t umc_count = 9;
enum class Init : std::uint8_t { ALL = 0, INTERROGATION = 1, CLOCK_SYNC = 2, MUTED = 3, NONE = 4 };
enum class ConnectionState : std::uint8_t {
  CLOSED = 0,
  CLOSED_AWAIT_OPEN = 1,
  CLOSED_AWAIT_RECONNECT = 2,
  OPEN_MUTED = 3,
  OPEN = 4,
  OPEN_AWAIT_CLOSED = 5,
};
enum class ResponseState : std::uint8_t { FAILURE = 0, SUCCESS = 1, NONE = 2 };
enum class CommandMode : std::uint8_t { DIRECT = 0, SELECT_AND_EXECUTE = 1 };
// Numbers of IANA's registry; the names are in bindings.
enum class TlsCipher : std::uint16_t {};
enum class TlsVersion : std::uint8_t { NOT_SELECTED = 0, SSL_3_0 = 3, TLS_1_0 = 4, TLS_1_1 = 5, TLS_1_2 = 6, TLS_1_3 = 7 };

}  // namespace c104
