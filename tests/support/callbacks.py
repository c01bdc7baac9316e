# SPDX-License-Identifier: GPL-3.0-or-later
"""A callback for each event there is; they do next to nothing."""

from __future__ import annotations

import datetime

import c104


def on_new_station(client: c104.Client, connection: c104.Connection, common_address: int) -> None:
    connection.add_station(common_address=common_address)


def on_new_point(client: c104.Client, station: c104.Station, io_address: int, point_type: c104.Type) -> None:
    station.add_point(io_address=io_address, type=point_type)


def on_station_initialized(client: c104.Client, station: c104.Station, cause: c104.Coi) -> None:
    pass


def on_state_change(connection: c104.Connection, state: c104.ConnectionState) -> None:
    pass


def on_connection_raw(connection: c104.Connection, data: bytes) -> None:
    pass


def on_connection_unexpected(connection: c104.Connection, message: c104.IncomingMessage, cause: c104.Umc) -> None:
    pass


def on_connect(server: c104.Server, ip: str) -> bool:
    return True


def on_clock_sync(server: c104.Server, ip: str, date_time: datetime.datetime) -> c104.ResponseState:
    return c104.ResponseState.SUCCESS


def on_server_raw(server: c104.Server, data: bytes) -> None:
    pass


def on_server_unexpected(server: c104.Server, message: c104.IncomingMessage, cause: c104.Umc) -> None:
    pass


def on_receive(point: c104.Point, previous_info: c104.Information, message: c104.IncomingMessage) -> c104.ResponseState:
    return c104.ResponseState.SUCCESS


def on_point(point: c104.Point) -> None:
    pass
