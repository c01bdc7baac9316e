# SPDX-License-Identifier: GPL-3.0-or-later
"""Cases of a Client that receives a stream."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from pathlib import Path
from typing import Any, List

from support.certificates import write_all

from .case import Case, Fields, Row
from .processes import OURS, PEER, Failure, generator, reader, subject, tls_generator

TRIES = 6  # the peer leaves a connection without STARTDT now and then


def faults_of(result: Fields, total: int, expected_calls: int) -> List[str]:
    faults = []
    if not result["finished"]:
        faults.append("the last object never came")
    if result.get("wrong"):
        faults.append(f"{result['wrong']} values wrong")
    if result.get("disorder"):
        faults.append(f"{result['disorder']} callbacks out of order")
    if expected_calls and result["calls"] != expected_calls:
        faults.append(f"{result['calls']} of {expected_calls} callbacks")
    return faults


def one_stream(who: str, load: Fields, client: Fields) -> Fields:
    """Generator and Client once; what both said."""
    timeout = client.get("timeout", 60)
    with generator(**load) as source:
        port = source.hear(10)["port"]
        with subject(who, "client", "stream", port=port, **client) as sink:
            sink.hear(180)
            source.tell("go")
            result = sink.hear(timeout + 30)
            done: Fields = {}
            if result["finished"]:
                done = source.hear(10)
            return {**result, "done": done}


def patient_stream(who: str, load: Fields, client: Fields) -> Fields:
    for attempt in range(TRIES):
        try:
            return {**one_stream(who, load, client), "attempts": attempt + 1}
        except Failure as failure:
            if "not open" not in str(failure):
                raise
            last = failure
    raise last


def stream(who: str, total: int, k: int = 1000, **client: Any) -> Fields:
    """Rate, CPU, growth of one run; `total` objects on each connection."""
    load = {
        "total": total,
        "k": k,
        "objects": client.pop("objects", 1),
        "points": client.get("points", 1000),
        "connections": client.get("connections", 1),
        "type": client.get("type", 13),
        "sq": client.pop("sq", 0),
    }
    links = load["connections"]
    callback = client.get("callback", "none")
    expected = 0
    if callback in ("count", "read", "check"):
        expected = total * links
    elif callback == "raw":
        expected = client["calls"] = (-(-total // load["objects"]) + 2) * links  # and the sentinel and STARTDT con
    elif client.get("discover"):
        expected = load["points"] + 1
    result = patient_stream(who, load, {**client, "total": total})
    faults = faults_of(result, total, expected)
    if not result["done"]:
        return {"faults": faults}
    seconds = (result["end_ns"] - result["done"]["start_ns"]) / 1e9
    objects = total * links
    return {
        "rate": objects / seconds,
        "seconds": seconds,
        "cpu": result["cpu_s"] / objects * 1e6,
        "growth_kb": result["growth_kb"],
        "attempts": result["attempts"],
        "faults": faults,
    }


def checked(who: str, total: int, **client: Any) -> Fields:
    """A stream of which each callback is compared with what was sent comes first; its faults count."""
    order = stream(who, 20_000, **{**client, "callback": "check"})
    result = stream(who, total, **client)
    return {**result, "faults": [*order["faults"], *result["faults"]]}


def totals(who: str, quick: bool, ours: int, peer: int) -> int:
    total = ours if who == OURS else peer
    return total // 4 if quick else total


def stream_k1000(who: str, quick: bool) -> Fields:
    return stream(who, totals(who, quick, 4_000_000, 250_000))


def stream_k12(who: str, quick: bool) -> Fields:
    """Ours, the peer, and the C loop as `who` == "c"."""
    total = totals(OURS, quick, 400_000, 0)
    if who != "c":
        return stream(who, total if who == OURS else total // 4, k=12)
    with generator(total=total, k=12) as source, reader(port=source.hear(10)["port"]) as sink:
        sink.hear(10)
        source.tell("go")
        result, done = sink.hear(60), source.hear(10)
    faults = [f"{result['faults']} frames out of order"] if result["faults"] else []
    if result["objects"] != total + 1:
        faults.append(f"{result['objects']} of {total + 1} objects")
    return {
        "rate": total / ((result["end_ns"] - done["start_ns"]) / 1e9),
        "cpu": result["cpu_s"] / total * 1e6,
        "faults": faults,
    }


def stream_30(who: str, quick: bool) -> Fields:
    return stream(who, totals(who, quick, 30_000_000, 2_000_000), objects=30)


def stream_127(who: str, quick: bool) -> Fields:
    return stream(who, totals(who, quick, 60_000_000, 3_000_000), objects=127, sq=1, type=1, points=1016)


def on_receive(who: str, quick: bool) -> Fields:
    return checked(who, totals(who, quick, 2_000_000, 200_000), objects=30, callback="count")


def on_receive_read(who: str, quick: bool) -> Fields:
    return checked(who, totals(who, quick, 1_000_000, 120_000), callback="read")


def on_receive_raw(who: str, quick: bool) -> Fields:
    return stream(who, totals(who, quick, 2_000_000, 120_000), callback="raw")


def many_points(objects: int, ours: int, callback: str = "none") -> Any:
    def measure(who: str, quick: bool) -> Fields:
        return stream(who, totals(who, quick, ours, 100_000), points=100_000, objects=objects, callback=callback)

    return measure


def ten_connections(who: str, quick: bool) -> Fields:
    return checked(who, totals(who, quick, 200_000, 12_000), points=100, connections=10, objects=30, callback="count")


def ten_connections_1(who: str, quick: bool) -> Fields:
    return stream(who, totals(who, quick, 2_000_000, 120_000), points=1000, objects=30, callback="count")


def discovery(who: str, quick: bool) -> Fields:
    points = 50_000 if who == OURS or not quick else 10_000
    return stream(who, points, points=points, objects=30, discover=True)


def discovery_four(who: str, quick: bool) -> Fields:
    return stream(who, 200_000, points=200_000, objects=30, discover=True)


def busy_stream(who: str, quick: bool) -> Fields:
    result = stream(who, totals(who, quick, 400_000, 1_000), objects=30, callback="count", busy=1, timeout=40)
    return result


def long_stream(who: str, quick: bool) -> Fields:
    return stream(who, 10_000_000 if not quick else 4_000_000, callback="none", timeout=100)


def long_callbacks(who: str, quick: bool) -> Fields:
    return stream(who, 10_000_000 if not quick else 1_000_000, objects=1, callback="count", timeout=200)


def long_raw(who: str, quick: bool) -> Fields:
    """The peer's shorter run shows its growth well enough."""
    total = (10_000_000 if who == OURS else 240_000) // (10 if quick else 1)
    result = stream(who, total, callback="raw", timeout=100)
    if "growth_kb" in result:
        result["growth_kb"] *= 10_000_000 / total
    return result


# TLS: the same program sends both ways, so what differs is TLS alone.

_certificates: List[Path] = []


def certificates() -> Path:
    if not _certificates:
        folder = Path(tempfile.mkdtemp(prefix="c104-bench-"))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        write_all(folder)
        _certificates.append(folder)
    return _certificates[0]


def secured_stream(tls: bool) -> Any:
    def measure(who: str, quick: bool) -> Fields:
        total = 400_000 if quick else 1_500_000
        extra: Fields = {"tls": str(certificates())} if tls else {}
        with tls_generator(total=total, points=1000, k=1000, **extra) as source:
            port = source.hear(60)["port"]
            with subject(who, "client", "stream", port=port, total=total, **extra) as sink:
                sink.hear(60)
                source.tell("go")
                result, done = sink.hear(90), source.hear(10)
        return {
            "rate": total / ((result["end_ns"] - done["start_ns"]) / 1e9),
            "cpu": result["cpu_s"] / total * 1e6,
            "sender_cpu": done["cpu_s"] / total * 1e6,
            "faults": faults_of(result, total, 0),
        }

    return measure


CPU = "CPU s per million points"
RATE = "points/s"

CASES = [
    Case(
        "stream_k1000",
        stream_k1000,
        [
            Row("rate", "stream M_ME_NC_1, 1 object, 1,000 points, no callback, k=1000", RATE, factor=20),
            Row("cpu", "the same", CPU, higher=False, limit=0.5),
        ],
    ),
    Case(
        "stream_k12",
        stream_k12,
        [
            Row(
                "cpu", "the same with k=12, against the plain C loop", CPU, higher=False, factor=1.6, against="stream_k12.c.cpu"
            ),
            Row("rate", "the same with k=12", RATE),
        ],
        sides=(OURS, PEER, "c"),
        urgent=True,
    ),
    Case("stream_30", stream_30, [Row("rate", "30 objects/ASDU, no callback, k=1000", RATE, factor=15)]),
    Case("stream_127", stream_127, [Row("rate", "M_SP_NA_1, 127 objects SQ=1, no callback, k=1000", RATE, factor=30)]),
    Case("on_receive", on_receive, [Row("rate", "on_receive on every point, 30 objects/ASDU, k=1000", RATE, factor=10)]),
    Case(
        "on_receive_read",
        on_receive_read,
        [Row("rate", "on_receive that reads value, quality, address, 1 object/ASDU, k=1000", RATE, factor=6)],
    ),
    Case(
        "on_receive_raw",
        on_receive_raw,
        [Row("rate", "on_receive_raw, 1 object/ASDU, k=1000", "frames/s", factor=8)],
    ),
    Case(
        "points_100k",
        many_points(1, 4_000_000),
        [Row("rate", "stream of 1 object, 100,000 points", RATE, factor=0.5, against="stream_k1000.ours.rate")],
        peer_rounds=1,
        quick=False,
    ),
    Case(
        "points_100k_30",
        many_points(30, 20_000_000),
        [Row("rate", "30 objects/ASDU, 100,000 points", RATE, factor=0.5, against="stream_30.ours.rate")],
        peer_rounds=1,
        quick=False,
    ),
    Case(
        "points_100k_callback",
        many_points(30, 2_000_000, "count"),
        [Row("rate", "on_receive, 30 objects/ASDU, 100,000 points", RATE, factor=0.5, against="on_receive.ours.rate")],
        peer_rounds=1,
        quick=False,
    ),
    Case(
        "ten_connections",
        ten_connections,
        [Row("rate", "10 connections with on_receive, in all", RATE, factor=1.0, against="one_connection.ours.rate")],
    ),
    Case("one_connection", ten_connections_1, [Row("rate", "one connection alone with on_receive", RATE)]),
    Case(
        "discovery",
        discovery,
        [Row("seconds", "discovery of 50,000 unknown points through on_new_point", "s", higher=False, limit=0.4)],
        peer_rounds=1,
    ),
    Case(
        "discovery_four",
        discovery_four,
        [
            Row(
                "seconds",
                "discovery of 200,000: linear if about four times that",
                "s",
                higher=False,
                factor=4.4,
                against="discovery.ours.seconds",
            )
        ],
        sides=(OURS,),
    ),
    Case(
        "busy_thread",
        busy_stream,
        [Row("rate", "beside one busy Python thread: on_receive, 30 objects/ASDU", "callbacks/s", limit=100_000)],
    ),
    Case(
        "memory_stream",
        long_stream,
        [Row("growth_kb", "ten million frames, no callback: growth of memory", "kB", higher=False, limit=512)],
        sides=(OURS,),
    ),
    Case(
        "memory_callbacks",
        long_callbacks,
        [Row("growth_kb", "ten million frames, on_receive: growth of memory", "kB", higher=False, limit=512)],
        sides=(OURS,),
    ),
    Case(
        "memory_raw",
        long_raw,
        [Row("growth_kb", "ten million frames, on_receive_raw: growth of memory", "kB", higher=False, limit=512)],
        peer_rounds=1,
    ),
    Case("tls_plain", secured_stream(False), [Row("rate", "stream from the Python sender, plain", RATE)], sides=(OURS,)),
    Case(
        "tls",
        secured_stream(True),
        [
            Row(
                "rate",
                "the same over TLS 1.3",
                RATE,
                factor=0.7,
                against="tls_plain.ours.rate",
                note="or its CPU explained: above",
            ),
            Row("cpu", "the same over TLS 1.3", CPU, higher=False),
        ],
        sides=(OURS,),
    ),
]
