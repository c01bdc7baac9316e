# SPDX-License-Identifier: GPL-3.0-or-later
"""Draws what a soak run held over its time: plot.py SOAK.CSV OUT.PNG. Needs matplotlib, which nothing else here does."""

from __future__ import annotations

import csv
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

COLUMNS = (
    ("rss_kib", "RSS, MiB", 1 / 1024),
    ("heap_kib", "given out by malloc, MiB", 1 / 1024),
    ("blocks", "Python blocks, thousands", 1e-3),
    ("handles", "open handles", 1),
    ("threads", "threads", 1),
    ("delivered", "messages delivered, millions", 1e-6),
)


def main(source: str, target: str) -> None:
    with open(source, newline="") as file:
        rows = list(csv.DictReader(file))
    minutes = [float(row["seconds"]) / 60 for row in rows]
    figure, axes = plt.subplots(3, 2, figsize=(10, 7), sharex=True)
    for axis, (name, label, factor) in zip(axes.flat, COLUMNS):
        axis.plot(minutes, [float(row[name]) * factor for row in rows], linewidth=0.9)
        axis.axvspan(0, minutes[-1] / 3, color="0.93")
        axis.set_title(label, fontsize=10)
        axis.set_ylim(bottom=0)
        axis.grid(alpha=0.3)
    for axis in axes[-1]:
        axis.set_xlabel("minutes; grey: warm-up")
    figure.tight_layout()
    figure.savefig(target, dpi=90)


if __name__ == "__main__":
    main(*sys.argv[1:])
