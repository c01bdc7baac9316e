# SPDX-License-Identifier: GPL-3.0-or-later
"""One server and one client of the soak, with a count of everything that goes between them.

Every message that the server takes has a number, and its values carry it. A link delivers in order, so that a gap in the numbers
is a loss, and must have been reported: by transmit(), a counter of the server, or on_unexpected_message.
"""

from __future__ import annotations

import collections
import random
import threading
import time
from typing import Deque, Optional, Sequence

import c104
from support.ports import free_port

CA, SCRATCH_CA = 1, 2
SINGLES = 40  # points that are sent one by one: IOA 1..
BATCH = range(1001, 1011)  # points that are sent together
BATCH_EVERY = 16  # each 16th message is a batch
SETPOINT, SWITCH = 5001, 5002
# Types whose values hold a number.
TYPES = {
    c104.Type.M_BO_NA_1: c104.Byte32,
    c104.Type.M_ME_NC_1: float,
    c104.Type.M_IT_NA_1: int,
    c104.Type.M_BO_TB_1: c104.Byte32,
}
COMMAND_TIMEOUT_MS = 2000


def objects(number: int) -> int:
    return len(BATCH) if number % BATCH_EVERY == 0 else 1


def type_of(address: int) -> c104.Type:
    return list(TYPES)[address % len(TYPES)]


def hasten(parameters: c104.ProtocolParameters) -> None:
    """t0 to t3 short, so that an hour holds many of their ends."""
    parameters.connection_timeout = 2
    parameters.message_timeout = 3
    parameters.confirm_interval = 1
    parameters.keep_alive_interval = 4


class Ledger:
    """What arrived, as the client's callbacks saw it."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.last = 0
        self.objects_of_last = objects(0)
        self.delivered = 0
        self.values = 0
        self.unexpected = 0  # messages that on_unexpected_message told
        self.torn = 0  # messages of which some objects are missing
        self.disordered = 0
        self.interrogated = 0  # objects with COT 20 since the last interrogation began

    def deliver(self, number: int) -> None:
        with self.lock:
            self.values += 1
            if number == self.last:
                self.objects_of_last += 1
                return
            self.torn += self.objects_of_last != objects(self.last)
            self.disordered += number < self.last
            self.last, self.objects_of_last = number, 1
            self.delivered += 1


class Pair:
    """security: (of the server, of the client) for TLS. clean: nobody breaks this link, so nothing may be missing at all."""

    def __init__(self, name: str, seed: int, security: Optional[tuple] = None) -> None:
        self.name = name
        self.random = random.Random(seed)
        self.ledger = Ledger()
        self.number = 0
        self.taken = self.refused = 0
        self.commands = self.confirmed = self.executed = self.unexecuted = 0
        self.interrogations = self.interrogated = self.incomplete = 0
        self.recent: Deque[int] = collections.deque(maxlen=256)  # numbers of executed commands
        self.states: collections.Counter[str] = collections.Counter()
        self.client_security = security[1] if security else None
        self.server = c104.Server(
            ip="127.0.0.1",
            port=free_port(),
            tick_rate_ms=50,
            max_connections=1,  # messages are counted per connection: a new one waits until the old one is known to be dead
            transport_security=security[0] if security else None,
        )
        hasten(self.server.protocol_parameters)
        self._fill_server()
        self.server.start()
        self.client: Optional[c104.Client] = None
        self.connection: Optional[c104.Connection] = None
        self.port = self.server.port

    def _fill_server(self) -> None:
        station = self.server.add_station(common_address=CA)
        self.singles = [station.add_point(io, type_of(io)) for io in range(1, SINGLES + 1)]
        self.batch_points = [station.add_point(io, c104.Type.M_BO_NA_1) for io in BATCH]
        self.batch = c104.Batch(cause=c104.Cot.SPONTANEOUS, points=self.batch_points)

        def on_setpoint(
            point: c104.Point, previous_info: c104.Information, message: c104.IncomingMessage
        ) -> c104.ResponseState:
            self.executed += 1
            self.recent.append(int(point.value))
            return c104.ResponseState.SUCCESS

        def on_switch(point: c104.Point, previous_info: c104.Information, message: c104.IncomingMessage) -> c104.ResponseState:
            self.executed += 1
            return c104.ResponseState.SUCCESS

        station.add_point(SETPOINT, c104.Type.C_BO_NA_1).on_receive(callable=on_setpoint)
        switch = station.add_point(SWITCH, c104.Type.C_SC_NA_1, command_mode=c104.CommandMode.SELECT_AND_EXECUTE)
        switch.on_receive(callable=on_switch)

    # ------------------------------------------------------------------------------------------ client

    def connect(self, port: int) -> None:
        """A new client, which adopts what it hears of."""
        self.port = port
        client = c104.Client(tick_rate_ms=50, command_timeout_ms=COMMAND_TIMEOUT_MS, transport_security=self.client_security)

        def on_receive(point: c104.Point, previous_info: c104.Information, message: c104.IncomingMessage) -> c104.ResponseState:
            if message.common_address == CA:
                if message.cot == c104.Cot.SPONTANEOUS:
                    self.ledger.deliver(int(point.value))
                elif message.cot == c104.Cot.INTERROGATED_BY_STATION:
                    self.ledger.interrogated += 1
            return c104.ResponseState.SUCCESS

        def on_new_station(client: c104.Client, connection: c104.Connection, common_address: int) -> None:
            connection.add_station(common_address)

        def on_new_point(client: c104.Client, station: c104.Station, io_address: int, point_type: c104.Type) -> None:
            # An interrogation brings values without their time tags; what is adopted then would not take tagged ones later.
            tagged = io_address <= SINGLES and station.common_address == CA
            point = station.add_point(io_address, type_of(io_address) if tagged else point_type)
            if point is not None:
                point.on_receive(callable=on_receive)

        def on_state_change(connection: c104.Connection, state: c104.ConnectionState) -> None:
            self.states[state.name] += 1

        def on_unexpected_message(connection: c104.Connection, message: c104.IncomingMessage, cause: c104.Umc) -> None:
            if message.common_address == CA and message.cot == c104.Cot.SPONTANEOUS:
                self.ledger.unexpected += 1

        client.on_new_station(callable=on_new_station)
        client.on_new_point(callable=on_new_point)
        connection = client.add_connection(ip="127.0.0.1", port=port, init=c104.Init.ALL)
        hasten(connection.protocol_parameters)
        connection.on_state_change(callable=on_state_change)
        connection.on_unexpected_message(callable=on_unexpected_message)
        self.client, self.connection = client, connection
        client.start()

    def replace_client(self) -> None:
        self.client.stop()
        self.connect(self.port)

    def restart_server(self) -> None:
        self.server.stop()
        self.server.start()

    @property
    def is_open(self) -> bool:
        return self.connection.state == c104.ConnectionState.OPEN

    # ------------------------------------------------------------------------------------------ traffic

    def send(self) -> None:
        """One numbered message."""
        self.number += 1
        number = self.number
        if objects(number) > 1:
            for point in self.batch_points:
                point.value = c104.Byte32(number)
            sent = self.server.transmit_batch(self.batch)
        else:
            point = self.random.choice(self.singles)
            point.value = TYPES[point.type](number)
            sent = point.transmit(cause=c104.Cot.SPONTANEOUS)
        if sent:
            self.taken += 1
        else:
            self.refused += 1

    def operate(self) -> None:
        """One command or request of the client; blocks until it is answered or has failed."""
        action = self.random.randrange(10)
        if action < 5:
            self._command(SETPOINT if action < 4 else SWITCH)
        elif action < 8:
            self._interrogate()
        elif action == 8:
            self.connection.clock_sync(CA)
            self.connection.test(CA)
        else:
            self.connection.counter_interrogation(CA)
            self._read()

    def _command(self, address: int) -> None:
        station = self.connection.get_station(CA) or self.connection.add_station(CA)
        if station is None:  # adopted in between
            return
        if address == SETPOINT:
            point = station.get_point(address) or station.add_point(address, c104.Type.C_BO_NA_1)
            number = self.random.getrandbits(32)
        else:
            mode = c104.CommandMode.SELECT_AND_EXECUTE
            point = station.get_point(address) or station.add_point(address, c104.Type.C_SC_NA_1, command_mode=mode)
            number = 0
        point.value = c104.Byte32(number) if address == SETPOINT else bool(self.random.getrandbits(1))
        try:
            confirmed = point.transmit(cause=c104.Cot.ACTIVATION)
        except ValueError:  # the station was removed in between
            return
        self.commands += 1
        self.confirmed += confirmed
        self.unexecuted += confirmed and address == SETPOINT and number not in self.recent

    def _interrogate(self) -> None:
        self.ledger.interrogated = 0
        self.interrogations += 1
        if self.connection.interrogation(CA):
            self.interrogated += 1
            # Counters are not part of it.
            wanted = sum(point.type != c104.Type.M_IT_NA_1 for point in self.singles) + len(self.batch_points)
            self.incomplete += self.ledger.interrogated < wanted

    def _read(self) -> None:
        station = self.connection.get_station(CA)
        point = station.get_point(self.random.randrange(1, SINGLES + 1)) if station else None
        try:
            if point is not None:
                point.read()
        except ValueError:  # removed in between
            pass

    # ------------------------------------------------------------------------------------------ adoption and removal

    def churn(self) -> None:
        """Lets go of points and stations of the client, which are adopted again, and of some of the server."""
        station = self.connection.get_station(CA)
        if station is not None:
            if self.random.randrange(8) == 0:
                self.connection.remove_station(CA)
            else:
                station.remove_point(self.random.randrange(1, SINGLES + 1))
                station.remove_point(self.random.choice(BATCH))
        churn_points(self.server, self.random, report_ms=(0,))  # cyclic ASDUs would be counted, too

    # ------------------------------------------------------------------------------------------ the count

    def settle(self, timeout: float = 30.0) -> bool:
        """Waits until the link is open and all is delivered or counted."""
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            if self.is_open:
                self.send()
                if self._arrived(self.number, 1.0):
                    return True
            time.sleep(0.05)
        return False

    def _arrived(self, number: int, timeout: float) -> bool:
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            if self.ledger.last == number and self.ledger.objects_of_last == objects(number):
                return True
            time.sleep(0.01)
        return False

    def faults(self, clean: bool) -> list:
        """What does not add up; empty when everything does."""
        counters = self.server.counters
        ledger = self.ledger
        missing = self.taken - ledger.delivered - ledger.unexpected
        reported = counters["unsent"] + counters["overruns"]
        found = []
        if not 0 <= missing - reported <= counters["unacknowledged"]:
            found.append(
                f"{missing} of {self.taken} messages are missing, {reported} are reported, {counters['unacknowledged']} in doubt"
            )
        if counters["nobody_listening"] != self.refused:
            found.append(f"transmit() refused {self.refused}, the counter says {counters['nobody_listening']}")
        if clean and (missing or self.confirmed != self.commands or self.interrogated != self.interrogations):
            found.append(f"{missing} messages are missing or a request failed although nobody broke the link")
        if ledger.torn or ledger.disordered:
            found.append(f"{ledger.torn} messages came in parts, {ledger.disordered} out of order")
        if self.incomplete:
            found.append(f"{self.incomplete} interrogations ended without all values")
        if self.unexecuted or not self.confirmed <= self.executed <= self.commands * 2:
            found.append(f"commands: {self.commands} sent, {self.confirmed} confirmed, {self.executed} executed")
        return [f"{self.name}: {each}" for each in found]

    def stop(self) -> None:
        """Stops both, and lets go of them: their callbacks hold this pair."""
        self.client.stop()
        self.server.stop()
        self.server = self.client = self.connection = None
        self.singles, self.batch_points, self.batch = [], [], None


def churn_points(server: c104.Server, chance: random.Random, report_ms: Sequence[int]) -> None:
    """Adds or removes a point or the station of those that come and go."""
    station = server.get_station(SCRATCH_CA)
    if station is None:
        server.add_station(SCRATCH_CA)
    elif chance.randrange(6) == 0:
        server.remove_station(SCRATCH_CA)
    else:
        address = chance.randrange(1, 50)
        if not station.remove_point(address):
            point = station.add_point(address, c104.Type.M_SP_NA_1, report_ms=chance.choice(report_ms))
            point.on_timer(callable=on_timer, interval_ms=500)


def on_timer(point: c104.Point) -> None:
    point.value = not point.value
