# SPDX-License-Identifier: GPL-3.0-or-later
"""Client callbacks: every call from inside each of them, exceptions, slow callbacks, the end of the interpreter."""

import gc
import sys
import threading
import time

import c104
import pytest
from support import asdu, sanitizers
from support.heap import resident_kib
from support.waiting import eventually, holds, wait_until

CA = 1

# What a callback may do. Each gets (client, connection, station, command point, monitoring point).
CALLS = {
    "interrogation": lambda cl, co, st, cmd, mon: co.interrogation(common_address=CA),
    "interrogation_nowait": lambda cl, co, st, cmd, mon: co.interrogation(common_address=CA, wait_for_response=False),
    "counter_interrogation": lambda cl, co, st, cmd, mon: co.counter_interrogation(common_address=CA),
    "clock_sync": lambda cl, co, st, cmd, mon: co.clock_sync(common_address=CA),
    "test": lambda cl, co, st, cmd, mon: co.test(common_address=CA),
    "transmit": lambda cl, co, st, cmd, mon: cmd.transmit(cause=c104.Cot.ACTIVATION),
    "read": lambda cl, co, st, cmd, mon: mon.read(),
    "mute": lambda cl, co, st, cmd, mon: co.mute(),
    "unmute": lambda cl, co, st, cmd, mon: co.unmute(),
    "connect": lambda cl, co, st, cmd, mon: co.connect(),
    "disconnect": lambda cl, co, st, cmd, mon: co.disconnect(),
    "disconnect_all": lambda cl, co, st, cmd, mon: cl.disconnect_all(),
    "reconnect_all": lambda cl, co, st, cmd, mon: cl.reconnect_all(),
    "stop": lambda cl, co, st, cmd, mon: cl.stop(),
    "start": lambda cl, co, st, cmd, mon: cl.start(),
    "stop_start": lambda cl, co, st, cmd, mon: (cl.stop(), cl.start()),
    "add_connection": lambda cl, co, st, cmd, mon: cl.add_connection(ip="127.0.0.3", port=3),
    "get_connection": lambda cl, co, st, cmd, mon: cl.get_connection(common_address=CA),
    "add_station": lambda cl, co, st, cmd, mon: co.add_station(common_address=4242),
    "remove_station": lambda cl, co, st, cmd, mon: co.remove_station(common_address=CA),
    "add_point": lambda cl, co, st, cmd, mon: st.add_point(io_address=4242, type=c104.Type.M_SP_NA_1),
    "remove_point": lambda cl, co, st, cmd, mon: st.remove_point(io_address=mon.io_address),
    "properties": lambda cl, co, st, cmd, mon: (
        repr(cl),
        repr(co),
        repr(st),
        repr(mon),
        cl.connections,
        co.stations,
        st.points,
        co.state,
        co.connected_at,
        co.is_connected,
        mon.value,
        mon.info,
        cl.active_connection_count,
    ),
    "set_value": lambda cl, co, st, cmd, mon: setattr(cmd, "value", True),
    "replace_callbacks": lambda cl, co, st, cmd, mon: (
        cl.on_new_station(callable=None),
        cl.on_new_point(callable=None),
        cl.on_station_initialized(callable=None),
        co.on_state_change(callable=None),
        co.on_receive_raw(callable=None),
        co.on_send_raw(callable=None),
        co.on_unexpected_message(callable=None),
        mon.on_receive(callable=None),
    ),
    "collect": lambda cl, co, st, cmd, mon: gc.collect(),
}
PLACES = [
    "on_new_station",
    "on_new_point",
    "on_station_initialized",
    "on_receive",
    "on_state_change",
    "on_receive_raw",
    "on_send_raw",
    "on_unexpected_message",
    "on_timer",
]


class Scene:
    """A client with a hook in one callback; `hook()` runs once there."""

    def __init__(self, raw, client, place, hook):
        self.raw = raw
        self.done = threading.Event()
        self.entered = threading.Event()
        self.error = None
        self.connection = client.add_connection(ip="127.0.0.1", port=raw.port, init=c104.Init.NONE)
        self.station = self.connection.add_station(CA)
        self.command = self.station.add_point(5, c104.Type.C_SC_NA_1)
        self.monitored = self.station.add_point(11, c104.Type.M_ME_NB_1)
        raw.read_data[11] = asdu.build(11, asdu.REQUEST, CA, [(11, asdu.measured16(5))])
        scene = self

        def once():
            if scene.entered.is_set():
                return
            scene.entered.set()
            try:
                hook(client, scene.connection, scene.station, scene.command, scene.monitored)
            except BaseException as error:
                scene.error = error
            finally:
                scene.done.set()

        def on_new_station(client: c104.Client, connection: c104.Connection, common_address: int) -> None:
            connection.add_station(common_address=common_address)
            once()

        def on_new_point(client: c104.Client, station: c104.Station, io_address: int, point_type: c104.Type) -> None:
            station.add_point(io_address=io_address, type=point_type)
            once()

        def on_station_initialized(client: c104.Client, station: c104.Station, cause: c104.Coi) -> None:
            once()

        def on_receive(point: c104.Point, previous_info: c104.Information, message: c104.IncomingMessage) -> c104.ResponseState:
            once()
            return c104.ResponseState.NONE

        def on_state_change(connection: c104.Connection, state: c104.ConnectionState) -> None:
            if state == c104.ConnectionState.OPEN:
                once()

        def on_raw(connection: c104.Connection, data: bytes) -> None:
            if len(data) > 6:
                once()

        def on_unexpected_message(connection: c104.Connection, message: c104.IncomingMessage, cause: c104.Umc) -> None:
            once()

        def on_timer(point: c104.Point) -> None:
            if scene.connection.state == c104.ConnectionState.OPEN:
                once()

        {
            "on_new_station": lambda: client.on_new_station(callable=on_new_station),
            "on_new_point": lambda: client.on_new_point(callable=on_new_point),
            "on_station_initialized": lambda: client.on_station_initialized(callable=on_station_initialized),
            "on_receive": lambda: self.monitored.on_receive(callable=on_receive),
            "on_state_change": lambda: self.connection.on_state_change(callable=on_state_change),
            "on_receive_raw": lambda: self.connection.on_receive_raw(callable=on_raw),
            "on_send_raw": lambda: self.connection.on_send_raw(callable=on_raw),
            "on_unexpected_message": lambda: self.connection.on_unexpected_message(callable=on_unexpected_message),
            "on_timer": lambda: self.monitored.on_timer(callable=on_timer, interval_ms=100),
        }[place]()

    def trigger(self):
        """Something for every callback."""
        self.raw.send(
            asdu.build(1, asdu.SPONTANEOUS, 77, [(1, asdu.single(True))]),
            asdu.build(1, asdu.SPONTANEOUS, CA, [(77, asdu.single(True))]),
            asdu.end_of_init(CA, 0),
            asdu.build(11, asdu.SPONTANEOUS, CA, [(11, asdu.measured16(7))]),
            asdu.build(13, asdu.SPONTANEOUS, CA, [(11, asdu.short(7.0))]),
        )


@pytest.mark.parametrize("call", list(CALLS))
@pytest.mark.parametrize("place", PLACES)
def test_every_call_from_every_callback(station, client, place, call):
    scene = Scene(station, client, place, CALLS[call])
    client.start()
    wait_until(lambda: scene.connection.state == c104.ConnectionState.OPEN or scene.entered.is_set())
    if not scene.entered.is_set() and station.links:
        scene.trigger()
        if place == "on_send_raw":
            scene.connection.test(common_address=CA, wait_for_response=False)
    assert scene.entered.wait(5), f"{place} was not called"
    assert scene.done.wait(5), f"{call} doesn't return inside {place}"
    assert scene.error is None, scene.error
    began = time.monotonic()
    client.stop()
    assert time.monotonic() - began < 1
    client.start()
    scene.connection.connect()
    wait_until(lambda: scene.connection.state in (c104.ConnectionState.OPEN, c104.ConnectionState.OPEN_MUTED))


@pytest.mark.parametrize("place", ["on_receive", "on_state_change", "on_new_point"])
def test_commands_in_callbacks_succeed(station, client, place):
    """Not just return: their answers reach them."""
    results = []
    scene = Scene(
        station,
        client,
        place,
        lambda cl, co, st, cmd, mon: results.extend(
            [
                co.interrogation(common_address=CA),
                co.test(common_address=CA),
                cmd.transmit(cause=c104.Cot.ACTIVATION),
                mon.read(),
            ]
        ),
    )
    client.start()
    wait_until(lambda: scene.connection.state == c104.ConnectionState.OPEN)
    scene.trigger()
    assert scene.done.wait(8)
    assert scene.error is None
    assert results == [True, True, True, True]


def test_disconnect_from_outside_while_callbacks_run(station, make_client):
    """20 rounds under load; the peer hangs in most."""
    client = make_client()
    connection = client.add_connection(ip="127.0.0.1", port=station.port, init=c104.Init.NONE)
    point = connection.add_station(CA).add_point(11, c104.Type.M_ME_NB_1)
    calls = []

    def on_receive(point: c104.Point, previous_info: c104.Information, message: c104.IncomingMessage) -> c104.ResponseState:
        calls.append(point.value)
        return c104.ResponseState.NONE

    def on_receive_raw(connection: c104.Connection, data: bytes) -> None:
        calls.append(data)

    point.on_receive(callable=on_receive)
    connection.on_receive_raw(callable=on_receive_raw)
    client.start()
    frames = [asdu.build(11, asdu.SPONTANEOUS, CA, [(11, asdu.measured16(number))]) for number in range(500)]
    for _ in range(20):
        connection.connect()
        wait_until(lambda: connection.state == c104.ConnectionState.OPEN and station.links)
        before = len(calls)
        station.send(*frames)
        wait_until(lambda: len(calls) > before)
        began = time.monotonic()
        connection.disconnect()
        assert time.monotonic() - began < 1
        wait_until(lambda: connection.state == c104.ConnectionState.CLOSED)


# Exceptions.


@pytest.mark.parametrize("error", [ValueError, SystemExit, KeyboardInterrupt], ids=lambda one: one.__name__)
def test_raising_callback_is_reported_and_stays(unraisable, opened, error):
    calls = []

    def setup(client, connection, remote):
        def on_receive(point: c104.Point, previous_info: c104.Information, message: c104.IncomingMessage) -> c104.ResponseState:
            calls.append(int(point.value))
            raise error("on purpose")

        remote.add_point(11, c104.Type.M_ME_NB_1).on_receive(callable=on_receive)

    raw, client, connection, remote = opened(setup=setup)
    for number in range(1, 4):
        raw.send(asdu.build(11, asdu.SPONTANEOUS, CA, [(11, asdu.measured16(number))]))
    wait_until(lambda: len(calls) == 3)
    wait_until(lambda: len(unraisable) == 3)
    assert calls == [1, 2, 3]
    assert unraisable == [(error, "on purpose")] * 3
    assert int(remote.get_point(11).value) == 3
    assert connection.test(common_address=CA) is True


@pytest.mark.parametrize("place", [one for one in PLACES if one not in ("on_receive", "on_send_raw")])
def test_every_raising_callback_is_reported(unraisable, station, client, place):
    scene = Scene(station, client, place, lambda *_: None)
    owner = {
        "on_new_station": client,
        "on_new_point": client,
        "on_station_initialized": client,
        "on_timer": scene.monitored,
    }.get(place, scene.connection)
    annotations = {
        "on_new_station": "client: c104.Client, connection: c104.Connection, common_address: int",
        "on_new_point": "client: c104.Client, station: c104.Station, io_address: int, point_type: c104.Type",
        "on_station_initialized": "client: c104.Client, station: c104.Station, cause: c104.Coi",
        "on_state_change": "connection: c104.Connection, state: c104.ConnectionState",
        "on_receive_raw": "connection: c104.Connection, data: bytes",
        "on_unexpected_message": "connection: c104.Connection, message: c104.IncomingMessage, cause: c104.Umc",
        "on_timer": "point: c104.Point",
    }[place]
    scope = {"c104": c104}
    exec(f"def bad({annotations}) -> None: raise LookupError('{place}')", scope)
    if place == "on_timer":
        owner.on_timer(callable=scope["bad"], interval_ms=100)
    else:
        getattr(owner, place)(callable=scope["bad"])
    client.start()
    wait_until(lambda: scene.connection.state == c104.ConnectionState.OPEN)
    scene.trigger()
    wait_until(lambda: (LookupError, place) in unraisable)
    before = len(unraisable)
    if place == "on_state_change":
        station.drop()
    elif place != "on_timer":
        scene.trigger()
    wait_until(lambda: len(unraisable) > before, 5, "not called again")
    assert eventually(
        lambda: scene.connection.state == c104.ConnectionState.OPEN and scene.connection.test(common_address=CA), 5
    )
    if place == "on_new_station":
        assert scene.connection.get_station(77) is None, "not adopted, since the callback failed"
    if place == "on_new_point":
        assert scene.station.get_point(77) is None


def test_wrong_return_type_is_reported(unraisable, opened):
    calls = []

    def setup(client, connection, remote):
        def on_receive(point: c104.Point, previous_info: c104.Information, message: c104.IncomingMessage) -> c104.ResponseState:
            calls.append(1)
            return "yes"

        remote.add_point(11, c104.Type.M_ME_NB_1).on_receive(callable=on_receive)

    raw, client, connection, remote = opened(setup=setup)
    for count in (1, 2):
        raw.send(asdu.build(11, asdu.SPONTANEOUS, CA, [(11, asdu.measured16(count))]))
        wait_until(lambda: len(calls) == count)
    wait_until(lambda: unraisable)
    assert issubclass(unraisable[0][0], Exception)


# Order and delay.


def test_a_slow_callback_delays_no_other_connection_and_no_acknowledgement(make_station, make_client):
    raws = [make_station() for _ in range(2)]
    client = make_client()
    release = threading.Event()
    slow, fast = [], []
    points = []
    for raw in raws:
        connection = client.add_connection(ip="127.0.0.1", port=raw.port, init=c104.Init.NONE)
        connection.protocol_parameters.receive_window_size = 1
        points.append(connection.add_station(CA).add_point(11, c104.Type.M_ME_NB_1))

    def on_slow(point: c104.Point, previous_info: c104.Information, message: c104.IncomingMessage) -> c104.ResponseState:
        slow.append(1)
        release.wait(10)
        return c104.ResponseState.NONE

    def on_fast(point: c104.Point, previous_info: c104.Information, message: c104.IncomingMessage) -> c104.ResponseState:
        fast.append(1)
        return c104.ResponseState.NONE

    points[0].on_receive(callable=on_slow)
    points[1].on_receive(callable=on_fast)
    client.start()
    wait_until(lambda: client.active_connection_count == 2)
    try:
        value = asdu.build(11, asdu.SPONTANEOUS, CA, [(11, asdu.measured16(1))])
        raws[0].send(value)
        wait_until(lambda: slow)
        for raw in raws:
            raw.send(*[value] * 50)
        wait_until(lambda: len(fast) == 50, 3, "delayed by the other connection's callback")
        wait_until(lambda: raws[0].frames("S") and raws[0].frames("S")[-1].receive == 51, 3, "acknowledgements wait for Python")
        assert len(slow) == 1
    finally:
        release.set()
    wait_until(lambda: len(slow) == 51)


def test_raw_callbacks_see_every_frame(opened):
    received, sent = [], []

    def setup(client, connection, remote):
        def on_receive_raw(connection: c104.Connection, data: bytes) -> None:
            received.append(data)

        def on_send_raw(connection: c104.Connection, data: bytes) -> None:
            sent.append(data)

        connection.on_receive_raw(callable=on_receive_raw)
        connection.on_send_raw(callable=on_send_raw)

    raw, client, connection, remote = opened(setup=setup)
    raw.send(*[asdu.build(11, asdu.SPONTANEOUS, CA, [(11, asdu.measured16(number))]) for number in range(20)])
    assert connection.interrogation(common_address=CA) is True
    wait_until(lambda: sent and sorted(sent) == sorted(frame.raw for frame in raw.frames()))
    assert sent == [frame.raw for frame in raw.frames()]
    assert received[0] == bytes.fromhex("68040b000000")
    values = [data for data in received if len(data) > 6 and data[6] == 11]
    assert [int.from_bytes(data[15:17], "little") for data in values] == list(range(20))


def test_on_timer_runs_and_stops(opened):
    calls = []

    def setup(client, connection, remote):
        def on_timer(point: c104.Point) -> None:
            calls.append(point.io_address)

        remote.add_point(11, c104.Type.M_ME_NB_1).on_timer(callable=on_timer, interval_ms=50)

    raw, client, connection, remote = opened(setup=setup)
    wait_until(lambda: len(calls) >= 5, 3)
    assert set(calls) == {11}
    client.stop()
    count = len(calls)
    assert holds(lambda: len(calls) <= count + 1, 0.2)


@pytest.mark.skipif(sys.platform != "linux", reason="/proc tells what is resident")
@pytest.mark.skipif(sanitizers.sanitizer == "asan", reason="the address sanitizer keeps what was freed")
def test_memory_of_raw_callbacks(opened):
    """The peer keeps 400 octets and more of each frame."""
    count = [0]

    def setup(client, connection, remote):
        def on_receive_raw(connection: c104.Connection, data: bytes) -> None:
            count[0] += 1

        connection.on_receive_raw(callable=on_receive_raw)

    raw, client, connection, remote = opened(setup=setup)
    frames = [asdu.build(11, asdu.SPONTANEOUS, CA, [(11, asdu.measured16(number))]) for number in range(1000)]

    def run(rounds):
        for _ in range(rounds):
            goal = count[0] + 1000
            raw.send(*frames)
            wait_until(lambda: count[0] >= goal)
            raw.clear()

    run(5)
    before = resident_kib()
    run(12)
    assert resident_kib() - before < 2000


# The end of the interpreter: with a live connection and callbacks under load.

EXIT_CODE = """
import threading, time
import c104
client = c104.Client(tick_rate_ms=50)
connection = client.add_connection(ip="127.0.0.1", port=PORT, init=c104.Init.ALL)
point = connection.add_station(1).add_point(11, c104.Type.M_ME_NB_1)
def on_receive(point: c104.Point, previous_info: c104.Information, message: c104.IncomingMessage) -> c104.ResponseState:
    SLOW
    return c104.ResponseState.NONE
def on_raw(connection: c104.Connection, data: bytes) -> None:
    pass
def on_state(connection: c104.Connection, state: c104.ConnectionState) -> None:
    pass
point.on_receive(callable=on_receive)
connection.on_receive_raw(callable=on_raw)
connection.on_send_raw(callable=on_raw)
connection.on_state_change(callable=on_state)
client.start()
while connection.state != c104.ConnectionState.OPEN:
    time.sleep(0.01)
say(open=True)
hear()
END
"""


@pytest.mark.parametrize("slow", ["pass", "time.sleep(0.05)"], ids=["fast", "slow"])
@pytest.mark.parametrize(
    "end, code",
    [
        ("", 0),
        ("client.stop()", 0),
        ("del client, connection, point", 0),
        ("raise SystemExit(7)", 7),
        ("raise ValueError('x')", 1),
        ("threading.Thread(target=lambda: connection.interrogation(common_address=9), daemon=True).start()", 0),
        ("import sys; sys.kept = (client, connection, point)", 0),
        ("import gc; gc.disable()", 0),
    ],
    ids=["falls_off", "stop", "del", "exit7", "raises", "waiting_thread", "kept", "no_gc"],
)
def test_exit_with_a_live_connection(make_station, make_snippet, slow, end, code):
    raw = make_station(ca=CA)
    snippet = make_snippet(EXIT_CODE.replace("PORT", str(raw.port)).replace("SLOW", slow).replace("END", end))
    assert snippet.ask(15)["open"] is True
    ended = threading.Event()

    link = raw.link

    def flood():
        value = asdu.build(11, asdu.SPONTANEOUS, CA, [(11, asdu.measured16(5))])
        while not ended.is_set() and link.send(*[value] * 20):
            time.sleep(0.002)

    thread = threading.Thread(target=flood, daemon=True)
    thread.start()
    wait_until(lambda: raw.frames("S"))
    began = time.monotonic()
    try:
        snippet.tell(go=True)
        assert snippet.wait(10) == code, snippet.stderr
        assert time.monotonic() - began < 2, snippet.stderr
    finally:
        ended.set()
        thread.join(5)
    if code == 0:
        assert "Traceback" not in snippet.stderr and "Fatal" not in snippet.stderr, snippet.stderr
