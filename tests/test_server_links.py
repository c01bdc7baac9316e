# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may connect to a server, what its callbacks hear of the links, and ports that are taken."""

from __future__ import annotations

import random
import socket
from typing import Any, Callable, List

import c104
import pytest
from support import asdu
from support.master import RawMaster
from support.waiting import holds, wait_until

CA = 47


@pytest.mark.parametrize("answer", [False, ValueError, None], ids=["false", "raises", "none"])
def test_on_connect_refuses(
    server: c104.Server, make_master: Callable[..., RawMaster], unraisable: List[Any], answer: Any
) -> None:
    """Also when it raises or answers no bool: the peer lets those in, and forgets the callback."""
    asked: List[str] = []

    def on_connect(server: c104.Server, ip: str) -> bool:
        asked.append(ip)
        if answer is ValueError:
            raise ValueError("mine")
        return answer  # type: ignore[no-any-return]

    server.on_connect(callable=on_connect)
    server.start()
    for count in (1, 2):
        assert make_master(server.port, started=False).wait_closed()
        assert asked == ["127.0.0.1"] * count
    assert server.open_connection_count == 0
    assert len(unraisable) == (0 if answer is False else 2)


def test_on_connect_accepts(server: c104.Server, make_master: Callable[..., RawMaster]) -> None:
    def on_connect(server: c104.Server, ip: str) -> bool:
        return True

    server.on_connect(callable=on_connect)
    server.add_station(CA)
    server.start()
    assert [one.cot for one in make_master(server.port).interrogate(CA)] == [asdu.ACT_CON, asdu.ACT_TERM]


def test_max_connections(make_server: Callable[..., c104.Server], make_master: Callable[..., RawMaster]) -> None:
    server = make_server(max_connections=2)
    server.start()
    first, second = make_master(server.port), make_master(server.port)
    assert make_master(server.port, started=False).wait_closed()
    first.testfr()
    second.testfr()
    first.close()
    wait_until(lambda: server.open_connection_count == 1)
    make_master(server.port)
    server.max_connections = 3
    make_master(server.port)
    assert server.open_connection_count == 3


def test_raw_callbacks_see_every_apdu(server: c104.Server, make_master: Callable[..., RawMaster]) -> None:
    received: List[bytes] = []
    sent: List[bytes] = []

    def on_receive_raw(server: c104.Server, data: bytes) -> None:
        received.append(data)

    def on_send_raw(server: c104.Server, data: bytes) -> None:
        sent.append(data)

    server.on_receive_raw(callable=on_receive_raw)
    server.on_send_raw(callable=on_send_raw)
    server.add_station(CA)
    server.start()
    master = make_master(server.port)
    master.interrogate(CA)
    master.testfr()
    wait_until(lambda: len(sent) == len(master.received))
    assert sent == [one.raw for one in master.received]
    wait_until(lambda: len(received) == 3)
    assert received[0] == bytes.fromhex("680407000000") and received[2] == bytes.fromhex("680443000000")
    assert received[1][6:] == asdu.interrogation(CA)


def test_on_timer_of_a_servers_point(server: c104.Server) -> None:
    calls: List[int] = []

    def on_timer(point: c104.Point) -> None:
        calls.append(point.io_address)

    station = server.add_station(CA)
    assert station
    point = station.add_point(1, c104.Type.M_SP_NA_1)
    assert point
    point.on_timer(callable=on_timer, interval_ms=50)
    assert point.timer_ms == 50
    server.start()
    wait_until(lambda: len(calls) >= 3)
    point.on_timer(callable=None)
    assert point.timer_ms == 0
    ended = len(calls)
    assert holds(lambda: len(calls) <= ended + 1, 0.2)


def test_a_port_that_is_taken(make_server: Callable[..., c104.Server]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        server = make_server(port=taken.getsockname()[1])
        for _ in range(2):
            with pytest.raises(RuntimeError, match="in use"):
                server.start()
            assert server.is_running is False
    server.start()
    assert server.is_running


def test_random_asdus_and_octets(server: c104.Server, make_master: Callable[..., RawMaster]) -> None:
    """The peer dies of these within a tenth of a second."""
    numbers = random.Random(104)
    station = server.add_station(CA)
    assert station
    for number in (45, 50, 58, 1, 36):
        station.add_point(number, c104.Type(number))
    server.start()
    for _ in range(10):
        master = make_master(server.port)
        for _ in range(200):
            kind = numbers.choice((1, 13, 36, 45, 50, 58, 70, 100, 101, 102, 103, 104, 105, 107, numbers.randrange(256)))
            head = asdu.header(kind, numbers.randrange(64), CA, numbers.randrange(1, 128), numbers.random() < 0.3)
            if not master.send(head + numbers.randbytes(numbers.randrange(0, 40))):
                break
        master.send_raw(numbers.randbytes(400))
        master.close()
    assert [one.cot for one in make_master(server.port).interrogate(CA)][0] == asdu.ACT_CON
