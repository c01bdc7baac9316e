# SPDX-License-Identifier: GPL-3.0-or-later
"""python -m c104: versions for a report, and APDUs in words."""

from __future__ import annotations

import argparse
import os
import pathlib
import platform
import re
import sys
from typing import Iterable, Iterator, List, Optional

import c104
from c104._check import check

VERSIONS = f"""c104 {c104.__version__}
lib60870-C {c104.__lib60870_version__}
mbedTLS {c104.__mbedtls_version__}
Python {platform.python_version()}, {platform.platform()}"""


def octets(text: str) -> bytes:
    """`68 04 07 00 00 00`, `680407000000`, `68:04:...`, `0x68, 0x04, ...`"""
    digits = re.sub(r"0[xX]|[\s:,;-]", "", text)
    try:
        return bytes.fromhex(digits)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not made of whole octets in hexadecimal digits") from None


def apdus(stream: bytes) -> Iterator[bytes]:
    """Cuts a stream where its length octets say that an APDU ends; what fits no APDU stays in one piece."""
    while stream:
        size = stream[1] + 2 if len(stream) > 1 and stream[0] == 0x68 else len(stream)
        yield stream[:size]
        stream = stream[size:]


def check_programs(programs: List[pathlib.Path]) -> int:
    """1: there are hints; 2: a program can't be read."""
    result = 0
    for program in programs:
        try:
            hints = check(program.read_bytes(), str(program))
        except OSError as error:
            print(f"{program}: {error.strerror}", file=sys.stderr)
            result = 2
            continue
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:  # the last two: nested too deeply
            print(f"{program}: {error or 'nested too deeply'}", file=sys.stderr)
            result = 2
            continue
        for hint in hints:
            print(f"{program}:{hint.line}: {hint.text}")
        result = max(result, int(bool(hints)))
    return result


def explain_lines(lines: Iterable[str]) -> int:
    """2: there were lines that can't be read; the others were."""
    result = 0
    for number, line in enumerate(lines, 1):
        try:
            stream = octets(line.strip())
        except argparse.ArgumentTypeError as error:
            print(f"line {number}: {error}", file=sys.stderr)
            result = 2
            continue
        for apdu in apdus(stream):
            print(c104.explain_bytes(apdu))
    return result


def main(arguments: Optional[List[str]] = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m c104", description="IEC 60870-5-104 for Python.",
                                     formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    parser.add_argument(
        "--version", action="version", version=VERSIONS, help="versions of this package and of what is built into it"
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    explain = commands.add_parser("explain", help="say what octets from the wire mean, one line per APDU")
    explain.add_argument(
        "hex", nargs="*", help="the octets, as in 680407000000 or 68 04 07 00 00 00; without any: lines of standard input"
    )
    programs = commands.add_parser(
        "check",
        help="say what in a program for c104 2.2 to look at before it runs with this one",
        epilog="Exit code: 0 nothing to look at, 1 there are hints, 2 a file can't be read.",
    )
    programs.add_argument("program", nargs="+", type=pathlib.Path, help="Python files")
    options = parser.parse_args(arguments)
    if options.command == "check":
        return check_programs(options.program)
    if options.command is None:
        parser.print_help()
        return 2
    if not options.hex:
        return explain_lines(sys.stdin)
    try:
        stream = octets(" ".join(options.hex))
    except argparse.ArgumentTypeError as error:
        explain.error(str(error))
    for apdu in apdus(stream):
        print(c104.explain_bytes(apdu))
    return 0


def run() -> int:
    """main() for a terminal: whoever reads may stop, as `head` does."""
    try:
        result = main()
        sys.stdout.flush()
        return result
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is left is flushed at exit
        return 0


if __name__ == "__main__":
    sys.exit(run())
