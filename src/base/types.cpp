// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/types.h"

#include <array>

#include "base/info_kind.h"

namespace c104 {
namespace {

using K = InfoKind;
using D = Direction;
using T = TagFormat;

// IEC 60870-5-101, 7.3, and IEC 60870-5-104, 8: id, name, direction, kind, tag, size, SQ, GI, CI, point, untagged, doc.
// clang-format off: one row, one line
constexpr TypeInfo table[] = {
    {1, "M_SP_NA_1", D::monitor, K::single, T::none, 1, true, true, false, true, 1, "single-point information"},
    {2, "M_SP_TA_1", D::monitor, K::single, T::cp24, 4, false, true, false, true, 1, "single-point information with CP24"},
    {3, "M_DP_NA_1", D::monitor, K::double_point, T::none, 1, true, true, false, true, 3, "double-point information"},
    {4, "M_DP_TA_1", D::monitor, K::double_point, T::cp24, 4, false, true, false, true, 3, "double-point information with CP24"},
    {5, "M_ST_NA_1", D::monitor, K::step, T::none, 2, true, true, false, true, 5, "step position"},
    {6, "M_ST_TA_1", D::monitor, K::step, T::cp24, 5, false, true, false, true, 5, "step position with CP24"},
    {7, "M_BO_NA_1", D::monitor, K::bits, T::none, 5, true, true, false, true, 7, "bitstring of 32 bits"},
    {8, "M_BO_TA_1", D::monitor, K::bits, T::cp24, 8, false, true, false, true, 7, "bitstring of 32 bits with CP24"},
    {9, "M_ME_NA_1", D::monitor, K::normalized, T::none, 3, true, true, false, true, 9, "measured value, normalized"},
    {10, "M_ME_TA_1", D::monitor, K::normalized, T::cp24, 6, false, true, false, true, 9, "measured value, normalized with CP24"},
    {11, "M_ME_NB_1", D::monitor, K::scaled, T::none, 3, true, true, false, true, 11, "measured value, scaled"},
    {12, "M_ME_TB_1", D::monitor, K::scaled, T::cp24, 6, false, true, false, true, 11, "measured value, scaled with CP24"},
    {13, "M_ME_NC_1", D::monitor, K::short_float, T::none, 5, true, true, false, true, 13, "measured value, short floating point"},
    {14, "M_ME_TC_1", D::monitor, K::short_float, T::cp24, 8, false, true, false, true, 13, "measured value, short floating point with CP24"},
    {15, "M_IT_NA_1", D::monitor, K::counter, T::none, 5, true, false, true, true, 15, "integrated totals"},
    {16, "M_IT_TA_1", D::monitor, K::counter, T::cp24, 8, false, false, true, true, 15, "integrated totals with CP24"},
    {17, "M_EP_TA_1", D::monitor, K::protection_event, T::cp24, 6, false, true, false, true, 0, "event of protection equipment with CP24"},
    {18, "M_EP_TB_1", D::monitor, K::protection_start, T::cp24, 7, false, true, false, true, 0, "packed start events of protection equipment with CP24"},
    {19, "M_EP_TC_1", D::monitor, K::protection_circuit, T::cp24, 7, false, true, false, true, 0, "packed output circuits of protection equipment with CP24"},
    {20, "M_PS_NA_1", D::monitor, K::status_changed, T::none, 5, true, true, false, true, 20, "packed single points with status change detection"},
    {21, "M_ME_ND_1", D::monitor, K::normalized, T::none, 2, true, true, false, true, 21, "measured value, normalized without quality"},
    {30, "M_SP_TB_1", D::monitor, K::single, T::cp56, 8, false, true, false, true, 1, "single-point information with CP56"},
    {31, "M_DP_TB_1", D::monitor, K::double_point, T::cp56, 8, false, true, false, true, 3, "double-point information with CP56"},
    {32, "M_ST_TB_1", D::monitor, K::step, T::cp56, 9, false, true, false, true, 5, "step position with CP56"},
    {33, "M_BO_TB_1", D::monitor, K::bits, T::cp56, 12, false, true, false, true, 7, "bitstring of 32 bits with CP56"},
    {34, "M_ME_TD_1", D::monitor, K::normalized, T::cp56, 10, false, true, false, true, 9, "measured value, normalized with CP56"},
    {35, "M_ME_TE_1", D::monitor, K::scaled, T::cp56, 10, false, true, false, true, 11, "measured value, scaled with CP56"},
    {36, "M_ME_TF_1", D::monitor, K::short_float, T::cp56, 12, false, true, false, true, 13, "measured value, short floating point with CP56"},
    {37, "M_IT_TB_1", D::monitor, K::counter, T::cp56, 12, false, false, true, true, 15, "integrated totals with CP56"},
    {38, "M_EP_TD_1", D::monitor, K::protection_event, T::cp56, 10, false, true, false, true, 0, "event of protection equipment with CP56"},
    {39, "M_EP_TE_1", D::monitor, K::protection_start, T::cp56, 11, false, true, false, true, 0, "packed start events of protection equipment with CP56"},
    {40, "M_EP_TF_1", D::monitor, K::protection_circuit, T::cp56, 11, false, true, false, true, 0, "packed output circuits of protection equipment with CP56"},
    {45, "C_SC_NA_1", D::control, K::single_cmd, T::none, 1, false, false, false, true, 45, "single command"},
    {46, "C_DC_NA_1", D::control, K::double_cmd, T::none, 1, false, false, false, true, 46, "double command"},
    {47, "C_RC_NA_1", D::control, K::step_cmd, T::none, 1, false, false, false, true, 47, "regulating step command"},
    {48, "C_SE_NA_1", D::control, K::normalized_cmd, T::none, 3, false, false, false, true, 48, "set-point command, normalized"},
    {49, "C_SE_NB_1", D::control, K::scaled_cmd, T::none, 3, false, false, false, true, 49, "set-point command, scaled"},
    {50, "C_SE_NC_1", D::control, K::short_cmd, T::none, 5, false, false, false, true, 50, "set-point command, short floating point"},
    {51, "C_BO_NA_1", D::control, K::bits_cmd, T::none, 4, false, false, false, true, 51, "bitstring command"},
    {58, "C_SC_TA_1", D::control, K::single_cmd, T::cp56, 8, false, false, false, true, 45, "single command with CP56"},
    {59, "C_DC_TA_1", D::control, K::double_cmd, T::cp56, 8, false, false, false, true, 46, "double command with CP56"},
    {60, "C_RC_TA_1", D::control, K::step_cmd, T::cp56, 8, false, false, false, true, 47, "regulating step command with CP56"},
    {61, "C_SE_TA_1", D::control, K::normalized_cmd, T::cp56, 10, false, false, false, true, 48, "set-point command, normalized with CP56"},
    {62, "C_SE_TB_1", D::control, K::scaled_cmd, T::cp56, 10, false, false, false, true, 49, "set-point command, scaled with CP56"},
    {63, "C_SE_TC_1", D::control, K::short_cmd, T::cp56, 12, false, false, false, true, 50, "set-point command, short floating point with CP56"},
    {64, "C_BO_TA_1", D::control, K::bits_cmd, T::cp56, 11, false, false, false, true, 51, "bitstring command with CP56"},
    {70, "M_EI_NA_1", D::monitor, K::none, T::none, 1, false, false, false, false, 0, "end of initialization"},
    {100, "C_IC_NA_1", D::control, K::none, T::none, 1, false, false, false, false, 0, "interrogation command"},
    {101, "C_CI_NA_1", D::control, K::none, T::none, 1, false, false, false, false, 0, "counter interrogation command"},
    {102, "C_RD_NA_1", D::control, K::none, T::none, 0, false, false, false, false, 0, "read command"},
    {103, "C_CS_NA_1", D::control, K::none, T::cp56, 7, false, false, false, false, 0, "clock synchronization command"},
    {104, "C_TS_NA_1", D::control, K::none, T::none, 2, false, false, false, false, 0, "test command"},
    {105, "C_RP_NA_1", D::control, K::none, T::none, 1, false, false, false, false, 0, "reset process command"},
    {106, "C_CD_NA_1", D::control, K::none, T::none, 2, false, false, false, false, 0, "delay acquisition command"},
    {107, "C_TS_TA_1", D::control, K::none, T::cp56, 9, false, false, false, false, 0, "test command with CP56"},
};
// clang-format on

// Known by name only: no point has these types, and nothing here reads or writes them.
constexpr struct {
  std::uint8_t id;
  const char* name;
} names_only[] = {
    {41, "S_IT_TC_1"},  {110, "P_ME_NA_1"}, {111, "P_ME_NB_1"}, {112, "P_ME_NC_1"}, {113, "P_AC_NA_1"},
    {120, "F_FR_NA_1"}, {121, "F_SR_NA_1"}, {122, "F_SC_NA_1"}, {123, "F_LS_NA_1"}, {124, "F_AF_NA_1"},
    {125, "F_SG_NA_1"}, {126, "F_DR_TA_1"}, {127, "F_SC_NB_1"},
};

constexpr auto by_id = [] {
  std::array<std::uint8_t, 256> index{};  // position + 1
  for (std::size_t i = 0; i < std::size(table); ++i) index[table[i].id] = static_cast<std::uint8_t>(i + 1);
  return index;
}();

}  // namespace

const TypeInfo* find_type(std::uint8_t id) noexcept { return by_id[id] == 0 ? nullptr : &table[by_id[id] - 1]; }
std::span<const TypeInfo> all_types() noexcept { return table; }

const char* type_name(std::uint8_t id) noexcept {
  if (const TypeInfo* type = find_type(id)) return type->name;
  for (const auto& known : names_only) {
    if (known.id == id) return known.name;
  }
  return nullptr;
}

}  // namespace c104
