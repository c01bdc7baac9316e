# SPDX-License-Identifier: GPL-3.0-or-later
"""The end of the interpreter, whatever goes on."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest
from support.stress import dose

CHILD = """
import gc, os, signal, sys, threading, time
import c104
DEED = {deed!r}
server = c104.Server(ip="127.0.0.1", port=0)
station = server.add_station(common_address=1)
value = station.add_point(io_address=1, type=c104.Type.M_ME_NC_1)
server.start()
client = c104.Client()
connection = client.add_connection(ip="127.0.0.1", port=server.port)
remote = connection.add_station(common_address=1)
point = remote.add_point(io_address=1, type=c104.Type.M_ME_NC_1)
went = threading.Event()
def on_receive(point: c104.Point, previous_info: c104.Information, message: c104.IncomingMessage) -> c104.ResponseState:
    global client, connection, remote
    if DEED == "raise": went.set(); raise RuntimeError("as asked")
    if DEED == "sleep": went.set(); time.sleep(1)
    if DEED == "stop": client.stop()
    if DEED == "drop": client = connection = remote = None; gc.collect()
    if DEED == "collect": [gc.collect() for _ in range(5)]
    if DEED == "fork":
        child = os.fork()
        if child == 0: os._exit(0)
        os.waitpid(child, 0)
    if DEED == "signal": os.kill(os.getpid(), signal.SIGUSR1)
    went.set()
    return c104.ResponseState.NONE
signal.signal(signal.SIGUSR1, lambda *_: None)
sys.unraisablehook = lambda *_: None
point.on_receive(callable=on_receive)
client.start()
end = time.monotonic() + 20
while not went.is_set() and time.monotonic() < end:
    value.value = time.monotonic() % 100
    value.transmit(cause=c104.Cot.SPONTANEOUS)
    time.sleep(0.005)
assert went.is_set()
print("went", flush=True)
"""


@pytest.mark.parametrize("deed", ["nothing", "raise", "sleep", "stop", "drop", "collect", "fork", "signal"])
def test_exit_after_a_callback_did_its_worst(deed: str) -> None:
    for _ in range(dose(5)):
        process = subprocess.Popen(
            [sys.executable, "-c", CHILD.format(deed=deed)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "went\n", process.communicate(timeout=30)
        began = time.monotonic()
        _, errors = process.communicate(timeout=30)
        assert process.returncode == 0, errors
        assert time.monotonic() - began < 2, "seconds to the end of the interpreter"
