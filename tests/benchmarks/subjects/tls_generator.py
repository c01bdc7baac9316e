# SPDX-License-Identifier: GPL-3.0-or-later
"""An outstation that sends a file of ready frames over TLS or plain TCP: `python tls_generator.py JSON`. Both ways in one program,
so that TLS is the only difference. Keeps a window of k frames; each write is what the window allows."""

import json
import os
import socket
import ssl
import struct
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from common import SENTINEL, hear, leave, say

STARTDT_CON = bytes((0x68, 4, 0x0B, 0, 0, 0))
SIZE = 20  # octets of a frame with one M_ME_NC_1


def frames(total, points):
    """`total` frames and the sentinel, as the C generator makes them."""
    make = struct.Struct("<BBHHBBBBHHBfB").pack
    parts = []
    for number in range(total):
        index = number % points
        address = index + 1
        value = (number // points + index) % (1 << 20)
        parts.append(
            make(0x68, SIZE - 2, number % 32768 << 1, 0, 13, 1, 3, 0, 1, address & 0xFFFF, address >> 16, float(value), 0)
        )
    parts.append(make(0x68, SIZE - 2, total % 32768 << 1, 0, 13, 1, 3, 0, 1, SENTINEL & 0xFFFF, SENTINEL >> 16, 1.0, 0))
    return b"".join(parts)


def main(options):
    data = memoryview(frames(options["total"], options["points"]))
    listener = socket.create_server(("127.0.0.1", 0))
    say(port=listener.getsockname()[1])
    link = listener.accept()[0]
    link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if "tls" in options:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(options["tls"] + "/server.crt", options["tls"] + "/server.key")
        link = context.wrap_socket(link, server_side=True)
    received = link.recv(6)
    assert received[2] == 0x07, received
    link.sendall(STARTDT_CON)
    hear()
    begin = time.perf_counter_ns()
    count, sent, acknowledged, rest = len(data) // SIZE, 0, 0, b""
    while True:
        until = min(count, acknowledged + options["k"])
        link.sendall(data[sent * SIZE : until * SIZE])
        sent = until
        if sent == count:
            break
        rest += link.recv(65536)
        whole = len(rest) // 6 * 6
        last = rest[whole - 6 : whole]
        rest = rest[whole:]
        if last and last[2] == 1:
            acknowledged += ((last[4] >> 1 | last[5] << 7) - acknowledged) % 32768
    say(
        done=1,
        start_ns=begin,
        end_ns=time.perf_counter_ns(),
        frames=count,
        cpu_s=time.process_time(),
        version=getattr(link, "version", lambda: "")(),
    )
    hear()


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
    leave()
