# SPDX-License-Identifier: GPL-3.0-or-later
"""Clients and servers that start and stop."""

from __future__ import annotations

from typing import Callable, Optional

import c104
from support.heap import resident_kib
from support.ports import free_port
from support.stress import CA, descriptors, dose, threads
from support.waiting import wait_until


def test_starts_and_stops(security: Callable[[str], Optional[c104.TransportSecurity]]) -> None:
    """Half of them once all is open, half while the client connects; in turns the client and the server stops first."""
    tls = (security("server"), security("client"))
    server = c104.Server(ip="127.0.0.1", port=free_port(), transport_security=tls[0])
    server.add_station(common_address=CA).add_point(io_address=1, type=c104.Type.M_SP_NA_1)

    def cycle(count: int) -> int:
        opened = 0
        for number in range(count):
            server.start()
            client = c104.Client(transport_security=tls[1])
            connection = client.add_connection(ip="127.0.0.1", port=server.port)
            client.start()
            if number % 2 == 0:
                wait_until(lambda c=connection: c.state == c104.ConnectionState.OPEN, 20)
                opened += 1
            first, second = (client, server) if number // 2 % 2 else (server, client)
            first.stop()
            second.stop()
            assert connection.state == c104.ConnectionState.CLOSED and server.open_connection_count == 0
        return opened

    cycle(dose(100))
    before = (resident_kib(), threads(), descriptors())
    opened = cycle(dose(1000))
    after = (resident_kib(), threads(), descriptors())
    print(f"{dose(1000)} starts and stops, {opened} with an open link: {after[0] - before[0]} KiB")
    assert after[0] - before[0] < 2048, "KiB"
    wait_until(
        lambda: threads() <= before[1] and descriptors() <= before[2], 5, f"threads, descriptors: {before[1:]}, {after[1:]}"
    )
