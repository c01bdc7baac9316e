# SPDX-License-Identifier: GPL-3.0-or-later
"""A case: how it is measured, and the rows of the table that come of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Callable, Dict, List, Optional

Fields = Dict[str, Any]
# measure(who, quick) -> metrics. "faults": what wasn't right, as text; [] when all was.
Measure = Callable[[str, bool], Fields]


@dataclass(frozen=True)
class Row:
    """One line of the table. `factor`: ours must be that many times the peer (in the direction of `higher`). `limit`: ours must reach
    that, absolutely. `against`: "case.metric" of ours (or of a reference), ours must reach `factor` times that instead of the peer's.
    Several given: all must hold."""

    metric: str
    title: str
    unit: str
    higher: bool = True
    factor: Optional[float] = None
    limit: Optional[float] = None
    against: Optional[str] = None
    note: str = ""


@dataclass(frozen=True)
class Case:
    name: str
    measure: Measure
    rows: List[Row] = field(default_factory=list)
    sides: tuple = ("ours", "peer")
    peer_rounds: Optional[int] = None  # where the peer takes minutes
    quick: bool = True  # part of QUICK=1
    urgent: bool = (
        False  # latencies, task switches: in the real-time class where allowed, or other work on the machine hides them
    )
    curve: bool = False  # its rounds are points of a curve: plotted, with "x" among the metrics
