# SPDX-License-Identifier: GPL-3.0-or-later
"""The table in docs/explanation/performance.md, between the markers."""

from __future__ import annotations

from typing import Any, Dict, List, Optional

from . import results
from .case import Case, Row
from .processes import OURS, PEER, ROOT

PAGE = ROOT / "docs" / "explanation" / "performance.md"
BEGIN, END = "<!-- table: begin, made by make bench -->", "<!-- table: end -->"
Known = Dict[str, Dict[str, Any]]


def number(value: Optional[float]) -> str:
    if value is None:
        return "-"
    if value == 0:
        return "0"
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def spread(measured: results.Measured, side: str, metric: str) -> str:
    found = results.values(measured, side, metric)
    middle = results.median(measured, side, metric)
    if middle is None:
        return "-"
    if len(found) == 1 or min(found) == max(found):
        return number(middle)
    return f"{number(middle)} [{number(min(found))} - {number(max(found))}]"


def better(row: Row, ours: float, other: float) -> float:
    """How many times as good ours is."""
    above, below = (ours, other) if row.higher else (other, ours)
    return above / below if below else float("inf")


def referred(known: Known, path: str) -> Optional[float]:
    case, side, metric = path.split(".")
    return results.median(known[case]["sides"], side, metric) if case in known else None


def target(row: Row) -> str:
    parts = []
    if row.against:
        parts.append(f"{'>=' if row.higher else '<='} {row.factor:g} x {row.against}")
    elif row.factor is not None:
        parts.append(f">= {row.factor:g} x the peer" if row.factor != 1 else "not worse than the peer")
    if row.limit is not None:
        parts.append(f"{'>=' if row.higher else '<='} {number(row.limit)}")
    return ", ".join(parts) or "-"


def met(row: Row, known: Known, ours: Optional[float], peer: Optional[float]) -> Optional[bool]:
    """None: nothing was asked, or it can't be told."""
    if ours is None:
        return None if target(row) == "-" else False
    verdicts = []
    if row.limit is not None:
        verdicts.append(ours >= row.limit if row.higher else ours <= row.limit)
    if row.against:
        other = referred(known, row.against)
        if other is None:
            return None
        verdicts.append(ours >= row.factor * other if row.higher else ours <= row.factor * other)
    elif row.factor is not None:
        if peer is None:
            return None
        verdicts.append(better(row, ours, peer) >= row.factor)
    return all(verdicts) if verdicts else None


def line(case: Case, row: Row, known: Known) -> str:
    measured = known[case.name]["sides"]
    ours, peer = (results.median(measured, side, row.metric) for side in (OURS, PEER))
    ratio = f"{better(row, ours, peer):.3g} x" if ours is not None and peer is not None and (ours or peer) else "-"
    verdict = {True: "yes", False: "**no**", None: "-"}[met(row, known, ours, peer)]
    if any(metrics.get("faults") for metrics in measured.get(OURS, [])):
        verdict = "**no**" if verdict != "-" else verdict
    what = row.title + (f" ({row.note})" if row.note else "")
    cells = [
        what,
        row.unit,
        spread(measured, OURS, row.metric),
        spread(measured, PEER, row.metric),
        ratio,
        target(row),
        verdict,
    ]
    return "| " + " | ".join(cells) + " |"


def fault_lines(cases: Dict[str, Case], known: Known) -> List[str]:
    lines = []
    for name in cases:
        if name not in known:
            continue
        for side in (OURS, PEER):
            texts = results.faults(known[name]["sides"], side)
            lines += [f"- `{name}`, {side}: {text}" for text in texts]
    return lines


def curve_lines(cases: Dict[str, Case], known: Known) -> List[str]:
    lines: List[str] = []
    for name, case in cases.items():
        if not case.curve or name not in known:
            continue
        for side in (OURS, PEER):
            for metrics in known[name]["sides"].get(side, []):
                for point in metrics.get("curve", []):
                    shown = ", ".join(f"{key} {number(value)}" for key, value in point.items() if key not in ("x", "attempts"))
                    lines.append(f"| `{name}` | {side} | {point['x']:,} | {shown} |")
    return lines


def text(cases: Dict[str, Case], known: Known) -> str:
    used = [name for name, case in cases.items() if name in known]
    dates = sorted({known[name]["at"] for name in used})
    machines = sorted({known[name]["machine"] for name in used})
    rounds = max((len(known[name]["sides"].get(OURS, [])) for name in used), default=0)
    lines = [
        BEGIN,
        "",
        f"Measured {' to '.join(dict.fromkeys((dates[0], dates[-1])))} on {'; '.join(machines)}. Up to {rounds} rounds, ours and c104 2.2.1 alternating; "
        "medians, in brackets the least and the most.",
        "",
        "| case | unit | ours | c104 2.2.1 | better by | target | met |",
        "|---|---|---|---|---|---|---|",
        *[line(cases[name], row, known) for name in used for row in cases[name].rows],
        "",
    ]
    references = [name for name in used if "c" in known[name]["sides"]]
    lines += [
        f"Plain C loop in `{name}`: {spread(known[name]['sides'], 'c', 'cpu')} CPU s per million, "
        f"{spread(known[name]['sides'], 'c', 'rate')} points/s.\n"
        for name in references
    ]
    short = [name for name in used if known[name]["quick"]]
    if short:
        lines += [f"Short runs (QUICK=1): {', '.join(short)}.", ""]
    faults = fault_lines(cases, known)
    if faults:
        lines += ["What was not right in these runs (counts, values, order, crashes):", "", *faults, ""]
    curves = curve_lines(cases, known)
    if curves:
        lines += ["### How cost grows", "", "| curve | side | x | |", "|---|---|---|---|", *curves, ""]
    return "\n".join([*lines, END])


def write(cases: Dict[str, Case], known: Known) -> None:
    page = PAGE.read_text()
    head, _, rest = page.partition(BEGIN)
    tail = rest.partition(END)[2]
    PAGE.write_text(head + text(cases, known) + tail)
