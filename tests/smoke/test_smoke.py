# SPDX-License-Identifier: GPL-3.0-or-later
"""What an installed package must be able to do, on every platform, with nothing but Python: python -m unittest discover tests/smoke"""

from __future__ import annotations

import subprocess
import sys
import time
import unittest
from pathlib import Path
from typing import Any, Callable, List

import c104

CERTIFICATES = Path(__file__).parent / "certificates"
MEASURED, SET_POINT = 11, 12


def wait_until(condition: Callable[[], Any]) -> bool:
    deadline = time.monotonic() + 15
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.005)
    return bool(condition())


def security() -> c104.TransportSecurity:
    """Both ends show a certificate, and check the other's."""
    made = c104.TransportSecurity(validate=True, only_known=False)
    made.set_certificate(cert=str(CERTIFICATES / "station.pem"), key=str(CERTIFICATES / "station.key"))
    made.set_ca_certificate(cert=str(CERTIFICATES / "ca.pem"))
    return made


class Loopback(unittest.TestCase):
    """A station and a controlling station in one process."""

    def exchange(self, tls: bool) -> None:
        commanded: List[Any] = []

        def on_set_point(
            point: c104.Point, previous_info: c104.Information, message: c104.IncomingMessage
        ) -> c104.ResponseState:
            commanded.append(point.value)
            return c104.ResponseState.SUCCESS

        server = c104.Server(ip="127.0.0.1", port=0, transport_security=security() if tls else None)
        self.addCleanup(server.stop)
        station = server.add_station(common_address=47)
        assert station is not None
        measured = station.add_point(io_address=MEASURED, type=c104.Type.M_ME_NC_1)
        set_point = station.add_point(io_address=SET_POINT, type=c104.Type.C_SE_NC_1)
        assert measured is not None and set_point is not None
        measured.value = 12.5
        set_point.on_receive(callable=on_set_point)
        server.start()

        client = c104.Client(transport_security=security() if tls else None)
        self.addCleanup(client.stop)
        connection = client.add_connection(ip="127.0.0.1", port=server.port, init=c104.Init.NONE)
        assert connection is not None
        remote = connection.add_station(common_address=47)
        assert remote is not None
        seen = remote.add_point(io_address=MEASURED, type=c104.Type.M_ME_NC_1)
        target = remote.add_point(io_address=SET_POINT, type=c104.Type.C_SE_NC_1)
        assert seen is not None and target is not None
        client.start()
        self.assertTrue(wait_until(lambda: connection.state == c104.ConnectionState.OPEN), connection.state)

        self.assertTrue(connection.interrogation(common_address=47, cause=c104.Cot.ACTIVATION))
        self.assertEqual(seen.value, 12.5)

        measured.value = 13.5
        self.assertTrue(measured.transmit(cause=c104.Cot.SPONTANEOUS))
        self.assertTrue(wait_until(lambda: seen.value == 13.5), seen.value)

        target.value = 50.25
        self.assertTrue(target.transmit(cause=c104.Cot.ACTIVATION))
        self.assertEqual(commanded, [50.25])

    def test_plain(self) -> None:
        self.exchange(tls=False)

    def test_tls(self) -> None:
        self.exchange(tls=True)

    def test_tls_refuses_who_speaks_none(self) -> None:
        server = c104.Server(ip="127.0.0.1", port=0, transport_security=security())
        self.addCleanup(server.stop)
        server.start()
        states: List[c104.ConnectionState] = []

        def on_state_change(connection: c104.Connection, state: c104.ConnectionState) -> None:
            states.append(state)

        client = c104.Client()
        self.addCleanup(client.stop)
        connection = client.add_connection(ip="127.0.0.1", port=server.port, init=c104.Init.NONE)
        assert connection is not None
        connection.on_state_change(callable=on_state_change)
        client.start()
        self.assertTrue(wait_until(lambda: c104.ConnectionState.CLOSED_AWAIT_RECONNECT in states), states)
        self.assertNotIn(c104.ConnectionState.OPEN, states)


LEFT_RUNNING = """
import time
import c104

server = c104.Server(ip="127.0.0.1", port=0)
for address in range(40):
    server_station = server.get_station(1) or server.add_station(1)
    server_station.add_point(address + 1, c104.Type.M_SP_NA_1, report_ms=100)
server.start()
calls = 0

def on_receive(point: c104.Point, previous_info: c104.Information, message: c104.IncomingMessage) -> c104.ResponseState:
    global calls
    calls += 1
    until = time.monotonic() + 0.01
    while time.monotonic() < until:
        pass
    return c104.ResponseState.SUCCESS

client = c104.Client()
connection = client.add_connection(ip="127.0.0.1", port=server.port, init=c104.Init.NONE)
station = connection.add_station(1)
for address in range(40):
    station.add_point(address + 1, c104.Type.M_SP_NA_1).on_receive(callable=on_receive)
client.start()
while calls < 20:
    time.sleep(0.01)
"""


class Exit(unittest.TestCase):
    def test_a_program_may_end_while_callbacks_run(self) -> None:
        # Free-threaded Python warns that the module asks for the GIL.
        command = [sys.executable, "-W", "ignore:The global interpreter lock:RuntimeWarning", "-c", LEFT_RUNNING]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""))


class Package(unittest.TestCase):
    def run_module(self, *arguments: str) -> str:
        command = [sys.executable, "-m", "c104", *arguments]
        return subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout

    def test_versions(self) -> None:
        printed = self.run_module("--version").splitlines()
        self.assertEqual(printed[0], f"c104 {c104.__version__}")
        self.assertRegex(printed[2], r"^mbedTLS 3\.6\.")

    def test_explain(self) -> None:
        self.assertEqual(self.run_module("explain", "680407000000"), "U-Format | StartDT act\n")

    def test_types_are_installed(self) -> None:
        folder = Path(c104.__file__).parent
        self.assertTrue((folder / "py.typed").is_file())
        self.assertTrue((folder / "__init__.pyi").is_file())


if __name__ == "__main__":
    unittest.main()
