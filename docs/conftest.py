# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the code of the pages, Python's and the shell's: the blocks of a page one after the other, in one namespace and one folder, each page
on a TCP port of its own. Blocks that only the tests need stand in comments (invisible-code-block)."""

from __future__ import annotations

import builtins
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Dict

import c104
from support.ports import free_port
from sybil import Example, Sybil
from sybil.evaluators.python import PythonEvaluator
from sybil.parsers.markdown import CodeBlockParser


class OnAFreePort(PythonEvaluator):
    """Evaluates a block with the page's port in place of 2404, in a folder of the page's own."""

    def __call__(self, example: Example) -> None:
        code = str(example.parsed)
        example.parsed = type(example.parsed)(
            code.replace("2404", str(example.namespace["_port"])), example.parsed.offset, example.parsed.line_offset
        )
        super().__call__(example)
        # Taken away by Sybil; callbacks that were defined here still want it with Python 3.9.
        example.namespace["__builtins__"] = builtins


def run_in_shell(example: Example) -> None:
    """`python` is the one that runs the tests; a command that fails fails the page."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    ended = subprocess.run(["sh", "-ec", str(example.parsed)], capture_output=True, text=True, env={**os.environ, "PATH": path})
    assert ended.returncode == 0, ended.stdout + ended.stderr


def begin(namespace: Dict[str, Any]) -> None:
    namespace["_port"] = free_port()
    namespace["_home"] = os.getcwd()
    namespace["_folder"] = tempfile.TemporaryDirectory()
    os.chdir(namespace["_folder"].name)


def end(namespace: Dict[str, Any]) -> None:
    for one in list(namespace.values()):
        if isinstance(one, (c104.Client, c104.Server)):
            one.stop()
    c104.set_debug_mode(c104.Debug(0))
    os.chdir(namespace["_home"])
    namespace["_folder"].cleanup()


pytest_collect_file = Sybil(
    parsers=[
        CodeBlockParser(language="python", evaluator=OnAFreePort()),
        CodeBlockParser(language="sh", evaluator=run_in_shell),
    ],
    patterns=["*.md", "*/*.md"],
    setup=begin,
    teardown=end,
).pytest()
