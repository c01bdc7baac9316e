# SPDX-License-Identifier: GPL-3.0-or-later
"""What the TLS tests share: configurations of ours and of Python's ssl, an outstation on Python's ssl, and a master's few words."""

from __future__ import annotations

import socket
import ssl
import threading

import pytest

from support import apci
from support.waiting import eventually

STARTDT = apci.u_frame(apci.STARTDT_ACT)
STARTDT_CON = apci.u_frame(apci.STARTDT_CON)
INTERROGATION = bytes((100, 1, 6, 0, 1, 0, 0, 0, 0, 20))
SINGLE_POINT = bytes((1, 1, 3, 0, 1, 0, 11, 0, 0, 1))
VERSIONS = ("1.2", "1.3")
SSL_VERSIONS = {"1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}


@pytest.fixture(scope="session")
def certs(tmp_path_factory):
    pytest.importorskip("cryptography")
    from support import certificates

    directory = tmp_path_factory.mktemp("certificates")
    certificates.write_all(directory)
    return lambda name: str(directory / name)


@pytest.fixture
def security(certs):
    """security("server", ca="ca.crt", allowed=["client"], validate=True, only_known=False)"""
    import c104

    def make(own=None, ca="both_cas.crt", allowed=(), validate=True, only_known=False, version=None):
        made = c104.TransportSecurity(validate=validate, only_known=only_known)
        if own:
            made.set_certificate(certs(own + ".crt"), certs(own + ".key"))
        if ca:
            made.set_ca_certificate(certs(ca))
        for each in allowed:
            made.add_allowed_remote_certificate(certs(each + ".crt"))
        if version:
            number = getattr(c104.TlsVersion, "TLS_" + version.replace(".", "_"))
            made.set_version(number, number)
        return made

    return make


@pytest.fixture
def context(certs):
    """A context of Python's ssl that accepts anything, unless `ca` is given."""

    def make(server, own=None, ca=None, version=None, ask=True):
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER if server else ssl.PROTOCOL_TLS_CLIENT)
        if not server:
            made.check_hostname = False
        made.verify_mode = ssl.CERT_NONE
        if server and not ca and ask:
            ca = "both_cas.crt"
        if ca:
            made.load_verify_locations(certs(ca))
            made.verify_mode = ssl.CERT_REQUIRED
        if own:
            made.load_cert_chain(certs(own + ".crt"), certs(own + ".key"))
        if version:
            made.minimum_version = made.maximum_version = SSL_VERSIONS[version]
        return made

    return make


class TlsStation:
    """An outstation on Python's ssl: answers STARTDT, then sends a point now and then."""

    def __init__(self, context):
        self.context = context
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.errors = []
        self.links = []
        self.serving = []
        self.sessions_reused = []
        self.subjects = []
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        while True:
            try:
                plain, _ = self.listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self.serve, args=(plain,), daemon=True)
            self.serving.append(thread)
            thread.start()

    def serve(self, plain):
        try:
            plain.settimeout(10)
            link = self.context.wrap_socket(plain, server_side=True)
            self.links.append(link)
            self.sessions_reused.append(link.session_reused)
            self.subjects.append(link.getpeercert())
            if read_frame(link) == STARTDT:
                link.sendall(STARTDT_CON + apci.i_frame(0, 0, SINGLE_POINT))
            while read_frame(link):
                pass
        except OSError as error:
            self.errors.append(str(error))

    def close(self):
        self.listener.close()
        for link in self.links:
            try:
                socket.socket.shutdown(link, socket.SHUT_RDWR)  # wakes its reader; the number must not be used again before
            except OSError:
                pass
        for thread in self.serving:
            thread.join(5)
        for link in self.links:
            link.close()


def read_frame(link):
    head = link.recv(1)
    if not head:
        return b""
    head += link.recv(1)
    body = b""
    while len(body) < head[1]:
        body += link.recv(head[1] - len(body))
    return head + body


@pytest.fixture
def tls_station():
    made = []

    def make(context):
        made.append(TlsStation(context))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def connect(make_client):
    import c104

    def make(security, port, host=None):
        client = make_client(transport_security=security)
        where = {"host": host} if host else {"ip": "127.0.0.1"}
        connection = client.add_connection(**where, port=port, init=c104.Init.NONE)
        point = connection.add_station(1).add_point(11, c104.Type.M_SP_NA_1)
        client.start()
        return connection, point

    return make


@pytest.fixture
def serve(make_server):
    import c104

    def make(security, parameters=None):
        server = make_server(transport_security=security)
        server.add_station(1).add_point(11, c104.Type.M_SP_NA_1).value = True
        if parameters:
            server.protocol_parameters.connection_timeout = parameters
        server.start()
        return server

    return make


def is_open(connection):
    import c104

    return connection.state == c104.ConnectionState.OPEN


def dial(context, port, timeout=5, session=None):
    plain = socket.create_connection(("127.0.0.1", port), timeout=timeout)
    return context.wrap_socket(plain, session=session)


def talks(link):
    """STARTDT and a General Interrogation: con, data, termination."""
    link.sendall(STARTDT)
    assert read_frame(link) == STARTDT_CON
    link.sendall(apci.i_frame(0, 0, INTERROGATION))
    causes = []
    while 10 not in causes:
        frame = read_frame(link)
        if frame and not frame[2] & 1:
            causes.append(frame[8] & 0x3F)
    assert causes == [7, 20, 10]
    return True


def refusal(certs, text, caplog, timeout=5):
    """The logged line with `text`."""
    found = eventually(lambda: [r.getMessage() for r in caplog.records if text in r.getMessage()], timeout)
    assert found, f"no line with {text!r} in {[r.getMessage() for r in caplog.records]}"
    return found[0]
