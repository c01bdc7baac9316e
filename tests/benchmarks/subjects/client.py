# SPDX-License-Identifier: GPL-3.0-or-later
"""A Client under measurement. `python client.py SCENARIO JSON`; runs under ours and under the peer."""

import json
import os
import sys
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import c104
from common import MODULO, SENTINEL, Busy, Memory, cpu, hear, idle_percent, kept, leave, percentile, rss_kb, say, threads, until

SUCCESS = c104.ResponseState.SUCCESS
now = time.perf_counter_ns  # CLOCK_MONOTONIC, as in the C programs


def open_client(client, connections):
    """Starts it, keeps it; False when a connection doesn't get to OPEN (the peer sometimes sends no STARTDT)."""
    kept.append(client)
    client.start()
    return until(lambda: all(c.state == c104.ConnectionState.OPEN for c in connections), 5 + len(connections) / 50, 0.01)


def local_address(number):
    """Of many: the peer takes an address and port once."""
    return f"127.0.{number // 250}.{number % 250 + 1}"


def secured(options):
    if "tls" not in options:
        return None
    security = c104.TransportSecurity(validate=True, only_known=False)
    security.set_ca_certificate(options["tls"] + "/ca.crt")
    return security


class Stream:
    """The generator's data through one Client. options: port, type, points, total, connections, callback, objects, busy, check, discover."""

    def __init__(self, options):
        self.options = options
        self.type = c104.Type.M_SP_NA_1 if options.get("type") == 1 else c104.Type.M_ME_NC_1
        self.points = options.get("points", 1000)
        self.callback = options.get("callback", "none")
        self.calls = 0
        self.seen = []
        self.waiting = options.get("connections", 1)
        self.done = threading.Event()
        self.end_ns = self.end_cpu = 0
        self.client = c104.Client(tick_rate_ms=100, command_timeout_ms=1000, transport_security=secured(options))
        self.connections, self.stations = [], []
        for index in range(self.waiting):
            connection = self.client.add_connection(ip=local_address(index), port=options["port"], init=c104.Init.NONE)
            self.connections.append(connection)
            self.stations.append(connection.add_station(1))
        self.add_points()

    def receivers(self):
        """The callbacks of a connection, made here so that they are closures over as little as possible."""
        stream = self
        seen = []
        self.seen.append(seen)

        def count(point: c104.Point, previous_info: c104.Information, message: c104.IncomingMessage) -> c104.ResponseState:
            stream.calls += 1
            return SUCCESS

        def read(point: c104.Point, previous_info: c104.Information, message: c104.IncomingMessage) -> c104.ResponseState:
            stream.calls += 1
            _ = point.value
            _ = point.quality
            _ = point.io_address
            return SUCCESS

        def check(point: c104.Point, previous_info: c104.Information, message: c104.IncomingMessage) -> c104.ResponseState:
            stream.calls += 1
            seen.append((point.io_address, point.value))
            return SUCCESS

        def stamp(point: c104.Point, previous_info: c104.Information, message: c104.IncomingMessage) -> c104.ResponseState:
            seen.append(now())
            return SUCCESS

        def sleep(point: c104.Point, previous_info: c104.Information, message: c104.IncomingMessage) -> c104.ResponseState:
            stream.calls += 1
            time.sleep(0.05)
            return SUCCESS

        def raw(connection: c104.Connection, data: bytes) -> None:
            stream.calls += 1

        def sentinel(point: c104.Point, previous_info: c104.Information, message: c104.IncomingMessage) -> c104.ResponseState:
            stream.on_sentinel()
            return SUCCESS

        return {"count": count, "read": read, "check": check, "stamp": stamp, "sleep": sleep, "raw": raw, "sentinel": sentinel}

    def on_sentinel(self):
        self.waiting -= 1
        if self.waiting == 0:
            self.end_ns, self.end_cpu = now(), cpu()
            self.done.set()

    def add_points(self):
        if self.options.get("discover"):
            self.discover(self.receivers()["sentinel"])
            return
        for connection, station in zip(self.connections, self.stations):
            receivers = self.receivers()
            receive = receivers.get(self.callback)
            for address in range(1, self.points + 1):
                point = station.add_point(io_address=address, type=self.type)
                if receive is not None and self.callback != "raw":
                    point.on_receive(callable=receive)
            station.add_point(io_address=SENTINEL, type=c104.Type.M_ME_NC_1).on_receive(callable=receivers["sentinel"])
            if self.callback == "raw":
                connection.on_receive_raw(callable=receive)

    def discover(self, sentinel):
        stream = self

        def new_point(client: c104.Client, station: c104.Station, io_address: int, point_type: c104.Type) -> None:
            stream.calls += 1
            point = station.add_point(io_address=io_address, type=point_type)
            if io_address == SENTINEL:
                point.on_receive(callable=sentinel)

        self.client.on_new_point(callable=new_point)

    def wrong_values(self):
        """Of up to 1,000 points of each station: how many don't have the value that was sent last."""
        total = self.options["total"]
        wrong = 0
        for station in self.stations:
            for index in range(0, self.points, max(1, self.points // 1000)):
                last = total - 1 - (total - 1 - index) % self.points  # number of the last object for this point
                value = (last // self.points + index) % MODULO
                expected = bool(value & 1) if self.type == c104.Type.M_SP_NA_1 else float(value)
                point = station.get_point(index + 1)
                wrong += point is None or (last >= 0 and point.value != expected)
        return wrong

    def disorder(self):
        """Of the callbacks that were kept: how many aren't the object that was sent at their place."""
        wrong = 0
        for seen in self.seen:
            for number, (address, value) in enumerate(seen):
                index = number % self.points
                wrong += address != index + 1 or int(value) != ((number // self.points + index) % MODULO)
        return wrong

    def run(self):
        if not open_client(self.client, self.connections):
            say(failed="not open: " + str([str(c.state) for c in self.connections][:3]))
            leave()
        busy = Busy(self.options.get("busy", 0))
        memory = Memory()
        before = cpu()
        say(ready=1)
        finished = self.done.wait(self.options.get("timeout", 60))
        expected = self.options.get("calls", 0)
        if self.callback == "raw":  # delivered by another thread in the peer: the sentinel may come before
            last = -1
            while self.calls < expected and self.calls != last:
                last = self.calls
                until(lambda: self.calls >= expected, 1.0, 0.002)
            self.end_ns, self.end_cpu = now(), cpu()
        busy.stopping = True
        result = {"finished": finished, "end_ns": self.end_ns, "cpu_s": self.end_cpu - before, "calls": self.calls}
        result.update(memory.fields())
        if not self.options.get("pace"):
            result["wrong"] = self.wrong_values()
        if self.callback == "check":
            result["disorder"] = self.disorder()
        if self.callback == "stamp":
            result["seen_ns"] = self.seen[0]
        if self.options.get("discover"):
            result["found"] = len(self.stations[0].points)
        say(**result)


def commands(options):
    """`count` single commands from each of `threads` threads."""
    client = c104.Client(tick_rate_ms=100, command_timeout_ms=options.get("timeout_ms", 500))
    connection = client.add_connection(ip="127.0.0.1", port=options["port"], init=c104.Init.NONE)
    station = connection.add_station(1)
    points = [station.add_point(io_address=i + 1, type=c104.Type.C_SC_NA_1) for i in range(options["threads"])]
    if not open_client(client, [connection]):
        say(failed="not open")
        leave()
    taken, lost = [], []

    def work(point):
        mine = []
        for number in range(options["count"]):
            point.value = bool(number & 1)
            begin = now()
            answered = point.transmit(cause=c104.Cot.ACTIVATION)
            if answered:
                mine.append(now() - begin)
            else:
                lost.append(number)
        taken.extend(mine)

    for point in points:  # the first command of a thread pays for what is made once
        point.value = True
        point.transmit(cause=c104.Cot.ACTIVATION)
    workers = [threading.Thread(target=work, args=(point,)) for point in points]
    say(ready=1)
    begin = now()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    seconds = (now() - begin) / 1e9
    # A lost command is a time-out: the rate without that waiting is what the calls that were answered show.
    say(
        seconds=seconds,
        sent=options["count"] * options["threads"],
        lost=len(lost),
        answered_per_s=len(taken) / seconds,
        p50_us=percentile(taken, 0.5) / 1e3,
        p99_us=percentile(taken, 0.99) / 1e3,
    )


def connections(options):
    """`count` connections: open, idle, stop."""
    count = options["count"]
    client = c104.Client(tick_rate_ms=100, command_timeout_ms=1000)
    before = rss_kb()
    made = [client.add_connection(ip=local_address(i), port=options["port"], init=c104.Init.NONE) for i in range(count)]
    begin = now()
    client.start()
    opened = until(lambda: client.open_connection_count % 65536 >= count, 60, 0.002)
    open_s = (now() - begin) / 1e9
    time.sleep(0.5)
    result = {"opened": opened, "open_s": open_s, "threads": threads(), "rss_each_kb": (rss_kb() - before) / count}
    result["active"] = sum(c.state == c104.ConnectionState.OPEN for c in made)
    result["idle_cpu_percent"] = idle_percent(options.get("idle_s", 3))
    say(**result)
    begin = now()
    stopper = threading.Thread(target=client.stop, daemon=True)
    stopper.start()
    stopper.join(options.get("stop_limit_s", 150))
    say(stop_s=(now() - begin) / 1e9, stopped=not stopper.is_alive())


SCENARIOS = {"stream": lambda options: Stream(options).run(), "commands": commands, "connections": connections}

if __name__ == "__main__":
    SCENARIOS[sys.argv[1]](json.loads(sys.argv[2]))
    hear()
    leave()
