# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes docs/explanation/architecture.svg, which thread runs which rooms: make picture. A light card, so that dark pages show it too."""

from __future__ import annotations

from pathlib import Path
from typing import List, Tuple

TARGET = Path(__file__).resolve().parent.parent / "docs/explanation/architecture.svg"
SIZE = (1060, 470)
ROOMS = {
    "python": "#fff3c4",
    "bindings": "#ffdfc2",
    "session": "#d5e8ff",
    "codec": "#d9f2d9",
    "wire": "#e4dcff",
    "hal": "#dfe7ea",
}

# What a thread is, its remark, top.
BANDS: List[Tuple[str, str, int]] = [
    ("Your threads", "hold the GIL,|wait without it", 20),
    ("Worker", "takes the GIL|for callbacks", 145),
    ("I/O thread", "never Python;|owns lib60870", 270),
]
# Room, title, what it does there, left, top, width.
BOXES: List[Tuple[str, str, str, int, int, int]] = [
    ("python", "your program", "", 190, 45, 170),
    ("bindings", "bindings", "API, arguments, gil.h", 650, 45, 200),
    ("bindings", "bindings", "your callbacks", 190, 170, 170),
    ("codec", "session, codec", "decode, apply to points", 410, 170, 190),
    ("session", "session", "strand", 650, 170, 100),
    ("hal", "hal", "TCP, TLS, poller, clock", 190, 295, 170),
    ("wire", "wire", "gate, lib60870, counters", 410, 295, 190),
    ("session", "session", "loop, client, server, tracker", 650, 295, 200),
]
# Points of a line, whether it has two heads, what it says and where.
ARROWS: List[Tuple[str, bool, str, int, int]] = [
    ("360,75 650,75", False, "calls", 505, 68),
    ("825,105 825,295", False, "work", 806, 138),
    ("700,295 700,230", False, "ASDUs, states", 747, 262),
    ("650,200 600,200", False, "", 0, 0),
    ("410,200 360,200", False, "", 0, 0),
    ("275,170 275,105", False, "calls", 297, 140),
    ("360,325 410,325", True, "", 0, 0),
    ("600,325 650,325", True, "", 0, 0),
    ("275,355 275,420", True, "octets", 302, 394),
    ("870,75 920,75", True, "", 0, 0),
    ("870,200 920,200", True, "", 0, 0),
    ("870,325 920,325", True, "", 0, 0),
]


def text(
    x: float, y: float, words: str, size: int = 13, weight: str = "normal", anchor: str = "middle", fill: str = "#1f2328"
) -> str:
    return f'<text x="{x:g}" y="{y:g}" font-size="{size}" font-weight="{weight}" text-anchor="{anchor}" fill="{fill}">{words}</text>'


def box(left: int, top: int, width: int, height: int, fill: str, line: str = "#57606a") -> str:
    return f'<rect x="{left}" y="{top}" width="{width}" height="{height}" rx="6" fill="{fill}" stroke="{line}"/>'


def picture() -> str:
    width, height = SIZE
    parts = [
        "<!-- SPDX-License-Identifier: GPL-3.0-or-later; written by tools/architecture_picture.py -->",
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="system-ui, sans-serif">',
        "<title>Threads and rooms of c104</title>",
        '<defs><marker id="head" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto-start-reverse">'
        '<path d="M0,0 L10,5 L0,10 z" fill="#1f2328"/></marker></defs>',
        box(0, 0, width, height, "#ffffff", "#d0d7de"),
    ]
    for name, remark, top in BANDS:
        parts += [box(20, top, 850, 110, "#f6f8fa", "#d0d7de"), text(34, top + 45, name, 15, "bold", "start")]
        parts += [
            text(34, top + 65 + 17 * row, line, 12, anchor="start", fill="#57606a")
            for row, line in enumerate(remark.split("|"))
        ]
    for points, both, words, x, y in ARROWS:
        heads = 'marker-end="url(#head)"' + (' marker-start="url(#head)"' if both else "")
        parts.append(f'<polyline points="{points}" fill="none" stroke="#1f2328" stroke-width="1.5" {heads}/>')
        parts += [text(x, y, words, 12, fill="#57606a")] if words else []
    for room, title, does, left, top, wide in BOXES:
        parts.append(box(left, top, wide, 60, ROOMS[room]))
        parts.append(text(left + wide / 2, top + (27 if does else 35), title, 14, "bold"))
        parts += [text(left + wide / 2, top + 46, does, 12)] if does else []
    parts += [box(920, 20, 120, 360, ROOMS["codec"]), text(980, 165, "model", 14, "bold")]
    parts += [
        text(980, 190 + 18 * row, line, 12)
        for row, line in enumerate(("stations, points,", "address index", "", "short locks only"))
    ]
    parts += [box(190, 420, 170, 34, "#f6f8fa"), text(275, 442, "partner", 14, "bold")]
    return "\n".join([*parts, "</svg>", ""])


if __name__ == "__main__":
    TARGET.write_text(picture(), encoding="utf-8")
