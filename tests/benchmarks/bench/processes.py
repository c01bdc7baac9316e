# SPDX-License-Identifier: GPL-3.0-or-later
"""Programs of a measurement, spoken to in lines: JSON from them, words to them."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Dict, List

HERE = Path(__file__).resolve().parent.parent
ROOT = HERE.parent.parent
BUILT = ROOT / "build" / "bench"
SUBJECTS = HERE / "subjects"
OURS, PEER = "ours", "peer"
PYTHONS = {OURS: ROOT / ".venv" / "bin" / "python", PEER: ROOT / ".venv-peer" / "bin" / "python"}

Fields = Dict[str, Any]


class Failure(Exception):
    """A program crashed, hung or said no: the text goes into the table."""


class Program:
    def __init__(self, *command: object) -> None:
        self.process = subprocess.Popen(
            [str(word) for word in command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=None if os.environ.get("BENCH_VERBOSE") else subprocess.DEVNULL,
            env={name: value for name, value in os.environ.items() if not name.startswith("PYTHON")},
        )
        self.name = Path(str(command[0])).name
        self.rest = b""

    def hear(self, timeout: float) -> Fields:
        """Its next line."""
        assert self.process.stdout is not None
        end = time.monotonic() + timeout
        parts: List[bytes] = [self.rest]
        while b"\n" not in parts[-1]:
            ready = select.select([self.process.stdout], [], [], max(0.0, end - time.monotonic()))[0]
            chunk = os.read(self.process.stdout.fileno(), 1 << 20) if ready else b""
            if not ready:
                raise Failure(f"no answer in {timeout:.0f} s")
            if not chunk:
                code = self.process.wait(10)
                raise Failure(f"ended by signal {-code}" if code < 0 else f"ended with {code}")
            parts.append(chunk)
        line, _, self.rest = b"".join(parts).partition(b"\n")
        fields: Fields = json.loads(line)
        if "failed" in fields:
            raise Failure(fields["failed"])
        return fields

    def tell(self, word: str) -> None:
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(word.encode() + b"\n")
            self.process.stdin.flush()
        except OSError:
            pass

    def end(self) -> None:
        """It goes when its input ends; otherwise it's killed."""
        for stream in (self.process.stdin,):
            assert stream is not None
            try:
                stream.close()
            except OSError:
                pass
        try:
            self.process.wait(3)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()

    def __enter__(self) -> Program:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()


def options(fields: Fields) -> List[str]:
    return [word for name, value in fields.items() for word in (f"--{name}", str(int(value)))]


def generator(**fields: int) -> Program:
    return Program(BUILT / "generator", *options(fields))


def master(**fields: int) -> Program:
    return Program(BUILT / "master", *options(fields))


def reader(**fields: int) -> Program:
    return Program(BUILT / "reader", *options(fields))


def floor(what: str, **fields: int) -> Program:
    return Program(BUILT / "floor", what, *options(fields))


def subject(who: str, program: str, scenario: str, **fields: Any) -> Program:
    """A scenario of subjects/, in a fresh process of ours or of the peer."""
    return Program(PYTHONS[who], "-I", SUBJECTS / f"{program}.py", scenario, json.dumps(fields))


def tls_generator(**fields: Any) -> Program:
    return Program(sys.executable, "-I", SUBJECTS / "tls_generator.py", json.dumps(fields))
