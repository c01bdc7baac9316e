# SPDX-License-Identifier: GPL-3.0-or-later
"""MODES: what a RawStation does instead of behaving. For each mode the events at which it departs from the standard, and how.

Events: "accept" (beside what else happens then), "octets" (instead of reading them as APDUs), and instead of what a good station does:
"frame" (any APDU), "startdt", "asdu".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable, Dict

from . import apci
from . import asdu as codec

if TYPE_CHECKING:
    from .station import StationLink

Deed = Callable[["StationLink"], object]

STARTDT_CON = apci.u_frame(apci.STARTDT_CON)
NOISE = bytes((7 * index * index + 13) & 0xFF for index in range(2048))
SINGLE_POINT = codec.build(1, codec.SPONTANEOUS, 1, [(11, codec.single(True))])
FLOOD = b"".join(apci.i_frame(number, 1, SINGLE_POINT) for number in range(1000))
HALF_A_HANDSHAKE = bytes((0x16, 3, 3, 0, 122, 2, 0, 0, 118, 3, 3)) + NOISE[:60]  # a ServerHello of 118 octets, in part


def nothing(link: StationLink) -> None:
    pass


def close(link: StationLink) -> None:
    link.shut()


def reset(link: StationLink) -> None:
    link.shut(hard=True)


def say(octets: bytes) -> Deed:
    return lambda link: link.send_raw(octets)


def both(*deeds: Deed) -> Deed:
    return lambda link: [deed(link) for deed in deeds]


MODES: Dict[str, Dict[str, Deed]] = {
    "normal": {},
    "accept_and_close": {"accept": close},
    "accept_and_reset": {"accept": reset},
    "silent": {"frame": nothing},
    "never_confirm_startdt": {"startdt": nothing},
    "half_frame": {"startdt": say(STARTDT_CON[:3])},
    "drip": {"startdt": lambda link: link.drip(STARTDT_CON)},
    "close_at_startdt": {"startdt": close},
    "reset_at_startdt": {"startdt": reset},
    "reset_after_startdt": {"startdt": both(say(STARTDT_CON), reset)},
    "reset_at_command": {"asdu": reset},
    "drip_at_command": {"asdu": lambda link: link.drip(FLOOD)},
    "never_acknowledge": {"asdu": nothing},
    "wrong_acknowledgement": {"asdu": say(apci.s_frame(20000))},
    "wrong_number": {"asdu": say(apci.i_frame(20000, 1, SINGLE_POINT))},
    "flood": {"asdu": both(say(FLOOD), close)},
    "greeting": {"accept": say(b"SSH-2.0-OpenSSH_9.2p1\r\n")},
    "garbage": {"accept": say(NOISE)},
    "early_data": {"accept": lambda link: link.send(SINGLE_POINT)},
    # Below TLS.
    "deaf": {"octets": nothing},
    "half_handshake": {"octets": say(HALF_A_HANDSHAKE)},
    "noise_at_handshake": {"octets": say(NOISE)},
}
