# SPDX-License-Identifier: GPL-3.0-or-later
"""TLS with the c104 of PyPI. Its server with our Client; its client, which never completes a handshake, with our Server."""

import c104
import pytest
from support.peer import VARIABLE, peer_python
from support.ports import free_port
from support.tls import VERSIONS, dial, is_open, refusal, talks
from support.waiting import wait_until

pytestmark = pytest.mark.skipif(not peer_python(), reason=f"{VARIABLE} names no interpreter with c104 2.2.1 (make test does)")

SECURITY = """
import c104
def security(own, ca, version, allowed=None):
    tls = c104.TransportSecurity(validate=True, only_known=bool(allowed))
    tls.set_certificate(cert=own + ".crt", key=own + ".key")
    tls.set_ca_certificate(cert=ca)
    if allowed:
        tls.add_allowed_remote_certificate(cert=allowed)
    number = {"1.2": c104.TlsVersion.TLS_1_2, "1.3": c104.TlsVersion.TLS_1_3}[version]
    tls.set_version(min=number, max=number)
    return tls
order = hear()
"""
SERVER = (
    SECURITY
    + """
server = c104.Server(ip="127.0.0.1", port=order.pop("port"), transport_security=security(**order))
station = server.add_station(common_address=47)
station.add_point(io_address=11, type=c104.Type.M_ME_NC_1).value = 16.5
def on_receive(point: c104.Point, previous_info: c104.Information, message: c104.IncomingMessage) -> c104.ResponseState:
    say(command=point.value)
    return c104.ResponseState.SUCCESS
station.add_point(io_address=12, type=c104.Type.C_SE_NC_1).on_receive(callable=on_receive)
server.start()
say(started=True)
while hear() is not None:
    pass
server.stop()
"""
)
CLIENT = (
    SECURITY
    + """
client = c104.Client(transport_security=security(own=order["own"], ca=order["ca"], version=order["version"]))
connection = client.add_connection(ip="127.0.0.1", port=order["port"])
client.start()
say(started=True)
while hear() is not None:
    say(open=connection.is_connected)
client.stop()
"""
)


@pytest.fixture
def peer_server(make_snippet, certs):
    def make(own, ca, version, allowed=None):
        port = free_port()
        snippet = make_snippet(SERVER, python=peer_python())
        path = certs(allowed + ".crt") if allowed else None
        snippet.tell(port=port, own=certs(own), ca=certs(ca), version=version, allowed=path)
        assert snippet.ask() == {"started": True}
        return snippet, port

    return make


@pytest.fixture
def our_client(make_client):
    def make(security, port):
        client = make_client(transport_security=security)
        connection = client.add_connection(ip="127.0.0.1", port=port, init=c104.Init.INTERROGATION)
        station = connection.add_station(47)
        value = station.add_point(11, c104.Type.M_ME_NC_1)
        command = station.add_point(12, c104.Type.C_SE_NC_1)
        client.start()
        return connection, value, command

    return make


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("own, mine, listed", [("server", "client", False), ("server_rsa", "client_rsa", True)])
def test_our_client_with_the_peers_server(own, mine, listed, version, peer_server, our_client, security):
    """Both show a certificate; values and commands pass; a second link resumes or not, as the peer likes."""
    peer, port = peer_server(own, "both_cas.crt", version, mine if listed else None)
    tls = security(mine, allowed=[own], only_known=listed)
    tls.set_hostname_verification(True)
    connection, value, command = our_client(tls, port)
    for target in (1.5, 2.5):
        wait_until(lambda: is_open(connection), 10)
        assert connection.peer_certificate.subject == f"CN={own}"
        assert value.read()
        assert value.value == 16.5
        command.value = target
        assert command.transmit(c104.Cot.ACTIVATION)
        assert peer.ask() == {"command": target}
        connection.disconnect()
        connection.connect()


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("mine, allowed", [("foreign", None), ("expired", None), ("client2", "client")])
def test_the_peers_server_refuses_us(mine, allowed, version, peer_server, our_client, security, caplog, certs):
    _, port = peer_server("server", "both_cas.crt", version, allowed)
    connection, _, _ = our_client(security(mine), port)
    # A TLS 1.3 server judges after the client's handshake, and the peer's just closes then.
    wait_until(
        lambda: any(f"127.0.0.1:{port}" in r.getMessage() and "our certificate" in r.getMessage() for r in caplog.records)
    )
    assert not is_open(connection)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    "own, ca, reason",
    [
        ("foreign", "both_cas.crt", "not signed by a known CA"),
        ("expired", "both_cas.crt", "has expired on"),
        ("revoked", "both_cas.crt", "is revoked"),
    ],
)
def test_we_refuse_the_peers_server(own, ca, reason, version, peer_server, our_client, security, caplog, certs):
    _, port = peer_server(own, ca, version)
    tls = security("client")
    tls.add_revocation_list(certs("ca.crl"))
    connection, _, _ = our_client(tls, port)
    refusal(certs, reason, caplog, 10)
    assert not connection.is_connected


@pytest.mark.parametrize("version", VERSIONS)
def test_the_peers_client_does_not_harm_our_server(version, make_snippet, serve, security, context, certs, caplog):
    """It ends every handshake itself (mbedTLS -0x5D80: it sets no host name), whatever the server. Should it ever come up: the better."""
    server = serve(security("server"))
    snippet = make_snippet(CLIENT, python=peer_python())
    snippet.tell(own=certs("client"), ca=certs("both_cas.crt"), version=version, port=server.port)
    assert snippet.ask() == {"started": True}
    wait_until(lambda: server.has_open_connections or any("handshake" in r.getMessage() for r in caplog.records), 15)
    if not server.has_open_connections:
        assert "TLS handshake with 127.0.0.1:" in refusal(certs, "handshake", caplog)
    with dial(context(False, "client", version=version), server.port) as link:
        assert talks(link)
