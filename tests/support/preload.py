# SPDX-License-Identifier: GPL-3.0-or-later
"""A small C library for the LD_PRELOAD of a process that a test starts."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Dict

import pytest


def preload(name: str, directory: Path) -> Dict[str, str]:
    """The environment that preloads `<name>.c` of this folder; the library is made in `directory`. Skips where there is no compiler."""
    source, library = Path(__file__).with_name(f"{name}.c"), directory / f"{name}.so"
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip(f"no C compiler: {source.name} can't be built")
    made = subprocess.run(
        [compiler, "-shared", "-fPIC", "-O1", "-o", str(library), str(source), "-ldl", "-lpthread"],
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode != 0:
        pytest.skip(f"{source.name} can't be built on this system: {made.stderr.splitlines()[:1]}")
    # A sanitizer must come first.
    return {"LD_PRELOAD": " ".join(filter(None, (os.environ.get("LD_PRELOAD"), str(library))))}
