# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures. Each stops what it started, also when the test failed."""

import signal
import sys
import threading

import pytest
from support import sanitizers
from support.master import RawMaster
from support.peer import ENVIRONMENT, VARIABLE, Snippet, peer_python
from support.ports import free_port
from support.station import RawStation
from support.tls import certs, connect, context, security, serve, tls_station  # noqa: F401, fixtures
from support.waiting import eventually

# A shell without job control starts what runs in its background with SIGINT ignored, and programs that the tests start inherit it.
signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_sessionstart():
    if sanitizers.sanitizer:
        sanitizers.check_module()


@pytest.fixture(scope="session", autouse=True)
def no_memory_lost():
    yield
    if sanitizers.sanitizer == "asan":
        lost = sanitizers.lost_memory()
        assert not lost, "\n\n".join(lost)


@pytest.fixture(autouse=True)
def no_stray_threads():
    """A test leaves no thread of Python's behind that would keep the interpreter from its end, nor a raw partner."""
    before = set(threading.enumerate())

    def stray():
        return [one for one in threading.enumerate() if one not in before and (not one.daemon or one.name.startswith("Raw"))]

    yield
    assert eventually(lambda: not stray(), 2), stray()


@pytest.fixture
def make_station():
    """Starts RawStations."""
    stations = []

    def make(**options):
        one = RawStation(**options).start()
        stations.append(one)
        return one

    yield make
    for one in stations:
        one.stop()


@pytest.fixture
def station(make_station):
    """A well-behaved outstation with CA 1."""
    one = make_station(ca=1)
    yield one
    assert not one.errors, one.errors


@pytest.fixture
def make_client():
    """Clients of the c104 under test, not yet started; stopped at the end."""
    import c104

    clients = []

    def make(tick_rate_ms=50, command_timeout_ms=3000, **options):
        one = c104.Client(tick_rate_ms=tick_rate_ms, command_timeout_ms=command_timeout_ms, **options)
        clients.append(one)
        return one

    yield make
    for one in clients:
        one.stop()


@pytest.fixture
def client(make_client):
    return make_client()


@pytest.fixture
def make_server():
    """Servers of the c104 under test on a port of the kernel's choice; stopped at the end. Not started."""
    import c104

    servers = []

    def make(port=None, ip="127.0.0.1", tick_rate_ms=50, **options):
        if port is None:
            port = free_port()
        one = c104.Server(ip=ip, port=port, tick_rate_ms=tick_rate_ms, **options)
        servers.append(one)
        return one

    yield make
    for one in servers:
        one.stop()


@pytest.fixture
def server(make_server):
    return make_server()


@pytest.fixture
def make_master():
    """Connects RawMasters: `make_master(port)`, `make_master(port, started=False)`."""
    masters = []

    def make(port, started=True, **options):
        one = RawMaster(port, **options)
        masters.append(one)
        one.connect()
        return one.startdt() if started else one

    yield make
    for one in masters:
        one.close()


@pytest.fixture
def make_snippet():
    """Runs Python code in a process of its own (this interpreter unless `python` is given)."""
    snippets = []

    def make(code, python=None, env=None):
        one = Snippet(code, python or sys.executable, env)
        snippets.append(one)
        return one

    yield make
    for one in snippets:
        one.close()


@pytest.fixture
def peer(make_snippet):
    """Runs code under the published c104: `peer(code)`."""
    python = peer_python()
    if python is None:
        pytest.skip(f"{VARIABLE} is not set: no interpreter with the published c104 to compare with")
    return lambda code: make_snippet(code, python, ENVIRONMENT)


@pytest.fixture
def unraisable(monkeypatch):
    """What went to sys.unraisablehook."""
    seen = []
    monkeypatch.setattr(sys, "unraisablehook", lambda hook: seen.append((hook.exc_type, str(hook.exc_value))))
    return seen


@pytest.fixture
def opened(make_station, make_client):
    """A station, a client with a connection that is OPEN, and its station object: `opened(init=..., ca=...)`."""
    import c104
    from support.waiting import wait_until

    def make(ca=1, init=c104.Init.NONE, station_options=None, setup=None, originator=0, **client_options):
        raw = make_station(ca=ca, **(station_options or {}))
        one = make_client(**client_options)
        one.originator_address = originator
        connection = one.add_connection(ip="127.0.0.1", port=raw.port, init=init)
        remote = connection.add_station(ca)
        if setup is not None:
            setup(one, connection, remote)
        one.start()
        wait_until(lambda: connection.state == c104.ConnectionState.OPEN, 8, "the connection did not open")
        return raw, one, connection, remote

    return make
