# SPDX-License-Identifier: GPL-3.0-or-later
"""Stations as arrays: Station.snapshot() and Station.update(), on either side and on the wire."""

from __future__ import annotations

import array
import ctypes
import datetime
import math
import struct
from typing import Any, Callable, List

import c104
import pytest
from support import asdu
from support.master import RawMaster
from support.waiting import wait_until

CA = 47
NO_TIME = -(2**63)
MONITORING = [1, 3, 5, 7, 9, 11, 13, 15, 20, 21, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40]
COMMANDS = [45, 46, 47, 48, 49, 50, 51, 58, 59, 60, 61, 62, 63, 64]
# TypeID: a value, one that is none, its element without time tag after update() with quality 0.
VALUES = {
    1: (1, 2, "01"),
    3: (2, -1, "02"),
    5: (-64, 64, "4000"),
    7: (2**32 - 1, 2**32, "ffffffff00"),
    9: (-0.5, 1.01, "00c000"),
    11: (-32768, 32768, "008000"),
    13: (1.5, None, "0000c03f00"),
    15: (-(2**31), 2**31, "0000008000"),
    20: (0x8001, 65536, "0180000000"),
    21: (0.25, math.nan, "0020"),
}


@pytest.fixture
def station(server: c104.Server) -> c104.Station:
    return server.add_station(CA)


@pytest.fixture
def master(server: c104.Server, station: c104.Station, make_master: Callable[..., RawMaster]) -> RawMaster:
    server.start()
    one = make_master(server.port)
    wait_until(lambda: server.active_connection_count == 1)
    return one


def rows(snapshot: c104.Snapshot) -> List[tuple]:
    return list(zip(snapshot.io_address, snapshot.type, snapshot.value, snapshot.quality))


# Reading.


def test_a_snapshot_agrees_with_the_points(station: c104.Station) -> None:
    for number in reversed(MONITORING + COMMANDS):
        station.add_point(1000 + number, c104.Type(number))
    station.get_point(1011).value = c104.Int16(-5)
    station.get_point(1036).info = c104.ShortInfo(2.5, c104.Quality.Invalid | c104.Quality.Blocked)
    station.get_point(1015).info = c104.BinaryCounterInfo(-7, c104.UInt5(1), c104.BinaryCounterQuality.Carry)
    station.get_point(1005).value = c104.Int7(-3)
    station.get_point(1007).value = c104.Byte32(0xFEDCBA98)
    station.get_point(1020).value = c104.PackedSingle.I15
    snapshot = station.snapshot()
    points = station.points
    assert len(snapshot) == len(points) == len(snapshot.value)
    assert list(snapshot.io_address) == [point.io_address for point in points]
    assert list(snapshot.type) == [int(point.type) for point in points]
    for point, value, quality, recorded, processed in zip(
        points, snapshot.value, snapshot.quality, snapshot.recorded_at, snapshot.processed_at
    ):
        plain: Any = point.value
        assert value == (float(plain) if isinstance(plain, (bool, float, c104.NormalizedFloat)) else int(plain)), point
        assert quality == (0 if point.quality is None else int(point.quality)), point
        if point.recorded_at is None:
            assert recorded == NO_TIME
        else:
            assert abs(recorded / 1e6 - point.recorded_at.timestamp()) < 1e-5
        assert abs(processed / 1e6 - point.processed_at.timestamp()) < 1e-5


def test_a_snapshot_of_one_type_and_of_nothing(station: c104.Station) -> None:
    assert len(station.snapshot()) == 0 and station.snapshot().value.tolist() == []
    station.add_point(1, c104.Type.M_SP_NA_1)
    station.add_point(2, c104.Type.M_DP_NA_1)
    station.add_point(3, c104.Type.M_SP_NA_1)
    assert station.snapshot(type=c104.Type.M_SP_NA_1).io_address.tolist() == [1, 3]
    assert len(station.snapshot(type=c104.Type.M_ME_NC_1)) == 0
    with pytest.raises(TypeError):
        station.snapshot(type=1)


def test_a_snapshot_stays_as_it_was_taken(station: c104.Station) -> None:
    point = station.add_point(1, c104.Type.M_ME_NC_1)
    point.value = 1.0
    column = station.snapshot().value
    point.value = 2.0
    station.remove_point(1)
    assert column.tolist() == [1.0]
    assert column.readonly and column.format == "d" and column.contiguous
    with pytest.raises(TypeError):
        column[0] = 3.0


def test_a_client_reads_what_came(make_station: Any, client: c104.Client) -> None:
    remote = make_station()
    connection = client.add_connection("127.0.0.1", remote.port, init=c104.Init.NONE)
    station = connection.add_station(CA)
    for number in range(3):
        station.add_point(10 + number, c104.Type.M_ME_NB_1)
    client.start()
    wait_until(lambda: connection.state == c104.ConnectionState.OPEN)
    objects = [(10 + number, struct.pack("<hB", -number, 0x80 if number == 1 else 0)) for number in range(3)]
    remote.send(asdu.build(11, asdu.SPONTANEOUS, CA, objects))
    wait_until(lambda: station.snapshot().value.tolist() == [0, -1, -2])
    assert station.snapshot().quality.tolist() == [0, 0x80, 0]


# Writing.


@pytest.mark.parametrize("number", VALUES)
def test_update_on_the_wire(station: c104.Station, master: RawMaster, number: int) -> None:
    value, _, element = VALUES[number]
    station.add_point(5, c104.Type(number))
    assert station.update([5], [value], quality=[0], cause=c104.Cot.SPONTANEOUS) is True
    sent = master.wait_asdu(number, asdu.SPONTANEOUS)
    assert [(address, octets.hex()) for address, octets in sent.objects] == [(5, element)]
    assert station.snapshot().value.tolist() == [value]


@pytest.mark.parametrize("number", [n for n in VALUES if VALUES[n][1] is not None])
def test_a_number_that_is_no_value_is_refused_by_row(station: c104.Station, number: int) -> None:
    value, wrong, _ = VALUES[number]
    for address in (5, 6):
        station.add_point(address, c104.Type(number))
    before = rows(station.snapshot())
    with pytest.raises(ValueError, match=rf"row 1, io_address 6: value .* is not one of {c104.Type(number).name}.*\.\."):
        station.update([5, 6], [value, wrong])
    with pytest.raises(ValueError, match="row 0"):
        station.update([5, 6], [math.nan, value])
    assert rows(station.snapshot()) == before


def test_fractions_are_no_whole_numbers(station: c104.Station) -> None:
    station.add_point(5, c104.Type.M_ME_NB_1)
    with pytest.raises(ValueError, match="value 1.5 is not one of M_ME_NB_1: a whole number in -32768..32767"):
        station.update([5], [1.5])


def test_order_and_packing(station: c104.Station, master: RawMaster) -> None:
    """Neighbours of one TypeID share an ASDU, SQ=1 where addresses run on; the order is the given one, repetitions included."""
    for address in range(1, 301):
        station.add_point(address, c104.Type.M_ME_NB_1 if address <= 200 else c104.Type.M_SP_NA_1)
    addresses = [*range(1, 201), *range(201, 301), 7, 7, 7, 250, 9]
    values = [*range(200), *(n % 2 for n in range(100)), 100, 101, 102, 1, 103]
    assert station.update(array.array("I", addresses), array.array("d", values), 0, cause=c104.Cot.SPONTANEOUS) is True
    wait_until(lambda: sum(one.count for one in master.asdus()) == len(addresses))
    came = [(a, struct.unpack("<h", e[:2])[0] if one.type_id == 11 else e[0]) for one in master.asdus() for a, e in one.objects]
    assert came == list(zip(addresses, values))
    shapes = [(one.type_id, one.sequence, one.count) for one in master.asdus()]
    assert shapes == [
        (11, True, 80),
        (11, True, 80),
        (11, True, 40),
        (1, True, 100),
        (11, False, 3),
        (1, False, 1),
        (11, False, 1),
    ]
    assert all(one.cot == asdu.SPONTANEOUS and one.oa == 0 and one.ca == CA for one in master.asdus())


def test_ten_thousand_values_arrive(station: c104.Station, master: RawMaster) -> None:
    count = 10_000
    for address in range(count):
        station.add_point(3 * address, c104.Type.M_ME_NC_1)
    values = array.array("f", (address / 2 for address in range(count)))
    assert station.update(range(0, 3 * count, 3), values, cause=c104.Cot.PERIODIC) is True
    wait_until(lambda: sum(one.count for one in master.asdus(13, 1)) == count, 20)
    came = [(a, struct.unpack("<f", e[:4])[0]) for one in master.asdus(13) for a, e in one.objects]
    assert came == list(zip(range(0, 3 * count, 3), values))


def test_without_a_cause_nothing_is_sent(station: c104.Station, master: RawMaster) -> None:
    station.add_point(5, c104.Type.M_SP_NA_1)
    assert station.update([5], [True]) is True
    assert [one.element for one in master.interrogate(CA) if one.type_id == 1] == [b"\x01"]
    assert len(master.asdus(1)) == 1


def test_nobody_there(server: c104.Server, station: c104.Station) -> None:
    station.add_point(5, c104.Type.M_SP_NA_1)
    assert station.update([5], [1], cause=c104.Cot.SPONTANEOUS) is False
    assert station.get_point(5).value is True
    assert station.update([], [], cause=c104.Cot.SPONTANEOUS) is True


def test_quality_and_time(station: c104.Station) -> None:
    counter = station.add_point(1, c104.Type.M_IT_TB_1)
    value = station.add_point(2, c104.Type.M_ME_TF_1)
    moment = datetime.datetime(2024, 2, 29, 12, 30, 15, 123000, tzinfo=datetime.timezone.utc)
    station.update([1], [7], quality=c104.BinaryCounterQuality.Carry, recorded_at=moment)
    assert counter.quality == c104.BinaryCounterQuality.Carry
    assert counter.recorded_at == moment.astimezone().replace(tzinfo=None)
    station.update([2, 1], [1.0, 8], quality=[int(c104.Quality.Invalid), 0], recorded_at=[10**15, 2 * 10**15])
    assert value.quality == c104.Quality.Invalid and counter.quality == c104.BinaryCounterQuality()
    assert station.snapshot().recorded_at.tolist() == [2 * 10**15, 10**15]
    station.update([1, 2], [9, 2.0])
    assert value.quality == c104.Quality.Invalid, "None: as it was"
    assert min(station.snapshot().recorded_at) > 1.7e15, "None: now"
    assert station.snapshot().recorded_at == station.snapshot().processed_at


def test_what_is_updated_together_is_of_one_moment(station: c104.Station) -> None:
    addresses = range(1, 5001)
    for address in addresses:
        station.add_point(address, c104.Type.M_ME_TF_1)
    station.update(addresses, [1.0] * len(addresses))
    after = station.snapshot()
    assert set(after.recorded_at) == set(after.processed_at) and len(set(after.recorded_at)) == 1


def test_what_is_set_can_be_changed_again(station: c104.Station) -> None:
    point = station.add_point(2, c104.Type.M_ME_NC_1)
    station.update([2], [1.5])
    point.value = 2.5
    assert station.snapshot().value.tolist() == [2.5]


@pytest.mark.parametrize("code", list("bBhHiIlLqQfd"))
def test_columns_of_each_element_type(station: c104.Station, code: str) -> None:
    for address in (1, 2, 3):
        station.add_point(address, c104.Type.M_ME_NC_1)
    station.update(array.array(code, [1, 2, 3]), array.array(code, [4, 5, 6]), quality=array.array(code, [0, 1, 16]))
    assert rows(station.snapshot()) == [(1, 13, 4.0, 0), (2, 13, 5.0, 1), (3, 13, 6.0, 16)]


def test_columns_with_strides_and_other_sequences(station: c104.Station) -> None:
    for address in (1, 2, 3):
        station.add_point(address, c104.Type.M_ME_NC_1)
    station.update(memoryview(array.array("i", [1, 0, 2, 0, 3]))[::2], (ctypes.c_double * 3)(1, 2, 3))
    assert station.snapshot().value.tolist() == [1, 2, 3]
    station.update(memoryview(array.array("i", [3, 2, 1]))[::-1], (c104.Int16(-1), c104.NormalizedFloat(0.5), True))
    assert station.snapshot().value.tolist() == [-1, 0.5, 1]
    station.update(bytes((1, 2)), iter_as_list([7, 8]))
    assert station.snapshot().value.tolist() == [7, 8, 1]
    double = station.add_point(9, c104.Type.M_DP_NA_1)
    station.update([9], [c104.Double.ON])
    assert double.value == c104.Double.ON


def iter_as_list(items: List[int]) -> List[int]:
    return list(iter(items))


@pytest.mark.parametrize(
    "arguments, error, text",
    [
        (([1], [1, 2]), ValueError, "value has 2 entries for 1 addresses"),
        (([1, 2], [1, 2], [0, 0, 0]), ValueError, "quality has 3 entries for 2 addresses"),
        (([1, 2], [1, 2], None, [0, 0, 0]), ValueError, "recorded_at has 3 entries"),
        (([1], [1], [256]), ValueError, r"quality\[0\] = 256 is out of range 0..255"),
        (([-1], [1]), ValueError, r"io_address\[0\] = -1 is out of range 0..16777215"),
        ((array.array("d", [1, 2.5]), [1, 1]), ValueError, r"io_address\[1\] = 2.5.* is out of range"),
        (([1 << 70], [1]), ValueError, "io_address"),
        (([1.0], [1]), TypeError, r"io_address\[0\] is no integer: 1.0"),
        (([1], ["1"]), TypeError, r"value\[0\] is no number: '1'"),
        (([1], "1"), TypeError, "value must be an array or a sequence"),
        ((1, [1]), TypeError, "io_address must be an array or a sequence"),
        (([1], None), TypeError, "value must be an array"),
        ((memoryview(b"abcdef").cast("B", (2, 3)), [1]), ValueError, "one dimension"),
        ((memoryview(b"a").cast("c"), [1]), TypeError, "format 'c'"),
        (([99], [1]), ValueError, "row 0, io_address 99: the station has no such point"),
        (([3], [1]), ValueError, r"it is a command \(C_SC_NA_1\)"),
        (([1], [1], None, None, c104.Cot.ACTIVATION), ValueError, "cause ACTIVATION"),
        (([1], [1], None, "now"), TypeError, "recorded_at"),
    ],
)
def test_wrong_arguments(station: c104.Station, arguments: tuple, error: type, text: str) -> None:
    station.add_point(1, c104.Type.M_ME_NC_1)
    station.add_point(2, c104.Type.M_ME_NC_1)
    station.add_point(3, c104.Type.C_SC_NA_1)
    before = rows(station.snapshot())
    with pytest.raises(error, match=text):
        station.update(*arguments)
    assert rows(station.snapshot()) == before


def test_not_for_a_client(client: c104.Client) -> None:
    connection = client.add_connection("127.0.0.1", 2404)
    station = connection.add_station(CA)
    station.add_point(1, c104.Type.M_SP_NA_1)
    with pytest.raises(ValueError, match="stations of a server"):
        station.update([1], [1])


def test_not_made_by_hand() -> None:
    with pytest.raises(TypeError):
        c104.Snapshot()
