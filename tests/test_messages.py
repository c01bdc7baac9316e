# SPDX-License-Identifier: GPL-3.0-or-later
"""What exceptions say: the value, and what it could have been."""

from __future__ import annotations

import datetime
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
    "Server.ip": (lambda s: c104.Server(ip="x"), "ip 'x' IPv4 IPv6"),
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
    "Point.quality": (lambda s: setattr(s.value, "quality", 5), "c104.Quality c104.BinaryCounterQuality int"),
    "Point.info": (lambda s: setattr(s.value, "info", c104.SingleInfo(True)), "M_ME_NB_1 c104.ScaledInfo, not a SingleInfo"),
    "Point.transmit": (lambda s: s.value.transmit(cause=ACTIVATION), "cause 6 1, 2, 3, 5, 11, 12, 20..41"),
    "Point.transmit of a command": (lambda s: s.command.transmit(cause=SPONTANEOUS), "cause 3 7, 9, 10, 44..47"),
    "Point.transmit at a client": (lambda s: s.order.transmit(cause=SPONTANEOUS), "cause 3 ACTIVATION (6) DEACTIVATION (8)"),
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
    "TransportSecurity.set_renegotiation_time": (lambda s: s.tls.set_renegotiation_time(LONG), "34560000 seconds 5 minutes 1 day"),
    "TransportSecurity.set_resumption_interval": (lambda s: s.tls.set_resumption_interval(LONG), "34560000 seconds 1 second 7 days"),
}
# fmt: on


@pytest.mark.parametrize("name", CASES)
def test_value_and_range_are_named(name: str) -> None:
    call: Callable[[Scene], object]
    call, parts = CASES[name]
    with pytest.raises((ValueError, TypeError, OverflowError)) as caught:
        call(Scene())
    text = str(caught.value)
    assert [part for part in parts.split() if part not in text] == [], text
