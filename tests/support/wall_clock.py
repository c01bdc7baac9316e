# SPDX-License-Identifier: GPL-3.0-or-later
"""A wall clock that a test sets, for a process of its own."""

from __future__ import annotations

import mmap
import struct
import time
from pathlib import Path
from typing import Dict

from support.preload import preload


class WallClock:
    """`environment` is that of the process. `step(hours)` changes its clock, in one moment."""

    def __init__(self, directory: Path) -> None:
        place = directory / "offset"
        place.write_bytes(bytes(8))
        with place.open("r+b") as file:
            self._offset = mmap.mmap(file.fileno(), 8)
        self.offset = 0
        self.environment: Dict[str, str] = {**preload("wall_clock", directory), "C104_WALL_CLOCK": str(place)}

    def step(self, hours: float) -> None:
        self.offset += int(hours * 3600)
        self._offset[:] = struct.pack("=q", self.offset)

    def now(self) -> float:
        """As the process sees it."""
        return time.time() + self.offset
