# SPDX-License-Identifier: GPL-3.0-or-later
"""TLS of Client and Server against Python's ssl, openssl s_client and each other. The stream alone: native/tls_test.cpp."""

from __future__ import annotations

import contextlib
import datetime
import logging
import os
import shutil
import socket
import ssl
import subprocess
import time

import c104
import pytest
from support import apci
from support.tls import STARTDT, STARTDT_CON, VERSIONS, dial, is_open, read_frame, refusal, talks
from support.waiting import holds, readable, wait_until

pytest.importorskip("cryptography")

minutes = lambda count: datetime.timedelta(minutes=count)  # noqa: E731


# ------------------------------------------------------------------------------------------------ configuration


def test_the_class_and_its_defaults():
    tls = c104.TransportSecurity()
    assert repr(tls).startswith("<104.TransportSecurity validate=True, only_known=True at 0x")
    assert tls.set_version() is None
    assert tls.set_version(min=c104.TlsVersion.TLS_1_0, max=c104.TlsVersion.TLS_1_2) is None
    tls.set_renegotiation_time(minutes(5))
    tls.set_renegotiation_time(None)
    tls.set_resumption_interval(datetime.timedelta(seconds=1))
    tls.set_resumption_interval()
    tls.set_hostname_verification("station.example")
    tls.set_hostname_verification()
    tls.set_hostname_verification(None)
    tls.set_ciphers(ciphers=[c104.TlsCipher.TLS1_3_AES_128_GCM_SHA256, c104.TlsCipher.ECDHE_RSA_WITH_AES_128_GCM_SHA256])


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda t: t.set_renegotiation_time(minutes(4)), "out of range 5 minutes..1 day"),
        (lambda t: t.set_renegotiation_time(minutes(60 * 24 + 1)), "out of range 5 minutes..1 day"),
        (lambda t: t.set_resumption_interval(minutes(0)), "out of range 1 second..7 days"),
        (lambda t: t.set_resumption_interval(datetime.timedelta(days=8)), "out of range 1 second..7 days"),
        (lambda t: t.set_ciphers([]), "Missing value for allowed ciphers"),
        (lambda t: t.set_ciphers([c104.TlsCipher.RSA_WITH_NULL_SHA256]), "none of the cipher suites is available"),
        (lambda t: t.set_ciphers([c104.TlsCipher.PSK_WITH_AES_128_GCM_SHA256]), "none of the cipher suites is available"),
        (lambda t: t.set_version(max=c104.TlsVersion.TLS_1_1), "below TLS 1.2"),
        (lambda t: t.set_version(c104.TlsVersion.TLS_1_3, c104.TlsVersion.TLS_1_2), "above the maximum"),
        (lambda t: t.set_ca_certificate(""), "Missing value"),
        (lambda t: t.set_hostname_verification(""), "empty"),
    ],
)
def test_what_cannot_be_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call(c104.TransportSecurity())


@pytest.mark.parametrize(
    "call",
    [
        lambda t: t.set_renegotiation_time(5),
        lambda t: t.set_ciphers([1]),
        lambda t: t.set_ciphers(None),
        lambda t: t.set_ca_certificate(5),
        lambda t: t.set_hostname_verification(5),
        lambda t: c104.Client(transport_security=t.set_ciphers),
        lambda t: c104.Server(transport_security=4),
    ],
)
def test_wrong_types(call):
    with pytest.raises(TypeError):
        call(c104.TransportSecurity())


@pytest.mark.parametrize("name", ["missing.crt", "garbage.crt", "damaged.crt", "empty.crt", "client.key"])
def test_files_without_a_certificate(certs, name):
    tls = c104.TransportSecurity()
    for call in (
        tls.set_ca_certificate,
        tls.add_allowed_remote_certificate,
        lambda f: tls.set_certificate(f, certs("client.key")),
    ):
        with pytest.raises(ValueError, match=name):
            call(certs(name))


@pytest.mark.parametrize(
    "key, passphrase, message",
    [
        ("client2.key", "", "does not belong to the certificate"),
        ("server_rsa.key", "", "does not belong to the certificate"),
        ("garbage.crt", "", "neither a PEM nor a DER private key"),
        ("missing.key", "", "does not exist"),
        ("client_locked.key", "", "Passphrase required"),
        ("client_locked.key", "wrong", "passphrase is wrong"),
        ("client_legacy.key", "wrong", "passphrase is wrong"),
    ],
)
def test_keys_that_do_not_fit(certs, key, passphrase, message):
    with pytest.raises(ValueError, match=message) as caught:
        c104.TransportSecurity().set_certificate(certs("client.crt"), certs(key), passphrase)
    assert key in str(caught.value)


@pytest.mark.parametrize("key", ["client_legacy.key", "client_locked.key", "server_rsa_legacy.key"])
def test_every_wrong_passphrase_is_called_wrong(certs, key):
    """One in some hundred decrypts to what begins as a key does; how many do so depends on the key's random salt."""
    for number in range(1000):
        with pytest.raises(ValueError, match="passphrase is wrong"):
            c104.TransportSecurity().set_certificate(certs("client.crt"), certs(key), f"wrong{number}")


def test_paths_may_be_paths_and_not_ascii(certs, tmp_path):
    place = tmp_path / "Schlüssel"
    place.mkdir()
    shutil.copy(certs("ca.crt"), place / "Autorität.crt")
    c104.TransportSecurity().set_ca_certificate(place / "Autorität.crt")
    c104.TransportSecurity().set_ca_certificate(str(place / "Autorität.crt"))


def test_a_configuration_in_use_is_frozen(certs, security):
    of_server, of_client = security("server"), security("client")
    server = c104.Server(transport_security=of_server)
    client = c104.Client(transport_security=of_client)
    of_client.set_version()
    client.add_connection(ip="127.0.0.1", port=2404)
    for tls in (of_server, of_client):
        for call in (tls.set_version, tls.set_renegotiation_time, tls.set_resumption_interval, tls.set_hostname_verification):
            with pytest.raises(ValueError, match="can no longer be modified"):
                call()
        with pytest.raises(ValueError, match="can no longer be modified"):
            tls.set_ca_certificate(certs("ca.crt"))
    del server


def test_versions_and_ciphers_that_exclude_each_other():
    tls = c104.TransportSecurity()
    tls.set_version(min=c104.TlsVersion.TLS_1_3)
    tls.set_ciphers([c104.TlsCipher.ECDHE_RSA_WITH_AES_128_GCM_SHA256])
    with pytest.raises(ValueError, match="exclude each other"):
        c104.Server(transport_security=tls)


def test_what_will_refuse_everybody_is_warned_of(caplog, certs, make_server):
    make_server(transport_security=c104.TransportSecurity()).start()
    refusal(certs, "validate=True without a CA", caplog)
    refusal(certs, "only_known=True with no allowed", caplog)
    refusal(certs, "without certificate", caplog)


# ------------------------------------------------------------------------------------------------ links that come up


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("own", ["server", "server_rsa", "server_p384", "server_chain"])
def test_client_to_python_ssl(own, version, security, context, tls_station, connect):
    station = tls_station(context(True, own, ca="both_cas.crt"))
    connection, point = connect(security("client", version=version), station.port)
    wait_until(lambda: is_open(connection) and point.value is True)
    assert station.links[0].version() == "TLSv" + version
    assert station.subjects[0]["subject"] == ((("commonName", "client"),),)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("own, client", [("server", "client"), ("server_rsa", "client_rsa"), ("server_p384", "client_rsa")])
def test_python_ssl_to_server(own, client, version, security, context, serve):
    server = serve(security(own))
    with dial(context(False, client, ca="both_cas.crt", version=version), server.port) as link:
        assert link.version() == "TLSv" + version
        assert talks(link)
        assert server.open_connection_count == 1
    wait_until(lambda: server.open_connection_count == 0)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("own, mine", [("server", "client"), ("server_rsa", "client_rsa")])
def test_client_to_server(own, mine, version, security, serve, connect):
    server = serve(security(own, allowed=[mine], only_known=True))
    connection, point = connect(security(mine, allowed=[own], only_known=True, version=version), server.port)
    wait_until(lambda: is_open(connection))
    assert connection.interrogation(1)
    assert point.value is True


def test_one_configuration_for_both_sides(security, serve, connect):
    tls = security("server_p384")
    connection, _ = connect(tls, serve(tls).port)
    wait_until(lambda: is_open(connection))


def test_startdt_in_the_same_breath_as_the_handshake(security, context, serve):
    """Octets behind the last handshake message raise no event of the poller."""
    server = serve(security("server"))
    made = context(False, "client", version="1.2")
    for _ in range(5):
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        link = made.wrap_bio(incoming, outgoing)
        with socket.create_connection(("127.0.0.1", server.port), timeout=5) as plain:
            while True:
                try:
                    link.do_handshake()
                    break
                except ssl.SSLWantReadError:
                    plain.sendall(outgoing.read())
                    incoming.write(plain.recv(65536))
            link.write(STARTDT)
            plain.sendall(outgoing.read())
            answer = b""
            while len(answer) < 6:
                try:
                    answer += link.read(100)
                except ssl.SSLWantReadError:
                    incoming.write(plain.recv(65536))
            assert answer == STARTDT_CON


def test_a_lot_of_data(security, make_server, connect):
    """Records of many APDUs, both directions, and a reader that lags."""
    server = make_server(transport_security=security("server"))
    station = server.add_station(1)
    for address in range(1, 20001):
        station.add_point(address, c104.Type.M_ME_NC_1).value = address / 2
    server.start()
    connection, _ = connect(security("client"), server.port)
    wait_until(lambda: is_open(connection))
    remote = connection.get_station(1)
    remote.remove_point(11)
    for _ in range(3):
        assert connection.interrogation(1)
        assert remote.get_point(20000).value == 10000.0
        assert len(remote.points) == 20000


@pytest.mark.skipif(not shutil.which("openssl"), reason="no openssl")
@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("own", ["server", "server_rsa"])
def test_openssl_s_client(own, version, security, serve, certs):
    server = serve(security(own))
    command = ["openssl", "s_client", "-connect", f"127.0.0.1:{server.port}", "-cert", certs("client.crt"), "-key", certs("client.key"),
               "-CAfile", certs("both_cas.crt"), "-verify_return_error", "-quiet", f"-tls{version.replace('.', '_')}"]  # fmt: skip
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdin.write(STARTDT)
        process.stdin.flush()
        answer = process.stdout.read(6)
        process.kill()
        assert answer == STARTDT_CON, process.stderr.read().decode()


@pytest.mark.parametrize("version", VERSIONS)
def test_resumption_with_python_ssl(version, security, context, serve, tls_station, connect):
    server = serve(security("server"))
    made = context(False, "client", version=version)
    with dial(made, server.port) as first:
        assert talks(first)
        session = first.session
        assert not first.session_reused
    with dial(made, server.port, session=session) as second:
        assert second.session_reused
        assert talks(second)
    # Another server does not know the session.
    with dial(made, serve(security("server")).port, session=session) as third:
        assert not third.session_reused
        assert talks(third)
    station = tls_station(context(True, "server", ca="both_cas.crt", version=version))
    connection, point = connect(security("client"), station.port)
    wait_until(lambda: point.value is True)
    station.links[0].shutdown(socket.SHUT_RDWR)
    wait_until(lambda: len(station.sessions_reused) >= 2 and is_open(connection), 10)
    assert station.sessions_reused[:2] == [False, True]


def test_no_resumption_when_switched_off(security, context, serve):
    tls = security("server")
    tls.set_resumption_interval(None)
    server = serve(tls)
    made = context(False, "client", version="1.2")
    with dial(made, server.port) as first:
        assert talks(first)
        session = first.session
    with dial(made, server.port, session=session) as second:
        assert not second.session_reused


# ------------------------------------------------------------------------------------------------ whom to trust

# validate, only_known, CA, allowed, partner, text of the refusal (None: accepted)
TRUST = [
    (True, False, "ca.crt", [], "partner", None),
    (True, False, "ca.crt", [], "foreign", "not signed by a known CA"),
    (True, False, "ca.crt", [], "selfsigned", "not signed by a known CA"),
    (True, False, "ca.crt", [], "expired", "has expired on"),
    (True, False, "ca.crt", [], "future", "is not valid before"),
    (True, False, None, [], "partner", "there is no CA certificate"),
    (True, True, "ca.crt", ["partner"], "partner", None),
    (True, True, "ca.crt", ["partner"], "other", "not in the list of allowed certificates"),
    (True, True, "ca.crt", [], "partner", "not in the list of allowed certificates, which is empty"),
    (True, True, "ca.crt", ["foreign"], "foreign", "not signed by a known CA"),
    (True, True, "ca.crt", ["expired"], "expired", "has expired on"),
    (False, True, "ca.crt", ["partner"], "partner", None),
    (False, True, None, ["partner"], "partner", None),
    (False, True, None, ["foreign"], "foreign", None),
    (False, True, None, ["selfsigned"], "selfsigned", None),
    (False, True, "ca.crt", ["expired"], "expired", None),
    (False, True, "ca.crt", ["partner"], "other", "not in the list of allowed certificates"),
    (False, True, None, [], "partner", "not in the list of allowed certificates, which is empty"),
    (False, False, None, [], "partner", None),
    (False, False, "ca.crt", [], "foreign", None),
    (False, False, None, [], "expired", None),
    (False, False, None, [], "selfsigned", None),
]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("validate, only_known, ca, allowed, partner, reason", TRUST)
def test_server_judges_client(
    validate, only_known, ca, allowed, partner, reason, version, security, context, serve, certs, caplog
):
    names = {"partner": "client", "other": "client2"}
    allowed = [names.get(each, each) for each in allowed]
    server = serve(security("server", ca, allowed, validate, only_known))
    made = context(False, names.get(partner, partner), version=version)
    if reason is None:
        with dial(made, server.port) as link:
            assert talks(link)
        return
    with pytest.raises((OSError, AssertionError)), dial(made, server.port) as link:
        talks(link)
    line = refusal(certs, reason, caplog)
    assert "127.0.0.1" in line
    assert server.open_connection_count == 0


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("validate, only_known, ca, allowed, partner, reason", TRUST)
def test_client_judges_server(
    validate, only_known, ca, allowed, partner, reason, version, security, context, tls_station, connect, certs, caplog
):
    names = {"partner": "server", "other": "server_p384"}
    allowed = [names.get(each, each) for each in allowed]
    station = tls_station(context(True, names.get(partner, partner), version=version))
    connection, point = connect(security("client", ca, allowed, validate, only_known), station.port)
    if reason is None:
        wait_until(lambda: is_open(connection) and point.value is True)
        return
    refusal(certs, reason, caplog)
    assert not connection.is_connected


@pytest.mark.parametrize("version", VERSIONS)
def test_client_without_certificate(version, security, context, serve, certs, caplog):
    for validate, only_known in ((True, False), (True, True), (False, True)):
        caplog.clear()
        server = serve(security("server", "ca.crt", ["client"], validate, only_known))
        with pytest.raises((OSError, AssertionError)), dial(context(False, version=version), server.port) as link:
            talks(link)
        refusal(certs, "has sent no certificate", caplog)
    server = serve(security("server", validate=False, only_known=False))
    with dial(context(False, version=version), server.port) as link:
        assert talks(link)


@pytest.mark.parametrize("version", VERSIONS)
def test_key_usage(version, security, context, serve, tls_station, connect, certs, caplog):
    server = serve(security("server_p384"))
    with pytest.raises((OSError, AssertionError)), dial(context(False, "server", version=version), server.port) as link:
        talks(link)
    refusal(certs, "is not meant for a TLS client", caplog)


@pytest.mark.parametrize("version", VERSIONS)
def test_the_refused_client_says_why(version, security, context, serve, tls_station, connect, certs, caplog):
    """What the partner thinks of our certificate reaches the log, and is tried again in vain."""
    server = serve(security("server", "ca.crt"))
    connection, _ = connect(security("foreign", version=version), server.port)
    refusal(certs, "does not know the authority that signed our certificate", caplog)
    refusal(certs, "issuer 'CN=Foreign CA'", caplog)
    station = tls_station(context(True, "server", ca="ca.crt", version=version))
    caplog.clear()
    connect(security("client_rsa", version=version), station.port)
    refusal(certs, "unknown_ca", caplog)
    assert not connection.is_connected


def test_one_warning_for_a_partner_that_stays_refused(security, context, tls_station, connect, caplog):
    caplog.set_level(logging.INFO)
    station = tls_station(context(True, "foreign"))
    connect(security("client", version="1.2"), station.port)
    wait_until(lambda: len(station.errors) >= 3, 10)
    assert (
        len([r for r in caplog.records if "not signed by a known CA" in r.getMessage() and r.levelno >= logging.WARNING]) == 1
    )


# ------------------------------------------------------------------------------------------------ names, versions, ciphers


@pytest.mark.parametrize(
    "name, good",
    [("localhost", True), ("station.example", True), ("a.wild.example", True), ("127.0.0.1", True), (True, True), (None, True),
     ("::1", True), ("xn--mnchen-3ya.example", True), ("XN--MNCHEN-3YA.example", True), ("STATION.EXAMPLE", True),
     ("::2", False), ("xn--mnchen-3yb.example", False),
     ("other.example", False), ("wild.example", False), ("a.b.wild.example", False), ("127.0.0.2", False), ("server", False)],
)  # fmt: skip
@pytest.mark.parametrize("validate", [True, False])
def test_hostname(name, good, validate, security, context, tls_station, connect, certs, caplog):
    station = tls_station(context(True, "server", ca="both_cas.crt"))
    tls = security("client", validate=validate)
    tls.set_hostname_verification(name)
    connection, _ = connect(tls, station.port)
    if good:
        wait_until(lambda: is_open(connection))
    else:
        refusal(certs, f"is not made out to the host name '{name}'", caplog)


def test_hostname_of_the_connection(security, context, tls_station, connect, certs, caplog):
    tls = security("client")
    tls.set_hostname_verification()
    station = tls_station(context(True, "server", ca="both_cas.crt"))
    connection, _ = connect(tls, station.port, host="localhost")
    wait_until(lambda: is_open(connection))
    nameless = tls_station(context(True, "client2", ca="both_cas.crt"))
    tls = security("client")
    tls.set_hostname_verification(True)
    connect(tls, nameless.port)
    refusal(certs, "is not made out to the host name '127.0.0.1'", caplog)


def test_no_common_version(security, context, serve, tls_station, connect, certs, caplog):
    server = serve(security("server", version="1.3"))
    with pytest.raises(OSError), dial(context(False, "client", version="1.2"), server.port) as link:
        talks(link)
    refusal(certs, "no common TLS version", caplog)
    station = tls_station(context(True, "server", version="1.2"))
    connect(security("client", version="1.3"), station.port)
    refusal(certs, "does not speak a TLS version that we allow", caplog)


def test_ciphers(security, context, serve, certs, caplog):
    tls = security("server")
    tls.set_ciphers([c104.TlsCipher.ECDHE_ECDSA_WITH_AES_256_GCM_SHA384])
    server = serve(tls)
    with dial(context(False, "client"), server.port) as link:
        assert link.cipher()[0] == "ECDHE-ECDSA-AES256-GCM-SHA384"
        assert link.version() == "TLSv1.2"  # the list has nothing for 1.3
        assert talks(link)
    made = context(False, "client", version="1.2")
    made.set_ciphers("ECDHE-ECDSA-AES128-GCM-SHA256")
    with pytest.raises(OSError), dial(made, server.port) as link:
        talks(link)
    refusal(certs, "no common cipher suite", caplog)


def test_no_null_cipher_by_default(security, context, serve):
    server = serve(security("server_rsa", validate=False))
    made = context(False, version="1.2")
    try:
        made.set_ciphers("eNULL:aNULL:@SECLEVEL=0")
    except ssl.SSLError:
        pytest.skip("this OpenSSL has no NULL ciphers")
    with pytest.raises(OSError), dial(made, server.port) as link:
        talks(link)


# ------------------------------------------------------------------------------------------------ strangers


def test_plain_client_on_a_tls_port(security, serve, certs, caplog):
    server = serve(security("server"))
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as plain:
        plain.sendall(STARTDT)
        refusal(certs, "speaks plain IEC 60870-5-104 on this TLS port", caplog)
        plain.settimeout(5)
        while plain.recv(100):
            pass
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as plain:
        plain.sendall(b"GET / HTTP/1.1\r\n\r\n")
        refusal(certs, "does not speak TLS on this port", caplog)


def test_our_plain_client_on_a_tls_port(security, serve, make_client, certs, caplog):
    server = serve(security("server"))
    client = make_client()
    connection = client.add_connection(ip="127.0.0.1", port=server.port, init=c104.Init.NONE)
    client.start()
    refusal(certs, "speaks plain IEC 60870-5-104", caplog)
    assert not is_open(connection)


def test_tls_client_on_a_plain_port(security, make_server, connect, certs, caplog):
    server = make_server()
    server.start()
    connection, _ = connect(security("client"), server.port)
    refusal(certs, "its port may be one without TLS", caplog)
    assert not connection.is_connected


def test_silent_server(security, make_client, certs, caplog):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        client = make_client(transport_security=security("client"))
        connection = client.add_connection(ip="127.0.0.1", port=listener.getsockname()[1], init=c104.Init.NONE)
        connection.protocol_parameters.connection_timeout = 1
        client.start()
        line = refusal(certs, "the partner does not answer the TLS handshake", caplog)
        assert "within 1 s (t0)" in line
        began = time.monotonic()
        client.stop()
        assert time.monotonic() - began < 1


def test_silent_clients_delay_nobody(security, context, serve, certs, caplog):
    server = serve(security("server"), parameters=2)
    half = socket.create_connection(("127.0.0.1", server.port), timeout=5)  # first: only the first ten have a line of their own
    half.sendall(b"\x16\x03\x01\x02\x00\x01\x00")
    silent = [socket.create_connection(("127.0.0.1", server.port), timeout=5) for _ in range(20)]
    began = time.monotonic()
    made = context(False, "client")
    for _ in range(5):
        with dial(made, server.port) as link:
            assert talks(link)
    assert time.monotonic() - began < 1.5
    refusal(certs, "within t0: the partner does not answer the TLS handshake", caplog)
    refusal(certs, "within t0: the partner does not complete the TLS handshake", caplog)
    for plain in [*silent, half]:
        plain.settimeout(5)
        try:
            while plain.recv(100):
                pass
        except ConnectionResetError:
            pass
        plain.close()


def test_a_crowd_of_handshakes_delays_nobody(security, context, serve):
    """Some of them are gone on with in each turn; who is connected is answered in each, and not after all of them."""
    server = serve(security("server"))
    octets = ssl.MemoryBIO()
    with pytest.raises(ssl.SSLWantReadError):
        context(False, "client").wrap_bio(ssl.MemoryBIO(), octets).do_handshake()
    client_hello = octets.read()
    with dial(context(False, "client"), server.port) as link, contextlib.ExitStack() as stack:
        assert talks(link)
        crowd = [stack.enter_context(socket.create_connection(("127.0.0.1", server.port), 5)) for _ in range(300)]
        for one in crowd:
            one.sendall(client_hello)
        for _ in range(3):
            link.sendall(apci.u_frame(apci.TESTFR_ACT))
            assert read_frame(link) == apci.u_frame(apci.TESTFR_CON)
        assert len(readable(crowd)) < len(crowd)
        wait_until(lambda: len(readable(crowd)) == len(crowd), 20)


def test_many_handshakes_at_once(security, serve, make_client):
    server = serve(security("server"))
    client = make_client(transport_security=security("client"))
    for number in range(1, 101):
        client.add_connection(ip=f"127.0.0.{number}", port=server.port, init=c104.Init.NONE)
    server.stop()
    server = None
    tls = security("server")
    port = client.connections[0].port
    everywhere = c104.Server(ip="0.0.0.0", port=port, transport_security=tls)
    everywhere.start()
    client.start()
    wait_until(lambda: client.active_connection_count == 100, 20)
    assert everywhere.open_connection_count == 100
    client.stop()
    everywhere.stop()


def test_noise_instead_of_records(security, context, serve):
    """Whatever comes, the server stays."""
    server = serve(security("server"))
    made = context(False, "client")
    for size in (1, 5, 6, 50, 500, 5000, 20000):
        for start in (b"\x16\x03\x01", b"\x16\x03\x03\x40\x00", b"\x15\x03\x03\x00\x02", b"\x80", b"\x17\x03\x03"):
            with socket.create_connection(("127.0.0.1", server.port), timeout=5) as plain:
                try:
                    plain.sendall(start + os.urandom(size))
                except OSError:
                    pass
    with dial(made, server.port) as link:
        assert talks(link)
        # In the middle of a link, behind TLS's back.
        plain = socket.socket(fileno=os.dup(link.fileno()))
        plain.sendall(b"\x17\x03\x03\x00\x20" + os.urandom(32))
        plain.close()
        with pytest.raises((OSError, AssertionError)):
            assert holds(lambda: read_frame(link), 2)
    wait_until(lambda: server.open_connection_count == 0)
    with dial(made, server.port) as link:
        assert talks(link)
