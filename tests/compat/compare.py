# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares our c104 with the one from PyPI: surfaces by introspection, stub files, behaviour by running the same small programs.

    python tests/compat/compare.py --peer .venv-peer/bin/python

Prints each difference. A difference is accepted when the docs page "Differences from c104 2.2" lists its key; an unlisted
difference fails, and so does a listed one that is gone.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
PAGE = HERE.parent.parent / "docs" / "explanation" / "differences.md"


def run(python: str, script: Path) -> str:
    # PYTHONPATH may point to our own build, which the peer's interpreter would import then.
    environment = None if python == sys.executable else {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    done = subprocess.run([python, str(script)], capture_output=True, text=True, timeout=120, check=False, env=environment)
    if done.returncode != 0:
        return f"exit code {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def same(theirs: str, ours: str) -> bool:
    """An error that is what the peer raises, and more, is the same to who catches it; so is an argument that takes more."""
    for what in ("raises ", "takes "):
        if theirs.startswith(what) and ours.startswith(what):
            return set(theirs.split()) <= set(ours.split())
    if theirs == "method undocumented":  # c104 2.2 does not tell its arguments
        return ours.startswith("method ")
    return theirs == ours


def differences(peer: str) -> dict[str, tuple[str, str]]:
    """Key -> (peer's, ours)."""
    found = {}
    for what in ("surface", "stub"):
        theirs, ours = (json.loads(run(python, HERE / f"{what}.py")) for python in (peer, sys.executable))
        # What the peer's stub leaves out, its surface has, or is an addition that the surface shows.
        for key in sorted(set(theirs) | (set(ours) if what == "surface" else set())):
            pair = (theirs.get(key, "absent"), ours.get(key, "absent"))
            if not same(*pair) and f"surface:{key}" not in found:
                found[f"{what}:{key}"] = pair
    for program in sorted((HERE / "programs").glob("*.py")):
        before, after = (run(python, program).splitlines() for python in (peer, sys.executable))
        lines = [dict(line.split(": ", 1) for line in text if ": " in line) for text in (before, after)]
        for key in sorted(set(lines[0]) | set(lines[1])):
            pair = (lines[0].get(key, "absent"), lines[1].get(key, "absent"))
            if not same(*pair):
                found[f"{program.stem}:{key}"] = pair
    return found


def accepted() -> set[str]:
    """Keys in the first column of the page's tables; a trailing * stands for any rest."""
    return set(re.findall(r"^\| `([^`]+)` \|", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE))


def matches(key: str, listed: set[str]) -> str | None:
    for pattern in listed:
        if key == pattern or (pattern.endswith("*") and key.startswith(pattern[:-1])):
            return pattern
    return None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peer", required=True, help="Python interpreter that has c104 from PyPI")
    arguments = parser.parse_args()
    listed = accepted()
    used: set[str] = set()
    unlisted = 0
    for key, (theirs, ours) in differences(arguments.peer).items():
        pattern = matches(key, listed)
        if pattern:
            used.add(pattern)
        else:
            unlisted += 1
        print(f"{'listed  ' if pattern else 'UNLISTED'} {key}\n    peer: {theirs}\n    ours: {ours}")
    for pattern in sorted(listed - used):
        print(f"GONE     {pattern} is listed in {PAGE.name} but there is no such difference")
    print(f"{len(used)} of {len(listed)} listed differences seen, {unlisted} unlisted")
    return 1 if unlisted or listed - used else 0


if __name__ == "__main__":
    sys.exit(main())
