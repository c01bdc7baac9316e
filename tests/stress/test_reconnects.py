# SPDX-License-Identifier: GPL-3.0-or-later
"""A client and stations that misbehave: plain, over TLS and below it. Each attempt is counted, and each connection works in the end."""

from __future__ import annotations

import ssl
import time
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional

import c104
import pytest
from support.heap import heap_in_use, resident_kib
from support.manners import MODES
from support.station import RawStation
from support.stress import CA, OURS, dose, transport_security
from support.waiting import wait_until

CONNECTIONS = min(dose(200), 250)
MOST_KIB = 1024 if heap_in_use else 16384  # what is resident holds holes too, that TLS of client and station leave in the heap

Count = Callable[[Dict[str, Any]], int]


def t0(counters: Dict[str, Any]) -> int:
    return counters["timeouts"]["t0"]


def t1(counters: Dict[str, Any]) -> int:
    return counters["timeouts"]["t1"]


def malformed(counters: Dict[str, Any]) -> int:
    return counters["malformed_frames_by_reason"]["start_octet"]


def wrong_number(counters: Dict[str, Any]) -> int:
    return counters["malformed_frames_by_reason"]["sequence_number"]


# What counts the ends of the links to such a station, beside 'reconnects'. It ends them itself where None is given.
ABOVE: Dict[str, Optional[Count]] = {
    "accept_and_close": None,
    "accept_and_reset": None,
    "silent": t1,
    "never_confirm_startdt": t1,
    "half_frame": t1,
    "drip": t1,
    "close_at_startdt": None,
    "reset_at_startdt": None,
    "reset_after_startdt": None,
    "reset_at_command": None,
    "drip_at_command": t1,
    "never_acknowledge": t1,
    "wrong_acknowledgement": wrong_number,
    "wrong_number": wrong_number,
    "flood": None,
    "greeting": malformed,
    "garbage": malformed,
    "deaf": t1,
    "half_handshake": malformed,
    "noise_at_handshake": malformed,
}
BELOW: Dict[str, Optional[Count]] = {
    "accept_and_close": None,
    "accept_and_reset": None,
    "deaf": t0,
    "half_handshake": t0,
    "noise_at_handshake": None,
}


def held_kib() -> int:
    return heap_in_use() // 1024 if heap_in_use else resident_kib()


class Visitors:
    """Connections that come again and again, each one to an address of its own."""

    def __init__(self, station: RawStation, tls: Optional[c104.TransportSecurity], connection_timeout: int) -> None:
        self.station = station
        self.accepted = station.accepted
        self.client = c104.Client(command_timeout_ms=200, transport_security=tls)
        self.connections: List[c104.Connection] = []
        for number in range(CONNECTIONS):
            connection = self.client.add_connection(ip=f"127.0.0.{number + 1}", port=station.port, init=c104.Init.ALL)
            connection.protocol_parameters.connection_timeout = connection_timeout
            connection.protocol_parameters.confirm_interval = 1
            connection.protocol_parameters.message_timeout = 2
            connection.add_station(common_address=CA).add_point(io_address=11, type=c104.Type.M_SP_NA_1)
            self.connections.append(connection)
        self.client.start()

    def reconnects(self) -> int:
        if OURS:
            return sum(connection.counters["reconnects"] for connection in self.connections)
        return max(0, self.station.accepted - self.accepted - CONNECTIONS)

    def come_again(self, times: int) -> None:
        """Until there were so many reconnects. Commands fail meanwhile, and not too late."""
        ended = time.monotonic() + 200
        turn = 0
        while self.reconnects() < times:
            began = time.monotonic()
            assert began < ended, f"{self.reconnects()} reconnects"
            assert not self.connections[turn % CONNECTIONS].interrogation(common_address=CA)
            assert time.monotonic() - began < 10, "a command of 200 ms hangs"
            self.station.clear()
            turn += 1
            time.sleep(0.02)

    def check(self, count: Count) -> None:
        for counters in (connection.counters for connection in self.connections):
            # One link has ended and waits for its reconnect, or has not ended.
            assert count(counters) - counters["reconnects"] in (0, 1), counters

    def recover(self, context: Optional[ssl.SSLContext]) -> None:
        """The station behaves from now on; all connections work, and were counted."""
        for connection in self.connections:
            connection.protocol_parameters.connection_timeout = 10
        self.station.context = context
        self.station.mode = "normal"
        self.station.drop()
        for connection in self.connections:
            wait_until(lambda c=connection: c.interrogation(common_address=CA), 30, "a connection doesn't come back")
        if OURS:
            accepted = self.accepted + CONNECTIONS + self.reconnects()
            wait_until(lambda: self.station.accepted >= accepted, 10)
            assert self.station.accepted == accepted, "attempts are not counted"
        began = time.monotonic()
        self.client.stop()
        assert time.monotonic() - began < 10
        wait_until(lambda: not self.station.links, 10, "links are left")


def endure(
    mode: str,
    count: Optional[Count],
    tls: Optional[c104.TransportSecurity],
    context: Optional[ssl.SSLContext],
    hostile_context: Optional[ssl.SSLContext],
    connection_timeout: int = 10,
) -> None:
    def visit(times: int) -> int:
        station.mode = mode
        station.context = hostile_context
        visitors = Visitors(station, tls, connection_timeout)
        visitors.come_again(times)
        assert station.errors == []
        if count and OURS:
            visitors.check(count)
        visitors.recover(context)
        station.errors.clear()  # those of links between two manners
        station.clear()
        return visitors.reconnects()

    with RawStation(ca=CA, addresses=CONNECTIONS) as station:
        visit(dose(200))
        before = held_kib()
        began = time.monotonic()
        reconnects = visit(dose(1000))
        grown = held_kib() - before
        print(f"{mode}: {reconnects} reconnects in {time.monotonic() - began:.0f} s, {grown} KiB")
        assert grown < MOST_KIB


def test_all_manners_are_met() -> None:
    assert set(ABOVE) | {"normal", "early_data"} == set(MODES)


@pytest.mark.parametrize("mode", ABOVE)
def test_stations_that_misbehave(
    security: Callable[[str], Optional[c104.TransportSecurity]], station_context: Optional[ssl.SSLContext], mode: str
) -> None:
    endure(mode, ABOVE[mode], security("client"), station_context, station_context)


@pytest.mark.parametrize("mode", BELOW)
def test_stations_that_misbehave_below_tls(certificates: Path, server_context: ssl.SSLContext, mode: str) -> None:
    endure(mode, BELOW[mode], transport_security(certificates, "client"), server_context, None, connection_timeout=1)
