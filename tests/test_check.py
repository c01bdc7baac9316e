# SPDX-License-Identifier: GPL-3.0-or-later
"""python -m c104 check: the hints on programs for c104 2.2."""

from __future__ import annotations

import pathlib
import subprocess
import sys
from typing import List

import pytest
from c104._check import check

CLEAN = """
import c104
client = c104.Client()
connection = client.add_connection("127.0.0.1", 2404)
station = connection.add_station(common_address=47)
point = station.add_point(io_address=1, type=c104.Type.M_ME_TF_1)
def on_receive(point: c104.Point, previous_info: c104.Information, message: c104.IncomingMessage) -> c104.ResponseState:
    return c104.ResponseState.NONE
point.on_receive(callable=on_receive)
assert point.related_io_address is None
"""


def hints(source: str) -> List[str]:
    return [f"{hint.line}: {hint.text}" for hint in check(source)]


def test_nothing_to_say() -> None:
    assert hints(CLEAN) == []
    examples = pathlib.Path(__file__).parent.parent / "examples"
    assert [hint for path in sorted(examples.glob("*_client.py")) for hint in check(path.read_text())] == []


@pytest.mark.parametrize(
    "source, part",
    [
        ("async def work(point): ...\npoint.on_receive(callable=work)", "2: work is a coroutine function"),
        ("server.add_station(0)", "1: common address 0 is refused: 1..65534"),
        ("connection.add_station(common_address=65535)", "1: common address 65535 is refused"),
        ("station.add_point(1, c104.Type.C_SC_NA_1, related_io_autoreturn=True)", "needs a related_io_address"),
        ("s = c104.Server()\nt = c104.Type.M_SP_TB_1", "1: interrogations are answered without time tags"),
        ("c104.SingleInfo(True, recorded_at=datetime.now(timezone.utc))", "the time zone of recorded_at is honoured"),
        ("c104.set_debug_mode(c104.Debug.Server)", "loggers below 'c104'"),
        ("if point.related_io_address == 0: pass", "is None, not 0"),
        ("async def work(point): ...\npoint.on_receive(work)", "2: work is a coroutine function"),
        ("server.add_station(common_address=-1)", "1: common address -1 is refused: 1..65534"),
        ("station.add_point(1, c104.Type.C_SC_NA_1, 0, None, True)", "needs a related_io_address"),
    ],
)
def test_hints(source: str, part: str) -> None:
    found = hints(source)
    assert len(found) == 1 and part in found[0], found


@pytest.mark.parametrize(
    "source",
    [
        "station.add_point(1, c104.Type.C_SC_NA_1, related_io_address=2, related_io_autoreturn=True)",
        "c104.Server(interrogation_with_time_tags=True); c104.Type.M_SP_TB_1",
        "c104.Server(); c104.Type.M_SP_NA_1",
        "if point.io_address == 0: pass",
        "c104.SingleInfo(True, recorded_at=datetime.now())",
    ],
)
def test_no_hints(source: str) -> None:
    assert hints(source) == []


def test_command(tmp_path: pathlib.Path) -> None:
    (tmp_path / "old.py").write_text("import c104\nc104.Server().add_station(0)\n")
    (tmp_path / "fine.py").write_text(CLEAN)

    def run(*names: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "c104", "check", *(str(tmp_path / name) for name in names)]
        return subprocess.run(command, capture_output=True, text=True, timeout=60)

    assert run("fine.py").returncode == 0
    old = run("old.py", "fine.py")
    assert old.returncode == 1 and old.stdout.startswith(f"{tmp_path / 'old.py'}:2: common address 0")
    missing = run("missing.py", "old.py")
    assert missing.returncode == 2 and "missing.py" in missing.stderr and "old.py:2" in missing.stdout


def test_files_that_are_hard_to_read(tmp_path: pathlib.Path) -> None:
    program = "import c104\nc104.Server().add_station(0)  # f\xfcr\n"
    (tmp_path / "bom.py").write_bytes(program.encode("utf-8-sig"))
    (tmp_path / "latin.py").write_bytes(("# -*- coding: latin-1 -*-\n" + program).encode("latin-1"))
    (tmp_path / "deep.py").write_text("x = " + "-" * 50000 + "1\n")
    (tmp_path / "directory").mkdir()

    def run(name: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "c104", "check", str(tmp_path / name)]
        return subprocess.run(command, capture_output=True, text=True, timeout=60)

    for name, line in ("bom.py", 2), ("latin.py", 3):
        done = run(name)
        assert done.returncode == 1 and f"{name}:{line}: common address 0" in done.stdout, done
    for name in ("deep.py", "directory"):
        done = run(name)
        assert done.returncode == 2 and name in done.stderr and len(done.stderr.splitlines()) == 1, done
        assert "Errno" not in done.stderr and "Traceback" not in done.stderr
