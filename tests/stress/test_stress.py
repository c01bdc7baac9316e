# SPDX-License-Identifier: GPL-3.0-or-later
"""make stress: many threads, links that break, partners that misbehave, over plain and TLS links. DOSE=1 is the usual amount. Each test
ends with as many threads and descriptors as before it; counts agree."""

from __future__ import annotations

import faulthandler
import gc
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List, Optional

import c104
import pytest
from support import apci, asdu
from support.certificates import write_all
from support.heap import resident_kib
from support.master import RawMaster
from support.station import MODES, RawStation
from support.waiting import eventually, wait_until

DOSE = float(os.environ.get("DOSE", "1"))
CA = 1
DOCUMENTED = (ValueError, TypeError, RuntimeError, IndexError, OverflowError)

pytestmark = pytest.mark.timeout(600)


def dose(count: int) -> int:
    return max(1, int(count * DOSE))


def threads() -> int:
    return len(os.listdir("/proc/self/task"))


def descriptors() -> int:
    return len(os.listdir("/proc/self/fd"))


@pytest.fixture(autouse=True)
def nothing_is_left() -> Iterator[None]:
    faulthandler.enable()
    gc.collect()
    before = (threads(), descriptors())
    yield
    gc.collect()
    assert eventually(lambda: threads() <= before[0] and descriptors() <= before[1], 10), (before, threads(), descriptors())


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("certificates")
    write_all(folder)
    return folder


@pytest.fixture(params=["plain", "TLS"])
def security(request: pytest.FixtureRequest, certificates: Path) -> Callable[[str], Optional[c104.TransportSecurity]]:
    def make(name: str) -> Optional[c104.TransportSecurity]:
        if request.param == "plain":
            return None
        tls = c104.TransportSecurity(validate=True, only_known=False)
        tls.set_certificate(cert=certificates / f"{name}.crt", key=certificates / f"{name}.key")
        tls.set_ca_certificate(cert=certificates / "ca.crt")
        return tls

    return make


def accept(point: c104.Point, previous_info: c104.Information, message: c104.IncomingMessage) -> c104.ResponseState:
    return c104.ResponseState.SUCCESS


def outstation(tls: Optional[c104.TransportSecurity] = None) -> c104.Server:
    server = c104.Server(ip="127.0.0.1", port=0, transport_security=tls)
    station = server.add_station(common_address=CA)
    for address in range(1, 101):
        station.add_point(io_address=address, type=c104.Type.M_ME_NC_1)
    for address in range(201, 211):
        station.add_point(io_address=address, type=c104.Type.C_SC_NA_1).on_receive(callable=accept)
    server.start()
    return server


class Hammers:
    """Threads that do one thing each until the end; what they raise beside documented exceptions fails the test."""

    def __init__(self) -> None:
        self.ended = threading.Event()
        self.done: Counter[str] = Counter()
        self.failures: List[BaseException] = []
        self.running: List[threading.Thread] = []

    def add(self, name: str, call: Callable[[random.Random], object]) -> None:
        def run() -> None:
            numbers = random.Random(name)
            try:
                while not self.ended.is_set():
                    try:
                        call(numbers)
                    except DOCUMENTED:
                        pass
                    self.done[name] += 1
            except BaseException as error:
                self.failures.append(error)

        thread = threading.Thread(target=run, name=name)
        self.running.append(thread)
        thread.start()

    def end(self) -> None:
        self.ended.set()
        for thread in self.running:
            thread.join(30)
        assert not any(thread.is_alive() for thread in self.running), "a call hangs"
        assert not self.failures, self.failures
        assert all(self.done[thread.name] > 0 for thread in self.running), self.done


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


@pytest.mark.parametrize("mode", [mode for mode in MODES if mode != "normal"])
def test_reconnects_to_a_partner_that_misbehaves(mode: str) -> None:
    station = RawStation(ca=CA, mode=mode).start()
    client = c104.Client(command_timeout_ms=200)
    connections = []
    for number in range(dose(20)):
        connections.append(client.add_connection(ip=f"127.0.0.{number + 1}", port=station.port, init=c104.Init.ALL))
    connection = connections[0]
    connection.protocol_parameters.confirm_interval = 1
    connection.protocol_parameters.message_timeout = 2
    client.start()
    ended = time.monotonic() + 3 * DOSE
    while time.monotonic() < ended:
        connection.disconnect()
        connection.connect()
        eventually(lambda: connection.state != c104.ConnectionState.CLOSED_AWAIT_OPEN, 0.05)
    began = time.monotonic()
    client.stop()
    assert time.monotonic() - began < 2
    station.stop()


def test_masters_that_misbehave() -> None:
    """Beside one that works: it gets all that is sent, in order."""
    server = outstation()
    point = server.get_station(common_address=CA).get_point(io_address=1)
    good = RawMaster(server.port).connect().startdt()
    hammers = Hammers()

    def visit(octets: Callable[[random.Random], bytes], read: bool) -> Callable[[random.Random], None]:
        def run(numbers: random.Random) -> None:
            with socket.create_connection(("127.0.0.1", server.port), 10) as visitor:
                visitor.sendall(apci.u_frame(apci.STARTDT_ACT))
                for _ in range(20):
                    visitor.sendall(octets(numbers))
                    if read:
                        visitor.recv(65536)

        return run

    interrogation = asdu.build(100, asdu.ACT, CA, [(0, b"\x14")])
    visits: Dict[str, Callable[[random.Random], None]] = {
        "noise": visit(lambda numbers: numbers.randbytes(numbers.randrange(1, 300)), False),
        "half frames": visit(lambda numbers: apci.i_frame(0, 0, interrogation)[: numbers.randrange(1, 15)], False),
        "octet by octet": visit(lambda numbers: apci.u_frame(apci.TESTFR_ACT)[numbers.randrange(6) :][:1], False),
        "never acknowledges": visit(lambda numbers: apci.u_frame(apci.TESTFR_ACT), True),
        "wrong numbers": visit(
            lambda numbers: apci.i_frame(numbers.randrange(32768), numbers.randrange(32768), interrogation), True
        ),
        "flood": visit(lambda numbers: b"".join(apci.i_frame(n, 0, interrogation) for n in range(200)), False),
    }

    def survive(call: Callable[[random.Random], None]) -> Callable[[random.Random], None]:
        def run(numbers: random.Random) -> None:
            try:
                call(numbers)
            except OSError:
                pass  # thrown out, as it should be

        return run

    for name, call in visits.items():
        hammers.add(name, survive(call))
    taken = 0
    ended = time.monotonic() + 8 * DOSE
    while time.monotonic() < ended:
        taken += point.transmit(cause=c104.Cot.SPONTANEOUS)
        time.sleep(0.001)
    hammers.end()
    wait_until(lambda: len(good.asdus(13, asdu.SPONTANEOUS)) == taken, 30, "the good one misses values")
    assert not good.closed.is_set()
    good.testfr()
    good.close()
    server.stop()


def test_half_open_handshakes(certificates: Path) -> None:
    tls = c104.TransportSecurity(validate=True, only_known=False)
    tls.set_certificate(cert=certificates / "server.crt", key=certificates / "server.key")
    tls.set_ca_certificate(cert=certificates / "ca.crt")
    server = outstation(tls)
    silent = [socket.create_connection(("127.0.0.1", server.port), 10) for _ in range(200)]
    for number, one in enumerate(silent):
        one.sendall(b"\x16\x03\x01\x02\x00\x01"[: number % 7])
    mine = c104.TransportSecurity(validate=True, only_known=False)
    mine.set_certificate(cert=certificates / "client.crt", key=certificates / "client.key")
    mine.set_ca_certificate(cert=certificates / "ca.crt")
    client = c104.Client(transport_security=mine)
    connection = client.add_connection(ip="127.0.0.1", port=server.port)
    client.start()
    wait_until(lambda: connection.state == c104.ConnectionState.OPEN, 10, "the silent ones delay a master")
    assert connection.interrogation(common_address=CA)
    client.stop()
    server.stop()
    for one in silent:
        one.close()


CHILD = """
import gc, os, signal, sys, threading, time
import c104
DEED = {deed!r}
server = c104.Server(ip="127.0.0.1", port=0)
station = server.add_station(common_address=1)
value = station.add_point(io_address=1, type=c104.Type.M_ME_NC_1)
server.start()
client = c104.Client()
connection = client.add_connection(ip="127.0.0.1", port=server.port)
remote = connection.add_station(common_address=1)
point = remote.add_point(io_address=1, type=c104.Type.M_ME_NC_1)
went = threading.Event()
def on_receive(point: c104.Point, previous_info: c104.Information, message: c104.IncomingMessage) -> c104.ResponseState:
    global client, connection, remote
    if DEED == "raise": went.set(); raise RuntimeError("as asked")
    if DEED == "sleep": went.set(); time.sleep(1)
    if DEED == "stop": client.stop()
    if DEED == "drop": client = connection = remote = None; gc.collect()
    if DEED == "collect": [gc.collect() for _ in range(5)]
    if DEED == "fork":
        child = os.fork()
        if child == 0: os._exit(0)
        os.waitpid(child, 0)
    if DEED == "signal": os.kill(os.getpid(), signal.SIGUSR1)
    went.set()
    return c104.ResponseState.NONE
signal.signal(signal.SIGUSR1, lambda *_: None)
sys.unraisablehook = lambda *_: None
point.on_receive(callable=on_receive)
client.start()
end = time.monotonic() + 20
while not went.is_set() and time.monotonic() < end:
    value.value = time.monotonic() % 100
    value.transmit(cause=c104.Cot.SPONTANEOUS)
    time.sleep(0.005)
assert went.is_set()
print("went", flush=True)
"""


@pytest.mark.parametrize("deed", ["nothing", "raise", "sleep", "stop", "drop", "collect", "fork", "signal"])
def test_exit_after_a_callback_did_its_worst(deed: str) -> None:
    for _ in range(dose(5)):
        process = subprocess.Popen(
            [sys.executable, "-c", CHILD.format(deed=deed)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "went\n", process.communicate(timeout=30)
        began = time.monotonic()
        _, errors = process.communicate(timeout=30)
        assert process.returncode == 0, errors
        assert time.monotonic() - began < 2, "seconds to the end of the interpreter"


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
