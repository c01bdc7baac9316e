# SPDX-License-Identifier: GPL-3.0-or-later
"""What a server refuses: addresses, numbers of connections, silence, answers that nobody takes, floods. Each is counted and logged."""

from __future__ import annotations

import ipaddress
import logging
import socket
import threading
from typing import Any, Callable, Dict, Iterator

import c104
import pytest
from support import apci, asdu
from support.certificates import write_all
from support.master import RawMaster
from support.numbers import counted
from support.waiting import holds, wait_until

MakeMaster = Callable[..., RawMaster]
MakeServer = Callable[..., c104.Server]


def refusals(server: c104.Server) -> Dict[str, int]:
    return counted(server.counters["connections_refused_by_reason"])


@pytest.fixture
def running(server: c104.Server) -> c104.Server:
    server.add_station(common_address=1)
    server.start()
    return server


def refused_as(server: c104.Server, master: RawMaster, reason: str, caplog: pytest.LogCaptureFixture, text: str) -> None:
    assert master.wait_closed()
    assert refusals(server) == {reason: 1}
    assert server.counters["connections_refused"] == 1
    wait_until(lambda: text in caplog.text, 5, f"no line with {text!r}: {caplog.text}")


# Bad arguments.


@pytest.mark.parametrize(
    "name, value, said",
    [
        ("max_connections_per_address", -1, "max_connections_per_address -1"),
        ("max_pending_connections", 0, "1..65535"),
        ("max_pending_connections", 65536, "1..65535"),
        ("startdt_timeout_ms", -1, "startdt_timeout_ms -1"),
        ("max_apdus_per_second", 1 << 32, "0..4294967295"),
        ("max_answer_octets", 4095, "4096"),
        ("allowed_networks", ["192.0.2.1/24"], "192.0.2.1/24 has host bits set"),
        ("allowed_networks", ["localhost"], "'localhost' does not appear to be"),
    ],
)
def test_impossible_limits_raise_at_the_call(server: c104.Server, name: str, value: Any, said: str) -> None:
    before = getattr(server, name)
    with pytest.raises(ValueError, match=name) as raised:
        setattr(server, name, value)
    assert said in str(raised.value)
    assert getattr(server, name) == before


@pytest.mark.parametrize("value", ["192.0.2.0/24", b"1234", [5], [b"1234"], 5])
def test_what_is_no_list_of_networks_is_a_type_error(server: c104.Server, value: Any) -> None:
    with pytest.raises(TypeError):
        server.allowed_networks = value
    assert server.allowed_networks is None


def test_limits_are_off_or_wide_by_default(server: c104.Server) -> None:
    assert server.max_connections_per_address == server.startdt_timeout_ms == server.max_apdus_per_second == 0
    assert (server.max_pending_connections, server.max_answer_octets) == (1024, 8 << 20)
    assert server.allowed_networks is None


# Addresses.


def test_networks_read_as_they_are_written(server: c104.Server) -> None:
    server.allowed_networks = ["192.0.2.10", "10.0.0.0/255.0.0.0", ipaddress.ip_network("2001:db8::/32"), "::1"]
    assert server.allowed_networks == ["192.0.2.10/32", "10.0.0.0/8", "2001:db8::/32", "::1/128"]
    server.allowed_networks = ()
    assert server.allowed_networks == []


@pytest.mark.parametrize(
    "networks, welcome",
    [
        (None, True),
        ([], False),
        (["127.0.0.1"], True),
        (["127.0.0.0/31"], True),
        (["127.0.0.2/31"], False),
        (["192.0.2.0/24", "127.0.0.0/8"], True),
        (["0.0.0.0/0"], True),
        (["::ffff:127.0.0.1"], True),
        (["::ffff:127.0.0.0/104"], True),
        (["::/0"], True),
        (["::1", "2001:db8::/32"], False),
        (["126.0.0.0/7"], True),
        (["128.0.0.0/1"], False),
    ],
)
def test_an_address_is_allowed_or_not(
    running: c104.Server, make_master: MakeMaster, caplog: pytest.LogCaptureFixture, networks: Any, welcome: bool
) -> None:
    running.allowed_networks = networks
    if welcome:
        make_master(running.port).testfr()
        assert refusals(running) == {}
    else:
        refused_as(running, make_master(running.port, started=False), "not_allowed", caplog, "the address is not allowed")


def test_ipv6_addresses_are_allowed_or_not(make_server: MakeServer, make_master: MakeMaster) -> None:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("this machine has no IPv6 loopback")
    server = make_server(ip="::1", port=0)
    server.allowed_networks = ["::/127"]
    server.start()
    make_master(server.port, ip="::1").testfr()
    server.allowed_networks = ["2001:db8::/32"]
    assert make_master(server.port, ip="::1", started=False).wait_closed()
    assert refusals(server) == {"not_allowed": 2}


def test_an_ipv4_client_of_an_ipv6_server_is_its_ipv4_address(make_server: MakeServer, make_master: MakeMaster) -> None:
    try:
        server = make_server(ip="::", port=0)
        server.allowed_networks = ["127.0.0.0/8"]
        server.start()
        make_master(server.port).testfr()
    except OSError:
        pytest.skip("this machine has no socket for both IPv4 and IPv6")
    assert [one.ip for one in server.connections] == ["127.0.0.1"]


def test_who_is_not_allowed_any_more_is_disconnected(running: c104.Server, make_master: MakeMaster) -> None:
    masters = [make_master(running.port) for _ in range(3)]
    running.allowed_networks = ["127.0.0.1", "10.0.0.0/8"]
    assert holds(lambda: running.open_connection_count == 3)
    running.allowed_networks = ["10.0.0.0/8"]
    assert running.open_connection_count == 0
    assert all(master.wait_closed() for master in masters)
    assert refusals(running) == {"not_allowed": 3}
    running.allowed_networks = None
    make_master(running.port).testfr()


# Numbers of connections.


def test_too_many_connections(running: c104.Server, make_master: MakeMaster, caplog: pytest.LogCaptureFixture) -> None:
    running.max_connections = 2
    for _ in range(2):
        make_master(running.port)
    last = make_master(running.port, started=False)
    refused_as(running, last, "max_connections", caplog, "refused: 2 of 2 connections are open")


def test_too_many_connections_of_one_address(
    make_server: MakeServer, make_master: MakeMaster, caplog: pytest.LogCaptureFixture
) -> None:
    server = make_server(ip="0.0.0.0")
    server.max_connections_per_address = 2
    server.start()
    first, _ = make_master(server.port), make_master(server.port)
    last = make_master(server.port, started=False)
    refused_as(server, last, "connections_per_address", caplog, "refused: 2 of 2 of this address are open")
    # Another address has its own two, and the first again what it gave back.
    with socket.create_connection(("127.0.0.1", server.port), source_address=("127.0.0.2", 0)):
        wait_until(lambda: server.open_connection_count == 3)
    first.close()
    wait_until(lambda: server.open_connection_count == 1)
    make_master(server.port).testfr()


def test_too_many_that_wait_for_on_connect(
    running: c104.Server, make_master: MakeMaster, caplog: pytest.LogCaptureFixture
) -> None:
    answer = threading.Event()

    def on_connect(server: c104.Server, ip: str) -> bool:
        return answer.wait(10)

    running.on_connect(on_connect)
    running.max_pending_connections = 2
    waiting = [make_master(running.port, started=False) for _ in range(2)]
    last = make_master(running.port, started=False)
    try:  # the line is written while the callbacks stand still
        refused_as(running, last, "pending_connections", caplog, "refused: 2 others are not admitted yet")
    finally:
        answer.set()
    for master in waiting:
        master.startdt()


def test_who_is_refused_by_on_connect_is_counted(
    running: c104.Server, make_master: MakeMaster, caplog: pytest.LogCaptureFixture
) -> None:
    def on_connect(server: c104.Server, ip: str) -> bool:
        return False

    running.on_connect(on_connect)
    refused_as(running, make_master(running.port, started=False), "on_connect", caplog, "refused by on_connect")


# TLS handshakes.


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Any:
    directory = tmp_path_factory.mktemp("certificates")
    write_all(directory)
    return directory


@pytest.fixture
def secure(certificates: Any, make_server: MakeServer) -> c104.Server:
    security = c104.TransportSecurity(validate=True, only_known=False)
    security.set_ca_certificate(cert=str(certificates / "ca.crt"))
    security.set_certificate(cert=str(certificates / "server.crt"), key=str(certificates / "server.key"))
    return make_server(transport_security=security)


def test_failed_handshakes_are_counted(secure: c104.Server, make_master: MakeMaster, caplog: pytest.LogCaptureFixture) -> None:
    secure.start()
    plain = make_master(secure.port, started=False)
    plain.send_raw(apci.u_frame(apci.STARTDT_ACT))
    refused_as(secure, plain, "tls_handshake", caplog, "TLS handshake with 127.0.0.1:")


def test_slow_handshakes_are_counted(secure: c104.Server, make_master: MakeMaster, caplog: pytest.LogCaptureFixture) -> None:
    secure.protocol_parameters.connection_timeout = 1
    secure.start()
    silent = make_master(secure.port, started=False)
    refused_as(secure, silent, "tls_timeout", caplog, "no TLS handshake with 127.0.0.1:")
    assert secure.counters["timeouts"]["t0"] == 1


def test_too_many_handshakes(secure: c104.Server, make_master: MakeMaster, caplog: pytest.LogCaptureFixture) -> None:
    secure.max_pending_connections = 2
    secure.start()
    for _ in range(2):
        make_master(secure.port, started=False)
    last = make_master(secure.port, started=False)
    refused_as(secure, last, "pending_connections", caplog, "2 others are not admitted yet")


# Time to STARTDT.


def test_who_never_starts_is_disconnected(
    running: c104.Server, make_master: MakeMaster, caplog: pytest.LogCaptureFixture
) -> None:
    running.startdt_timeout_ms = 200
    started = make_master(running.port)
    started.stopdt()
    refused_as(
        running, make_master(running.port, started=False), "startdt_timeout", caplog, "did not send STARTDT within 200 ms"
    )
    # Who has started once may stop for as long as it likes.
    started.testfr()
    assert running.open_connection_count == 1


def test_who_never_starts_stays_by_default(running: c104.Server, make_master: MakeMaster) -> None:
    master = make_master(running.port, started=False)
    master.testfr()
    assert holds(lambda: running.open_connection_count == 1, 0.5)
    master.testfr()


# Answers that nobody takes.


def test_who_takes_no_answers_is_disconnected(
    running: c104.Server, make_master: MakeMaster, caplog: pytest.LogCaptureFixture
) -> None:
    running.max_answer_octets = 4096
    master = make_master(running.port, w=None)
    beside = make_master(running.port)
    # Each is answered with 12 octets, and takes some 50 of memory; the window lets 12 answers go.
    master.send(*[asdu.testing_command(1) for _ in range(200)])
    refused_as(running, master, "answer_queue", caplog, "takes none of its")
    beside.testfr()


def test_who_takes_its_answers_may_have_many(running: c104.Server, make_master: MakeMaster) -> None:
    running.max_answer_octets = 4096
    master = make_master(running.port)
    for _ in range(25):
        before = len(master.asdus(104))
        master.send(*[asdu.testing_command(1) for _ in range(40)])
        wait_until(lambda before=before: len(master.asdus(104)) == before + 40)
    assert refusals(running) == {}


# Receive rate.


def test_a_flood_is_read_as_fast_as_is_allowed(running: c104.Server, make_master: MakeMaster) -> None:
    running.max_apdus_per_second = 200
    flood, beside = make_master(running.port), make_master(running.port)
    connection = next(one for one in running.connections if one.port == flood.sock.getsockname()[1])

    def read() -> int:
        return sum(connection.counters["apdus_received"].values())

    sent = 1000
    flood.send_raw(apci.u_frame(apci.TESTFR_ACT) * sent)
    # A second's worth at once, and as much again each second: the last can't be there before four seconds.
    wait_until(lambda: read() > 150, 5)
    assert holds(lambda: read() < 200 + 200 + 42, 0.8)
    beside.testfr(timeout=2)
    # Nothing of it is lost.
    wait_until(lambda: flood.u_frames().count(apci.TESTFR_CON) == sent, 20)
    assert refusals(running) == {} and running.open_connection_count == 2


def test_a_lifted_limit_counts_at_once(running: c104.Server, make_master: MakeMaster) -> None:
    running.max_apdus_per_second = 50
    master = make_master(running.port)
    master.send_raw(apci.u_frame(apci.TESTFR_ACT) * 5000)
    running.max_apdus_per_second = 0
    wait_until(lambda: master.u_frames().count(apci.TESTFR_CON) == 5000, 10)


# Floods of refusals.


class Lines(logging.Handler):
    """Counts what a disk would have to take."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(record.getMessage())

    def about(self, word: str) -> list[str]:
        return [text for text in self.texts if word in text]


@pytest.fixture
def lines() -> Iterator[Lines]:
    handler = Lines()
    logger = logging.getLogger("c104")
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    yield handler
    logger.removeHandler(handler)
    logger.setLevel(level)


def told(lines: list[str]) -> int:
    """How many events these lines stand for: one each, but for summaries."""
    return sum(int(text.split(" ", 1)[0]) if " more " in text else 1 for text in lines)


def test_ten_thousand_refused_connections_write_few_lines(running: c104.Server, lines: Lines) -> None:
    running.allowed_networks = ["192.0.2.0/24"]
    for _ in range(10_000):
        try:
            socket.create_connection(("127.0.0.1", running.port), timeout=5).close()
        except ConnectionResetError:
            pass  # refused before connect() came back
    wait_until(lambda: running.counters["connections_refused"] == 10_000, 20)
    assert refusals(running) == {"not_allowed": 10_000}
    running.stop()
    about = lines.about("refused")
    assert len(about) < 10 + 30, about[-5:]
    assert told(about) == 10_000
    assert "from 127.0.0.1" in about[-1] and "(not_allowed)" in about[-1]


def test_ten_thousand_refused_asdus_write_few_lines(running: c104.Server, make_master: MakeMaster, lines: Lines) -> None:
    master = make_master(running.port)
    for _ in range(100):
        master.send(*[asdu.interrogation(99) for _ in range(100)])
    wait_until(lambda: running.counters["asdus_refused"] == 10_000, 20)
    assert counted(running.counters["asdus_refused_by_reason"]) == {"UNKNOWN_CA": 10_000}
    running.stop()
    about = lines.about("refused")
    assert len(about) < 10 + 30 and told(about) == 10_000


def test_malformed_frames_write_few_lines(running: c104.Server, make_master: MakeMaster, lines: Lines) -> None:
    master = make_master(running.port)
    for _ in range(10):
        master.send(*[bytes((45, 5, asdu.ACT, 0, 1, 0, 1, 0, 0, 1)) for _ in range(100)])
    wait_until(lambda: running.counters["malformed_frames"] == 1000)
    running.stop()
    about = lines.about("malformed")
    assert len(about) < 10 + 30 and told(about) == 1000


def test_connects_and_disconnects_write_few_lines(running: c104.Server, lines: Lines) -> None:
    for _ in range(300):
        socket.create_connection(("127.0.0.1", running.port), timeout=5).close()
    wait_until(lambda: running.counters["octets_received"] == 0 and running.open_connection_count == 0)
    running.stop()
    about = [text for text in lines.texts if "onnect" in text]
    assert len(about) < 100 + 30 and told(about) == 600


def test_unexpected_asdus_of_a_station_write_few_lines(opened: Callable[..., Any], lines: Lines) -> None:
    raw, client, connection, remote = opened()
    for _ in range(100):
        raw.send(*[asdu.build(11, asdu.ACT, 1, [(11, asdu.measured16(1))]) for _ in range(100)])
    wait_until(lambda: connection.counters["asdus_refused"] == 10_000, 20)
    client.stop()
    about = lines.about("unexpected")
    assert len(about) < 10 + 30 and told(about) == 10_000


def test_failed_handshakes_write_few_lines(secure: c104.Server, lines: Lines) -> None:
    secure.start()
    for _ in range(300):
        with socket.create_connection(("127.0.0.1", secure.port), timeout=5) as plain:
            plain.sendall(apci.u_frame(apci.STARTDT_ACT))
            try:
                plain.recv(100)
            except ConnectionResetError:
                pass
    wait_until(lambda: refusals(secure) == {"tls_handshake": 300})
    secure.stop()
    about = lines.about("andshake")
    assert len(about) < 10 + 30 and told(about) == 300


def test_a_flood_that_goes_on_is_summed_up_now_and_then(running: c104.Server, make_master: MakeMaster, lines: Lines) -> None:
    master = make_master(running.port)

    def summed_up() -> bool:
        master.send(asdu.interrogation(99))
        return any(" more ASDUs refused" in text for text in lines.texts)

    wait_until(summed_up, 20, "no summary while the flood goes on")
    # What is refused from then on waits for the next summary.
    before = len(lines.about("refused"))
    refused = running.counters["asdus_refused"]
    master.send(*[asdu.interrogation(99) for _ in range(50)])
    wait_until(lambda: running.counters["asdus_refused"] >= refused + 50)
    assert before == len(lines.about("refused")) == 11


def test_a_server_that_nobody_floods_logs_each_refusal(running: c104.Server, make_master: MakeMaster, lines: Lines) -> None:
    running.allowed_networks = []
    for count in range(1, 6):
        assert make_master(running.port, started=False).wait_closed()
        wait_until(lambda count=count: len(lines.about("refused")) == count)
