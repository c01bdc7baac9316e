# SPDX-License-Identifier: GPL-3.0-or-later
"""What the stress tests have in common. DOSE=1 is the usual amount."""

from __future__ import annotations

import os
import random
import ssl
import threading
from collections import Counter
from pathlib import Path
from typing import Callable, List, Optional

import c104

from .ports import free_port

DOSE = float(os.environ.get("DOSE", "1"))
CA = 1
OURS = hasattr(c104.Server, "counters")  # c104 2.2.1 has none; the tests run with it, too: make stress-peer


def dose(count: int) -> int:
    return max(1, int(count * DOSE))


def threads() -> int:
    return len(os.listdir("/proc/self/task"))


def descriptors() -> int:
    return len(os.listdir("/proc/self/fd"))


def transport_security(certificates: Path, name: str) -> c104.TransportSecurity:
    tls = c104.TransportSecurity(validate=True, only_known=False)
    tls.set_certificate(cert=str(certificates / f"{name}.crt"), key=str(certificates / f"{name}.key"))
    tls.set_ca_certificate(cert=str(certificates / "ca.crt"))
    return tls


def tls_context(certificates: Path) -> ssl.SSLContext:
    """For masters that are not ours."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.check_hostname = False
    made.load_verify_locations(certificates / "ca.crt")
    made.load_cert_chain(certificates / "client.crt", certificates / "client.key")
    return made


def accept(point: c104.Point, previous_info: c104.Information, message: c104.IncomingMessage) -> c104.ResponseState:
    return c104.ResponseState.SUCCESS


def outstation(tls: Optional[c104.TransportSecurity] = None, connection_timeout: int = 10) -> c104.Server:
    server = c104.Server(ip="127.0.0.1", port=free_port(), transport_security=tls)
    server.protocol_parameters.connection_timeout = connection_timeout
    station = server.add_station(common_address=CA)
    for address in range(1, 101):
        station.add_point(io_address=address, type=c104.Type.M_ME_NC_1)
    for address in range(201, 211):
        station.add_point(io_address=address, type=c104.Type.C_SC_NA_1).on_receive(callable=accept)
    server.start()
    return server


class Hammers:
    """Threads that do one thing each until the end; what they raise fails the test."""

    def __init__(self) -> None:
        self.ended = threading.Event()
        self.done: Counter[str] = Counter()
        self.failures: List[BaseException] = []
        self.running: List[threading.Thread] = []

    def add(self, name: str, call: Callable[[random.Random], object]) -> None:
        def run() -> None:
            numbers = random.Random(name)
            try:
                while not self.ended.is_set():
                    call(numbers)
                    self.done[name] += 1
            except BaseException as error:
                self.failures.append(error)

        thread = threading.Thread(target=run, name=name)
        self.running.append(thread)
        thread.start()

    def end(self) -> None:
        self.ended.set()
        for thread in self.running:
            thread.join(30)
        assert not any(thread.is_alive() for thread in self.running), "a call hangs"
        for failure in self.failures:
            raise failure
        assert all(self.done[thread.name] > 0 for thread in self.running), self.done
