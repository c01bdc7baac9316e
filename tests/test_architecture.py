# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules of docs/explanation/architecture.md that the compiler doesn't enforce."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ALLOWED = {
    "base": set(),
    "hal": {"base"},
    "wire": {"hal", "base"},
    "model": {"base"},
    "codec": {"model", "base"},
    "session": {"wire", "hal", "codec", "model", "base"},
    "bindings": {"session", "codec", "model", "base"},
}
SOURCES = sorted(p for room in ALLOWED for p in (ROOT / "src" / room).rglob("*") if p.suffix in (".h", ".cpp"))
GIL_WORDS = re.compile(r"\b(gil_scoped_\w+|PyGILState_\w+|PyEval_(?:Save|Restore)Thread|Py_BEGIN_ALLOW_THREADS)\b")


def includes(path: Path) -> set[str]:
    return set(re.findall(r'^#include "(\w+)/', path.read_text(), flags=re.MULTILINE))


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT / "src")))
def test_a_room_includes_only_what_it_may(path: Path) -> None:
    room = path.relative_to(ROOT / "src").parts[0]
    assert includes(path) <= ALLOWED[room] | {room}


def test_gil_words_stand_in_the_gil_header_and_the_runtime_only() -> None:
    users = {p.name for p in SOURCES if GIL_WORDS.search(p.read_text())}
    assert users <= {"gil.h", "runtime.cpp", "callback.cpp"}


def test_python_is_known_to_bindings_only() -> None:
    users = {p.relative_to(ROOT / "src").parts[0] for p in SOURCES if re.search(r"pybind11|Python\.h", p.read_text())}
    assert users == {"bindings"}


def test_c_libraries_are_known_to_their_rooms_only() -> None:
    for path in SOURCES:
        room = path.relative_to(ROOT / "src").parts[0]
        text = path.read_text()
        if re.search(r"#include [<\"](?:mbedtls|psa)/", text):
            assert room == "hal", path
        if re.search(r"#include [<\"](?:cs10[14]|hal_|iec60870|lib_memory)", text):
            assert room in ("hal", "wire"), path


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT / "src")))
def test_files_stay_readable(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 400


def test_every_file_names_its_licence() -> None:
    listed = subprocess.run(
        ["git", "-c", f"safe.directory={ROOT}", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split()
    if not listed:
        pytest.skip("not a git checkout: the list of files is git's")
    without = [
        name
        for name in listed
        if not name.endswith((".json", "LICENSE", ".gitignore", "py.typed", ".svg", ".png", ".keep"))
        and (ROOT / name).is_file()
        and "SPDX-License-Identifier" not in (ROOT / name).read_text(errors="replace")[:500]
    ]
    assert without == []
