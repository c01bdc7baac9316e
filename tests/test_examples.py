# SPDX-License-Identifier: GPL-3.0-or-later
"""The examples, as a user runs them: in processes of their own."""

import ast
import os
import pathlib
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time

import pytest
from support.ports import free_port

EXAMPLES = pathlib.Path(__file__).resolve().parent.parent / "examples"


@pytest.fixture
def start():
    """Starts an example; kills it at the end if it still runs."""
    started = []

    def make(name, *arguments, **options):
        process = subprocess.Popen(
            [sys.executable, str(EXAMPLES / name), *map(str, arguments)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            **options,
        )
        started.append(process)
        return process

    yield make
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


def finish(process, timeout=30):
    """Exit code, output, errors."""
    out, err = process.communicate(timeout=timeout)
    return process.returncode, out, err


def listening(start, name, *arguments):
    """A server example that says that it listens."""
    port = free_port()
    process = start(name, "--port", port, *arguments)
    line = process.stdout.readline()
    assert re.fullmatch(rf"listening on 127\.0\.0\.\d:{port}\n", line), (line, process.poll())
    return process, port


# ---------------------------------------------------------------------------------------------- demo.py, substation.py


def test_demo_finds_everything_and_switches_the_breaker(start):
    code, out, err = finish(start("demo.py", "--seconds", 2))
    assert code == 0, (out, err)
    assert err == ""
    assert "station 1 found" in out and "station 2 found" in out
    assert "station 1 is initialized (LOCAL_POWER_ON)" in out
    assert "station 1 address 31: ON" in out
    assert re.search(r"^ +1 +31 +M_DP_NA_1 +ON +good +return_info_remote +\d+$", out, re.M), out
    assert re.search(r"^ +1 +21 +M_IT_NA_1 +1\d\d\d +good +spontaneous +\d+$", out, re.M), out
    assert re.search(r"^ +2 +11 +M_ME_NC_1 +[56]\d\.\d{3} +good +periodic +\d+$", out, re.M), out
    counts = re.search(r"^summary: 2 stations, 7 points, (\d+) updates$", out, re.M)
    assert counts is not None and int(counts.group(1)) > 20, out
    assert re.search(r"^command: confirmed after \d+\.\d ms, breaker closed after \d+\.\d ms$", out, re.M), out
    assert "\x1b" not in out


def test_demo_is_live_on_a_terminal():
    pytest.importorskip("rich")
    pty = pytest.importorskip("pty")
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, str(EXAMPLES / "demo.py"), "--seconds", "1"],
        stdin=subprocess.DEVNULL,
        stdout=slave,
        stderr=subprocess.PIPE,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "80"},
    )
    os.close(slave)
    screen = b""
    try:
        while True:
            try:
                part = os.read(master, 4096)
            except OSError:  # EIO: the other end is closed
                break
            if not part:
                break
            screen += part
        assert process.wait(30) == 0, process.stderr.read()
    finally:
        process.kill()
        process.wait()
        process.stderr.close()
        os.close(master)
    assert b"\x1b[" in screen
    assert b"return_info_remote" in screen
    assert b"summary: 2 stations, 7 points" in screen


def test_demo_reads_a_real_host_and_sends_no_command(start):
    server, port = listening(start, "server.py", "--seconds", 20)
    code, out, err = finish(start("demo.py", "--host", "localhost", "--port", port, "--seconds", 1))
    assert code == 0, (out, err)
    assert "summary: 1 stations, 1 points" in out
    assert "command" not in out
    server.send_signal(signal.SIGINT)
    code, out, err = finish(server)
    assert code == 0, err
    assert "set-point" not in out


def test_demo_says_that_nobody_answers(start):
    code, out, err = finish(start("demo.py", "--host", "127.0.0.1", "--port", free_port(), "--wait", 1))
    assert code == 1
    assert "demo: no IEC 60870-5-104 station answered at 127.0.0.1:" in err
    assert "Traceback" not in err


def test_demo_says_that_there_is_nothing(start, make_server):
    server = make_server()
    server.add_station(7)
    server.start()
    code, out, err = finish(start("demo.py", "--host", "127.0.0.1", "--port", server.port, "--seconds", 0.5))
    assert code == 1, out
    assert err == f"demo: 127.0.0.1:{server.port} is connected, but reported no point\n"


@pytest.mark.parametrize("number, expected", [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_demo_stops_its_substation_when_it_is_stopped(start, number, expected):
    port = free_port()
    demo = start("demo.py", "--port", port, "--seconds", 60)
    assert demo.stdout.readline().startswith("station")
    demo.send_signal(number)
    code, out, err = finish(demo)
    assert code == expected, (out, err)
    assert "Traceback" not in err
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


def test_substation_ends_with_its_input(start):
    process = start("substation.py", stdin=subprocess.PIPE)
    assert re.fullmatch(r"port \d+\n", process.stdout.readline())
    begin = time.monotonic()
    code, out, err = finish(process, timeout=5)  # communicate() closes its input
    assert (code, out, err) == (0, "", "")
    assert time.monotonic() - begin < 3


def test_substation_ends_by_itself_with_its_input_open(start):
    process = start("substation.py", "--seconds", 0.5, stdin=subprocess.PIPE)
    assert process.wait(10) == 0
    assert process.stderr.read() == ""


def test_substation_says_that_its_port_is_taken(start):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        code, out, err = finish(start("substation.py", "--port", port, stdin=subprocess.PIPE))
    assert code == 1
    assert f"substation: cannot listen on 127.0.0.1:{port}" in err
    assert "Traceback" not in err


# ---------------------------------------------------------------------------------------------- the short ones


def test_client_and_server(start):
    server, port = listening(start, "server.py", "--seconds", 20)
    code, out, err = finish(start("client.py", "--port", port, "--seconds", 2.5))
    assert code == 0, (out, err)
    assert re.search(r"^value \d+\.\d{3} \(interrogated_by_station\)$", out, re.M), out
    assert "set-point 12.5: accepted" in out
    assert "set-point 1000.0: refused" in out
    assert "read: ok" in out
    assert "(periodic)" in out
    server.send_signal(signal.SIGINT)
    code, out, err = finish(server)
    assert code == 0, err
    assert "set-point 12: 12.5 from originator 0" in out


def test_asyncio_client(start):
    _, port = listening(start, "server.py", "--seconds", 20)
    code, out, err = finish(start("asyncio_client.py", "--port", port, "--seconds", 2))
    assert code == 0, (out, err)
    lines = out.splitlines()
    assert lines.index("state OPEN_MUTED") < lines.index("state OPEN")
    assert "set-point: accepted" in lines
    assert any(re.fullmatch(r"address 11: [\d.]+ \(interrogated_by_station\)", line) for line in lines), out


# ---------------------------------------------------------------------------------------------- TLS


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    """A folder with what the commands in the head of tls_server.py make."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl, with which the examples' certificates are made, is not installed")
    folder = tmp_path_factory.mktemp("plant")
    head = ast.get_docstring(ast.parse((EXAMPLES / "tls_server.py").read_text()))
    commands = re.findall(r"^    (openssl .*(?:\n        .*)*)", head, re.M)
    assert len(commands) == 3
    for command in commands:
        made = subprocess.run(shlex.split(command), cwd=folder, capture_output=True, text=True)
        assert made.returncode == 0, made.stderr
    return folder


def test_tls_client_and_server(start, certificates):
    server, port = listening(start, "tls_server.py", "--certificates", certificates, "--seconds", 30)
    code, out, err = finish(start("tls_client.py", "--port", port, "--certificates", certificates))
    assert code == 0, (out, err)
    assert re.search(r"^connected to CN=rtu7, certified by CN=Plant CA until \d{4}-\d\d-\d\d$", out, re.M), out
    assert re.search(r"^fingerprint [0-9a-f]{64}$", out, re.M), out
    assert out.endswith("pressure 16.5\n")
    server.send_signal(signal.SIGHUP)
    assert server.stdout.readline() == "certificates read again\n"
    server.send_signal(signal.SIGINT)
    code, out, err = finish(server)
    assert code == 0, err
    assert "connected with the certificate 'CN=control-centre'" in err


def test_tls_client_says_that_it_refuses_the_server(start, certificates):
    """The certificate does not name the host that was dialled."""
    server, port = listening(start, "tls_server.py", "--certificates", certificates, "--ip", "127.0.0.2", "--seconds", 30)
    host = ("--host", "127.0.0.2", "--port", port)
    code, out, err = finish(start("tls_client.py", *host, "--certificates", certificates, "--seconds", 1))
    assert code == 1
    assert "'CN=rtu7' is not made out to the host name '127.0.0.2'" in err, err


@pytest.mark.parametrize("name", ["tls_client.py", "tls_server.py"])
def test_tls_examples_say_that_there_are_no_certificates(start, name, tmp_path):
    code, out, err = finish(start(name, "--certificates", tmp_path))
    assert code == 1
    assert re.fullmatch(r"\w+: certificate file '.*\.crt' cannot be used: the file does not exist\n", err), err


@pytest.mark.parametrize("name", ["client.py", "asyncio_client.py"])
def test_clients_say_that_nobody_answers(start, name):
    code, out, err = finish(start(name, "--port", free_port(), "--seconds", 0.7))
    assert code == 1
    assert "not connected: CLOSED_AWAIT" in err
    assert "Traceback" not in err


def test_dump_shows_the_batches(start):
    server, port = listening(start, "batch.py", "--seconds", 20)
    code, out, err = finish(start("dump.py", "--port", port, "--seconds", 2))
    assert code == 0, (out, err)
    lines = out.splitlines()
    assert sum(" interrogated_by_station " in line for line in lines) == 100
    spontaneous = [line for line in lines if " spontaneous " in line]
    assert len(spontaneous) >= 50 and len(spontaneous) % 50 == 0
    assert lines[-1] == f"{len(lines) - 1} values"
    server.send_signal(signal.SIGINT)
    code, out, err = finish(server)
    assert code == 0, err
    assert int(out.split()[0]) >= len(spontaneous)


def test_servers_end_by_themselves(start):
    for name in ("server.py", "batch.py"):
        process, _ = listening(start, name, "--seconds", 0.3)
        assert process.wait(10) == 0, process.stderr.read()


def test_every_example_has_a_test_and_a_head():
    names = {path.name for path in EXAMPLES.glob("*.py")}
    assert names == {
        *(
            "demo.py",
            "substation.py",
            "client.py",
            "server.py",
            "tls_client.py",
            "tls_server.py",
            "asyncio_client.py",
            "batch.py",
        ),
        "dump.py",
    }
    for path in EXAMPLES.glob("*.py"):
        text = path.read_text()
        assert text.startswith("#!/usr/bin/env python3\n# SPDX-License-Identifier: GPL-3.0-or-later\n"), path.name
        assert "\ndef main(" in text, path.name
