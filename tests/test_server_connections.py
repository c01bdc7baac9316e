# SPDX-License-Identifier: GPL-3.0-or-later
"""Server.connections: who is connected, what passed, and how to end one."""

from __future__ import annotations

import datetime
import gc
import threading
import weakref
from typing import Any, Callable, List

import c104
import pytest
from support import asdu
from support.master import RawMaster
from support.waiting import wait_until

MakeMaster = Callable[..., RawMaster]


@pytest.fixture
def running(server: c104.Server) -> c104.Server:
    station = server.add_station(common_address=1)
    station.add_point(io_address=1, type=c104.Type.M_ME_NB_1)
    station.add_point(io_address=2, type=c104.Type.C_SC_NA_1)
    server.start()
    return server


def port_of(master: RawMaster) -> int:
    return master.sock.getsockname()[1]  # type: ignore[union-attr, no-any-return]


def of(server: c104.Server, master: RawMaster) -> c104.ServerConnection:
    return next(one for one in server.connections if one.port == port_of(master))


def test_nobody_is_connected_at_first(server: c104.Server) -> None:
    assert server.connections == []


def test_each_client_is_in_the_list(running: c104.Server, make_master: MakeMaster) -> None:
    before = datetime.datetime.now()
    masters = [make_master(running.port), make_master(running.port, started=False)]
    wait_until(lambda: len(running.connections) == 2)
    assert [one.port for one in running.connections] == [port_of(master) for master in masters]
    assert [one.ip for one in running.connections] == ["127.0.0.1"] * 2
    assert [one.is_active for one in running.connections] == [True, False]
    assert all(one.is_connected for one in running.connections)
    assert all(before <= one.connected_at <= datetime.datetime.now() for one in running.connections)
    masters[0].stopdt()
    assert not of(running, masters[0]).is_active
    assert repr(of(running, masters[0])).startswith(
        f"<c104.ServerConnection ip=127.0.0.1, port={port_of(masters[0])}, connected=True, active=False at 0x"
    )


def test_an_object_stays_when_its_client_has_gone(running: c104.Server, make_master: MakeMaster) -> None:
    master = make_master(running.port)
    connection = of(running, master)
    assert of(running, master) is connection
    master.interrogate(1)
    counters = connection.counters
    assert counters["asdus_received_by_type"] == {100: 1} and counters["asdus_sent_by_type"] == {100: 2, 11: 1}
    master.close()
    wait_until(lambda: not connection.is_connected)
    assert not connection.is_active and running.connections == []
    assert connection.port == port_of_closed(connection) and connection.ip == "127.0.0.1"
    assert connection.counters["asdus_sent_by_type"] == {100: 2, 11: 1}
    connection.close()  # does nothing
    assert running.counters["asdus_sent_by_type"] == {100: 2, 11: 1}


def port_of_closed(connection: c104.ServerConnection) -> int:
    return int(repr(connection).partition("port=")[2].partition(",")[0])


def test_close_ends_one_connection(running: c104.Server, make_master: MakeMaster, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "c104.server")
    masters = [make_master(running.port) for _ in range(3)]
    connection = of(running, masters[1])
    connection.close(reason="maintenance")
    assert not connection.is_connected and running.open_connection_count == 2
    assert masters[1].wait_closed()
    for master in (masters[0], masters[2]):
        master.testfr()
    wait_until(lambda: f":{connection.port} disconnected: closed by this station: maintenance" in caplog.text)
    assert running.counters["connections_refused"] == 0


def test_close_in_callbacks(running: c104.Server, make_master: MakeMaster) -> None:
    """Of the connection whose message is being handled, and of all."""
    seen: List[bool] = []

    def on_receive(point: c104.Point, previous_info: c104.Information, message: c104.IncomingMessage) -> c104.ResponseState:
        for connection in running.connections:
            connection.close("from on_receive")
            seen.append(connection.is_connected)
        return c104.ResponseState.SUCCESS

    def on_connect(server: c104.Server, ip: str) -> bool:
        for connection in server.connections:
            connection.close("one at a time")
        return True

    running.get_station(1).get_point(2).on_receive(on_receive)
    masters = [make_master(running.port) for _ in range(3)]
    masters[0].send(asdu.command(45, 1, 2, b"\x01"))
    assert all(master.wait_closed() for master in masters)
    wait_until(lambda: seen == [False] * 3)
    running.on_connect(on_connect)
    first = make_master(running.port)
    second = make_master(running.port)
    assert first.wait_closed()
    second.testfr()


def test_close_from_many_threads_while_clients_come_and_go(running: c104.Server, make_master: MakeMaster) -> None:
    ending = threading.Event()
    failures: List[BaseException] = []

    def close_all() -> None:
        while not ending.is_set():
            try:
                for connection in running.connections:
                    connection.close()
                    assert not connection.is_connected
                    _ = connection.counters, running.counters
            except BaseException as error:
                failures.append(error)
                return

    threads = [threading.Thread(target=close_all) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(100):
            make_master(running.port, started=False).wait_closed()
    finally:
        ending.set()
        for thread in threads:
            thread.join()
    assert not failures
    wait_until(lambda: running.open_connection_count == 0)
    assert running.connections == []


def test_stop_ends_them_all(running: c104.Server, make_master: MakeMaster) -> None:
    make_master(running.port)
    connections = running.connections
    running.stop()
    assert [one.is_connected for one in connections] == [False]
    connections[0].close()


def test_an_object_outlives_its_server(make_server: Callable[..., c104.Server], make_master: MakeMaster) -> None:
    server: Any = c104.Server(ip="127.0.0.1", port=0)
    server.start()
    make_master(server.port)
    connection = server.connections[0]
    gone = weakref.ref(server)
    del server
    gc.collect()
    assert gone() is None
    assert not connection.is_connected
    connection.close()
    assert connection.counters["apdus_received"]["U"] == 1


def test_an_object_can_not_be_made() -> None:
    with pytest.raises(TypeError):
        c104.ServerConnection()  # type: ignore[call-arg]
