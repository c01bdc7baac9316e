# SPDX-License-Identifier: GPL-3.0-or-later
"""What transmit() took is delivered or counted."""

from __future__ import annotations

import threading
from typing import Callable

import c104
import pytest
from support.master import RawMaster
from support.numbers import numbers
from support.waiting import eventually, wait_until

K = 12  # default window


@pytest.fixture
def point(server: c104.Server) -> c104.Point:
    station = server.add_station(common_address=1)
    point = station.add_point(io_address=1, type=c104.Type.M_ME_NB_1)
    server.start()
    return point


def values(master: RawMaster) -> int:
    return sum(frame.kind == "I" for frame in master.received)


def gone(server: c104.Server) -> None:
    wait_until(lambda: server.open_connection_count == 0, 5, "the server still counts the connection")


def test_everything_is_zero_at_first(server: c104.Server, point: c104.Point) -> None:
    assert set(numbers(server.counters)) == {0, None}


def test_what_arrived_is_not_counted_as_lost(
    server: c104.Server, point: c104.Point, make_master: Callable[..., RawMaster]
) -> None:
    master = make_master(server.port)
    assert all(point.transmit(cause=c104.Cot.SPONTANEOUS) for _ in range(100))
    wait_until(lambda: values(master) == 100, 5, "not all values came")
    master.acknowledge()
    master.stopdt()
    master.close()
    gone(server)
    assert (server.counters["unsent"], server.counters["unacknowledged"]) == (0, 0)


def test_a_broken_link_counts_what_was_not_sent_and_what_was_not_acknowledged(
    server: c104.Server, point: c104.Point, make_master: Callable[..., RawMaster]
) -> None:
    master = make_master(server.port, w=None)
    assert all(point.transmit(cause=c104.Cot.SPONTANEOUS) for _ in range(20))
    wait_until(lambda: values(master) == K, 5, "the window was not used")
    master.close(hard=True)
    gone(server)
    assert (server.counters["unsent"], server.counters["unacknowledged"]) == (20 - K, K)
    # Nobody is given what was meant for another, and nothing is counted twice.
    assert not point.transmit(cause=c104.Cot.SPONTANEOUS)
    follower = make_master(server.port)
    assert point.transmit(cause=c104.Cot.SPONTANEOUS)
    wait_until(lambda: values(follower) == 1, 5, "the next value did not come")
    assert server.counters["nobody_listening"] == 1
    assert server.counters["unsent"] == 20 - K


def test_a_stop_counts_what_was_not_sent(server: c104.Server, point: c104.Point, make_master: Callable[..., RawMaster]) -> None:
    master = make_master(server.port, w=None)
    assert all(point.transmit(cause=c104.Cot.SPONTANEOUS) for _ in range(20))
    wait_until(lambda: values(master) == K, 5, "the window was not used")
    server.stop()
    assert (server.counters["unsent"], server.counters["unacknowledged"]) == (20 - K, K)


def test_nothing_is_lost_silently_while_links_come_and_go(
    server: c104.Server, point: c104.Point, make_master: Callable[..., RawMaster]
) -> None:
    ending = threading.Event()
    taken = 0

    def send() -> None:
        nonlocal taken
        while not ending.is_set():
            taken += point.transmit(cause=c104.Cot.SPONTANEOUS)

    sender = threading.Thread(target=send)
    sender.start()
    masters = []
    try:
        for _ in range(30):
            masters.append(make_master(server.port))
            assert eventually(lambda: values(masters[-1]) > 20, 5)
            masters[-1].close(hard=True)
            gone(server)
    finally:
        ending.set()
        sender.join()
    arrived = sum(values(master) for master in masters)
    counters = server.counters
    missing = taken - arrived - counters["unsent"] - counters["overruns"]
    assert 0 <= missing <= counters["unacknowledged"]
