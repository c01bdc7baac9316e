# SPDX-License-Identifier: GPL-3.0-or-later
"""The Debug flags: each has its part of the module write DEBUG lines to its logger, and nobody else's."""

import logging
from typing import Any, Callable, Iterator, List

import c104
import pytest
from support.master import RawMaster
from support.waiting import holds, wait_until

CA = 47


@pytest.fixture
def lines(caplog: Any) -> Iterator[Callable[[str], List[str]]]:
    caplog.set_level(logging.DEBUG)
    before = c104.get_debug_mode()
    yield lambda name: [r.getMessage() for r in list(caplog.records) if r.name == f"c104.{name}" and r.levelno == logging.DEBUG]
    c104.set_debug_mode(before)


def scene(make_server: Callable[..., c104.Server], make_client: Callable[..., c104.Client]) -> None:
    """A server and a client; interrogation, a value, a command."""

    def on_receive(point: c104.Point, previous_info: c104.Information, message: c104.IncomingMessage) -> c104.ResponseState:
        return c104.ResponseState.SUCCESS

    def on_connect(server: c104.Server, ip: str) -> bool:
        return True

    server = make_server()
    server.on_connect(callable=on_connect)
    station = server.add_station(CA)
    assert station
    value, command = station.add_point(11, c104.Type.M_ME_TF_1), station.add_point(12, c104.Type.C_SC_NA_1)
    assert value and command
    command.on_receive(callable=on_receive)
    value.info = c104.ShortInfo(12.5, c104.Quality.Invalid)
    selected = station.add_point(13, c104.Type.C_SC_NA_1, command_mode=c104.CommandMode.SELECT_AND_EXECUTE)
    other = server.add_station(48)
    assert selected and other
    selected.on_receive(callable=on_receive)
    reports: List[c104.Point] = []

    def on_before_auto_transmit(point: c104.Point) -> None:
        reports.append(point)

    reported = other.add_point(11, c104.Type.M_SP_NA_1, report_ms=50)
    assert reported
    reported.on_before_auto_transmit(callable=on_before_auto_transmit)
    server.start()
    client = make_client()
    connection = client.add_connection(ip="127.0.0.1", port=server.port)
    assert connection
    client.start()
    wait_until(lambda: connection.state == c104.ConnectionState.OPEN, 8)
    remote = connection.get_station(CA)
    assert remote
    order = remote.add_point(12, c104.Type.C_SC_NA_1)
    assert order
    order.value = True
    assert order.transmit(cause=c104.Cot.ACTIVATION)
    selected_order = remote.add_point(13, c104.Type.C_SC_NA_1, command_mode=c104.CommandMode.SELECT_AND_EXECUTE)
    assert selected_order
    selected_order.value = True
    assert selected_order.transmit(cause=c104.Cot.ACTIVATION)
    shown = remote.get_point(11)
    assert shown and shown.read()
    assert station.update(io_address=[11], value=[13.5], cause=c104.Cot.SPONTANEOUS)
    wait_until(lambda: shown.value == 13.5)
    wait_until(lambda: connection.get_station(48) is not None and len(reports) >= 2)
    assert server.remove_station(48) and connection.remove_station(48)
    client.stop()
    server.stop()


EXPECTED = {
    "Server": ["add_station 47", "on_connect 127.0.0.1: accepted", ": STARTDT", "stops with",
               ": C_IC_NA_1 cot 6 ca 65535 ioa 0 begins, for 2 stations", ": interrogation ended",
               ": C_CS_NA_1 cot 6 ca 65535 ioa 0 answered with cot 7", ": read of CA 47 IOA 11 M_ME_TF_1",
               ": selects CA 47 IOA 13 C_SC_NA_1", ": executes CA 47 IOA 13 C_SC_NA_1, selected before", ": executes CA 47 IOA 12 C_SC_NA_1",
               "reports 1 points of station 48", "remove_station 48"],
    "Client": ["add_connection 127.0.0.1:", "started with 1 connections", "station 47 of 127.0.0.1 is new: added",
               "point 11 of station 47 is new: added", "stops with 1 connections"],
    "Connection": ["state CLOSED -> CLOSED_AWAIT_OPEN", "state OPEN_MUTED -> OPEN", ": STARTDT confirmed", "initial interrogation is sent",
                   "initial clock synchronization is sent", "initial command succeeded", "command C_SC_NA_1 CA 47 IOA 12 succeeded", ": remove_station 48"],
    "Station": ["station 47 made", "station 47: update of 1 points, cause 3", "station 47: add_point M_ME_TF_1 at IOA 11", "station 47: add_point C_SC_NA_1 at IOA 12"],
    "Point": ["CA 47 IOA 11 M_ME_TF_1: set to 12.5, quality IV, recorded 20", "CA 47 IOA 11 M_ME_NC_1: received 12.5, quality IV",
              "CA 47 IOA 12 C_SC_NA_1: transmit, cause 6", "CA 47 IOA 12 C_SC_NA_1: commanded on, qualifier 0"],
    "Message": [" <-- C_IC_NA_1 | ACTIVATION | POSITIVE | GLOBAL | 1st IOA 0 | LIST[1]", " --> C_IC_NA_1 | ACTIVATION | POSITIVE | GLOBAL",
                " --> M_ME_NC_1 | INTERROGATED_BY_STATION | POSITIVE | CA 47 | 1st IOA 11", " <-- C_SC_NA_1 | ACTIVATION_CON | POSITIVE | CA 47"],
    "Callback": ["Server.on_connect is now ", "Point.on_receive is now ", "Server.on_connect ran ", "Point.on_receive ran "],
    "Gil": [" us for the GIL"],
}  # fmt: skip


@pytest.mark.parametrize("flag", list(EXPECTED))
def test_each_flag(
    flag: str,
    lines: Callable[[str], List[str]],
    make_server: Callable[..., c104.Server],
    make_client: Callable[..., c104.Client],
) -> None:
    c104.set_debug_mode(getattr(c104.Debug, flag))
    scene(make_server, make_client)
    for part in EXPECTED[flag]:
        wait_until(lambda: any(part in line for line in lines(flag.lower())), 5, f"{part!r} is not in {lines(flag.lower())}")
    c104.set_debug_mode(c104.Debug())
    for other in EXPECTED:
        if other not in (flag, "Callback"):
            assert lines(other.lower()) == [], other


def test_without_flags_nothing_is_written(
    caplog: Any,
    lines: Callable[[str], List[str]],
    make_server: Callable[..., c104.Server],
    make_client: Callable[..., c104.Client],
) -> None:
    c104.set_debug_mode(c104.Debug())
    scene(make_server, make_client)  # writes what was left of an earlier test
    caplog.clear()
    scene(make_server, make_client)
    assert [line for part in EXPECTED for line in lines(part.lower())] == []


def test_a_flood_says_what_it_dropped(
    caplog: Any,
    lines: Callable[[str], List[str]],
    make_server: Callable[..., c104.Server],
    make_master: Callable[..., RawMaster],
) -> None:
    """The queue is bounded: 20,000 values are set before any line can be written."""
    server = make_server()
    station = server.add_station(CA)
    assert station
    point = station.add_point(1, c104.Type.M_ME_NB_1)
    assert point
    c104.set_debug_mode(c104.Debug.Point)
    for number in range(20000):
        point.value = c104.Int16(number)
    c104.set_debug_mode(c104.Debug())
    server.start()  # the first thread that can write
    wait_until(lambda: any("log lines dropped" in r.getMessage() for r in caplog.records), 10)
    assert 3000 < len(lines("point")) <= 4096
    (dropped,) = [r for r in caplog.records if "log lines dropped" in r.getMessage()]
    assert dropped.levelno == logging.WARNING
    assert int(dropped.getMessage().split()[0]) + len(lines("point")) == 20000
    assert holds(lambda: len(lines("point")) <= 4096, 0.1)
    make_master(server.port)
