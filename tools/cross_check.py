#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compiles the rooms that know no Python, and the C libraries, for other systems with zig: the seam in src/hal stays compilable without such
a machine. But for macOS the native tests are linked too, and run: on this system with musl for libc, on another processor where
qemu-user-static is installed, for Windows where wine is.

    cross_check.py [TARGET...]      default: all of TARGETS
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path
from typing import List, Optional

sys.path.insert(0, str(Path(__file__).parent))
import zig

ROOT = Path(__file__).resolve().parent.parent
TARGETS = ["aarch64-macos", "x86_64-windows-gnu", "x86_64-linux-musl", "aarch64-linux-musl", "arm-linux-musleabihf"]
SYSTEMS = {"macos": "Darwin", "windows": "Windows", "linux": "Linux"}
WIRE = ["gate", "streams", "start_stop", "timers", "faults", "handlers", "flood", "k1"]  # minutes less than all
TESTS = [["codec_test"], *(["wire_test", name] for name in WIRE)]


def runner(architecture: str, system: str) -> Optional[List[str]]:
    """What runs a program of the target here, as the first words of a command; None if nothing does."""
    if system == "linux" and architecture == platform.machine():
        return []
    name = {"windows": "wine", "linux": f"qemu-{architecture}-static"}.get(system, "")
    return [name] if name and shutil.which(name) else None


def check(target: str) -> None:
    architecture, system = target.split("-")[:2]
    folder = ROOT / "build" / "cross" / target
    variables = zig.environment(target, ROOT)
    configure = [
        "cmake", "-S", ROOT, "-B", folder, "-G", "Ninja",
        f"-DCMAKE_SYSTEM_NAME={SYSTEMS[system]}", f"-DCMAKE_SYSTEM_PROCESSOR={architecture}",
        f"-DCMAKE_AR={variables['AR']}", f"-DCMAKE_RANLIB={variables['RANLIB']}",
        "-DCMAKE_TRY_COMPILE_TARGET_TYPE=STATIC_LIBRARY", "-DCMAKE_BUILD_TYPE=Debug",
        "-DC104_MODULE=OFF", "-DC104_NATIVE_TESTS=ON", "-DC104_WERROR=ON",
        f"-DPython_EXECUTABLE={sys.executable}",
    ]  # fmt: skip
    subprocess.run([str(word) for word in configure], check=True, env=variables, stdout=subprocess.DEVNULL)
    made = ["rooms"] if system == "macos" else ["rooms", "codec_test", "wire_test", "tls_test"]
    subprocess.run(["ninja", "-C", str(folder), "--quiet", *made], check=True, env=variables)
    begin = runner(architecture, system)
    print(f"{target}: compiled{'' if begin is not None else ', not run'}", flush=True)
    # Not below build/: Wine's folder has a link to /, and what walks through the tree would follow it.
    variables.update(WINEDEBUG="-all", WINEPREFIX=str(Path.home() / ".cache" / "c104-wine"))
    for program, *arguments in TESTS if begin is not None else []:
        print(f"{target}: {program} {' '.join(arguments)}", flush=True)
        file = folder / "tests" / "native" / (program + ".exe" * (system == "windows"))
        subprocess.run([*(begin or []), str(file), *arguments], check=True, env=variables)


def main() -> int:
    os.chdir(ROOT)
    for target in sys.argv[1:] or TARGETS:
        check(target)
    return 0


if __name__ == "__main__":
    sys.exit(main())
