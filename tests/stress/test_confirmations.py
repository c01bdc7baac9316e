# SPDX-License-Identifier: GPL-3.0-or-later
"""No confirmation is lost."""

from __future__ import annotations

import signal
import threading
from typing import Any, Callable, List, Optional

import c104
from support.stress import CA, dose, outstation
from support.waiting import wait_until


def test_a_thousand_commands_none_lost(security: Callable[[str], Optional[c104.TransportSecurity]]) -> None:
    server = outstation(security("server"))
    client = c104.Client(command_timeout_ms=10000, transport_security=security("client"))
    connection = client.add_connection(ip="127.0.0.1", port=server.port, init=c104.Init.NONE)
    remote = connection.add_station(common_address=CA)
    orders = [remote.add_point(io_address=address, type=c104.Type.C_SC_NA_1) for address in range(201, 211)]
    client.start()
    wait_until(lambda: connection.state == c104.ConnectionState.OPEN, 20)
    confirmed: List[Any] = []

    def run(order: c104.Point) -> None:
        for number in range(dose(500)):
            order.value = number % 2 == 0
            confirmed.append(order.transmit(cause=c104.Cot.ACTIVATION))

    workers = [threading.Thread(target=run, args=(order,)) for order in orders]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(120)
    assert confirmed == [True] * (dose(500) * len(orders))
    client.stop()
    server.stop()


def test_a_signal_in_the_middle() -> None:
    server = outstation()
    client = c104.Client()
    connection = client.add_connection(ip="127.0.0.1", port=server.port)
    client.start()
    wait_until(lambda: connection.state == c104.ConnectionState.OPEN, 20)
    seen = []
    before = signal.signal(signal.SIGALRM, lambda *_: seen.append(1))
    signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
    try:
        for _ in range(dose(200)):
            assert connection.interrogation(common_address=CA)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert seen
    client.stop()
    server.stop()
