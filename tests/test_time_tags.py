# SPDX-License-Identifier: GPL-3.0-or-later
"""Time tags from the wire to Python and back: their flags, every millisecond, every time zone."""

import datetime
from pathlib import Path
from typing import Any, Callable, List, Tuple

import c104
import pytest
from support import asdu
from support.master import RawMaster
from support.waiting import wait_until

CA = 47
UTC = datetime.timezone.utc
AT = datetime.datetime(2026, 7, 1, 12, 34, 56, 789000, tzinfo=UTC)
Q = c104.TimeQuality
# Octet and bit of the tag's flags: minute 80 IV, minute 40 RES1, hour 80 SU.
FLAGS = {
    "none": (Q(), 0x00, 0x00),
    "invalid": (Q.Invalid, 0x80, 0x00),
    "substituted": (Q.Substituted, 0x40, 0x00),
    "summer": (Q.SummerTime, 0x00, 0x80),
    "all": (Q.Invalid | Q.Substituted | Q.SummerTime, 0xC0, 0x80),
}
each_flag = pytest.mark.parametrize("name", list(FLAGS))
CP24 = {2: b"\x01", 14: b"\x00\x00\x80\x3f\x00", 16: b"\x05\x00\x00\x00\x00"}


def tag(name: str, at: datetime.datetime = AT, cp24: bool = False) -> bytes:
    _, minute, hour = FLAGS[name]
    octets = bytearray(asdu.cp56(at))
    octets[2] |= minute
    octets[3] |= hour
    return bytes(octets[:3] if cp24 else octets)


def expected(name: str, cp24: bool = False) -> c104.TimeQuality:
    quality, minute, _ = FLAGS[name]
    return quality & (Q.Invalid | Q.Substituted) if cp24 else quality


# Flags.


@each_flag
@pytest.mark.parametrize("type_id", [*asdu.TIMED, *CP24])
def test_flags_are_received(opened: Any, name: str, type_id: int) -> None:
    seen: List[Tuple[c104.TimeQuality, c104.TimeQuality]] = []

    def on_receive(point: c104.Point, previous_info: c104.Information, message: c104.IncomingMessage) -> c104.ResponseState:
        seen.append((point.time_quality, message.info.time_quality))
        return c104.ResponseState.SUCCESS

    raw, client, connection, remote = opened(ca=CA)
    point = remote.add_point(1, c104.Type(type_id))
    point.on_receive(callable=on_receive)
    cp24 = type_id in CP24
    element = CP24[type_id] + tag(name, cp24=True) if cp24 else asdu.sample(type_id)[:-7] + tag(name)
    raw.send(asdu.build(type_id, asdu.SPONTANEOUS, CA, [(1, element)]))
    wait_until(lambda: seen)
    assert seen == [(expected(name, cp24),) * 2]
    assert point.info.time_quality == expected(name, cp24)
    if not cp24:
        assert point.recorded_at == asdu.local(AT)
    with pytest.raises(ValueError, match="received"):
        point.time_quality = Q()


@pytest.fixture
def served(make_server: Callable[..., c104.Server], make_master: Callable[..., RawMaster]) -> Tuple[c104.Station, RawMaster]:
    server = make_server()
    station = server.add_station(CA)
    assert station
    server.start()
    return station, make_master(server.port)


@each_flag
@pytest.mark.parametrize("type_id", [30, 36, 37, 40, *CP24])
def test_flags_are_sent(served: Tuple[c104.Station, RawMaster], name: str, type_id: int) -> None:
    station, master = served
    point = station.add_point(1, c104.Type(type_id))
    assert point
    size = asdu.SIZES[type_id]
    sent = []
    for change in ("info", "property"):
        if change == "info":
            point.info = type(point.info)(*SAMPLES[type_id], recorded_at=AT).with_time_quality(FLAGS[name][0])
        else:
            point.info = type(point.info)(*SAMPLES[type_id], recorded_at=AT)
            assert point.time_quality == Q()
            point.time_quality = FLAGS[name][0]
        assert point.time_quality == point.info.time_quality == FLAGS[name][0]
        assert point.recorded_at == asdu.local(AT)
        master.clear()
        assert point.transmit(cause=c104.Cot.SPONTANEOUS)
        sent.append(master.wait_asdu(type_id).element)
    assert [element[size - (3 if type_id in CP24 else 7) :] for element in sent] == [tag(name, cp24=type_id in CP24)] * 2


SAMPLES: Any = {
    2: (True,), 14: (1.5,), 16: (7, c104.UInt5(1)), 30: (True,), 36: (1.5,), 37: (7, c104.UInt5(1)),
    40: (c104.OutputCircuits.General,),
}  # fmt: skip


@each_flag
def test_flags_of_commands_in_both_directions(opened: Any, served: Tuple[c104.Station, RawMaster], name: str) -> None:
    raw, client, connection, remote = opened(ca=CA)
    command = remote.add_point(1, c104.Type.C_SC_TA_1)
    command.info = c104.SingleCmd(True, recorded_at=AT).with_time_quality(FLAGS[name][0])
    assert command.transmit(cause=c104.Cot.ACTIVATION)
    assert raw.i_frames(58)[0].element == b"\x01" + tag(name)

    station, master = served
    point = station.add_point(1, c104.Type.C_SC_TA_1)
    assert point
    master.send(asdu.build(58, asdu.ACT, CA, [(1, b"\x01" + tag(name))]))
    confirmation = master.wait_asdu(58, asdu.ACT_CON)
    assert confirmation.element == b"\x01" + tag(name)
    assert (point.time_quality, point.recorded_at) == (FLAGS[name][0], asdu.local(AT))


def test_a_received_tag_can_be_passed_on(opened: Any, served: Tuple[c104.Station, RawMaster]) -> None:
    """A gateway: what one side received goes out on the other, octet by octet."""
    raw, client, connection, remote = opened(ca=CA)
    station, master = served
    source, copy = remote.add_point(1, c104.Type.M_SP_TB_1), station.add_point(1, c104.Type.M_SP_TB_1)
    assert copy
    element = b"\x11" + tag("all")
    raw.send(asdu.build(30, asdu.SPONTANEOUS, CA, [(1, element)]))
    wait_until(lambda: source.value is True)
    copy.info = source.info
    assert copy.transmit(cause=c104.Cot.SPONTANEOUS)
    assert master.wait_asdu(30).element == element


def test_the_flags_stay_when_the_value_is_set(served: Tuple[c104.Station, RawMaster]) -> None:
    """An outstation whose clock is not set marks every time as invalid until it is."""
    station, master = served
    point = station.add_point(1, c104.Type.M_SP_TB_1)
    assert point
    point.time_quality = Q.Invalid
    before = point.recorded_at
    point.value = True
    assert point.time_quality == Q.Invalid
    assert point.recorded_at > before
    assert point.transmit(cause=c104.Cot.SPONTANEOUS)
    assert master.wait_asdu(30).element[3] & 0x80
    point.info = c104.SingleInfo(False)
    assert point.time_quality == Q()
    point.info = c104.SingleInfo(False).with_time_quality(Q.Substituted)
    assert point.time_quality == Q.Substituted
    assert abs(point.recorded_at - datetime.datetime.now()) < datetime.timedelta(seconds=5)


def test_points_without_a_time_tag_have_no_flags(served: Tuple[c104.Station, RawMaster]) -> None:
    station, master = served
    point = station.add_point(1, c104.Type.M_SP_NA_1)
    assert point
    assert point.time_quality == Q()
    with pytest.raises(ValueError, match="M_SP_NA_1 point has no time tag"):
        point.time_quality = Q.Invalid
    tagged = station.add_point(2, c104.Type.M_SP_TB_1)
    assert tagged
    for wrong in (1, None, c104.Quality.Invalid):
        with pytest.raises(TypeError):
            tagged.time_quality = wrong  # type: ignore


def test_information_is_immutable() -> None:
    plain = c104.ShortInfo(1.5, c104.Quality.Blocked, AT)
    flagged = plain.with_time_quality(Q.Invalid)
    assert (plain.time_quality, flagged.time_quality) == (Q(), Q.Invalid)
    assert type(flagged) is c104.ShortInfo
    assert (flagged.value, flagged.quality, flagged.recorded_at) == (1.5, c104.Quality.Blocked, plain.recorded_at)
    with pytest.raises(AttributeError):
        plain.time_quality = Q.Invalid  # type: ignore[misc]


# Zones. Each in a process of its own: the C library reads TZ once.

MOMENTS = """
import datetime, zoneinfo, os
UTC = datetime.timezone.utc
ZONE = zoneinfo.ZoneInfo(os.environ["TZ"])

def changes(year):
    "Moments (UTC) at which the offset of the zone changes."
    at = datetime.datetime(year, 1, 1, tzinfo=UTC)
    while at.year == year:
        after = at + datetime.timedelta(minutes=30)
        if at.astimezone(ZONE).utcoffset() != after.astimezone(ZONE).utcoffset():
            yield after
        at = after

moments = [datetime.datetime(2026, 2, 28, 23, 59, 59, 999000, tzinfo=UTC), datetime.datetime(2024, 2, 29, 12, 0, 0, 1000, tzinfo=UTC),
           datetime.datetime(2069, 12, 31, 23, 59, 59, 999000, tzinfo=UTC), datetime.datetime(2000, 1, 1, tzinfo=UTC)]
for year in (2023, 2024):  # past: laws that change them later do not reach these
    for change in changes(year):
        for minutes in (-91, -61, -60, -45, -30, -16, -1, 0, 1, 15, 29, 30, 45, 59, 60, 90):
            moments.append(change + datetime.timedelta(minutes=minutes, milliseconds=7 * minutes))
"""

ROUND_TRIP = (
    MOMENTS
    + """
import socket, sys, time
sys.path.insert(0, TESTS)
import c104
from support import asdu
from support.master import RawMaster
from support.waiting import wait_until

server = c104.Server(ip="127.0.0.1", port=0)
point = server.add_station(1).add_point(1, c104.Type.M_SP_TB_1)
command = server.add_station(2).add_point(1, c104.Type.C_SC_TA_1)
synced = []
def on_clock_sync(server: c104.Server, ip: str, date_time: datetime.datetime) -> c104.ResponseState:
    synced.append(date_time)
    return c104.ResponseState.SUCCESS
server.on_clock_sync(callable=on_clock_sync)
server.start()
master = RawMaster(server.port).connect().startdt()
for moment in moments:
    local = moment.astimezone(ZONE)
    naive = local.replace(tzinfo=None)          # fold is kept
    assert naive.fold == local.fold
    for given in (moment, local, naive):
        master.clear()
        point.info = c104.SingleInfo(True, recorded_at=given)
        assert point.recorded_at == naive and point.recorded_at.fold == naive.fold, (moment, point.recorded_at)
        assert point.transmit(cause=c104.Cot.SPONTANEOUS)
        sent = master.wait_asdu(30).element[1:]
        assert sent == asdu.cp56(moment), (moment, given, sent.hex())
    for octets in (asdu.cp56(moment), asdu.cp56(moment, summer=True)):
        master.clear()
        master.send(asdu.build(58, asdu.ACT, 2, [(1, b"\\x01" + octets)]), asdu.build(103, asdu.ACT, 1, [(0, octets)]))
        master.wait_asdu(58, asdu.ACT_CON), master.wait_asdu(103, asdu.ACT_CON)
        for got in (command.recorded_at, command.info.recorded_at, synced.pop()):
            assert got == naive and got.fold == naive.fold and got.tzinfo is None, (moment, got)
            assert got.astimezone(UTC) == moment
        assert command.time_quality == (c104.TimeQuality.SummerTime if octets[3] & 0x80 else c104.TimeQuality())
say(moments=len(moments))
master.close()
server.stop()
"""
)


@pytest.mark.parametrize(
    "zone, changes",
    [
        ("UTC", 0),
        ("Europe/Berlin", 4),
        ("America/New_York", 4),
        ("Australia/Lord_Howe", 4),  # half an hour of summer time
        ("Asia/Kathmandu", 0),  # +05:45
        ("America/St_Johns", 4),
        ("Africa/Casablanca", 4),  # its summer time is the standard, with an offset back in Ramadan
    ],
)
def test_every_zone_to_the_millisecond(make_snippet: Callable[..., Any], zone: str, changes: int) -> None:
    code = f"TESTS = {str(Path(__file__).parent)!r}\n" + ROUND_TRIP
    one = make_snippet(code, env={"TZ": zone})
    assert one.ask(60) == {"moments": 4 + 16 * changes}
    assert one.wait(10) == 0, one.stderr
