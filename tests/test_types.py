# SPDX-License-Identifier: GPL-3.0-or-later
"""The stub: typed programs pass with it, it agrees with the built module, and programs in tests/typed make every main call."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import c104

ROOT = Path(__file__).resolve().parent.parent
STUB = Path(c104.__file__).with_suffix(".pyi")


def run(*command: str, **environment: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_mypy_accepts_the_examples_and_every_main_call() -> None:
    run("mypy")


def test_pyright_accepts_the_examples_and_every_main_call() -> None:
    run("pyright", "--pythonpath", sys.executable, LD_PRELOAD="")  # Node.js and sanitizers don't go together


def test_stub_agrees_with_the_built_module() -> None:
    run("mypy.stubtest", "c104", "--mypy-config-file", os.devnull)


def test_typed_program_uses_every_class_and_method() -> None:
    program = list(ast.walk(ast.parse((ROOT / "tests" / "typed" / "calls.py").read_text())))
    used = {node.attr for node in program if isinstance(node, ast.Attribute)}
    functions = [node for node in ast.walk(ast.parse(STUB.read_text())) if isinstance(node, ast.FunctionDef)]
    methods = {node.name for node in functions if not node.decorator_list and not node.name.startswith("_")}
    assert (set(c104.__all__) | methods) - used == set()
