# SPDX-License-Identifier: GPL-3.0-or-later
"""The plots in docs/: ours against the peer, and how cost grows."""

from __future__ import annotations

from typing import Any, Dict, List, Tuple

from . import results
from .processes import OURS, PEER, ROOT

FOLDER = ROOT / "docs" / "explanation"
OURS_COLOUR, PEER_COLOUR = "#1f77b4", "#d62728"
Known = Dict[str, Dict[str, Any]]

RATES = [
    ("stream_k1000", "rate", "stream, no callback"),
    ("stream_30", "rate", "30 objects an ASDU"),
    ("stream_127", "rate", "127 objects an ASDU"),
    ("on_receive", "rate", "on_receive"),
    ("on_receive_read", "rate", "on_receive that reads"),
    ("on_receive_raw", "rate", "on_receive_raw"),
    ("busy_thread", "rate", "on_receive beside a busy thread"),
    ("gi", "rate", "general interrogation"),
    ("transmit_1", "rate", "transmit(), 1 master"),
    ("transmit_50", "rate", "transmit(), 50 masters"),
    ("batch", "rate", "transmit_batch"),
    ("commands_8", "rate", "commands, 8 threads"),
]
CURVES = [
    ("curve_make", "seconds", "add_point: s"),
    ("curve_stream", "cpu", "stream over n points: CPU us a point"),
    ("curve_gi", "ms", "interrogation of n points: ms"),
    ("curve_connections", "open", "opening n connections: s"),
    ("curve_connections", "rss_each", "memory of a connection: kB"),
    ("curve_connection_stream", "cpu", "stream over n connections: CPU us a point"),
    ("curve_masters", "seconds", "n masters connect: s"),
    ("curve_transmit", "delivered_rate", "transmit() to n masters: objects delivered a second"),
]


def write(known: Known) -> None:
    try:
        import matplotlib
    except ImportError:
        print("bench: no matplotlib, no plot")
        return
    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "c104"
    write_rates(known)
    write_curves(known)


def save(figure: Any, name: str) -> None:
    figure.tight_layout()
    figure.savefig(FOLDER / name, format="svg", metadata={"Date": None})


def write_rates(known: Known) -> None:
    from matplotlib import pyplot

    rows: List[Tuple[str, float, float]] = []
    for name, metric, title in RATES:
        sides = known.get(name, {}).get("sides", {})
        ours, peer = (results.median(sides, side, metric) for side in (OURS, PEER))
        if ours:
            rows.append((title, ours, peer or 0.0))
    if not rows:
        return
    figure, axes = pyplot.subplots(figsize=(9, 0.5 * len(rows) + 1.2))
    places = range(len(rows))
    axes.barh([p - 0.2 for p in places], [row[1] for row in rows], 0.38, label="this package", color=OURS_COLOUR)
    axes.barh([p + 0.2 for p in places], [row[2] for row in rows], 0.38, label="c104 2.2.1", color=PEER_COLOUR)
    for place, (_, ours, peer) in zip(places, rows):
        axes.text(ours, place - 0.2, f" {ours / peer:.0f} x" if peer else "", va="center", fontsize=8)
    axes.set_yticks(list(places), [row[0] for row in rows])
    axes.invert_yaxis()
    axes.set_xscale("log")
    axes.set_xlabel("points, frames or calls a second (logarithmic)")
    axes.legend(loc="lower right")
    save(figure, "performance-rates.svg")
    pyplot.close(figure)


def write_curves(known: Known) -> None:
    from matplotlib import pyplot

    shown = [entry for entry in CURVES if entry[0] in known]
    if not shown:
        return
    figure, grid = pyplot.subplots(-(-len(shown) // 2), 2, figsize=(9, 2.6 * -(-len(shown) // 2)), squeeze=False)
    for axes, (name, metric, title) in zip(grid.flat, shown):
        for side, label, colour in ((OURS, "this package", OURS_COLOUR), (PEER, "c104 2.2.1", PEER_COLOUR)):
            points = [
                (point["x"], point[metric])
                for metrics in known[name]["sides"].get(side, [])
                for point in metrics.get("curve", [])
                if point.get(metric)
            ]
            if points:
                axes.plot(*zip(*points), marker="o", label=label, color=colour)
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.set_title(title, fontsize=9)
        axes.grid(True, which="major", alpha=0.3)
    for axes in list(grid.flat)[len(shown) :]:
        axes.set_visible(False)
    grid.flat[0].legend(fontsize=8)
    save(figure, "performance-growth.svg")
    pyplot.close(figure)
