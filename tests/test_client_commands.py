# SPDX-License-Identifier: GPL-3.0-or-later
"""What the client sends and makes of the answers: interrogations, clock, test, read, commands; octet by octet."""

import datetime
import struct
import threading
import time

import c104
import pytest
from support import apci, asdu
from support.waiting import eventually, holds, wait_until

CA = 47
OA = 123
DIRECT, SELECT = c104.CommandMode.DIRECT, c104.CommandMode.SELECT_AND_EXECUTE


def silence(raw):
    """The station takes requests and answers none."""
    raw.handlers.clear()


def now_utc():
    return datetime.datetime.now(datetime.timezone.utc)


SYSTEM = {
    "interrogation": (100, lambda connection, **options: connection.interrogation(common_address=CA, **options)),
    "counter_interrogation": (
        101,
        lambda connection, **options: connection.counter_interrogation(common_address=CA, **options),
    ),
    "clock_sync": (103, lambda connection, **options: connection.clock_sync(common_address=CA, **options)),
    "test": (107, lambda connection, **options: connection.test(common_address=CA, **options)),
    "test_without_time": (104, lambda connection, **options: connection.test(common_address=CA, with_time=False, **options)),
}


@pytest.fixture(params=list(SYSTEM))
def system(request):
    """Name, TypeID and call of a system command."""
    return (request.param,) + SYSTEM[request.param]


def lines_of(caplog):
    return [
        record.getMessage() for record in caplog.records if record.name == "c104.connection" and record.levelname == "WARNING"
    ]


def test_the_log_says_why_a_command_failed(opened, caplog):
    raw, _, connection, remote = opened(ca=CA, command_timeout_ms=200)
    point = remote.add_point(7, c104.Type.C_SC_NA_1)
    here = f"127.0.0.1:{raw.port}: command C_SC_NA_1 CA {CA} IOA 7 "
    raw.on(45, lambda link, request: link.send(request.mirrored(asdu.ACT_CON, negative=True)))
    assert not point.transmit(cause=c104.Cot.ACTIVATION)
    wait_until(lambda: lines_of(caplog)[-1:] == [here + "was refused"])
    silence(raw)
    assert not point.transmit(cause=c104.Cot.ACTIVATION)
    wait_until(lambda: lines_of(caplog)[-1:] == [here + "was not answered in time"])
    raw.on(45, lambda link, request: raw.drop())
    assert not point.transmit(cause=c104.Cot.ACTIVATION)
    wait_until(lambda: here + "lost its link" in lines_of(caplog))
    connection.disconnect()
    assert not connection.interrogation(common_address=CA)
    wait_until(
        lambda: (
            lines_of(caplog)[-1:] == [f"127.0.0.1:{raw.port}: command C_IC_NA_1 CA {CA} IOA 0 was not sent: no data transfer"]
        )
    )


def test_a_flood_of_refusals_writes_few_lines(opened, caplog):
    raw, client, _, remote = opened(ca=CA)
    raw.on(45, lambda link, request: link.send(request.mirrored(asdu.ACT_CON, negative=True)))
    point = remote.add_point(7, c104.Type.C_SC_NA_1)
    for _ in range(100):
        assert not point.transmit(cause=c104.Cot.ACTIVATION)
    client.stop()
    wait_until(lambda: lines_of(caplog)[-1:] == [f"90 more commands that did not succeed: 90 from 127.0.0.1:{raw.port}"])
    assert len(lines_of(caplog)) == 11


# Octets.


@pytest.mark.parametrize("qualifier, octet", [(c104.Qoi.STATION, 20), (c104.Qoi.GROUP_1, 21), (c104.Qoi.GROUP_16, 36)])
@pytest.mark.parametrize("cause, cot", [(c104.Cot.ACTIVATION, 6), (c104.Cot.DEACTIVATION, 8)])
def test_interrogation_octets(opened, qualifier, octet, cause, cot):
    raw, client, connection, remote = opened(ca=CA, originator=OA)
    assert connection.interrogation(common_address=CA, cause=cause, qualifier=qualifier) is True
    assert raw.i_frames()[0].raw == asdu.interrogation(CA, cot, octet, OA)


@pytest.mark.parametrize("qualifier, rqt", [(c104.Rqt.GENERAL, 5), (c104.Rqt.GROUP_1, 1), (c104.Rqt.GROUP_4, 4)])
@pytest.mark.parametrize(
    "freeze, frz",
    [
        (c104.Frz.READ, 0),
        (c104.Frz.FREEZE_WITHOUT_RESET, 0x40),
        (c104.Frz.FREEZE_WITH_RESET, 0x80),
        (c104.Frz.COUNTER_RESET, 0xC0),
    ],
)
def test_counter_interrogation_octets(opened, qualifier, rqt, freeze, frz):
    raw, client, connection, remote = opened(ca=CA, originator=OA)
    assert (
        connection.counter_interrogation(common_address=CA, cause=c104.Cot.ACTIVATION, qualifier=qualifier, freeze=freeze)
        is True
    )
    assert raw.i_frames()[0].raw == asdu.counter_interrogation(CA, 6, rqt | frz, OA)


def test_counter_interrogation_defaults(opened):
    raw, client, connection, remote = opened(ca=CA)
    assert connection.counter_interrogation(common_address=CA) is True
    assert raw.i_frames()[0].raw == asdu.counter_interrogation(CA, 6, 5)


def test_clock_sync_octets(opened):
    raw, client, connection, remote = opened(ca=CA, originator=OA)
    assert connection.clock_sync(common_address=CA) is True
    sent = raw.i_frames()[0]
    assert sent.raw[:9] == asdu.build(103, asdu.ACT, CA, [(0, b"")], OA)
    assert len(sent.element) == 7
    assert abs(asdu.from_cp56(sent.element) - now_utc()) < datetime.timedelta(seconds=2)
    assert not sent.element[2] & 0x80, "IV is set"


def test_test_octets(opened):
    raw, client, connection, remote = opened(ca=CA, originator=OA)
    assert connection.test(common_address=CA) is True
    sent = raw.i_frames()[0]
    assert sent.raw[:9] == asdu.build(107, asdu.ACT, CA, [(0, b"")], OA)
    assert len(sent.element) == 9
    assert abs(asdu.from_cp56(sent.element[2:]) - now_utc()) < datetime.timedelta(seconds=2)


def test_test_without_time_octets(opened):
    """FBP is AA 55 on the wire (7.2.6.14); the peer sends CC 55 and never sees its answer."""
    raw, client, connection, remote = opened(ca=CA, originator=OA)
    raw.on(104, raw.confirm)
    assert connection.test(common_address=CA, with_time=False) is True
    assert raw.i_frames()[0].raw == asdu.testing_command(CA, OA)


def test_read_octets(opened):
    raw, client, connection, remote = opened(ca=CA, originator=OA)
    point = remote.add_point(11, c104.Type.M_ME_NC_1)
    raw.read_data[11] = asdu.build(13, asdu.REQUEST, CA, [(11, asdu.short(3.25))], OA)
    assert point.read() is True
    assert raw.i_frames()[0].raw == asdu.read(CA, 11, OA)
    assert point.value == 3.25


AT = datetime.datetime(2024, 2, 29, 23, 59, 58, 987000)
AT_WIRE = asdu.cp56(AT.astimezone())

# Type, value as a user sets it, element without time, SELECT allowed.
COMMANDS = [
    ("C_SC_NA_1", lambda at: c104.SingleCmd(on=True, qualifier=c104.Qoc.NONE, recorded_at=at), b"\x01", True),
    ("C_SC_NA_1", lambda at: c104.SingleCmd(on=False, qualifier=c104.Qoc.SHORT_PULSE, recorded_at=at), b"\x04", True),
    ("C_SC_NA_1", lambda at: c104.SingleCmd(on=True, qualifier=c104.Qoc.LONG_PULSE, recorded_at=at), b"\x09", True),
    ("C_SC_NA_1", lambda at: c104.SingleCmd(on=True, qualifier=c104.Qoc.PERSISTENT, recorded_at=at), b"\x0d", True),
    ("C_DC_NA_1", lambda at: c104.DoubleCmd(state=c104.Double.ON, qualifier=c104.Qoc.NONE, recorded_at=at), b"\x02", True),
    (
        "C_DC_NA_1",
        lambda at: c104.DoubleCmd(state=c104.Double.OFF, qualifier=c104.Qoc.LONG_PULSE, recorded_at=at),
        b"\x09",
        True,
    ),
    ("C_RC_NA_1", lambda at: c104.StepCmd(direction=c104.Step.HIGHER, qualifier=c104.Qoc.NONE, recorded_at=at), b"\x02", True),
    (
        "C_RC_NA_1",
        lambda at: c104.StepCmd(direction=c104.Step.LOWER, qualifier=c104.Qoc.PERSISTENT, recorded_at=at),
        b"\x0d",
        True,
    ),
    (
        "C_SE_NA_1",
        lambda at: c104.NormalizedCmd(target=c104.NormalizedFloat(0.5), qualifier=c104.UInt7(0), recorded_at=at),
        struct.pack("<hB", 16384, 0),
        True,
    ),
    (
        "C_SE_NA_1",
        lambda at: c104.NormalizedCmd(target=c104.NormalizedFloat(-1.0), qualifier=c104.UInt7(127), recorded_at=at),
        struct.pack("<hB", -32768, 127),
        True,
    ),
    (
        "C_SE_NB_1",
        lambda at: c104.ScaledCmd(target=c104.Int16(-32768), qualifier=c104.UInt7(5), recorded_at=at),
        struct.pack("<hB", -32768, 5),
        True,
    ),
    (
        "C_SE_NB_1",
        lambda at: c104.ScaledCmd(target=c104.Int16(32767), qualifier=c104.UInt7(0), recorded_at=at),
        struct.pack("<hB", 32767, 0),
        True,
    ),
    (
        "C_SE_NC_1",
        lambda at: c104.ShortCmd(target=-12.5, qualifier=c104.UInt7(3), recorded_at=at),
        struct.pack("<fB", -12.5, 3),
        True,
    ),
    ("C_BO_NA_1", lambda at: c104.BinaryCmd(blob=c104.Byte32(b"\x01\x02\x03\x04"), recorded_at=at), b"\x01\x02\x03\x04", False),
]
NUMBERS = {
    "C_SC_NA_1": 45,
    "C_DC_NA_1": 46,
    "C_RC_NA_1": 47,
    "C_SE_NA_1": 48,
    "C_SE_NB_1": 49,
    "C_SE_NC_1": 50,
    "C_BO_NA_1": 51,
}


def command_point(remote, name, make, timed, mode, address=4711):
    type_name = name.replace("_NA_", "_TA_").replace("_NB_", "_TB_").replace("_NC_", "_TC_") if timed else name
    point = remote.add_point(address, getattr(c104.Type, type_name), command_mode=mode)
    point.info = make(AT if timed else None)
    return point, NUMBERS[name] + (13 if timed else 0)


@pytest.mark.parametrize("timed", [False, True], ids=["plain", "timed"])
@pytest.mark.parametrize(
    "name, make, element, selectable", COMMANDS, ids=[f"{row[0]}-{index}" for index, row in enumerate(COMMANDS)]
)
def test_direct_command_octets(opened, name, make, element, selectable, timed):
    raw, client, connection, remote = opened(ca=CA, originator=OA)
    point, number = command_point(remote, name, make, timed, DIRECT)
    assert point.transmit(cause=c104.Cot.ACTIVATION) is True
    sent = raw.i_frames()
    assert [one.raw for one in sent] == [asdu.command(number, CA, 4711, element + (AT_WIRE if timed else b""), asdu.ACT, OA)]


@pytest.mark.parametrize("timed", [False, True], ids=["plain", "timed"])
@pytest.mark.parametrize(
    "name, make, element, selectable",
    [row for row in COMMANDS if row[3]],
    ids=[f"{row[0]}-{index}" for index, row in enumerate(COMMANDS) if row[3]],
)
def test_select_and_execute_octets(opened, name, make, element, selectable, timed):
    raw, client, connection, remote = opened(ca=CA, originator=OA)
    point, number = command_point(remote, name, make, timed, SELECT)
    assert point.transmit(cause=c104.Cot.ACTIVATION) is True
    tag = AT_WIRE if timed else b""
    at = {45: 0, 46: 0, 47: 0, 48: 2, 49: 2, 50: 4}[NUMBERS[name]]
    selected = element[:at] + bytes((element[at] | 0x80,)) + element[at + 1 :]
    assert [one.raw for one in raw.i_frames()] == [
        asdu.command(number, CA, 4711, selected + tag, asdu.ACT, OA),
        asdu.command(number, CA, 4711, element + tag, asdu.ACT, OA),
    ]


def test_value_setter_is_what_goes_out(opened):
    raw, client, connection, remote = opened(ca=CA)
    point = remote.add_point(1, c104.Type.C_SC_NA_1)
    for on in (True, False, True):
        point.value = on
        assert point.transmit(cause=c104.Cot.ACTIVATION) is True
        assert raw.i_frames()[-1].element == bytes((on,))


def test_originator_address_of_the_connection(opened):
    raw, client, connection, remote = opened(ca=CA, originator=OA)
    connection.originator_address = 9
    point = remote.add_point(1, c104.Type.C_SC_NA_1)
    assert point.transmit(cause=c104.Cot.ACTIVATION) is True
    assert connection.interrogation(common_address=CA) is True
    assert [one.oa for one in raw.i_frames()] == [9, 9]


# Answers.


def test_system_command_confirmed(opened, system):
    name, type_id, call = system
    raw, client, connection, remote = opened(ca=CA)
    raw.on(104, raw.confirm)
    assert call(connection) is True
    assert len(raw.i_frames(type_id)) == 1


def test_system_command_refused(opened, system):
    name, type_id, call = system
    raw, client, connection, remote = opened(ca=CA)
    raw.on(type_id, lambda link, request: link.send(request.mirrored(asdu.ACT_CON, negative=True)))
    began = time.monotonic()
    assert call(connection) is False
    assert time.monotonic() - began < 1


@pytest.mark.parametrize("negative", [False, True], ids=["PN0", "PN1"])
@pytest.mark.parametrize("cot", [44, 45, 46, 47])
def test_system_command_unknown(opened, system, cot, negative):
    """Whatever P/N says, 44 to 47 are refusals, and known at once."""
    name, type_id, call = system
    raw, client, connection, remote = opened(ca=CA)
    raw.on(type_id, lambda link, request: link.send(request.mirrored(cot, negative=negative)))
    began = time.monotonic()
    assert call(connection) is False
    assert time.monotonic() - began < 1


def test_system_command_timeout(opened, system):
    name, type_id, call = system
    raw, client, connection, remote = opened(ca=CA, command_timeout_ms=300)
    silence(raw)
    began = time.monotonic()
    assert call(connection) is False
    assert 0.25 < time.monotonic() - began < 1
    assert connection.state == c104.ConnectionState.OPEN


def test_system_command_without_waiting(opened, system):
    name, type_id, call = system
    raw, client, connection, remote = opened(ca=CA)
    silence(raw)
    began = time.monotonic()
    assert call(connection, wait_for_response=False) is True
    assert time.monotonic() - began < 0.2
    raw.wait_asdu(type_id)


def test_deactivation_of_an_interrogation_is_confirmed_with_9(opened):
    raw, client, connection, remote = opened(ca=CA)
    assert connection.interrogation(common_address=CA, cause=c104.Cot.DEACTIVATION) is True


@pytest.mark.parametrize("mode", [DIRECT, SELECT], ids=["direct", "select"])
@pytest.mark.parametrize("cot", [7, 44, 45, 46, 47])
def test_command_refused(opened, mode, cot):
    raw, client, connection, remote = opened(ca=CA)
    raw.on(45, lambda link, request: link.send(request.mirrored(cot, negative=True)))
    point = remote.add_point(1, c104.Type.C_SC_NA_1, command_mode=mode)
    began = time.monotonic()
    assert point.transmit(cause=c104.Cot.ACTIVATION) is False
    assert time.monotonic() - began < 1
    assert len(raw.i_frames(45)) == 1, "no execute after a refused select"


def test_execute_refused_after_a_select(opened):
    raw, client, connection, remote = opened(ca=CA)
    raw.on(45, lambda link, request: link.send(request.mirrored(asdu.ACT_CON, negative=not request.element[0] & 0x80)))
    point = remote.add_point(1, c104.Type.C_SC_NA_1, command_mode=SELECT)
    assert point.transmit(cause=c104.Cot.ACTIVATION) is False
    assert len(raw.i_frames(45)) == 2


@pytest.mark.parametrize("mode", [DIRECT, SELECT], ids=["direct", "select"])
def test_command_timeout(opened, mode):
    raw, client, connection, remote = opened(ca=CA, command_timeout_ms=300)
    silence(raw)
    point = remote.add_point(1, c104.Type.C_SC_NA_1, command_mode=mode)
    began = time.monotonic()
    assert point.transmit(cause=c104.Cot.ACTIVATION) is False
    assert 0.25 < time.monotonic() - began < 1.2
    assert len(raw.i_frames(45)) == 1


def test_direct_command_is_true_at_act_con(opened):
    raw, client, connection, remote = opened(ca=CA)
    raw.terminate_commands = False
    point = remote.add_point(1, c104.Type.C_SC_NA_1)
    assert point.transmit(cause=c104.Cot.ACTIVATION) is True


def test_select_and_execute_needs_act_term(opened):
    raw, client, connection, remote = opened(ca=CA, command_timeout_ms=400)
    raw.terminate_commands = False
    point = remote.add_point(1, c104.Type.C_SC_NA_1, command_mode=SELECT)
    assert point.transmit(cause=c104.Cot.ACTIVATION) is False
    raw.terminate_commands = True
    assert point.transmit(cause=c104.Cot.ACTIVATION) is True


def test_answer_of_another_address_is_not_mine(opened):
    raw, client, connection, remote = opened(ca=CA, command_timeout_ms=400)
    other = lambda request, ca, address: asdu.build(45, asdu.ACT_CON, ca, [(address, request.element)])  # noqa: E731
    raw.on(45, lambda link, request: link.send(other(request, CA, 2), other(request, CA + 1, 1)))
    point = remote.add_point(1, c104.Type.C_SC_NA_1)
    assert point.transmit(cause=c104.Cot.ACTIVATION) is False


def test_read_of_nothing(opened):
    raw, client, connection, remote = opened(ca=CA)
    point = remote.add_point(11, c104.Type.M_ME_NC_1)
    began = time.monotonic()
    assert point.read() is False
    assert time.monotonic() - began < 1


def test_read_timeout(opened):
    raw, client, connection, remote = opened(ca=CA, command_timeout_ms=300)
    silence(raw)
    point = remote.add_point(11, c104.Type.M_ME_NC_1)
    began = time.monotonic()
    assert point.read() is False
    assert 0.25 < time.monotonic() - began < 1


def test_read_is_not_answered_by_a_spontaneous_value(opened):
    """Only a value with cause 5 answers."""
    raw, client, connection, remote = opened(ca=CA, command_timeout_ms=400)
    point = remote.add_point(11, c104.Type.M_ME_NC_1)
    raw.on(102, lambda link, request: link.send(asdu.build(13, asdu.SPONTANEOUS, CA, [(11, asdu.short(1.0))])))
    assert point.read() is False
    assert point.value == 1.0


def test_transmit_of_a_monitoring_point_is_refused(opened):
    raw, client, connection, remote = opened(ca=CA)
    point = remote.add_point(11, c104.Type.M_ME_NC_1)
    with pytest.raises(ValueError):
        point.transmit(cause=c104.Cot.SPONTANEOUS)
    assert raw.i_frames() == []


# Fast, late, lost.


def test_immediate_answers_are_all_seen(opened):
    """1,000 of 1,000 (the peer misses some and waits its whole timeout)."""
    raw, client, connection, remote = opened(ca=CA)
    began = time.monotonic()
    results = [connection.test(common_address=CA) for _ in range(1000)]
    assert results == [True] * 1000
    assert time.monotonic() - began < 20


def test_immediate_answers_of_commands_are_all_seen(opened):
    raw, client, connection, remote = opened(ca=CA)
    direct = remote.add_point(1, c104.Type.C_SC_NA_1)
    select = remote.add_point(2, c104.Type.C_SC_NA_1, command_mode=SELECT)
    assert [point.transmit(cause=c104.Cot.ACTIVATION) for _ in range(300) for point in (direct, select)] == [True] * 600


def test_values_before_act_term_are_applied(opened):
    """When interrogation() returns, every value that came before ACT_TERM is in its point."""
    raw, client, connection, remote = opened(ca=CA)
    points = [remote.add_point(address, c104.Type.M_ME_NB_1) for address in range(1, 401)]
    for turn in range(1, 51):
        raw.gi_data = [
            asdu.build(11, asdu.BY_STATION, CA, [(first + index, asdu.measured16(turn)) for index in range(40)])
            for first in range(1, 401, 40)
        ]
        assert connection.interrogation(common_address=CA) is True
        assert {int(point.value) for point in points} == {turn}


def test_interrogation_waits_for_act_term(opened):
    raw, client, connection, remote = opened(ca=CA)
    held = []

    def only_confirm(link, request):
        link.send(request.mirrored(asdu.ACT_CON))
        held.append((link, request))

    raw.on(100, only_confirm)
    result = []
    thread = threading.Thread(target=lambda: result.append(connection.interrogation(common_address=CA)))
    thread.start()
    wait_until(lambda: held)
    assert holds(lambda: not result, 0.3)
    link, request = held[0]
    link.send(request.mirrored(asdu.ACT_TERM))
    thread.join(2)
    assert result == [True]


@pytest.mark.parametrize("loss", ["drop", "reset"])
def test_link_loss_ends_the_wait(opened, system, loss):
    name, type_id, call = system
    raw, client, connection, remote = opened(ca=CA, command_timeout_ms=10000)
    raw.on(type_id, lambda link, request: link.shut(hard=loss == "reset"))
    began = time.monotonic()
    assert call(connection) is False
    assert time.monotonic() - began < 1


@pytest.mark.parametrize(
    "end",
    [
        lambda client, connection: connection.disconnect(),
        lambda client, connection: client.stop(),
        lambda client, connection: connection.mute(),
    ],
    ids=["disconnect", "stop", "mute"],
)
def test_disconnect_ends_the_wait(opened, end):
    raw, client, connection, remote = opened(ca=CA, command_timeout_ms=10000)
    silence(raw)
    point = remote.add_point(1, c104.Type.C_SC_NA_1)
    results = []
    thread = threading.Thread(target=lambda: results.append(point.transmit(cause=c104.Cot.ACTIVATION)))
    began = time.monotonic()
    thread.start()
    raw.wait_asdu(45)
    end(client, connection)
    thread.join(5)
    assert results == [False]
    assert time.monotonic() - began < 2


def test_late_termination_is_not_the_next_commands_failure(opened):
    """The ACT_TERM of a command comes when the next one has been sent, before that one's ACT_CON: all succeed."""
    raw, client, connection, remote = opened(ca=CA)
    late = []

    def answer(link, request):
        if late:
            link.send(late.pop())
            time.sleep(0.02)  # or both come in one piece, and 2.2 sees the second only
        link.send(request.mirrored(asdu.ACT_CON))
        late.append(request.mirrored(asdu.ACT_TERM))

    raw.on(45, answer)
    point = remote.add_point(1, c104.Type.C_SC_NA_1)
    assert [point.transmit(cause=c104.Cot.ACTIVATION) for _ in range(10)] == [True] * 10


def test_late_confirmation_is_not_taken_for_the_next_command(opened):
    """The first command times out; its ACT_CON comes while the second waits and says nothing of that one's other value."""
    raw, client, connection, remote = opened(ca=CA, command_timeout_ms=400)
    silence(raw)
    point = remote.add_point(1, c104.Type.C_SC_NA_1)
    point.value = True
    assert point.transmit(cause=c104.Cot.ACTIVATION) is False
    first = raw.i_frames(45)[0]
    point.value = False
    raw.on(45, lambda link, request: link.send(first.mirrored(asdu.ACT_CON)))
    assert point.transmit(cause=c104.Cot.ACTIVATION) is False


@pytest.mark.parametrize("second", [False, True], ids=["other", "same"])
def test_repeated_after_an_unanswered_command(opened, second):
    """The outstation lost the first; its answer to the second is the second's."""
    raw, client, connection, remote = opened(ca=CA, command_timeout_ms=400)
    point = remote.add_point(1, c104.Type.C_SC_NA_1)
    answer = raw.handlers.pop(45)
    point.value = True
    assert point.transmit(cause=c104.Cot.ACTIVATION) is False
    raw.on(45, answer)
    point.value = second
    assert point.transmit(cause=c104.Cot.ACTIVATION) is True


@pytest.mark.parametrize("name", ["interrogation", "clock_sync", "test"])
def test_system_command_repeated_after_an_unanswered_one(opened, name):
    raw, client, connection, remote = opened(ca=CA, command_timeout_ms=400)
    type_id, call = SYSTEM[name]
    answer = raw.handlers.pop(type_id)
    assert call(connection) is False
    raw.on(type_id, answer)
    assert call(connection) is True


def test_repeated_after_a_termination_that_never_came(opened):
    raw, client, connection, remote = opened(ca=CA, command_timeout_ms=400)
    raw.on(100, lambda link, request: link.send(request.mirrored(asdu.ACT_CON)))
    assert connection.interrogation(common_address=CA) is False
    raw.on(100, raw.answer_interrogation)
    assert connection.interrogation(common_address=CA) is True


def test_stray_confirmations_harm_nothing(opened):
    raw, client, connection, remote = opened(ca=CA)
    point = remote.add_point(1, c104.Type.C_SC_NA_1)
    stray = asdu.Asdu(asdu.command(45, CA, 1, b"\x00"))
    for cot in (asdu.ACT_CON, asdu.ACT_TERM, asdu.DEACT_CON, 44, 47):
        raw.send(stray.mirrored(cot), asdu.Asdu(asdu.interrogation(CA)).mirrored(cot))
    raw.send_raw(apci.u_frame(apci.TESTFR_ACT))
    wait_until(lambda: apci.TESTFR_CON in raw.u_frames())  # the client has them all before it commands
    point.value = True
    assert point.transmit(cause=c104.Cot.ACTIVATION) is True
    assert connection.interrogation(common_address=CA) is True
    assert point.value is True


def test_commands_from_many_threads(opened):
    raw, client, connection, remote = opened(ca=CA)
    results = []

    def work(index):
        point = remote.add_point(index, c104.Type.C_SE_NB_1)
        for number in range(30):
            point.value = c104.Int16(number)
            results.append(point.transmit(cause=c104.Cot.ACTIVATION))

    workers = [threading.Thread(target=work, args=(index,)) for index in range(1, 9)]
    for one in workers:
        one.start()
    for one in workers:
        one.join(30)
    assert results == [True] * 240


def test_the_same_command_twice_at_a_time(opened):
    """Both are carried out, one after the other."""
    raw, client, connection, remote = opened(ca=CA)
    held = []
    raw.on(45, lambda link, request: held.append((link, request)))
    point = remote.add_point(1, c104.Type.C_SC_NA_1)
    results = []

    def send():
        try:
            results.append(point.transmit(cause=c104.Cot.ACTIVATION))
        except RuntimeError as error:
            results.append(error)

    workers = [threading.Thread(target=send) for _ in range(2)]
    for one in workers:
        one.start()
    wait_until(lambda: held)
    answered = 0
    deadline = time.monotonic() + 5
    while any(one.is_alive() for one in workers) and time.monotonic() < deadline:
        while answered < len(held):
            link, request = held[answered]
            link.send(request.mirrored(asdu.ACT_CON))
            answered += 1
        time.sleep(0.01)
    assert results == [True, True] and len(held) == 2


def test_gil_is_free_while_waiting(opened):
    raw, client, connection, remote = opened(ca=CA, command_timeout_ms=500)
    silence(raw)
    turns = []
    ended = threading.Event()

    def count():
        while not ended.is_set():
            turns.append(1)
            time.sleep(0.005)

    thread = threading.Thread(target=count)
    thread.start()
    before = len(turns)
    assert connection.interrogation(common_address=CA) is False
    ended.set()
    thread.join()
    assert len(turns) - before > 20


@pytest.mark.parametrize("ca", [65536, 100000, -1])
def test_impossible_common_address(opened, ca):
    raw, client, connection, remote = opened(ca=CA)
    with pytest.raises((ValueError, TypeError)):
        connection.interrogation(common_address=ca)
    assert raw.i_frames() == []


def test_broadcast(opened):
    raw, client, connection, remote = opened(ca=CA)
    assert connection.interrogation(common_address=65535) is True
    assert raw.i_frames()[0].raw == asdu.interrogation(65535)
    assert connection.clock_sync(common_address=65535) is True


def test_command_confirmation_makes_no_point(opened):
    raw, client, connection, remote = opened(ca=CA)
    assert connection.interrogation(common_address=CA) is True
    assert connection.test(common_address=CA) is True
    assert remote.points == []
    assert eventually(lambda: connection.stations == [remote])
