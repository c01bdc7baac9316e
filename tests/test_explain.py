# SPDX-License-Identifier: GPL-3.0-or-later
"""explain_bytes and explain_bytes_dict: as the published c104 for valid frames, a reason for anything else."""

import random

import c104
import pytest
from support.both import ask_peer

# TypeID -> octets of an element
SIZES = {
    1: 1, 2: 4, 3: 1, 4: 4, 5: 2, 6: 5, 7: 5, 8: 8, 9: 3, 10: 6, 11: 3, 12: 6, 13: 5, 14: 8, 15: 5, 16: 8, 17: 6, 18: 7, 19: 7, 20: 5,
    21: 2, 30: 8, 31: 8, 32: 9, 33: 12, 34: 10, 35: 10, 36: 12, 37: 12, 38: 10, 39: 11, 40: 11, 45: 1, 46: 1, 47: 1, 48: 3, 49: 3,
    50: 5, 51: 4, 58: 8, 59: 8, 60: 8, 61: 10, 62: 10, 63: 12, 64: 11, 70: 1, 100: 1, 101: 1, 102: 0, 103: 7, 104: 2, 105: 1, 106: 2,
    107: 9, 110: 3, 113: 1, 120: 6, 127: 16, 200: 4,
}  # fmt: skip
SET_POINTS = {48, 49, 50, 61, 62, 63}
U_FRAMES = {
    0x07: ("StartDT act", "STARTDT", "ACT"), 0x0B: ("StartDT con", "STARTDT", "CON"), 0x13: ("StopDT act", "STOPDT", "ACT"),
    0x23: ("StopDT con", "STOPDT", "CON"), 0x43: ("TestFR act", "TESTFR", "ACT"), 0x83: ("TestFR con", "TESTFR", "CON"),
}  # fmt: skip


def i_frame(asdu, tx=0, rx=0):
    return bytes([0x68, 4 + len(asdu)]) + (tx << 1).to_bytes(2, "little") + (rx << 1).to_bytes(2, "little") + asdu


def asdu(type_id, cot=3, count=1, sequence=False, oa=0, ca=47, ioa=11, elements=b""):
    return (
        bytes([type_id, count | (0x80 if sequence else 0), cot, oa])
        + ca.to_bytes(2, "little")
        + ioa.to_bytes(3, "little")
        + elements
    )


def frames():
    numbers = random.Random(7)
    for type_id, size in SIZES.items():
        for count in (1, 2, 3):
            for sequence in (False, True):
                for cot in (3, 6, numbers.randrange(64), numbers.randrange(256)):
                    rest = numbers.randbytes(size) + b"".join(
                        numbers.randbytes(size + (0 if sequence else 3)) for _ in range(count - 1)
                    )
                    yield i_frame(
                        asdu(type_id, cot, count, sequence, numbers.choice([0, 5, 255]), numbers.choice([0, 1, 47, 256, 65535]),
                             numbers.randrange(1 << 24), rest),
                        numbers.randrange(1 << 15), numbers.randrange(1 << 15),
                    )  # fmt: skip
    for cot in range(256):
        yield i_frame(asdu(1, cot, elements=b"\0"))
    for octet in U_FRAMES:
        yield bytes([0x68, 4, octet, 0, 0, 0])
    for rx in (0, 1, 127, 128, 32767):
        yield bytes([0x68, 4, 1, 0]) + (rx << 1).to_bytes(2, "little")


@pytest.mark.parametrize("octet", list(U_FRAMES))
def test_u_frames(octet):
    text, function, confirm = U_FRAMES[octet]
    frame = bytes([0x68, 4, octet, 0, 0, 0])
    assert c104.explain_bytes(frame) == c104.explain_bytes(apdu=frame) == f"U-Format | {text}"
    assert c104.explain_bytes_dict(apdu=frame) == {"format": "U", "type": function, "cot": confirm}


def test_s_frame():
    frame = bytes.fromhex("68040100feff")
    assert c104.explain_bytes(frame) == "S-Format"
    assert c104.explain_bytes_dict(frame) == {"format": "S", "rx": 32767}


def test_i_frame():
    frame = i_frame(asdu(30, 3 | 0x80, oa=5, elements=bytes.fromhex("01591b060504031a")), tx=3, rx=32767)
    octets = "0b 00 00 01 59 1b 06 05 04 03 1a "
    assert c104.explain_bytes(frame) == (
        f"I-Format | M_SP_TB_1 | SPONTANEOUS | POSITIVE | TEST | CA 47 | OA 5 | 1st IOA 11 | LIST[1] ({octets})"
    )
    found = c104.explain_bytes_dict(frame)
    assert found == {
        "format": "I", "tx": 3, "rx": 32767, "type": c104.Type.M_SP_TB_1, "numberOfObjects": 1, "sequence": False,
        "cot": c104.Cot.SPONTANEOUS, "negative": False, "test": True, "commonAddress": 47, "originatorAddress": 5,
        "firstInformationObjectAddress": 11, "elements": octets,
    }  # fmt: skip
    assert type(found["type"]) is c104.Type and type(found["cot"]) is c104.Cot


def test_global_address_negative_sequence():
    text = c104.explain_bytes(i_frame(asdu(1, 0x47, 2, True, ca=65535, elements=b"\x01\x00")))
    assert text == "I-Format | M_SP_NA_1 | ACTIVATION_CON | NEGATIVE | GLOBAL | 1st IOA 11 | SEQUENCE[2] (0b 00 00 01 00 )"


@pytest.mark.parametrize("type_id", sorted(t for t in SIZES if 45 <= t <= 64))
def test_select(type_id):
    """S/E is bit 7 of the last octet before the time tag; bitstring commands have none."""
    size = SIZES[type_id]
    qualifier = size - 1 - (7 if type_id >= 58 else 0)
    for select in (False, True):
        elements = bytearray([0x7F] * size)
        elements[qualifier] = 0x80 if select else 0
        found = c104.explain_bytes_dict(i_frame(asdu(type_id, 6, elements=bytes(elements))))
        assert found.get("select") == (None if type_id in (51, 64) else select)


@pytest.mark.parametrize(
    ("octets", "reason"),
    [
        ("", "at least 6 octets, not 0"),
        ("68", "at least 6 octets, not 1"),
        ("6804070000", "at least 6 octets, not 5"),
        ("670407000000", "starts with 68, not 67"),
        ("680403000000", "unknown control octet 03"),
        ("68040f000000", "unknown control octet 0f"),
        ("680400000000", "I-Format with 0 octets of ASDU"),
        ("6809000000000101030001", "I-Format with 5 octets of ASDU"),
    ],
)
def test_what_is_no_apdu(octets, reason):
    text = c104.explain_bytes(bytes.fromhex(octets))
    assert text.startswith("INVALID | ") and reason in text
    found = c104.explain_bytes_dict(bytes.fromhex(octets))
    assert found["format"] == "INVALID" and reason in found["problem"]


@pytest.mark.parametrize("size", range(6))
def test_too_short_for_an_apdu(size):
    frame = bytes.fromhex("680e000000000b01030001000100")
    assert c104.explain_bytes(frame[:size]) == f"INVALID | an APDU has at least 6 octets, not {size}"
    assert c104.explain_bytes_dict(frame[:size])["format"] == "INVALID"


def test_every_prefix_and_random_octets():
    numbers = random.Random(1)
    for frame in (*list(frames())[::17], *(numbers.randbytes(numbers.randrange(60)) for _ in range(3000))):
        for size in {*range(min(len(frame), 20)), len(frame)}:
            assert c104.explain_bytes(frame[:size])
            found = c104.explain_bytes_dict(frame[:size])
            assert found["format"] in ("I", "S", "U", "INVALID")
            if "elements" in found:
                assert bytes.fromhex(found["elements"]) == frame[12:size]


@pytest.mark.parametrize("wrong", ["680407000000", None, 5, bytearray(6)])
def test_wrong_types(wrong):
    for function in (c104.explain_bytes, c104.explain_bytes_dict):
        with pytest.raises(TypeError):
            function(wrong)


def test_the_peer_agrees(peer):
    """But for `select` of set-points, where the published c104 looks at the first octet of the value."""
    octets = [frame.hex() for frame in frames()]
    code = (
        f"say(answer=[[c104.explain_bytes(f), {{k: repr(v) for k, v in c104.explain_bytes_dict(f).items()}}]"
        f" for f in map(bytes.fromhex, {octets!r})])"
    )
    for frame, (text, fields) in zip(octets, ask_peer(peer, code, 30)):
        apdu = bytes.fromhex(frame)
        ours = {k: repr(v) for k, v in c104.explain_bytes_dict(apdu).items()}
        assert list(ours) == list(fields)
        if apdu[2] & 1 == 0 and apdu[6] in SET_POINTS:
            del ours["select"], fields["select"]
        assert (c104.explain_bytes(apdu), ours) == (text, fields), frame
