# SPDX-License-Identifier: GPL-3.0-or-later
"""A wall clock that a test sets, for a process of its own."""

from __future__ import annotations

import mmap
import os
import shutil
import struct
import subprocess
import time
from pathlib import Path
from typing import Dict

import pytest

SOURCE = Path(__file__).with_suffix(".c")


class WallClock:
    """`environment` is that of the process. `step(hours)` changes its clock, in one moment."""

    def __init__(self, directory: Path) -> None:
        compiler = shutil.which("cc")
        if compiler is None:
            pytest.skip("no C compiler: the library that shifts the clock can't be built")
        library, place = directory / "wall_clock.so", directory / "offset"
        made = subprocess.run(
            [compiler, "-shared", "-fPIC", "-O1", "-o", str(library), str(SOURCE)], capture_output=True, text=True, check=False
        )
        if made.returncode != 0:
            pytest.skip(f"the library that shifts the clock can't be built on this system: {made.stderr.splitlines()[:1]}")
        place.write_bytes(bytes(8))
        with place.open("r+b") as file:
            self._offset = mmap.mmap(file.fileno(), 8)
        self.offset = 0
        preloaded = " ".join(filter(None, (os.environ.get("LD_PRELOAD"), str(library))))  # a sanitizer must come first
        self.environment: Dict[str, str] = {"LD_PRELOAD": preloaded, "C104_WALL_CLOCK": str(place)}

    def step(self, hours: float) -> None:
        self.offset += int(hours * 3600)
        self._offset[:] = struct.pack("=q", self.offset)

    def now(self) -> float:
        """As the process sees it."""
        return time.time() + self.offset
