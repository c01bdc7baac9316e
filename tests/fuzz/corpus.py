# SPDX-License-Identifier: GPL-3.0-or-later
"""The corpora of the fuzz targets: one JSON file of hexadecimal inputs each.

corpus.py unpack TARGET FOLDER    writes the inputs as files, as libFuzzer wants them
corpus.py pack TARGET FOLDER      replaces the kept inputs by the files of a folder (after fuzz_TARGET -merge=1)
corpus.py record                  adds inputs made of the traffic of a Client and a Server, and of the frames of CRASHES
"""

from __future__ import annotations

import hashlib
import json
import sys
import threading
from pathlib import Path
from typing import List, Tuple

HERE = Path(__file__).parent / "corpus"
TARGETS = ("link", "asdu", "explain", "client", "server")
# Frames that ended the process of c104 2.2.1, or were reported against lib60870-C.
CRASHES = (
    "680a000000006b0103000100",
    "6812000000000d85030001000100000000000000",
    "680400000000",
    "6805000000000d",
    "680e000000000d7f0300010001000000",
    "680d000000006b01060001000000000000",
    "680c00000000658106000100000000",
    "68fd000000001eff03000100",
)


def read(target: str) -> List[bytes]:
    path = HERE / f"{target}.json"
    return [bytes.fromhex(each) for each in json.loads(path.read_text())] if path.exists() else []


def write(target: str, inputs: List[bytes]) -> None:
    HERE.mkdir(exist_ok=True)
    lines = ",\n".join(json.dumps(each.hex()) for each in sorted(set(inputs), key=lambda one: (len(one), one)))
    (HERE / f"{target}.json").write_text(f"[\n{lines}\n]\n")


def unpack(target: str, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for each in read(target):
        (folder / hashlib.sha1(each).hexdigest()).write_bytes(each)


def pack(target: str, folder: Path) -> None:
    write(target, [path.read_bytes() for path in folder.iterdir()])


def traffic() -> Tuple[List[bytes], List[bytes]]:
    """APDUs that a client and a server of ours send: every type of point, every command, every request."""
    import c104

    sent: Tuple[List[bytes], List[bytes]] = ([], [])
    server = c104.Server(ip="127.0.0.1", port=0)
    station = server.add_station(1)
    types = [one for one in c104.Type.__members__.values() if int(one) <= 64]
    points = [station.add_point(int(one), one) for one in types if supported(one)]
    server.start()
    client = c104.Client(command_timeout_ms=1000)
    connection = client.add_connection(ip="127.0.0.1", port=server.port, init=c104.Init.ALL)

    def on_send_raw(connection: c104.Connection, data: bytes) -> None:
        sent[0].append(data)

    def on_receive_raw(connection: c104.Connection, data: bytes) -> None:
        sent[1].append(data)

    opened = threading.Event()

    def on_state_change(connection: c104.Connection, state: c104.ConnectionState) -> None:
        if state == c104.ConnectionState.OPEN:
            opened.set()

    connection.on_send_raw(callable=on_send_raw)
    connection.on_receive_raw(callable=on_receive_raw)
    connection.on_state_change(callable=on_state_change)
    client.start()
    assert opened.wait(5)
    connection.interrogation(1)
    connection.counter_interrogation(1)
    connection.clock_sync(1)
    connection.test(1)
    remote = connection.get_station(1)
    for point in points:
        if int(point.type) < 45:
            point.transmit(cause=c104.Cot.SPONTANEOUS)
        else:
            remote.add_point(point.io_address, point.type).transmit(cause=c104.Cot.ACTIVATION)
    remote.get_point(1).read()
    station.signal_initialized(c104.Coi.REMOTE_RESET)
    connection.interrogation(1)
    client.stop()
    server.stop()
    return sent


def supported(one: object) -> bool:
    return int(one) in (*range(1, 16, 2), 20, 21, *range(30, 41), *range(45, 52), *range(58, 65))


def record() -> None:
    from_client, from_server = traffic()
    crashes = [bytes.fromhex(each) for each in CRASHES]
    frames = sorted(set(from_client + from_server)) + crashes
    write("explain", read("explain") + frames)
    asdus = [frame[6:] for frame in frames if len(frame) > 12]
    write("asdu", read("asdu") + asdus)
    for target, role, came in (("client", 1, from_server), ("server", 0, from_client)):
        steps = [step(frame) for frame in came if len(frame) > 6]
        starts = (0b0000_0000, 0b0000_0101, 0b0111_1111)
        inputs = [bytes((start, 0)) + b"".join(steps[i : i + 12]) for start in starts for i in range(0, len(steps), 12)]
        # Each crashing frame as it is, and with the sequence numbers that it should have.
        inputs += [bytes((0, 0)) + bytes((0, len(frame))) + frame for frame in crashes]
        inputs += [bytes((0, 0)) + step(frame) for frame in crashes]
        write(target, read(target) + inputs)
        link = b"".join(bytes((0xF8, len(frame))) + frame for frame in came)
        others = [bytes((role, 0xF8, len(frame))) + frame for frame in crashes]
        write("link", read("link") + [bytes((role | 0x70,)) + link[:2000], *others])


def step(frame: bytes) -> bytes:
    """An I-frame with this ASDU (see Partner::step)."""
    return bytes((1, len(frame) - 6)) + frame[6:]


if __name__ == "__main__":
    command, *arguments = sys.argv[1:]
    if command == "record":
        record()
    else:
        {"unpack": unpack, "pack": pack}[command](arguments[0], Path(arguments[1]))
