# SPDX-License-Identifier: GPL-3.0-or-later
"""Stations and points that the client learns of from what arrives: with callbacks and by itself."""

import threading

import c104
import pytest
from support import asdu
from support.waiting import holds, wait_until


def single(ca, address, on=True):
    return asdu.build(1, asdu.SPONTANEOUS, ca, [(address, asdu.single(on))])


def on_stations(client, adopt=True):
    """Records (and adopts) new stations."""
    seen = []

    def on_new_station(client: c104.Client, connection: c104.Connection, common_address: int) -> None:
        seen.append(common_address)
        if adopt:
            connection.add_station(common_address=common_address)

    client.on_new_station(callable=on_new_station)
    return seen


def on_points(client, adopt=True):
    seen = []

    def on_new_point(client: c104.Client, station: c104.Station, io_address: int, point_type: c104.Type) -> None:
        seen.append((station.common_address, io_address, point_type))
        if adopt:
            station.add_point(io_address=io_address, type=point_type)

    client.on_new_point(callable=on_new_point)
    return seen


def on_unexpected(connection):
    seen = []

    def on_unexpected_message(connection: c104.Connection, message: c104.IncomingMessage, cause: c104.Umc) -> None:
        seen.append((cause, message.type, message.common_address, message.io_address))

    connection.on_unexpected_message(callable=on_unexpected_message)
    return seen


def test_without_callbacks_everything_is_added(opened):
    raw, client, connection, remote = opened()
    raw.send(single(7, 11), asdu.build(13, asdu.SPONTANEOUS, 7, [(12, asdu.short(2.5))]))
    wait_until(lambda: connection.get_station(7) is not None and connection.get_station(7).get_point(12) is not None)
    assert connection.get_station(7).get_point(11).value is True
    assert connection.get_station(7).get_point(12).value == 2.5
    assert connection.get_station(7).get_point(12).type == c104.Type.M_ME_NC_1
    assert connection.add_station(7) is None
    assert client.get_connection(common_address=7) is connection


def test_new_station_is_asked_for_once_when_adopted(opened):
    raw, client, connection, remote = opened()
    stations = on_stations(client)
    raw.send(single(7, 11), single(7, 12), single(8, 11))
    wait_until(lambda: stations == [7, 8])
    wait_until(lambda: connection.get_station(8).get_point(11) is not None)
    assert connection.get_station(7).get_point(12) is not None
    assert {one.common_address for one in connection.stations} == {1, 7, 8}


def test_new_point_is_asked_for_and_gets_the_message(opened):
    raw, client, connection, remote = opened()
    points = on_points(client)
    raw.send(single(1, 11))
    wait_until(lambda: points)
    wait_until(lambda: remote.get_point(11) is not None and remote.get_point(11).value is True)
    raw.send(single(1, 11, False))
    wait_until(lambda: remote.get_point(11).value is False)
    assert points == [(1, 11, c104.Type.M_SP_NA_1)]


def test_on_receive_set_in_on_new_point_sees_that_message(opened):
    raw, client, connection, remote = opened()
    seen = []

    def on_receive(point: c104.Point, previous_info: c104.Information, message: c104.IncomingMessage) -> c104.ResponseState:
        seen.append((point.io_address, point.value, message.io_address))
        return c104.ResponseState.NONE

    def on_new_point(client: c104.Client, station: c104.Station, io_address: int, point_type: c104.Type) -> None:
        station.add_point(io_address=io_address, type=point_type).on_receive(callable=on_receive)

    client.on_new_point(callable=on_new_point)
    raw.send(asdu.build(1, asdu.SPONTANEOUS, 1, [(11, asdu.single(True)), (12, asdu.single(False)), (13, asdu.single(True))]))
    wait_until(lambda: len(seen) == 3)
    assert seen == [(11, True, 11), (12, False, 12), (13, True, 13)]


def test_station_that_is_not_adopted(opened):
    raw, client, connection, remote = opened()
    stations = on_stations(client, adopt=False)
    unexpected = on_unexpected(connection)
    for count in (1, 2, 3):
        raw.send(single(7, 11))
        wait_until(lambda: stations == [7] * count)
    assert connection.get_station(7) is None
    wait_until(lambda: unexpected)
    assert unexpected[0][0] == c104.Umc.UNKNOWN_CA
    assert unexpected[0][1:3] == (c104.Type.M_SP_NA_1, 7)


def test_point_that_is_not_adopted(opened):
    raw, client, connection, remote = opened()
    points = on_points(client, adopt=False)
    unexpected = on_unexpected(connection)
    for count in (1, 2, 3):
        raw.send(single(1, 11))
        wait_until(lambda: len(points) == count)
    assert remote.get_point(11) is None
    wait_until(lambda: unexpected)
    assert unexpected[0][0] == c104.Umc.UNKNOWN_IOA


def test_unadopted_object_spares_the_others(opened):
    """Known points of the same ASDU are applied (the peer drops the rest)."""
    raw, client, connection, remote = opened()
    first, last = remote.add_point(10, c104.Type.M_SP_NA_1), remote.add_point(12, c104.Type.M_SP_NA_1)
    points = on_points(client, adopt=False)
    raw.send(asdu.build(1, asdu.SPONTANEOUS, 1, [(10, asdu.single(True)), (11, asdu.single(True)), (12, asdu.single(True))]))
    wait_until(lambda: last.value is True)
    assert first.value is True
    assert points == [(1, 11, c104.Type.M_SP_NA_1)]


def test_several_unadopted_objects_are_each_told(opened):
    raw, client, connection, remote = opened()
    points = on_points(client, adopt=False)
    raw.send(asdu.build(1, asdu.SPONTANEOUS, 1, [(address, asdu.single(True)) for address in (21, 22, 23)], sequence=False))
    wait_until(lambda: len(points) == 3)
    assert [one[1] for one in points] == [21, 22, 23]


def test_station_adopted_before_its_points(opened):
    raw, client, connection, remote = opened()
    order = []

    def on_new_station(client: c104.Client, connection: c104.Connection, common_address: int) -> None:
        order.append("station")
        connection.add_station(common_address=common_address)

    def on_new_point(client: c104.Client, station: c104.Station, io_address: int, point_type: c104.Type) -> None:
        order.append("point")
        station.add_point(io_address=io_address, type=point_type)

    client.on_new_station(callable=on_new_station)
    client.on_new_point(callable=on_new_point)
    raw.send(single(9, 1))
    wait_until(lambda: len(order) == 2)
    assert order == ["station", "point"]


def test_mismatched_type_is_told(opened, caplog):
    caplog.set_level("INFO", "c104")
    raw, client, connection, remote = opened()
    unexpected = on_unexpected(connection)
    point = remote.add_point(11, c104.Type.M_ME_NB_1)
    raw.send(single(1, 11))
    wait_until(lambda: unexpected)
    assert unexpected[0][0] == c104.Umc.MISMATCHED_TYPE_ID
    line = f"unexpected ASDU from 127.0.0.1:{raw.port}: M_SP_NA_1 cot 3 ca 1 ioa 11: TypeID is not the point's"
    wait_until(lambda: line in [record.getMessage() for record in caplog.records])
    assert int(point.value) == 0
    assert point.type == c104.Type.M_ME_NB_1


def test_address_zero_is_one_point(opened):
    """IOA 0 doesn't make a new point with each message."""
    raw, client, connection, remote = opened()
    for on in (True, False, True):
        raw.send(single(1, 0, on))
    raw.send(single(1, 1))
    wait_until(lambda: remote.get_point(1) is not None)
    assert len([point for point in remote.points if point.io_address == 0]) <= 1


def test_values_of_the_interrogation_are_discovered(station, client):
    station.gi_data = [
        asdu.build(1, asdu.BY_STATION, 5, [(1, asdu.single(True))]),
        asdu.build(11, asdu.BY_STATION, 6, [(2, asdu.measured16(9))]),
    ]
    connection = client.add_connection(ip="127.0.0.1", port=station.port, init=c104.Init.ALL)
    stations, points = on_stations(client), on_points(client)
    client.start()
    wait_until(lambda: connection.state == c104.ConnectionState.OPEN)
    assert set(stations) >= {5, 6}
    assert points == [(5, 1, c104.Type.M_SP_NA_1), (6, 2, c104.Type.M_ME_NB_1)]
    assert connection.get_station(5).get_point(1).value is True


def test_end_of_initialization_of_an_unknown_station(opened):
    raw, client, connection, remote = opened()
    seen = []

    def on_station_initialized(client: c104.Client, station: c104.Station, cause: c104.Coi) -> None:
        seen.append((station.common_address, cause))

    client.on_station_initialized(callable=on_station_initialized)
    stations = on_stations(client)
    raw.send(asdu.end_of_init(9, 1))
    wait_until(lambda: seen)
    assert stations == [9]
    assert seen == [(9, c104.Coi.LOCAL_MANUAL_RESET)]


def test_many_points(opened):
    raw, client, connection, remote = opened()
    for first in range(1, 20001, 100):
        raw.send(
            asdu.build(1, asdu.SPONTANEOUS, 1, [(first + index, asdu.single(True)) for index in range(100)], sequence=True)
        )
    wait_until(lambda: len(remote.points) == 20000, 20)
    assert all(remote.get_point(address).value is True for address in (1, 777, 20000))


def test_adding_and_removing_while_values_arrive(opened):
    raw, client, connection, remote = opened()
    ended = threading.Event()

    def flood():
        number = 0
        while not ended.is_set():
            raw.send(*[single(1 + number % 3, 1 + (number + index) % 50, True) for index in range(20)])
            number += 1

    thread = threading.Thread(target=flood)
    thread.start()
    try:
        for turn in range(300):
            for ca in (2, 3):
                connection.remove_station(ca)
                connection.add_station(ca)
            remote.remove_point(1 + turn % 50)
            remote.add_point(1 + turn % 50, c104.Type.M_SP_NA_1)
            assert all(point.io_address <= 50 for point in remote.points)
    finally:
        ended.set()
        thread.join(10)
    assert connection.test(common_address=1) is True
    assert raw.accepted == 1


@pytest.mark.parametrize("ca", [0, 65535])
def test_impossible_common_addresses_make_no_station(opened, ca):
    raw, client, connection, remote = opened()
    stations = on_stations(client)
    raw.send(single(ca, 1))
    raw.send(single(1, 2))
    wait_until(lambda: remote.get_point(2) is not None)
    assert connection.get_station(ca) is None
    assert [one.common_address for one in connection.stations] == [1]
    assert holds(lambda: ca not in stations or connection.get_station(ca) is None, 0.1)
