# SPDX-License-Identifier: GPL-3.0-or-later
"""What exceptions say: the value, and what it could have been."""

from __future__ import annotations

import datetime
import pickle
from typing import Any, Callable, Dict

import c104
import pytest


class Scene:
    """One of each, nothing started."""

    def __init__(self) -> None:
        self.server = c104.Server(ip="127.0.0.1", port=0)
        self.local = self.server.add_station(common_address=1)
        self.value = self.local.add_point(io_address=1, type=c104.Type.M_ME_NB_1)
        self.command = self.local.add_point(io_address=2, type=c104.Type.C_SC_NA_1)
        self.real = self.local.add_point(io_address=3, type=c104.Type.M_ME_NC_1)
        self.steps = self.local.add_point(io_address=4, type=c104.Type.M_ST_NA_1)
        self.doubles = self.local.add_point(io_address=6, type=c104.Type.M_DP_NA_1)
        self.tagged = self.local.add_point(io_address=7, type=c104.Type.M_SP_TB_1)
        self.client = c104.Client()
        self.connection = self.client.add_connection(ip="127.0.0.1", port=2404)
        self.remote = self.connection.add_station(common_address=1)
        self.order = self.remote.add_point(io_address=5, type=c104.Type.C_SC_NA_1)
        self.tls = c104.TransportSecurity()
        self.batch = c104.Batch(cause=c104.Cot.SPONTANEOUS, points=[self.value])


SPONTANEOUS, ACTIVATION = c104.Cot.SPONTANEOUS, c104.Cot.ACTIVATION
LONG = datetime.timedelta(days=400)

# What is done, and what its exception must hold.
# fmt: off
CASES: Dict[str, Any] = {
    "Client.tick_rate_ms": (lambda s: c104.Client(tick_rate_ms=10), "tick_rate_ms 10 50.."),
    "Client.command_timeout_ms": (lambda s: c104.Client(command_timeout_ms=0), "command_timeout_ms 0 1.."),
    "Client.originator_address": (lambda s: setattr(s.client, "originator_address", 256), "originator_address 256 0..255"),
    "add_connection.ip": (lambda s: s.client.add_connection(ip="300.1.1.1"), "ip '300.1.1.1' IPv4 IPv6 host"),
    "add_connection.port": (lambda s: s.client.add_connection(ip="127.0.0.2", port=70000), "port 70000 1..65535"),
    "Server.ip": (lambda s: c104.Server(ip="x"), "ip 'x' IPv4 IPv6 'localhost' '0.0.0.0' '::'"),
    "Server.port": (lambda s: c104.Server(port=-1), "port -1 0..65535"),
    "Server.tick_rate_ms": (lambda s: c104.Server(tick_rate_ms=1), "tick_rate_ms 1 50.."),
    "Server.select_timeout_ms": (lambda s: c104.Server(select_timeout_ms=-1), "select_timeout_ms -1 0.."),
    "Server.max_connections": (lambda s: setattr(s.server, "max_connections", -2), "max_connections -2 0.."),
    "Server.max_queued_octets": (lambda s: setattr(s.server, "max_queued_octets", 5), "max_queued_octets 5 4096.."),
    "Server.add_station": (lambda s: s.server.add_station(common_address=0), "common_address 0 1..65534"),
    "Connection.add_station": (lambda s: s.connection.add_station(common_address=70000), "common_address 70000 1..65534"),
    "Connection.interrogation": (lambda s: s.connection.interrogation(common_address=70000), "common_address 70000 0..65535"),
    "add_point.io_address": (lambda s: s.local.add_point(io_address=1 << 24, type=c104.Type.M_SP_NA_1), "io_address 16777216 0..16777215"),
    "add_point.type": (lambda s: s.local.add_point(io_address=9, type=c104.Type.C_IC_NA_1), "C_IC_NA_1 1..21, 30..40 45..51, 58..64"),
    "add_point.report_ms": (lambda s: s.local.add_point(io_address=9, type=c104.Type.M_SP_NA_1, report_ms=150), "report_ms 150 multiple tick_rate_ms 100"),
    "add_point.report_ms of a command": (lambda s: s.local.add_point(io_address=9, type=c104.Type.C_SC_NA_1, report_ms=100), "report_ms monitoring C_SC_NA_1"),
    "add_point.related_io_autoreturn": (lambda s: s.local.add_point(io_address=9, type=c104.Type.C_SC_NA_1, related_io_autoreturn=True), "related_io_autoreturn related_io_address"),
    "Point.related_io_address": (lambda s: setattr(s.command, "related_io_address", 1 << 24), "related_io_address 16777216 0..16777215"),
    "Point.command_mode": (lambda s: setattr(s.value, "command_mode", c104.CommandMode.SELECT_AND_EXECUTE), "commands M_ME_NB_1"),
    "Point.value": (lambda s: setattr(s.value, "value", 1.5), "c104.Int16 1.5"),
    "Point.value of a float": (lambda s: setattr(s.real, "value", 5), "float 5"),
    "Point.value of no kind": (lambda s: setattr(s.real, "value", "x"), "float 5.0 str 'x'"),
    "Point.value of a step position": (lambda s: setattr(s.steps, "value", 5), "c104.Int7(5) -64..63 int 5"),
    "Point()": (lambda s: c104.Point(), "c104.Point Station.add_point"),
    "Information()": (lambda s: c104.Information(), "c104.Information subclasses c104.SingleInfo"),
    "add_point.type as a name": (lambda s: s.local.add_point(io_address=9, type="M_ME_NC_1"), "c104.Type str c104.Type.M_ME_NC_1"),
    "add_point.type as a number": (lambda s: s.local.add_point(io_address=9, type=13), "c104.Type int 13 c104.Type.M_ME_NC_1"),
    "add_point.type as anything else": (lambda s: s.local.add_point(io_address=9, type=None), "c104.Type NoneType"),
    "Point.transmit.cause": (lambda s: s.value.transmit(cause=True), "c104.Cot bool True"),
    "Point.quality": (lambda s: setattr(s.value, "quality", 5), "c104.Quality int 5 c104.Quality(5)"),
    "Point.info": (lambda s: setattr(s.value, "info", c104.SingleInfo(True)), "M_ME_NB_1 c104.ScaledInfo, not a SingleInfo"),
    "Point.transmit": (lambda s: s.value.transmit(cause=ACTIVATION), "cause ACTIVATION (6) PERIODIC (1), SPONTANEOUS (3), REQUEST (5)"),
    "Point.transmit of a command": (lambda s: s.command.transmit(cause=SPONTANEOUS), "cause SPONTANEOUS (3) ACTIVATION_CON (7), UNKNOWN_IOA (47)"),
    "Point.transmit at a client": (lambda s: s.order.transmit(cause=SPONTANEOUS), "cause SPONTANEOUS (3) ACTIVATION (6) DEACTIVATION (8)"),
    "Point.transmit.originator": (lambda s: s.value.transmit(cause=SPONTANEOUS, originator=300), "originator 300 0..255"),
    "Batch.add_point twice": (lambda s: s.batch.add_point(s.value), "point 1 M_ME_NB_1"),
    "Batch.add_point of a command": (lambda s: s.batch.add_point(s.command), "monitoring point 2 C_SC_NA_1"),
    "Batch.originator_address": (lambda s: setattr(s.batch, "originator_address", 999), "originator_address 999 0..255"),
    "ProtocolParameters.k": (lambda s: setattr(s.connection.protocol_parameters, "send_window_size", 0), "send_window_size (k) 0 1..32767"),
    "ProtocolParameters.w": (lambda s: setattr(s.connection.protocol_parameters, "receive_window_size", 40000), "receive_window_size (w) 40000 1..32767"),
    "ProtocolParameters.t1": (lambda s: setattr(s.connection.protocol_parameters, "message_timeout", 256), "message_timeout (t1) 256 1..255 seconds"),
    "ProtocolParameters.t3": (lambda s: setattr(s.connection.protocol_parameters, "keep_alive_interval", -1), "keep_alive_interval (t3) -1 1..172800 seconds"),
    "Int7": (lambda s: c104.Int7(64), "Int7 64 -64..63"),
    "UInt5": (lambda s: c104.UInt5(32), "UInt5 32 0..31"),
    "UInt7": (lambda s: c104.UInt7(-1), "UInt7 -1 0..127"),
    "Int16": (lambda s: c104.Int16(40000), "Int16 40000 -32768..32767"),
    "UInt16": (lambda s: c104.UInt16(70000), "UInt16 70000 0..65535"),
    "NormalizedFloat": (lambda s: c104.NormalizedFloat(1.5), "NormalizedFloat 1.5 -1.0 1.0"),
    "Byte32": (lambda s: c104.Byte32(-1), "Byte32 -1 0..4294967295"),
    "Byte32 of bytes": (lambda s: c104.Byte32(b"12345"), "Byte32 4 bytes 5"),
    "update.value": (lambda s: s.local.update(io_address=[1], value=[1e9]), "row 0 io_address 1 1000000000 M_ME_NB_1 -32768..32767"),
    "update.quality": (lambda s: s.local.update(io_address=[1], value=[1], quality=[300]), "quality[0] 300 0..255"),
    "update.io_address": (lambda s: s.local.update(io_address=[77], value=[1]), "row 0 io_address 77 no such point"),
    "update sizes": (lambda s: s.local.update(io_address=[1, 3], value=[1]), "value 1 2"),
    "TransportSecurity.set_certificate": (lambda s: s.tls.set_certificate(cert="nope.crt", key="nope.key"), "'nope.crt' does not exist"),
    "TransportSecurity.set_version": (lambda s: s.tls.set_version(min=c104.TlsVersion.TLS_1_3, max=c104.TlsVersion.TLS_1_2), "minimum above the maximum"),
    "TransportSecurity.set_renegotiation_time": (lambda s: s.tls.set_renegotiation_time(LONG), "interval 34560000 seconds 5 minutes..1 day None: never"),
    "TransportSecurity.set_resumption_interval": (lambda s: s.tls.set_resumption_interval(LONG), "interval 34560000 seconds 1 second..7 days None: never"),
    "Double": (lambda s: setattr(s.doubles, "value", c104.Double(9)), "c104.Double 9 0..3 (INTERMEDIATE, OFF, ON, INDETERMINATE)"),
    "DoubleInfo": (lambda s: c104.DoubleInfo(c104.Double(9)), "c104.Double 9 0..3"),
    "StepCmd": (lambda s: c104.StepCmd(c104.Step(6)), "c104.Step 6 0..3 HIGHER"),
    "EventState": (lambda s: c104.ProtectionEventInfo(c104.EventState(4)), "c104.EventState 4 0..3 OFF"),
    "Qoc": (lambda s: c104.SingleCmd(True, c104.Qoc(99)), "c104.Qoc 99 0..31 PERSISTENT"),
    "Frz": (lambda s: s.connection.counter_interrogation(1, freeze=c104.Frz(9)), "c104.Frz 9 0..3 COUNTER_RESET"),
    "Rqt": (lambda s: s.connection.counter_interrogation(1, qualifier=c104.Rqt(64)), "c104.Rqt 64 0..63 GENERAL"),
    "CommandMode": (lambda s: setattr(s.command, "command_mode", c104.CommandMode(7)), "c104.CommandMode 7 0..1 SELECT_AND_EXECUTE"),
    "Init": (lambda s: s.client.add_connection(ip="127.0.0.2", init=c104.Init(77)), "c104.Init 77 0..4 MUTED"),
    "TlsVersion": (lambda s: s.tls.set_version(c104.TlsVersion(99)), "c104.TlsVersion 99 0..7 TLS_1_3"),
    "interrogation.cause": (lambda s: s.connection.interrogation(1, cause=SPONTANEOUS), "cause SPONTANEOUS (3) interrogation ACTIVATION (6) DEACTIVATION (8)"),
    "counter_interrogation.cause": (lambda s: s.connection.counter_interrogation(1, cause=c104.Cot(77)), "cause 77 counter ACTIVATION (6) DEACTIVATION (8)"),
    "recorded_at too early": (lambda s: c104.SingleInfo(True, recorded_at=datetime.datetime(1950, 1, 1)), "recorded_at 1950-01-01 2000..2099 UTC"),
    "recorded_at too late": (lambda s: c104.SingleInfo(True, recorded_at=datetime.datetime(2500, 1, 1)), "recorded_at 2500-01-01 2000..2099"),
    "update.recorded_at": (lambda s: s.local.update([1], [1], recorded_at=1 << 62), "row 0 io_address 1 recorded_at 4611686018427387904 2000..2099 946684800000000..4102444799999999"),
    "Point.value of a float too large": (lambda s: setattr(s.real, "value", 1e39), "value 1e+39 3.4028235e38 float('inf')"),
    "ShortInfo": (lambda s: c104.ShortInfo(-1e39), "actual -1e+39 3.4028235e38 float('inf')"),
    "ShortCmd": (lambda s: c104.ShortCmd(1e300), "target 1e+300 3.4028235e38"),
    "update.value of a float too large": (lambda s: s.local.update([3], [1e300]), "row 0 io_address 3 1e+300 M_ME_NC_1"),
    "add_point.command_mode": (lambda s: s.remote.add_point(9, c104.Type.C_BO_NA_1, command_mode=c104.CommandMode.SELECT_AND_EXECUTE), "select and execute C_BO_NA_1"),
    "Point.time_quality": (lambda s: setattr(s.tagged, "time_quality", 1), "c104.TimeQuality.Invalid int 1"),
    "ProtocolParameters of no int": (lambda s: setattr(s.connection.protocol_parameters, "message_timeout", 1.5), "message_timeout (t1) int float"),
    "ProtocolParameters out of any range": (lambda s: setattr(s.connection.protocol_parameters, "message_timeout", 1 << 80), "message_timeout (t1) 1208925819614629174706176 1..255 seconds"),
    "ProtocolParameters.t2": (lambda s: setattr(s.connection.protocol_parameters, "confirm_interval", 255), "confirm_interval (t2) 255 1..254 seconds"),
    "NormalizedInfo": (lambda s: c104.NormalizedInfo(0.5), "c104.NormalizedFloat(0.5) float 0.5"),
    "ScaledInfo": (lambda s: c104.ScaledInfo(5), "c104.Int16(5) int 5"),
    "ScaledInfo out of range": (lambda s: c104.ScaledInfo(40000), "c104.Int16 int 40000 -32768..32767"),
    "StepInfo": (lambda s: c104.StepInfo(5), "c104.Int7(5) int 5"),
    "BinaryInfo": (lambda s: c104.BinaryInfo(5), "c104.Byte32(5) int 5"),
    "ProtectionEventInfo": (lambda s: c104.ProtectionEventInfo(c104.EventState.ON, 5), "c104.UInt16(5) int 5"),
    "BinaryCounterInfo.sequence": (lambda s: c104.BinaryCounterInfo(5, 3), "c104.UInt5(3) int 3"),
    "BinaryCounterInfo.counter": (lambda s: c104.BinaryCounterInfo(1 << 31, c104.UInt5(0)), "counter 2147483648 -2147483648..2147483647"),
    "SingleInfo.quality": (lambda s: c104.SingleInfo(True, 1), "c104.Quality.Overflow int 1"),
    "UInt16 of 2**40": (lambda s: c104.UInt16(1 << 40), "UInt16 1099511627776 0..65535"),
    "UInt16 of 2**70": (lambda s: c104.UInt16(1 << 70), "UInt16 1180591620717411303424 0..65535"),
    "UInt16 of a str": (lambda s: c104.UInt16("5"), "UInt16 int 0..65535 str '5'"),
    "get_station": (lambda s: s.server.get_station(-1), "common_address -1 1..65534"),
    "remove_station": (lambda s: s.connection.remove_station(-1), "common_address -1 1..65534"),
    "get_point": (lambda s: s.local.get_point(-1), "io_address -1 0..16777215"),
    "get_connection": (lambda s: s.client.get_connection(common_address=-1), "common_address -1 0..65534"),
    "add_connection.host": (lambda s: s.client.add_connection(host="bad host!"), "host 'bad host!' no host name"),
    "add_connection.host with NUL": (lambda s: s.client.add_connection(host="a\0b"), "host 'a?b' no host name"),
    "add_connection.host too long": (lambda s: s.client.add_connection(host="x" * 300), "host 300 253"),
    "allowed_networks of no list": (lambda s: setattr(s.server, "allowed_networks", 5), "allowed_networks 5 list [5] None"),
    "allowed_networks of a str": (lambda s: setattr(s.server, "allowed_networks", "192.0.2.10"), "allowed_networks ['192.0.2.10']"),
    "allowed_networks of a host": (lambda s: setattr(s.server, "allowed_networks", ["192.0.2.10/24"]), "192.0.2.10/24 '192.0.2.0/24'"),
    "set_certificate of no path": (lambda s: s.tls.set_certificate(5, 6), "path file str os.PathLike int 5"),
    "set_ca_certificate of no path": (lambda s: s.tls.set_ca_certificate(None), "path file str os.PathLike NoneType None"),
    "set_ciphers": (lambda s: s.tls.set_ciphers([]), "c104.TlsCipher set_ciphers()"),
    "update.quality of a str": (lambda s: s.local.update([1], [1], quality="good"), "quality array one int c104.Quality str 'good'"),
    "update.recorded_at of a str": (lambda s: s.local.update([1], [1], recorded_at="now"), "recorded_at array one int datetime str 'now'"),
}
# fmt: on

HARMLESS: Dict[str, Callable[[Scene], object]] = {
    "a pulse duration of another standard": lambda s: c104.SingleCmd(True, c104.Qoc(31)).qualifier == c104.Qoc(31),
    "hosts of any kind": lambda s: s.client.add_connection(host="rtu_7.example-1.com") and s.client.add_connection(host="fe80::1%eth0"),
    "infinity": lambda s: c104.ShortInfo(float("inf")).value == float("inf"),
    "infinity in an array": lambda s: s.local.update([3], [float("-inf")]),
    "the greatest short float": lambda s: c104.ShortInfo(3.4028234e38).value > 3.4e38,
    "the first time": lambda s: c104.SingleInfo(True, recorded_at=datetime.datetime(2000, 1, 1, tzinfo=datetime.timezone.utc)).recorded_at,
    "the last time": lambda s: c104.SingleInfo(True, recorded_at=datetime.datetime(2099, 12, 31, 23, 59, tzinfo=datetime.timezone.utc)).recorded_at,
    "select and execute where it has no effect": lambda s: s.local.add_point(9, c104.Type.M_SP_NA_1, command_mode=c104.CommandMode.SELECT_AND_EXECUTE),
    "nothing at an address that can't be": lambda s: s.server.get_station(70000) is None and s.local.get_point(1 << 25) is None,
    "members without a name compare": lambda s: c104.Double(9) == 9 and c104.Double(9) != c104.Double.ON and int(c104.Double(9)) == 9,
    "counters of anything that is an index": lambda s: c104.BinaryCounterInfo(c104.Cot(7), c104.UInt5(0)).value == 7,
}  # fmt: skip


@pytest.mark.parametrize("name", HARMLESS)
def test_what_means_something_is_taken(name: str) -> None:
    assert HARMLESS[name](Scene())


@pytest.mark.parametrize("call", [lambda: c104.UInt16(70000), lambda: c104.Server(port=-1)])
def test_errors_can_be_pickled(call: Callable[[], object]) -> None:
    with pytest.raises(ValueError) as caught:
        call()
    again = pickle.loads(pickle.dumps(caught.value))
    assert type(again) is type(caught.value) and str(again) == str(caught.value)


@pytest.mark.parametrize("name", CASES)
def test_value_and_range_are_named(name: str) -> None:
    call: Callable[[Scene], object]
    call, parts = CASES[name]
    with pytest.raises((ValueError, TypeError, OverflowError)) as caught:
        call(Scene())
    text = str(caught.value)
    assert [part for part in parts.split() if part not in text] == [], text
