# SPDX-License-Identifier: GPL-3.0-or-later
"""What needs no partner: import, making points, finding them, and what CPython itself allows. `python local.py SCENARIO JSON`."""

import json
import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from common import leave, rss_kb, say

now = time.perf_counter_ns


def imported(options):
    begin = now()
    import c104

    say(ms=(now() - begin) / 1e6, file=c104.__file__)


def points(options):
    """Makes `count` points and keeps none of the Python objects; then looks some up."""
    import gc

    import c104

    server = c104.Server(ip="127.0.0.1", port=2404, tick_rate_ms=100)
    station = server.add_station(common_address=1)
    type_id = c104.Type.M_ME_NC_1
    gc.collect()
    before, begin = rss_kb(), now()
    add = station.add_point
    for address in range(1, options["count"] + 1):
        add(io_address=address, type=type_id)
    made_s = (now() - begin) / 1e9
    octets_each = (rss_kb() - before) * 1024 / options["count"]
    get = station.get_point
    step = max(1, options["count"] // options["lookups"])
    wanted = range(1, options["count"] + 1, step)
    kept = [get(address) for address in wanted]
    wrong = sum(point is None or point.io_address != address for point, address in zip(kept, wanted))
    begin = now()
    for address in wanted:
        get(address)
    known_us = (now() - begin) / 1e3 / len(wanted)
    del kept
    begin = now()
    for address in wanted:
        get(address)
    get_us = (now() - begin) / 1e3 / len(wanted)
    say(made_s=made_s, octets_each=octets_each, get_us=get_us, get_known_us=known_us, wrong=wrong)


def bulk(options):
    """Address, value, quality and processed_at of all points, then a new value for all; fastest of the rounds."""
    from array import array

    import c104

    server = c104.Server(ip="127.0.0.1", port=2404, tick_rate_ms=100)
    station = server.add_station(common_address=1)
    count = options["count"]
    for address in range(1, count + 1):
        station.add_point(io_address=address, type=c104.Type.M_ME_NC_1)
    points = station.points

    def read():
        if hasattr(station, "snapshot"):
            columns = station.snapshot()
            return columns.io_address, columns.value, columns.quality, columns.processed_at
        return list(zip(*((p.io_address, p.value, p.quality, p.processed_at) for p in points)))

    def write(number):
        if hasattr(station, "update"):
            station.update(addresses, array("d", [number]) * count)
        else:
            for point in points:
                point.value = number

    addresses = array("I", range(1, count + 1))
    faults, reading, writing = [], [], []
    for number in range(1, options["rounds"] + 1):
        begin = now()
        write(float(number))
        written = now()
        columns = read()
        reading.append(now() - written)
        writing.append(written - begin)
        if list(columns[0]) != list(addresses) or set(columns[1]) != {float(number)}:
            faults.append("values are not those that were written")
    say(read_per_s=count / min(reading) * 1e9, write_per_s=count / min(writing) * 1e9, faults=faults[:1])


def empty_call(options):
    """Nanoseconds of an empty callback called from C: with ready arguments, and with one new object a call."""
    sys.path.insert(0, options["folder"])
    import empty_call as module

    class Thing:
        __slots__ = ()

    class Counter:
        calls = 0

    def receive(point, previous_info, message):
        Counter.calls += 1
        return None

    def empty(point, previous_info, message):
        return None

    thing = Thing()
    count = options["count"]
    say(
        empty_ns=module.run(empty, thing, thing, thing, count),
        counting_ns=module.run(receive, thing, thing, thing, count),
        fresh_ns=module.fresh(receive, thing, thing, thing, count),
    )


SCENARIOS = {"import": imported, "points": points, "bulk": bulk, "empty_call": empty_call}

if __name__ == "__main__":
    SCENARIOS[sys.argv[1]](json.loads(sys.argv[2]))
    leave()
