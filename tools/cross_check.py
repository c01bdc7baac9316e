#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compiles the rooms that know no Python for macOS and Windows with zig: the seam in src/hal stays compilable without such a machine.

    cross_check.py [TARGET...]      default: aarch64-macos x86_64-windows-gnu

The C libraries are compiled too. Nothing is linked or run.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import List

import ziglang  # type: ignore[import-not-found]

ROOT = Path(__file__).resolve().parent.parent
ZIG = str(Path(ziglang.__file__).parent / "zig")
LIB60870 = ROOT / "lib60870" / "vendor" / "lib60870" / "lib60870-C"
MBEDTLS = ROOT / "lib60870" / "vendor" / "mbedtls"
ROOMS = ["base", "hal", "wire", "model", "codec", "session"]
OURS = ["-std=c++20", "-Wall", "-Wextra", "-Werror", f"-I{ROOT / 'src'}"]
SYSTEM = [LIB60870 / "config", LIB60870 / "src/hal/inc", LIB60870 / "src/inc/api", LIB60870 / "src/inc/internal",
          LIB60870 / "src/common/inc", MBEDTLS / "include", ROOT / "lib60870"]  # fmt: skip
DEFINES = ["-DCONFIG_USE_THREADS=0", "-DCONFIG_USE_SEMAPHORES=0", "-DCONFIG_CS104_MAX_CLIENT_CONNECTIONS=1",
           '-DMBEDTLS_USER_CONFIG_FILE="mbedtls_user_config.h"']  # fmt: skip


def compile_one(target: str, source: Path) -> str:
    """The compiler's complaint, or nothing."""
    folder = ROOT / "build" / "cross" / target
    folder.mkdir(parents=True, exist_ok=True)
    ours = source.suffix == ".cpp"
    command: List[str] = [ZIG, "c++" if ours else "cc", "-target", target, "-O0", "-c", str(source.relative_to(ROOT))]
    command += OURS if ours else ["-w", f"-I{MBEDTLS / 'library'}"]
    command += [f"-isystem{path}" for path in SYSTEM] + DEFINES
    command += ["-o", str(folder / f"{source.parent.name}-{source.stem}.o")]
    if shutil.which("ccache"):
        command.insert(0, "ccache")
    environment = dict(os.environ, CCACHE_COMPILERTYPE="clang")
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    return done.stdout + done.stderr if done.returncode else ""


def main() -> int:
    targets = sys.argv[1:] or ["aarch64-macos", "x86_64-windows-gnu"]
    sources = [path for room in ROOMS for path in sorted((ROOT / "src" / room).glob("*.cpp"))]
    sources += sorted((MBEDTLS / "library").glob("*.c"))
    failed = 0
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for target in targets:
            complaints = [text for text in pool.map(lambda source: compile_one(target, source), sources) if text]  # noqa: B023
            print("".join(complaints), end="")
            print(f"{target}: {len(sources) - len(complaints)} of {len(sources)} files compile", flush=True)
            failed += len(complaints)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
