# SPDX-License-Identifier: GPL-3.0-or-later
"""Revocation lists, the sizes of keys, and what is told of a partner's certificate: Client and Server against Python's ssl."""

import datetime
import socket

import c104
import pytest
from support.tls import VERSIONS, dial, is_open, refusal, talks
from support.waiting import wait_until

x509 = pytest.importorskip("cryptography.x509")


@pytest.fixture
def refused_by_server(serve, context, certs, caplog):
    """refused_by_server(tls, "client", version, text): the partner gets nowhere, and the log says why."""

    def check(tls, own, version, text):
        server = serve(tls)
        made = context(False, version=version)
        made.set_ciphers("DEFAULT:@SECLEVEL=0")  # OpenSSL would not show a small key
        made.load_cert_chain(certs(own + ".crt"), certs(own + ".key"))
        with pytest.raises((OSError, AssertionError)), dial(made, server.port) as link:
            talks(link)
        assert "127.0.0.1" in refusal(certs, text, caplog)
        assert server.open_connection_count == 0

    return check


@pytest.fixture
def refused_by_client(connect, tls_station, context, certs, caplog):
    def check(tls, own, version, text):
        made = context(True, version=version, ask=False)
        made.set_ciphers("DEFAULT:@SECLEVEL=0")
        made.load_cert_chain(certs(own + ".crt"), certs(own + ".key"))
        connection, _ = connect(tls, tls_station(made).port)
        assert "127.0.0.1" in refusal(certs, text, caplog)
        assert not connection.is_connected

    return check


# ------------------------------------------------------------------------------------------------ revocation lists

REVOKED = [
    # list, partner, text of the refusal
    ("ca.crl", "revoked", "'CN=revoked' is revoked"),
    ("ca_expired.crl", "revoked", "'CN=revoked' is revoked"),
    ("ca_expired.crl", "server_p384", "the revocation list of 'CN=Test CA' has expired (see add_revocation_list and reload)"),
]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("crl, partner, text", REVOKED)
def test_revoked_clients_are_refused(crl, partner, text, version, security, certs, refused_by_server):
    tls = security("server")
    tls.add_revocation_list(certs(crl))
    refused_by_server(tls, partner, version, text)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("crl, partner, text", REVOKED)
def test_revoked_servers_are_refused(crl, partner, text, version, security, certs, refused_by_client):
    tls = security("client")
    tls.add_revocation_list(crl=certs(crl))
    refused_by_client(tls, partner, version, text)


@pytest.mark.parametrize("version", VERSIONS)
def test_who_is_not_revoked_is_served(version, security, context, serve, tls_station, connect, certs):
    """The same authority, and one that has no list."""
    tls = security("server")
    tls.add_revocation_list(certs("ca.crl"))
    tls.add_revocation_list(certs("foreign_ca.crl"))
    server = serve(tls)
    for own in ("client", "client_rsa"):
        with dial(context(False, own, version=version), server.port) as link:
            assert talks(link)
    tls = security("client")
    tls.add_revocation_list(certs("ca.crl"))
    connection, _ = connect(tls, tls_station(context(True, "server", version=version)).port)
    wait_until(lambda: is_open(connection))


def test_an_expired_list_is_warned_of_when_it_is_read(security, certs, caplog, serve):
    serve(security("server"))  # somebody has to run for lines to be logged
    security("server").add_revocation_list(certs("ca_expired.crl"))
    line = refusal(certs, "has expired on", caplog)
    assert "ca_expired.crl" in line and "'CN=Test CA'" in line and "are refused" in line


def test_lists_without_validation_are_warned_of(security, certs, caplog, serve):
    tls = security("server", validate=False)
    tls.add_revocation_list(certs("ca.crl"))
    serve(tls)
    refusal(certs, "revocation lists have no effect with validate=False", caplog)


@pytest.mark.parametrize("name", ["missing.crl", "garbage.crt", "empty.crt", "ca.crt", "client.key"])
def test_files_without_a_list(certs, name):
    with pytest.raises(ValueError, match="revocation list file '.*" + name):
        c104.TransportSecurity().add_revocation_list(certs(name))


# ------------------------------------------------------------------------------------------------ sizes of keys

SMALL = [
    # rsa, ec, CA, partner, its authority, what is said of the limits
    (2048, 256, "ca.crt", "weak", "Test CA", "RSA needs 2048 bits, EC 256"),
    (3072, 256, "both_cas.crt", "client_rsa", "RSA CA", "RSA needs 3072 bits, EC 256"),
    (2048, 384, "ca.crt", "client2", "Test CA", "RSA needs 2048 bits, EC 384"),
    (2048, 256, "weak_ca.crt", "of_weak_ca", "Weak CA", "RSA needs 2048 bits, EC 256"),
]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("rsa, ec, ca, partner, issuer, limits", SMALL)
def test_small_keys_of_clients(rsa, ec, ca, partner, issuer, limits, version, security, refused_by_server, caplog, certs):
    if (partner, version) == ("weak", "1.3"):
        pytest.skip(
            "TLS 1.3 signs with RSA-PSS and SHA-512, for which 1024 bits are too few: OpenSSL cannot show the certificate"
        )
    tls = security("server", ca)
    tls.set_minimum_key_sizes(rsa, ec)
    refused_by_server(tls, partner, version, limits)
    assert f"certificate 'CN={partner}', or that of its issuer 'CN={issuer}', has a key that is too weak" in refusal(
        certs, limits, caplog
    )


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("rsa, ec, ca, partner, issuer, limits", SMALL)
def test_small_keys_of_servers(rsa, ec, ca, partner, issuer, limits, version, security, refused_by_client, caplog, certs):
    if (partner, version) == ("weak", "1.3"):
        pytest.skip(
            "TLS 1.3 signs with RSA-PSS and SHA-512, for which 1024 bits are too few: OpenSSL cannot show the certificate"
        )
    tls = security("client", ca)
    tls.set_minimum_key_sizes(rsa=rsa, ec=ec)
    refused_by_client(tls, partner, version, limits)
    assert f"certificate 'CN={partner}', or that of its issuer 'CN={issuer}', has a key that is too weak" in refusal(
        certs, limits, caplog
    )


def test_keys_that_are_large_enough(security, context, serve):
    tls = security("server_p384")
    tls.set_minimum_key_sizes(rsa=2048, ec=256)
    server = serve(tls)
    for own in ("client", "client_rsa"):
        with dial(context(False, own), server.port) as link:
            assert talks(link)


@pytest.mark.parametrize("sizes", [{"rsa": 1023}, {"rsa": 8193}, {"ec": 255}, {"ec": 522}, {"rsa": -1}, {"rsa": 2**40}])
def test_sizes_out_of_range(sizes):
    ((name, value),) = sizes.items()
    with pytest.raises(ValueError, match=f"{name}.*{value}"):
        c104.TransportSecurity().set_minimum_key_sizes(**sizes)


# ------------------------------------------------------------------------------------------------ the partner's certificate


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("own", ["server", "server_rsa"])
def test_the_certificate_of_the_server(own, version, security, context, tls_station, connect, certs):
    station = tls_station(context(True, own, version=version))
    client = security("client")
    connection, _ = connect(client, station.port)
    wait_until(lambda: is_open(connection))
    with open(certs(own + ".crt"), "rb") as file:
        expected = x509.load_pem_x509_certificate(file.read())
    utc = datetime.timezone.utc

    def check():
        seen = connection.peer_certificate
        assert seen.subject == f"CN={own}"
        assert seen.issuer == ("CN=Test CA" if own == "server" else "CN=RSA CA")
        assert int(seen.serial_number, 16) == expected.serial_number
        from cryptography.hazmat.primitives import hashes

        assert seen.fingerprint == expected.fingerprint(hashes.SHA256()).hex()
        assert seen.not_before == getattr(expected, "not_valid_before_utc", None) or expected.not_valid_before.replace(
            tzinfo=utc
        )
        assert seen.not_after == getattr(expected, "not_valid_after_utc", None) or expected.not_valid_after.replace(tzinfo=utc)
        assert seen.not_after.tzinfo is utc
        assert repr(seen).startswith(f"<104.PeerCertificate subject=CN={own}, fingerprint={seen.fingerprint} at 0x")
        with pytest.raises(AttributeError):
            seen.subject = "CN=other"
        return seen

    kept = check()
    # Again by a session that is resumed, which brings no certificate.
    station.links[0].shutdown(socket.SHUT_RDWR)
    wait_until(lambda: len(station.sessions_reused) == 2 and is_open(connection), 10)
    assert station.sessions_reused == [False, True]
    check()
    connection.disconnect()
    assert connection.peer_certificate is None
    assert kept.subject == f"CN={own}"  # a value, which stays


@pytest.mark.parametrize("version", VERSIONS)
def test_the_certificate_of_a_client(version, security, context, serve):
    server = serve(security("server"))
    with dial(context(False, "client", version=version), server.port) as link:
        assert talks(link)
        (connection,) = server.connections
        seen = connection.peer_certificate
        assert (seen.subject, seen.issuer) == ("CN=client", "CN=Test CA")
    wait_until(lambda: not connection.is_connected)
    assert connection.peer_certificate.fingerprint == seen.fingerprint  # stays


def test_no_certificate_of_a_client_without_tls(server, make_master):
    server.start()
    make_master(server.port)
    assert server.connections[0].peer_certificate is None


def test_no_certificate_without_tls(make_client, station):
    client = make_client()
    connection = client.add_connection(ip="127.0.0.1", port=station.port, init=c104.Init.NONE)
    assert connection.peer_certificate is None
    client.start()
    wait_until(lambda: is_open(connection))
    assert connection.peer_certificate is None


def test_certificates_are_not_made_by_hand():
    with pytest.raises(TypeError):
        c104.PeerCertificate()


@pytest.mark.parametrize("version", VERSIONS)
def test_the_server_logs_who_has_connected(version, security, context, serve, caplog, certs):
    caplog.set_level("INFO", "c104")
    server = serve(security("server"))
    made = context(False, "client", version=version)
    with dial(made, server.port) as link:
        assert talks(link)
        session = link.session
    refusal(certs, "connected with the certificate 'CN=client'", caplog)
    wait_until(lambda: server.open_connection_count == 0)
    caplog.clear()
    with dial(made, server.port, session=session) as link:
        assert talks(link) and link.session_reused
        refusal(certs, "connected with the certificate 'CN=client'", caplog)
