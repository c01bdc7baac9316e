# SPDX-License-Identifier: GPL-3.0-or-later
"""How a connection opens, comes back, ends, and what it makes of partners that don't behave."""

import datetime
import os
import re
import socket
import threading
import time

import c104
import pytest
from support import apci, asdu
from support.station import MODES
from support.waiting import eventually, holds, wait_until

CLOSED = c104.ConnectionState.CLOSED
AWAIT_OPEN = c104.ConnectionState.CLOSED_AWAIT_OPEN
AWAIT_RECONNECT = c104.ConnectionState.CLOSED_AWAIT_RECONNECT
OPEN_MUTED = c104.ConnectionState.OPEN_MUTED
OPEN = c104.ConnectionState.OPEN


def add(client, raw, init=c104.Init.NONE):
    return client.add_connection(ip="127.0.0.1", port=raw.port, init=init)


def watch(connection):
    """The list its states go to."""
    states = []

    def callback(connection: c104.Connection, state: c104.ConnectionState) -> None:
        states.append(state)

    connection.on_state_change(callable=callback)
    return states


def is_open(connection):
    return lambda: connection.state == OPEN


# Opening.


def test_startdt_is_sent_first_and_opens(station, client):
    connection = add(client, station)
    client.start()
    wait_until(is_open(connection))
    assert station.frames()[0].u == apci.STARTDT_ACT
    assert station.u_frames().count(apci.STARTDT_ACT) == 1
    assert connection.is_connected and not connection.is_muted
    assert client.has_open_connections and client.has_active_connections
    assert client.open_connection_count == 1 and client.active_connection_count == 1


@pytest.mark.parametrize("init", [c104.Init.NONE, c104.Init.ALL])
def test_states_in_order(station, client, init):
    connection = add(client, station, init)
    states = watch(connection)
    client.start()
    wait_until(lambda: OPEN in states)
    assert states == [AWAIT_OPEN, OPEN_MUTED, OPEN]


@pytest.mark.parametrize(
    "init, types",
    [
        (c104.Init.ALL, [100, 103]),
        (c104.Init.INTERROGATION, [100]),
        (c104.Init.CLOCK_SYNC, [103]),
        (c104.Init.NONE, []),
    ],
)
def test_init_commands(station, client, init, types):
    connection = add(client, station, init)
    client.start()
    wait_until(is_open(connection))
    sent = station.i_frames()
    assert [one.type_id for one in sent] == types
    for one in sent:
        assert (one.ca, one.cot, one.io_address, one.count, one.sequence, one.negative) == (65535, asdu.ACT, 0, 1, False, False)
    for one in sent:
        if one.type_id == 100:
            assert one.element == b"\x14"
        else:
            assert abs(asdu.from_cp56(one.element) - datetime.datetime.now(datetime.timezone.utc)) < datetime.timedelta(
                seconds=5
            )
    assert holds(lambda: len(station.i_frames()) == len(types))


def test_open_only_after_the_init_commands(station, client):
    """Not OPEN while the interrogation is unanswered; the clock sync goes out after its end."""
    held = []
    station.on(100, lambda link, request: held.append(request))
    connection = add(client, station, c104.Init.ALL)
    client.start()
    wait_until(lambda: held)
    assert holds(lambda: connection.state == OPEN_MUTED and not station.i_frames(103), 0.3)
    assert connection.is_connected
    station.answer_interrogation(station.link, held[0])
    wait_until(is_open(connection))
    assert len(station.i_frames(103)) == 1


def test_init_without_answers_opens_after_the_command_timeouts(station, make_client):
    station.handlers.clear()
    client = make_client(command_timeout_ms=300)
    connection = add(client, station, c104.Init.ALL)
    began = time.monotonic()
    client.start()
    wait_until(is_open(connection), 5)
    assert 0.4 < time.monotonic() - began < 3


def test_init_values_are_there_when_open(station, client):
    station.gi_data = [asdu.build(1, asdu.BY_STATION, 1, [(11, asdu.single(True)), (12, asdu.single(False))])]
    connection = add(client, station, c104.Init.INTERROGATION)
    point = connection.add_station(1).add_point(11, c104.Type.M_SP_NA_1)
    client.start()
    wait_until(is_open(connection))
    assert point.value is True


def test_muted_sends_no_startdt(station, client):
    connection = add(client, station, c104.Init.MUTED)
    client.start()
    wait_until(lambda: connection.state == OPEN_MUTED)
    assert connection.is_connected and connection.is_muted
    assert client.open_connection_count == 1 and client.active_connection_count == 0
    assert client.has_open_connections and not client.has_active_connections
    assert holds(lambda: apci.STARTDT_ACT not in station.u_frames() and connection.state == OPEN_MUTED, 0.3)


def test_commands_while_muted_are_not_sent(station, client):
    connection = add(client, station, c104.Init.MUTED)
    point = connection.add_station(1).add_point(5, c104.Type.C_SC_NA_1)
    client.start()
    wait_until(lambda: connection.state == OPEN_MUTED)
    assert connection.interrogation(common_address=1) is False
    assert connection.test(common_address=1) is False
    assert point.transmit(cause=c104.Cot.ACTIVATION) is False
    assert station.i_frames() == []


def test_unmute_starts_the_transfer(station, client):
    connection = add(client, station, c104.Init.MUTED)
    client.start()
    wait_until(lambda: connection.state == OPEN_MUTED)
    assert connection.unmute() is True
    wait_until(is_open(connection))
    assert apci.STARTDT_ACT in station.u_frames()
    assert client.active_connection_count == 1


def test_mute_and_unmute_run_init_again(station, client):
    connection = add(client, station, c104.Init.ALL)
    client.start()
    wait_until(is_open(connection))
    assert [one.type_id for one in station.i_frames()] == [100, 103]
    assert connection.mute() is True
    wait_until(lambda: connection.state == OPEN_MUTED)
    wait_until(lambda: apci.STOPDT_ACT in station.u_frames())
    assert connection.is_connected and connection.is_muted
    assert connection.unmute() is True
    wait_until(is_open(connection))
    assert [one.type_id for one in station.i_frames()] == [100, 103, 100, 103]
    assert station.accepted == 1


def answer_what_was_held_back(station):
    station.mode = "normal"
    for act in [code for code in station.u_frames() if code in CONFIRMED_BY][1:]:  # the first was the link's STARTDT
        station.link.started = act == apci.STARTDT_ACT
        station.send_raw(apci.u_frame(CONFIRMED_BY[act]))


CONFIRMED_BY = {apci.STARTDT_ACT: apci.STARTDT_CON, apci.STOPDT_ACT: apci.STOPDT_CON}


def test_muted_at_once_and_open_when_confirmed(station, client):
    """OPEN means that commands can be sent, also right after mute() and unmute()."""
    connection = add(client, station, c104.Init.NONE)
    client.start()
    wait_until(is_open(connection))
    station.mode = "silent"
    assert connection.mute() is True
    assert connection.state == OPEN_MUTED
    assert connection.unmute() is True
    assert connection.state == OPEN_MUTED
    station.wait_for(lambda frame: frame.u == apci.STOPDT_ACT)
    answer_what_was_held_back(station)
    wait_until(is_open(connection))
    assert connection.interrogation(common_address=1) is True


@pytest.mark.parametrize("calls", ["mute unmute mute", "mute unmute mute unmute", "mute unmute mute unmute mute"])
def test_the_last_of_mute_and_unmute_holds(station, client, calls):
    connection = add(client, station, c104.Init.NONE)
    client.start()
    wait_until(is_open(connection))
    station.mode = "silent"
    for call in calls.split():
        assert getattr(connection, call)() is True
    station.wait_for(lambda frame: frame.u == apci.STOPDT_ACT)
    answer_what_was_held_back(station)
    muted = calls.endswith(" mute")
    wait_until(lambda: station.started != muted)
    assert holds(lambda: station.started != muted)
    wait_until(lambda: connection.is_muted == muted)


def test_connect_on_a_running_client(station, client):
    client.start()
    connection = add(client, station)
    assert holds(lambda: connection.state == CLOSED, 0.2)
    connection.connect()
    wait_until(is_open(connection))


def test_ipv6(make_station, client, caplog):
    if not socket.has_ipv6:
        pytest.skip("no IPv6 here")
    try:
        raw = make_station(family=socket.AF_INET6)
    except OSError as error:
        pytest.skip(f"no IPv6 loopback: {error}")
    before = c104.get_debug_mode()
    c104.set_debug_mode(c104.Debug.Client | c104.Debug.Connection)
    try:
        with caplog.at_level("DEBUG"):
            connection = client.add_connection(ip="::1", port=raw.port, init=c104.Init.ALL)
            client.start()
            wait_until(is_open(connection))
            for line in (
                f"add_connection [::1]:{raw.port}",
                f"[::1]:{raw.port}: connects",
                f"[::1]:{raw.port}: STARTDT confirmed",
            ):
                wait_until(lambda line=line: line in caplog.messages, 5, line)
    finally:
        c104.set_debug_mode(before)


def test_a_server_on_ipv6_says_where_it_listens(make_server, make_master, caplog):
    server = make_server(ip="::1", port=0)
    with caplog.at_level("INFO"):
        try:
            server.start()
        except RuntimeError as error:
            pytest.skip(f"no IPv6 loopback: {error}")
        make_master(server.port, ip="::1")
        wait_until(lambda: f"listening on [::1]:{server.port}" in caplog.messages)
        wait_until(lambda: any(re.fullmatch(r"\[::1\]:\d+ connected", line) for line in caplog.messages))


def test_a_host_name_is_resolved_while_others_read_the_address(station, client):
    """The I/O thread finds the address; what other threads read is nothing or all of it."""
    connection = client.add_connection(host="localhost", port=station.port, init=c104.Init.NONE)
    assert connection.ip == ""
    seen = set()
    ended = threading.Event()

    def read():
        while not ended.is_set():
            seen.add(connection.ip)
            assert "localhost" in repr(connection)

    workers = [threading.Thread(target=read) for _ in range(3)]
    for one in workers:
        one.start()
    try:
        for _ in range(5):
            connection.connect() if client.is_running else client.start()
            wait_until(lambda: connection.is_connected or connection.state == c104.ConnectionState.CLOSED_AWAIT_RECONNECT)
            connection.disconnect()
            wait_until(lambda: connection.state == CLOSED)
    finally:
        ended.set()
        for one in workers:
            one.join(5)
    assert seen <= {"", "127.0.0.1", "::1"} and len(seen) > 1


def test_a_host_name_without_an_address(client, caplog):
    connection = client.add_connection(host="nowhere.invalid", init=c104.Init.NONE)
    with caplog.at_level("WARNING"):
        client.start()
        wait_until(lambda: any("nowhere.invalid" in line and "no address" in line for line in caplog.messages), 15)
    assert connection.state != OPEN and connection.ip == ""


def test_localhost(station, client):
    connection = client.add_connection(ip="localhost", port=station.port, init=c104.Init.NONE)
    client.start()
    wait_until(is_open(connection))


# Times.


def test_connected_at_and_disconnected_at(station, client):
    connection = add(client, station)
    assert connection.connected_at is None and connection.disconnected_at is None
    client.start()
    wait_until(is_open(connection))
    now = datetime.datetime.now()
    assert connection.connected_at.tzinfo is None
    assert abs(connection.connected_at - now) < datetime.timedelta(seconds=5)
    assert connection.disconnected_at is None
    connection.disconnect()
    wait_until(lambda: connection.state == CLOSED)
    assert connection.connected_at is None
    assert abs(connection.disconnected_at - datetime.datetime.now()) < datetime.timedelta(seconds=5)


# Loss and return.


@pytest.mark.parametrize("loss", ["drop", "reset"])
def test_reconnect_after_loss_runs_init_again(station, client, loss):
    connection = add(client, station, c104.Init.ALL)
    states = watch(connection)
    client.start()
    wait_until(is_open(connection))
    lost = time.monotonic()
    getattr(station, loss)()
    wait_until(lambda: station.accepted == 2, 4)
    assert 0.5 < station.accepted_at[1] - lost < 2.5
    wait_until(lambda: states.count(OPEN) == 2)
    assert states[3] == AWAIT_RECONNECT
    assert states[-2:] == [OPEN_MUTED, OPEN]
    assert [one.type_id for one in station.i_frames()] == [100, 103, 100, 103]


def test_loss_is_noticed_at_once(station, client):
    connection = add(client, station)
    client.start()
    wait_until(is_open(connection))
    lost = time.monotonic()
    station.drop()
    wait_until(lambda: connection.state != OPEN, 2)
    assert time.monotonic() - lost < 0.5
    assert not connection.is_connected
    assert client.open_connection_count == 0
    assert connection.disconnected_at is not None


def test_refused_dials_are_repeated_every_second(station, client):
    """No listener at first; about one dial a second, no back-off."""
    probe = socket.socket()
    probe.bind(("127.0.0.1", 0))
    port = probe.getsockname()[1]
    connection = client.add_connection(ip="127.0.0.1", port=port, init=c104.Init.NONE)
    states = watch(connection)
    client.start()
    wait_until(lambda: AWAIT_RECONNECT in states, 3)
    time_before = time.monotonic()
    probe.listen(8)
    probe.settimeout(4)
    accepted, _ = probe.accept()
    assert time.monotonic() - time_before < 2.5
    accepted.close()
    probe.close()


def test_sequence_numbers_start_anew(station, client):
    connection = add(client, station, c104.Init.ALL)
    client.start()
    wait_until(is_open(connection))
    station.drop()
    wait_until(lambda: station.accepted == 2 and connection.state == OPEN, 5)
    assert [frame.send for frame in station.frames("I", link=1)] == [0, 1]


def test_server_that_stops_listening_and_client_disconnects(station, client):
    connection = add(client, station)
    client.start()
    wait_until(is_open(connection))
    station.refuse()
    station.drop()
    wait_until(lambda: connection.state == AWAIT_RECONNECT, 4)
    connection.disconnect()
    wait_until(lambda: connection.state == CLOSED)


# Ending.


def test_disconnect_ends_closed_and_stays(station, client):
    connection = add(client, station)
    states = watch(connection)
    client.start()
    wait_until(is_open(connection))
    connection.disconnect()
    wait_until(lambda: connection.state == CLOSED)
    wait_until(lambda: states[-1:] == [CLOSED])
    wait_until(lambda: not station.links)
    assert holds(lambda: connection.state == CLOSED and station.accepted == 1, 1.5)


def test_connect_after_disconnect(station, client):
    connection = add(client, station, c104.Init.ALL)
    client.start()
    for count in range(1, 6):
        connection.connect()
        wait_until(lambda: connection.state == OPEN and station.accepted == count)
        connection.disconnect()
        wait_until(lambda: connection.state == CLOSED)


def test_stop_closes_the_links(station, client):
    connection = add(client, station)
    client.start()
    wait_until(is_open(connection))
    began = time.monotonic()
    client.stop()
    assert time.monotonic() - began < 1
    assert connection.state == CLOSED
    assert client.open_connection_count == 0
    wait_until(lambda: not station.links)


def test_stop_and_start_again(station, client):
    connection = add(client, station, c104.Init.ALL)
    for count in range(1, 11):
        client.start()
        wait_until(lambda: connection.state == OPEN and station.accepted == count, 4, f"round {count}")
        client.stop()
        assert connection.state == CLOSED
    wait_until(lambda: not station.links)


def test_rapid_start_and_stop_leaves_no_link(station, client):
    connection = add(client, station, c104.Init.ALL)
    for _ in range(100):
        client.start()
        client.stop()
    assert connection.state == CLOSED
    wait_until(lambda: not station.links)
    client.start()
    wait_until(is_open(connection))


def test_disconnect_all_and_reconnect_all(make_station, client):
    stations = [make_station() for _ in range(3)]
    connections = [add(client, one) for one in stations]
    client.start()
    wait_until(lambda: client.active_connection_count == 3)
    client.reconnect_all()
    wait_until(lambda: all(one.accepted == 2 for one in stations) and client.active_connection_count == 3)
    client.disconnect_all()
    wait_until(lambda: all(one.state == CLOSED for one in connections))
    assert client.open_connection_count == 0
    client.reconnect_all()
    wait_until(lambda: client.active_connection_count == 3)


def test_dropping_the_client_closes_the_link(station):
    import gc

    client = c104.Client(tick_rate_ms=50)
    connection = add(client, station)
    client.start()
    wait_until(is_open(connection))
    del connection, client
    gc.collect()
    wait_until(lambda: not station.links)


# Hostile partners.

HOSTILE = [mode for mode in MODES if mode not in ("normal", "early_data")]
REDIALED = [
    "accept_and_close",
    "accept_and_reset",
    "close_at_startdt",
    "reset_at_startdt",
    "reset_after_startdt",
    "reset_at_command",
    "greeting",
    "garbage",
]


@pytest.mark.parametrize("init", [c104.Init.ALL, c104.Init.NONE, c104.Init.MUTED], ids=["ALL", "NONE", "MUTED"])
@pytest.mark.parametrize("mode", HOSTILE)
def test_hostile_partner_stop_within_a_second(make_station, client, mode, init):
    raw = make_station(mode=mode)
    connection = add(client, raw, init)
    client.start()
    wait_until(lambda: raw.accepted >= 1)
    eventually(lambda: raw.accepted >= 2, 0.1)
    began = time.monotonic()
    client.stop()
    assert time.monotonic() - began < 1
    assert connection.state == CLOSED
    wait_until(lambda: not raw.links)


@pytest.mark.parametrize("mode", REDIALED)
def test_hostile_partner_is_dialled_again_and_recovers(make_station, client, mode):
    raw = make_station(mode=mode)
    connection = add(client, raw, c104.Init.ALL)
    client.start()
    wait_until(lambda: raw.accepted >= 2, 5)
    assert raw.accepted_at[1] - raw.accepted_at[0] > 0.5
    raw.mode = "normal"
    connection.connect()
    wait_until(is_open(connection), 5)


@pytest.mark.parametrize("mode", ["silent", "never_confirm_startdt", "half_frame"])
def test_unanswered_startdt_ends_after_t1(make_station, client, mode):
    raw = make_station(mode=mode)
    connection = add(client, raw)
    connection.protocol_parameters.confirm_interval = 1
    connection.protocol_parameters.message_timeout = 2
    client.start()
    wait_until(lambda: raw.accepted == 2, 6)
    assert 1.5 < raw.accepted_at[1] - raw.accepted_at[0] < 5
    assert connection.state != OPEN


def test_data_before_startdt_con_is_no_crash(make_station, client):
    """Either ignored or the end of the link; the client goes on."""
    raw = make_station(mode="early_data")
    connection = add(client, raw)
    client.start()
    wait_until(lambda: raw.accepted >= 1)
    raw.mode = "normal"
    wait_until(is_open(connection), 5)


@pytest.fixture
def deaf_port():
    """Where nothing answers: a full backlog swallows the SYN."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(0)
    fillers = [socket.socket() for _ in range(4)]
    for filler in fillers:
        filler.setblocking(False)
        filler.connect_ex(listener.getsockname())
    yield listener.getsockname()[1]
    for one in [*fillers, listener]:
        one.close()


def test_stop_while_dialling_into_nothing(client, deaf_port):
    connection = client.add_connection(ip="127.0.0.1", port=deaf_port, init=c104.Init.ALL)
    client.start()
    wait_until(lambda: connection.state != CLOSED)
    began = time.monotonic()
    client.stop()
    assert time.monotonic() - began < 1
    assert connection.state == CLOSED


def test_connect_timeout(client, deaf_port):
    """t0 bounds the dial."""
    connection = client.add_connection(ip="127.0.0.1", port=deaf_port, init=c104.Init.NONE)
    connection.protocol_parameters.connection_timeout = 1
    states = watch(connection)
    began = time.monotonic()
    client.start()
    wait_until(lambda: AWAIT_RECONNECT in states, 4)
    assert 0.7 < time.monotonic() - began < 3


# Many.


def threads():
    return set(os.listdir("/proc/self/task"))


@pytest.mark.skipif(not os.path.isdir("/proc/self/task"), reason="threads are counted in /proc")
def test_200_connections_need_few_threads(make_station, make_client):
    raws = [make_station() for _ in range(200)]
    before = threads()
    client = make_client()
    for raw in raws:
        add(client, raw)
    client.start()
    wait_until(lambda: client.active_connection_count == 200, 10)
    assert len(threads() - before) <= 5


def test_fresh_connections_all_open(station, make_client):
    """500 of 500 (the peer leaves up to one in four muted for ever)."""
    for index in range(500):
        client = make_client()
        connection = add(client, station)
        client.start()
        wait_until(is_open(connection), 3, f"connection {index} stays {connection.state}")
        client.stop()
    assert station.u_frames().count(apci.STARTDT_ACT) == 500


def test_fresh_connections_all_open_at_once(make_station, client):
    """And 100 at a time, with init commands."""
    stations = [make_station() for _ in range(100)]
    connections = [add(client, one, c104.Init.ALL) for one in stations]
    client.start()
    wait_until(lambda: all(one.state == OPEN for one in connections), 10)
    assert client.active_connection_count == 100


def test_threads_that_open_and_close_together(make_station, client):
    raws = [make_station() for _ in range(4)]
    connections = [add(client, one) for one in raws]
    client.start()
    failures = []

    def work(connection):
        try:
            for _ in range(30):
                connection.connect()
                connection.disconnect()
                connection.connect()
                wait_until(is_open(connection), 5)
        except BaseException as error:
            failures.append(error)

    workers = [threading.Thread(target=work, args=(one,)) for one in connections]
    for one in workers:
        one.start()
    for one in workers:
        one.join(30)
    assert not failures
    assert not any(one.is_alive() for one in workers)
