# SPDX-License-Identifier: GPL-3.0-or-later
"""A Server under measurement. `python server.py SCENARIO JSON`; runs under ours and under the peer."""

import json
import os
import socket
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import c104
from common import Memory, cpu, hear, idle_percent, kept, leave, rss_kb, say, threads, until

now = time.perf_counter_ns
SPONTANEOUS = c104.Cot.SPONTANEOUS


def free_port():
    """The peer can't take port 0."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def make_server(**options):
    server = c104.Server(ip="127.0.0.1", port=free_port(), tick_rate_ms=100, **options)
    kept.append(server)
    return server


def make_points(server, count):
    station = server.add_station(common_address=1)
    return [station.add_point(io_address=i + 1, type=c104.Type.M_ME_NC_1) for i in range(count)]


def open_to(server, masters):
    """Runs; goes on when the driver has had that many masters connected, or gave up on some."""
    server.start()
    say(ready=1, port=server.port)
    hear()
    until(lambda: server.active_connection_count >= masters, 2, 0.005)


def interrogation(options):
    """`stations` of `points` each, M_ME_NC_1 or M_SP_NA_1, in a row or scattered. Answers until the driver ends it."""
    server = make_server()
    single = options.get("type") == 1
    type_id = c104.Type.M_SP_NA_1 if single else c104.Type.M_ME_NC_1
    step = 37 if options.get("scattered") else 1
    begin = now()
    for address in range(1, options.get("stations", 1) + 1):
        station = server.add_station(common_address=address)
        for index in range(options["points"]):
            ioa = 1 + index * step
            point = station.add_point(io_address=ioa, type=type_id)
            point.value = bool(ioa & 1) if single else float(ioa & 0xFFFF)
    made_s = (now() - begin) / 1e9
    server.start()
    say(ready=1, port=server.port, made_s=made_s)
    used = cpu()
    hear()
    say(cpu_s=cpu() - used, rss_kb=rss_kb())


def transmit(options):
    """`calls` accepted spontaneous transmissions, as fast as the Server takes them; refused ones are tried again."""
    server = make_server()
    points = make_points(server, options.get("points", 1))
    open_to(server, options["masters"])
    refused = 0
    number = 1
    count = len(points)
    deadline = time.monotonic() + options.get("timeout", 60)
    memory = Memory()
    used, begin = cpu(), now()
    while number <= options["calls"]:
        point = points[number % count]
        point.value = float(number)
        if point.transmit(cause=SPONTANEOUS):
            number += 1
        else:
            refused += 1
            time.sleep(0.0005)
            if time.monotonic() > deadline:
                break
    seconds = (now() - begin) / 1e9
    cpu_s = cpu() - used
    say(accepted=number - 1, refused=refused, seconds=seconds, begin_ns=begin, cpu_s=cpu_s, **memory.fields())


def batch(options):
    """transmit_batch of `size` points: first `checked` with rising values, then after the word "loose" `calls` flat out."""
    server = make_server()
    points = make_points(server, options["size"])
    open_to(server, 1)
    number = 0
    for _ in range(options["checked"]):
        for point in points:
            number += 1
            point.value = float(number)
        while not server.transmit_batch(c104.Batch(cause=SPONTANEOUS, points=points)):
            time.sleep(0.001)
    say(checked=number)
    hear()
    refused = accepted = 0
    deadline = time.monotonic() + options.get("timeout", 60)
    used, begin = cpu(), now()
    while accepted < options["calls"]:
        if server.transmit_batch(c104.Batch(cause=SPONTANEOUS, points=points)):
            accepted += 1
        else:
            refused += 1
            time.sleep(0.0005)
            if time.monotonic() > deadline:
                break
    seconds = (now() - begin) / 1e9
    say(accepted=accepted * len(points), refused=refused, seconds=seconds, begin_ns=begin, cpu_s=cpu() - used)


def spontaneous(options):
    """One transmission each `gap_ms`, with the time of each call."""
    server = make_server()
    (point,) = make_points(server, 1)
    open_to(server, 1)
    at = []
    for number in range(1, options["count"] + 1):
        time.sleep(options["gap_ms"] / 1000)
        point.value = float(number)
        at.append(now())
        point.transmit(cause=SPONTANEOUS)
    say(at=at)


def silent(options):
    """What a master costs that never acknowledges: CPU while nothing new is sent, after `calls` transmissions."""
    server = make_server()
    (point,) = make_points(server, 1)
    open_to(server, 1)
    for number in range(1, options["calls"] + 1):
        point.value = float(number)
        point.transmit(cause=SPONTANEOUS)
    time.sleep(0.3)
    say(cpu_percent=idle_percent(options.get("idle_s", 3)), threads=threads())


def masters(options):
    """Any number of masters; says its use of memory and CPU with them idle."""
    server = make_server(max_connections=0)
    make_points(server, 1)
    before = rss_kb()
    server.start()
    say(ready=1, port=server.port)
    hear()
    active = server.active_connection_count
    idle = idle_percent(options.get("idle_s", 2))
    say(active=active, threads=threads(), rss_each_kb=(rss_kb() - before) / max(1, active), idle_cpu_percent=idle)


SCENARIOS = {
    "interrogation": interrogation,
    "transmit": transmit,
    "batch": batch,
    "spontaneous": spontaneous,
    "silent": silent,
    "masters": masters,
}

if __name__ == "__main__":
    SCENARIOS[sys.argv[1]](json.loads(sys.argv[2]))
    hear()
    leave()
