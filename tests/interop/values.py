# SPDX-License-Identifier: GPL-3.0-or-later
"""One value for each type of point, as expressions that both modules understand. Used by the tests and by the peer's scripts."""

import datetime

AT = datetime.datetime(2026, 3, 4, 5, 6, 7, 89000)

# Type -> information without time tag
KINDS = {
    "SP": "c104.SingleInfo(True, c104.Quality.Blocked{at})",
    "DP": "c104.DoubleInfo(c104.Double.ON, c104.Quality.Substituted{at})",
    "ST": "c104.StepInfo(c104.Int7(-42), True, c104.Quality.NonTopical{at})",
    "BO": "c104.BinaryInfo(c104.Byte32(b'\\x01\\x02\\x83\\xff'), c104.Quality(){at})",
    "NA": "c104.NormalizedInfo(c104.NormalizedFloat(-0.5), c104.Quality.Invalid{at})",
    "NB": "c104.ScaledInfo(c104.Int16(-12345), c104.Quality.Overflow{at})",
    "NC": "c104.ShortInfo(-1.5, c104.Quality.Invalid | c104.Quality.Overflow{at})",
    "IT": "c104.BinaryCounterInfo(-7, c104.UInt5(9), c104.BinaryCounterQuality.Invalid{at})",
    "EP": "c104.ProtectionEventInfo(c104.EventState.ON, c104.UInt16(1000), c104.Quality.ElapsedTimeInvalid{at})",
    "ES": "c104.ProtectionStartInfo(c104.StartEvents.General | c104.StartEvents.PhaseL3, c104.UInt16(7), c104.Quality(){at})",
    "EC": "c104.ProtectionCircuitInfo(c104.OutputCircuits.PhaseL1, c104.UInt16(65535), c104.Quality.Invalid{at})",
    "PS": "c104.StatusAndChanged(c104.PackedSingle.I0 | c104.PackedSingle.I15, c104.PackedSingle.I15, c104.Quality(){at})",
}
MONITORING = {
    1: "SP", 3: "DP", 5: "ST", 7: "BO", 9: "NA", 11: "NB", 13: "NC", 15: "IT", 20: "PS", 30: "SP", 31: "DP", 32: "ST",
    33: "BO", 34: "NA", 35: "NB", 36: "NC", 37: "IT", 38: "EP", 39: "ES", 40: "EC",
}  # fmt: skip
COMMANDS = {
    45: "c104.SingleCmd(True, c104.Qoc.SHORT_PULSE{at})", 46: "c104.DoubleCmd(c104.Double.OFF, c104.Qoc.LONG_PULSE{at})",
    47: "c104.StepCmd(c104.Step.HIGHER, c104.Qoc.NONE{at})", 48: "c104.NormalizedCmd(c104.NormalizedFloat(0.25), c104.UInt7(5){at})",
    49: "c104.ScaledCmd(c104.Int16(-3), c104.UInt7(0){at})", 50: "c104.ShortCmd(2.5, c104.UInt7(127){at})",
    51: "c104.BinaryCmd(c104.Byte32(b'abcd'){at})",
}  # fmt: skip
COMMANDS.update({58 + i: COMMANDS[45 + i] for i in range(7)})


def expression(type_id):
    tagged = type_id in range(30, 41) or type_id in range(58, 65)
    text = COMMANDS.get(type_id) or KINDS[MONITORING[type_id]]
    return text.format(at=", AT" if tagged else "")


def address(type_id):
    return 1000 + type_id


def fields(info):
    """What must be the same on both sides; the bytes of a bitstring, since its class has no value to compare."""
    names = ("value", "qualifier", "transient", "sequence", "elapsed_ms", "relay_duration_ms", "relay_operating_ms", "changed")
    found = {name: str(getattr(info, name)) for name in names if hasattr(info, name)}
    if info.quality is not None:
        found["quality"] = str(info.quality)
    return found
