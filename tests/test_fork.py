# SPDX-License-Identifier: GPL-3.0-or-later
"""What a forked child has of the parent's objects: nothing that sends, waits, or ends a link of the parent's."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap

import pytest
from support import sanitizers
from support.ports import free_port

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")

BEGIN = """
import os, signal, socket, sys, time, warnings
import c104
warnings.simplefilter("ignore")  # Python 3.12 warns of fork() beside threads
signal.alarm(60)

def until(condition):
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.005)

def in_child(deed, wait=True):
    '''The child's pid; with `wait` it has to end well.'''
    child = os.fork()
    if child == 0:
        signal.alarm(10)  # it hangs
        code = 1
        try:
            deed()
            code = 0
        except BaseException:
            import traceback
            traceback.print_exc()
        finally:
            os._exit(code)
    if wait:
        _, status = os.waitpid(child, 0)
        assert status == 0, status
    return child

def refused(call):
    try:
        call()
    except RuntimeError as error:
        assert "before fork()" in str(error) and "in the child" in str(error), error
    else:
        raise AssertionError("no RuntimeError")

def security(name):
    if len(sys.argv) < 3: return None
    made = c104.TransportSecurity(validate=True, only_known=False)
    made.set_certificate(cert=sys.argv[2] + "/" + name + ".crt", key=sys.argv[2] + "/" + name + ".key")
    made.set_ca_certificate(cert=sys.argv[2] + "/ca.crt")
    return made

server = c104.Server(ip="127.0.0.1", port=int(sys.argv[1]), transport_security=security("server"))
local = server.add_station(common_address=1)
value = local.add_point(io_address=11, type=c104.Type.M_ME_NC_1)
order = local.add_point(io_address=31, type=c104.Type.C_SC_NA_1)
server.start()
client = c104.Client(command_timeout_ms=5000, transport_security=security("client"))
connection = client.add_connection(ip="127.0.0.1", port=server.port, init=c104.Init.NONE)
station = connection.add_station(common_address=1)
command = station.add_point(io_address=31, type=c104.Type.C_SC_NA_1)
shown = station.add_point(io_address=11, type=c104.Type.M_ME_NC_1)
client.start()
until(lambda: connection.state == c104.ConnectionState.OPEN and server.has_active_connections)
got = []
def on_command(point: c104.Point, previous_info: c104.Information, message: c104.IncomingMessage) -> c104.ResponseState:
    got.append(point.value)
    return c104.ResponseState.SUCCESS
order.on_receive(callable=on_command)

def works():
    command.value = True
    assert command.transmit(cause=c104.Cot.ACTIVATION)
    value.value = float(value.value or 0) + 1
    assert value.transmit(cause=c104.Cot.SPONTANEOUS)
    until(lambda: shown.value == value.value)
    assert connection.counters["reconnects"] == 0 and connection.state == c104.ConnectionState.OPEN
"""

CLOSING = "client.stop(); server.stop(); print('done')"


def run(code: str, *arguments: str, end: str = CLOSING) -> None:
    program = BEGIN + textwrap.dedent(code) + "\n" + end
    done = subprocess.run(
        [sys.executable, "-c", program, str(free_port()), *arguments], capture_output=True, text=True, timeout=100, check=False
    )
    assert (done.returncode, done.stdout.strip()) == (0, "done"), done.stderr


def test_a_child_sends_nothing_on_links_of_the_parents_client() -> None:
    run("""
    def deed():
        command.value = True
        before = time.monotonic()
        assert not command.transmit(cause=c104.Cot.ACTIVATION)
        assert not command.transmit(cause=c104.Cot.DEACTIVATION)
        assert not connection.interrogation(common_address=1)
        assert not connection.interrogation(common_address=1, wait_for_response=False)
        assert not connection.counter_interrogation(common_address=1)
        assert not connection.clock_sync(common_address=1)
        assert not connection.test(common_address=1)
        assert not shown.read()
        assert not connection.mute() and not connection.unmute()
        assert time.monotonic() - before < 2

    in_child(deed)
    assert not got
    works()
    """)


def test_a_child_sends_nothing_on_links_of_the_parents_server() -> None:
    run("""
    def deed():
        value.value = 99.0
        for _ in range(3):
            assert not value.transmit(cause=c104.Cot.SPONTANEOUS)
        assert not order.transmit(cause=c104.Cot.ACTIVATION_TERMINATION)
        assert not server.transmit_batch(c104.Batch(cause=c104.Cot.SPONTANEOUS, points=[value]))
        local.signal_initialized(cause=c104.Coi.REMOTE_RESET)
        for one in server.connections:
            one.close()

    in_child(deed)
    works()
    """)


def test_a_child_can_neither_start_nor_stop_what_the_parent_started() -> None:
    run("""
    def deed():
        before = time.monotonic()
        assert not client.is_running and not server.is_running
        for call in (client.start, connection.connect, client.reconnect_all, server.start):
            refused(call)
        connection.disconnect()
        client.disconnect_all()
        server.allowed_networks = ["192.0.2.0/24"]
        client.stop()
        server.stop()
        for call in (client.start, server.start):
            refused(call)
        assert time.monotonic() - before < 2

    in_child(deed)
    assert client.is_running and server.is_running
    works()
    """)


@pytest.mark.skipif(sanitizers.sanitizer == "tsan", reason="the thread sanitizer knows no threads that a forked child starts")
def test_a_child_makes_objects_of_its_own() -> None:
    run("""
    unstarted = c104.Client()
    def deed():
        def opens(client):
            link = client.add_connection(ip="127.0.0.1", port=server_port, init=c104.Init.NONE)
            client.start()
            until(lambda: link.state == c104.ConnectionState.OPEN)
            assert link.interrogation(common_address=1)
            client.stop()
        opens(c104.Client())
        opens(unstarted)
        refused(lambda: in_grandchild_of(c104.Client()))

    def in_grandchild_of(client):
        client.start()
        child = os.fork()
        if child == 0:
            try:
                refused(client.start)
            except BaseException:
                os._exit(1)
            os._exit(0)
        assert os.waitpid(child, 0)[1] == 0
        client.stop()
        raise RuntimeError("before fork(), in the child")  # as refused() wants it

    server_port = server.port
    in_child(deed)
    works()
    """)


@pytest.mark.parametrize("tls", [False, True], ids=["TCP", "TLS"])
def test_stop_ends_links_that_a_child_holds_too(tls: bool, request: pytest.FixtureRequest) -> None:
    run(
        """
    hold, release = os.pipe()
    def deed():
        os.close(release)
        os.read(hold, 1)

    child = in_child(deed, wait=False)
    other = c104.Client(transport_security=security("client"))
    theirs = other.add_connection(ip="127.0.0.1", port=server.port, init=c104.Init.NONE)
    other.start()
    until(lambda: theirs.state == c104.ConnectionState.OPEN)
    port = server.port
    server.stop()
    until(lambda: connection.state != c104.ConnectionState.OPEN)
    again = c104.Server(ip="127.0.0.1", port=port, transport_security=security("server"))
    again.start()  # the port is free
    until(lambda: connection.state == c104.ConnectionState.OPEN)
    second = in_child(deed, wait=False)
    client.stop()
    other.stop()
    until(lambda: not again.has_open_connections)  # the partner of a client sees it, too
    again.stop()
    os.close(release)
    for one in (child, second):
        assert os.waitpid(one, 0)[1] == 0
    """,
        *([request.getfixturevalue("certs")("")] if tls else []),
    )


def test_a_child_waits_for_no_thread_that_has_a_points_lock() -> None:
    run("""
    import threading
    many = [local.add_point(io_address=100 + i, type=c104.Type.M_ME_NC_1) for i in range(200)]
    remote = [station.add_point(io_address=100 + i, type=c104.Type.M_ME_NC_1) for i in range(200)]
    over = threading.Event()
    def stream():
        number = 0.0
        while not over.wait(0.0005):
            number += 1
            for point in many:
                point.value = number
                point.transmit(cause=c104.Cot.SPONTANEOUS)
    def deed():
        for point in many:
            point.value = 1.0
            assert not point.transmit(cause=c104.Cot.SPONTANEOUS)
        for point in remote:
            point.value
        assert not command.transmit(cause=c104.Cot.ACTIVATION)
        client.stop()
        server.stop()
    thread = threading.Thread(target=stream)
    thread.start()
    try:
        for _ in range(150):
            in_child(deed)
    finally:
        over.set()
        thread.join()
    until(lambda: all(shown.value == sent.value for shown, sent in zip(remote, many)))
    works()
    """)
