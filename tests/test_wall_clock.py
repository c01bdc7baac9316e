# SPDX-License-Identifier: GPL-3.0-or-later
"""A wall clock that is set, hours ahead and back: links stay, timers run as before, time tags follow it.

c104 runs in a process with a shifted clock; its partner is raw, in this one, with the real clock.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, Callable, Iterator, List

import pytest
from support import apci, asdu
from support.master import RawMaster
from support.peer import Snippet
from support.station import RawStation, StationLink
from support.waiting import holds, wait_until
from support.wall_clock import WallClock

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the clock is shifted through LD_PRELOAD, which is Linux's")
STEPS = (3, -6, 24 * 40, -24 * 80)  # hours
SHORT_TIMERS = """
parameters.confirm_interval = 1
parameters.keep_alive_interval = 1
parameters.message_timeout = 3
"""

SERVER = f"""
import time, c104
server = c104.Server(ip="127.0.0.1", port=0, tick_rate_ms=50, select_timeout_ms=TIMEOUT)
parameters = server.protocol_parameters
{SHORT_TIMERS}
station = server.add_station(common_address=1)
reported = station.add_point(io_address=1, type=c104.Type.M_ME_NB_1, report_ms=200)
tagged = station.add_point(io_address=2, type=c104.Type.M_SP_TB_1)
command = station.add_point(io_address=3, type=c104.Type.C_SC_NA_1, command_mode=c104.CommandMode.SELECT_AND_EXECUTE)
ticks = 0
def on_timer(point: c104.Point) -> None:
    global ticks
    ticks += 1
tagged.on_timer(callable=on_timer, interval_ms=200)
server.start()
say(port=server.port)
while hear() is not None:
    tagged.value = not tagged.value
    say(ticks=ticks, sent=tagged.transmit(c104.Cot.SPONTANEOUS), time=time.time(), open=server.open_connection_count)
server.stop()
"""

CLIENT = f"""
import time, c104
client = c104.Client(tick_rate_ms=50, command_timeout_ms=TIMEOUT)
connection = client.add_connection(ip="127.0.0.1", port=PORT, init=c104.Init.NONE)
parameters = connection.protocol_parameters
{SHORT_TIMERS}
point = connection.add_station(common_address=1).add_point(io_address=11, type=c104.Type.M_SP_NA_1)
ticks = 0
def on_timer(point: c104.Point) -> None:
    global ticks
    ticks += 1
point.on_timer(callable=on_timer, interval_ms=200)
client.start()
while connection.state != c104.ConnectionState.OPEN:
    time.sleep(0.01)
say(open=True)
while (order := hear()) is not None:
    if order["do"] == "sync":
        say(done=connection.clock_sync(common_address=1))
    else:
        say(ticks=ticks, open=connection.is_connected, reconnects=connection.counters["reconnects"], timeouts=connection.counters["timeouts"],
            processed_at=point.processed_at.timestamp(), connected_at=connection.connected_at.timestamp() if connection.connected_at else 0)
client.stop()
"""


@pytest.fixture
def clock(tmp_path: Path) -> WallClock:
    return WallClock(tmp_path)


@pytest.fixture
def ask(make_snippet: Callable[..., Snippet], clock: WallClock) -> Iterator[Callable[..., Any]]:
    """Starts a program under the clock; then asks it."""
    programs: List[Snippet] = []

    def start(code: str) -> Any:
        programs.append(make_snippet(code, env=clock.environment))
        return programs[0].ask(30)

    def ask(code: str = "", wait: bool = True, **order: Any) -> Any:
        if code:
            return start(code)
        if order:
            programs[0].tell(**order)
        return programs[0].ask(30) if wait else None

    yield ask
    assert programs[0].wait() == 0, programs[0].stderr


def within_a_minute(moment: float, clock: WallClock) -> bool:
    return abs(moment - clock.now()) < 60


def test_a_server_goes_on_when_its_clock_is_set(
    clock: WallClock, ask: Callable[..., Any], make_master: Callable[..., Any]
) -> None:
    port = ask(SERVER.replace("TIMEOUT", "10000"))["port"]
    master: RawMaster = make_master(port)
    assert within_a_minute(ask(do="look")["time"], clock)
    for hours in STEPS:
        reports, tests = len(master.asdus(11)), master.u_frames().count(apci.TESTFR_ACT)
        ticks = ask(do="look")["ticks"]
        clock.step(hours)
        seen = ask(do="look")
        assert within_a_minute(seen["time"], clock), "the clock was not shifted"
        assert seen["sent"] and seen["open"] == 1

        # Timers go on at their pace: neither do they wait for the old time to come back, nor make up for hours.
        wait_until(lambda reports=reports: len(master.asdus(11)) >= reports + 5, 10, "no periodic values any more")
        wait_until(lambda ticks=ticks: ask(do="look")["ticks"] >= ticks + 5, 10, "no on_timer any more")
        assert len(master.asdus(11)) < reports + 500 and ask(do="look")["ticks"] < ticks + 500
        assert not master.closed.is_set()

        # Time tags are those of the new time.
        wait_until(lambda: within_a_minute(asdu.from_cp56(master.asdus(30)[-1].element[1:]).timestamp(), clock))
        assert master.u_frames().count(apci.TESTFR_ACT) < tests + 50
    assert master.asdus(45) == []


def test_idle_links_of_a_server_stay_and_are_watched(
    clock: WallClock, ask: Callable[..., Any], make_master: Callable[..., Any]
) -> None:
    code = SERVER.replace("TIMEOUT", "10000").replace(", report_ms=200", "")
    port = ask(code)["port"]
    master: RawMaster = make_master(port)
    for hours in STEPS:
        tests = master.u_frames().count(apci.TESTFR_ACT)
        clock.step(hours)
        # t3: test frames go on, and one a second, not one for each second that the clock was set by.
        wait_until(lambda tests=tests: master.u_frames().count(apci.TESTFR_ACT) > tests, 10, "no test frames any more")
        assert master.u_frames().count(apci.TESTFR_ACT) < tests + 50 and not master.closed.is_set()
    # t1: who does not answer them is still noticed.
    clock.step(-5)
    master.answer_testfr = False
    assert master.wait_closed(20), "t1 did not expire"


@pytest.mark.parametrize("hours", STEPS)
def test_a_selection_lasts_as_long_as_before(
    clock: WallClock, ask: Callable[..., Any], make_master: Callable[..., Any], hours: float
) -> None:
    port = ask(SERVER.replace("TIMEOUT", "3000"))["port"]
    master: RawMaster = make_master(port)
    select, execute = (asdu.command(45, 1, 3, bytes((value,))) for value in (0x81, 0x01))
    master.send(select)
    master.wait_asdu(45, asdu.ACT_CON)
    clock.step(hours)
    assert holds(lambda: not master.asdus(45, asdu.ACT_TERM), 0.5), "the selection ended with the clock"
    master.send(execute)
    master.wait_asdu(45, asdu.ACT_TERM)
    assert [one.negative for one in master.asdus(45)] == [False] * 3
    # And no longer: one that is not executed ends.
    master.clear()
    master.send(select)
    master.wait_asdu(45, asdu.ACT_CON)
    clock.step(-hours)
    master.wait_asdu(45, asdu.ACT_TERM, timeout=15)


def test_a_client_goes_on_when_its_clock_is_set(clock: WallClock, ask: Callable[..., Any], station: RawStation) -> None:
    ask(CLIENT.replace("PORT", str(station.port)).replace("TIMEOUT", "60000"))
    for hours in STEPS:
        tests = station.u_frames().count(apci.TESTFR_ACT)
        ticks = ask(do="look")["ticks"]
        clock.step(hours)
        wait_until(lambda tests=tests: station.u_frames().count(apci.TESTFR_ACT) > tests, 10, "no test frames any more")
        wait_until(lambda ticks=ticks: ask(do="look")["ticks"] >= ticks + 5, 10, "no on_timer any more")
        station.send(asdu.build(1, asdu.SPONTANEOUS, 1, [(11, asdu.single(True))]))
        wait_until(lambda: within_a_minute(ask(do="look")["processed_at"], clock), 5, "processed_at is not the new time")
        assert ask(do="sync")["done"]
        assert within_a_minute(asdu.from_cp56(station.i_frames(103)[-1].element).timestamp(), clock)
        seen = ask(do="look")
        assert seen["open"] and seen["ticks"] < ticks + 500
        assert (seen["reconnects"], seen["timeouts"]) == (0, {"t0": 0, "t1": 0, "command": 0})
        assert station.u_frames().count(apci.TESTFR_ACT) < tests + 50
    assert station.accepted == 1


@pytest.mark.parametrize("hours", STEPS)
def test_a_command_waits_as_long_as_before(
    clock: WallClock, ask: Callable[..., Any], station: RawStation, hours: float
) -> None:
    waiting: List[Any] = []
    station.on(103, lambda link, request: waiting.append((link, request)))
    ask(CLIENT.replace("PORT", str(station.port)).replace("TIMEOUT", "3000"))

    ask(wait=False, do="sync")
    wait_until(lambda: waiting)
    clock.step(hours)
    link, request = waiting.pop()
    confirm(link, request)
    assert ask()["done"], "the command ended with the clock"

    ask(wait=False, do="sync")
    wait_until(lambda: waiting)
    clock.step(-hours)
    assert not ask()["done"]  # in some seconds, not in hours
    assert ask(do="look")["timeouts"]["command"] == 1


def confirm(link: StationLink, request: asdu.Asdu) -> None:
    link.send(request.mirrored(asdu.ACT_CON))


@pytest.mark.parametrize("hours", STEPS)
def test_a_client_comes_back_as_soon_as_before(
    clock: WallClock, ask: Callable[..., Any], station: RawStation, hours: float
) -> None:
    ask(CLIENT.replace("PORT", str(station.port)).replace("TIMEOUT", "3000"))
    station.reset()
    wait_until(lambda: not ask(do="look")["open"])
    clock.step(hours)
    wait_until(lambda: station.accepted == 2 and station.started, 10, "no reconnect after the step")
    wait_until(lambda: within_a_minute(ask(do="look")["connected_at"], clock), 5, "connected_at is not the new time")
