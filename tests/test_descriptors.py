# SPDX-License-Identifier: GPL-3.0-or-later
"""What a Client and a Server hold of the operating system: while they run only, and none of it when there is too little."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Callable

import c104
import pytest
from support.stress import descriptors
from support.waiting import wait_until

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="counts in /proc")


def test_stopped_clients_hold_none(make_client: Callable[..., c104.Client], make_station) -> None:
    station = make_station(ca=1)
    clients = [make_client() for _ in range(20)]
    connections = [client.add_connection(ip="127.0.0.1", port=station.port) for client in clients]
    before = descriptors()
    for _ in range(2):
        for client, connection in zip(clients, connections):
            client.start()
            wait_until(lambda connection=connection: connection.state == c104.ConnectionState.OPEN)
            client.stop()
        wait_until(lambda: descriptors() == before, message="the station's side of the links closes late")


def test_stopped_servers_hold_none(make_server: Callable[..., c104.Server], make_master) -> None:
    servers = [make_server() for _ in range(20)]
    before = descriptors()
    for _ in range(2):
        for server in servers:
            server.start()
            make_master(server.port).close()
            server.stop()
        assert descriptors() == before


@pytest.mark.parametrize("kind", ["Client()", "Server(ip='127.0.0.1', port=free_port())"])
def test_no_thread_to_be_had(kind: str) -> None:
    """start() raises each time, and succeeds once there is one."""
    program = f"""
import resource, c104
from support.ports import free_port
one = c104.{kind}
pages = int(open("/proc/self/statm").read().split()[0])
before = resource.getrlimit(resource.RLIMIT_AS)
resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + (2 << 20), before[1]))
for _ in range(2):
    try:
        one.start()
    except RuntimeError as error:
        print(error)
resource.setrlimit(resource.RLIMIT_AS, before)
one.start()
one.stop()
print("started")
"""
    folder = os.path.dirname(__file__)
    environment = dict(os.environ, PYTHONPATH=os.pathsep.join([folder, os.environ.get("PYTHONPATH", "")]))
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30, env=environment)
    refused = "cannot start a thread: Resource temporarily unavailable"
    assert done.stdout.splitlines() == [refused, refused, "started"], done.stderr
