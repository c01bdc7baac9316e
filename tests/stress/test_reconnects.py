# SPDX-License-Identifier: GPL-3.0-or-later
"""A client and stations that misbehave."""

from __future__ import annotations

import time

import c104
import pytest
from support.station import MODES, RawStation
from support.stress import CA, DOSE, dose
from support.waiting import eventually


@pytest.mark.parametrize("mode", [mode for mode in MODES if mode != "normal"])
def test_reconnects_to_a_partner_that_misbehaves(mode: str) -> None:
    station = RawStation(ca=CA, mode=mode).start()
    client = c104.Client(command_timeout_ms=200)
    connections = []
    for number in range(dose(20)):
        connections.append(client.add_connection(ip=f"127.0.0.{number + 1}", port=station.port, init=c104.Init.ALL))
    connection = connections[0]
    connection.protocol_parameters.confirm_interval = 1
    connection.protocol_parameters.message_timeout = 2
    client.start()
    ended = time.monotonic() + 3 * DOSE
    while time.monotonic() < ended:
        connection.disconnect()
        connection.connect()
        eventually(lambda: connection.state != c104.ConnectionState.CLOSED_AWAIT_OPEN, 0.05)
    began = time.monotonic()
    client.stop()
    assert time.monotonic() - began < 2
    station.stop()
