#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the benchmarks move from night to night: `trend.py HISTORY`, after make bench.

Appends the factors of build/bench/results.json (how many times as good as the peer, on the same machine at the same time: figures
of different machines can't be compared) to HISTORY, a JSON object a line, and prints them beside the median of the nights before,
as Markdown. Exit code 1: a factor fell below half of that median, of at least five nights.
"""

from __future__ import annotations

import datetime
import json
import math
import statistics
import sys
from pathlib import Path
from typing import Dict, List

from bench import latency, results, scale, serving, streams, table
from bench.processes import OURS, PEER

NIGHTS = 30


def factors() -> Dict[str, float]:
    known = results.load()
    found = {}
    for case in (case for room in (streams, latency, serving, scale) for case in room.CASES if case.name in known):
        for row in case.rows:
            ours, peer = (results.median(known[case.name]["sides"], side, row.metric) for side in (OURS, PEER))
            factor = table.better(row, ours, peer) if ours is not None and peer is not None else math.inf
            if math.isfinite(factor):
                found.setdefault(f"{case.name}.{row.metric}", round(factor, 3))
    return found


def main() -> int:
    history = Path(sys.argv[1])
    before: List[Dict[str, float]] = []
    if history.exists():
        before = [json.loads(line)["factors"] for line in history.read_text().splitlines()][-NIGHTS:]
    now = factors()
    with history.open("a") as file:
        file.write(json.dumps({"at": f"{datetime.date.today()}", "factors": now}) + "\n")
    print(f"| times as good as c104 2.2 | tonight | median of {len(before)} nights |  |\n|---|---|---|---|")
    fell = 0
    for name, factor in now.items():
        earlier = [night[name] for night in before if name in night]
        usual = statistics.median(earlier) if earlier else factor
        bad = len(earlier) >= 5 and factor < usual / 2
        fell += bad
        print(f"| {name} | {factor:.2f} | {usual:.2f} | {'**fell**' if bad else ''} |")
    return 1 if fell else 0


if __name__ == "__main__":
    sys.exit(main())
