#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Pythons of this machine that c104 supports.

pythons.py each COMMAND...   runs the command once for each, with PYTHON=, VENV= and BUILD= for make at its end
pythons.py peer              prints the one for c104 2.2.1, which has packages for a few only: this one if it is among them
"""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Dict, Iterable, List

VERSIONS = ["3.9", "3.10", "3.11", "3.12", "3.13", "3.14", "3.14t", "3.15", "3.15t"]
PEER_VERSIONS = ["3.13", "3.12", "3.11", "3.10", "3.9"]
ASK_VERSION = "import sys; print('%d.%d' % sys.version_info[:2] + 't' * ('t' in sys.abiflags))"


def version_of(python: str) -> str:
    return subprocess.run([python, "-c", ASK_VERSION], capture_output=True, text=True, check=False).stdout.strip()


def find(wanted: Iterable[str] = VERSIONS) -> Dict[str, str]:
    """version -> interpreter, of those that PATH or pyenv have"""
    found = {}
    for version in wanted:
        pyenv = sorted(Path.home().glob(f".pyenv/versions/{version.rstrip('t')}.*/bin/python{version}"))
        # A pyenv shim may stand for a version that is not enabled.
        for candidate in filter(None, [*map(str, pyenv), shutil.which(f"python{version}")]):
            if version_of(candidate) == version:
                found[version] = candidate
                break
    return found


def build_requirements(root: Path) -> List[str]:
    """What pip needs beside a compiler: pyproject's list, and what scikit-build-core asks for where it is missing."""
    found = re.search(r"^requires = (\[.*\])$", (root / "pyproject.toml").read_text(), re.MULTILINE)
    assert found, "pyproject.toml names its build requirements on one line"
    return [*ast.literal_eval(found[1]), "cmake>=3.21", "ninja"]


def missing(found: Dict[str, str], wanted: List[str]) -> str:
    return "not on this machine: " + (", ".join(version for version in wanted if version not in found) or "none")


def peer() -> int:
    if version_of(sys.executable) in PEER_VERSIONS:
        print(sys.executable)
    else:
        print(next(iter(find(PEER_VERSIONS).values()), ""))
    return 0


def each(command: List[str]) -> int:
    found = find()
    for version, python in found.items():
        print(f"---- Python {version}: {python}", flush=True)
        settings = [f"PYTHON={python}", f"VENV=.venv-{version}", f"BUILD=build/{version}"]
        if subprocess.run([*command, *settings], check=False).returncode != 0:
            print(f"failed with Python {version}")
            return 1
    print(f"passed with {', '.join(found) or 'none'}; {missing(found, VERSIONS)}")
    return 0 if found else 1


def main() -> int:
    if sys.argv[1:] == ["peer"]:
        return peer()
    if sys.argv[1:2] == ["each"] and sys.argv[2:]:
        return each(sys.argv[2:])
    raise SystemExit(__doc__)


if __name__ == "__main__":
    sys.exit(main())
