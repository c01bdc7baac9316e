# SPDX-License-Identifier: GPL-3.0-or-later
"""A Client with two connections, A slow in its callbacks, B timed. `python pair.py sleeping JSON`; runs under ours and under the peer."""

import json
import os
import sys
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import c104
from client import now, open_client
from common import SENTINEL, hear, leave, say

SUCCESS = c104.ResponseState.SUCCESS


def sleeping(options):
    seen = []
    done = threading.Event()

    def slow(point: c104.Point, previous_info: c104.Information, message: c104.IncomingMessage) -> c104.ResponseState:
        time.sleep(0.05)
        return SUCCESS

    def stamp(point: c104.Point, previous_info: c104.Information, message: c104.IncomingMessage) -> c104.ResponseState:
        seen.append(now())
        return SUCCESS

    def sentinel(point: c104.Point, previous_info: c104.Information, message: c104.IncomingMessage) -> c104.ResponseState:
        done.set()
        return SUCCESS

    client = c104.Client(tick_rate_ms=100, command_timeout_ms=1000)
    connections = []
    for port, receive in zip(options["ports"], (slow, stamp)):
        connection = client.add_connection(ip="127.0.0.1", port=port, init=c104.Init.NONE)
        station = connection.add_station(1)
        for address in range(1, 101):
            station.add_point(io_address=address, type=c104.Type.M_ME_NC_1).on_receive(callable=receive)
        last = station.add_point(io_address=SENTINEL, type=c104.Type.M_ME_NC_1)
        if receive is stamp:
            last.on_receive(callable=sentinel)
        connections.append(connection)
    if not open_client(client, connections):
        say(failed="not open")
        leave()
    say(ready=1)
    finished = done.wait(options["total"] / 1000 + 20)
    say(finished=finished, seen_ns=seen)


if __name__ == "__main__":
    sleeping(json.loads(sys.argv[2]))
    hear()
    leave()
