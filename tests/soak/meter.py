# SPDX-License-Identifier: GPL-3.0-or-later
"""Samples what the process holds into a CSV, and judges whether it stays flat."""

from __future__ import annotations

import array
import csv
import os
import statistics
import sys
import time
from pathlib import Path
from typing import Callable, Dict

from support.heap import heap_in_use, resident_kib

WARM_UP = 1 / 3  # of the run
# Caches and malloc's arenas fill for some three minutes; of a shorter run only handles and threads are judged.
LEAST_MINUTES = 9
WARM_AT_ONCE = ("handles", "threads")
# Growth of the median between the halves of the time after warm-up: share of it, and what is always allowed.
FLAT = {"rss_kib": (0.02, 1024), "heap_kib": (0.02, 256), "blocks": (0.01, 200), "handles": (0.0, 4), "threads": (0.0, 2)}


def holdings() -> Dict[str, int]:
    heap = heap_in_use() // 1024  # first: it collects garbage
    return {
        "rss_kib": resident_kib(),
        "heap_kib": heap,
        "handles": len(os.listdir("/proc/self/fd")) - 1,  # without the one that reads the folder
        "threads": len(os.listdir("/proc/self/task")),
        "blocks": sys.getallocatedblocks(),
    }


class Meter:
    def __init__(self, path: Path, counts: Callable[[], Dict[str, int]]) -> None:
        self.counts = counts
        self.began = time.monotonic()
        self.kept = {name: array.array("d") for name in FLAT}  # one block each, however many samples
        self.file = path.open("w", newline="")
        self.writer = None

    def sample(self) -> None:
        row = {"seconds": round(time.monotonic() - self.began, 1), **holdings(), "cpu_s": round(time.process_time(), 2)}
        row.update(self.counts())
        for name, column in self.kept.items():
            column.append(row[name])
        if self.writer is None:
            self.writer = csv.DictWriter(self.file, list(row), lineterminator="\n")
            self.writer.writeheader()
        self.writer.writerow(row)
        self.file.flush()

    def close(self) -> None:
        self.file.close()
        self.counts = dict  # holds nothing of the run any more

    def verdict(self, minutes: float) -> Dict[str, Dict[str, object]]:
        """For each column the medians of the two halves after warm-up, and whether they are the same; "flat" is None where the run was too
        short to judge."""
        result: Dict[str, Dict[str, object]] = {}
        for name, (share, floor) in FLAT.items():
            rest = self.kept[name][int(len(self.kept[name]) * WARM_UP) :]
            before, after = statistics.median(rest[: len(rest) // 2]), statistics.median(rest[len(rest) // 2 :])
            judged = minutes >= LEAST_MINUTES or name in WARM_AT_ONCE
            result[name] = {
                "before": before,
                "after": after,
                "flat": after - before <= max(share * before, floor) if judged else None,
            }
        return result
