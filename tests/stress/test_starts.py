# SPDX-License-Identifier: GPL-3.0-or-later
"""Clients and servers that start and stop."""

from __future__ import annotations

from typing import Callable, Optional

import c104
from support.heap import resident_kib
from support.stress import CA, dose
from support.waiting import wait_until


def test_starts_and_stops(security: Callable[[str], Optional[c104.TransportSecurity]]) -> None:
    tls = (security("server"), security("client"))
    server = c104.Server(ip="127.0.0.1", port=0, transport_security=tls[0])
    server.add_station(common_address=CA).add_point(io_address=1, type=c104.Type.M_SP_NA_1)

    def cycle(count: int) -> None:
        for number in range(count):
            server.start()
            client = c104.Client(transport_security=tls[1])
            connection = client.add_connection(ip="127.0.0.1", port=server.port)
            client.start()
            if number % 10 == 0:
                wait_until(lambda c=connection: c.state == c104.ConnectionState.OPEN, 20)
            (client if number % 2 else server).stop()
            (server if number % 2 else client).stop()

    cycle(dose(50))
    before = resident_kib()
    cycle(dose(450))
    assert resident_kib() - before < 4096, "KiB for 450 starts and stops"
