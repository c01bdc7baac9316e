# SPDX-License-Identifier: GPL-3.0-or-later
"""Our Client with the PyPI c104's Server and the other way round: every type of point and command."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import c104
import pytest
from support.peer import ENVIRONMENT, peer_python
from support.ports import free_port
from support.waiting import wait_until

HERE = Path(__file__).parent / "interop"
sys.path.insert(0, str(HERE))
from values import AT, COMMANDS, MONITORING, address, expression, fields  # noqa: E402

PEER = peer_python()
pytestmark = pytest.mark.skipif(not PEER, reason="C104_PEER_PYTHON names no interpreter with c104 2.2.1 (make test does)")


class Peer:
    """A script under the other interpreter, and the JSON lines that it has said."""

    def __init__(self, script: str, *arguments: str) -> None:
        assert PEER
        self.process = subprocess.Popen(
            [PEER, str(HERE / script), *arguments],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            env={**os.environ, **ENVIRONMENT},
        )  # fmt: skip
        self.said: list[dict[str, Any]] = []
        self.reader = threading.Thread(target=self._read)
        self.reader.start()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            if line.startswith("{"):
                self.said.append(json.loads(line))

    def find(self, key: str) -> list[Any]:
        return [line[key] for line in list(self.said) if key in line]

    def tell(self, line: str) -> None:
        assert self.process.stdin
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        self.reader.join()
        for stream in (self.process.stdin, self.process.stdout):
            assert stream
            stream.close()


def made(type_id: int) -> Any:
    return eval(expression(type_id), {"c104": c104, "AT": AT})


@pytest.fixture(scope="module")
def peer_server() -> Iterator[Peer]:
    peer = Peer("peer_server.py", str(free_port()))
    try:
        wait_until(lambda: peer.find("port"), 20)
        yield peer
    finally:
        peer.close()


@pytest.fixture
def connection(peer_server: Peer) -> Iterator[c104.Connection]:
    client = c104.Client(command_timeout_ms=5000)
    client.originator_address = 123
    connection = client.add_connection(ip="127.0.0.1", port=peer_server.find("port")[0])
    assert connection
    client.start()
    try:
        wait_until(lambda: connection.state == c104.ConnectionState.OPEN, 10)
        yield connection
    finally:
        client.stop()


def test_client_discovers_the_peers_points(connection: c104.Connection) -> None:
    station = connection.get_station(47)
    assert station
    assert connection.interrogation(47)
    # What the peer answers to an interrogation: not 15, 20 and 37 to 40 (peer-behaviour, section 5).
    for type_id in (1, 3, 5, 7, 9, 11, 13, 30, 31, 32, 33, 34, 35, 36):
        point = station.get_point(address(type_id))
        assert point, type_id
        expected = fields(made(type_id))
        if type_id in (7, 33):
            expected["quality"] = str(c104.Quality())  # the peer never sends the quality of a bitstring
        assert fields(point.info) == expected, type_id


def test_client_gets_each_type_spontaneously(peer_server: Peer, connection: c104.Connection) -> None:
    station = connection.get_station(47)
    assert station
    for type_id in MONITORING:
        peer_server.tell(f"transmit {address(type_id)}")
        wait_until(lambda type_id=type_id: station.get_point(address(type_id)) is not None, 5)
        point = station.get_point(address(type_id))
        assert point
        assert int(point.type) == type_id
        assert fields(point.info) == fields(made(type_id)), type_id
        if type_id >= 30:
            assert point.recorded_at == AT


@pytest.mark.parametrize("type_id", COMMANDS)
def test_commands_reach_the_peer(peer_server: Peer, connection: c104.Connection, type_id: int) -> None:
    station = connection.get_station(47)
    assert station
    point = station.add_point(address(type_id), c104.Type(type_id))
    assert point
    point.info = made(type_id)
    before = len(peer_server.said)
    assert point.transmit(c104.Cot.ACTIVATION)

    def heard() -> list[dict[str, Any]]:
        return [line for line in peer_server.said[before:] if line.get("command") == address(type_id)]

    wait_until(heard)  # the line comes through a pipe, perhaps after the confirmation
    (received,) = heard()
    assert received["fields"] == fields(made(type_id))
    assert received["originator"] == 123


def test_system_commands_with_the_peer(connection: c104.Connection) -> None:
    station = connection.get_station(47)
    assert station
    assert connection.clock_sync(47)
    assert connection.counter_interrogation(47)
    assert connection.test(47)
    point = station.get_point(address(13)) or station.add_point(address(13), c104.Type.M_ME_NC_1)
    assert point
    assert point.read()
    assert point.value == -1.5


@pytest.mark.parametrize("tags", [False, True], ids=["untagged", "with_time_tags"])
def test_peers_client_reads_our_server(tags: bool) -> None:
    received: dict[int, dict[str, str]] = {}

    def on_receive(point: c104.Point, previous_info: c104.Information, message: c104.IncomingMessage) -> c104.ResponseState:
        received[int(point.type)] = fields(point.info)
        return c104.ResponseState.SUCCESS

    server = c104.Server(ip="127.0.0.1", port=0, interrogation_with_time_tags=tags)
    station = server.add_station(47)
    assert station
    for type_id in MONITORING:
        point = station.add_point(address(type_id), c104.Type(type_id))
        assert point
        point.info = made(type_id)
    for type_id in COMMANDS:
        command = station.add_point(address(type_id), c104.Type(type_id))
        assert command
        command.on_receive(callable=on_receive)
    server.start()
    peer = Peer("peer_client.py", str(server.port))
    try:
        wait_until(lambda: peer.find("read"), 60)
        points = peer.find("points")[0]
        for type_id in MONITORING:
            if type_id in (15, 37):
                continue  # counters answer to a counter interrogation only
            got_type, got = points[str(address(type_id))]
            # Interrogations are answered without time tag where there is such a type, unless asked for.
            assert got_type == (type_id if tags else {30 + i: 1 + 2 * i for i in range(7)}.get(type_id, type_id))
            assert got == fields(made(type_id)), type_id
        for type_id in COMMANDS:
            assert received[type_id] == fields(made(type_id)), type_id
        assert peer.find("value") == [-1.5]
    finally:
        peer.close()
        server.stop()
