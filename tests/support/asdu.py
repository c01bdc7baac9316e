# SPDX-License-Identifier: GPL-3.0-or-later
"""ASDUs of IEC 60870-5-101/104: header, information elements and time tags, to and from octets."""

from __future__ import annotations

import datetime
import struct
from dataclasses import dataclass
from typing import List, Optional, Sequence, Tuple

PERIODIC, BACKGROUND, SPONTANEOUS, INITIALIZED, REQUEST = 1, 2, 3, 4, 5
ACT, ACT_CON, DEACT, DEACT_CON, ACT_TERM = 6, 7, 8, 9, 10
BY_STATION, BY_COUNTER = 20, 37
UNKNOWN_TYPE, UNKNOWN_COT, UNKNOWN_CA, UNKNOWN_IOA = 44, 45, 46, 47

# Octets of the element without the address, time tag included.
# fmt: off
SIZES = {
    1: 1, 3: 1, 5: 2, 7: 5, 9: 3, 11: 3, 13: 5, 15: 5, 20: 5, 21: 2,
    2: 4, 4: 4, 6: 5, 8: 8, 10: 6, 12: 6, 14: 8, 16: 8, 17: 6, 18: 7, 19: 7,
    30: 8, 31: 8, 32: 9, 33: 12, 34: 10, 35: 10, 36: 12, 37: 12, 38: 10, 39: 11, 40: 11,
    45: 1, 46: 1, 47: 1, 48: 3, 49: 3, 50: 5, 51: 4,
    58: 8, 59: 8, 60: 8, 61: 10, 62: 10, 63: 12, 64: 11,
    70: 1, 100: 1, 101: 1, 102: 0, 103: 7, 104: 2, 105: 1, 107: 9,
}
# fmt: on
MONITORING = (1, 3, 5, 7, 9, 11, 13, 15, 20, 21, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40)
TIMED = tuple(type_id for type_id in MONITORING if type_id >= 30)
COMMANDS = (45, 46, 47, 48, 49, 50, 51, 58, 59, 60, 61, 62, 63, 64)

TAG_MOMENT = datetime.datetime(2024, 2, 29, 23, 59, 58, 987000, tzinfo=datetime.timezone.utc)


def ioa(address: int) -> bytes:
    return address.to_bytes(3, "little")


def cp56(moment: datetime.datetime, invalid: bool = False, summer: bool = False, day_of_week: int = 0) -> bytes:
    """CP56Time2a of an aware datetime, in UTC."""
    moment = moment.astimezone(datetime.timezone.utc)
    millis = moment.second * 1000 + moment.microsecond // 1000
    return struct.pack(
        "<HBBBBB",
        millis,
        moment.minute | (0x80 if invalid else 0),
        moment.hour | (0x80 if summer else 0),
        moment.day | (day_of_week << 5),
        moment.month,
        moment.year % 100,
    )


def from_cp56(octets: bytes) -> datetime.datetime:
    millis, minute, hour, day, month, year = struct.unpack("<HBBBBB", octets[:7])
    return datetime.datetime(
        2000 + (year & 0x7F),
        month & 0x0F,
        day & 0x1F,
        hour & 0x1F,
        minute & 0x3F,
        millis // 1000,
        millis % 1000 * 1000,
        tzinfo=datetime.timezone.utc,
    )


def local(moment: datetime.datetime) -> datetime.datetime:
    """As c104 shows it: naive, local."""
    return moment.astimezone().replace(tzinfo=None)


def vsq(count: int, sequence: bool = False) -> int:
    return count | (0x80 if sequence else 0)


def header(
    type_id: int,
    cot: int,
    ca: int,
    count: int = 1,
    sequence: bool = False,
    oa: int = 0,
    negative: bool = False,
    test: bool = False,
) -> bytes:
    return bytes((type_id, vsq(count, sequence), cot | (0x40 if negative else 0) | (0x80 if test else 0), oa)) + struct.pack(
        "<H", ca
    )


def build(
    type_id: int,
    cot: int,
    ca: int,
    objects: Sequence[Tuple[int, bytes]],
    oa: int = 0,
    sequence: bool = False,
    negative: bool = False,
    test: bool = False,
) -> bytes:
    """An ASDU of (IOA, element) pairs; with `sequence` only the first address goes out."""
    body = b"".join(
        (ioa(address) if index == 0 or not sequence else b"") + element for index, (address, element) in enumerate(objects)
    )
    return header(type_id, cot, ca, len(objects), sequence, oa, negative, test) + body


@dataclass(frozen=True)
class Asdu:
    raw: bytes

    @property
    def type_id(self) -> int:
        return self.raw[0]

    @property
    def count(self) -> int:
        return self.raw[1] & 0x7F

    @property
    def sequence(self) -> bool:
        return bool(self.raw[1] & 0x80)

    @property
    def cot(self) -> int:
        return self.raw[2] & 0x3F

    @property
    def negative(self) -> bool:
        return bool(self.raw[2] & 0x40)

    @property
    def test(self) -> bool:
        return bool(self.raw[2] & 0x80)

    @property
    def oa(self) -> int:
        return self.raw[3]

    @property
    def ca(self) -> int:
        return int.from_bytes(self.raw[4:6], "little")

    @property
    def io_address(self) -> int:
        return int.from_bytes(self.raw[6:9], "little")

    @property
    def element(self) -> bytes:
        return self.raw[9:]

    @property
    def objects(self) -> List[Tuple[int, bytes]]:
        size = SIZES[self.type_id]
        result = []
        at, address = 6, 0
        for index in range(self.count):
            if index == 0 or not self.sequence:
                address = int.from_bytes(self.raw[at : at + 3], "little")
                at += 3
            else:
                address += 1
            result.append((address, self.raw[at : at + size]))
            at += size
        return result

    def mirrored(self, cot: int, negative: bool = False, ca: Optional[int] = None) -> bytes:
        """The same ASDU with another cause, as an outstation confirms."""
        head = bytes((self.raw[0], self.raw[1], cot | (0x40 if negative else 0) | (self.raw[2] & 0x80), self.raw[3]))
        return head + (self.raw[4:6] if ca is None else struct.pack("<H", ca)) + self.raw[6:]


def _tag(moment: Optional[datetime.datetime]) -> bytes:
    return b"" if moment is None else cp56(moment)


# Elements of the monitoring direction. `at` makes the time-tagged one.


def single(on: bool, quality: int = 0, at: Optional[datetime.datetime] = None) -> bytes:
    return bytes((int(on) | quality,)) + _tag(at)


def double(state: int, quality: int = 0, at: Optional[datetime.datetime] = None) -> bytes:
    return bytes((state | quality,)) + _tag(at)


def step(position: int, transient: bool = False, quality: int = 0, at: Optional[datetime.datetime] = None) -> bytes:
    return bytes(((position & 0x7F) | (0x80 if transient else 0), quality)) + _tag(at)


def bits(blob: bytes, quality: int = 0, at: Optional[datetime.datetime] = None) -> bytes:
    """Four octets as they stand on the wire."""
    return blob + bytes((quality,)) + _tag(at)


def measured16(raw: int, quality: int = 0, at: Optional[datetime.datetime] = None) -> bytes:
    """Normalized (raw NVA) and scaled."""
    return struct.pack("<hB", raw, quality) + _tag(at)


def short(value: float, quality: int = 0, at: Optional[datetime.datetime] = None) -> bytes:
    return struct.pack("<fB", value, quality) + _tag(at)


def counter(value: int, sequence: int = 0, quality: int = 0, at: Optional[datetime.datetime] = None) -> bytes:
    """`quality` is the upper three bits as on the wire: 0x20 CY, 0x40 CA, 0x80 IV."""
    return struct.pack("<iB", value, sequence | quality) + _tag(at)


def packed(status: int, changed: int, quality: int = 0) -> bytes:
    return struct.pack("<HHB", status, changed, quality)


def nva(raw: int) -> bytes:
    return struct.pack("<h", raw)


def protection_event(state: int, elapsed_ms: int, at: datetime.datetime, quality: int = 0) -> bytes:
    return struct.pack("<BH", state | quality, elapsed_ms) + cp56(at)


def protection_start(events: int, duration_ms: int, at: datetime.datetime, quality: int = 0) -> bytes:
    return struct.pack("<BBH", events, quality, duration_ms) + cp56(at)


def protection_circuits(circuits: int, operating_ms: int, at: datetime.datetime, quality: int = 0) -> bytes:
    return struct.pack("<BBH", circuits, quality, operating_ms) + cp56(at)


def sample(type_id: int, at: datetime.datetime = TAG_MOMENT) -> bytes:
    """A plain, valid element of any monitoring type."""
    tag = at if type_id in TIMED else None
    return {
        1: lambda: single(True),
        30: lambda: single(True, at=tag),
        3: lambda: double(2),
        31: lambda: double(2, at=tag),
        5: lambda: step(-7, True),
        32: lambda: step(-7, True, at=tag),
        7: lambda: bits(b"\x04\x03\x02\x01"),
        33: lambda: bits(b"\x04\x03\x02\x01", at=tag),
        9: lambda: measured16(-16384),
        34: lambda: measured16(-16384, at=tag),
        11: lambda: measured16(-1234),
        35: lambda: measured16(-1234, at=tag),
        13: lambda: short(1.5),
        36: lambda: short(1.5, at=tag),
        15: lambda: counter(-77, 5),
        37: lambda: counter(-77, 5, at=tag),
        20: lambda: packed(0x8001, 0x0100),
        21: lambda: nva(8192),
        38: lambda: protection_event(2, 500, at),
        39: lambda: protection_start(0x15, 600, at),
        40: lambda: protection_circuits(0x0A, 700, at),
        70: lambda: b"\x02",
    }[type_id]()


# System commands and commands.


def interrogation(ca: int, cot: int = ACT, qoi: int = 20, oa: int = 0) -> bytes:
    return build(100, cot, ca, [(0, bytes((qoi,)))], oa)


def counter_interrogation(ca: int, cot: int = ACT, qcc: int = 5, oa: int = 0) -> bytes:
    return build(101, cot, ca, [(0, bytes((qcc,)))], oa)


def read(ca: int, address: int, oa: int = 0) -> bytes:
    return build(102, REQUEST, ca, [(address, b"")], oa)


def clock_sync(ca: int, moment: datetime.datetime, oa: int = 0) -> bytes:
    return build(103, ACT, ca, [(0, cp56(moment))], oa)


def testing_command(ca: int, oa: int = 0) -> bytes:
    return build(104, ACT, ca, [(0, b"\xaa\x55")], oa)


def testing_command_timed(ca: int, counter_value: int, moment: datetime.datetime, oa: int = 0) -> bytes:
    return build(107, ACT, ca, [(0, struct.pack("<H", counter_value) + cp56(moment))], oa)


def command(type_id: int, ca: int, address: int, element: bytes, cot: int = ACT, oa: int = 0) -> bytes:
    return build(type_id, cot, ca, [(address, element)], oa)


def end_of_init(ca: int, coi: int = 0) -> bytes:
    return build(70, INITIALIZED, ca, [(0, bytes((coi,)))])
