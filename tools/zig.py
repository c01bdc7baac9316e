# SPDX-License-Identifier: GPL-3.0-or-later
"""zig from PyPI as the C and C++ compiler that CMake takes: it builds for the system, and the glibc, that it is told."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Dict


def environment(target: str, root: Path) -> Dict[str, str]:
    """os.environ with CC, CXX and AR for `target`, and a compiler cache that survives pip's temporary folders."""
    import ziglang  # type: ignore[import-not-found]

    zig = Path(ziglang.__file__).parent / "zig"
    folder = root / "build" / "zig" / target
    folder.mkdir(parents=True, exist_ok=True)
    variables = dict(os.environ, PATH=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    for name, words in (("CC", f"cc -target {target}"), ("CXX", f"c++ -target {target}"), ("AR", "ar"), ("RANLIB", "ranlib")):
        # A program of one word: the compiler cache takes the second word of a command for a source file.
        wrapper = folder / name.lower()
        text = f'#!/bin/sh\nexec "{zig}" {words} "$@"\n'
        if not wrapper.is_file() or wrapper.read_text() != text:
            wrapper.write_text(text)
        wrapper.chmod(0o755)
        variables[name] = str(wrapper)
    variables.update(
        CCACHE_COMPILERTYPE="clang",
        CCACHE_COMPILERCHECK="content",
        CCACHE_BASEDIR=str(root),
        CCACHE_NOHASHDIR="1",
        CCACHE_SLOPPINESS="include_file_mtime,include_file_ctime,time_macros",
    )
    return variables
