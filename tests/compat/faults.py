# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the tests that a table of the documentation names, each in a process of its own, and writes into its last column how they ended:
`python faults.py PYTHON [WORD...]`. Usually with the published c104 and docs/explanation/faults.md, where a test that passes watches nothing:
exit code 1. With --table of another document, passing is as good an answer as any."""

from __future__ import annotations

import argparse
import os
import pathlib
import re
import signal
import subprocess
import sys

ROOT = pathlib.Path(__file__).parents[2]
FAULTS = ROOT / "docs/explanation/faults.md"
ROW = re.compile(r"^\| .*`(?P<node>tests/[^`]+::[^`]+)`.* \|$")
TRIES = 4
RACE = "(a race)"  # in the fault's text: may not be seen in so many runs


def ending(python: str, node: str, patience: float, ours: bool) -> str:
    """The published c104 needs a plugin, ours its place."""
    environment = {key: value for key, value in os.environ.items() if key != "C104_PEER_PYTHON"}
    environment["PYTHONPATH"] = os.pathsep.join(map(str, [ROOT / "tests", ROOT / "python"] if ours else [ROOT / "tests"]))
    plugins = ["-p", "no:cacheprovider", "-p", "no:faulthandler", *([] if ours else ["-p", "compat.on_the_peer"])]
    command = [python, "-m", "pytest", "-q", "--tb=line", *plugins, node]
    run = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
    )
    try:
        said, _ = run.communicate(timeout=patience)
    except subprocess.TimeoutExpired:
        os.killpg(run.pid, signal.SIGKILL)  # its own session: processes that the test has started, too
        run.communicate()
        return "hangs"
    if run.returncode < 0:
        return "ends the interpreter"
    counts = {word: int(number) for number, word in re.findall(r"(\d+) (passed|failed|error|skipped)", said)}
    bad = counts.get("failed", 0) + counts.get("error", 0)
    if run.returncode == 0 and counts.get("passed"):
        return "passes"
    if ours:
        print(said, flush=True)
    missing = re.search(r"\w+Error: [^\n\\]*(has no attribute|Port 0 is invalid)[^\n\\]*", said)
    if run.returncode != 1 or not bad or missing:
        return "can't be run: " + (missing.group(0) if missing else (said.strip().splitlines() or ["no output"])[-1])
    return "fails" if not counts.get("passed") else f"fails {bad} of {bad + counts['passed']}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("python", help="an interpreter with c104, pytest and what the tests import")
    parser.add_argument("words", nargs="*", help="only rows with one of these words in them")
    parser.add_argument("--table", type=pathlib.Path, default=FAULTS, help="the document with the rows")
    parser.add_argument("--patience", type=float, default=90, help="seconds for all cases of a test")
    parser.add_argument("--ours", action="store_true", help="with this implementation: writes the column before the last")
    arguments = parser.parse_args()
    python = str(pathlib.Path(arguments.python).absolute())
    of_faults = arguments.table.resolve() == FAULTS
    column = -3 if arguments.ours else -2
    lines = arguments.table.read_text().splitlines()
    bad = 0
    for index, line in enumerate(lines):
        row = ROW.match(line)
        if row is None or not any(word in line for word in arguments.words or [""]):
            continue
        tries = 1
        while (result := ending(python, row["node"], arguments.patience, arguments.ours)) == "passes" and of_faults:
            if tries == TRIES:
                break
            tries += 1
        if tries > 1 and result != "passes":
            result += f" (run {tries})"
        bad += of_faults and ((result == "passes" and RACE not in line) or result.startswith("can't"))
        bad += arguments.ours and result != "passes"
        cells = line.split("|")
        cells[column] = f" {result} "
        lines[index] = "|".join(cells)
        print(f"{result:24} {row['node']}", flush=True)
    arguments.table.write_text("\n".join(lines) + "\n")
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main())
