#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""zig from PyPI as the C and C++ compiler that CMake takes: it builds for the system, and the glibc, that it is told.

zig.py TARGET FOLDER    writes the programs cc, cxx, ar and ranlib for the target into the folder (pyproject.toml, cibuildwheel)
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Dict


def write_programs(target: str, folder: Path) -> Dict[str, str]:
    """Programs of one word: the compiler cache takes the second word of a command for a source file. Returns CC, CXX, AR and RANLIB."""
    import ziglang  # type: ignore[import-not-found]

    zig = Path(ziglang.__file__).parent / "zig"
    folder.mkdir(parents=True, exist_ok=True)
    written = {}
    for name, words in (("CC", f"cc -target {target}"), ("CXX", f"c++ -target {target}"), ("AR", "ar"), ("RANLIB", "ranlib")):
        program = folder / name.lower()
        text = f'#!/bin/sh\nexec "{zig}" {words} "$@"\n'
        if not program.is_file() or program.read_text() != text:
            program.write_text(text)
        program.chmod(0o755)
        written[name] = str(program)
    return written


def environment(target: str, root: Path) -> Dict[str, str]:
    """os.environ with the programs for `target`, and a compiler cache that survives pip's temporary folders."""
    return dict(
        os.environ,
        **write_programs(target, root / "build" / "zig" / target),
        PATH=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        CCACHE_COMPILERTYPE="clang",
        CCACHE_COMPILERCHECK="content",
        CCACHE_BASEDIR=str(root),
        CCACHE_NOHASHDIR="1",
        CCACHE_SLOPPINESS="include_file_mtime,include_file_ctime,time_macros",
    )


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    write_programs(sys.argv[1], Path(sys.argv[2]))
