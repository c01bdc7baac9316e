# SPDX-License-Identifier: GPL-3.0-or-later
"""Connection.counters and what Server.counters shares with it, against raw partners that count for themselves."""

from __future__ import annotations

from typing import Any, Callable, Dict, List

import c104
import pytest
from support import apci, asdu
from support.apci import Apdu
from support.master import RawMaster
from support.numbers import counted, numbers
from support.waiting import eventually, wait_until

MALFORMED = bytes((11, 5, asdu.SPONTANEOUS, 0, 1, 0, 1, 0, 0, 1, 2, 0))  # announces five objects, holds one


def kinds(frames: List[Apdu]) -> Dict[str, int]:
    return {kind: sum(frame.kind == kind for frame in frames) for kind in "ISU"}


def value(address: int) -> bytes:
    return asdu.build(11, asdu.SPONTANEOUS, 1, [(address, asdu.measured16(7))])


def test_a_new_connection_has_counted_nothing(client: c104.Client) -> None:
    connection = client.add_connection(ip="127.0.0.1", port=2404)
    assert set(numbers(connection.counters)) == {0, None}
    assert connection.counters["timeouts"] == {"t0": 0, "t1": 0, "command": 0}


def test_a_client_counts_what_its_station_saw(opened: Callable[..., Any]) -> None:
    raw, client, connection, remote = opened()
    remote.add_point(io_address=9, type=c104.Type.C_SC_NA_1)
    for address in range(20):
        raw.send(value(address + 11))
    assert connection.interrogation(common_address=1)
    assert remote.get_point(9).transmit(cause=c104.Cot.ACTIVATION)
    wait_until(lambda: connection.counters["asdus_received"] == 24)  # the command's end too
    counters = connection.counters
    assert counters["asdus_received_by_type"] == {11: 20, 45: 2, 100: 2}
    assert counters["asdus_received_by_type"][c104.Type.M_ME_NB_1] == 20
    assert counters["asdus_received"] == counters["apdus_received"]["I"] == 24
    assert counters["asdus_sent_by_type"] == {45: 1, 100: 1}
    assert counters["asdus_sent"] == 2
    assert counters["apdus_received"]["U"] == 1  # STARTDT con
    assert eventually(lambda: connection.counters["apdus_sent"] == kinds(raw.frames()))
    assert connection.counters["octets_sent"] == sum(len(frame.raw) for frame in raw.frames())
    assert counters["octets_received"] == 6 + sum(6 + len(value(1)) for _ in range(20)) + 2 * 16 + 2 * 16
    assert counters["send_queue"] == 0 and counters["send_queue_most"] >= 1
    assert counters["receive_queue_most"] > 0 and eventually(lambda: connection.counters["receive_queue"] == 0)


def test_rejected_frames_are_counted_by_reason(opened: Callable[..., Any]) -> None:
    raw, client, connection, remote = opened()
    raw.send(MALFORMED)
    raw.send(value(11))
    wait_until(lambda: connection.counters["asdus_received"] == 1)
    counters = connection.counters
    assert counters["malformed_frames"] == counters["malformed_frames_by_reason"]["asdu_length"] == 1
    raw.send_raw(b"\x00")
    wait_until(lambda: connection.counters["malformed_frames_by_reason"]["start_octet"] == 1)
    assert connection.counters["malformed_frames"] == 2 == sum(connection.counters["malformed_frames_by_reason"].values())


@pytest.mark.parametrize("ns, nr", [(5, 0), (0, 9)])
def test_sequence_errors_are_counted(opened: Callable[..., Any], ns: int, nr: int) -> None:
    raw, client, connection, remote = opened()
    raw.send_raw(apci.i_frame(ns, nr, value(11)))
    wait_until(lambda: connection.counters["malformed_frames"] == 1)
    assert counted(connection.counters["malformed_frames_by_reason"]) == {"sequence_number": 1}
    wait_until(lambda: connection.state != c104.ConnectionState.OPEN)


def test_unexpected_asdus_are_counted_by_reason(opened: Callable[..., Any]) -> None:
    raw, client, connection, remote = opened()
    raw.send(asdu.build(11, asdu.ACT, 1, [(11, asdu.measured16(1))]))
    wait_until(lambda: connection.counters["asdus_refused"] == 1)
    assert counted(connection.counters["asdus_refused_by_reason"]) == {"INVALID_COT": 1}


def test_times_are_measured(opened: Callable[..., Any]) -> None:
    raw, client, connection, remote = opened()
    assert 0 < connection.counters["round_trip_ms"] < 5000  # STARTDT
    assert connection.test(common_address=1)
    assert 0 < eventually(lambda: connection.counters["acknowledgement_ms"]) < 5000
    connection.disconnect()
    assert connection.counters["round_trip_ms"] is connection.counters["acknowledgement_ms"] is None


def test_expired_timers_and_reconnects_are_counted(make_station: Callable[..., Any], make_client: Callable[..., Any]) -> None:
    raw = make_station(mode="never_confirm_startdt")
    client = make_client(command_timeout_ms=50)
    connection = client.add_connection(ip="127.0.0.1", port=raw.port, init=c104.Init.NONE)
    connection.protocol_parameters.confirm_interval = 1
    connection.protocol_parameters.message_timeout = 2
    connection.connect()
    wait_until(lambda: connection.counters["timeouts"]["t1"] == 1, 8)
    wait_until(lambda: connection.counters["reconnects"] >= 1, 8)
    raw.mode = "normal"
    wait_until(lambda: connection.state == c104.ConnectionState.OPEN, 8)
    raw.handlers.clear()
    assert not connection.test(common_address=1)
    assert connection.counters["timeouts"]["command"] == 1


def test_commands_that_were_not_acknowledged_are_counted(opened: Callable[..., Any]) -> None:
    raw, client, connection, remote = opened(station_options={"w": None}, command_timeout_ms=100)
    raw.handlers.clear()
    for _ in range(15):
        connection.test(common_address=1, wait_for_response=False)
    wait_until(lambda: connection.counters["send_queue"] == 3)
    raw.reset()
    wait_until(lambda: connection.counters["unacknowledged"] == 12)
    assert (connection.counters["unsent"], connection.counters["send_queue"]) == (3, 0)


@pytest.fixture
def running(server: c104.Server) -> c104.Server:
    station = server.add_station(common_address=1)
    station.add_point(io_address=1, type=c104.Type.M_ME_NB_1)
    server.start()
    return server


def test_a_server_counts_what_its_masters_saw(running: c104.Server, make_master: Callable[..., RawMaster]) -> None:
    masters = [make_master(running.port) for _ in range(3)]
    point = running.get_station(1).get_point(1)
    assert all(point.transmit(cause=c104.Cot.SPONTANEOUS) for _ in range(20))
    for master in masters:
        wait_until(lambda master=master: len(master.asdus(11)) == 20)
        master.interrogate(1)
    masters[0].close()
    wait_until(lambda: running.open_connection_count == 2)
    counters = running.counters
    assert counters["asdus_sent_by_type"] == {11: 60 + 3, 100: 6}
    assert counters["asdus_received_by_type"] == {100: 3}
    assert counters["apdus_sent"] == kinds([frame for master in masters for frame in master.frames()])
    assert counters["octets_sent"] == sum(len(frame.raw) for master in masters for frame in master.frames())
    assert counters["apdus_received"]["U"] == 3
    assert counters["send_queue_most"] >= 1 and counters["send_queue"] == 0
    assert 0 < counters["acknowledgement_ms"] < 5000


def test_a_queue_of_a_server_shows_what_waits(running: c104.Server, make_master: Callable[..., RawMaster]) -> None:
    master = make_master(running.port, w=None)
    point = running.get_station(1).get_point(1)
    assert all(point.transmit(cause=c104.Cot.SPONTANEOUS) for _ in range(20))
    wait_until(lambda: running.counters["send_queue"] == 8)  # the window takes 12
    wait_until(lambda: len(master.asdus(11)) == 12)
    assert running.counters["send_queue_most"] >= 8
    master.acknowledge()
    wait_until(lambda: running.counters["send_queue"] == 0)


def test_a_server_counts_expired_timers(make_server: Callable[..., c104.Server], make_master: Callable[..., RawMaster]) -> None:
    server = make_server(select_timeout_ms=50)
    command = server.add_station(1).add_point(io_address=9, type=c104.Type.C_SC_NA_1)
    command.command_mode = c104.CommandMode.SELECT_AND_EXECUTE
    server.protocol_parameters.confirm_interval = 1
    server.protocol_parameters.message_timeout = 2
    server.protocol_parameters.keep_alive_interval = 1
    server.start()
    master = make_master(server.port, answer_testfr=False)
    master.send(asdu.build(45, asdu.ACT, 1, [(9, bytes((0x81,)))]))
    wait_until(lambda: server.counters["timeouts"]["selection"] == 1)
    wait_until(lambda: server.counters["timeouts"]["t1"] == 1, 8)
    assert master.wait_closed()


def test_refused_asdus_are_counted_by_reason(running: c104.Server, make_master: Callable[..., RawMaster]) -> None:
    master = make_master(running.port)
    master.send(asdu.interrogation(99))
    master.send(asdu.interrogation(1, qoi=21))
    master.send(value(11))
    wait_until(lambda: running.counters["asdus_refused"] == 3)
    reasons = {"UNKNOWN_CA": 1, "UNIMPLEMENTED_GROUP": 1, "INVALID_TYPE_ID": 1}
    assert counted(running.counters["asdus_refused_by_reason"]) == reasons


def test_a_measured_testfr(running: c104.Server, make_master: Callable[..., RawMaster]) -> None:
    running.stop()
    running.protocol_parameters.keep_alive_interval = 1
    running.start()
    make_master(running.port)
    assert 0 < eventually(lambda: running.counters["round_trip_ms"], 8) < 5000
    assert running.counters["apdus_sent"]["U"] == 2 == running.counters["apdus_received"]["U"]
