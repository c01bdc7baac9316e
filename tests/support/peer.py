# SPDX-License-Identifier: GPL-3.0-or-later
"""The published c104 in a process of its own, spoken to in lines of JSON.

The snippet runs with `say(**fields)` (one line to the test) and `hear()` (the next line from the test, None at the end).
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import threading
from typing import Any, Dict, List, Optional

VARIABLE = "C104_PEER_PYTHON"
# PYTHONPATH may point to our own build, which the peer's interpreter would import then; a preloaded sanitizer would report its races.
ENVIRONMENT = {"PYTHONPATH": "", "LD_PRELOAD": ""}

PRELUDE = """
import json, sys
_out = sys.stdout
sys.stdout = sys.stderr
def say(**fields):
    _out.write(json.dumps(fields) + "\\n")
    _out.flush()
def hear():
    line = sys.stdin.readline()
    return json.loads(line) if line else None
"""


def peer_python() -> Optional[str]:
    python = os.environ.get(VARIABLE, "")
    return python if os.path.exists(python) else None  # make says where it belongs, also where no Python fits it


class Snippet:
    """A Python process that speaks JSON lines; `close()` ends it by its own process handle."""

    def __init__(self, code: str, python: str, env: Optional[Dict[str, str]] = None) -> None:
        self.process = subprocess.Popen(
            [python, "-u", "-c", PRELUDE + code],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, **(env or {})},
        )
        self._lines: queue.Queue[Optional[Dict[str, Any]]] = queue.Queue()
        self._errors: List[str] = []
        self._threads = [
            threading.Thread(target=self._read_out, daemon=True),
            threading.Thread(target=self._read_errors, daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    def _read_out(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            try:
                self._lines.put(json.loads(line))
            except ValueError:
                self._errors.append(line)
        self._lines.put(None)

    def _read_errors(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self._errors.append(line)

    @property
    def stderr(self) -> str:
        return "".join(self._errors)

    def tell(self, **fields: Any) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(fields) + "\n")
        self.process.stdin.flush()

    def ask(self, timeout: float = 10.0) -> Dict[str, Any]:
        """The next line of the snippet."""
        try:
            line = self._lines.get(timeout=timeout)
        except queue.Empty:
            raise AssertionError(f"the snippet said nothing in {timeout} s; stderr: {self.stderr}") from None
        assert line is not None, f"the snippet ended ({self.process.poll()}); stderr: {self.stderr}"
        return line

    def wait(self, timeout: float = 10.0) -> int:
        """Its exit code; its input is closed first."""
        if self.process.stdin is not None and not self.process.stdin.closed:
            try:
                self.process.stdin.close()
            except OSError:
                pass
        return self.process.wait(timeout)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(5)
        for thread in self._threads:
            thread.join(2)
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            if stream is not None:
                try:
                    stream.close()
                except OSError:
                    pass
