# SPDX-License-Identifier: GPL-3.0-or-later
"""Cases of a Client where time counts: latency of callbacks, TESTFR answers, commands."""

from __future__ import annotations

from typing import Any, List

from .case import Case, Fields, Row
from .processes import OURS, Failure, Program, floor, generator, subject
from .streams import TRIES, patient_stream


def percentile(numbers: List[float], share: float) -> float:
    ordered = sorted(numbers)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else float("nan")


def paced(who: str, total: int, pace_us: int, testfr_us: int, **client: Any) -> Fields:
    """One frame each `pace_us`; latency of each callback, and of TESTFR answers."""
    load: Fields = {"total": total, "k": 1000, "pace": pace_us, "points": 100}
    if testfr_us:
        load["testfr"] = testfr_us
    settings: Fields = {"points": 100, "callback": "stamp", "total": total, "pace": pace_us, "timeout": 30, **client}
    result = patient_stream(who, load, settings)
    faults = [] if result["finished"] else ["the last object never came"]
    metrics: Fields = {"faults": faults}
    if not result["done"]:
        return metrics
    sent, seen = result["done"]["sent_ns"], result.get("seen_ns", [])
    if settings["callback"] == "stamp":
        if len(seen) != total:
            faults.append(f"{len(seen)} of {total} callbacks")
        taken = [(b - a) / 1e3 for a, b in zip(sent, seen)]
        metrics.update(p50=percentile(taken, 0.5), p99=percentile(taken, 0.99))
    answers = [a / 1e6 for a in result["done"].get("testfr_ns", [])]
    if answers:
        metrics.update(testfr_p50=percentile(answers, 0.5), testfr_p99=percentile(answers, 0.99), testfr_max=max(answers))
        metrics["testfr_count"] = len(answers)
    return metrics


def frame_latency(who: str, quick: bool) -> Fields:
    return paced(who, 1000 if quick else 4000, 1000, 0)


def busy_testfr(who: str, quick: bool) -> Fields:
    """One callback each 10 ms, so that the peer's receive thread, which waits for the GIL, gets on as well."""
    return paced(who, 150 if quick else 400, 10_000, 7_000, busy=1)


def sleeping(who: str, quick: bool) -> Fields:
    """A's callbacks sleep 50 ms, ten a second; B gets a frame each millisecond. Two generators, one Client process."""
    total = 1000 if quick else 3000
    for _ in range(TRIES):
        try:
            return sleeping_once(who, total)
        except Failure as failure:
            if "not open" not in str(failure):
                raise
            last = failure
    raise last


def sleeping_once(who: str, total: int) -> Fields:
    a_load: Fields = {"total": total // 100, "k": 1000, "pace": 100_000, "points": 100, "testfr": 7_000}
    b_load: Fields = {"total": total, "k": 1000, "pace": 1000, "points": 100}
    with generator(**a_load) as a, generator(**b_load) as b:
        ports = [a.hear(10)["port"], b.hear(10)["port"]]
        with subject(who, "pair", "sleeping", ports=ports, total=total) as sink:
            sink.hear(60)
            a.tell("go")
            b.tell("go")
            result = sink.hear(60)
            faults = [] if result["finished"] else ["the last object never came"]
            if not result["finished"]:
                return {"faults": faults}
            a_done, b_done = a.hear(20), b.hear(20)
    taken = [(y - x) / 1e6 for x, y in zip(b_done["sent_ns"], result["seen_ns"])]
    if len(result["seen_ns"]) != total:
        faults.append(f"{len(result['seen_ns'])} of {total} callbacks")
    answers = [x / 1e6 for x in a_done["testfr_ns"]]
    return {
        "b_p50": percentile(taken, 0.5),
        "b_p99": percentile(taken, 0.99),
        "testfr_p99": percentile(answers, 0.99),
        "testfr_max": max(answers, default=float("nan")),
        "faults": faults,
    }


def commands(threads: int, count: int) -> Any:
    def measure(who: str, quick: bool) -> Fields:
        number = max(100, count // 4) if quick else count
        for _ in range(TRIES):
            with generator(k=12) as station:
                port = station.hear(10)["port"]
                try:
                    with subject(who, "client", "commands", port=port, threads=threads, count=number) as sink:
                        sink.hear(60)
                        result = sink.hear(150)
                except Failure as failure:
                    if "not open" not in str(failure):
                        raise
                    last = failure
                    continue
                station.end_said = end(station)
                break
        else:
            raise last
        faults = []
        if result["lost"]:
            faults.append(f"{result['lost']} of {result['sent']} lost")
        if station.end_said != result["sent"] + threads:
            faults.append(f"{station.end_said} commands reached the station, {result['sent'] + threads} were sent")
        return {
            "p50": result["p50_us"],
            "p99": result["p99_us"],
            "rate": result["answered_per_s"],
            "lost": 100.0 * result["lost"] / result["sent"],
            "faults": faults,
        }

    return measure


def end(station: Program) -> int:
    """How many commands the station had."""
    assert station.process.stdin is not None
    station.process.stdin.close()
    return int(station.hear(10)["commands"])


def task_switches(who: str, quick: bool) -> Fields:
    """The threads, waits and sockets of three cases with nothing done in between. `direct`: as few threads as can be; `io`: with a
    thread of its own for the sockets, as here."""
    metrics: Fields = {"faults": []}
    for what, fields in (
        ("command", {"count": 2000}),
        ("frame", {"count": 4000, "gap": 1000}),
        ("report", {"count": 400, "gap": 5000}),
    ):
        for name, io in (("direct", 0), ("io", 1)):
            with floor(what, io=io, **fields) as program:
                result = program.hear(60)
            metrics[f"{what}_{name}_p50"], metrics[f"{what}_{name}_p99"] = result["p50_us"], result["p99_us"]
    return metrics


# Where the machine's own task switches take longer than the target: their time is to be 70 % of ours.
NEAR_LIMIT = round(1 / 0.7, 2)


def task_switch_rows() -> List[Row]:
    titles = {"command": "of a command", "frame": "from frame to callback", "report": "of a spontaneous value"}
    return [
        Row(f"{what}_{way}_p50", f"limit of the machine: task switches {title}{threads}", "us p50", higher=False)
        for what, title in titles.items()
        for way, threads in (("direct", ""), ("io", ", sockets in a thread of their own"))
    ]


CASES = [
    Case("task_switches", task_switches, task_switch_rows(), sides=(OURS,), urgent=True),
    Case(
        "commands_1",
        commands(1, 2000),
        [
            Row(
                "p50",
                "commands, 1 thread",
                "us p50",
                higher=False,
                factor=NEAR_LIMIT,
                against="task_switches.ours.command_direct_p50",
            ),
            Row("lost", "commands, 1 thread: lost", "%", higher=False, limit=0.0),
        ],
        urgent=True,
    ),
    Case(
        "commands_8",
        commands(8, 2000),
        [
            Row("rate", "commands, 8 threads", "commands/s", limit=20_000),
            Row("lost", "commands, 8 threads: lost", "%", higher=False, limit=0.0),
        ],
        urgent=True,
    ),
    Case(
        "frame_latency",
        frame_latency,
        [
            Row("p50", "frame to callback at 1,000/s", "us p50", higher=False, factor=1.0),
            Row("p99", "the same", "us p99", higher=False, factor=1.0),
        ],
        urgent=True,
    ),
    Case(
        "busy_testfr",
        busy_testfr,
        [Row("testfr_p99", "beside one busy Python thread: TESTFR answer", "ms p99", higher=False, limit=1.0)],
    ),
    Case(
        "sleeping",
        sleeping,
        [
            Row("b_p99", "a callback that sleeps 50 ms on A: B's latency", "ms p99", higher=False, limit=1.0),
            Row("testfr_p99", "a callback that sleeps 50 ms on A: A's TESTFR answer", "ms p99", higher=False, limit=1.0),
        ],
        urgent=True,
    ),
]
