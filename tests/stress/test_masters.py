# SPDX-License-Identifier: GPL-3.0-or-later
"""A server and masters that misbehave."""

from __future__ import annotations

import random
import socket
import ssl
import struct
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Callable, Dict, List, Optional

import c104
from support import apci, asdu
from support.heap import resident_kib
from support.master import RawMaster
from support.numbers import counted
from support.stress import CA, DOSE, OURS, Hammers, descriptors, dose, outstation, tls_context, transport_security
from support.waiting import readable, wait_until

Octets = Callable[[random.Random], bytes]
INTERROGATION = asdu.build(100, asdu.ACT, CA, [(0, b"\x14")])


def visits(port: int, context: Optional[ssl.SSLContext]) -> Dict[str, Callable[[random.Random], None]]:
    """What a master may do, on a link of its own. Over TLS the handshake is finished first."""

    def visit(octets: Octets, read: bool, below_tls: bool = False) -> Callable[[random.Random], None]:
        def run(numbers: random.Random) -> None:
            try:
                with socket.create_connection(("127.0.0.1", port), 10) as plain:
                    link = context.wrap_socket(plain) if context else plain
                    with link:
                        link.sendall(apci.u_frame(apci.STARTDT_ACT))
                        for _ in range(20):
                            if below_tls:
                                socket.socket.sendall(link, octets(numbers))
                            else:
                                link.sendall(octets(numbers))
                            if read:
                                link.recv(65536)
            except OSError:
                pass  # thrown out, as it should be

        return run

    def noise(numbers: random.Random) -> bytes:
        return numbers.randbytes(numbers.randrange(1, 300))

    def wrong(numbers: random.Random) -> bytes:
        return apci.i_frame(numbers.randrange(32768), numbers.randrange(32768), INTERROGATION)

    return {
        "noise": visit(noise, False),
        "no records": visit(noise, False, below_tls=True),
        "half frames": visit(lambda numbers: apci.i_frame(0, 0, INTERROGATION)[: numbers.randrange(1, 15)], False),
        "octet by octet": visit(lambda numbers: apci.u_frame(apci.TESTFR_ACT)[numbers.randrange(6) :][:1], False),
        "never acknowledges": visit(lambda _: apci.u_frame(apci.TESTFR_ACT), True),
        "wrong numbers": visit(wrong, True),
        "flood": visit(lambda _: b"".join(apci.i_frame(n, 0, INTERROGATION) for n in range(200)), False),
    }


def test_masters_that_misbehave(
    security: Callable[[str], Optional[c104.TransportSecurity]], context: Optional[ssl.SSLContext]
) -> None:
    """Beside one that works: it gets all that is sent, in order."""
    server = outstation(security("server"))
    point = server.get_station(common_address=CA).get_point(io_address=1)
    good = RawMaster(server.port, context=context).connect().startdt()
    hammers = Hammers()
    for name, call in visits(server.port, context).items():
        hammers.add(name, call)
    sent: List[float] = []
    resident: List[int] = []
    began = time.monotonic()
    number = 0
    while (passed := time.monotonic() - began) < 8 * DOSE:
        number += 1
        point.value = float(number)
        if point.transmit(cause=c104.Cot.SPONTANEOUS):
            sent.append(float(number))
        if not resident and passed > 4 * DOSE:
            resident.append(resident_kib())
        time.sleep(0.001)
    hammers.end()
    print(f"{len(sent)} of {number} values sent; visits: {dict(hammers.done)}")
    grown = resident_kib() - resident[0]
    wait_until(lambda: len(good.asdus(13, asdu.SPONTANEOUS)) >= len(sent), 30, "the good one misses values")
    came = [struct.unpack("<f", element[:4])[0] for one in good.asdus(13, asdu.SPONTANEOUS) for _, element in one.objects]
    assert sent and came == sent
    assert not good.closed.is_set()
    good.interrogate(CA)
    good.close()
    server.stop()
    print(f"{grown} KiB")
    assert grown < 16384, "KiB; they are what floods and handshakes leave behind"


def test_half_open_handshakes(certificates: Path) -> None:
    """They are held all the time that masters come and work, and end by t0."""
    server = outstation(transport_security(certificates, "server"), connection_timeout=15)
    before = descriptors()
    with ExitStack() as stack:
        silent = [stack.enter_context(socket.create_connection(("127.0.0.1", server.port), 10)) for _ in range(200)]
        for number, one in enumerate(silent):
            one.sendall(b"\x16\x03\x01\x02\x00\x01"[: number % 7])
        wait_until(lambda: descriptors() >= before + 2 * len(silent), 10, "the server doesn't accept them")
        for _ in range(dose(20)):
            with RawMaster(server.port, context=tls_context(certificates)) as master:
                master.startdt()
                assert len(master.interrogate(CA)) >= 3
                master.send(asdu.command(45, CA, 201, b"\x01"))
                assert not master.wait_asdu(45, asdu.ACT_CON).negative
        assert ended(silent) == 0, "they are not held"
        if OURS:
            assert server.counters["connections_refused"] == 0
        wait_until(lambda: ended(silent) == len(silent), 30, "t0 doesn't end them")
    if OURS:
        assert counted(server.counters["connections_refused_by_reason"]) == {"tls_timeout": len(silent)}
        assert server.counters["timeouts"]["t0"] == len(silent)
    server.stop()


def ended(sockets: List[socket.socket]) -> int:
    """How many the partner has closed; it sends nothing."""
    return len(readable(sockets))
