# SPDX-License-Identifier: GPL-3.0-or-later
"""Every call from eight threads while links drop: nothing but documented exceptions, no value and no confirmation lost silently."""

from __future__ import annotations

import gc
import random
import time
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional, Tuple, Type

import c104
import pytest
from support import callbacks
from support.heap import resident_kib
from support.ledger import Commands, Drops, Values
from support.stress import CA, DOSE, OURS, Hammers, outstation
from support.waiting import eventually, wait_until

CLASSES: List[Any] = [c104.Client, c104.Connection, c104.Server, c104.Station, c104.Point, c104.Batch]
CLASSES += [c104.ServerConnection] if OURS else []
SPONTANEOUS = c104.Cot.SPONTANEOUS
COLUMN = range(1, 101)


class Pair:
    """A server, a client of it, and what the threads do with them; a method is one turn of a thread."""

    def __init__(self, security: Callable[[str], Optional[c104.TransportSecurity]]) -> None:
        self.server = outstation(security("server"))
        self.client = c104.Client(command_timeout_ms=10000, transport_security=security("client"))
        self.local = self.server.get_station(common_address=CA)
        self.connection = self.client.add_connection(ip="127.0.0.1", port=self.server.port, init=c104.Init.INTERROGATION)
        self.remote = self.connection.add_station(common_address=CA)
        self.orders = [self.remote.add_point(io_address=a, type=c104.Type.C_SC_NA_1) for a in range(201, 211)]
        self.drops = Drops()
        set_point = {"io_address": 301, "type": c104.Type.C_SE_NC_1}
        self.commands = Commands(self.remote.add_point(**set_point), self.local.add_point(**set_point), self.drops)
        self.values = Values(self.server, self.connection)

    def open(self, seconds: float) -> bool:
        return eventually(lambda: self.connection.state == c104.ConnectionState.OPEN, seconds)

    def start(self) -> None:
        self.client.start()
        assert self.open(20)
        if OURS:
            mark = self.local.get_point(io_address=1)
            self.of_update = self.values.messages(self.update, mark)
            self.of_batch = self.values.messages(self.batch, mark)
            self.values.taken["to begin with"] = self.of_update + self.of_batch

    def update(self) -> bool:
        return self.local.update(io_address=COLUMN, value=[random.random()] * len(COLUMN), cause=SPONTANEOUS)

    def batch(self) -> bool:
        batch = c104.Batch(cause=SPONTANEOUS, points=self.local.points[:49])
        batch.add_point(self.local.points[49])
        return self.server.transmit_batch(batch)

    def command(self, numbers: random.Random) -> None:
        self.commands.give()
        order = numbers.choice(self.orders)
        order.value = numbers.random() < 0.5
        order.transmit(cause=c104.Cot.ACTIVATION)

    def send(self, numbers: random.Random) -> None:
        point = self.local.get_point(io_address=numbers.choice(COLUMN))
        point.value = numbers.random()
        self.values.taken["transmit"] += point.transmit(cause=SPONTANEOUS)

    def many(self, numbers: random.Random) -> None:
        self.values.taken["update"] += self.of_update * self.update()
        self.values.taken["batch"] += self.of_batch * self.batch()
        self.remote.snapshot()

    def come_and_go(self, numbers: random.Random) -> None:
        if OURS:
            # Addresses that the client doesn't find in answers meanwhile; a report would be a message more.
            for owner, ca, report in ((self.server, 2, {"report_ms": 600000}), (self.connection, 3, {})):
                other = owner.add_station(common_address=ca)
                assert other.add_point(io_address=1, type=c104.Type.M_SP_NA_1, **report)
                if owner is self.server:
                    other.signal_initialized(cause=c104.Coi.REMOTE_RESET)
                assert owner.remove_station(common_address=ca)
            for station, address in ((self.local, 1000), (self.remote, 2000)):
                assert station.add_point(io_address=address, type=c104.Type.M_SP_NA_1) is not None
                assert station.remove_point(io_address=address)
        assert self.client.add_connection(ip="127.0.0.1", port=self.server.port) is None

    def ask(self, numbers: random.Random) -> None:
        self.connection.interrogation(common_address=CA)
        self.connection.counter_interrogation(common_address=CA)
        self.connection.clock_sync(common_address=CA)
        self.connection.test(common_address=CA, wait_for_response=numbers.random() < 0.5)
        point = self.remote.get_point(io_address=numbers.choice(COLUMN))
        if point is not None:
            point.read()

    def look(self, numbers: random.Random) -> None:
        every: List[Any] = [self.client, self.server, self.connection, self.local, self.remote, self.orders[0]]
        every += [*self.client.connections, *self.server.stations, *self.remote.points[:3]]
        every += self.server.connections if OURS else []
        for one in every:
            repr(one)
            for name in [name for name, entry in vars(type(one)).items() if isinstance(entry, property)]:
                getattr(one, name)
        assert self.client.get_connection(ip="127.0.0.1", port=self.server.port) == self.connection
        assert self.connection.get_station(common_address=CA) == self.remote
        gc.collect(0)

    def drop(self, numbers: random.Random) -> None:
        def part() -> None:
            """The server must have seen the end before the next link begins: a value that both had been given would count twice."""
            eventually(lambda: not self.server.has_active_connections, 5)

        def of_the_server() -> None:
            for one in self.server.connections:
                one.close(reason="hammered")

        def networks() -> None:
            self.server.allowed_networks = []
            self.server.allowed_networks = None

        ways: List[Tuple[Callable[[], Any], ...]] = [
            (self.connection.disconnect, part, self.connection.connect),
            (self.connection.mute, self.connection.unmute),
            (self.client.disconnect_all, part, self.client.reconnect_all),
            (self.client.stop, part, self.client.start),
            (self.server.stop, self.server.start),
        ]
        ways += [(of_the_server,), (networks,)] if OURS else []
        with self.drops.one():
            for step in numbers.choice(ways):
                step()
            if self.connection.state != c104.ConnectionState.OPEN_MUTED:
                # A link that the server has closed opens again after a second.
                self.connection.disconnect()
                part()
                self.connection.connect()
        self.open(1)
        time.sleep(numbers.random() * 0.1)

    def events(self, numbers: random.Random) -> None:
        points = [self.remote.get_point(io_address=numbers.choice(COLUMN)), self.local.get_point(io_address=1)]
        register: List[Tuple[Callable[..., None], Any]] = [
            (self.client.on_new_station, callbacks.on_new_station),
            (self.client.on_new_point, callbacks.on_new_point),
            (self.client.on_station_initialized, callbacks.on_station_initialized),
            (self.connection.on_state_change, callbacks.on_state_change),
            (self.connection.on_send_raw, callbacks.on_connection_raw),
            (self.connection.on_unexpected_message, callbacks.on_connection_unexpected),
            (self.server.on_connect, callbacks.on_connect),
            (self.server.on_clock_sync, callbacks.on_clock_sync),
            (self.server.on_receive_raw, callbacks.on_server_raw),
            (self.server.on_send_raw, callbacks.on_server_raw),
            (self.server.on_unexpected_message, callbacks.on_server_unexpected),
            (points[1].on_before_read, callbacks.on_point),
            (points[1].on_before_auto_transmit, callbacks.on_point),
        ]
        register += [(points[0].on_receive, callbacks.on_receive)] if points[0] is not None else []
        event, callback = numbers.choice(register)
        # 2.2.1 takes no None.
        event(callable=callback if numbers.random() < 0.5 or not OURS else None)
        points[1].on_timer(callable=callbacks.on_point, interval_ms=numbers.choice((100, 200)))
        if OURS:
            self.refuse(numbers)

    def refuse(self, numbers: random.Random) -> None:
        """Each of these raises what its docstring says."""
        station, value = numbers.choice((self.local, self.remote)), self.local.get_point(io_address=1)
        wrong: List[Tuple[Type[BaseException], Callable[[], Any]]] = [
            (ValueError, lambda: self.client.add_connection(ip="nowhere")),
            (ValueError, lambda: self.client.get_connection()),
            (ValueError, lambda: self.connection.interrogation(common_address=65536)),
            (ValueError, lambda: self.connection.counter_interrogation(common_address=65536)),
            (ValueError, lambda: self.connection.clock_sync(common_address=-1)),
            (ValueError, lambda: self.connection.test(common_address=65536)),
            (ValueError, lambda: self.connection.add_station(common_address=65535)),
            (ValueError, lambda: self.server.add_station(common_address=0)),
            (ValueError, lambda: station.add_point(io_address=1 << 24, type=c104.Type.M_SP_NA_1)),
            (ValueError, lambda: self.local.update(io_address=[1], value=[1.0, 2.0], cause=SPONTANEOUS)),
            (ValueError, lambda: self.remote.signal_initialized(cause=c104.Coi.REMOTE_RESET)),
            (ValueError, lambda: self.orders[0].transmit(cause=SPONTANEOUS)),
            (ValueError, lambda: value.transmit(cause=c104.Cot.ACTIVATION)),
            (ValueError, lambda: value.read()),
            (ValueError, lambda: value.on_receive(callable=callbacks.on_point)),
            (ValueError, lambda: self.orders[0].on_before_read(callable=callbacks.on_point)),
            (ValueError, lambda: c104.Batch(cause=SPONTANEOUS, points=[self.local.get_point(io_address=201)])),
            (ValueError, lambda: setattr(self.server, "max_pending_connections", 0)),
            (ValueError, lambda: setattr(self.connection, "originator_address", 256)),
            (ValueError, lambda: setattr(value, "report_ms", 7)),
            (TypeError, lambda: setattr(self.server, "allowed_networks", 5)),
            (TypeError, lambda: self.server.on_connect(callable=5)),
        ]
        expected, call = numbers.choice(wrong)
        with pytest.raises(expected):
            call()


@pytest.mark.skipif(not OURS, reason="it looks at the API of this implementation")
def test_no_call_is_missing() -> None:
    source = Path(__file__).read_text()
    calls = [name for owner in CLASSES for name, entry in vars(owner).items() if callable(entry) and not name.startswith("_")]
    assert [
        name for name in calls if f".{name}(" not in source and f".{name}," not in source and f".{name})" not in source
    ] == []


def test_every_call_from_eight_threads_while_links_drop(security: Callable[[str], Optional[c104.TransportSecurity]]) -> None:
    pair = Pair(security)
    pair.start()
    calls: Dict[str, Callable[[random.Random], None]] = {
        "command": pair.command, "send": pair.send, "come and go": pair.come_and_go, "ask": pair.ask, "look": pair.look,
        "drop": pair.drop, "events": pair.events,
    }  # fmt: skip
    if OURS:
        calls["many"] = pair.many
    hammers = Hammers()
    for name, call in calls.items():
        hammers.add(name, call)
    time.sleep(2 * DOSE)
    resident = resident_kib()
    time.sleep(6 * DOSE)
    hammers.end()
    pair.connection.connect()
    assert pair.open(20)
    assert pair.values.messages(lambda: True, pair.local.get_point(io_address=1)) >= 0  # behind it nothing waits
    print(f"{pair.drops.ended} drops, calls: {dict(hammers.done)}, {resident_kib() - resident} KiB")
    pair.orders[0].value = True
    assert pair.orders[0].transmit(cause=c104.Cot.ACTIVATION)
    pair.commands.give()
    pair.client.stop()
    wait_until(lambda: not pair.server.has_open_connections)
    pair.server.stop()
    pair.commands.check()
    pair.values.check()
    assert resident_kib() - resident < 16384
