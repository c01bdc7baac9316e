# SPDX-License-Identifier: GPL-3.0-or-later
"""TransportSecurity.reload(): new files for a Client or Server that runs, seen from outside by Python's ssl."""

import shutil
import socket
import threading

import c104
import pytest
from support.heap import UNKNOWN, heap_in_use
from support.tls import VERSIONS, dial, is_open, refusal, talks
from support.waiting import wait_until

pytest.importorskip("cryptography")


class Files:
    """A certificate with its key, an authority and a revocation list, which change under their names."""

    def __init__(self, certs, place):
        self.certs, self.place = certs, place

    def path(self, name):
        return str(self.place / name)

    def put(self, **sources):
        """put(crt="server.crt"): now that stands in own.crt."""
        for name, source in sources.items():
            stem = "ca" if name in ("ca", "crl") else "own"
            shutil.copy(self.certs(source), self.path(f"{stem}.{'crt' if name == 'ca' else name}"))

    def own(self, name):
        self.put(crt=name + ".crt", key=name + ".key")

    def security(self):
        made = c104.TransportSecurity(validate=True, only_known=False)
        made.set_certificate(self.path("own.crt"), self.path("own.key"))
        made.set_ca_certificate(self.path("ca.crt"))
        made.add_revocation_list(self.path("ca.crl"))
        return made


@pytest.fixture
def files(certs, tmp_path):
    made = Files(certs, tmp_path)
    made.put(ca="both_cas.crt", crl="ca_nobody.crl")
    return made


def name_of(subject):
    return dict(pair[0] for pair in subject["subject"])["commonName"]


def drop(station):
    """The client's link breaks, and is opened again."""
    station.links[-1].shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize("version", VERSIONS)
def test_the_server_shows_the_new_certificate(version, files, context, serve):
    files.own("server")
    tls = files.security()
    server = serve(tls)
    made = context(False, "client", ca="both_cas.crt", version=version)
    with dial(made, server.port) as first:
        assert talks(first)
        assert name_of(first.getpeercert()) == "server"
        session = first.session
        files.own("server_p384")
        with dial(made, server.port) as before:
            assert name_of(before.getpeercert()) == "server"  # nothing happens by itself
        tls.reload()
        with dial(made, server.port, session=session) as second:
            assert not second.session_reused
            assert name_of(second.getpeercert()) == "server_p384"
            assert talks(second)
            session = second.session
        with dial(made, server.port, session=session) as third:
            assert third.session_reused
        first.sendall(b"\x68\x04\x43\x00\x00\x00")
        assert first.recv(6) == b"\x68\x04\x83\x00\x00\x00"  # links that are open stay


@pytest.mark.parametrize("version", VERSIONS)
def test_the_client_shows_the_new_certificate(version, files, context, tls_station, connect):
    files.own("client")
    tls = files.security()
    station = tls_station(context(True, "server", version=version))
    connection, _ = connect(tls, station.port)
    wait_until(lambda: is_open(connection) and len(station.subjects) == 1)
    files.own("client2")
    drop(station)
    wait_until(lambda: is_open(connection) and len(station.subjects) == 2, 10)
    assert station.sessions_reused == [False, True]
    tls.reload()
    assert is_open(connection)
    drop(station)
    wait_until(lambda: is_open(connection) and len(station.subjects) == 3, 10)
    assert station.sessions_reused == [False, True, False]
    assert name_of(station.subjects[2]) == "client2"


@pytest.mark.parametrize("version", VERSIONS)
def test_a_client_that_is_revoked_later(version, files, context, serve, caplog, certs):
    files.own("server")
    tls = files.security()
    server = serve(tls)
    made = context(False, "revoked", version=version)
    with dial(made, server.port) as link:
        assert talks(link)
        session = link.session
    files.put(crl="ca.crl")
    tls.reload()
    with pytest.raises((OSError, AssertionError)), dial(made, server.port, session=session) as link:
        talks(link)
    refusal(certs, "'CN=revoked' is revoked", caplog)
    with dial(context(False, "client", version=version), server.port) as link:
        assert talks(link)


def test_a_server_that_is_revoked_later(files, context, tls_station, connect, caplog, certs):
    files.own("client")
    tls = files.security()
    station = tls_station(context(True, "revoked"))
    connection, _ = connect(tls, station.port)
    wait_until(lambda: is_open(connection))
    files.put(crl="ca.crl")
    tls.reload()
    drop(station)
    refusal(certs, "'CN=revoked' is revoked", caplog, 10)
    assert not connection.is_connected


def test_a_fresh_list_in_the_place_of_an_expired_one(files, context, serve, caplog, certs):
    files.own("server")
    files.put(crl="ca_expired.crl")
    tls = files.security()
    server = serve(tls)
    with pytest.raises((OSError, AssertionError)), dial(context(False, "client"), server.port) as link:
        talks(link)
    refusal(certs, "revocation list", caplog)
    files.put(crl="ca.crl")
    tls.reload()
    with dial(context(False, "client"), server.port) as link:
        assert talks(link)


BROKEN = [
    # what stands in which file, text of the error
    ({"crt": "garbage.crt"}, "own.crt.*neither a PEM nor a DER"),
    ({"crt": "empty.crt"}, "own.crt.*empty"),
    ({"crt": "client2.crt"}, "own.key.*does not belong"),  # the key has not come yet
    ({"key": "client_locked.key"}, "own.key.*Passphrase"),
    ({"ca": "damaged.crt"}, "ca.crt.*PEM text is damaged"),
    ({"crl": "client.key"}, "ca.crl.*no revocation list"),
]


@pytest.mark.parametrize("broken, text", BROKEN)
def test_a_broken_file_keeps_everything_of_the_server(broken, text, files, context, serve):
    files.own("server")
    tls = files.security()
    server = serve(tls)
    made = context(False, "client", ca="both_cas.crt", version="1.2")
    with dial(made, server.port) as link:
        assert talks(link)
        session = link.session
    files.own("server_p384")
    files.put(**broken)
    with pytest.raises(ValueError, match=text):
        tls.reload()
    with dial(made, server.port, session=session) as link:
        assert link.session_reused
        assert talks(link)
    with dial(made, server.port) as link:
        assert name_of(link.getpeercert()) == "server"
    files.own("server_p384")
    files.put(ca="both_cas.crt", crl="ca.crl")
    tls.reload()
    with dial(made, server.port) as link:
        assert name_of(link.getpeercert()) == "server_p384"


@pytest.mark.parametrize("broken, text", BROKEN)
def test_a_broken_file_keeps_everything_of_the_client(broken, text, files, context, tls_station, connect):
    files.own("client")
    tls = files.security()
    station = tls_station(context(True, "server", version="1.2"))
    connection, _ = connect(tls, station.port)
    wait_until(lambda: is_open(connection) and len(station.subjects) == 1)
    files.put(**broken)
    with pytest.raises(ValueError, match=text):
        tls.reload()
    drop(station)
    wait_until(lambda: is_open(connection) and len(station.subjects) == 2, 10)
    assert station.sessions_reused == [False, True]


def test_a_file_that_has_gone(files, serve, context):
    files.own("server")
    tls = files.security()
    server = serve(tls)
    (files.place / "own.crt").unlink()
    with pytest.raises(ValueError, match=r"own\.crt.*does not exist"):
        tls.reload()
    with dial(context(False, "client"), server.port) as link:
        assert talks(link)


def test_reload_of_a_configuration_that_nobody_has_yet(files, serve, context):
    files.own("server")
    tls = files.security()
    files.own("server_p384")
    tls.reload()
    tls.set_version()  # not frozen by it
    server = serve(tls)
    with dial(context(False, "client", ca="both_cas.crt"), server.port) as link:
        assert name_of(link.getpeercert()) == "server_p384"


def test_both_sides_of_one_configuration(files, serve, connect):
    files.own("server_p384")
    tls = files.security()
    server = serve(tls)
    connection, _ = connect(tls, server.port)
    wait_until(lambda: is_open(connection))
    assert connection.peer_certificate.subject == "CN=server_p384"
    files.own("server_rsa")
    tls.reload()
    connection.disconnect()
    connection.connect()
    wait_until(lambda: is_open(connection))
    assert connection.peer_certificate.subject == "CN=server_rsa"


def test_reload_while_masters_come_and_go(files, serve, context):
    """Eight threads connect, resumed and not, while the files are read again and again: nobody is refused."""
    files.own("server")
    tls = files.security()
    server = serve(tls)
    made = context(False, "client")
    done = threading.Event()
    errors = []

    def visit():
        session = None
        try:
            while not done.is_set():
                with dial(made, server.port, session=session) as link:
                    assert talks(link)
                    session = link.session
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=visit) for _ in range(8)]
    for thread in threads:
        thread.start()
    for turn in range(60):
        files.own("server_p384" if turn % 2 else "server")
        tls.reload()
    done.set()
    for thread in threads:
        thread.join(20)
    assert not errors


@pytest.mark.skipif(heap_in_use is None, reason=UNKNOWN)
def test_reloads_leave_nothing_behind(files, serve, connect):
    files.own("server_p384")
    tls = files.security()
    server = serve(tls)
    connection, _ = connect(tls, server.port)
    wait_until(lambda: is_open(connection))

    def reload(count):
        for turn in range(count):
            files.own("server_p384" if turn % 2 else "server_rsa")
            tls.reload()

    reload(50)
    before = heap_in_use()
    reload(200)
    assert heap_in_use() - before < 200 * 64  # a certificate has hundreds of octets, a snapshot thousands
    assert is_open(connection)
