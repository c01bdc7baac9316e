#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tries what make wheel left in dist/.

test_packages.py wheels [PYTEST ARGUMENT...]    each wheel in an environment with nothing of the tree, under all the tests
test_packages.py sdist                          pip builds and installs the source package without a network; smoke tests
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import List

sys.path.insert(0, str(Path(__file__).parent))
import pythons

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "build" / "packages"
CLEAN = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
PIP = ["-m", "pip", "--quiet", "--disable-pip-version-check"]


def run(*command: object, **options: object) -> None:
    print("+", *command, flush=True)
    subprocess.run([str(word) for word in command], check=True, env=CLEAN, **options)  # type: ignore[call-overload]


def environment(python: str, name: str) -> Path:
    """A new one."""
    folder = WORK / name
    shutil.rmtree(folder, ignore_errors=True)
    run(python, "-m", "venv", folder)
    return folder / "bin" / "python"


def test_wheels(arguments: List[str]) -> None:
    peer = ROOT / ".venv-peer" / "bin" / "python"
    if peer.exists():
        CLEAN.setdefault("C104_PEER_PYTHON", str(peer))
    found = pythons.find()
    wheels = sorted((ROOT / "dist").glob("c104-*.whl"))
    if not wheels:
        raise SystemExit("no wheel in dist/: make wheel")
    for wheel in wheels:
        tag = re.search(r"-cp3(\d+)-cp3\d+(t?)-", wheel.name)
        version = f"3.{tag[1]}{tag[2]}" if tag else ""
        if version not in found:
            raise SystemExit(f"{wheel.name}: no Python {version} on this machine")
        python = environment(found[version], f"wheel-{version}")
        run(python, *PIP, "install", wheel, "-r", ROOT / "tools" / "requirements-dev.txt")
        run(python, "-m", "pytest", *arguments, cwd=ROOT)


def test_sdist() -> None:
    (sdist,) = (ROOT / "dist").glob("c104-*.tar.gz")
    python = environment(sys.executable, "sdist")
    run(python, *PIP, "download", "--dest", WORK / "requirements", *pythons.build_requirements(ROOT))
    # In a network namespace of its own there is no network, not even a loopback.
    run("unshare", "--map-root-user", "--net",
        python, *PIP, "install", "--no-index", "--find-links", WORK / "requirements", sdist)  # fmt: skip
    run(python, "-m", "unittest", "discover", ROOT / "tests" / "smoke", cwd=WORK)


def main() -> int:
    WORK.mkdir(parents=True, exist_ok=True)
    if sys.argv[1:2] == ["wheels"]:
        test_wheels(sys.argv[2:])
    elif sys.argv[1:] == ["sdist"]:
        test_sdist()
    else:
        raise SystemExit(__doc__)
    return 0


if __name__ == "__main__":
    sys.exit(main())
