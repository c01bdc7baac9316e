#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Pythons of this machine that c104 supports.

pythons.py COMMAND...      runs the command once for each, with PYTHON=, VENV= and BUILD= for make at its end
"""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Dict, Iterable, List

VERSIONS = ["3.9", "3.10", "3.11", "3.12", "3.13", "3.14", "3.14t"]


def find(wanted: Iterable[str] = VERSIONS) -> Dict[str, str]:
    """version -> interpreter, of those that PATH or pyenv have"""
    question = "import sys; print('%d.%d' % sys.version_info[:2] + 't' * ('t' in sys.abiflags))"
    found = {}
    for version in wanted:
        pyenv = sorted(Path.home().glob(f".pyenv/versions/{version.rstrip('t')}.*/bin/python{version}"))
        # A pyenv shim may stand for a version that is not enabled.
        for candidate in filter(None, [*map(str, pyenv), shutil.which(f"python{version}")]):
            answer = subprocess.run([candidate, "-c", question], capture_output=True, text=True, check=False).stdout
            if answer.strip() == version:
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


def main() -> int:
    found = find()
    for version, python in found.items():
        print(f"---- Python {version}: {python}", flush=True)
        settings = [f"PYTHON={python}", f"VENV=.venv-{version}", f"BUILD=build/{version}"]
        if subprocess.run([*sys.argv[1:], *settings], check=False).returncode != 0:
            print(f"failed with Python {version}")
            return 1
    print(f"passed with {', '.join(found) or 'none'}; {missing(found, VERSIONS)}")
    return 0 if found else 1


if __name__ == "__main__":
    sys.exit(main())
