# SPDX-License-Identifier: GPL-3.0-or-later
"""The API from inside of callbacks: each call does there what it does elsewhere, and the link lives, or comes back, afterwards.

That no call hangs, slow callbacks, memory and the end of the interpreter are in test_callbacks.py.
"""

from __future__ import annotations

import threading
import time
from typing import Any, Callable, Dict, Iterator, List, Tuple

import c104
import pytest
from support import apci, asdu
from support.station import RawStation
from support.waiting import wait_until

CA, IOA, COMMAND_IOA = 1, 11, 21
OPEN, CLOSED = c104.ConnectionState.OPEN, c104.ConnectionState.CLOSED


class Scene:
    """A station, a client that isn't started yet, a monitoring and a command point."""

    def __init__(self, raw: RawStation, client: c104.Client) -> None:
        self.raw, self.client = raw, client
        raw.read_data[IOA] = self.value(IOA, asdu.REQUEST)
        raw.gi_data = [self.value(IOA, asdu.BY_STATION)]
        self.connection = client.add_connection(ip="127.0.0.1", port=raw.port, init=c104.Init.NONE)
        self.station = self.connection.add_station(CA)
        self.point = self.station.add_point(IOA, c104.Type.M_ME_NB_1)
        self.command = self.station.add_point(COMMAND_IOA, c104.Type.C_SC_NA_1)
        self.command.value = True

    @staticmethod
    def value(address: int, cot: int = asdu.SPONTANEOUS, ca: int = CA) -> bytes:
        return asdu.build(11, cot, ca, [(address, asdu.measured16(7))])

    def open(self) -> None:
        self.client.start()
        wait_until(lambda: self.connection.state == OPEN)

    def is_alive(self) -> bool:
        return self.connection.state == OPEN and self.connection.test(common_address=CA) is True


@pytest.fixture
def scene(station: RawStation, client: c104.Client) -> Iterator[Scene]:
    yield Scene(station, client)


# Each callback: how it is set to run `body`, and what makes the station or the client call it once more.

Body = Callable[[], Any]


def set_new_station(scene: Scene, body: Body) -> None:
    def callback(client: c104.Client, connection: c104.Connection, common_address: int) -> None:
        body()

    scene.client.on_new_station(callable=callback)


def set_new_point(scene: Scene, body: Body) -> None:
    def callback(client: c104.Client, station: c104.Station, io_address: int, point_type: c104.Type) -> None:
        body()

    scene.client.on_new_point(callable=callback)


def set_receive(scene: Scene, body: Body) -> None:
    def callback(point: c104.Point, previous_info: c104.Information, message: c104.IncomingMessage) -> c104.ResponseState:
        body()
        return c104.ResponseState.SUCCESS

    scene.point.on_receive(callable=callback)


def set_station_initialized(scene: Scene, body: Body) -> None:
    def callback(client: c104.Client, station: c104.Station, cause: c104.Coi) -> None:
        body()

    scene.client.on_station_initialized(callable=callback)


def set_state_change(scene: Scene, body: Body) -> None:
    def callback(connection: c104.Connection, state: c104.ConnectionState) -> None:
        if state == OPEN:
            body()

    scene.connection.on_state_change(callable=callback)


def set_receive_raw(scene: Scene, body: Body) -> None:
    def callback(connection: c104.Connection, data: bytes) -> None:
        body()

    scene.connection.on_receive_raw(callable=callback)


def set_send_raw(scene: Scene, body: Body) -> None:
    def callback(connection: c104.Connection, data: bytes) -> None:
        body()

    scene.connection.on_send_raw(callable=callback)


def set_unexpected_message(scene: Scene, body: Body) -> None:
    def callback(connection: c104.Connection, message: c104.IncomingMessage, cause: c104.Umc) -> None:
        body()

    scene.connection.on_unexpected_message(callable=callback)


def unmute_again(scene: Scene) -> None:
    scene.connection.mute()
    wait_until(lambda: scene.connection.state == c104.ConnectionState.OPEN_MUTED)
    scene.connection.unmute()


SETTERS: Dict[str, Callable[[Scene, Body], None]] = {
    "on_new_station": set_new_station,
    "on_new_point": set_new_point,
    "on_receive": set_receive,
    "on_station_initialized": set_station_initialized,
    "on_state_change": set_state_change,
    "on_receive_raw": set_receive_raw,
    "on_send_raw": set_send_raw,
    "on_unexpected_message": set_unexpected_message,
}
TRIGGERS: Dict[str, Callable[[Scene], Any]] = {
    "on_new_station": lambda scene: scene.raw.send(scene.value(IOA, ca=2)),
    "on_new_point": lambda scene: scene.raw.send(scene.value(77)),
    "on_receive": lambda scene: scene.raw.send(scene.value(IOA)),
    "on_station_initialized": lambda scene: scene.raw.send(asdu.end_of_init(CA)),
    "on_state_change": unmute_again,
    "on_receive_raw": lambda scene: scene.raw.send_raw(apci.u_frame(apci.TESTFR_ACT)),
    "on_send_raw": lambda scene: scene.raw.send_raw(apci.u_frame(apci.TESTFR_ACT)),
    "on_unexpected_message": lambda scene: scene.raw.send(scene.value(IOA, asdu.ACT)),
}
CALLBACKS = list(SETTERS)


# Each call of the API: what it must answer.


def add_and_remove(scene: Scene) -> bool:
    station = scene.connection.add_station(99)
    point = station.add_point(5, c104.Type.M_SP_NA_1)
    return (
        station.get_point(5) is point
        and station.remove_point(5)
        and scene.connection.remove_station(99)
        and scene.connection.get_station(99) is None
    )


def remove_everything(scene: Scene) -> bool:
    return (
        scene.station.remove_point(IOA) and scene.connection.remove_station(CA) and scene.connection.add_station(CA) is not None
    )


def look_around(scene: Scene) -> bool:
    return (
        scene.client.connections == [scene.connection]
        and scene.connection.is_connected
        and scene.client.is_running
        and scene.connection.connected_at is not None
        and scene.station.connection is scene.connection
        and scene.client.get_connection(common_address=CA) is scene.connection
        and repr(scene.point) != ""
    )


def set_callbacks_anew(scene: Scene) -> bool:
    for name in CALLBACKS:
        SETTERS[name](scene, lambda: None)
    return True


KEEPS_THE_LINK: Dict[str, Callable[[Scene], bool]] = {
    "add_and_remove": add_and_remove,
    "remove_everything": remove_everything,
    "look_around": look_around,
    "set_callbacks_anew": set_callbacks_anew,
    "interrogation": lambda scene: scene.connection.interrogation(common_address=CA),
    "interrogation_no_wait": lambda scene: scene.connection.interrogation(common_address=CA, wait_for_response=False),
    "counter_interrogation": lambda scene: scene.connection.counter_interrogation(common_address=CA),
    "clock_sync": lambda scene: scene.connection.clock_sync(common_address=CA),
    "test": lambda scene: scene.connection.test(common_address=CA),
    "read": lambda scene: scene.point.read(),
    "transmit": lambda scene: scene.command.transmit(cause=c104.Cot.ACTIVATION),
    "mute_unmute": lambda scene: scene.connection.mute() and scene.connection.unmute(),
    "start": lambda scene: scene.client.start() is None,
    "add_connection": lambda scene: scene.client.add_connection(ip="127.0.0.1", port=1) is not None,
}
ENDS_THE_LINK: Dict[str, Callable[[Scene], None]] = {
    "disconnect": lambda scene: scene.connection.disconnect(),
    "disconnect_all": lambda scene: scene.client.disconnect_all(),
    "stop": lambda scene: scene.client.stop(),
}


class Inside:
    """Runs a call of the API in the first run of a callback that follows `arm()`; `result()` waits for its answer."""

    def __init__(self, call: Callable[[], Any]) -> None:
        self.call = call
        self.calls = 0
        self.runs: List[Any] = []
        self.done = threading.Event()
        self.armed = threading.Lock()
        self.armed.acquire()

    def arm(self) -> None:
        self.armed.release()

    def __call__(self) -> None:
        self.calls += 1
        if not self.armed.acquire(blocking=False):
            return
        try:
            self.runs.append(self.call())
        except BaseException as error:
            self.runs.append(error)
        self.done.set()

    def result(self) -> Any:
        assert self.done.wait(4), "the call inside of the callback did not return"
        return self.runs[0]


def run_inside(scene: Scene, name: str, call: Callable[[], Any]) -> Any:
    """Opens the link and has `call` run in the callback `name`."""
    inside = Inside(call)
    SETTERS[name](scene, inside)
    scene.open()
    if name == "on_state_change":
        wait_until(lambda: inside.calls)  # the first OPEN
    inside.arm()
    TRIGGERS[name](scene)
    return inside.result()


@pytest.mark.parametrize("action", list(KEEPS_THE_LINK))
@pytest.mark.parametrize("name", CALLBACKS)
def test_every_call_works_inside(scene: Scene, name: str, action: str) -> None:
    assert run_inside(scene, name, lambda: KEEPS_THE_LINK[action](scene)) is True
    wait_until(scene.is_alive)
    assert scene.raw.accepted == 1


@pytest.mark.parametrize("action", list(ENDS_THE_LINK))
@pytest.mark.parametrize("name", CALLBACKS)
def test_the_link_can_be_ended_inside(scene: Scene, name: str, action: str) -> None:
    assert run_inside(scene, name, lambda: ENDS_THE_LINK[action](scene)) is None
    wait_until(lambda: scene.connection.state == CLOSED and not scene.raw.links)
    assert scene.client.is_running is (action != "stop")
    scene.client.start()
    scene.connection.connect()
    wait_until(scene.is_alive)
    assert scene.raw.accepted == 2


@pytest.mark.parametrize("name", CALLBACKS)
def test_reconnect_all_inside(scene: Scene, name: str) -> None:
    assert run_inside(scene, name, scene.client.reconnect_all) is None
    wait_until(lambda: scene.raw.accepted == 2 and scene.connection.state == OPEN)
    assert scene.is_alive()


@pytest.mark.parametrize("name", CALLBACKS)
def test_a_callback_can_remove_itself(scene: Scene, name: str) -> None:
    owner = next(one for one in (scene.point, scene.client, scene.connection) if hasattr(one, name))
    calls: List[int] = []

    def body() -> None:
        calls.append(1)
        getattr(owner, name)(callable=None)

    SETTERS[name](scene, body)
    scene.open()
    TRIGGERS[name](scene)
    wait_until(lambda: calls and scene.connection.state == OPEN)
    TRIGGERS[name](scene)
    wait_until(scene.is_alive)  # its answer comes after whatever the trigger sent
    assert calls == [1]


@pytest.mark.parametrize("name", ["on_receive_raw", "on_send_raw"])
def test_a_raw_callback_set_on_an_open_link_misses_nothing(scene: Scene, name: str) -> None:
    """It is in force when the setter returns."""
    scene.open()
    for _ in range(100):
        called = threading.Event()
        SETTERS[name](scene, called.set)
        TRIGGERS[name](scene)
        assert called.wait(2)
        getattr(scene.connection, name)(callable=None)


# Callbacks that raise.


@pytest.mark.parametrize("error", [ZeroDivisionError, SystemExit, KeyboardInterrupt])
@pytest.mark.parametrize("name", CALLBACKS)
def test_an_error_is_reported_and_the_callback_stays(
    scene: Scene, name: str, error: Callable[[str], BaseException], unraisable: List[Any]
) -> None:
    calls: List[int] = []

    def body() -> None:
        calls.append(1)
        raise error(f"mine {len(calls)}")

    SETTERS[name](scene, body)
    scene.open()
    TRIGGERS[name](scene)
    wait_until(lambda: (error, "mine 1") in unraisable and scene.connection.state == OPEN)
    reached = len(calls)
    TRIGGERS[name](scene)
    wait_until(lambda: len(calls) > reached)
    wait_until(scene.is_alive)
    assert scene.raw.accepted == 1
    scene.client.stop()  # what is still on its way is reported to the fixture


def test_a_raising_on_new_point_adopts_nothing(scene: Scene, unraisable: List[Any]) -> None:
    def body() -> None:
        raise ValueError("no")

    set_new_point(scene, body)
    scene.open()
    scene.raw.send(scene.value(77), scene.value(IOA))
    wait_until(lambda: int(scene.point.value) == 7)
    assert scene.station.get_point(77) is None
    assert len(unraisable) == 1


# Order, and who waits for whom.


def test_messages_are_delivered_in_order(scene: Scene) -> None:
    seen: List[Tuple[int, int, int]] = []

    def callback(point: c104.Point, previous_info: c104.Information, message: c104.IncomingMessage) -> c104.ResponseState:
        seen.append((int(previous_info.value), int(point.value), int(message.info.value)))
        return c104.ResponseState.SUCCESS

    scene.point.on_receive(callable=callback)
    scene.open()
    scene.raw.send(*[asdu.build(11, asdu.SPONTANEOUS, CA, [(IOA, asdu.measured16(number))]) for number in range(1, 2001)])
    wait_until(lambda: len(seen) == 2000)
    assert seen == [(number - 1, number, number) for number in range(1, 2001)]


def test_stop_while_a_callback_sleeps(scene: Scene) -> None:
    """stop() must not hold the GIL that the callback needs to end."""
    entered = threading.Event()

    def body() -> None:
        entered.set()
        time.sleep(0.3)

    set_receive(scene, body)
    scene.open()
    scene.raw.send(scene.value(IOA))
    assert entered.wait(3)
    scene.client.stop()
    assert scene.connection.state == CLOSED


# Muting.


def test_unmute_while_stopdt_is_unconfirmed(scene: Scene) -> None:
    """unmute() that answers True starts the transfer again, also when the station takes its time to confirm the STOPDT."""
    scene.open()
    scene.raw.mode = "silent"
    assert scene.connection.mute() is True
    scene.raw.wait_for(lambda frame: frame.u == apci.STOPDT_ACT)
    assert scene.connection.unmute() is True
    scene.raw.send_raw(apci.u_frame(apci.STOPDT_CON))
    wait_until(lambda: scene.raw.u_frames().count(apci.STARTDT_ACT) == 2)
    scene.raw.mode = "normal"
    scene.raw.send_raw(apci.u_frame(apci.STARTDT_CON))
    wait_until(scene.is_alive)


def test_mute_while_startdt_is_unconfirmed(scene: Scene) -> None:
    """mute() that answers True holds, whatever is under way."""
    # Silent, for the confirmations must come in the order of the requests.
    scene.raw.mode = "silent"
    scene.client.start()
    scene.raw.wait_for(lambda frame: frame.u == apci.STARTDT_ACT)
    muted = scene.connection.mute()
    scene.raw.send_raw(apci.u_frame(apci.STARTDT_CON))
    if muted:
        wait_until(lambda: apci.STOPDT_ACT in scene.raw.u_frames())
        scene.raw.mode = "normal"
        scene.raw.send_raw(apci.u_frame(apci.STOPDT_CON))
        scene.raw.send_raw(apci.u_frame(apci.TESTFR_ACT))
        wait_until(lambda: apci.TESTFR_CON in scene.raw.u_frames())  # all before it was handled
        assert scene.connection.state == c104.ConnectionState.OPEN_MUTED
    else:
        scene.raw.mode = "normal"
        wait_until(scene.is_alive)
