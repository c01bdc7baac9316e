# SPDX-License-Identifier: GPL-3.0-or-later
"""What was sent, what arrived, and what was reported as not sent, while links drop. Each object here is written by one thread at
each end."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from typing import Any, Callable, Dict, Iterator

import c104

from .stress import OURS
from .waiting import wait_until

SPONTANEOUS, BACKGROUND_SCAN = 3, 2
CONFIRMED, FAILED, FAILED_BY_A_DROP = range(3)


class Drops:
    """Links are dropped inside of `with drops.one():`."""

    def __init__(self) -> None:
        self.begun = self.ended = 0

    @contextmanager
    def one(self) -> Iterator[None]:
        self.begun += 1
        yield
        self.ended += 1


class Commands:
    """Set-point commands, each with a number of its own, by one thread."""

    def __init__(self, order: c104.Point, executor: c104.Point, drops: Drops) -> None:
        self.order = order
        self.drops = drops
        self.executed: Counter[int] = Counter()
        self.outcomes = bytearray()  # of each number
        executor.on_receive(callable=self.execute)

    def execute(self, point: c104.Point, previous_info: c104.Information, message: c104.IncomingMessage) -> c104.ResponseState:
        self.executed[int(message.info.value)] += 1
        return c104.ResponseState.SUCCESS

    def give(self) -> None:
        ended = self.drops.ended
        self.order.value = float(len(self.outcomes))
        if self.order.transmit(cause=c104.Cot.ACTIVATION):
            self.outcomes.append(CONFIRMED)
        else:
            self.outcomes.append(FAILED_BY_A_DROP if self.drops.begun > ended else FAILED)

    def check(self) -> None:
        """None twice; each that was confirmed once; one that was executed without a confirmation only when a link dropped."""
        confirmed = {number for number, outcome in enumerate(self.outcomes) if outcome == CONFIRMED}
        unconfirmed = set(self.executed) - confirmed
        print(
            f"{len(self.outcomes)} commands, {len(confirmed)} confirmed, {len(unconfirmed)} more executed while a link dropped"
        )
        assert confirmed
        assert [number for number, times in self.executed.items() if times > 1] == []
        assert confirmed - set(self.executed) == set()
        assert [number for number in unconfirmed if self.outcomes[number] != FAILED_BY_A_DROP] == []


class Values:
    """Messages with spontaneous values that one client gets from a server."""

    def __init__(self, server: c104.Server, connection: c104.Connection) -> None:
        self.server = server
        self.taken: Counter[str] = Counter()
        self.delivered = self.marks = 0
        connection.on_receive_raw(callable=self.count)

    def count(self, connection: c104.Connection, data: bytes) -> None:
        if data[2] & 1:
            return
        self.delivered += data[8] & 0x3F == SPONTANEOUS
        self.marks += data[8] & 0x3F == BACKGROUND_SCAN

    def messages(self, send: Callable[[], bool], mark: c104.Point) -> int:
        """How many one call makes, on a link that stands."""
        delivered, marks = self.delivered, self.marks
        assert send() and mark.transmit(cause=c104.Cot.BACKGROUND_SCAN)
        wait_until(lambda: self.marks > marks, 10)
        return self.delivered - delivered

    def check(self) -> None:
        """Sent = delivered + counted as not sent; of those that were on their way when a link broke nobody can know."""
        taken = sum(self.taken.values())
        counters: Dict[str, Any] = self.server.counters if OURS else {"unsent": 0, "overruns": 0, "unacknowledged": 0}
        missing = taken - self.delivered - counters["unsent"] - counters["overruns"]
        counted = {name: counters[name] for name in ("unsent", "overruns", "unacknowledged")}
        print(f"{taken} messages taken, {self.delivered} delivered, {counted}, {missing} on their way")
        assert self.delivered
        assert 0 <= missing <= counters["unacknowledged"]
