# SPDX-License-Identifier: GPL-3.0-or-later
"""A master that falls behind: transmit() says what it does not take, and what it took arrives."""

from __future__ import annotations

import itertools
import logging
import time
from typing import Callable, List

import c104
import pytest
from support.master import RawMaster
from support.waiting import wait_until

ASDU = 12  # octets of one value of M_ME_NB_1
LOG = 2000  # messages that may wait for a master
K = 12  # default window


@pytest.fixture
def points(server: c104.Server) -> List[c104.Point]:
    server.protocol_parameters.message_timeout = 255  # the masters here don't acknowledge for a while
    server.max_queued_octets = LOG * ASDU
    station = server.add_station(common_address=1)
    made = [station.add_point(io_address=address, type=c104.Type.M_ME_NB_1) for address in range(1, 200, 2)]
    server.start()
    return made


def sent(master: RawMaster) -> int:
    return sum(frame.kind == "I" for frame in master.received)


def numbers(master: RawMaster) -> List[int]:
    """The values of all single objects, in the order of arrival."""
    frames = [frame.raw for frame in master.frames("I")]
    return [int.from_bytes(raw[15:17], "little", signed=True) for raw in frames if raw[7] == 1]


def fill(point: c104.Point, count: int) -> None:
    for number in range(count):
        point.value = c104.Int16(number % 30000)
        assert point.transmit(cause=c104.Cot.SPONTANEOUS), f"call {number} was refused"


def test_what_is_taken_arrives_and_what_is_refused_is_said(
    server: c104.Server,
    points: List[c104.Point],
    make_master: Callable[..., RawMaster],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.WARNING, "c104.server")
    master = make_master(server.port, w=None)
    fill(points[0], K)
    wait_until(lambda: sent(master) == K, 5, "the window was not used")
    fill(points[0], LOG - 1)
    # A batch needs room for its first message only: it is taken as a whole, or refused as a whole.
    batch = c104.Batch(cause=c104.Cot.SPONTANEOUS, points=points)
    assert server.transmit_batch(batch)
    assert not points[0].transmit(cause=c104.Cot.SPONTANEOUS)
    assert not server.transmit_batch(batch)
    assert not points[0].station.update(io_address=[1, 3], value=[5, 6], cause=c104.Cot.SPONTANEOUS)
    assert [int(point.value) for point in points[:2]] == [5, 6]
    assert server.counters["log_full"] == 3

    master.w = 8
    master.acknowledge()
    wait_until(lambda: sent(master) >= K + LOG - 1 + 3, 60, "not all that was taken came")
    assert points[0].transmit(cause=c104.Cot.SPONTANEOUS)
    wait_until(lambda: numbers(master)[-1] == 5, 5, "the value after the backlog did not come")
    assert numbers(master) == [n % 30000 for n in itertools.chain(range(K), range(LOG - 1))] + [5]
    objects = sum(frame.raw[7] & 0x7F for frame in master.frames("I"))
    assert objects == K + LOG - 1 + len(points) + 1
    assert server.counters["overruns"] == 0
    wait_until(lambda: "3 times values were refused" in caplog.text, 5, "the refusals were not logged")


def test_a_master_that_lags_does_not_stop_the_others(
    server: c104.Server,
    points: List[c104.Point],
    make_master: Callable[..., RawMaster],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.WARNING, "c104.server")
    stuck = make_master(server.port, w=None)
    reader = make_master(server.port)
    taken = refused = 0
    deadline = time.monotonic() + 60
    while taken < LOG + 1000:
        if points[0].transmit(cause=c104.Cot.SPONTANEOUS):
            taken += 1
        else:
            refused += 1
            time.sleep(0.01)
            assert time.monotonic() < deadline, f"{taken} taken, then refused for ever"
    assert refused > 0 and server.counters["log_full"] == refused
    wait_until(lambda: sent(reader) == taken, 30, "the other one misses values")
    assert sent(stuck) == K

    # When it reads on, it gets what is still there; the rest is counted, and said to the last one.
    stuck.w = 8
    stuck.acknowledge()
    wait_until(lambda: sent(stuck) + server.counters["overruns"] == taken, 30, "values are neither delivered nor counted")
    assert server.counters["overruns"] == taken - K - LOG
    wait_until(lambda: f" {taken - K - LOG} ASDUs fell out" in caplog.text, 5, "the log does not say how many")


def test_two_masters_that_lag_are_served_as_far_as_the_better_one_reads(
    server: c104.Server, points: List[c104.Point], make_master: Callable[..., RawMaster]
) -> None:
    stuck = [make_master(server.port, w=None) for _ in range(2)]
    fill(points[0], K)
    wait_until(lambda: all(sent(master) == K for master in stuck), 5, "the windows were not used")
    fill(points[0], LOG)
    refused_until = time.monotonic() + 2  # longer than one is waited for
    while time.monotonic() < refused_until:
        assert not points[0].transmit(cause=c104.Cot.SPONTANEOUS)
        time.sleep(0.02)
    assert server.counters["overruns"] == 0
    total = K + LOG
    for master in stuck:
        master.w = 8
        master.acknowledge()
    for master in stuck:
        wait_until(lambda: sent(master) == total, 60, "not all that was taken came")
