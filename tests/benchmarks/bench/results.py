# SPDX-License-Identifier: GPL-3.0-or-later
"""Results on disk: of each case its last run."""

from __future__ import annotations

import datetime
import json
import os
import platform
import statistics
from typing import Any, Dict, List, Optional

from .processes import BUILT

Fields = Dict[str, Any]
Measured = Dict[str, List[Fields]]  # side -> metrics of each round
FILE = BUILT / "results.json"


def load() -> Dict[str, Fields]:
    return json.loads(FILE.read_text()) if FILE.exists() else {}


def keep(case: str, measured: Measured, quick: bool) -> None:
    known = load()
    known[case] = {"sides": measured, "quick": quick, "at": f"{datetime.date.today()}", "machine": machine()}
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text(json.dumps(known, indent=1))


def machine() -> str:
    model = ""
    try:
        with open("/proc/cpuinfo") as file:
            model = next((line.split(":")[1].strip() for line in file if line.startswith("model name")), "")
    except OSError:
        pass
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{model}, {os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} {platform.release()} {platform.machine()}, "
        f"Python {platform.python_version()}"
    )


def values(measured: Measured, side: str, metric: str) -> List[float]:
    return [metrics[metric] for metrics in measured.get(side, []) if isinstance(metrics.get(metric), (int, float))]


def median(measured: Measured, side: str, metric: str) -> Optional[float]:
    found = values(measured, side, metric)
    return statistics.median(found) if found else None


def faults(measured: Measured, side: str) -> List[str]:
    """Each kind of fault once, with how many rounds had one."""
    rounds = measured.get(side, [])
    texts = [text for metrics in rounds for text in metrics.get("faults", [])]
    if not texts:
        return []
    bad = sum(bool(metrics.get("faults")) for metrics in rounds)
    return [texts[0] + (f" (and more; {bad} of {len(rounds)} rounds)" if len(rounds) > 1 else "")]
