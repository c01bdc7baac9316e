# SPDX-License-Identifier: GPL-3.0-or-later
"""No confirmation is lost."""

from __future__ import annotations

import signal
import threading
from typing import Callable, Optional

import c104
from support import sanitizers
from support.heap import resident_kib
from support.ledger import CONFIRMED, Commands, Drops
from support.stress import CA, dose, outstation
from support.waiting import wait_until


def test_thousands_of_commands_none_lost(security: Callable[[str], Optional[c104.TransportSecurity]]) -> None:
    """Each is executed once, and confirmed."""
    server = outstation(security("server"))
    local = server.get_station(common_address=CA)
    client = c104.Client(command_timeout_ms=10000, transport_security=security("client"))
    connection = client.add_connection(ip="127.0.0.1", port=server.port, init=c104.Init.NONE)
    remote = connection.add_station(common_address=CA)
    orders = []
    for address in range(301, 311):
        set_point = {"io_address": address, "type": c104.Type.C_SE_NC_1}
        orders.append(Commands(remote.add_point(**set_point), local.add_point(**set_point), Drops()))
    client.start()
    wait_until(lambda: connection.state == c104.ConnectionState.OPEN, 20)
    orders[0].give()
    resident = resident_kib()

    def run(commands: Commands) -> None:
        for _ in range(dose(500)):
            commands.give()

    workers = [threading.Thread(target=run, args=(commands,)) for commands in orders]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(120)
    client.stop()
    server.stop()
    for commands in orders:
        commands.check()
        assert set(commands.outcomes) == {CONFIRMED}
    assert sum(len(commands.outcomes) for commands in orders) == len(orders) * dose(500) + 1
    grown = resident_kib() - resident
    print(f"{grown} KiB")
    assert grown < 8192 or sanitizers.sanitizer == "tsan"  # which keeps a shadow of all that was touched


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
        while len(seen) < dose(1000):
            assert connection.interrogation(common_address=CA)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    client.stop()
    server.stop()
