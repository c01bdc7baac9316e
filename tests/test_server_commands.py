# SPDX-License-Identifier: GPL-3.0-or-later
"""Commands at a server: lazy answers, what a command returns, and who owns a selection for how long."""

from __future__ import annotations

from typing import Any, Callable, List

import c104
import pytest
from support import asdu
from support.master import RawMaster
from support.waiting import holds, wait_until

CA, IOA, SHOWN = 47, 5, 6
SELECT, EXECUTE = b"\x81", b"\x01"
SUCCESS, FAILURE, NONE = c104.ResponseState.SUCCESS, c104.ResponseState.FAILURE, c104.ResponseState.NONE
TELL = (asdu.ACT_CON, asdu.DEACT_CON, asdu.ACT_TERM, 44, 45, 46, 47)


@pytest.fixture
def station(server: c104.Server) -> c104.Station:
    made = server.add_station(CA)
    assert made
    made.add_point(SHOWN, c104.Type.M_SP_NA_1)
    server.start()
    return made


def command_point(station: c104.Station, response: Any = SUCCESS, **options: Any) -> c104.Point:
    def on_receive(point: c104.Point, previous_info: c104.Information, message: c104.IncomingMessage) -> c104.ResponseState:
        return response

    point = station.add_point(IOA, c104.Type.C_SC_NA_1, **options)
    assert point
    point.on_receive(callable=on_receive)
    return point


def selectable(station: c104.Station) -> c104.Point:
    return command_point(station, command_mode=c104.CommandMode.SELECT_AND_EXECUTE)


def ask(master: RawMaster, element: bytes, cot: int = asdu.ACT) -> List[Any]:
    """Sends a command; cause and P/N of its answer."""
    count = len(master.asdus(45))
    master.send(asdu.command(45, CA, IOA, element, cot=cot, oa=master.oa))
    one = master.wait_asdu(45, count=count + 1)
    assert (one.oa, one.io_address, one.element) == (master.oa, IOA, element)
    return [one.cot, one.negative]


# Lazy answers.


@pytest.mark.parametrize("cot", TELL)
def test_the_answer_can_be_given_later(
    server: c104.Server, station: c104.Station, make_master: Callable[..., RawMaster], cot: int
) -> None:
    """ResponseState.NONE says nothing; transmit() answers the master that asked, with its originator address."""
    point = command_point(station, NONE)
    master, other = make_master(server.port, oa=123), make_master(server.port, oa=7)
    wait_until(lambda: server.active_connection_count == 2)
    master.send(asdu.command(45, CA, IOA, EXECUTE, oa=123))
    wait_until(lambda: point.value is True)
    assert holds(lambda: not master.asdus(45), 0.1)
    assert point.transmit(cause=c104.Cot(cot)) is True
    one = master.wait_asdu(45)
    assert (one.cot, one.negative, one.oa, one.io_address, one.element) == (cot, cot >= 44, 123, IOA, EXECUTE)
    other.testfr()
    assert other.asdus() == []


# The value that shows what a command did.


@pytest.mark.parametrize(
    "response, sent", [(SUCCESS, True), (FAILURE, False), (NONE, False)], ids=["success", "failure", "none"]
)
def test_related_point_returns(
    server: c104.Server, station: c104.Station, make_master: Callable[..., RawMaster], response: Any, sent: bool
) -> None:
    point = command_point(station, response, related_io_address=SHOWN, related_io_autoreturn=True)
    shown = station.get_point(SHOWN)
    assert shown
    shown.value = True
    masters = [make_master(server.port), make_master(server.port)]
    wait_until(lambda: server.active_connection_count == 2)
    masters[0].send(asdu.command(45, CA, IOA, EXECUTE))
    wait_until(lambda: point.value is True)
    if sent:
        for one in masters:
            value = one.wait_asdu(1)
            assert (value.cot, value.objects) == (11, [(SHOWN, b"\x01")])
        causes = [one.cot for one in masters[0].asdus()]
        assert causes == [asdu.ACT_CON, 11], "the confirmation comes first"
    else:
        assert holds(lambda: not any(one.asdus(1) for one in masters), 0.1)


def test_without_autoreturn_nothing_returns(
    server: c104.Server, station: c104.Station, make_master: Callable[..., RawMaster]
) -> None:
    command_point(station, related_io_address=SHOWN)
    master = make_master(server.port)
    assert ask(master, EXECUTE) == [asdu.ACT_CON, False]
    assert holds(lambda: not master.asdus(1), 0.1)


# Selections.


def test_a_selection_belongs_to_its_master(
    server: c104.Server, station: c104.Station, make_master: Callable[..., RawMaster]
) -> None:
    point = selectable(station)
    owner, other = make_master(server.port, oa=1), make_master(server.port, oa=2)
    assert ask(owner, SELECT) == [asdu.ACT_CON, False]
    assert point.selected_by == 1
    assert ask(other, SELECT) == [asdu.ACT_CON, True]
    assert ask(other, EXECUTE) == [asdu.ACT_CON, True]
    assert ask(other, SELECT, asdu.DEACT) == [asdu.DEACT_CON, True] and point.selected_by == 1
    assert point.value is False, "nothing was executed"
    assert ask(owner, EXECUTE) == [asdu.ACT_CON, False]
    assert owner.wait_asdu(45, asdu.ACT_TERM).negative is False
    assert point.value is True
    assert ask(owner, EXECUTE) == [asdu.ACT_CON, True], "a selection is good for one execution"
    assert ask(other, SELECT) == [asdu.ACT_CON, False]


def test_a_selection_ends_with_its_link(
    server: c104.Server, station: c104.Station, make_master: Callable[..., RawMaster]
) -> None:
    point = selectable(station)
    owner, other = make_master(server.port, oa=1), make_master(server.port, oa=2)
    assert ask(owner, SELECT) == [asdu.ACT_CON, False]
    owner.close(hard=True)
    wait_until(lambda: point.selected_by is None)
    assert ask(other, SELECT) == [asdu.ACT_CON, False]


def test_a_selection_can_be_cancelled(
    server: c104.Server, station: c104.Station, make_master: Callable[..., RawMaster]
) -> None:
    point = selectable(station)
    master = make_master(server.port, oa=1)
    assert ask(master, SELECT, asdu.DEACT) == [asdu.DEACT_CON, True], "nothing is selected"
    assert ask(master, SELECT) == [asdu.ACT_CON, False]
    assert ask(master, SELECT, asdu.DEACT) == [asdu.DEACT_CON, False]
    wait_until(lambda: point.selected_by is None)
    assert ask(master, EXECUTE) == [asdu.ACT_CON, True]
    assert point.value is False


def test_a_selection_expires(make_server: Callable[..., c104.Server], make_master: Callable[..., RawMaster]) -> None:
    server = make_server(select_timeout_ms=200)
    station = server.add_station(CA)
    assert station
    point = selectable(station)
    server.start()
    master = make_master(server.port, oa=1)
    assert ask(master, SELECT) == [asdu.ACT_CON, False]
    assert master.wait_asdu(45, asdu.ACT_TERM).element == SELECT
    wait_until(lambda: point.selected_by is None)
    assert ask(master, EXECUTE) == [asdu.ACT_CON, True]
    assert point.value is False


def test_a_direct_point_is_not_selected(
    server: c104.Server, station: c104.Station, make_master: Callable[..., RawMaster]
) -> None:
    point = command_point(station)
    assert ask(make_master(server.port), SELECT) == [asdu.ACT_CON, True]
    assert point.value is False


# Every type.


@pytest.mark.parametrize(
    "type_id, element, value",
    [
        (45, b"\x01", True),
        (46, b"\x02", c104.Double.ON),
        (47, b"\x01", c104.Step.LOWER),
        (48, asdu.nva(-16384) + b"\x00", -0.5),
        (49, b"\x2e\xfb\x00", -1234),
        (50, b"\x00\x00\xc0\x3f\x00", 1.5),
        (51, b"\x01\x02\x03\x04", b"\x01\x02\x03\x04"),
    ],
)
@pytest.mark.parametrize("timed", [False, True], ids=["", "timed"])
def test_every_command_type(
    server: c104.Server,
    station: c104.Station,
    make_master: Callable[..., RawMaster],
    type_id: int,
    element: bytes,
    value: Any,
    timed: bool,
) -> None:
    number = type_id + 13 * timed
    seen: List[Any] = []

    def on_receive(point: c104.Point, previous_info: c104.Information, message: c104.IncomingMessage) -> c104.ResponseState:
        seen.append((point.value, point.recorded_at))
        return SUCCESS

    point = station.add_point(IOA, c104.Type(number))
    assert point
    point.on_receive(callable=on_receive)
    octets = element + (asdu.cp56(asdu.TAG_MOMENT) if timed else b"")
    master = make_master(server.port)
    master.send(asdu.command(number, CA, IOA, octets))
    one = master.wait_asdu(number)
    assert (one.cot, one.negative, one.element) == (asdu.ACT_CON, False, octets)
    ((got, recorded_at),) = seen
    assert (bytes(got) if isinstance(value, bytes) else float(got) if isinstance(value, float) else got) == value or int(
        got
    ) == value
    assert recorded_at == (asdu.local(asdu.TAG_MOMENT) if timed else None)
