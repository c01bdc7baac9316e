# SPDX-License-Identifier: GPL-3.0-or-later
"""python -m c104"""

from __future__ import annotations

import subprocess
import sys

import c104
import pytest


def run(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "c104", *arguments]
    return subprocess.run(command, input=stdin, capture_output=True, text=True, timeout=30, check=False)


def test_version_names_everything_that_is_built_in() -> None:
    done = run("--version")
    assert done.returncode == 0
    assert done.stderr == ""
    assert done.stdout.splitlines()[:3] == [
        f"c104 {c104.__version__}",
        f"lib60870-C {c104.__lib60870_version__}",
        f"mbedTLS {c104.__mbedtls_version__}",
    ]
    assert f"Python {sys.version.split()[0]}" in done.stdout


@pytest.mark.parametrize(
    "written",
    [["680407000000"], ["68", "04", "07", "00", "00", "00"], ["68:04:07:00:00:00"], ["0x68, 0x04, 0x07, 0x00, 0x00, 0x00"]],
)
def test_explain_reads_hexadecimal_digits_as_people_write_them(written: list[str]) -> None:
    done = run("explain", *written)
    assert (done.returncode, done.stdout, done.stderr) == (0, "U-Format | StartDT act\n", "")


def test_explain_cuts_a_stream_into_apdus() -> None:
    done = run("explain", "680407000000 68040b000000 6804")
    assert done.stdout.splitlines()[:2] == ["U-Format | StartDT act", "U-Format | StartDT con"]
    assert done.stdout.splitlines()[2] == c104.explain_bytes(b"\x68\x04")


def test_explain_reads_lines_of_standard_input() -> None:
    done = run("explain", stdin="680407000000\n\n68040b000000\n")
    assert done.stdout.splitlines() == ["U-Format | StartDT act", "U-Format | StartDT con"]


@pytest.mark.parametrize("nonsense", ["6", "xy", "68 04 zz"])
def test_explain_says_what_it_cannot_read(nonsense: str) -> None:
    done = run("explain", nonsense)
    assert (done.returncode, done.stdout) == (2, "")
    assert repr(nonsense) in done.stderr
    assert "hexadecimal" in done.stderr


def test_without_a_command_it_says_what_there_is() -> None:
    done = run()
    assert done.returncode == 2
    assert "explain" in done.stdout


def test_explain_goes_on_after_a_line_that_it_cannot_read() -> None:
    done = run("explain", stdin="680407000000\nzz\n68040b000000\n")
    assert (done.returncode, done.stdout.splitlines()) == (2, ["U-Format | StartDT act", "U-Format | StartDT con"])
    assert done.stderr.startswith("line 2: 'zz'") and "hexadecimal" in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="pipes of POSIX")
def test_who_reads_may_stop() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "c104", "explain"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.close()
        try:
            process.stdin.write(b"680407000000\n" * 20000)  # type: ignore[union-attr]
            process.stdin.close()  # type: ignore[union-attr]
        except BrokenPipeError:
            pass
        process.stdin = None
        assert process.stderr is not None and process.stderr.read() == b""
        assert process.wait(timeout=30) == 0


def test_check_tells_its_exit_codes() -> None:
    assert "2 a file can't be read" in run("check", "--help").stdout
