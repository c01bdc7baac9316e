# SPDX-License-Identifier: GPL-3.0-or-later
"""Many commands at a time: each gets its own answer, none another's."""

import logging
import threading
from typing import Any, Dict, List

import c104
import pytest
from support import asdu
from support.heap import UNKNOWN, heap_in_use
from support.ports import free_port
from support.waiting import wait_until

CA = 47
THREADS, EACH = 40, 50


def test_thousands_over_distinct_points(opened: Any) -> None:
    """2,000 points from 40 threads; every third is refused, and only those are False."""
    raw, client, connection, remote = opened(ca=CA, command_timeout_ms=20000)
    held: List[Any] = []
    lock = threading.Lock()
    ended = threading.Event()

    def hold(link: Any, request: Any) -> None:
        with lock:
            held.append((link, request))

    def answer() -> None:
        """What has come meanwhile, the last first."""
        while not ended.wait(0.001):
            with lock:
                batch = held[::-1]
                held.clear()
            for link, request in batch:
                link.send(request.mirrored(asdu.ACT_CON, negative=request.io_address % 3 == 0))

    raw.on(49, hold)
    points = [remote.add_point(address, c104.Type.C_SE_NB_1) for address in range(1, THREADS * EACH + 1)]
    results: Dict[int, bool] = {}

    def work(index: int) -> None:
        for point in points[index::THREADS]:
            point.value = c104.Int16(point.io_address)
            results[point.io_address] = point.transmit(cause=c104.Cot.ACTIVATION)

    workers = [threading.Thread(target=work, args=(index,)) for index in range(THREADS)]
    outstation = threading.Thread(target=answer)
    outstation.start()
    try:
        for one in workers:
            one.start()
        for one in workers:
            one.join(60)
    finally:
        ended.set()
        outstation.join(5)
    assert results == {address: address % 3 != 0 for address in range(1, THREADS * EACH + 1)}
    sent = raw.i_frames(49)
    assert sorted((one.io_address, int.from_bytes(one.element[:2], "little")) for one in sent) == [
        (address, address) for address in range(1, THREADS * EACH + 1)
    ]


def test_no_command_waits_for_a_client_that_has_stopped(station, make_client):
    """stop() may come between the look at the connection and the sending: that command ends at once too, not after its timeout."""
    client = make_client(command_timeout_ms=60000)
    connection = client.add_connection(ip="127.0.0.1", port=station.port, init=c104.Init.NONE)
    connection.add_station(common_address=1)
    gone = threading.Event()

    def ask():
        while not gone.is_set():
            connection.test(common_address=1)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(100):
            client.start()
            wait_until(lambda: connection.state == c104.ConnectionState.OPEN)
            client.stop()
    finally:
        gone.set()
        for thread in threads:
            thread.join(5)
    assert not any(thread.is_alive() for thread in threads), "a command waits for what nobody will do"


@pytest.mark.skipif(heap_in_use is None, reason=UNKNOWN)
def test_commands_that_meet_stop_leave_nothing_behind(caplog: Any) -> None:
    """One that came too late stayed in the stopped loop, and kept its connection, which kept the loop."""
    caplog.set_level(logging.CRITICAL, "c104")  # pytest would keep the lines about commands that were not sent
    server = c104.Server(ip="127.0.0.1", port=free_port())
    server.add_station(common_address=CA)
    server.start()

    def stop_meanwhile() -> None:
        client = c104.Client()
        connection = client.add_connection(ip="127.0.0.1", port=server.port, init=c104.Init.NONE)
        client.start()
        wait_until(lambda: connection.state == c104.ConnectionState.OPEN, interval=0.001)
        ended = threading.Event()

        def send() -> None:
            while not ended.is_set():
                connection.test(common_address=CA, wait_for_response=False)

        senders = [threading.Thread(target=send) for _ in range(3)]
        for sender in senders:
            sender.start()
        client.stop()
        ended.set()
        for sender in senders:
            sender.join()
        wait_until(lambda: server.open_connection_count == 0, interval=0.001)

    try:
        for _ in range(30):
            stop_meanwhile()
        before = heap_in_use()
        for _ in range(150):
            stop_meanwhile()
        assert heap_in_use() - before < 32 * 1024
    finally:
        server.stop()


@pytest.mark.skipif(heap_in_use is None, reason=UNKNOWN)
def test_a_thread_that_sent_commands_holds_no_buffer(station: Any, make_client: Any) -> None:
    """Who waits for an answer may read it himself; what he reads into belongs to the loop, not to each of a thousand threads."""
    client = make_client()
    connection = client.add_connection(ip="127.0.0.1", port=station.port, init=c104.Init.NONE)
    client.start()
    wait_until(lambda: connection.state == c104.ConnectionState.OPEN)

    def growth(commands: int, threads: int = 20) -> int:
        """What each has taken, while all of them have done their commands, and live."""
        done, measured = threading.Barrier(threads + 1), threading.Event()

        def work() -> None:
            for _ in range(commands):
                connection.test(common_address=1)
            done.wait(60)
            measured.wait(60)

        workers = [threading.Thread(target=work) for _ in range(threads)]
        before = heap_in_use()
        for worker in workers:
            worker.start()
        done.wait(60)
        grown = heap_in_use() - before
        measured.set()
        for worker in workers:
            worker.join()
        return grown // threads

    growth(300)
    # What the interpreter keeps for a thread is 3 KiB to 19 KiB.
    assert growth(300) - growth(0) < 8 * 1024
