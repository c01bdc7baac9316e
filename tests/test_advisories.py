# SPDX-License-Identifier: GPL-3.0-or-later
"""The upstream advisories of SECURITY.md: what they are about, tried on a server and a client of ours, and the table itself."""

from __future__ import annotations

import ast
import re
import struct
from pathlib import Path
from typing import Any, Callable, Dict, List, Set, Tuple

import c104
import pytest
from support import asdu
from support.master import RawMaster
from support.numbers import counted
from support.waiting import wait_until

ROOT = Path(__file__).resolve().parent.parent
CHANGELOG = ROOT / "lib60870" / "vendor" / "mbedtls" / "ChangeLog"
NAMED_TEST = re.compile(r"`(tests/\w+\.py)::(\w+)`")
S_IT_TC_1 = 41  # integrated totals of secure statistics, element of 5 octets and a CP56Time2a
ELEMENTS = {**asdu.SIZES, 107: 9, 120: 6, 122: 4, 123: 5, 124: 4, S_IT_TC_1: 14}


def head(type_id: int, vsq: int, cot: int = asdu.ACT) -> bytes:
    return struct.pack("<BBBBH", type_id, vsq, cot, 0, 1)


@pytest.fixture
def running(server: c104.Server) -> c104.Server:
    server.add_station(common_address=1)
    server.start()
    return server


def sane(server: c104.Server, master: RawMaster) -> None:
    """Still serves: the one that sent it, and others."""
    assert [one.cot for one in master.interrogate(1) if one.type_id == 100] == [asdu.ACT_CON, asdu.ACT_TERM]
    assert server.open_connection_count == 1


# lib60870-C: GHSA-7v97-jmwv-w5j7.


@pytest.mark.parametrize("type_id", sorted(ELEMENTS))
def test_more_objects_announced_than_sent(running: c104.Server, make_master: Callable[..., RawMaster], type_id: int) -> None:
    master = make_master(running.port)
    one = b"\x01\x00\x00" + bytes(ELEMENTS[type_id])
    announced = (2, 20, 127)
    for count in announced:
        master.send(head(type_id, count) + one)
    sane(running, master)
    counters = running.counters
    if type_id == S_IT_TC_1:  # of a type that isn't known nothing is read: it comes back as it is
        assert counted(counters["asdus_refused_by_reason"]) == {"UNKNOWN_TYPE_ID": len(announced)}
    else:
        assert counted(counters["malformed_frames_by_reason"]) in ({"asdu_length": 3}, {"object_count": 3})


# lib60870-C: issue 200.


@pytest.mark.parametrize("type_id", asdu.MONITORING)
def test_a_sequence_that_is_cut(running: c104.Server, make_master: Callable[..., RawMaster], type_id: int) -> None:
    master = make_master(running.port)
    whole = head(type_id, 0x80 | 4, asdu.SPONTANEOUS) + b"\x01\x00\x00" + 4 * bytes(ELEMENTS[type_id])
    cut = [whole[:size] for size in range(6, len(whole))]
    for part in cut:
        master.send(part)
    sane(running, master)
    assert running.counters["malformed_frames"] == len(cut)


# lib60870-C: GHSA-75pr-rr3v-j6px.


def test_a_test_command_that_is_cut(running: c104.Server, make_master: Callable[..., RawMaster]) -> None:
    master = make_master(running.port)
    whole = head(107, 1) + bytes(3 + 9)
    for size in range(6, len(whole)):
        master.send(whole[:size])
    sane(running, master)
    assert running.counters["malformed_frames_by_reason"]["asdu_length"] == 12
    master.send(whole)
    assert not master.wait_asdu(107, asdu.ACT_CON).negative


# lib60870-C: GHSA-f5xp-w6f3-vvrv.


def test_s_it_tc_1_of_any_length_to_a_server(running: c104.Server, make_master: Callable[..., RawMaster]) -> None:
    master = make_master(running.port)
    whole = head(S_IT_TC_1, 1, asdu.SPONTANEOUS) + bytes(3 + ELEMENTS[S_IT_TC_1])
    for size in range(6, len(whole) + 1):
        master.send(whole[:size])
    sane(running, master)
    answers = [one for one in master.asdus(S_IT_TC_1) if one.negative and one.cot == asdu.UNKNOWN_TYPE]
    assert len(answers) + running.counters["malformed_frames"] == len(whole) - 5


def test_s_it_tc_1_of_any_length_to_a_client(opened: Callable[..., Any]) -> None:
    raw, client, connection, remote = opened()
    remote.add_point(io_address=11, type=c104.Type.M_SP_NA_1)
    whole = head(S_IT_TC_1, 1, asdu.SPONTANEOUS) + bytes(3 + ELEMENTS[S_IT_TC_1])
    for size in range(6, len(whole) + 1):
        raw.send(whole[:size])
    raw.send(asdu.build(1, asdu.SPONTANEOUS, 1, [(11, asdu.single(True))]))
    wait_until(lambda: remote.get_point(11).value)
    counters = connection.counters
    assert counters["asdus_refused_by_reason"]["UNKNOWN_TYPE_ID"] + counters["malformed_frames"] == len(whole) - 5


# lib60870-C: CVE-2026-67873.


@pytest.mark.parametrize("type_id", range(120, 128))
def test_files_are_not_transferred(running: c104.Server, make_master: Callable[..., RawMaster], type_id: int) -> None:
    master = make_master(running.port)
    size = {120: 6, 121: 7, 122: 4, 123: 5, 124: 4, 125: 4, 126: 13, 127: 16}[type_id]
    master.send(head(type_id, 1, 13) + bytes(3 + size))
    answer = master.wait_asdu(type_id, asdu.UNKNOWN_TYPE)
    assert answer.negative
    sane(running, master)


# The table.


def functions_of(path: Path) -> Set[str]:
    return {node.name for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("page", ["SECURITY.md", "docs/explanation/faults.md", "docs/explanation/reliability.md"])
def test_the_tests_that_a_page_names_exist(page: str) -> None:
    named: Dict[str, Set[str]] = {}
    for path, name in NAMED_TEST.findall((ROOT / page).read_text()):
        named.setdefault(path, set()).add(name)
    missing = [f"{path}::{name}" for path, names in named.items() for name in sorted(names - functions_of(ROOT / path))]
    assert missing == []
    assert named or page.endswith("reliability.md")


def rows(heading: str) -> List[List[str]]:
    """The rows of the table below that heading of SECURITY.md."""
    section = (ROOT / "SECURITY.md").read_text().split(f"### {heading}\n", 1)[1].split("\n#", 1)[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_each_advisory_has_a_test() -> None:
    for heading in ("lib60870-C", "mbedTLS"):
        assert rows(heading)
        without = [row[0] for row in rows(heading) if not NAMED_TEST.search(row[-1])]
        assert without == []


def version(text: str) -> Tuple[int, ...]:
    return tuple(map(int, text.split(".")))


def test_what_is_built_in_contains_the_fixes_of_mbedtls() -> None:
    built_in = version(c104.__mbedtls_version__)
    for advisory, _, fixed_in, *_ in rows("mbedTLS"):
        assert version(fixed_in) <= built_in, advisory


def test_no_advisory_of_mbedtls_is_left_out() -> None:
    if not CHANGELOG.exists():
        pytest.skip("the sources of mbedTLS are not there: only their ChangeLog says what it fixed")
    releases = re.split(r"^= Mbed TLS (\S+) branch released.*$", CHANGELOG.read_text(), flags=re.MULTILINE)
    fixed = {
        (advisory, release)
        for release, text in zip(releases[1::2], releases[2::2])
        if release.startswith("3.6.")
        for advisory in re.findall(r"CVE-(?:ID-)?(?:20\d\d-)?\d+", text)
    }
    listed = {(advisory, row[2]) for row in rows("mbedTLS") for advisory in re.findall(r"CVE-[\w-]+", row[0])}
    assert fixed == listed
