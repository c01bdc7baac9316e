# SPDX-License-Identifier: GPL-3.0-or-later
"""APDUs of IEC 60870-5-104: I, S and U frames. Independent of the code under test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Iterator, Optional

STARTDT_ACT, STARTDT_CON = 0x07, 0x0B
STOPDT_ACT, STOPDT_CON = 0x13, 0x23
TESTFR_ACT, TESTFR_CON = 0x43, 0x83

U_NAMES = {
    STARTDT_ACT: "STARTDT_ACT",
    STARTDT_CON: "STARTDT_CON",
    STOPDT_ACT: "STOPDT_ACT",
    STOPDT_CON: "STOPDT_CON",
    TESTFR_ACT: "TESTFR_ACT",
    TESTFR_CON: "TESTFR_CON",
}
MODULO = 32768


def u_frame(code: int) -> bytes:
    return bytes((0x68, 4, code, 0, 0, 0))


def s_frame(receive: int) -> bytes:
    return bytes((0x68, 4, 1, 0)) + ((receive % MODULO) << 1).to_bytes(2, "little")


def i_frame(send: int, receive: int, asdu: bytes) -> bytes:
    head = bytes((0x68, len(asdu) + 4))
    return head + ((send % MODULO) << 1).to_bytes(2, "little") + ((receive % MODULO) << 1).to_bytes(2, "little") + asdu


@dataclass(frozen=True)
class Apdu:
    """One frame as it stood on the wire; `at` is the monotonic clock when it was read."""

    raw: bytes
    at: float = 0.0
    link: int = 0

    @property
    def kind(self) -> str:
        control = self.raw[2]
        if not control & 1:
            return "I"
        return "S" if control & 3 == 1 else "U"

    @property
    def u(self) -> Optional[int]:
        return self.raw[2] if self.kind == "U" else None

    @property
    def send(self) -> int:
        return int.from_bytes(self.raw[2:4], "little") >> 1

    @property
    def receive(self) -> int:
        return int.from_bytes(self.raw[4:6], "little") >> 1

    @property
    def asdu(self) -> bytes:
        return self.raw[6:]

    def __str__(self) -> str:
        if self.kind == "U":
            return U_NAMES.get(self.raw[2], hex(self.raw[2]))
        if self.kind == "S":
            return f"S({self.receive})"
        return f"I({self.send},{self.receive}) {self.asdu.hex()}"


class Framer:
    """Cuts a stream into frames."""

    def __init__(self) -> None:
        self.rest = b""

    def feed(self, data: bytes) -> Iterator[bytes]:
        buffer = self.rest + data
        at = 0
        while len(buffer) - at >= 2:
            if buffer[at] != 0x68:
                self.rest = buffer[at:]
                raise ValueError(f"no start octet: {buffer[at : at + 16].hex()}")
            size = buffer[at + 1] + 2
            if len(buffer) - at < size:
                break
            yield buffer[at : at + size]
            at += size
        self.rest = buffer[at:]
