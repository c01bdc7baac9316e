# SPDX-License-Identifier: GPL-3.0-or-later
"""Partners that come and go: clients that live for a moment, and strangers who don't speak the protocol."""

from __future__ import annotations

import random
import socket

import c104
from pair import churn_points
from support.waiting import eventually

STARTDT = bytes.fromhex("680407000000")
NONSENSE = (
    b"GET / HTTP/1.1\r\n\r\n",
    bytes.fromhex("680a000000006b0103000100"),
    STARTDT + bytes.fromhex("6812000000000d85030001000100000000000000"),
    STARTDT + bytes.fromhex("680e0000000064010600010000000014"),
    b"\x16\x03\x01\x02\x00\x01\x00",  # the beginning of a TLS handshake
    b"\x68",
    b"",
)


class Visitors:
    """Visits one plain and one TLS server that no counted link belongs to."""

    def __init__(self, seed: int, server: c104.Server, secure: c104.Server, security: c104.TransportSecurity) -> None:
        self.random = random.Random(seed)
        self.servers = (server, secure)
        self.security = security
        self.clients = self.strangers = self.failures = 0
        for one in self.servers:
            station = one.add_station(common_address=1)
            for address in range(1, 201):
                station.add_point(address, c104.Type.M_ME_NC_1).value = address / 2
            one.start()

    def visit(self) -> None:
        if self.random.randrange(2):
            self._client()
        else:
            self._stranger()

    def churn(self) -> None:
        for server in self.servers:
            churn_points(server, self.random, report_ms=(0, 500, 1000))

    def _client(self) -> None:
        secure = self.random.randrange(2) == 1
        client = c104.Client(tick_rate_ms=50, transport_security=self.security if secure else None)
        connection = client.add_connection(ip="127.0.0.1", port=self.servers[secure].port, init=c104.Init.NONE)
        seen = 0

        def on_receive_raw(connection: c104.Connection, data: bytes) -> None:
            nonlocal seen
            seen += 1
            c104.explain_bytes(data)

        connection.on_receive_raw(callable=on_receive_raw)
        client.start()
        opened = eventually(lambda: connection.state == c104.ConnectionState.OPEN, 5)
        complete = opened and connection.interrogation(1) and len(connection.get_station(1).points) == 200 and seen > 0
        self.failures += not complete
        self.clients += 1
        if self.random.randrange(2):
            client.stop()  # else it is only let go

    def _stranger(self) -> None:
        with socket.create_connection(("127.0.0.1", self.random.choice(self.servers).port)) as link:
            link.sendall(self.random.choice(NONSENSE))
            link.settimeout(0.2)
            try:
                while link.recv(4096):
                    pass
            except OSError:
                pass
        self.strangers += 1

    def stop(self) -> None:
        for server in self.servers:
            server.stop()
