# SPDX-License-Identifier: GPL-3.0-or-later
"""What importing the package does, and what it must not do."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import c104
from support import sanitizers

ROOT = Path(__file__).parent.parent


def run(code: str, **environment: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=True)
    assert done.stderr == ""
    return done.stdout


def test_version_stands_in_one_place() -> None:
    (written,) = re.findall(r'^version = "(.*)"', (ROOT / "pyproject.toml").read_text(), flags=re.MULTILINE)
    assert c104.__version__ == written


def test_no_older_source_than_the_pinned_one_is_built_in() -> None:
    """An older mbedTLS or lib60870-C would bring back what its advisories name (SECURITY.md)."""
    libraries = json.loads((ROOT / "lib60870" / "sources.json").read_text())
    for name, built_in in (("lib60870", c104.__lib60870_version__), ("mbedtls", c104.__mbedtls_version__)):
        versions = [libraries[name]["minimum"], *(pin["version"] for pin in libraries[name]["pins"]), built_in]
        numbers = [tuple(map(int, version.split("."))) for version in versions]
        assert min(numbers) == numbers[0], name
        assert built_in.rpartition(".")[0] == libraries[name]["minimum"].rpartition(".")[0]
    assert tuple(map(int, c104.__mbedtls_version__.split("."))) >= (3, 6, 7)


def test_every_class_is_there_and_says_where_it_belongs() -> None:
    assert len(c104.__all__) == 59 + 3  # those of c104 2.2, TimeQuality, PeerCertificate and ServerConnection
    for name in c104.__all__:
        cls = getattr(c104, name)
        assert isinstance(cls, type)
        assert cls.__module__ == "c104"
        assert cls.__name__ == name
        assert cls.__doc__


def test_star_import_gives_classes_only() -> None:
    names: dict[str, object] = {}
    exec("from c104 import *", names)
    assert {n for n in names if n != "__builtins__"} == set(c104.__all__)


def test_import_has_no_side_effect() -> None:
    code = """
import atexit, logging, os, signal, subprocess, sys, threading
os.environ.pop("PYTHONUNBUFFERED", None)
def process():
    # A child gets the environment as C code sees it.
    return (subprocess.run(["env"], capture_output=True).stdout, list(logging.root.handlers), threading.active_count(),
            signal.getsignal(signal.SIGINT), atexit._ncallbacks(), len(os.listdir("/proc/self/task")))
before = process()
import c104
print(process() == before)
"""
    assert run(code).strip() == "True"


def test_stopped_objects_leave_no_thread() -> None:
    code = """
import os, c104
server = c104.Server(ip="127.0.0.1", port=0); server.add_station(1).add_point(1, c104.Type.M_SP_NA_1)
server.start()
client = c104.Client(); client.add_connection(ip="127.0.0.1", port=server.port); client.start()
while not client.has_active_connections: pass
client.stop(); server.stop()
print(len(os.listdir("/proc/self/task")))
"""
    assert run(code).strip() == ("2" if sanitizers.sanitizer == "tsan" else "1")  # that has a thread of its own


def test_subinterpreters_are_refused() -> None:
    code = "import _xxsubinterpreters as s; i = s.create(); s.run_string(i, 'import c104')"
    if sys.version_info >= (3, 13):
        code = code.replace("_xxsubinterpreters", "_interpreters").replace("s.run_string(i, ", "print(s.exec(i, ") + ")"
    # After an import in the main interpreter: it hung then.
    run = subprocess.run([sys.executable, "-c", "import c104; " + code], capture_output=True, text=True, timeout=60)
    assert run.returncode >= 0, run.stderr
    assert "ImportError" in run.stdout + run.stderr, run
