# SPDX-License-Identifier: GPL-3.0-or-later
"""Small faults of c104 2.2 that no other test is about, and the table of all of them (docs/explanation/faults.md)."""

from __future__ import annotations

import ast
import pathlib
import re
import socket
import struct
import sys
import threading
import time
from typing import Callable, List

import c104
import pytest
from support import apci, asdu, sanitizers
from support.heap import resident_kib
from support.master import RawMaster
from support.station import RawStation
from support.waiting import eventually, wait_until

ROOT = pathlib.Path(__file__).parent.parent
ROW = re.compile(r"^\| (?P<fault>[^|]+) \| `(?P<file>tests/\w+\.py)::(?P<test>\w+)` \|", re.MULTILINE)
CA = 1


# The table.


def rows() -> List[re.Match[str]]:
    return list(ROW.finditer((ROOT / "docs/explanation/faults.md").read_text()))


def test_the_table_names_tests_that_exist() -> None:
    table = (ROOT / "docs/explanation/faults.md").read_text()
    lines = [line for line in table.splitlines() if line.startswith("| ") and "::" in line]
    assert len(rows()) == len(lines) > 50, "a row that is not 'fault | `file::test` | ...'"
    for row in rows():
        functions = {
            node.name for node in ast.walk(ast.parse((ROOT / row["file"]).read_text())) if isinstance(node, ast.FunctionDef)
        }
        assert row["test"] in functions, row[0]
    faults = [row["fault"] for row in rows()]
    assert len(set(faults)) == len(faults)


# Frames that end the interpreter of c104 2.2, octet by octet.

NO_OBJECTS = bytes.fromhex("01 83 03 00 01 00")  # M_SP_NA_1, SQ=1, three objects announced, none there
NO_COI = bytes.fromhex("46 01 04 00 01 00 00 00 00")  # M_EI_NA_1 without its element


@pytest.mark.parametrize("frame", [NO_OBJECTS, NO_COI], ids=["M_SP_NA_1", "M_EI_NA_1"])
def test_deadly_frames_to_a_client(station: RawStation, client: c104.Client, frame: bytes) -> None:
    connection = client.add_connection(ip="127.0.0.1", port=station.port, init=c104.Init.NONE)
    point = connection.add_station(common_address=CA).add_point(io_address=1, type=c104.Type.M_ME_NB_1)
    client.start()
    wait_until(lambda: connection.state == c104.ConnectionState.OPEN)
    station.send(frame, asdu.build(11, asdu.SPONTANEOUS, CA, [(1, asdu.measured16(7))]))
    wait_until(lambda: int(point.value) == 7)
    assert station.accepted == 1, "the link was lost"


def test_deadly_frame_to_a_server(server: c104.Server, make_master: Callable[..., RawMaster]) -> None:
    server.add_station(common_address=CA)
    server.start()
    master = make_master(server.port)
    master.send(NO_OBJECTS, asdu.testing_command(CA, 0))
    wait_until(lambda: any(one.type_id == 104 for one in master.asdus()))


INITS = [c104.Init.ALL, c104.Init.INTERROGATION, c104.Init.CLOCK_SYNC, c104.Init.NONE]


@pytest.mark.parametrize("init", INITS, ids=lambda init: init.name)
@pytest.mark.parametrize("mode", ["accept_and_close", "accept_and_reset"])
def test_a_partner_that_closes_at_once(
    make_station: Callable[..., RawStation], client: c104.Client, mode: str, init: c104.Init
) -> None:
    raw = make_station(mode=mode)
    connection = client.add_connection(ip="127.0.0.1", port=raw.port, init=init)
    client.start()
    wait_until(lambda: raw.accepted >= 2, 8)
    assert connection.state != c104.ConnectionState.OPEN


# Servers.


def test_periods_of_points_whose_station_is_gone(server: c104.Server) -> None:
    station = server.add_station(common_address=CA)
    point = station.add_point(io_address=1, type=c104.Type.M_SP_NA_1)
    server.start()
    assert server.remove_station(common_address=CA)

    def on_timer(point: c104.Point) -> None:
        pass

    for call in (
        lambda: station.add_point(io_address=2, type=c104.Type.M_SP_NA_1, report_ms=1000),
        lambda: point.on_timer(callable=on_timer, interval_ms=1000),
        lambda: setattr(point, "report_ms", 1000),
    ):
        try:
            call()
        except ValueError as error:
            assert str(error)


def test_connection_counts_after_stop(server: c104.Server, make_master: Callable[..., RawMaster]) -> None:
    server.start()
    for _ in range(3):
        masters = [make_master(server.port) for _ in range(2)]
        wait_until(lambda: server.open_connection_count == 2)
        server.stop()
        assert (server.open_connection_count, server.active_connection_count) == (0, 0)
        for master in masters:
            master.close()
        server.start()
    assert not server.has_open_connections


def test_many_masters_at_once(server: c104.Server) -> None:
    """No connection request has to be repeated, and all masters get data."""
    point = server.add_station(common_address=CA).add_point(io_address=1, type=c104.Type.M_SP_NA_1)
    server.start()
    masters = [socket.socket() for _ in range(150)]
    try:
        for master in masters:
            master.setblocking(False)
            master.connect_ex(("127.0.0.1", server.port))
        for master in masters:
            master.settimeout(10)
            master.sendall(apci.u_frame(apci.STARTDT_ACT))
            assert master.recv(6) == apci.u_frame(apci.STARTDT_CON)
        repeated = [
            struct.unpack_from("I", master.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 104), 100)[0] for master in masters
        ]
        assert sum(repeated) == 0, "connection requests were dropped"
        wait_until(lambda: server.active_connection_count == len(masters))
        assert point.transmit(cause=c104.Cot.SPONTANEOUS)
        for master in masters:
            assert apci.Apdu(master.recv(256)).kind == "I"
    finally:
        for master in masters:
            master.close()


@pytest.mark.skipif(sys.platform != "linux", reason="/proc tells what is resident")
@pytest.mark.skipif(sanitizers.sanitizer == "asan", reason="the address sanitizer keeps what was freed")
def test_memory_of_message_raw(station: RawStation, client: c104.Client) -> None:
    """What c104 2.2 keeps of each reading."""
    octets = 0

    def on_receive(point: c104.Point, previous_info: c104.Information, message: c104.IncomingMessage) -> c104.ResponseState:
        nonlocal octets
        octets += sum(len(message.raw) for _ in range(100))
        return c104.ResponseState.NONE

    connection = client.add_connection(ip="127.0.0.1", port=station.port, init=c104.Init.NONE)
    point = connection.add_station(common_address=CA).add_point(io_address=1, type=c104.Type.M_ME_NB_1)
    point.on_receive(callable=on_receive)
    client.start()
    wait_until(lambda: connection.state == c104.ConnectionState.OPEN)
    frame = asdu.build(11, asdu.SPONTANEOUS, CA, [(1, asdu.measured16(7))])

    def run(count: int) -> int:
        goal = octets + count * 100 * len(frame)
        station.send(*[frame] * count)
        assert eventually(lambda: octets >= goal, 30)
        return resident_kib()

    before = run(100)
    assert run(400) - before < 4000, "KiB for 40,000 times message.raw"


def test_calls_while_a_callback_takes_long(station: RawStation, client: c104.Client) -> None:
    """In c104 2.2 they wait for its end, or give up with an exception after 100 ms."""
    inside, leave, left = threading.Event(), threading.Event(), threading.Event()

    def on_new_point(client: c104.Client, station: c104.Station, io_address: int, point_type: c104.Type) -> None:
        inside.set()
        leave.wait(10)
        left.set()
        station.add_point(io_address, point_type)

    connection = client.add_connection(ip="127.0.0.1", port=station.port, init=c104.Init.NONE)
    remote = connection.add_station(common_address=CA)
    order = remote.add_point(io_address=20, type=c104.Type.C_SC_NA_1)
    client.on_new_point(callable=on_new_point)
    client.start()
    wait_until(lambda: connection.state == c104.ConnectionState.OPEN)
    station.send(asdu.build(11, asdu.SPONTANEOUS, CA, [(1, asdu.measured16(7))]))
    try:
        assert inside.wait(5)
        for _ in range(3):
            time.sleep(0.15)
            assert 20 in [one.io_address for one in remote.points] and remote.get_point(20) is order
            assert connection.get_station(CA) is remote and len(connection.stations) == 1
            assert client.get_connection(ip="127.0.0.1", port=station.port) is connection
            order.value = True
            assert order.transmit(cause=c104.Cot.ACTIVATION) is True
            assert connection.interrogation(common_address=CA, wait_for_response=False) is True
            assert connection.is_connected and client.active_connection_count == 1
            assert not left.is_set(), "a call waited for the callback"
    finally:
        leave.set()
    wait_until(lambda: remote.get_point(1) is not None)


def test_spontaneous_values_wait_for_no_tick(server: c104.Server, make_master: Callable[..., RawMaster]) -> None:
    """c104 2.2 sends each up to 100 ms late: 200 values, each after the one before has come, take it 20 s."""
    point = server.add_station(common_address=CA).add_point(io_address=1, type=c104.Type.M_ME_NB_1)
    server.start()
    master = make_master(server.port)
    wait_until(lambda: server.active_connection_count == 1)
    deadline = time.monotonic() + 8
    for number in range(1, 201):
        assert time.monotonic() < deadline, f"only {number} values"
        point.value = c104.Int16(number)
        assert point.transmit(cause=c104.Cot.SPONTANEOUS)
        master.wait_asdu(11, count=number)


# Points and values.


def test_related_address(server: c104.Server) -> None:
    station = server.add_station(common_address=CA)
    assert station.add_point(io_address=1, type=c104.Type.M_SP_NA_1).related_io_address is None
    with pytest.raises(ValueError, match="related_io_address"):
        station.add_point(io_address=2, type=c104.Type.C_SC_NA_1, related_io_autoreturn=True)


def test_a_fresh_command_without_time_tag_has_no_time(server: c104.Server) -> None:
    station = server.add_station(common_address=CA)
    for address, kind in enumerate((c104.Type.C_SC_NA_1, c104.Type.C_DC_NA_1, c104.Type.C_RC_NA_1, c104.Type.C_SE_NB_1), 1):
        assert station.add_point(io_address=address, type=kind).recorded_at is None, kind


@pytest.mark.parametrize(
    "kind", [c104.Quality, c104.BinaryCounterQuality, c104.StartEvents, c104.OutputCircuits, c104.PackedSingle, c104.Debug]
)
def test_operators_in_place_leave_the_class_alone(kind: type) -> None:
    before = {name: int(member) for name, member in kind.__members__.items()}
    first, second = list(kind.__members__.values())[1:3]
    value = first
    value |= second
    assert {name: int(member) for name, member in kind.__members__.items()} == before


def test_counter_without_quality() -> None:
    info = c104.BinaryCounterInfo(counter=1234, sequence=c104.UInt5(3))
    assert (info.counter, int(info.sequence), info.quality) == (1234, 3, c104.BinaryCounterQuality())
