# SPDX-License-Identifier: GPL-3.0-or-later
"""The server before a raw master: transfer, interrogations, spontaneous and periodic data, reads, clock, refusals, k and w.

What it sends is decoded once more by scapy's IEC 104 layer, which shares no line with the code under test nor with `support`.
"""

from __future__ import annotations

import datetime
import gc
import struct
import time
import weakref
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Callable, List, Tuple

import c104
import pytest
from support import apci, asdu
from support.master import RawMaster
from support.waiting import eventually, holds, wait_until

CA = 47
NAIVE = asdu.local(asdu.TAG_MOMENT)
GOOD = c104.Quality()
UNTAGGED = {30: 1, 31: 3, 32: 5, 33: 7, 34: 9, 35: 11, 36: 13, 37: 15}


def type_of(number: int) -> c104.Type:
    return c104.Type(number)


def samples(number: int) -> c104.Information:
    """The information of which `asdu.sample(number)` is the element."""
    at = (NAIVE,) if number in asdu.TIMED else ()
    return {
        1: lambda: c104.SingleInfo(True, GOOD, *at),
        3: lambda: c104.DoubleInfo(c104.Double.ON, GOOD, *at),
        5: lambda: c104.StepInfo(c104.Int7(-7), True, GOOD, *at),
        7: lambda: c104.BinaryInfo(c104.Byte32(b"\x04\x03\x02\x01"), GOOD, *at),
        9: lambda: c104.NormalizedInfo(c104.NormalizedFloat(-0.5), GOOD, *at),
        11: lambda: c104.ScaledInfo(c104.Int16(-1234), GOOD, *at),
        13: lambda: c104.ShortInfo(1.5, GOOD, *at),
        15: lambda: c104.BinaryCounterInfo(-77, c104.UInt5(5), c104.BinaryCounterQuality(), *at),
        20: lambda: c104.StatusAndChanged(c104.PackedSingle.I0 | c104.PackedSingle.I15, c104.PackedSingle.I8, GOOD),
        21: lambda: c104.NormalizedInfo(c104.NormalizedFloat(0.25)),
        38: lambda: c104.ProtectionEventInfo(c104.EventState.ON, c104.UInt16(500), GOOD, NAIVE),
        39: lambda: c104.ProtectionStartInfo(c104.StartEvents(0x15), c104.UInt16(600), GOOD, NAIVE),
        40: lambda: c104.ProtectionCircuitInfo(c104.OutputCircuits(0x0A), c104.UInt16(700), GOOD, NAIVE),
    }[UNTAGGED.get(number, number)]()


@pytest.fixture
def station(server: c104.Server) -> c104.Station:
    return server.add_station(CA)


@pytest.fixture
def running(server: c104.Server, station: c104.Station) -> c104.Server:
    server.start()
    return server


@pytest.fixture
def master(running: c104.Server, make_master: Callable[..., RawMaster]) -> RawMaster:
    return make_master(running.port, oa=123)


def active(server: c104.Server, count: int = 1) -> None:
    wait_until(lambda: server.active_connection_count == count)


def alive(master: RawMaster) -> None:
    master.testfr()
    assert not master.closed.is_set()


def answers(master: RawMaster, *requests: bytes) -> List[asdu.Asdu]:
    """What the server says to these, told by the answer to a test command behind them (with time: 2.2 answers no other)."""
    before = len(master.asdus())
    master.send(*requests, asdu.testing_command_timed(CA, 4711, asdu.TAG_MOMENT, master.oa))
    wait_until(lambda: any(one.type_id == 107 for one in master.asdus()[before:]), message=master.describe())
    return [one for one in master.asdus()[before:] if one.type_id != 107]


# Links and the transfer.


def test_u_frames(running: c104.Server, make_master: Callable[..., RawMaster]) -> None:
    master = make_master(running.port, started=False)
    wait_until(lambda: running.open_connection_count == 1)
    assert running.active_connection_count == 0 and not running.has_active_connections and running.has_open_connections
    master.testfr()
    master.startdt()
    active(running)
    master.testfr()
    master.stopdt()
    active(running, 0)
    assert running.open_connection_count == 1
    master.startdt()
    active(running)
    assert master.u_frames() == [apci.TESTFR_CON, apci.STARTDT_CON, apci.TESTFR_CON, apci.STOPDT_CON, apci.STARTDT_CON]
    master.close()
    wait_until(lambda: running.open_connection_count == 0)


def test_nothing_is_sent_before_startdt_and_after_stopdt(
    running: c104.Server, station: c104.Station, make_master: Callable[..., RawMaster]
) -> None:
    point = station.add_point(1, c104.Type.M_SP_NA_1)
    master = make_master(running.port, started=False)
    wait_until(lambda: running.open_connection_count == 1)
    assert point.transmit(cause=c104.Cot.SPONTANEOUS) is False
    master.testfr()
    assert master.frames("I") == []
    master.startdt().stopdt()
    active(running, 0)
    assert point.transmit(cause=c104.Cot.SPONTANEOUS) is False
    master.testfr()
    assert master.frames("I") == []


def test_transmit_without_a_master_is_false(running: c104.Server, station: c104.Station) -> None:
    assert station.add_point(1, c104.Type.M_SP_NA_1).transmit(cause=c104.Cot.SPONTANEOUS) is False


def test_i_frame_before_startdt_is_not_answered(running: c104.Server, make_master: Callable[..., RawMaster]) -> None:
    master = make_master(running.port, started=False)
    master.send(asdu.interrogation(CA))
    eventually(lambda: master.closed.is_set(), 0.2)
    assert master.frames("I") == []
    alive(make_master(running.port))


def test_stop_closes_the_links(running: c104.Server, make_master: Callable[..., RawMaster]) -> None:
    masters = [make_master(running.port) for _ in range(5)]
    active(running, 5)
    began = time.monotonic()
    running.stop()
    assert time.monotonic() - began < 1
    assert all(one.wait_closed(2) for one in masters)
    assert running.open_connection_count == running.active_connection_count == 0
    assert running.is_running is False


def test_start_again_on_the_same_port(running: c104.Server, make_master: Callable[..., RawMaster]) -> None:
    for _ in range(5):
        master = make_master(running.port)
        alive(master)
        running.stop()
        assert master.wait_closed(2)
        running.start()
    alive(make_master(running.port))


# General Interrogation.


def test_interrogation_frames(station: c104.Station, master: RawMaster) -> None:
    for number in (1, 3, 5, 7, 9, 11, 13, 20, 21):
        station.add_point(1000 + number, type_of(number)).info = samples(number)
    first, *data, last = master.interrogate(CA)
    assert (first.type_id, first.cot, first.oa, first.ca, first.negative, first.element) == (100, 7, 123, CA, False, b"\x14")
    assert (last.type_id, last.cot, last.oa, last.ca, last.negative, last.element) == (100, 10, 123, CA, False, b"\x14")
    assert {(one.cot, one.oa, one.ca) for one in data} == {(asdu.BY_STATION, 123, CA)}
    got = {(one.type_id, address, element) for one in data for address, element in one.objects}
    assert got == {(number, 1000 + number, asdu.sample(number)) for number in (1, 3, 5, 7, 9, 11, 13, 20, 21)}


def test_interrogation_of_nothing(master: RawMaster) -> None:
    assert [one.cot for one in master.interrogate(CA)] == [asdu.ACT_CON, asdu.ACT_TERM]


def test_interrogation_leaves_out_commands_and_counters(station: c104.Station, master: RawMaster) -> None:
    station.add_point(1, c104.Type.M_IT_NA_1)
    station.add_point(2, c104.Type.C_SC_NA_1)
    station.add_point(3, c104.Type.M_SP_NA_1)
    _, *data, _ = master.interrogate(CA)
    assert [(one.type_id, one.io_address) for one in data] == [(1, 3)]


def test_interrogation_reaches_the_asking_master_only(
    running: c104.Server, station: c104.Station, make_master: Callable[..., RawMaster]
) -> None:
    station.add_point(1, c104.Type.M_SP_NA_1)
    asking, other = make_master(running.port, oa=1), make_master(running.port, oa=2)
    asking.interrogate(CA)
    other.testfr()
    assert other.frames("I") == []


def test_broadcast_interrogation_is_answered_by_each_station(
    running: c104.Server, station: c104.Station, master: RawMaster
) -> None:
    other = running.add_station(48)
    station.add_point(1, c104.Type.M_SP_NA_1)
    other.add_point(2, c104.Type.M_SP_NA_1)
    master.send(asdu.interrogation(0xFFFF, oa=123))
    master.wait_asdu(100, asdu.ACT_TERM, count=2)
    for ca, address in ((CA, 1), (48, 2)):
        own = [one for one in master.asdus() if one.ca == ca]
        assert [(one.type_id, one.cot) for one in own] == [(100, asdu.ACT_CON), (1, asdu.BY_STATION), (100, asdu.ACT_TERM)]
        assert own[1].io_address == address


@pytest.mark.parametrize("stride", [1, 3], ids=["in_sequence", "apart"])
@pytest.mark.parametrize("slow", [0.0, 0.0005], ids=["quick_reader", "slow_reader"])
def test_20000_points_complete_and_in_order(
    running: c104.Server, station: c104.Station, make_master: Callable[..., RawMaster], stride: int, slow: float
) -> None:
    """k=12 and w=8; the peer ends at 5,440."""
    addresses = range(1, 1 + 20000 * stride, stride)
    for address in addresses:
        station.add_point(address, c104.Type.M_ME_NB_1).value = c104.Int16(address % 30000)
    master = make_master(running.port, slow=slow, receive_buffer=4096 if slow else None)
    first, *data, last = master.interrogate(CA, timeout=30)
    assert (first.cot, last.cot) == (asdu.ACT_CON, asdu.ACT_TERM)
    got = [(address, struct.unpack("<hB", element)) for one in data for address, element in one.objects]
    assert got == [(address, (address % 30000, 0)) for address in addresses]
    assert all(one.sequence is (stride == 1) for one in data)
    assert [frame.send for frame in master.frames("I")] == list(range(len(data) + 2))


def test_100000_points_to_a_master_that_reads_slowly(
    running: c104.Server, station: c104.Station, make_master: Callable[..., RawMaster]
) -> None:
    """Some 500 kB, 256 octets at a time, with values that change and are sent meanwhile: nothing is lost, ACT_TERM comes last."""
    count = 100_000
    for address in range(1, count + 1):
        station.add_point(address, c104.Type.M_ME_NB_1)
    changing = station.add_point(count + 10, c104.Type.M_ME_NB_1)
    station.update(io_address=range(1, count + 1), value=[address % 30000 for address in range(1, count + 1)])
    master = make_master(running.port, slow=0.0005, receive_buffer=4096)
    master.send(asdu.interrogation(CA))
    sent = 0
    while not master.asdus(100, asdu.ACT_TERM):
        changing.value = c104.Int16(sent)
        sent += changing.transmit(cause=c104.Cot.SPONTANEOUS)
        assert not master.closed.wait(0.01)
    data = [one for one in master.asdus(11) if one.cot == asdu.BY_STATION]
    got = [(address, struct.unpack("<h", element[:2])[0]) for one in data for address, element in one.objects]
    assert got[:count] == [(address, address % 30000) for address in range(1, count + 1)]
    assert [address for address, _ in got[count:]] == [count + 10]
    wait_until(lambda: len(master.asdus(11, asdu.SPONTANEOUS)) == sent, 10)
    assert [struct.unpack("<h", one.element[:2])[0] for one in master.asdus(11, asdu.SPONTANEOUS)] == list(range(sent))


def test_points_come_and_go_while_masters_interrogate(
    running: c104.Server, station: c104.Station, make_master: Callable[..., RawMaster]
) -> None:
    """Four threads add and remove points, three masters interrogate: what stays is there once (the peer dies).

    The race needs seconds: half of one was survived by the peer.
    """
    for address in range(1, 2001):
        station.add_point(address, c104.Type.M_ME_NC_1)
    masters = [make_master(running.port) for _ in range(3)]
    end = time.monotonic() + 4

    def churn(first: int) -> None:
        while time.monotonic() < end:
            for address in range(first, first + 50):
                station.add_point(address, c104.Type.M_SP_NA_1)
            for address in range(first, first + 50):
                station.remove_point(address)

    def interrogate(master: RawMaster) -> None:
        while time.monotonic() < end:
            _, *data, _ = master.interrogate(CA)
            stayed = [address for one in data if one.type_id == 13 for address, _ in one.objects]
            assert stayed == list(range(1, 2001))

    with ThreadPoolExecutor(7) as pool:
        workers = [pool.submit(churn, 5001 + 100 * index) for index in range(4)]
        workers += [pool.submit(interrogate, master) for master in masters]
    for worker in workers:
        worker.result()


def test_deactivation_stops_an_interrogation(
    running: c104.Server, station: c104.Station, make_master: Callable[..., RawMaster]
) -> None:
    for address in range(1, 3 * 4000, 3):
        station.add_point(address, c104.Type.M_ME_NC_1)
    master = make_master(running.port, w=None)  # the window closes: the interrogation stands still
    master.send(asdu.interrogation(CA))
    wait_until(lambda: len(master.asdus()) == 12)
    master.send(asdu.interrogation(CA, cot=asdu.DEACT))
    master.w = 8
    master.acknowledge()
    master.wait_asdu(100, asdu.DEACT_CON)
    seen = answers(master)
    assert master.asdus(100, asdu.DEACT_CON)[0].negative is False
    assert len(master.asdus(13)) < 50 and seen == [], "the interrogation went on"


def test_deactivation_of_no_interrogation_is_negative_and_runs_none(station: c104.Station, master: RawMaster) -> None:
    station.add_point(1, c104.Type.M_SP_NA_1)
    (one,) = answers(master, asdu.interrogation(CA, cot=asdu.DEACT, oa=123))
    assert (one.type_id, one.cot, one.negative, one.oa) == (100, asdu.DEACT_CON, True, 123)


@pytest.mark.parametrize("qoi", [0, 21, 36, 255])
def test_unimplemented_groups_are_denied(master: RawMaster, qoi: int) -> None:
    (one,) = answers(master, asdu.interrogation(CA, qoi=qoi, oa=123))
    assert (one.type_id, one.cot, one.negative, one.element) == (100, asdu.ACT_CON, True, bytes((qoi,)))


def test_counter_interrogation(station: c104.Station, master: RawMaster) -> None:
    station.add_point(1, c104.Type.M_IT_NA_1).info = c104.BinaryCounterInfo(-5, c104.UInt5(3))
    station.add_point(2, c104.Type.M_SP_NA_1)
    con, data, term = answers(master, asdu.counter_interrogation(CA, oa=123))
    assert (con.type_id, con.cot, con.negative) == (101, asdu.ACT_CON, False)
    assert (data.type_id, data.cot, data.oa, data.objects) == (15, asdu.BY_COUNTER, 123, [(1, asdu.counter(-5, 3))])
    assert (term.type_id, term.cot) == (101, asdu.ACT_TERM)


def test_on_before_read_runs_before_the_values_are_taken(station: c104.Station, master: RawMaster) -> None:
    def on_before_read(point: c104.Point) -> None:
        point.value = c104.Int16(int(point.value) + 1)

    point = station.add_point(1, c104.Type.M_ME_NB_1)
    point.on_before_read(callable=on_before_read)
    for count in (1, 2):
        _, data, _ = master.interrogate(CA)
        assert data.element == asdu.measured16(count)
    (data,) = answers_eventually(master, asdu.read(CA, 1))
    assert data.element == asdu.measured16(3)


def answers_eventually(master: RawMaster, request: bytes) -> List[asdu.Asdu]:
    """As `answers`, where Python is asked before the answer and the test command's may overtake it."""
    before = len(master.asdus())
    master.send(request)
    wait_until(lambda: len(master.asdus()) > before)
    return master.asdus()[before:]


# Read, clock, test, end of initialization.


@pytest.mark.parametrize("number", asdu.MONITORING)
def test_read(station: c104.Station, master: RawMaster, number: int) -> None:
    station.add_point(9, type_of(number)).info = samples(number)
    (one,) = answers(master, asdu.read(CA, 9, oa=123))
    assert (one.cot, one.oa, one.negative) == (asdu.REQUEST, 123, False)
    assert (one.type_id, one.element) == (number, asdu.sample(number))


def test_read_reaches_the_asking_master_only(
    running: c104.Server, station: c104.Station, make_master: Callable[..., RawMaster]
) -> None:
    station.add_point(9, c104.Type.M_SP_NA_1)
    asking, other = make_master(running.port), make_master(running.port)
    assert len(answers(asking, asdu.read(CA, 9))) == 1
    other.testfr()
    assert other.frames("I") == []


def test_clock_sync(running: c104.Server, station: c104.Station, master: RawMaster) -> None:
    seen: List[Tuple[str, datetime.datetime]] = []

    def on_clock_sync(server: c104.Server, ip: str, date_time: datetime.datetime) -> c104.ResponseState:
        seen.append((ip, date_time))
        return c104.ResponseState.SUCCESS if len(seen) == 1 else c104.ResponseState.FAILURE

    running.on_clock_sync(callable=on_clock_sync)
    (good,) = answers_eventually(master, asdu.clock_sync(CA, asdu.TAG_MOMENT, oa=123))
    (bad,) = answers_eventually(master, asdu.clock_sync(CA, asdu.TAG_MOMENT, oa=123))
    assert [(one.type_id, one.cot, one.oa, one.negative) for one in (good, bad)] == [(103, 7, 123, False), (103, 7, 123, True)]
    ip, moment = seen[0]
    assert ip.startswith("127.0.0.1:")
    assert moment.replace(tzinfo=None) == (NAIVE if moment.tzinfo is None else asdu.TAG_MOMENT.replace(tzinfo=None))


def test_test_commands_are_mirrored(master: RawMaster) -> None:
    master.send(asdu.testing_command(CA, 123), asdu.testing_command_timed(CA, 4711, asdu.TAG_MOMENT, 123))
    for sent, type_id in (
        (asdu.testing_command(CA, 123), 104),
        (asdu.testing_command_timed(CA, 4711, asdu.TAG_MOMENT, 123), 107),
    ):
        assert master.wait_asdu(type_id).raw == asdu.Asdu(sent).mirrored(asdu.ACT_CON)


@pytest.mark.parametrize("cause", [c104.Coi.LOCAL_POWER_ON, c104.Coi.LOCAL_MANUAL_RESET, c104.Coi.REMOTE_RESET])
def test_end_of_initialization(running: c104.Server, station: c104.Station, master: RawMaster, cause: c104.Coi) -> None:
    active(running)
    station.signal_initialized(cause=cause)
    one = master.wait_asdu(70)
    assert (one.cot, one.ca, one.io_address, one.element) == (asdu.INITIALIZED, CA, 0, bytes((cause.value,)))


def test_end_of_initialization_before_start_does_no_harm(
    server: c104.Server, station: c104.Station, make_master: Callable[..., RawMaster]
) -> None:
    try:
        station.signal_initialized(cause=c104.Coi.LOCAL_POWER_ON)
    except (RuntimeError, ValueError):
        pass
    server.start()
    alive(make_master(server.port))


# Spontaneous and periodic data.


@pytest.mark.parametrize("number", asdu.MONITORING)
def test_spontaneous(running: c104.Server, station: c104.Station, master: RawMaster, number: int) -> None:
    point = station.add_point(1000 + number, type_of(number))
    point.info = samples(number)
    active(running)
    assert point.transmit(cause=c104.Cot.SPONTANEOUS) is True
    one = master.wait_asdu(number)
    assert one.raw == asdu.build(number, asdu.SPONTANEOUS, CA, [(1000 + number, asdu.sample(number))])


# The fields of scapy's objects that say what `asdu.sample` means. Not 20: scapy takes its two words for big-endian ones.
SCAPY = {
    1: {"spi_value": 1},
    3: {"dpi_value": 2},
    5: {"value": -7, "transient_state": 1},
    7: {"bsi": 0x04030201},
    9: {"normed_value": -16384},
    11: {"scaled_value": -1234},
    13: {"scaled_value": 1.5},
    15: {"counter_value": -77, "sq": 5, "ca": 0, "cy": 0},
    21: {"normed_value": 8192},
    38: {"es": 2, "elapsed_sec_milli": 500},
    39: {"gs": 1, "sl1": 0, "sl2": 1, "sl3": 0, "sie": 1, "srd": 0, "prot_act_sec_milli": 600},
    40: {"gc": 0, "cl1": 1, "cl2": 0, "cl3": 1, "prot_cmd_sec_milli": 700},
}
SCAPY_TAG = {"sec_milli": 58987, "minutes": 59, "hours": 23, "day_of_month": 29, "month": 2, "year": 24, "iv_time": 0, "su": 0}


@pytest.mark.parametrize("number", [number for number in asdu.MONITORING if number != 20])
def test_an_independent_decoder_reads_the_same(
    running: c104.Server, station: c104.Station, master: RawMaster, number: int
) -> None:
    layer = pytest.importorskip("scapy.contrib.scada.iec104")
    point = station.add_point(70000 + number, type_of(number))
    point.info = samples(number)
    active(running)
    point.transmit(cause=c104.Cot.SPONTANEOUS)
    master.wait_asdu(number)
    message = layer.iec104_decode(master.frames("I")[0].raw)
    assert (message.type_id, message.sq, message.num_io, message.cot, message.common_asdu_address) == (number, 0, 1, 3, CA)
    assert (message.test, message.ack) == (0, 0)
    expected = {
        **SCAPY[UNTAGGED.get(number, number)],
        **(SCAPY_TAG if number in asdu.TIMED else {}),
        "information_object_address": 70000 + number,
    }
    fields = message.io[0].fields
    assert {name: fields[name] for name in expected} == expected


@pytest.mark.parametrize(
    "flag, octet", [("Blocked", 0x10), ("Substituted", 0x20), ("NonTopical", 0x40), ("Invalid", 0x80), ("Overflow", 0x01)]
)
@pytest.mark.parametrize("number", [1, 3, 5, 7, 9, 11, 13, 20])
def test_quality_on_the_wire(
    running: c104.Server, station: c104.Station, master: RawMaster, number: int, flag: str, octet: int
) -> None:
    point = station.add_point(5, type_of(number))
    point.info = samples(number)
    point.quality = getattr(c104.Quality, flag)
    active(running)
    point.transmit(cause=c104.Cot.SPONTANEOUS)
    element = master.wait_asdu(number).element
    if number in (1, 3):  # SIQ and DIQ have no overflow
        assert element[0] & 0xF0 == octet & 0xF0
    else:
        assert element[-1] == octet


@pytest.mark.parametrize(
    "cause", [c104.Cot.PERIODIC, c104.Cot.BACKGROUND_SCAN, c104.Cot.SPONTANEOUS, c104.Cot.RETURN_INFO_LOCAL]
)
def test_cause_of_transmit(running: c104.Server, station: c104.Station, master: RawMaster, cause: c104.Cot) -> None:
    point = station.add_point(5, c104.Type.M_SP_NA_1)
    active(running)
    assert point.transmit(cause=cause) is True
    assert master.wait_asdu(1).cot == int(cause.value)


def test_every_master_gets_spontaneous_data_in_order(
    running: c104.Server, station: c104.Station, make_master: Callable[..., RawMaster]
) -> None:
    """5,000 of 5,000, also for one that reads slowly."""
    point = station.add_point(1, c104.Type.M_ME_NB_1)
    masters = [make_master(running.port), make_master(running.port, slow=0.0002, receive_buffer=8192)]
    active(running, 2)
    for number in range(5000):
        point.value = c104.Int16(number)
        assert point.transmit(cause=c104.Cot.SPONTANEOUS) is True
    for one in masters:

        def got(one: RawMaster = one) -> List[int]:
            return [struct.unpack("<h", e[:2])[0] for m in one.asdus(11) for _, e in m.objects]

        wait_until(lambda: len(got()) >= 5000, 20)
        assert got() == list(range(5000))


def test_periodic(server: c104.Server, station: c104.Station, make_master: Callable[..., RawMaster]) -> None:
    def on_before_auto_transmit(point: c104.Point) -> None:
        point.value = c104.Int16(int(point.value) + 1)

    point = station.add_point(1, c104.Type.M_ME_NB_1, report_ms=100)
    point.on_before_auto_transmit(callable=on_before_auto_transmit)
    server.start()
    master = make_master(server.port)
    master.wait_asdu(11, asdu.PERIODIC, count=4)
    got = master.asdus(11)
    assert {one.cot for one in got} == {asdu.PERIODIC}
    values = [struct.unpack("<h", one.element[:2])[0] for one in got]
    assert values == list(range(values[0], values[0] + len(values)))
    at = [frame.at for frame in master.frames("I")]
    assert 0.05 < (at[3] - at[0]) / 3 < 0.5
    point.report_ms = 0
    master.testfr()
    count = len(master.asdus(11))
    assert holds(lambda: len(master.asdus(11)) <= count + 1, 0.4)


def test_batch(running: c104.Server, station: c104.Station, master: RawMaster) -> None:
    points = [station.add_point(address, c104.Type.M_ME_NC_1) for address in (1, 5, 6, 1000)]
    for index, point in enumerate(points):
        point.value = float(index)
    active(running)
    assert running.transmit_batch(c104.Batch(cause=c104.Cot.SPONTANEOUS, points=points)) is True
    wait_until(lambda: sum(one.count for one in master.asdus(13)) == 4)
    got = [pair for one in master.asdus(13) for pair in one.objects]
    assert got == [(point.io_address, asdu.short(float(index))) for index, point in enumerate(points)]


# Commands.


def on_receive_answering(point: c104.Point, response: Any) -> List[Any]:
    seen: List[Any] = []

    def on_receive(point: c104.Point, previous_info: c104.Information, message: c104.IncomingMessage) -> c104.ResponseState:
        seen.append((point.value, message.originator_address, message.cot))
        if isinstance(response, type):
            raise response("mine")
        return response

    point.on_receive(callable=on_receive)
    return seen


@pytest.mark.parametrize(
    "response, negative",
    [(c104.ResponseState.SUCCESS, False), (c104.ResponseState.FAILURE, True), (ValueError, True), (None, True)],
)
def test_direct_command(station: c104.Station, master: RawMaster, unraisable: List[Any], response: Any, negative: bool) -> None:
    """A handler that raises or answers nonsense is a refusal, and stays."""
    seen = on_receive_answering(station.add_point(5, c104.Type.C_SC_NA_1), response)
    for count in (1, 2):
        master.send(asdu.command(45, CA, 5, b"\x01", oa=123))
        one = master.wait_asdu(45, count=count)
        assert (one.cot, one.oa, one.negative, one.io_address, one.element) == (asdu.ACT_CON, 123, negative, 5, b"\x01")
    assert seen == [(True, 123, c104.Cot.ACTIVATION)] * 2
    assert len(unraisable) == (2 if response in (ValueError, None) else 0)


@pytest.mark.parametrize("cot", [1, 3, 5, 7, 9, 10, 20, 37])
def test_a_command_with_another_cause_is_not_executed(station: c104.Station, master: RawMaster, cot: int) -> None:
    seen = on_receive_answering(station.add_point(5, c104.Type.C_SC_NA_1), c104.ResponseState.SUCCESS)
    (one,) = answers(master, asdu.command(45, CA, 5, b"\x01", cot=cot))
    assert (one.type_id, one.cot, one.negative) == (45, asdu.UNKNOWN_COT, True)
    assert seen == []


def test_deactivation_is_not_executed(station: c104.Station, master: RawMaster) -> None:
    seen = on_receive_answering(station.add_point(5, c104.Type.C_SC_NA_1), c104.ResponseState.SUCCESS)
    (one,) = answers(master, asdu.command(45, CA, 5, b"\x01", cot=asdu.DEACT))
    assert one.cot == asdu.DEACT_CON
    assert seen == []


def test_select_before_operate(station: c104.Station, master: RawMaster) -> None:
    point = station.add_point(5, c104.Type.C_SC_NA_1, command_mode=c104.CommandMode.SELECT_AND_EXECUTE)
    seen = on_receive_answering(point, c104.ResponseState.SUCCESS)
    master.send(asdu.command(45, CA, 5, b"\x01", oa=123))
    assert master.wait_asdu(45).negative is True
    assert seen == []
    master.send(asdu.command(45, CA, 5, b"\x81", oa=123))
    assert master.wait_asdu(45, count=2).negative is False
    wait_until(lambda: point.selected_by == 123)
    master.send(asdu.command(45, CA, 5, b"\x01", oa=123))
    con, term = master.wait_asdu(45, count=3), master.wait_asdu(45, count=4)
    assert [(one.cot, one.negative, one.oa) for one in (con, term)] == [(asdu.ACT_CON, False, 123), (asdu.ACT_TERM, False, 123)]
    wait_until(lambda: point.selected_by is None)
    assert True in [value for value, _, _ in seen]


# What the server does not understand: one answer, P/N=1, mirrored.


@pytest.mark.parametrize(
    "request_, cot",
    [
        (asdu.build(200, asdu.ACT, CA, [(5, b"\x01")]), asdu.UNKNOWN_TYPE),
        (asdu.build(1, asdu.ACT, CA, [(5, b"\x01")]), asdu.UNKNOWN_TYPE),
        (asdu.build(45, asdu.ACT, 48, [(5, b"\x01")]), asdu.UNKNOWN_CA),
        (asdu.build(45, asdu.ACT, CA, [(6, b"\x01")]), asdu.UNKNOWN_IOA),
        (asdu.interrogation(48), asdu.UNKNOWN_CA),
        (asdu.interrogation(CA, cot=asdu.SPONTANEOUS), asdu.UNKNOWN_COT),
        (asdu.build(100, asdu.ACT, CA, [(1, b"\x14")]), asdu.UNKNOWN_IOA),
        (asdu.counter_interrogation(48), asdu.UNKNOWN_CA),
        (asdu.clock_sync(48, asdu.TAG_MOMENT), asdu.UNKNOWN_CA),
        (asdu.read(CA, 99), asdu.UNKNOWN_IOA),
        (asdu.read(48, 5), asdu.UNKNOWN_CA),
    ],
    ids=["type", "monitoring_type", "ca", "ioa", "gi_ca", "gi_cot", "gi_ioa", "ci_ca", "clock_ca", "read_ioa", "read_ca"],
)
def test_refusals(running: c104.Server, station: c104.Station, master: RawMaster, request_: bytes, cot: int) -> None:
    told: List[c104.Umc] = []

    def on_unexpected_message(server: c104.Server, message: c104.IncomingMessage, cause: c104.Umc) -> None:
        told.append(cause)

    running.on_unexpected_message(callable=on_unexpected_message)
    station.add_point(5, c104.Type.C_SC_NA_1)
    (one,) = answers(master, request_)
    assert one.raw == asdu.Asdu(request_).mirrored(cot, negative=True)
    wait_until(lambda: len(told) == 1)


@pytest.mark.parametrize(
    "octets",
    [
        "680a000000006b0103000100",
        "6812000000000d85030001000100000000000000",
        "680d000000000183030001000100 00",
        "68040000 0000",
        "6809000000006401060001",
        "680d0000000064010600010000 00",
        "680e00000000640006000100000000 14",
        "680e0000000064820600010000000014",
    ],
)
def test_malformed_asdus_are_survived(running: c104.Server, make_master: Callable[..., RawMaster], octets: str) -> None:
    """Some of these kill the peer. The link may stay or go, the server stays."""
    master = make_master(running.port)
    master.send_raw(bytes.fromhex(octets))
    eventually(lambda: master.closed.is_set(), 0.1)
    other = make_master(running.port)
    assert [one.cot for one in other.interrogate(CA)] == [asdu.ACT_CON, asdu.ACT_TERM]


# k, w, t1, t2, t3 and sequence numbers.


@pytest.mark.parametrize("k, w", [(12, 8), (3, 2), (1, 1), (40, 8)])
def test_no_more_than_k_frames_stand_unacknowledged(
    server: c104.Server, station: c104.Station, make_master: Callable[..., RawMaster], k: int, w: int
) -> None:
    parameters = server.protocol_parameters
    parameters.receive_window_size = 1
    parameters.send_window_size = k
    parameters.receive_window_size = w
    points = [station.add_point(address, c104.Type.M_SP_NA_1) for address in range(1, 3 * k + 1)]
    server.start()
    master = make_master(server.port, w=None)
    active(server)
    for point in points:
        assert point.transmit(cause=c104.Cot.SPONTANEOUS) is True
    for count in (k, 2 * k, 3 * k):
        wait_until(lambda: len(master.frames("I")) == count)
        master.testfr()  # had there been more, it would have come before this answer
        assert len(master.frames("I")) == count
        master.acknowledge()
    assert [one.io_address for one in master.asdus()] == list(range(1, 3 * k + 1))


def test_every_command_is_acknowledged(
    server: c104.Server, station: c104.Station, make_master: Callable[..., RawMaster]
) -> None:
    """By the answers or by an S-frame, after t2 at the latest; also where the answers can't go out, as the window is closed."""
    server.protocol_parameters.confirm_interval = 1
    server.start()
    master = make_master(server.port, w=None)
    master.send(*[asdu.testing_command(CA)] * 20)
    wait_until(lambda: master.acknowledged == 20, 3)
    assert len(master.asdus(104)) == 12
    master.acknowledge()
    wait_until(lambda: len(master.asdus(104)) == 20)


def test_unacknowledged_frames_close_after_t1(
    server: c104.Server, station: c104.Station, make_master: Callable[..., RawMaster]
) -> None:
    server.protocol_parameters.confirm_interval = 1
    server.protocol_parameters.message_timeout = 2
    point = station.add_point(1, c104.Type.M_SP_NA_1)
    server.start()
    master = make_master(server.port, w=None)
    active(server)
    point.transmit(cause=c104.Cot.SPONTANEOUS)
    sent = master.wait_for(lambda frame: frame.kind == "I").at
    assert master.wait_closed(6)
    assert 1.4 < time.monotonic() - sent < 4


def test_testfr_after_t3_and_close_after_t1(
    server: c104.Server, station: c104.Station, make_master: Callable[..., RawMaster]
) -> None:
    parameters = server.protocol_parameters
    parameters.confirm_interval, parameters.message_timeout, parameters.keep_alive_interval = 1, 2, 1
    server.start()
    answering, silent = make_master(server.port), make_master(server.port, answer_testfr=False)
    silent.wait_for(lambda frame: frame.u == apci.TESTFR_ACT, 3)
    assert silent.wait_closed(5)
    wait_until(lambda: answering.u_frames().count(apci.TESTFR_ACT) >= 2, 3)
    assert not answering.closed.is_set()


@pytest.mark.parametrize("send, receive", [(1, 0), (5, 0), (32767, 0), (0, 1), (0, 32767)])
def test_wrong_sequence_numbers_close(
    running: c104.Server, make_master: Callable[..., RawMaster], send: int, receive: int
) -> None:
    master = make_master(running.port)
    master.send_raw(apci.i_frame(send, receive, asdu.testing_command(CA)))
    assert master.wait_closed(3)
    assert master.asdus(104) == []
    alive(make_master(running.port))


def test_sequence_wraps(running: c104.Server, station: c104.Station, make_master: Callable[..., RawMaster]) -> None:
    """33,000 commands in and their answers out."""
    master = make_master(running.port)
    for _ in range(66):
        before = len(master.frames("I"))
        master.send(*[asdu.testing_command(CA)] * 500)
        wait_until(lambda: len(master.frames("I")) == before + 500, 10)
    frames = master.frames("I")
    assert [frame.send for frame in frames] == [number % apci.MODULO for number in range(33000)]
    alive(master)


def test_what_was_transmitted_before_stop_still_goes_out(
    running: c104.Server, station: c104.Station, master: RawMaster
) -> None:
    point = station.add_point(4001, c104.Type.M_ME_NC_1)
    assert point
    for value in range(5):  # less than the window of k=12
        point.value = float(value)
        assert point.transmit(c104.Cot.SPONTANEOUS)
    running.stop()
    wait_until(lambda: len(master.asdus(13, 3)) == 5)


def test_a_removed_command_point_is_let_go(running: c104.Server, station: c104.Station, master: RawMaster) -> None:
    class Handler:
        def on_receive(
            self, point: c104.Point, previous_info: c104.Information, message: c104.IncomingMessage
        ) -> c104.ResponseState:
            return c104.ResponseState.SUCCESS

    handler = Handler()
    gone = weakref.ref(handler)
    command = station.add_point(4002, c104.Type.C_SC_NA_1)
    assert command
    command.on_receive(callable=handler.on_receive)
    master.send(asdu.build(45, 6, station.common_address, [(4002, b"\x01")]))
    wait_until(lambda: master.asdus(45, 7))
    del command, handler
    assert station.remove_point(4002)

    def let_go() -> bool:
        gc.collect()
        return gone() is None

    wait_until(let_go)
