# SPDX-License-Identifier: GPL-3.0-or-later
"""Cases of a Server: interrogation, transmissions, latency, masters."""

from __future__ import annotations

from typing import Any, List

from .case import Case, Fields, Row
from .processes import OURS, Failure, master, subject
from .streams import RATE


def ratio(part: float, whole: float) -> float:
    return 100.0 * part / whole if whole else 0.0


def interrogation(points: int, stations: int = 1, scattered: bool = False, type_id: int = 13) -> Any:
    def measure(who: str, quick: bool) -> Fields:
        total = points * stations
        with subject(
            who, "server", "interrogation", points=points, stations=stations, scattered=scattered, type=type_id
        ) as server:
            ready = server.hear(240)
            with master(port=ready["port"], stations=stations) as link:
                if link.hear(40)["started_count"] != 1:
                    raise Failure("no STARTDT con")
                link.tell("gi")
                result = link.hear(60)
                server.tell("end")
                used = server.hear(20)
        faults = []
        if result["distinct"] != total or result["interrogated"] != total:
            faults.append(f"{result['distinct']} of {total} points arrived")
        if result["terminated"] != stations:
            faults.append(f"{result['terminated']} of {stations} ACT_TERM")
        if result["faults"]:
            faults.append(f"{result['faults']} faults of order or value")
        seconds = (result["end_ns"] - result["start_ns"]) / 1e9
        return {
            "rate": result["distinct"] / seconds,
            "ms": seconds * 1e3,
            "arrived": ratio(result["distinct"], total),
            "cpu": used["cpu_s"] / max(1, result["distinct"]) * 1e6,
            "faults": faults,
        }

    return measure


def transmit(masters: int, ours: int, peer: int, points: int = 10) -> Any:
    """Flat out to so many masters. The rate is that of calls that were accepted; delivered: of these, what the masters got."""

    def measure(who: str, quick: bool) -> Fields:
        calls = (ours if who == OURS else peer) // (4 if quick else 1)
        with subject(who, "server", "transmit", masters=masters, calls=calls, points=points) as server:
            port = server.hear(20)["port"]
            with master(port=port, masters=masters) as links:
                started = links.hear(60)["started_count"]
                server.tell("go")
                result = server.hear(150)
                links.tell("end")
                got = links.hear(90)
        accepted = result["accepted"]
        faults = []
        if started != masters:
            faults.append(f"{started} of {masters} masters connected")
        if got["faults"]:
            faults.append(f"{got['faults']} faults of order")
        if got["objects"] != accepted * masters:
            faults.append(f"{got['objects']} of {accepted * masters} delivered")
        delivery = (got["end_ns"] - result["begin_ns"]) / 1e9
        return {
            "rate": accepted / result["seconds"],
            "delivered": ratio(got["objects"], accepted * masters),
            "delivered_rate": got["objects"] / delivery,
            "refused": result["refused"],
            "cpu": result["cpu_s"] / max(1, accepted) * 1e6,
            "growth_kb": result["growth_kb"],
            "faults": faults,
        }

    return measure


def batch(who: str, quick: bool) -> Fields:
    size, checked = 100, 20
    calls = (40_000 if who == OURS else 2_000) // (4 if quick else 1)
    with subject(who, "server", "batch", size=size, checked=checked, calls=calls) as server:
        port = server.hear(20)["port"]
        with master(port=port) as link:
            link.hear(40)
            server.tell("go")
            first = server.hear(60)["checked"]
            link.tell("end")
            strict = link.hear(30)
            link.tell("loose")
            server.tell("loose")
            result = server.hear(120)
            link.tell("end")
            got = link.hear(60)
    faults: List[str] = []
    arrived = got["objects"] - strict["objects"]
    if strict["objects"] != first or strict["faults"] or strict["lost"]:
        faults.append(f"of the first {first}: {strict['objects']} delivered, {strict['faults']} out of order")
    if arrived != result["accepted"]:
        faults.append(f"{arrived} of {result['accepted']} delivered")
    return {
        "rate": result["accepted"] / result["seconds"],
        "delivered_rate": arrived / ((got["end_ns"] - result["begin_ns"]) / 1e9),
        "delivered": ratio(arrived, result["accepted"]),
        "refused": result["refused"],
        "faults": faults,
    }


def spontaneous(who: str, quick: bool) -> Fields:
    count = 100 if quick else 400
    with subject(who, "server", "spontaneous", count=count, gap_ms=5 if who == OURS else 13) as server:
        port = server.hear(20)["port"]
        with master(port=port, stamps=count) as link:
            link.hear(40)
            server.tell("go")
            at = server.hear(60)["at"]
            link.tell("end")
            got = link.hear(30)
    stamps = got["stamps"]
    taken = sorted((ns - at[value - 1]) / 1e3 for value, ns in zip(stamps[::2], stamps[1::2]))
    faults = [] if len(taken) == count else [f"{len(taken)} of {count} delivered"]
    return {"p50": taken[len(taken) // 2], "p99": taken[min(len(taken) - 1, int(len(taken) * 0.99))], "faults": faults}


def silent(who: str, quick: bool) -> Fields:
    with subject(who, "server", "silent", calls=200, idle_s=1 if quick else 3) as server:
        port = server.hear(20)["port"]
        with master(port=port, w=0) as link:
            link.hear(40)
            server.tell("go")
            result = server.hear(60)
    return {"cpu": result["cpu_percent"], "faults": []}


def connect_masters(count: int) -> Any:
    def measure(who: str, quick: bool) -> Fields:
        with subject(who, "server", "masters", idle_s=1 if quick else 2) as server:
            port = server.hear(20)["port"]
            with master(port=port, masters=count) as links:
                begun = links.hear(60)
                server.tell("go")
                result = server.hear(60)
        faults = []
        if begun["started_count"] != count:
            faults.append(f"{begun['started_count']} of {count} masters connected")
        return {
            "seconds": (begun["end_ns"] - begun["start_ns"]) / 1e9,
            "started": begun["started_count"],
            "threads": result["threads"],
            "rss_each": result["rss_each_kb"],
            "idle_cpu": result["idle_cpu_percent"],
            "faults": faults,
        }

    return measure


def interrogation_rows(what: str, limit: Any = None) -> List[Row]:
    return [
        Row("arrived", what, "% of the points", limit=100.0),
        Row("rate", what, RATE, limit=limit),
    ]


CASES = [
    Case(
        "gi",
        interrogation(100_000),
        interrogation_rows("general interrogation of 100,000 M_ME_NC_1, master k=12 w=8", 2_000_000.0),
        peer_rounds=1,
        urgent=True,
    ),
    Case(
        "gi_single",
        interrogation(100_000, type_id=1),
        interrogation_rows("the same, M_SP_NA_1", 2_000_000.0),
        peer_rounds=1,
        quick=False,
        urgent=True,
    ),
    Case(
        "gi_scattered",
        interrogation(100_000, scattered=True),
        interrogation_rows("100,000 points at scattered addresses"),
        peer_rounds=1,
        quick=False,
        urgent=True,
    ),
    Case(
        "gi_stations",
        interrogation(5_000, stations=20),
        interrogation_rows("20 stations x 5,000 points"),
        peer_rounds=1,
        urgent=True,
    ),
    *[
        Case(
            f"transmit_{masters}",
            transmit(masters, ours, peer),
            [
                Row("rate", f"transmit() flat out, {masters} master{'s' * (masters > 1)}: accepted", "calls/s", limit=limit),
                Row("delivered", "the same: of these delivered to every master", "%", limit=100.0),
            ],
        )
        for masters, ours, peer, limit in (
            (1, 400_000, 60_000, 200_000),
            (10, 100_000, 10_000, 40_000),
            (50, 20_000, 600, 8_000),
        )
    ],
    Case(
        "batch",
        batch,
        [
            Row("rate", "transmit_batch of 100 points: accepted", RATE, limit=1_500_000),
            Row("delivered", "the same: delivered", "%", limit=100.0),
        ],
    ),
    Case(
        "spontaneous",
        spontaneous,
        [
            Row("p50", "spontaneous latency, idle server", "us p50", higher=False, limit=150),
            Row("p99", "the same", "us p99", higher=False, limit=1000),
        ],
        urgent=True,
    ),
    Case("silent", silent, [Row("cpu", "one master that never acknowledges", "% of a core", higher=False, limit=0.5)]),
    Case(
        "masters_1000",
        connect_masters(1000),
        [
            Row("started", "1,000 masters at one Server: connected", "masters", limit=1000),
            Row("seconds", "the same: until all are", "s", higher=False, limit=2.0),
            Row("threads", "the same: threads", "threads", higher=False, limit=8),
            Row("rss_each", "the same: memory each", "kB", higher=False, limit=8.0),
            Row("idle_cpu", "the same: idle", "% of a core", higher=False, limit=0.5),
        ],
        peer_rounds=1,
    ),
]
