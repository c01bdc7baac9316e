# SPDX-License-Identifier: GPL-3.0-or-later
"""Every monitoring type as the client decodes it: values, quality bits, time tags, SQ, in on_receive and in the point."""

import datetime
import itertools
import math
import struct

import c104
import pytest
from support import asdu
from support.station import RawStation
from support.waiting import eventually, holds, wait_until

Q = c104.Quality
CA = 1
AT = asdu.TAG_MOMENT
QUALITY_BITS = {0x01: Q.Overflow, 0x10: Q.Blocked, 0x20: Q.Substituted, 0x40: Q.NonTopical, 0x80: Q.Invalid}
NAMES = {
    1: "M_SP_NA_1",
    3: "M_DP_NA_1",
    5: "M_ST_NA_1",
    7: "M_BO_NA_1",
    9: "M_ME_NA_1",
    11: "M_ME_NB_1",
    13: "M_ME_NC_1",
    15: "M_IT_NA_1",
    20: "M_PS_NA_1",
    21: "M_ME_ND_1",
    30: "M_SP_TB_1",
    31: "M_DP_TB_1",
    32: "M_ST_TB_1",
    33: "M_BO_TB_1",
    34: "M_ME_TD_1",
    35: "M_ME_TE_1",
    36: "M_ME_TF_1",
    37: "M_IT_TB_1",
    38: "M_EP_TD_1",
    39: "M_EP_TE_1",
    40: "M_EP_TF_1",
}
UNTIMED = {
    1: None,
    3: None,
    5: None,
    7: None,
    9: None,
    11: None,
    13: None,
    15: None,
    30: AT,
    31: AT,
    32: AT,
    33: AT,
    34: AT,
    35: AT,
    36: AT,
    37: AT,
}

ADDRESSES = itertools.count(100)


class Room:
    """One link that all tests of this module share; each test takes addresses of its own."""

    def __init__(self):
        self.raw = RawStation(ca=CA).start()
        self.client = c104.Client(tick_rate_ms=50)
        self.connection = self.client.add_connection(ip="127.0.0.1", port=self.raw.port, init=c104.Init.NONE)
        self.remote = self.connection.add_station(CA)
        self.initialized = []

        def on_init(client: c104.Client, station: c104.Station, cause: c104.Coi) -> None:
            self.initialized.append((station.common_address, cause))

        self.client.on_station_initialized(callable=on_init)
        self.client.start()
        wait_until(lambda: self.connection.state == c104.ConnectionState.OPEN)

    def point(self, type_id, address=None):
        """A point of that type, with what its on_receive saw: (info at that moment, facts of the message)."""
        point = self.remote.add_point(next(ADDRESSES) if address is None else address, getattr(c104.Type, NAMES[type_id]))
        seen = []

        def on_receive(point: c104.Point, previous_info: c104.Information, message: c104.IncomingMessage) -> c104.ResponseState:
            seen.append(
                (
                    point.info,
                    previous_info,
                    {
                        "type": message.type,
                        "cot": message.cot,
                        "ca": message.common_address,
                        "ioa": message.io_address,
                        "oa": message.originator_address,
                        "test": message.is_test,
                        "negative": message.is_negative,
                        "sequence": message.is_sequence,
                        "raw": message.raw,
                        "count": message.number_of_objects,
                        "value": point.value,
                        "select": message.is_select_command,
                    },
                )
            )
            return c104.ResponseState.NONE

        point.on_receive(callable=on_receive)
        return point, seen

    def receive(self, type_id, element, **header):
        """Sends one object to a new point and waits for its on_receive; the point and its first record."""
        point, seen = self.point(type_id)
        self.raw.send(asdu.build(type_id, header.pop("cot", asdu.SPONTANEOUS), CA, [(point.io_address, element)], **header))
        wait_until(lambda: seen, 3, f"type {type_id} {element.hex()} was not delivered")
        return point, seen[0]

    def close(self):
        self.client.stop()
        self.raw.stop()


@pytest.fixture(scope="module")
def room():
    one = Room()
    yield one
    one.close()


def test_listened_and_unlistened_objects_of_one_asdu(room):
    """Objects are applied in their order, each once; only those with a callback go through one."""
    base = next(ADDRESSES) * 1000
    points = [room.remote.add_point(base + i, c104.Type.M_ME_NC_1) for i in range(6)]
    seen = []

    def on_receive(point: c104.Point, previous_info: c104.Information, message: c104.IncomingMessage) -> c104.ResponseState:
        seen.append((point.io_address - base, message.io_address - base, previous_info.value, [p.value for p in points]))
        return c104.ResponseState.NONE

    for listened in (2, 4):
        points[listened].on_receive(callable=on_receive)
    rounds = 200
    for number in range(1, rounds + 1):
        elements = [(base + i, asdu.short(number)) for i in range(6)]
        room.raw.send(asdu.build(13, asdu.SPONTANEOUS, CA, elements))
        room.raw.send(asdu.build(13, asdu.SPONTANEOUS, CA, elements[5:]))  # nobody listens
        if number % 3 == 0:  # alone, and with more behind it
            wait_until(lambda: len(seen) == 2 * number)
    wait_until(lambda: len(seen) == 2 * rounds)
    assert seen == [
        (listened, listened, number - 1, [number] * (listened + 1) + [number - 1] * (5 - listened))
        for number in range(1, rounds + 1)
        for listened in (2, 4)
    ]


def check_tag(type_id, info, point):
    if type_id in asdu.TIMED:
        assert info.recorded_at == asdu.local(AT)
        assert point.recorded_at == asdu.local(AT)
    else:
        assert info.recorded_at is None
        assert point.recorded_at is None
    age = datetime.datetime.now() - point.processed_at
    assert datetime.timedelta(seconds=-1) < age < datetime.timedelta(seconds=10)


# Values. Rows: types, element, what info shows, point.value.


def rows():
    for type_id in (1, 30):
        for on in (False, True):
            yield type_id, asdu.single(on, at=UNTIMED[type_id]), {"on": on}, on
    for type_id in (3, 31):
        for number, name in enumerate(("INTERMEDIATE", "OFF", "ON", "INDETERMINATE")):
            yield (
                type_id,
                asdu.double(number, at=UNTIMED[type_id]),
                {"state": getattr(c104.Double, name)},
                getattr(c104.Double, name),
            )
    for type_id in (5, 32):
        for position in (-64, -1, 0, 1, 63):
            for transient in (False, True):
                yield (
                    type_id,
                    asdu.step(position, transient, at=UNTIMED[type_id]),
                    {"position": position, "transient": transient},
                    position,
                )
    for type_id in (7, 33):
        for blob in (bytes(4), b"\xff" * 4, b"\x04\x03\x02\x01", b"\x01\x00\x00\x80"):
            yield type_id, asdu.bits(blob, at=UNTIMED[type_id]), {"blob": blob}, blob
    for type_id in (9, 34):
        for raw in (-32768, -16384, -1, 0, 1, 16384, 32767):
            yield type_id, asdu.measured16(raw, at=UNTIMED[type_id]), {"actual": raw / 32768}, raw / 32768
    for raw in (-32768, -1, 0, 1, 32767):
        yield 21, asdu.nva(raw), {"actual": raw / 32768}, raw / 32768
    for type_id in (11, 35):
        for raw in (-32768, -1, 0, 1, 256, 32767):
            yield type_id, asdu.measured16(raw, at=UNTIMED[type_id]), {"actual": raw}, raw
    smallest, largest = struct.unpack("<ff", b"\x01\x00\x00\x00\xff\xff\x7f\x7f")
    for type_id in (13, 36):
        for number in (0.0, -0.0, 1.5, -2.25, smallest, largest, -largest, math.inf, -math.inf, math.nan):
            yield type_id, asdu.short(number, at=UNTIMED[type_id]), {"actual": number}, number
    for type_id in (15, 37):
        for number, sequence in ((0, 0), (1, 31), (-1, 1), (2147483647, 16), (-2147483648, 15)):
            yield (
                type_id,
                asdu.counter(number, sequence, at=UNTIMED[type_id]),
                {"counter": number, "sequence": sequence},
                number,
            )
    for status, changed in ((0, 0), (0xFFFF, 0xFFFF), (0x8001, 0x0180), (1, 0x8000)):
        yield 20, asdu.packed(status, changed), {"status": status, "changed": changed}, status
    for number, name in enumerate(("INDETERMINATE_0", "OFF", "ON", "INDETERMINATE_3")):
        if not name.startswith("INDETERMINATE"):
            yield (
                38,
                asdu.protection_event(number, 500, AT),
                {"state": getattr(c104.EventState, name), "elapsed_ms": 500},
                getattr(c104.EventState, name),
            )
    for elapsed in (0, 59999, 65535):
        yield 38, asdu.protection_event(1, elapsed, AT), {"elapsed_ms": elapsed}, c104.EventState.OFF
    for events in [0, 0x3F] + [1 << bit for bit in range(6)]:
        yield 39, asdu.protection_start(events, 60000, AT), {"events": events, "relay_duration_ms": 60000}, events
    for circuits in [0, 0x0F] + [1 << bit for bit in range(4)]:
        yield 40, asdu.protection_circuits(circuits, 65535, AT), {"circuits": circuits, "relay_operating_ms": 65535}, circuits


def same(actual, expected):
    if isinstance(expected, bytes):
        return bytes(actual) == expected
    if isinstance(expected, float):
        number = float(actual)
        if math.isnan(expected):
            return math.isnan(number)
        return number == expected and math.copysign(1, number) == math.copysign(1, expected)
    if isinstance(expected, (bool, c104.Double, c104.EventState)):
        return actual == expected
    if hasattr(actual, "value") and not isinstance(actual, int):
        return int(actual.value) == expected
    return int(actual) == expected


@pytest.mark.parametrize(
    "type_id, element, shown, value", list(rows()), ids=[f"{row[0]}-{index}" for index, row in enumerate(rows())]
)
def test_value(room, type_id, element, shown, value):
    point, (info, previous, message) = room.receive(type_id, element)
    for name, expected in shown.items():
        assert same(getattr(info, name), expected), (name, getattr(info, name), expected)
    assert same(info.value, value)
    assert same(point.value, value)
    assert same(message["value"], value)
    assert info.quality is None or info.quality.is_good()
    assert message["type"] == point.type and message["cot"] == c104.Cot.SPONTANEOUS
    assert (message["ca"], message["ioa"]) == (CA, point.io_address)
    assert message["raw"][6:] == asdu.build(type_id, asdu.SPONTANEOUS, CA, [(point.io_address, element)])
    check_tag(type_id, info, point)


@pytest.mark.parametrize("number, name", [(0, 0), (3, 3)])
def test_indeterminate_protection_events(room, number, name):
    point, (info, _, _) = room.receive(38, asdu.protection_event(number, 1, AT))
    assert int(info.state.value) == number
    assert point.value == info.state


@pytest.mark.parametrize(
    "type_id, kind",
    [
        (1, bool),
        (3, c104.Double),
        (5, c104.Int7),
        (7, c104.Byte32),
        (9, c104.NormalizedFloat),
        (11, c104.Int16),
        (13, float),
        (15, int),
        (20, c104.PackedSingle),
        (21, c104.NormalizedFloat),
        (38, c104.EventState),
        (39, c104.StartEvents),
        (40, c104.OutputCircuits),
    ],
)
def test_type_of_value_and_info(room, type_id, kind):
    point, (info, previous, message) = room.receive(type_id, asdu.sample(type_id))
    assert type(point.value) is kind
    expected = {
        1: c104.SingleInfo,
        3: c104.DoubleInfo,
        5: c104.StepInfo,
        7: c104.BinaryInfo,
        9: c104.NormalizedInfo,
        11: c104.ScaledInfo,
        13: c104.ShortInfo,
        15: c104.BinaryCounterInfo,
        20: c104.StatusAndChanged,
        21: c104.NormalizedInfo,
        38: c104.ProtectionEventInfo,
        39: c104.ProtectionStartInfo,
        40: c104.ProtectionCircuitInfo,
    }[type_id]
    assert type(info) is expected
    assert type(previous) is expected
    assert info.is_readonly


# Quality. The octets with a QDS of their own, and those with SIQ and DIQ (no overflow bit).


def element_with(type_id, quality):
    tag = AT if type_id in asdu.TIMED else None
    return {
        1: lambda: asdu.single(True, quality),
        30: lambda: asdu.single(True, quality, tag),
        3: lambda: asdu.double(1, quality),
        31: lambda: asdu.double(1, quality, tag),
        5: lambda: asdu.step(5, False, quality),
        32: lambda: asdu.step(5, False, quality, tag),
        7: lambda: asdu.bits(b"abcd", quality),
        33: lambda: asdu.bits(b"abcd", quality, tag),
        9: lambda: asdu.measured16(7, quality),
        34: lambda: asdu.measured16(7, quality, tag),
        11: lambda: asdu.measured16(7, quality),
        35: lambda: asdu.measured16(7, quality, tag),
        13: lambda: asdu.short(7.0, quality),
        36: lambda: asdu.short(7.0, quality, tag),
        20: lambda: asdu.packed(5, 6, quality),
        38: lambda: asdu.protection_event(1, 9, AT, quality),
        39: lambda: asdu.protection_start(1, 9, AT, quality),
        40: lambda: asdu.protection_circuits(1, 9, AT, quality),
    }[type_id]()


QUALITY_CASES = (
    [(type_id, bit) for type_id in (1, 3, 30, 31) for bit in (0x10, 0x20, 0x40, 0x80, 0xF0)]
    + [(type_id, bit) for type_id in (5, 7, 9, 11, 13, 20, 32, 33, 34, 35, 36) for bit in (0x01, 0x10, 0x20, 0x40, 0x80, 0xF1)]
    + [(type_id, bit) for type_id in (38, 39, 40) for bit in (0x08, 0x10, 0x20, 0x40, 0x80, 0xF8)]
)


@pytest.mark.parametrize("type_id, bits", QUALITY_CASES, ids=[f"{type_id}-{bits:02x}" for type_id, bits in QUALITY_CASES])
def test_quality(room, type_id, bits):
    point, (info, _, _) = room.receive(type_id, element_with(type_id, bits))
    expected = {
        name
        for bit, name in (
            (0x01, "Overflow"),
            (0x08, "ElapsedTimeInvalid"),
            (0x10, "Blocked"),
            (0x20, "Substituted"),
            (0x40, "NonTopical"),
            (0x80, "Invalid"),
        )
        if bits & bit
    }
    for quality in (info.quality, point.quality):
        present = {name for name, flag in c104.Quality.__members__.items() if (quality & flag).is_any()}
        assert present == expected
        assert quality.is_any() and not quality.is_good()
    assert QUALITY_BITS.get(bits) is None or point.quality == QUALITY_BITS[bits]


@pytest.mark.parametrize("type_id", [15, 37])
@pytest.mark.parametrize(
    "wire, names", [(0x20, {"Carry"}), (0x40, {"Adjusted"}), (0x80, {"Invalid"}), (0xE0, {"Carry", "Adjusted", "Invalid"})]
)
def test_counter_quality(room, type_id, wire, names):
    """CY is 0x20 and CA 0x40 on the wire, whatever the numbers of the members."""
    point, (info, _, _) = room.receive(type_id, asdu.counter(7, 3, wire, UNTIMED[type_id]))
    for quality in (info.quality, point.quality):
        assert {name for name, flag in c104.BinaryCounterQuality.__members__.items() if (quality & flag).is_any()} == names
    assert int(info.sequence) == 3 and info.counter == 7


# Time tags.


@pytest.mark.parametrize(
    "moment",
    [
        (2000, 1, 1, 0, 0, 0, 0),
        (1970 + 54, 12, 31, 23, 59, 59, 999),
        (2069, 6, 15, 12, 30, 30, 1),
        (2024, 2, 29, 0, 0, 0, 500),
        (2026, 7, 1, 12, 0, 0, 0),
        (2026, 1, 1, 12, 0, 0, 0),
    ],
)
def test_time_tag(room, moment):
    at = datetime.datetime(*moment[:6], moment[6] * 1000, tzinfo=datetime.timezone.utc)
    point, (info, _, _) = room.receive(30, asdu.single(True, at=at))
    assert info.recorded_at == asdu.local(at) == point.recorded_at
    assert point.recorded_at.tzinfo is None


@pytest.mark.parametrize(
    "tag",
    [
        b"\x00" * 7,
        b"\xff" * 7,
        bytes((0, 0, 0, 0, 13, 24, 0)),
        bytes((0, 0, 0, 31, 2, 24, 0)),
        bytes((0xFF, 0xFF, 63, 31, 31, 15, 127)),
    ],
    ids=["zeros", "ones", "month", "february31", "all"],
)
def test_impossible_time_tags_are_no_harm(room, tag):
    """The value still comes; its time is whatever can be said of it."""
    point, (info, _, _) = room.receive(30, b"\x01" + tag)
    assert point.value is True
    assert info.recorded_at is None or isinstance(info.recorded_at, datetime.datetime)


def test_day_of_week_and_summer_bit(room):
    at = datetime.datetime(2026, 7, 1, 12, 0, tzinfo=datetime.timezone.utc)
    point, (info, _, _) = room.receive(30, b"\x01" + asdu.cp56(at, day_of_week=3))
    assert point.recorded_at == asdu.local(at)


# SQ, several objects, header.


@pytest.mark.parametrize("sequence", [False, True], ids=["SQ0", "SQ1"])
@pytest.mark.parametrize("type_id", asdu.MONITORING)
def test_several_objects(room, type_id, sequence):
    count = 3
    first = next(ADDRESSES)
    for _ in range(count):
        next(ADDRESSES)
    made = [room.point(type_id, first + index) for index in range(count)]
    room.raw.send(
        asdu.build(
            type_id, asdu.SPONTANEOUS, CA, [(first + index, asdu.sample(type_id)) for index in range(count)], sequence=sequence
        )
    )
    wait_until(lambda: all(seen for _, seen in made), 3)
    for point, seen in made:
        assert len(seen) == 1
        assert seen[0][2]["ioa"] == point.io_address
        assert seen[0][2]["count"] == count
        assert seen[0][2]["sequence"] is sequence
        assert seen[0][0].value == point.value or type_id in (5, 7, 9, 11, 21, 32, 33, 34, 35)


@pytest.mark.parametrize("type_id, most", [(1, 127), (9, 80), (13, 48), (15, 48), (36, 20), (1, 100)])
def test_full_sequences(room, type_id, most):
    first = next(ADDRESSES) * 1000
    made = [room.point(type_id, first + index) for index in range(most)]
    room.raw.send(
        asdu.build(
            type_id, asdu.SPONTANEOUS, CA, [(first + index, asdu.sample(type_id)) for index in range(most)], sequence=True
        )
    )
    wait_until(lambda: all(seen for _, seen in made), 3)
    assert all(len(seen) == 1 for _, seen in made)


def test_highest_addresses(room):
    made = [room.point(1, address) for address in (16777214, 16777215)]
    room.raw.send(
        asdu.build(1, asdu.SPONTANEOUS, CA, [(16777214, asdu.single(True)), (16777215, asdu.single(True))], sequence=True)
    )
    wait_until(lambda: all(seen for _, seen in made))
    assert all(point.value is True for point, _ in made)


@pytest.mark.parametrize("cot", [1, 2, 3, 5, 11, 12, 20, 21, 36, 37, 41])
def test_cause_of_transmission(room, cot):
    type_id = 15 if cot in (37, 41) else 1
    point, (_, _, message) = room.receive(type_id, asdu.sample(type_id), cot=cot)
    assert message["cot"] == c104.Cot(cot)


def test_header_bits(room):
    point, (_, _, message) = room.receive(1, asdu.single(True), oa=77, test=True)
    assert message["oa"] == 77
    assert message["test"] is True
    assert message["negative"] is False


def test_previous_info(room):
    point, seen = room.point(11)
    for number in (5, 6, 7):
        room.raw.send(asdu.build(11, asdu.SPONTANEOUS, CA, [(point.io_address, asdu.measured16(number))]))
    wait_until(lambda: len(seen) == 3)
    assert [int(record[0].actual) for record in seen] == [5, 6, 7]
    assert [int(record[1].actual) for record in seen] == [0, 5, 6]


def test_order_is_kept_over_many_frames(room):
    point, seen = room.point(11)
    numbers = [number % 30000 for number in range(3000)]
    for first in range(0, len(numbers), 100):
        room.raw.send(
            *[
                asdu.build(11, asdu.SPONTANEOUS, CA, [(point.io_address, asdu.measured16(number))])
                for number in numbers[first : first + 100]
            ]
        )
    wait_until(lambda: len(seen) == len(numbers), 20)
    assert [int(record[0].actual) for record in seen] == numbers


def test_received_information_is_a_snapshot(room):
    point, seen = room.point(11)
    for number in (5, 6):
        room.raw.send(asdu.build(11, asdu.SPONTANEOUS, CA, [(point.io_address, asdu.measured16(number))]))
    wait_until(lambda: len(seen) == 2)
    assert int(seen[0][0].actual) == 5
    assert int(seen[1][0].actual) == 6


def test_other_type_at_a_known_address(room):
    """Never decoded into the point of another type."""
    point, seen = room.point(11)
    room.raw.send(asdu.build(13, asdu.SPONTANEOUS, CA, [(point.io_address, asdu.short(3.5))]))
    room.raw.send(asdu.build(11, asdu.SPONTANEOUS, CA, [(point.io_address, asdu.measured16(9))]))
    wait_until(lambda: seen)
    assert int(seen[0][0].actual) == 9
    assert len(seen) == 1


# Type 70.


@pytest.mark.parametrize(
    "octet, cause", [(0, c104.Coi.LOCAL_POWER_ON), (1, c104.Coi.LOCAL_MANUAL_RESET), (2, c104.Coi.REMOTE_RESET)]
)
def test_end_of_initialization(room, octet, cause):
    del room.initialized[:]
    room.raw.send(asdu.end_of_init(CA, octet))
    wait_until(lambda: room.initialized)
    assert room.initialized == [(CA, cause)]


@pytest.mark.parametrize("octet", [0x80, 0x82, 3, 127])
def test_end_of_initialization_with_other_octets(room, octet):
    """Bit 8 says "after change of local parameters"; the rest is reserved. Told, not crashed upon."""
    del room.initialized[:]
    room.raw.send(asdu.end_of_init(CA, octet))
    assert eventually(lambda: room.initialized, 2)
    assert room.initialized[0][0] == CA


def test_the_link_held_all_the_time(room):
    assert room.connection.state == c104.ConnectionState.OPEN
    assert room.raw.accepted == 1
    assert not room.raw.errors
    assert holds(lambda: room.connection.is_connected, 0.05)


# The same information with and without a time tag.


@pytest.mark.parametrize("own", [c104.Type.M_ME_NC_1, c104.Type.M_ME_TC_1, c104.Type.M_ME_TF_1], ids=lambda own: own.name)
def test_values_with_and_without_a_time_tag(room, own):
    """Stations answer interrogations without a tag and report changes with one."""
    ioa = 9000 + int(own)
    point = room.remote.add_point(ioa, own)
    for number, (type_id, tag) in enumerate([(13, b""), (36, asdu.cp56(asdu.TAG_MOMENT)), (13, b"")], 1):
        room.raw.send(asdu.build(type_id, asdu.SPONTANEOUS, CA, [(ioa, asdu.short(float(number)) + tag)]))
        wait_until(lambda: point.value == float(number))
        assert (point.recorded_at is not None) is bool(tag)
    assert point.recorded_at is None and point.type == own


def test_tagged_values_of_other_information_are_refused(room):
    ioa = 9100
    point = room.remote.add_point(ioa, c104.Type.M_ME_NB_1)
    room.raw.send(asdu.build(36, asdu.SPONTANEOUS, CA, [(ioa, asdu.short(3.5) + asdu.cp56(asdu.TAG_MOMENT))]))
    room.raw.send(asdu.build(11, asdu.SPONTANEOUS, CA, [(ioa, asdu.measured16(9))]))
    wait_until(lambda: int(point.value) == 9)
