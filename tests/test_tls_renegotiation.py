# SPDX-License-Identifier: GPL-3.0-or-later
"""Renegotiation (TLS 1.2) that openssl asks for, and handshakes on the wire as it saw them. Ours after the interval: native/tls_test.cpp."""

import re
import shutil
import subprocess
import threading

import c104
import pytest
from support import apci
from support.ports import free_port
from support.tls import SINGLE_POINT, STARTDT, STARTDT_CON, is_open
from support.waiting import wait_until

pytestmark = pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is not installed")

TESTFR = apci.u_frame(apci.TESTFR_ACT)
TESTFR_CON = apci.u_frame(apci.TESTFR_CON)


class Openssl:
    """openssl s_client or s_server: what it said so far, application data and -msg lines in one."""

    def __init__(self, *arguments):
        command = ["openssl", *arguments, "-tls1_2", "-msg"]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.output = b""
        self.thread = threading.Thread(target=self._read)
        self.thread.start()

    def _read(self):
        while part := self.process.stdout.read1(65536):
            self.output += part

    def say(self, octets):
        self.process.stdin.write(octets)
        self.process.stdin.flush()

    def handshakes(self):
        return len(re.findall(rb"TLS 1\.2, Handshake \[length \w+\], Finished", self.output)) // 2

    def close(self):
        self.process.kill()
        self.process.wait()
        self.thread.join()
        self.process.stdin.close()
        self.process.stdout.close()


@pytest.fixture
def openssl(certs):
    started = []

    def make(kind, own, *arguments):
        started.append(
            Openssl(
                kind, "-cert", certs(own + ".crt"), "-key", certs(own + ".key"), "-CAfile", certs("both_cas.crt"), *arguments
            )
        )
        return started[-1]

    yield make
    for one in started:
        one.close()


def test_a_client_renegotiates_with_our_server(openssl, serve, security):
    server = serve(security("server"))
    master = openssl("s_client", "client", "-connect", f"127.0.0.1:{server.port}")
    wait_until(lambda: master.handshakes() == 1)
    master.say(STARTDT)
    wait_until(lambda: STARTDT_CON in master.output)
    for count in (2, 3):
        master.say(b"R\n")
        wait_until(lambda: b"RENEGOTIATING" in master.output and master.handshakes() == count)
        seen = master.output.count(TESTFR_CON)
        master.say(TESTFR)
        wait_until(lambda: master.output.count(TESTFR_CON) == seen + 1)
    assert server.open_connection_count == 1


def test_a_server_renegotiates_with_our_client(openssl, connect, security):
    port = free_port()
    station = openssl("s_server", "server", "-accept", f"127.0.0.1:{port}", "-Verify", "1")
    wait_until(lambda: b"ACCEPT" in station.output)
    connection, point = connect(security("client"), port)
    wait_until(lambda: STARTDT in station.output)
    station.say(STARTDT_CON)
    wait_until(lambda: is_open(connection))
    for count in (2, 3):
        station.say(b"r\n")
        wait_until(lambda: station.handshakes() == count)
        assert is_open(connection)
    station.say(apci.i_frame(0, 0, SINGLE_POINT))
    wait_until(lambda: point.value is True)
    assert connection.state == c104.ConnectionState.OPEN


MOST = 10  # within 60 s


def test_a_client_that_renegotiates_too_often_is_turned_away(openssl, serve, security, caplog):
    server = serve(security("server"))
    master = openssl("s_client", "client", "-connect", f"127.0.0.1:{server.port}")
    wait_until(lambda: master.handshakes() == 1)
    master.say(STARTDT)
    wait_until(lambda: STARTDT_CON in master.output)
    for count in range(2, MOST + 2):
        master.say(b"R\n")
        wait_until(lambda count=count: master.handshakes() == count)
    assert server.open_connection_count == 1
    assert server.counters["connections_refused"] == 0
    master.say(b"R\n")
    wait_until(lambda: server.open_connection_count == 0)
    assert server.counters["connections_refused_by_reason"]["renegotiation"] == 1
    wait_until(lambda: "asks for renegotiation too often: more than 10 times within 60 s" in caplog.text)


def test_a_server_that_renegotiates_too_often_is_left(openssl, connect, security, caplog):
    port = free_port()
    station = openssl("s_server", "server", "-accept", f"127.0.0.1:{port}", "-Verify", "1")
    wait_until(lambda: b"ACCEPT" in station.output)
    connection, _ = connect(security("client"), port)
    wait_until(lambda: STARTDT in station.output)
    station.say(STARTDT_CON)
    wait_until(lambda: is_open(connection))
    for count in range(2, MOST + 2):
        station.say(b"r\n")
        wait_until(lambda count=count: station.handshakes() == count)
    assert is_open(connection)
    station.say(b"r\n")
    wait_until(lambda: not is_open(connection))
    wait_until(lambda: "asks for renegotiation too often: more than 10 times within 60 s" in caplog.text)
