# SPDX-License-Identifier: GPL-3.0-or-later
"""Numbers with a range, and Byte32."""

import c104
import pytest
from support.both import differences

RANGES = {c104.Int7: (-64, 63), c104.Int16: (-32768, 32767), c104.UInt5: (0, 31), c104.UInt7: (0, 127), c104.UInt16: (0, 65535)}
every_integer = pytest.mark.parametrize(
    ("cls", "low", "high"), [(c, *r) for c, r in RANGES.items()], ids=[c.__name__ for c in RANGES]
)


@every_integer
def test_range(cls, low, high):
    for value in (low, high, 0):
        number = cls(value)
        assert int(number) == value == float(number)
        assert (number.min, number.max) == (low, high)
        assert str(number) == str(value)
        assert repr(number) == f"<c104.{cls.__name__} value={value}>"
    for value in (low - 1, high + 1):
        with pytest.raises(ValueError, match=rf"{cls.__name__} {value} is out of range {low}\.\.{high}") as caught:
            cls(value)
        assert isinstance(caught.value, IndexError)


@every_integer
def test_wrong_types(cls, low, high):
    for wrong in ("5", 5.5, None, b"5", [5]):
        with pytest.raises(TypeError):
            cls(wrong)
    for huge in (2**40, -(2**70)):  # a TypeError, as in c104 2.2, that speaks
        with pytest.raises(TypeError, match=f"{cls.__name__} {huge} is out of range") as caught:
            cls(huge)
        assert isinstance(caught.value, ValueError)
    with pytest.raises(TypeError):
        cls()


@every_integer
def test_arithmetic_gives_plain_ints(cls, low, high):
    nine = cls(9)
    for value, expected in ((nine + 1, 10), (nine - 10, -1), (nine * 1000, 9000), (nine / 2, 4), (nine + nine, 18)):
        assert value == expected and type(value) is int
    with pytest.raises(RuntimeError, match="[Dd]ivision by zero"):
        nine / 0


@every_integer
def test_in_place_arithmetic_makes_a_new_number_and_checks_it(cls, low, high):
    number = kept = cls(high)
    number -= 1
    assert type(number) is cls and int(number) == high - 1
    assert int(kept) == high
    with pytest.raises(ValueError):
        kept += 1
    assert int(kept) == high
    number /= 2
    assert int(number) == (high - 1) // 2


def test_equal_only_to_itself():
    """As in c104 2.2: compare int(x)."""
    five = c104.Int7(5)
    assert five == five
    assert five != c104.Int7(5)
    assert five != 5


def test_normalized_float():
    for value in (-1, -0.5, 0, 0.25, 1, True):
        assert float(c104.NormalizedFloat(value)) == value
    for value in (1.1, -1.1, 2, float("inf"), float("nan"), 1.0000001):
        with pytest.raises(ValueError, match="NormalizedFloat .* is out of range -1.*1") as caught:
            c104.NormalizedFloat(value)
        assert isinstance(caught.value, IndexError)
    half = c104.NormalizedFloat(0.5)
    assert repr(half) == "<c104.NormalizedFloat value=0.500000>"
    assert half + half == 1.0 and half * half == 0.25
    half *= half
    assert float(half) == 0.25
    with pytest.raises(IndexError):
        half += 1
    with pytest.raises(TypeError):
        c104.NormalizedFloat("0.5")


@pytest.mark.parametrize("value", [0, 1, 2, 0x01020304, 0x80000000, 0xFFFFFFFF])
def test_byte32_of_int(value):
    assert bytes(c104.Byte32(value)) == value.to_bytes(4, "little")
    assert int(c104.Byte32(value)) == value
    assert str(c104.Byte32(value)) == f"0b{value:032b}"


@pytest.mark.parametrize("octets", [b"", b"\x01", b"ab", b"abcd", b"\x00\x00\x00\x80", b"\xff" * 4])
def test_byte32_of_bytes(octets):
    assert bytes(c104.Byte32(octets)) == octets.ljust(4, b"\0")
    assert int(c104.Byte32(octets)) == int.from_bytes(octets, "little")
    assert repr(c104.Byte32(octets)) == f"<c104.Byte32 value=0b{int.from_bytes(octets, 'little'):032b}>"


def test_byte32_refuses():
    for too_big in (2**32, 2**70):
        with pytest.raises(ValueError, match="Byte32 .* is out of range") as caught:
            c104.Byte32(too_big)
        assert isinstance(caught.value, TypeError)
    for wrong in (-1, -(2**70), b"abcde"):
        with pytest.raises(OverflowError, match="Byte32"):
            c104.Byte32(wrong)
    for wrong in ("x", 1.5, None, bytearray(b"ab")):
        with pytest.raises(TypeError):
            c104.Byte32(wrong)


def test_the_peer_agrees(peer):
    names = [cls.__name__ for cls in RANGES]
    values = [str(n) for n in (0, 5, 63, 64, -64, -65, -1, 31, 32, 127, 128, 32767, 32768, 65535, 65536, 2**31, 2**40)]
    values += ["'5'", "5.5", "None", "True"]
    expressions = [f"c104.{name}({value})" for name in names for value in values]
    expressions += [
        f"c104.{name}(9) {rest}"
        for name in names
        for rest in (
            "+ 1",
            "- 10",
            "* 7",
            "/ 2",
            "/ 0",
            "+ 1.5",
            "== 9",
            "< 10",
            "+ c104.Int7(1)",
            ".min",
            ".max",
            "// 2",
            "% 2",
        )
    ]
    expressions += [
        f"c104.NormalizedFloat({v})" for v in ("0", "1", "-1", "0.1", "1.1", "-1.01", "True", "'x'", "None", "float('inf')")
    ]
    expressions += [
        f"bytes(c104.Byte32({v}))" for v in ("b''", "b'ab'", "b'abcd'", "b'abcde'", "0", "-1", "2**32", "'x'", "None", "1.5")
    ]
    assert differences(peer, expressions) == []
