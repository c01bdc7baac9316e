#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compiles the rooms that know no Python, and the C libraries, for macOS and Windows with zig: the seam in src/hal stays compilable
without such a machine. For Windows the codec and TLS tests are linked too. Nothing is run.

    cross_check.py [TARGET...]      default: aarch64-macos x86_64-windows-gnu
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import zig

ROOT = Path(__file__).resolve().parent.parent
SYSTEMS = {"macos": "Darwin", "windows": "Windows", "linux": "Linux"}
MADE = {"windows": ["rooms", "codec_test", "tls_test"]}


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


def main() -> int:
    os.chdir(ROOT)
    for target in sys.argv[1:] or ["aarch64-macos", "x86_64-windows-gnu"]:
        check(target)
    return 0


if __name__ == "__main__":
    sys.exit(main())
