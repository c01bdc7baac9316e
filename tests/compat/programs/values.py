# SPDX-License-Identifier: GPL-3.0-or-later
"""What the value types and information classes do: construction, properties, reprs, errors."""

import datetime
import re

import c104

AT = datetime.datetime(2026, 3, 4, 5, 6, 7, 89000)

EXPRESSIONS = [
    "c104.Int7(-64)", "c104.Int7(63)", "c104.Int7(64)", "c104.Int7(-65)", "int(c104.Int7(5))", "float(c104.Int7(5))",
    "c104.Int7(5) + c104.Int7(3)", "c104.Int7(5) + 3", "c104.Int7(5) * 2", "c104.Int7(60) + 10", "c104.Int7(9) / 2",
    "c104.Int7(5) - 6", "c104.Int7(5) == c104.Int7(5)", "c104.Int7(5).min", "c104.Int7(5).max", "str(c104.Int7(5))",
    "c104.Int16(-32768)", "c104.Int16(32768)", "c104.Int16(7) + 1", "c104.UInt5(31)", "c104.UInt5(32)", "c104.UInt5(-1)",
    "c104.UInt7(127)", "c104.UInt7(128)", "c104.UInt16(65535)", "c104.UInt16(65536)",
    "c104.NormalizedFloat(0.5)", "c104.NormalizedFloat(-1)", "c104.NormalizedFloat(1)", "c104.NormalizedFloat(1.1)",
    "c104.NormalizedFloat(-1.01)", "c104.NormalizedFloat(0)", "float(c104.NormalizedFloat(0.25))", "c104.NormalizedFloat(0.25) + 0.25",
    "c104.NormalizedFloat(0.25).min", "c104.NormalizedFloat(0.25).max", "int(c104.NormalizedFloat(0.75))",
    "c104.Byte32(b'abcd')", "bytes(c104.Byte32(b'abcd'))", "bytes(c104.Byte32(b'ab'))", "c104.Byte32(b'abcde')", "c104.Byte32(0)",
    "bytes(c104.Byte32(0x01020304))", "c104.Byte32(-1)", "c104.Byte32(2**32)", "str(c104.Byte32(b'abcd'))",
    "c104.Int7('5')", "c104.Int7(5.5)", "c104.Int7(None)", "c104.NormalizedFloat('x')",
    "c104.Quality()", "c104.Quality.Invalid | c104.Quality.Blocked", "c104.Quality.Invalid & c104.Quality.Blocked",
    "~c104.Quality.Invalid", "c104.Quality().is_good()", "c104.Quality.Invalid.is_any()", "c104.Quality(1)", "c104.Quality(255)",
    "c104.Quality.Invalid in (c104.Quality.Invalid | c104.Quality.Blocked)", "c104.Quality.Invalid.value", "c104.Quality.Invalid.name",
    "c104.Quality.Invalid == c104.Quality.Invalid", "c104.Quality.Invalid == 128", "hash(c104.Quality.Invalid)",
    "c104.BinaryCounterQuality()", "c104.BinaryCounterQuality.Carry", "c104.StartEvents.General | c104.StartEvents.PhaseL1",
    "c104.OutputCircuits()", "c104.PackedSingle.I0 | c104.PackedSingle.I15", "c104.PackedSingle(0xFFFF)", "c104.Debug.Server | c104.Debug.Gil",
    "c104.Type.M_SP_NA_1 == 1", "c104.Type.M_SP_NA_1", "str(c104.Type.M_SP_NA_1)", "c104.Type(1)", "c104.Type(99)", "c104.Coi(130)",
    "c104.Coi.REMOTE_RESET == 2", "c104.Qoc(1) == c104.Qoc.SHORT_PULSE", "c104.Cot.ACTIVATION + 1", "c104.Cot.ACTIVATION < 7",
    "c104.Type.M_SP_NA_1 < c104.Type.M_DP_NA_1", "c104.Qoi.GROUP_3 | 1", "hash(c104.Type.M_SP_NA_1)", "int(c104.Type.M_SP_NA_1)",
    "c104.Type.M_SP_NA_1.name", "c104.Type.M_SP_NA_1.value", "c104.Step.HIGHER == 2", "c104.Double.ON == 2", "c104.Umc.UNKNOWN_CA == 3",
    "list(c104.Double)", "c104.Double['ON']", "c104.Frz.READ == 0", "c104.TlsVersion.TLS_1_2 == 6",
    "c104.SingleInfo(True)", "c104.SingleInfo(on=True, quality=c104.Quality.Invalid, recorded_at=AT)", "c104.SingleInfo(1)", "c104.SingleInfo('x')",
    "c104.DoubleInfo(c104.Double.ON)", "c104.DoubleInfo(state=c104.Double.ON, quality=c104.Quality.Blocked)", "c104.StepInfo(c104.Int7(5))",
    "c104.StepInfo(state=c104.Int7(5), transient=True)", "c104.StepInfo(position=c104.Int7(5), transient=True)", "c104.StepInfo(5)",
    "c104.BinaryInfo(c104.Byte32(b'abcd'))", "c104.NormalizedInfo(c104.NormalizedFloat(0.5))", "c104.NormalizedInfo(0.5)",
    "c104.ScaledInfo(c104.Int16(-5))", "c104.ScaledInfo(-5)", "c104.ShortInfo(1.5)", "c104.ShortInfo(1)", "c104.BinaryCounterInfo(7, c104.UInt5(3))",
    "c104.BinaryCounterInfo(7, c104.UInt5(3), c104.BinaryCounterQuality.Carry)", "c104.BinaryCounterInfo(2**31, c104.UInt5(3), c104.BinaryCounterQuality())",
    "c104.ProtectionEventInfo(c104.EventState.ON, c104.UInt16(10))",
    "c104.ProtectionStartInfo(c104.StartEvents.General, c104.UInt16(10))",
    "c104.ProtectionCircuitInfo(c104.OutputCircuits.General, c104.UInt16(10))",
    "c104.ProtectionCircuitInfo(circuits=c104.OutputCircuits.General, relay_operating_ms=c104.UInt16(10))",
    "c104.StatusAndChanged(c104.PackedSingle.I0, c104.PackedSingle.I1)", "c104.SingleCmd(True)", "c104.SingleCmd(on=False, qualifier=c104.Qoc.LONG_PULSE, recorded_at=AT)",
    "c104.DoubleCmd(c104.Double.ON)", "c104.StepCmd(c104.Step.HIGHER)", "c104.NormalizedCmd(c104.NormalizedFloat(-0.5), c104.UInt7(5))",
    "c104.ScaledCmd(c104.Int16(100))", "c104.ShortCmd(2.5, c104.UInt7(1))", "c104.BinaryCmd(c104.Byte32(b'abcd'))",
    "c104.SingleInfo(True).value", "c104.SingleInfo(True).quality", "c104.SingleInfo(True).recorded_at", "c104.SingleInfo(True, recorded_at=AT).recorded_at",
    "c104.SingleInfo(True).is_readonly", "c104.StepInfo(c104.Int7(5)).value", "c104.StepInfo(c104.Int7(5)).transient", "c104.SingleCmd(True).quality",
    "c104.SingleCmd(True).value", "c104.SingleCmd(True).qualifier", "c104.ShortInfo(1.5).value", "c104.ShortInfo(1.5).actual",
    "c104.ScaledInfo(c104.Int16(-5)).value", "c104.NormalizedInfo(c104.NormalizedFloat(0.5)).value", "c104.BinaryInfo(c104.Byte32(b'abcd')).value",
    "c104.StatusAndChanged(c104.PackedSingle.I0, c104.PackedSingle.I1).value", "c104.ProtectionEventInfo(c104.EventState.ON, c104.UInt16(10)).value",
    "c104.ProtectionStartInfo(c104.StartEvents.General, c104.UInt16(10)).value", "c104.BinaryCounterInfo(7, c104.UInt5(3), c104.BinaryCounterQuality()).value",
    "c104.Information()", "c104.SingleInfo()", "c104.SingleInfo(True, recorded_at=5)",
]  # fmt: skip


def show(expression: str) -> str:
    try:
        value = eval(expression, {"c104": c104, "AT": AT})
    except Exception as error:
        # Ours may derive from both the documented and the actual class of the peer.
        general = {"Exception", "LookupError", "ArithmeticError"}
        return "raises " + " ".join(
            c.__name__
            for c in type(error).__mro__
            if issubclass(c, Exception) and c.__module__ == "builtins" and c.__name__ not in general
        )
    text = re.sub(r"processed_at=[-0-9T:.+]+", "processed_at=..", repr(value))
    return f"{type(value).__name__} " + re.sub(r"0x[0-9a-f]{6,}", "0x..", text)


for text in EXPRESSIONS:
    print(f"{text.replace(': ', ':')}: {show(text)}")
