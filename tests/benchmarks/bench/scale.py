# SPDX-License-Identifier: GPL-3.0-or-later
"""Cases of size: connections, points, import; how cost grows; what CPython itself allows."""

from __future__ import annotations

from typing import Any

from .case import Case, Fields, Row
from .processes import BUILT, OURS, generator, subject
from .serving import connect_masters, interrogation, transmit
from .streams import stream


def connections(count: int) -> Any:
    def measure(who: str, quick: bool) -> Fields:
        with generator() as source:
            port = source.hear(10)["port"]
            with subject(who, "client", "connections", port=port, count=count, idle_s=1 if quick else 3) as client:
                result = client.hear(100)
                result.update(client.hear(170))
        faults = []
        if not result["opened"] or result["active"] != count:
            faults.append(f"{result['active']} of {count} open")
        if not result["stopped"]:
            faults.append("stop() never returned")
        return {
            "open": result["open_s"],
            "threads": result["threads"],
            "rss_each": result["rss_each_kb"],
            "idle_cpu": result["idle_cpu_percent"],
            "stop": result["stop_s"],
            "faults": faults,
        }

    return measure


def points(count: int, lookups: int = 10_000) -> Any:
    def measure(who: str, quick: bool) -> Fields:
        with subject(who, "local", "points", count=count, lookups=lookups if who == OURS else 1000) as local:
            result = local.hear(240)
        faults = [f"{result['wrong']} points not found"] if result["wrong"] else []
        return {
            "seconds": result["made_s"],
            "octets": result["octets_each"],
            "get_us": result["get_us"],
            "get_known_us": result["get_known_us"],
            "faults": faults,
        }

    return measure


def bulk(who: str, quick: bool) -> Fields:
    """All values of a station read, and written; the peer, which has no call for that, point by point."""
    count = 100_000 if who == OURS else 5_000
    with subject(who, "local", "bulk", count=count, rounds=3 if quick else 20) as local:
        result = local.hear(120)
    return {"read": result["read_per_s"], "write": result["write_per_s"], "faults": result["faults"]}


def imported(who: str, quick: bool) -> Fields:
    taken = []
    for _ in range(5 if quick else 15):
        with subject(who, "local", "import") as local:
            taken.append(local.hear(30)["ms"])
    return {"ms": sorted(taken)[len(taken) // 2], "faults": []}


def empty_call(who: str, quick: bool) -> Fields:
    """Only CPython is measured: the same on both sides."""
    with subject(who, "local", "empty_call", folder=str(BUILT), count=500_000 if quick else 3_000_000) as local:
        result = local.hear(60)
    return {
        "empty": 1e9 / result["empty_ns"],
        "counting": 1e9 / result["counting_ns"],
        "fresh": 1e9 / result["fresh_ns"],
        "faults": [],
    }


# Curves: the metric at each x; ours as far as it goes, the peer as far as it bears.


def curve(xs: Any, peer_most: int, make: Any) -> Any:
    def measure(who: str, quick: bool) -> Fields:
        wanted = [x for x in xs if (who == OURS or x <= peer_most) and not (quick and x > 10_000)]
        faults = []
        found: Any = []
        for x in wanted:
            try:
                result = make(x)(who, quick)
            except Exception as error:  # the next x may do
                result = {"faults": [str(error)]}
            faults += [f"{x}: {text}" for text in result.pop("faults")]
            found.append({"x": x, **result})
        return {"curve": found, "faults": faults}

    return measure


def stream_of(count: int) -> Any:
    def measure(who: str, quick: bool) -> Fields:
        total = max(2 * count, 3_000_000 if who == OURS else 100_000)
        return stream(who, total, points=count, objects=30)

    return measure


def stream_over(count: int) -> Any:
    def measure(who: str, quick: bool) -> Fields:
        total = max(1000, (3_000_000 if who == OURS else 200_000) // count)
        return stream(who, total, connections=count, points=100, objects=30)

    return measure


def transmit_to(count: int) -> Any:
    calls = max(500, 200_000 // count)
    return transmit(count, calls, min(calls, 20_000 // count))


def interrogation_of(count: int) -> Any:
    return interrogation(count)


TEN = (1, 10, 100, 1000)
KILO = (1000, 10_000, 100_000, 1_000_000)

CASES = [
    *[
        Case(
            f"connections_{count}",
            connections(count),
            [
                Row("open", f"{count:,} connections: open", "s", higher=False, limit=0.2 if count == 1000 else None),
                Row("threads", f"{count:,} connections: threads", "threads", higher=False, limit=8),
                Row(
                    "rss_each", f"{count:,} connections: memory each", "kB", higher=False, limit=8.0 if count == 1000 else None
                ),
                Row("idle_cpu", f"{count:,} connections: idle", "% of a core", higher=False, limit=0.5),
                Row("stop", f"{count:,} connections: stop", "s", higher=False, limit=0.2),
            ],
            peer_rounds=1,
            quick=count < 1000,
        )
        for count in (100, 1000)
    ],
    Case(
        "points_make_100k",
        points(100_000),
        [
            Row("seconds", "add_point, 100,000", "s", higher=False, limit=0.15),
            Row("octets", "memory of a point, until it's wrapped", "octets", higher=False, limit=160),
            Row("get_us", "get_point at 100,000", "us", higher=False, limit=0.5),
            Row("get_known_us", "get_point of one that Python holds already", "us", higher=False),
        ],
        peer_rounds=1,
        quick=False,
    ),
    Case(
        "points_make_1m",
        points(1_000_000),
        [
            Row("seconds", "add_point, 1,000,000", "s", higher=False, limit=2.0),
            Row("octets", "memory of a point, 1,000,000", "octets", higher=False, limit=160),
        ],
        sides=(OURS,),
        quick=False,
    ),
    Case(
        "bulk",
        bulk,
        [
            Row("read", "all values of a station of 100,000 points as arrays: snapshot()", "points/s"),
            Row("write", "all values of a station of 100,000 points: update()", "points/s"),
        ],
        peer_rounds=1,
    ),
    Case("import", imported, [Row("ms", "import c104", "ms", higher=False, limit=10.0)]),
    Case(
        "empty_call",
        empty_call,
        [
            Row("empty", "limit of CPython: an empty callback called from C", "calls/s"),
            Row("counting", "limit of CPython: the callback of these cases, ready arguments", "calls/s"),
            Row("fresh", "limit of CPython: the same with one new object a call", "calls/s"),
        ],
        sides=(OURS,),
    ),
    Case("curve_make", curve(KILO, 10_000, lambda x: points(x, 1000)), curve=True, peer_rounds=1, quick=False),
    Case("curve_stream", curve(KILO, 10_000, stream_of), curve=True, peer_rounds=1, quick=False),
    Case("curve_gi", curve(KILO, 10_000, interrogation_of), curve=True, peer_rounds=1, quick=False),
    Case("curve_connections", curve(TEN, 100, connections), curve=True, peer_rounds=1, quick=False),
    Case("curve_connection_stream", curve(TEN, 100, stream_over), curve=True, peer_rounds=1, quick=False),
    Case("curve_masters", curve(TEN, 100, connect_masters), curve=True, peer_rounds=1, quick=False),
    Case("curve_transmit", curve(TEN, 50, transmit_to), curve=True, peer_rounds=1, quick=False),
]
