# SPDX-License-Identifier: GPL-3.0-or-later
"""Frames that no honest outstation sends: no crash, no ghosts, the link survives faults of an ASDU."""

import random
import struct

import c104
import pytest
from support import apci, asdu
from support.station import RawStation
from support.waiting import eventually, wait_until

CA = 1


class Room:
    """One link for the whole module; `check()` shows that it lives and made nothing up."""

    def __init__(self):
        self.raw = RawStation(ca=CA).start()
        self.client = c104.Client(tick_rate_ms=50, command_timeout_ms=3000)
        self.connection = self.client.add_connection(ip="127.0.0.1", port=self.raw.port, init=c104.Init.NONE)
        self.remote = self.connection.add_station(CA)
        self.probe = self.remote.add_point(1, c104.Type.M_ME_NB_1)
        self.number = 0
        self.client.start()
        wait_until(lambda: self.connection.state == c104.ConnectionState.OPEN)

    def check(self, links=1):
        """A value and a command still pass, over the same link; no station and no point came up."""
        self.number += 1
        self.raw.send(asdu.build(11, asdu.SPONTANEOUS, CA, [(1, asdu.measured16(self.number))]))
        wait_until(lambda: int(self.probe.value) == self.number, 3, "values no longer arrive")
        assert self.connection.test(common_address=CA) is True
        assert self.raw.accepted == links, "the link was closed"
        assert [point.io_address for point in self.remote.points] == [1]
        assert [one.common_address for one in self.connection.stations] == [CA]

    def close(self):
        self.client.stop()
        self.raw.stop()


@pytest.fixture(scope="module")
def shared():
    one = Room()
    yield one
    one.close()


@pytest.fixture
def fresh():
    one = Room()
    yield one
    one.close()


# The two crashes of the peer, and their kin.


@pytest.mark.parametrize(
    "octets",
    [
        asdu.header(1, 3, CA, count=3, sequence=True),
        asdu.header(1, 3, CA, count=3, sequence=True) + asdu.ioa(9),
        asdu.header(1, 3, CA, count=3, sequence=True) + asdu.ioa(9) + b"\x01\x01",
        asdu.header(1, 3, CA, count=2) + asdu.ioa(9) + b"\x01",
        asdu.header(1, 3, CA, count=127) + asdu.ioa(9) + b"\x01",
        asdu.header(1, 3, CA, count=127, sequence=True) + asdu.ioa(9) + b"\x01",
        asdu.header(70, 4, CA),
        asdu.header(70, 4, CA) + asdu.ioa(0),
        asdu.header(70, 4, CA) + b"\x00\x00",
        asdu.header(30, 3, CA) + asdu.ioa(9),
        asdu.header(100, 7, CA),
        asdu.header(100, 7, CA) + asdu.ioa(0),
        asdu.header(101, 7, CA),
        asdu.header(103, 7, CA) + asdu.ioa(0) + bytes(6),
        asdu.header(45, 7, CA),
        asdu.header(45, 7, CA) + asdu.ioa(1),
        asdu.header(58, 7, CA) + asdu.ioa(1) + b"\x01\x00",
        asdu.header(107, 7, CA) + asdu.ioa(0) + bytes(8),
        bytes.fromhex("6b0103000100"),
        bytes.fromhex("0d85030001000100000000000000"),
    ],
    ids=lambda octets: octets.hex()[:28],
)
def test_objects_that_are_missing(shared, octets):
    shared.raw.send(octets)
    shared.check()


@pytest.mark.parametrize("sequence", [False, True], ids=["SQ0", "SQ1"])
@pytest.mark.parametrize("type_id", asdu.MONITORING + (70,))
def test_every_truncation(shared, type_id, sequence):
    """Every length from the bare header to one octet less than whole, with one and with two objects."""
    for count in (1, 2):
        whole = asdu.build(
            type_id, asdu.SPONTANEOUS, CA, [(900 + index, asdu.sample(type_id)) for index in range(count)], sequence=sequence
        )
        for size in range(6, len(whole)):
            shared.raw.send(whole[:size])
    shared.check()


@pytest.mark.parametrize("type_id", [100, 101, 103, 104, 107, 45, 46, 47, 48, 49, 50, 51, 58, 59, 60, 61, 62, 63, 64])
def test_every_truncation_of_a_confirmation(shared, type_id):
    whole = asdu.build(type_id, asdu.ACT_CON, CA, [(0 if type_id >= 100 else 5, bytes(asdu.SIZES[type_id]))])
    for size in range(6, len(whole)):
        shared.raw.send(whole[:size])
    shared.check()


@pytest.mark.parametrize("type_id", asdu.MONITORING)
def test_too_many_objects_announced(shared, type_id):
    for count in (2, 60, 127):
        for sequence in (False, True):
            shared.raw.send(asdu.header(type_id, 3, CA, count, sequence) + asdu.ioa(900) + asdu.sample(type_id))
    shared.check()


@pytest.mark.parametrize("type_id", (1, 9, 30, 36))
def test_no_objects_announced(shared, type_id):
    for sequence in (False, True):
        shared.raw.send(asdu.header(type_id, 3, CA, 0, sequence))
        shared.raw.send(asdu.header(type_id, 3, CA, 0, sequence) + asdu.ioa(0) + asdu.sample(type_id))
    shared.check()


def test_unknown_types(shared):
    known = set(asdu.SIZES)
    for type_id in range(256):
        if type_id not in known:
            shared.raw.send(asdu.header(type_id, 3, CA) + asdu.ioa(900) + bytes(8))
            shared.raw.send(asdu.header(type_id, 3, CA))
    shared.check()


def test_commands_in_the_wrong_direction(shared):
    """An outstation that sends commands: never executed, never a point."""
    for type_id in asdu.COMMANDS + (100, 101, 102, 103, 104, 105, 107):
        shared.raw.send(asdu.build(type_id, asdu.ACT, CA, [(0 if type_id >= 100 else 5, bytes(asdu.SIZES[type_id]))]))
    shared.check()


@pytest.mark.parametrize("cot", [0, 6, 7, 8, 9, 10, 14, 19, 42, 43, 44, 48, 63])
def test_values_with_causes_that_values_never_have(shared, cot):
    """Whether applied to a known point is not said; it doesn't harm."""
    shared.raw.send(asdu.build(11, cot, CA, [(1, asdu.measured16(-1))]))
    shared.check()


def test_addresses_beyond_the_end(fresh):
    """A sequence that would pass the highest address doesn't wrap to address 0."""
    fresh.raw.send(asdu.build(1, 3, CA, [(16777214 + index, asdu.single(True)) for index in range(4)], sequence=True))
    fresh.number += 1
    fresh.raw.send(asdu.build(11, 3, CA, [(1, asdu.measured16(fresh.number))]))
    wait_until(lambda: int(fresh.probe.value) == fresh.number, 3)
    assert {point.io_address for point in fresh.remote.points} <= {1, 16777214, 16777215}
    assert fresh.raw.accepted == 1


@pytest.mark.parametrize("size", range(0, 6))
def test_i_frames_shorter_than_an_asdu_header(fresh, size):
    """Skipped, or the end of the link; nothing worse."""
    fresh.raw.send(bytes((1, 1, 3, 0, 1, 0))[:size])
    eventually(lambda: fresh.raw.closed_by_client, 0.1)
    if fresh.raw.closed_by_client:
        fresh.connection.connect()
        wait_until(lambda: fresh.raw.accepted == 2 and fresh.connection.state == c104.ConnectionState.OPEN, 4)
    fresh.check(links=fresh.raw.accepted)


def test_malformed_objects_spare_what_was_known(shared):
    """A list that ends too early changes no point."""
    shared.check()
    before = int(shared.probe.value)
    shared.raw.send(asdu.header(11, 3, CA, 2) + asdu.ioa(1) + asdu.measured16(-999) + asdu.ioa(2) + b"\x00")
    assert connection_still_answers(shared)
    assert int(shared.probe.value) == before
    shared.check()


def connection_still_answers(room):
    return room.connection.test(common_address=CA) is True


@pytest.mark.parametrize(
    "octets",
    [b"\x00", b"\x69\x04\x43\x00\x00\x00", b"\x68\x02\x43\x00", b"\x68\xfe" + bytes(254), b"\x68\x06\x43\x00\x00\x00\x00\x00"],
    ids=lambda octets: octets[:6].hex(),
)
def test_apci_faults_close_the_link(fresh, octets):
    fresh.raw.send_raw(octets)
    wait_until(lambda: fresh.raw.closed_by_client == [0], 3)
    fresh.connection.connect()
    wait_until(lambda: fresh.raw.accepted == 2 and fresh.connection.state == c104.ConnectionState.OPEN, 4)
    fresh.check(links=2)


def test_malformed_answers_during_init(make_station, make_client):
    raw = make_station(ca=CA)
    raw.on(
        100,
        lambda link, request: link.send(
            asdu.header(100, 7, CA),
            asdu.header(1, 20, CA, 127, True),
            request.mirrored(asdu.ACT_CON, ca=CA),
            request.mirrored(asdu.ACT_TERM, ca=CA),
        ),
    )
    client = make_client()
    connection = client.add_connection(ip="127.0.0.1", port=raw.port, init=c104.Init.ALL)
    client.start()
    wait_until(lambda: connection.state == c104.ConnectionState.OPEN, 8)


@pytest.mark.parametrize("seed", range(8))
def test_random_asdus(fresh, seed):
    """Seeded noise behind a valid APCI: the client lives, and the link too (ASDU faults are not faults of the link)."""
    noise = random.Random(seed)
    for _ in range(400):
        size = noise.randrange(6, 250)
        type_id = noise.choice((1, 9, 13, 15, 30, 36, 38, 45, 70, 100, 103, noise.randrange(256)))
        octets = bytes((type_id, noise.randrange(256), noise.randrange(64), 0)) + struct.pack("<H", CA)
        fresh.raw.send(octets + bytes(noise.randrange(256) for _ in range(size - 6)))
    assert connection_still_answers(fresh)
    assert fresh.raw.accepted == 1


@pytest.mark.parametrize("seed", range(8))
def test_random_octets(fresh, seed):
    """Seeded noise for a stream, over some reconnects."""
    noise = random.Random(1000 + seed)
    for _ in range(10):
        octets = bytes(noise.randrange(256) for _ in range(300))
        fresh.raw.send_raw(b"\x68" + octets if noise.random() < 0.5 else apci.i_frame(0, 0, octets[:200]) + octets)
        eventually(lambda: not fresh.raw.links, 0.5)
        fresh.connection.disconnect()
        wait_until(lambda: not fresh.raw.links)
        fresh.connection.connect()
        wait_until(lambda: fresh.raw.links and fresh.connection.state == c104.ConnectionState.OPEN, 4)
    assert connection_still_answers(fresh)


def test_mutated_frames(fresh):
    """Valid frames with one octet changed behind the APCI."""
    noise = random.Random(42)
    samples = [
        asdu.build(type_id, 3, CA, [(1 + index, asdu.sample(type_id)) for index in range(3)], sequence=sequence)
        for type_id in asdu.MONITORING
        for sequence in (False, True)
    ]
    for _ in range(3000):
        octets = bytearray(noise.choice(samples))
        octets[noise.randrange(len(octets))] = noise.randrange(256)
        fresh.raw.send(bytes(octets))
    assert connection_still_answers(fresh)
    assert fresh.raw.accepted == 1
