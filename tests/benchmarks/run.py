#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The benchmarks: `make bench [CASES="stream_k1000 gi"] [QUICK=1] [ROUNDS=5]`.

Each case runs in fresh processes, ours and the peer's alternating. What comes of it is kept in build/bench/results.json; the table
and the plot are made of all that is there.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import sys
import time
from typing import Iterator

from bench import latency, plot, results, scale, serving, streams, table
from bench.case import Case
from bench.processes import OURS, PEER, PYTHONS, Failure

CASES = {case.name: case for room in (streams, latency, serving, scale) for case in room.CASES}


LIMIT_S = 300  # of one measurement


def measure(case: Case, who: str, quick: bool) -> results.Fields:
    signal.alarm(LIMIT_S)
    try:
        with real_time(case.urgent):
            return case.measure(who, quick)
    except Failure as failure:
        return {"faults": [f"{failure}"]}
    except Exception as error:  # the table says so; the other cases go on
        return {"faults": [f"{type(error).__name__}: {error}"]}
    finally:
        signal.alarm(0)


def on_alarm(*_: object) -> None:
    raise Failure(f"not done after {LIMIT_S} s")


@contextlib.contextmanager
def real_time(wanted: bool) -> Iterator[None]:
    """Programs started within are in the real-time class, where that is allowed."""
    if not wanted or not real_time_allowed():
        yield
        return
    os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(10))
    try:
        yield
    finally:
        os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))


def real_time_allowed() -> bool:
    try:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(10))
        os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))
    except (AttributeError, OSError):
        return False
    return True


def brief(metrics: results.Fields) -> str:
    shown = [f"{name}={value:.4g}" for name, value in metrics.items() if isinstance(value, (int, float))]
    shown += [
        f"{point['x']}: " + " ".join(f"{name}={value:.4g}" for name, value in point.items() if name != "x")
        for point in metrics.get("curve", [])
    ]
    return " ".join(shown) + ("" if not metrics["faults"] else "  !! " + "; ".join(metrics["faults"]))


def run(case: Case, rounds: int, quick: bool, sides: list) -> results.Measured:
    measured: results.Measured = {}
    wanted = 1 if case.curve else rounds
    for number in range(wanted):
        for who in case.sides:
            if who not in sides and who in (OURS, PEER):
                continue
            if who == PEER and case.peer_rounds is not None and number >= case.peer_rounds:
                continue
            begin = time.monotonic()
            metrics = measure(case, who, quick)
            measured.setdefault(who, []).append(metrics)
            print(
                f"{case.name:22} {who:5} {number + 1}/{wanted} {time.monotonic() - begin:6.1f} s  {brief(metrics)}", flush=True
            )
    return measured


def be_urgent() -> None:
    """Ahead of what else the machine does, where that is allowed."""
    try:
        os.nice(-15)
    except OSError:
        print("bench: not allowed to raise the priority, other work on this machine disturbs more", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", default="", help="names, or beginnings of names; all without")
    parser.add_argument("--rounds", type=int, default=0)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--sides", default=f"{OURS} {PEER}")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--no-write", action="store_true", help="leave docs/ as it is")
    arguments = parser.parse_args()
    if arguments.list:
        print("\n".join(CASES))
        return 0
    words = arguments.cases.split()
    unknown = [word for word in words if not any(name.startswith(word) for name in CASES)]
    if unknown:
        parser.error(f"no case begins with {' '.join(unknown)}; see --list")
    chosen = [
        case
        for case in CASES.values()
        if (
            any(case.name == word or case.name.startswith(word + "_") for word in words)
            if words
            else case.quick or not arguments.quick
        )
    ]
    missing = [who for who, python in PYTHONS.items() if not python.exists()]
    if missing:
        parser.error(f"no environment of {missing}: use make bench")
    be_urgent()
    signal.signal(signal.SIGALRM, on_alarm)
    rounds = arguments.rounds or (2 if arguments.quick else 5)
    began = time.monotonic()
    try:
        for case in chosen:
            results.keep(case.name, run(case, rounds, arguments.quick, arguments.sides.split()), arguments.quick)
    finally:  # what there is, however it ended
        if not arguments.no_write:
            everything = results.load()
            table.write(CASES, everything)
            plot.write(everything)
    print(f"bench: {(time.monotonic() - began) / 60:.1f} min")
    return 0


if __name__ == "__main__":
    sys.exit(main())
