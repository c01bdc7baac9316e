# SPDX-License-Identifier: GPL-3.0-or-later
"""What a Client and a Server hold of the operating system: while they run only, and none of it when there is too little."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Callable

import c104
import pytest
from c104 import _core
from support import apci
from support.preload import preload
from support.stress import descriptors
from support.waiting import holds, wait_until

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


@pytest.mark.skipif(
    b"epoll_ctl" not in Path(_core.__file__).read_bytes(), reason="this build waits with poll(), which has no such limit"
)
def test_no_further_socket_is_watched(make_snippet, make_master, make_station, tmp_path: Path) -> None:
    """Links wait until the system watches sockets again (fs.epoll.max_user_watches); what is open goes on."""
    full = tmp_path / "full"
    full.touch()
    station = make_station(ca=1)
    program = make_snippet(
        f"""
import c104, logging
logging.basicConfig()
server = c104.Server(ip="127.0.0.1", port=0)
server.start()
client = c104.Client()
connection = client.add_connection(ip="127.0.0.1", port={station.port}, init=c104.Init.NONE)
client.start()
say(port=server.port)
while hear() is not None:
    say(heard=connection.counters["octets_received"])
client.stop()
server.stop()
""",
        env={**preload("full_epoll", tmp_path), "C104_EPOLL_FULL": str(full)},
    )

    def heard() -> int:
        program.tell()
        return int(program.ask()["heard"])

    port = program.ask()["port"]
    master = make_master(port, started=False)
    master.send_raw(apci.u_frame(apci.STARTDT_ACT))
    assert holds(lambda: heard() == 0 and not master.received, 0.5)
    full.unlink()
    wait_until(lambda: heard() > 0 and master.u_frames() == [apci.STARTDT_CON])

    full.touch()
    other = make_master(port, started=False)
    other.send_raw(apci.u_frame(apci.TESTFR_ACT))
    master.testfr()
    assert holds(lambda: not other.received, 0.5)
    full.unlink()
    wait_until(lambda: other.u_frames() == [apci.TESTFR_CON])
    assert program.wait() == 0, program.stderr
    assert program.stderr.count("No space left on device") == 2, program.stderr  # client and server, once in ten seconds
