# SPDX-License-Identifier: GPL-3.0-or-later
"""The end of the interpreter, whatever goes on: within two seconds, with the exit code that the program chose."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import List

import pytest
from support.stress import dose

BEGIN = """
import gc, os, signal, socket, ssl, sys, threading, time
import c104
folder = sys.argv[1]
tls = None

def until(condition):
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.005)

def security(name):
    made = c104.TransportSecurity(validate=True, only_known=False)
    made.set_certificate(cert=folder + "/" + name + ".crt", key=folder + "/" + name + ".key")
    made.set_ca_certificate(cert=folder + "/ca.crt")
    return made

def listen(backlog=5):
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(backlog)
    return listener

def serve(points=100, tls=None):
    global server, local
    with socket.socket() as free: # c104 2.2.1 has no port of the system's choice
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = c104.Server(ip="127.0.0.1", port=port, transport_security=tls)
    local = server.add_station(common_address=1)
    for address in range(1, points + 1):
        local.add_point(io_address=address, type=c104.Type.M_ME_NC_1)
    server.start()
    return server.port

def connect(port, tls=None, init=c104.Init.ALL):
    global client, connection, remote
    client = c104.Client(command_timeout_ms=60000, transport_security=tls)
    connection = client.add_connection(ip="127.0.0.1", port=port, init=init)
    remote = connection.add_station(common_address=1)
    client.start()

def opened():
    until(lambda: connection.state == c104.ConnectionState.OPEN)
"""

# What goes on when the program ends.
STATES = {
    "connecting": """
listener = listen(0)
fillers = [socket.socket() for _ in range(4)]
for filler in fillers:
    filler.setblocking(False)
    filler.connect_ex(listener.getsockname())
connect(listener.getsockname()[1])
until(lambda: connection.state == c104.ConnectionState.CLOSED_AWAIT_OPEN)
""",
    "refused": """
listener = listen()
port = listener.getsockname()[1]
listener.close()
connect(port)
until(lambda: connection.state == c104.ConnectionState.CLOSED_AWAIT_RECONNECT)
""",
    "STARTDT not confirmed": """
listener = listen()
connect(listener.getsockname()[1])
accepted, _ = listener.accept()
assert accepted.recv(6)
""",
    "TLS handshake of a client": """
listener = listen()
connect(listener.getsockname()[1], security("client"))
accepted, _ = listener.accept()
assert accepted.recv(3)
""",
    "TLS handshakes of a server": """
port = serve(tls=security("server"))
silent = [socket.create_connection(("127.0.0.1", port)) for _ in range(50)]
for one in silent: one.sendall(bytes((22, 3, 1)))
connect(port, security("client"))
opened()
""",
    "half-open masters": """
port = serve()
silent = [socket.create_connection(("127.0.0.1", port)) for _ in range(50)]
for one in silent[:25]: one.sendall(bytes((0x68, 4, 7, 0, 0, 0, 0x68, 4))) # STARTDT, and half an APDU
until(lambda: server.active_connection_count == 25)
""",
    "a command waits": """
serve()
went = threading.Event()
def late(point: c104.Point, previous_info: c104.Information, message: c104.IncomingMessage) -> c104.ResponseState:
    went.set()
    time.sleep(0.5)
    return c104.ResponseState.SUCCESS
local.add_point(io_address=1000, type=c104.Type.C_SC_NA_1).on_receive(callable=late)
connect(server.port)
opened()
order = remote.add_point(io_address=1000, type=c104.Type.C_SC_NA_1)
threading.Thread(target=lambda: order.transmit(cause=c104.Cot.ACTIVATION), daemon=True).start()
assert went.wait(20)
""",
    "a command is never answered": """
listener = listen()
connect(listener.getsockname()[1], init=c104.Init.NONE)
accepted, _ = listener.accept()
assert accepted.recv(6)
accepted.sendall(bytes((0x68, 4, 11, 0, 0, 0)))
opened()
threading.Thread(target=lambda: connection.interrogation(common_address=1), daemon=True).start()
assert accepted.recv(16)
""",
    "100,000 points stream": """
serve(100000)
came = []
connect(server.port, init=c104.Init.NONE)
opened()
def on_point(client: c104.Client, station: c104.Station, io_address: int, point_type: c104.Type) -> None:
    came.append(io_address)
client.on_new_point(callable=on_point)
threading.Thread(target=lambda: connection.interrogation(common_address=1), daemon=True).start()
until(lambda: len(came) > 100)
assert len(came) < 100000
""",
}

# What a callback did.
DEEDS = {
    "nothing": "",
    "raise": "done.set(); raise RuntimeError('as asked')",
    "sleep": "done.set(); time.sleep(1)",
    "stop": "client.stop()",
    "drop": "client = connection = remote = None; gc.collect()",
    "collect": "[gc.collect() for _ in range(5)]",
    "fork": "child = os.fork(); os._exit(0) if child == 0 else os.waitpid(child, 0)",
    "signal": "os.kill(os.getpid(), signal.SIGUSR1)",
}

CALLBACK = """
deed = compile({deed!r}, "deed", "exec") # exec() of text would make CPython forget a KeyboardInterrupt
signal.signal(signal.SIGUSR1, lambda *_: None)
sys.unraisablehook = lambda *_: None
done = threading.Event()
def on_receive(point: c104.Point, previous_info: c104.Information, message: c104.IncomingMessage) -> c104.ResponseState:
    exec(deed, globals())
    done.set()
    return c104.ResponseState.NONE
connect(serve())
opened()
remote.get_point(io_address=1).on_receive(callable=on_receive)
while not done.is_set():
    local.get_point(io_address=1).transmit(cause=c104.Cot.SPONTANEOUS)
    time.sleep(0.005)
"""
STATES.update({f"callback: {name}": CALLBACK.format(deed=deed) for name, deed in DEEDS.items()})

# Short sleeps: a signal that comes just before CPython falls asleep is handled after the sleep.
WAIT = """
signal.signal(signal.SIGINT, signal.default_int_handler)
print("ready", flush=True)
for _ in range(6000): time.sleep(0.01)
"""

# How it ends: the program's last lines, the signal that it gets then, its exit code.
ENDS = {
    "end of the script": ("print('ready', flush=True)", None, 0),
    "sys.exit": ("print('ready', flush=True); sys.exit(0)", None, 0),
    "KeyboardInterrupt": (WAIT, signal.SIGINT, -signal.SIGINT),
    "KeyboardInterrupt, caught": ("try:" + WAIT.replace("\n", "\n    ") + "\nexcept KeyboardInterrupt: pass", signal.SIGINT, 0),
    "SIGTERM": (WAIT, signal.SIGTERM, -signal.SIGTERM),
    "SIGTERM, handled": ("signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))" + WAIT, signal.SIGTERM, 0),
}


@pytest.mark.parametrize("state", STATES)
def test_exit(certificates: Path, state: str) -> None:
    seconds: List[float] = []
    for _ in range(dose(2)):
        for end, (last, number, code) in ENDS.items():
            process = subprocess.Popen(
                [sys.executable, "-c", BEGIN + STATES[state] + last, str(certificates)],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            assert process.stdout is not None
            ready = process.stdout.readline()
            began = time.monotonic()
            if number is not None:
                process.send_signal(number)
            try:
                _, errors = process.communicate(timeout=30)
            finally:
                process.kill()
            assert ready == "ready\n", errors
            seconds.append(time.monotonic() - began)
            assert process.returncode == code, (end, errors)
            assert seconds[-1] < 2, f"seconds to {end}"
    print(f"{state}: {len(seconds)} ends, {max(seconds):.2f} s at most")
