# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the tests that docs/explanation/faults.md names with another c104, each in a process of its own, and writes into the
table how they ended there: `python faults.py PYTHON [WORD...]`. A test that passes there watches nothing: exit code 1."""

from __future__ import annotations

import argparse
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).parents[2]
TABLE = ROOT / "docs/explanation/faults.md"
ROW = re.compile(r"^\| (?P<fault>[^|]+) \| `(?P<node>tests/[^`]+)` \|.*$")
PATIENCE = 90  # seconds for all cases of a test
TRIES = 4
RACE = "(a race)"  # in the fault's text: may not be seen in so many runs


def ending(python: str, node: str) -> str:
    environment = {key: value for key, value in os.environ.items() if key != "C104_PEER_PYTHON"}
    environment["PYTHONPATH"] = str(ROOT / "tests")
    plugins = ["-p", "no:cacheprovider", "-p", "no:faulthandler", "-p", "compat.on_the_peer"]
    command = [python, "-m", "pytest", "-q", "--tb=line", *plugins, node]
    try:
        run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        return "hangs"
    if run.returncode < 0:
        return "ends the interpreter"
    counts = {word: int(number) for number, word in re.findall(r"(\d+) (passed|failed|error|skipped)", run.stdout)}
    bad = counts.get("failed", 0) + counts.get("error", 0)
    if run.returncode == 0 and counts.get("passed"):
        return "passes"
    if run.returncode != 1 or not bad or "has no attribute" in run.stdout:
        return "can't be run: " + (run.stdout.strip().splitlines() or ["no output"])[-1]
    return "fails" if not counts.get("passed") else f"fails {bad} of {bad + counts['passed']}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("python", help="an interpreter with c104 2.2.1, pytest and what the tests import")
    parser.add_argument("words", nargs="*", help="only rows with one of these words in them")
    arguments = parser.parse_args()
    python = str(pathlib.Path(arguments.python).absolute())
    lines = TABLE.read_text().splitlines()
    passed = 0
    for index, line in enumerate(lines):
        row = ROW.match(line)
        if row is None or not any(word in line for word in arguments.words or [""]):
            continue
        tries = 1
        while (result := ending(python, row["node"])) == "passes" and tries < TRIES:
            tries += 1
        if tries > 1 and result != "passes":
            result += f" (run {tries})"
        passed += (result == "passes" and RACE not in line) or result.startswith("can't")
        lines[index] = f"| {row['fault']} | `{row['node']}` | {result} |"
        print(f"{result:24} {row['node']}", flush=True)
    TABLE.write_text("\n".join(lines) + "\n")
    return int(passed > 0)


if __name__ == "__main__":
    sys.exit(main())
