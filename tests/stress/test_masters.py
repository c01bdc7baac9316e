# SPDX-License-Identifier: GPL-3.0-or-later
"""A server and masters that misbehave."""

from __future__ import annotations

import random
import socket
import time
from pathlib import Path
from typing import Callable, Dict

import c104
from support import apci, asdu
from support.master import RawMaster
from support.stress import CA, DOSE, Hammers, outstation
from support.waiting import wait_until


def test_masters_that_misbehave() -> None:
    """Beside one that works: it gets all that is sent, in order."""
    server = outstation()
    point = server.get_station(common_address=CA).get_point(io_address=1)
    good = RawMaster(server.port).connect().startdt()
    hammers = Hammers()

    def visit(octets: Callable[[random.Random], bytes], read: bool) -> Callable[[random.Random], None]:
        def run(numbers: random.Random) -> None:
            with socket.create_connection(("127.0.0.1", server.port), 10) as visitor:
                visitor.sendall(apci.u_frame(apci.STARTDT_ACT))
                for _ in range(20):
                    visitor.sendall(octets(numbers))
                    if read:
                        visitor.recv(65536)

        return run

    interrogation = asdu.build(100, asdu.ACT, CA, [(0, b"\x14")])
    visits: Dict[str, Callable[[random.Random], None]] = {
        "noise": visit(lambda numbers: numbers.randbytes(numbers.randrange(1, 300)), False),
        "half frames": visit(lambda numbers: apci.i_frame(0, 0, interrogation)[: numbers.randrange(1, 15)], False),
        "octet by octet": visit(lambda numbers: apci.u_frame(apci.TESTFR_ACT)[numbers.randrange(6) :][:1], False),
        "never acknowledges": visit(lambda numbers: apci.u_frame(apci.TESTFR_ACT), True),
        "wrong numbers": visit(
            lambda numbers: apci.i_frame(numbers.randrange(32768), numbers.randrange(32768), interrogation), True
        ),
        "flood": visit(lambda numbers: b"".join(apci.i_frame(n, 0, interrogation) for n in range(200)), False),
    }

    def survive(call: Callable[[random.Random], None]) -> Callable[[random.Random], None]:
        def run(numbers: random.Random) -> None:
            try:
                call(numbers)
            except OSError:
                pass  # thrown out, as it should be

        return run

    for name, call in visits.items():
        hammers.add(name, survive(call))
    taken = 0
    ended = time.monotonic() + 8 * DOSE
    while time.monotonic() < ended:
        taken += point.transmit(cause=c104.Cot.SPONTANEOUS)
        time.sleep(0.001)
    hammers.end()
    wait_until(lambda: len(good.asdus(13, asdu.SPONTANEOUS)) == taken, 30, "the good one misses values")
    assert not good.closed.is_set()
    good.testfr()
    good.close()
    server.stop()


def test_half_open_handshakes(certificates: Path) -> None:
    tls = c104.TransportSecurity(validate=True, only_known=False)
    tls.set_certificate(cert=certificates / "server.crt", key=certificates / "server.key")
    tls.set_ca_certificate(cert=certificates / "ca.crt")
    server = outstation(tls)
    silent = [socket.create_connection(("127.0.0.1", server.port), 10) for _ in range(200)]
    for number, one in enumerate(silent):
        one.sendall(b"\x16\x03\x01\x02\x00\x01"[: number % 7])
    mine = c104.TransportSecurity(validate=True, only_known=False)
    mine.set_certificate(cert=certificates / "client.crt", key=certificates / "client.key")
    mine.set_ca_certificate(cert=certificates / "ca.crt")
    client = c104.Client(transport_security=mine)
    connection = client.add_connection(ip="127.0.0.1", port=server.port)
    client.start()
    wait_until(lambda: connection.state == c104.ConnectionState.OPEN, 10, "the silent ones delay a master")
    assert connection.interrogation(common_address=CA)
    client.stop()
    server.stop()
    for one in silent:
        one.close()
