# SPDX-License-Identifier: GPL-3.0-or-later
"""Threads that read and deliver in turn: the link never waits for callbacks, however many of them block."""

import subprocess
import sys
import threading
from pathlib import Path

import c104
import pytest
from support import apci, asdu
from support.preload import preload
from support.waiting import wait_until

LINKS = 8  # more than a Client has threads


def value(number):
    return asdu.build(13, asdu.SPONTANEOUS, 1, [(1, asdu.short(float(number)))])


def append_to(taken, before=lambda: None):
    def on_receive(point: c104.Point, previous_info: c104.Information, message: c104.IncomingMessage) -> c104.ResponseState:
        before()
        taken.append(point.value)
        return c104.ResponseState.SUCCESS

    return on_receive


@pytest.fixture
def listening(make_station, make_client):
    """A client with so many links: stations, and what the callback of each appends to."""

    def make(links, before=lambda: None, **options):
        stations = [make_station(ca=1, **options) for _ in range(links)]
        seen = [[] for _ in stations]
        one = make_client()
        for taken, raw in zip(seen, stations):
            connection = one.add_connection(ip="127.0.0.1", port=raw.port, init=c104.Init.NONE)
            point = connection.add_station(common_address=1).add_point(io_address=1, type=c104.Type.M_ME_NC_1)
            point.on_receive(callable=append_to(taken, before))
        one.start()
        wait_until(lambda: one.open_connection_count == links and all(raw.started for raw in stations))
        return one, stations, seen

    return make


@pytest.fixture
def gate():
    """Open at the end, whatever happened."""
    event = threading.Event()
    yield event
    event.set()


@pytest.fixture
def blocked(listening, gate):
    """Three values on each link; all callbacks wait at the gate."""
    entered = []

    def wait():
        entered.append(1)
        gate.wait(20)

    one, stations, seen = listening(LINKS, wait)
    for number in range(3):
        for raw in stations:
            raw.send(value(number))
    wait_until(lambda: len(entered) >= 3)
    return one, stations, seen


def test_every_link_answers_while_all_callbacks_block(blocked, gate):
    one, stations, seen = blocked
    for raw in stations:
        for _ in range(5):
            before = raw.u_frames().count(apci.TESTFR_CON)
            raw.send_raw(apci.u_frame(apci.TESTFR_ACT))
            wait_until(lambda raw=raw, before=before: raw.u_frames().count(apci.TESTFR_CON) == before + 1, 5)
    assert not any(seen)
    gate.set()
    wait_until(lambda: all(taken == [0.0, 1.0, 2.0] for taken in seen), 10)


def test_stop_while_all_callbacks_block(blocked):
    one, stations, _ = blocked
    one.stop()
    assert all(connection.state == c104.ConnectionState.CLOSED for connection in one.connections)
    for raw in stations:
        wait_until(lambda raw=raw: not raw.started, 5)


def test_order_whichever_thread_reads(listening):
    """With pauses, so that the turn goes round; three links at a time, so that threads meet in it."""
    threads = set()
    one, stations, seen = listening(3, lambda: threads.add(threading.get_native_id()), w=8)
    for number in range(300):
        for raw in stations:
            raw.send(value(number))
        wait_until(lambda number=number: all(number + 1 - len(taken) < 7 for taken in seen), interval=0.0001)
    wait_until(lambda: all(len(taken) == 300 for taken in seen))
    assert all(taken == [float(number) for number in range(300)] for taken in seen)
    assert threads and threading.get_native_id() not in threads


@pytest.mark.skipif(sys.platform != "linux", reason="threads are counted in /proc, and slowed down through LD_PRELOAD")
def test_threads_that_begin_late_are_not_made_again(make_station, make_snippet, tmp_path):
    """On a machine with too much to do there was a new one for each event, until the first of them began."""
    raws = [make_station() for _ in range(100)]
    program = make_snippet(
        f"""
import os, time, c104
client = c104.Client()
for port in {[raw.port for raw in raws]}:
    client.add_connection(ip="127.0.0.1", port=port, init=c104.Init.ALL)
before = len(os.listdir("/proc/self/task"))
client.start()
end = time.monotonic() + 10
while client.active_connection_count < {len(raws)} and time.monotonic() < end:
    time.sleep(0.01)
say(open=client.open_connection_count, threads=len(os.listdir("/proc/self/task")) - before)
client.stop()
""",
        env=preload("slow_threads", tmp_path),
    )
    seen = program.ask(20)
    assert seen["open"] == len(raws)
    assert 2 <= seen["threads"] <= 5
    assert program.wait() == 0, program.stderr


DEEP = """
import c104, sys, time
from support.asdu import SPONTANEOUS, build
from support.master import RawMaster

depths = []
def deep(level):  # through C, each time
    return max(map(deep, [level + 1])) if level < 400 else level
def on_receive(point: c104.Point, previous_info: c104.Information, message: c104.IncomingMessage) -> c104.ResponseState:
    depths.append(deep(0))
    return c104.ResponseState.SUCCESS
server = c104.Server(ip="127.0.0.1", port=0)
server.add_station(1).add_point(1, c104.Type.C_SC_NA_1).on_receive(callable=on_receive)
server.start()
master = RawMaster(server.port).connect().startdt()
master.send(build(45, 6, 1, [(1, bytes([1]))]))
master.wait_asdu(45, 7)
print(depths)
"""


def test_a_callback_may_recurse_where_threads_have_small_stacks():
    """128 KiB, as with musl: callbacks ended the process by a segmentation fault."""
    tests = str(Path(__file__).parent)
    command = [
        "sh",
        "-c",
        'ulimit -s 128 && exec "$0" "$@"',
        sys.executable,
        "-c",
        f"import sys; sys.path.insert(0, {tests!r})\n{DEEP}",
    ]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (ended.returncode, ended.stdout) == (0, "[400]\n"), ended.stderr
