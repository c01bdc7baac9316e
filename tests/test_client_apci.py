# SPDX-License-Identifier: GPL-3.0-or-later
"""The client's link layer on the wire: TESTFR, acknowledgements, timers, sequence numbers, framing."""

import time

import c104
import pytest
from support import apci, asdu
from support.waiting import eventually, holds, wait_until


def parameters(**values):
    """A set-up for `opened` that sets protocol parameters in an order in which each is valid."""

    def setup(client, connection, remote):
        for name in (
            "confirm_interval",
            "message_timeout",
            "keep_alive_interval",
            "receive_window_size",
            "send_window_size",
            "connection_timeout",
        ):
            if name in values:
                setattr(connection.protocol_parameters, name, values[name])

    return setup


def value(address, number):
    return asdu.build(11, asdu.SPONTANEOUS, 1, [(address, asdu.measured16(number))])


def is_open(connection):
    return connection.state == c104.ConnectionState.OPEN


def comes_back(raw, connection):
    """At once rather than after the second that it waits by itself."""
    connection.connect()
    wait_until(lambda: raw.accepted >= 2 and is_open(connection), 4)


# TESTFR and t3.


def test_testfr_is_answered(opened):
    raw, client, connection, remote = opened()
    for count in range(1, 4):
        raw.send_raw(apci.u_frame(apci.TESTFR_ACT))
        wait_until(lambda: raw.u_frames().count(apci.TESTFR_CON) == count, 2)
    assert is_open(connection)


def test_testfr_is_answered_while_muted(station, client):
    connection = client.add_connection(ip="127.0.0.1", port=station.port, init=c104.Init.MUTED)
    client.start()
    wait_until(lambda: station.links and connection.is_connected)
    station.send_raw(apci.u_frame(apci.TESTFR_ACT))
    wait_until(lambda: apci.TESTFR_CON in station.u_frames(), 2)


def test_testfr_is_sent_after_t3(opened):
    raw, client, connection, remote = opened(setup=parameters(keep_alive_interval=1))
    startdt = raw.wait_for(lambda frame: frame.u == apci.STARTDT_ACT)
    sent = raw.wait_for(lambda frame: frame.u == apci.TESTFR_ACT, 3)
    assert 0.7 < sent.at - startdt.at < 2.2
    wait_until(lambda: raw.u_frames().count(apci.TESTFR_ACT) >= 2, 3)
    assert is_open(connection) and raw.accepted == 1


def test_traffic_restarts_t3(opened):
    raw, client, connection, remote = opened(setup=parameters(keep_alive_interval=2))
    until = time.monotonic() + 3
    number = 0
    while time.monotonic() < until:
        raw.send(value(1, number))
        number += 1
        time.sleep(0.1)
    assert apci.TESTFR_ACT not in raw.u_frames()


def test_unanswered_testfr_closes_after_t1(opened):
    raw, client, connection, remote = opened(setup=parameters(keep_alive_interval=1, confirm_interval=1, message_timeout=2))
    raw.answer_testfr = False
    sent = raw.wait_for(lambda frame: frame.u == apci.TESTFR_ACT, 3)
    wait_until(lambda: 0 in raw.closed_by_client, 6)
    assert 1.4 < time.monotonic() - sent.at < 4
    raw.answer_testfr = True
    wait_until(lambda: raw.accepted == 2 and is_open(connection), 4)


# t1 of I-frames.


def test_unacknowledged_command_closes_after_t1(opened):
    raw, client, connection, remote = opened(
        station_options={"w": None}, setup=parameters(confirm_interval=1, message_timeout=2)
    )
    raw.handlers.clear()
    assert connection.interrogation(common_address=1, wait_for_response=False) is True
    sent = raw.wait_for(lambda frame: frame.kind == "I")
    wait_until(lambda: 0 in raw.closed_by_client, 6)
    assert 1.4 < time.monotonic() - sent.at < 4


def test_acknowledged_command_keeps_the_link(opened):
    raw, client, connection, remote = opened(setup=parameters(confirm_interval=1, message_timeout=2))
    raw.handlers.clear()
    assert connection.interrogation(common_address=1, wait_for_response=False) is True
    assert holds(lambda: is_open(connection), 3)
    assert raw.accepted == 1


# Acknowledgements: w and t2.


@pytest.mark.parametrize("w", [1, 3, 8, 12])
def test_acknowledged_after_w_frames(opened, w):
    raw, client, connection, remote = opened(setup=parameters(receive_window_size=w))
    for number in range(w - 1):
        raw.send(value(1, number))
    if w > 1:
        assert holds(lambda: not raw.frames("S"), 0.2)
    raw.send(value(1, w))
    wait_until(lambda: raw.frames("S") and raw.frames("S")[-1].receive == w, 2)


def test_one_frame_is_acknowledged_after_t2(opened):
    raw, client, connection, remote = opened(setup=parameters(confirm_interval=1))
    sent = time.monotonic()
    raw.send(value(1, 1))
    ack = raw.wait_for(lambda frame: frame.kind == "S", 3)
    assert ack.receive == 1
    assert 0.6 < ack.at - sent < 2


def test_a_command_carries_the_acknowledgement(opened):
    raw, client, connection, remote = opened()
    raw.send(*[value(1, number) for number in range(5)])
    wait_until(lambda: remote.get_point(1) is not None and int(remote.get_point(1).value) == 4)
    assert connection.test(common_address=1) is True
    assert raw.frames("I")[0].receive == 5


def test_the_last_acknowledgement_covers_everything(opened):
    raw, client, connection, remote = opened(setup=parameters(confirm_interval=1, receive_window_size=8))
    raw.send(*[value(1, number) for number in range(803)])
    wait_until(lambda: raw.frames("S") and raw.frames("S")[-1].receive == 803, 4)
    received = [frame.receive for frame in raw.frames("S")]
    assert received == sorted(received)
    assert all(later - earlier >= 1 for earlier, later in zip(received, received[1:]))


# The send window.


def test_no_more_than_k_unacknowledged(opened):
    raw, client, connection, remote = opened(
        station_options={"w": None}, setup=parameters(receive_window_size=1, send_window_size=3)
    )
    raw.handlers.clear()
    results = [connection.test(common_address=ca, wait_for_response=False) for ca in range(1, 11)]
    wait_until(lambda: len(raw.i_frames()) == 3)
    assert results[:3] == [True, True, True]
    assert holds(lambda: len(raw.i_frames()) == 3, 0.3)


def test_acknowledgement_opens_the_window(opened):
    raw, client, connection, remote = opened(
        station_options={"w": None}, setup=parameters(receive_window_size=1, send_window_size=2)
    )
    raw.handlers.clear()
    for ca in (1, 2):
        assert connection.test(common_address=ca, wait_for_response=False) is True
    wait_until(lambda: len(raw.i_frames()) == 2)
    raw.link.acknowledge()
    assert eventually(lambda: connection.test(common_address=3, wait_for_response=False), 2) is True
    wait_until(lambda: len(raw.i_frames()) >= 3)


# Sequence numbers.


def test_sequence_wraps_in_both_directions(opened):
    """33,000 values in, then 33,000 commands out, with every number checked."""
    raw, client, connection, remote = opened(station_options={"w": 8}, setup=parameters(confirm_interval=1))
    remote.add_point(1, c104.Type.M_ME_NB_1)
    total = 33000
    for first in range(0, total, 500):
        raw.send(*[value(1, number % 30000) for number in range(first, first + 500)])
    wait_until(lambda: raw.frames("S") and raw.frames("S")[-1].receive == total % apci.MODULO, 20)
    assert is_open(connection)
    wait_until(lambda: remote.get_point(1) is not None and int(remote.get_point(1).value) == (total - 1) % 30000, 10)
    raw.clear()
    raw.on(107, lambda link, request: None)
    sent = 0
    deadline = time.monotonic() + 60
    while sent < total and time.monotonic() < deadline:
        if connection.test(common_address=1, wait_for_response=False):
            sent += 1
            if sent % 500 == 0:  # the wait below is for what is left, not for how fast a busy machine takes all of them
                wait_until(lambda: len(raw.frames("I")) > sent - 1000, 10)
    assert sent == total
    wait_until(lambda: len(raw.frames("I")) == total, 10)
    assert [frame.send for frame in raw.frames("I")] == [number % apci.MODULO for number in range(total)]
    assert is_open(connection) and raw.accepted == 1


@pytest.mark.parametrize("offset", [1, 2, -1, 100, 16384])
def test_wrong_send_number_closes(opened, offset):
    raw, client, connection, remote = opened()
    raw.send(value(1, 5))
    raw.send_raw(apci.i_frame(raw.link.send_sequence + offset, raw.link.receive_sequence, value(1, 99)))
    wait_until(lambda: 0 in raw.closed_by_client, 3)
    point = remote.get_point(1)
    assert point is None or int(point.value) == 5
    comes_back(raw, connection)


@pytest.mark.parametrize("receive", [1, 5, 32767])
@pytest.mark.parametrize("kind", ["S", "I"])
def test_acknowledging_what_was_not_sent_closes(opened, receive, kind):
    raw, client, connection, remote = opened()
    raw.send_raw(apci.s_frame(receive) if kind == "S" else apci.i_frame(0, receive, value(1, 5)))
    wait_until(lambda: 0 in raw.closed_by_client, 3)
    comes_back(raw, connection)


# Framing.


def test_frames_split_anywhere(opened):
    raw, client, connection, remote = opened()
    for number, cut in enumerate(range(1, 18)):
        frame = apci.i_frame(number, 0, value(1, 100 + number))
        raw.send_raw(frame[:cut])
        if cut in (1, 2, 7, 15):
            assert holds(lambda: is_open(connection), 0.05)
        raw.send_raw(frame[cut:])
        wait_until(lambda: remote.get_point(1) is not None and int(remote.get_point(1).value) == 100 + number, 2)
    assert raw.accepted == 1


def test_frames_octet_by_octet(opened):
    raw, client, connection, remote = opened()
    octets = apci.i_frame(0, 0, value(1, 7)) + apci.u_frame(apci.TESTFR_ACT)
    for octet in octets:
        raw.send_raw(bytes((octet,)))
    wait_until(lambda: apci.TESTFR_CON in raw.u_frames(), 3)
    wait_until(lambda: remote.get_point(1) is not None and int(remote.get_point(1).value) == 7, 2)


def test_many_frames_glued(opened):
    raw, client, connection, remote = opened()
    out = b""
    for number in range(2000):
        out += apci.i_frame(number, 0, value(1 + number % 7, number))
        if number % 100 == 50:
            out += apci.u_frame(apci.TESTFR_ACT) + apci.s_frame(0)
    raw.send_raw(out)
    wait_until(lambda: remote.get_point(1 + 1999 % 7) is not None and int(remote.get_point(1 + 1999 % 7).value) == 1999, 5)
    assert [int(remote.get_point(1 + index).value) for index in range(7)] == [
        max(n for n in range(2000) if n % 7 == index) for index in range(7)
    ]
    wait_until(lambda: raw.u_frames().count(apci.TESTFR_CON) == 20, 3)
    assert is_open(connection) and raw.accepted == 1


def test_longest_frame(opened):
    """253 octets of APDU: 60 normalized values without quality in addresses of their own, and 127 in sequence."""
    raw, client, connection, remote = opened()
    raw.send(asdu.build(1, asdu.SPONTANEOUS, 1, [(1000 + index, asdu.single(True)) for index in range(60)]))
    raw.send(asdu.build(1, asdu.SPONTANEOUS, 1, [(2000 + index, asdu.single(True)) for index in range(127)], sequence=True))
    wait_until(lambda: len(remote.points) == 187, 3)
    assert all(point.value is True for point in remote.points)


@pytest.mark.parametrize(
    "octets",
    [
        b"\x67\x04\x43\x00\x00\x00",
        b"\x68\x00",
        b"\x68\x01\x43",
        b"\x68\x03\x43\x00\x00",
        b"\x68\xfe" + bytes(254),
        b"\x68\xff" + bytes(255),
        b"\x68\x05\x01\x00\x00\x00\x00",
        b"\x68\x05\x43\x00\x00\x00\x00",
        b"GET / HTTP/1.0\r\n\r\n",
        b"\x00" * 64,
        b"\xff" * 64,
    ],
    ids=["start", "length0", "length1", "length3", "length254", "length255", "long_s", "long_u", "http", "zeros", "ones"],
)
def test_apci_faults_close_and_the_client_comes_back(opened, octets):
    raw, client, connection, remote = opened()
    raw.send_raw(octets)
    wait_until(lambda: 0 in raw.closed_by_client, 3)
    comes_back(raw, connection)
    assert connection.test(common_address=1) is True


@pytest.mark.parametrize("code", [0x03, 0x0F, 0x17, 0xC3, 0xFF, 0x4F])
def test_undefined_u_frames_do_no_harm(opened, code):
    """Ignored, or the end of the link: the standard doesn't say. The client works afterwards."""
    raw, client, connection, remote = opened()
    raw.send_raw(apci.u_frame(code))
    eventually(lambda: raw.closed_by_client, 0.1)
    if raw.closed_by_client:
        comes_back(raw, connection)
    assert connection.test(common_address=1) is True


@pytest.mark.parametrize("code", [apci.STARTDT_ACT, apci.STOPDT_ACT])
def test_a_station_must_not_start_or_stop_the_transfer(opened, code):
    raw, client, connection, remote = opened()
    raw.send_raw(apci.u_frame(code))
    assert holds(lambda: apci.STARTDT_CON not in raw.u_frames(), 0.3)
    assert eventually(lambda: is_open(connection) and connection.test(common_address=1), 5)


# Parameters.


def test_parameters_take_effect_at_the_next_connect(station, client):
    connection = client.add_connection(ip="127.0.0.1", port=station.port, init=c104.Init.NONE)
    client.start()
    wait_until(lambda: is_open(connection))
    connection.protocol_parameters.receive_window_size = 2
    connection.disconnect()
    wait_until(lambda: connection.state == c104.ConnectionState.CLOSED)
    connection.connect()
    wait_until(lambda: is_open(connection))
    station.send(value(1, 1), value(1, 2))
    wait_until(lambda: station.frames("S") and station.frames("S")[-1].receive == 2, 2)
