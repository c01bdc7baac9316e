# SPDX-License-Identifier: GPL-3.0-or-later
"""Enumerations and sets of flags: values, operators, text, and that nothing changes a member of a class."""

import copy
import pickle

import c104
import pytest
from support.both import ask_peer, differences

FLAGS = [
    c104.Quality,
    c104.BinaryCounterQuality,
    c104.TimeQuality,
    c104.StartEvents,
    c104.OutputCircuits,
    c104.PackedSingle,
    c104.Debug,
]
EQUAL_INTS = [
    c104.Type, c104.Cot, c104.Qoi, c104.Umc, c104.Init, c104.ConnectionState, c104.ResponseState, c104.CommandMode, c104.Step,
    c104.EventState, c104.Double, c104.TlsVersion,
]  # fmt: skip
EQUAL_THEMSELVES = [c104.Coi, c104.Frz, c104.Qoc, c104.Rqt, c104.TlsCipher]
PEER_FLAGS = [cls for cls in FLAGS if cls is not c104.TimeQuality]
ENUMERATIONS = EQUAL_INTS + EQUAL_THEMSELVES
BITS = [255, 255, 255, 255, 255, 65535, 255]

every_flags = pytest.mark.parametrize("cls", FLAGS, ids=lambda cls: cls.__name__)
every_enumeration = pytest.mark.parametrize("cls", ENUMERATIONS, ids=lambda cls: cls.__name__)


def members(cls):
    return list(cls.__members__.values())


# ---------------------------------------------------------------------------------------------- flags


@every_flags
@pytest.mark.parametrize("operator", ["&=", "|=", "^="])
def test_in_place_operators_leave_the_class_member_alone(cls, operator):
    first, second = members(cls)[:2]
    before = {name: int(value) for name, value in cls.__members__.items()}
    scope = {"value": first, "other": second}
    exec(f"value {operator} other", scope)
    assert scope["value"] is not first
    assert {name: int(value) for name, value in cls.__members__.items()} == before
    assert int(getattr(cls, next(iter(before)))) == int(first) == before[next(iter(before))]


@every_flags
def test_in_place_and_plain_operators_agree(cls):
    for a in members(cls):
        for b in members(cls):
            for text in ("&", "|", "^"):
                scope = {"a": a, "b": b}
                exec(f"plain = a {text} b; a {text}= b", scope)
                assert scope["a"] == scope["plain"]
                assert int(scope["plain"]) == eval(f"{int(a)} {text} {int(b)}")
                assert type(scope["plain"]) is cls


@every_flags
def test_empty_set(cls):
    empty = cls()
    assert empty == cls(0) and int(empty) == 0 and not empty.is_any()
    predicate = empty.is_good if hasattr(empty, "is_good") else empty.is_none
    assert predicate()
    assert members(cls)[0].is_any()


@every_flags
def test_contains(cls):
    first, second = members(cls)[:2]
    assert first in (first | second)
    assert (first | second) not in first
    assert cls() not in first
    with pytest.raises(TypeError):
        1 in first  # noqa: B015


@pytest.mark.parametrize(("cls", "top"), list(zip(FLAGS, BITS)), ids=[cls.__name__ for cls in FLAGS])
def test_range(cls, top):
    assert int(cls(top)) == top
    for beyond in (-1, top + 1, 2**64):
        with pytest.raises(ValueError, match=f"{cls.__name__} {beyond} is out of range 0..{top}") as caught:
            cls(beyond)
        assert isinstance(caught.value, TypeError)
    with pytest.raises(TypeError, match=f"{cls.__name__} must be an int, not str"):
        cls("1")


@every_flags
def test_sets_of_other_classes_and_ints_do_not_mix(cls):
    other = next(c for c in FLAGS if c is not cls)
    member = members(cls)[0]
    assert member != int(member)
    assert member != members(other)[0]
    for wrong in (members(other)[0], 1):
        with pytest.raises(TypeError):
            member | wrong


@every_flags
def test_text(cls):
    first, second = members(cls)[:2]
    names = list(cls.__members__)[:2]
    text = repr(first | second)
    assert "{ " + names[0] + " | " + names[1] + " }" in text
    assert str(first | second) == text


def test_text_as_of_c104_2_2():
    assert repr(c104.Quality()) == "Quality set: {}, is_good: True"
    assert repr(c104.Quality.Invalid | c104.Quality.Blocked) == "Quality set: { Blocked | Invalid }, is_good: False"
    assert repr(c104.Quality(2)) == "Quality set: { UNSUPPORTED_BIT_1 }, is_good: False"
    assert repr(c104.StartEvents()) == "StartEvent set: {}"
    assert repr(c104.OutputCircuits.General) == "OutputCircuit set: { General }"
    assert repr(c104.PackedSingle()) == "Field set: {}"
    assert repr(c104.Debug.Gil) == "Debug set: { Gil }, is_none: False"


def test_numbers_of_the_members():
    assert [int(v) for v in members(c104.Quality)] == [0x01, 0x08, 0x10, 0x20, 0x40, 0x80]
    assert int(c104.BinaryCounterQuality.Adjusted) == 0x20
    assert int(c104.BinaryCounterQuality.Carry) == 0x40
    assert [int(v) for v in members(c104.PackedSingle)] == [1 << bit for bit in range(16)]


def test_debug_mode():
    before = c104.get_debug_mode()
    try:
        c104.set_debug_mode(mode=c104.Debug.Client)
        c104.enable_debug(mode=c104.Debug.Server | c104.Debug.Gil)
        assert c104.get_debug_mode() == c104.Debug.Client | c104.Debug.Server | c104.Debug.Gil
        c104.disable_debug(mode=c104.Debug.Client)
        assert c104.get_debug_mode() == c104.Debug.Server | c104.Debug.Gil
        with pytest.raises(TypeError):
            c104.set_debug_mode(5)
    finally:
        c104.set_debug_mode(before)


# ---------------------------------------------------------------------------------------------- enumerations


@every_enumeration
def test_members(cls):
    assert cls.__module__ == "c104"
    for name, member in cls.__members__.items():
        assert member.name == name
        assert repr(member) == f"<{cls.__name__}.{name}: {member.value}>"
        assert str(member) == f"{cls.__name__}.{name}"
        assert cls(member.value) == member == cls(value=member.value)
        assert int(member) == member.value == hash(member)
        assert getattr(cls, name) == member


@every_enumeration
def test_number_without_a_name(cls):
    unknown = next(n for n in range(255) if n not in {m.value for m in members(cls)})
    assert repr(cls(unknown)) == f"<{cls.__name__}.???: {unknown}>"
    assert str(cls(unknown)) == f"{cls.__name__}.???"
    top = 0xFFFF if cls is c104.TlsCipher else 0xFF
    for beyond in (-1, top + 1):
        with pytest.raises(ValueError, match="is out of range") as caught:
            cls(beyond)
        assert isinstance(caught.value, TypeError)


@every_enumeration
def test_equality(cls):
    member = members(cls)[0]
    equals_int = cls in EQUAL_INTS
    assert (member == member.value) is equals_int
    assert (member != member.value) is not equals_int
    assert (member == float(member.value)) is equals_int
    assert member != member.value + 1
    for other in (None, str(member), object(), c104.Quality(1)):
        assert member != other
    assert {member: 1}[cls(member.value)] == 1


def test_equality_between_classes():
    assert c104.Cot.INTERROGATED_BY_STATION == c104.Qoi.STATION
    assert c104.Qoc(1) != c104.Cot.PERIODIC
    assert c104.Qoc(1) != c104.Rqt(1)


@every_enumeration
def test_no_order_no_arithmetic(cls):
    member = members(cls)[0]
    for expression in ("m < m", "m + 1", "m | 1", "~m", "list(type(m))", "type(m)['x']"):
        with pytest.raises(TypeError):
            eval(expression, {"m": member})


@pytest.mark.parametrize("cls", ENUMERATIONS + FLAGS, ids=lambda cls: cls.__name__)
def test_copies(cls):
    for member in members(cls)[:20]:
        for again in (pickle.loads(pickle.dumps(member)), copy.copy(member), copy.deepcopy(member)):
            assert again == member and type(again) is cls
        with pytest.raises(AttributeError):
            member.anything = 1


def test_every_cipher_suite():
    assert len(members(c104.TlsCipher)) >= 190
    assert c104.TlsCipher.TLS1_3_AES_128_GCM_SHA256.value == 0x1301
    assert c104.TlsCipher.ECDHE_RSA_WITH_AES_256_GCM_SHA384.value == 0xC030


# ---------------------------------------------------------------------------------------------- the published c104


def test_members_are_those_of_the_peer(peer):
    names = [cls.__name__ for cls in ENUMERATIONS + PEER_FLAGS]
    code = f"say(answer=[[[k, int(v), repr(v), str(v)] for k, v in getattr(c104, n).__members__.items()] for n in {names!r}])"
    theirs = ask_peer(peer, code)
    for name, expected in zip(names, theirs):
        ours = [[k, int(v), repr(v), str(v)] for k, v in getattr(c104, name).__members__.items()]
        assert sorted(ours) == sorted(expected), name


def test_operators_are_those_of_the_peer(peer):
    expressions = [
        f"c104.{cls.__name__}({a}) {op} c104.{cls.__name__}({b})"
        for cls in PEER_FLAGS for a, b in [(0, 1), (1, 1), (3, 2), (255, 8)] for op in ("&", "|", "^", "in", "==", "!=")
    ] + [
        f"c104.{cls.__name__}({n}) {rest}"
        for cls in ENUMERATIONS for n in (0, 1, 2, 77)
        for rest in ("", "== 1", "== 1.0", "!= 1", "== None", "== 'x'", "== c104.Cot.PERIODIC", "== c104.Qoc(1)", "< 1", "| 1", ".name")
    ]  # fmt: skip
    assert differences(peer, expressions) == []
