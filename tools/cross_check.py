#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compiles the rooms that know no Python, and the C libraries, for macOS and Windows with zig: the seam in src/hal stays compilable
without such a machine. For Windows the native tests are linked too, and run where wine is installed.

    cross_check.py [TARGET...]      default: aarch64-macos x86_64-windows-gnu
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import zig

ROOT = Path(__file__).resolve().parent.parent
SYSTEMS = {"macos": "Darwin", "windows": "Windows", "linux": "Linux"}
MADE = {"windows": ["rooms", "codec_test", "wire_test", "tls_test"]}
WIRE = ["gate", "streams", "start_stop", "timers", "faults", "handlers", "flood", "k1"]  # minutes less than all
RUN = {"windows": [["codec_test.exe"], *(["wire_test.exe", name] for name in WIRE)]}


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
    subprocess.run(["ninja", "-C", str(folder), "--quiet", *MADE.get(system, ["rooms"])], check=True, env=variables)
    print(f"{target}: compiled", flush=True)
    wine = shutil.which("wine")
    # Not below build/: Wine's folder has a link to /, and what walks through the tree would follow it.
    variables.update(WINEDEBUG="-all", WINEPREFIX=str(Path.home() / ".cache" / "c104-wine"))
    for program, *arguments in RUN.get(system, []) if wine else []:
        print(f"{target}: {program} {' '.join(arguments)} under wine", flush=True)
        subprocess.run([str(wine), str(folder / "tests" / "native" / program), *arguments], check=True, env=variables)


def main() -> int:
    os.chdir(ROOT)
    for target in sys.argv[1:] or ["aarch64-macos", "x86_64-windows-gnu"]:
        check(target)
    return 0


if __name__ == "__main__":
    sys.exit(main())
