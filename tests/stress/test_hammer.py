# SPDX-License-Identifier: GPL-3.0-or-later
"""Every call from eight threads while links drop."""

from __future__ import annotations

import gc
import random
import time
from typing import Callable, Dict, Optional

import c104
from support.stress import CA, DOSE, Hammers, accept, outstation
from support.waiting import wait_until


def test_every_call_from_eight_threads_while_links_drop(security: Callable[[str], Optional[c104.TransportSecurity]]) -> None:
    server = outstation(security("server"))
    client = c104.Client(command_timeout_ms=500, transport_security=security("client"))
    local = server.get_station(common_address=CA)
    connection = client.add_connection(ip="127.0.0.1", port=server.port, init=c104.Init.INTERROGATION)
    remote = connection.add_station(common_address=CA)
    orders = [remote.add_point(io_address=address, type=c104.Type.C_SC_NA_1) for address in range(201, 211)]
    client.start()
    wait_until(lambda: connection.state == c104.ConnectionState.OPEN, 20)
    hammers = Hammers()

    def command(numbers: random.Random) -> None:
        order = numbers.choice(orders)
        order.value = numbers.random() < 0.5
        order.transmit(cause=c104.Cot.ACTIVATION)

    def send(numbers: random.Random) -> None:
        point = local.get_point(io_address=numbers.randrange(1, 101))
        point.value = numbers.random()
        point.transmit(cause=c104.Cot.SPONTANEOUS)

    def many(numbers: random.Random) -> None:
        local.update(io_address=range(1, 101), value=[numbers.random()] * 100, cause=c104.Cot.SPONTANEOUS)
        server.transmit_batch(c104.Batch(cause=c104.Cot.SPONTANEOUS, points=local.points[:50]))
        remote.snapshot()

    def come_and_go(numbers: random.Random) -> None:
        address = numbers.randrange(1000, 1010)
        for station in (local, remote):
            station.add_point(io_address=address, type=c104.Type.M_SP_NA_1)
            station.remove_point(io_address=address)
        other = server.add_station(common_address=2)
        if other is not None:
            other.add_point(io_address=1, type=c104.Type.M_SP_NA_1, report_ms=100)
            server.remove_station(common_address=2)

    def ask(numbers: random.Random) -> None:
        connection.interrogation(common_address=CA)
        connection.clock_sync(common_address=CA)
        connection.test(common_address=CA, wait_for_response=numbers.random() < 0.5)
        point = remote.get_point(io_address=numbers.randrange(1, 101))
        if point is not None:
            point.read()

    def look(numbers: random.Random) -> None:
        repr((client, server, connection, local, remote, client.connections, server.stations, remote.points[:3]))
        repr((server.counters, connection.counters, connection.state, connection.connected_at, connection.disconnected_at))
        gc.collect(0)

    def drop(numbers: random.Random) -> None:
        time.sleep(0.05)
        if numbers.random() < 0.5:
            connection.disconnect()
            connection.connect()
        else:
            connection.mute()
            connection.unmute()

    def callbacks(numbers: random.Random) -> None:
        point = remote.get_point(io_address=numbers.randrange(1, 101))
        if point is not None:
            point.on_receive(callable=accept if numbers.random() < 0.5 else None)
        local.get_point(io_address=1).on_timer(callable=None)

    calls: Dict[str, Callable[[random.Random], None]] = {
        "command": command, "send": send, "many": many, "come and go": come_and_go, "ask": ask, "look": look, "drop": drop,
        "callbacks": callbacks,
    }  # fmt: skip
    for name, call in calls.items():
        hammers.add(name, call)
    time.sleep(8 * DOSE)
    hammers.end()
    connection.connect()
    wait_until(lambda: connection.state == c104.ConnectionState.OPEN, 20)
    orders[0].value = True
    assert orders[0].transmit(cause=c104.Cot.ACTIVATION)
    client.stop()
    server.stop()
