# SPDX-License-Identifier: GPL-3.0-or-later
"""What both sides send, as Wireshark reads it: a decoder that shares no line with the code under test nor with `support`."""

from __future__ import annotations

import datetime
import json
import shutil
import struct
import subprocess
from pathlib import Path
from typing import Any, Callable, Dict, List

import c104
import pytest
from support import asdu
from support.master import RawMaster
from support.waiting import wait_until

TSHARK = shutil.which("tshark")
pytestmark = pytest.mark.skipif(not TSHARK, reason="no tshark here")
CA = 47
AT = asdu.local(asdu.TAG_MOMENT)
TAG = {"cp56time": "2024-02-29T23:59:58.987000000Z", "cp56time.iv": "0", "cp56time.su": "0"}


def decoded(frames: List[bytes], folder: Path, to_station: bool) -> List[Dict[str, str]]:
    """The fields of each frame, from a capture of one TCP link that is made of them."""
    ports = (40000, 2404) if to_station else (2404, 40000)
    capture = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 101)  # raw IP packets
    sequence = 1
    for frame in frames:
        tcp = struct.pack(">HHIIBBHHH", *ports, sequence, 1, 0x50, 0x18, 65535, 0, 0) + frame
        packet = struct.pack(">BBHHHBBHII", 0x45, 0, 20 + len(tcp), 0, 0, 64, 6, 0, 0x7F000001, 0x7F000001) + tcp
        capture += struct.pack("<IIII", 0, 0, len(packet), len(packet)) + packet
        sequence += len(frame)
    file = folder / "frames.pcap"
    file.write_bytes(capture)
    run = subprocess.run([str(TSHARK), "-r", str(file), "-T", "json"], capture_output=True, text=True, timeout=60, check=True)
    packets = [one["_source"]["layers"] for one in json.loads(run.stdout)]
    assert len(packets) == len(frames)
    found = []
    for layers in packets:
        assert "_ws.malformed" not in layers, layers
        fields: Dict[str, str] = {}

        def walk(node: Dict[str, Any], into: Dict[str, str] = fields) -> None:
            for name, value in node.items():
                walk(value) if isinstance(value, dict) else into.update({name.replace("iec60870_asdu.", ""): value})

        walk(layers["iec60870_asdu"])
        if fields.get("cp56time", "").endswith(" UTC"):  # Wireshark before 4.6
            moment = datetime.datetime.strptime(fields["cp56time"], "%b %d, %Y %H:%M:%S.%f000 UTC")
            fields["cp56time"] = moment.isoformat() + "000Z"
        found.append(fields)
    return found


# What `asdu.sample` means. Wireshark 4.0 has no words for 20 and 38 to 40 and shows their octets.
VALUES: Dict[int, Dict[str, str]] = {
    1: {"siq.spi": "1", "siq.iv": "0"},
    3: {"diq.dpi": "2", "diq.iv": "0"},
    5: {"vti.v": "-7", "vti.t": "1", "qds.iv": "0"},
    7: {"bitstring": "0x04030201", "qds": "0x00"},
    9: {"normval": "-0.5", "qds": "0x00"},
    11: {"scalval": "-1234", "qds": "0x00"},
    13: {"float": "1.5", "qds": "0x00"},
    15: {"bcr.count": "-77", "bcr.sq": "5", "bcr.cy": "0", "bcr.ca": "0", "bcr.iv": "0"},
    20: {},
    21: {"normval": "0.25"},
    38: {}, 39: {}, 40: {},
}  # fmt: skip
UNTAGGED = {30: 1, 31: 3, 32: 5, 33: 7, 34: 9, 35: 11, 36: 13, 37: 15}


def information(type_id: int) -> c104.Information:
    good = c104.Quality()
    at: Any = (AT,) if type_id >= 30 else ()
    makers: Dict[int, Callable[[], c104.Information]] = {
        1: lambda: c104.SingleInfo(True, good, *at),
        3: lambda: c104.DoubleInfo(c104.Double.ON, good, *at),
        5: lambda: c104.StepInfo(c104.Int7(-7), True, good, *at),
        7: lambda: c104.BinaryInfo(c104.Byte32(b"\x04\x03\x02\x01"), good, *at),
        9: lambda: c104.NormalizedInfo(c104.NormalizedFloat(-0.5), good, *at),
        11: lambda: c104.ScaledInfo(c104.Int16(-1234), good, *at),
        13: lambda: c104.ShortInfo(1.5, good, *at),
        15: lambda: c104.BinaryCounterInfo(-77, c104.UInt5(5), c104.BinaryCounterQuality(), *at),
        20: lambda: c104.StatusAndChanged(c104.PackedSingle.I0 | c104.PackedSingle.I15, c104.PackedSingle.I8, good),
        21: lambda: c104.NormalizedInfo(c104.NormalizedFloat(0.25)),
        38: lambda: c104.ProtectionEventInfo(c104.EventState.ON, c104.UInt16(500), good, AT),
        39: lambda: c104.ProtectionStartInfo(c104.StartEvents(0x15), c104.UInt16(600), good, AT),
        40: lambda: c104.ProtectionCircuitInfo(c104.OutputCircuits(0x0A), c104.UInt16(700), good, AT),
    }
    return makers[UNTAGGED.get(type_id, type_id)]()


def test_every_monitoring_type(server: c104.Server, make_master: Callable[..., RawMaster], tmp_path: Path) -> None:
    station = server.add_station(CA)
    assert station
    server.start()
    master = make_master(server.port)
    wait_until(lambda: server.active_connection_count == 1)
    for type_id in asdu.MONITORING:
        point = station.add_point(70000 + type_id, c104.Type(type_id))
        assert point
        point.info = information(type_id)
        assert point.transmit(cause=c104.Cot.SPONTANEOUS)
    wait_until(lambda: len(master.frames("I")) == len(asdu.MONITORING))
    for type_id, fields in zip(asdu.MONITORING, decoded([one.raw for one in master.frames("I")], tmp_path, False)):
        header = {"typeid": str(type_id), "sq": "0", "numix": "1", "causetx": "3", "addr": str(CA), "ioa": str(70000 + type_id)}
        tag = TAG if 30 <= type_id <= 37 else {}
        expected = {**header, "nega": "0", "test": "0", "oa": "0", **VALUES[UNTAGGED.get(type_id, type_id)], **tag}
        assert {name: fields.get(name) for name in expected} == expected


COMMANDS: Dict[int, Any] = {
    45: (lambda at: c104.SingleCmd(True, c104.Qoc.LONG_PULSE, *at), {"sco.on": "1", "sco.qu": "2", "sco.se": "0"}),
    46: (lambda at: c104.DoubleCmd(c104.Double.OFF, c104.Qoc.SHORT_PULSE, *at), {"dco.on": "1", "dco.qu": "1", "dco.se": "0"}),
    47: (lambda at: c104.StepCmd(c104.Step.HIGHER, c104.Qoc.PERSISTENT, *at), {"rco.up": "2", "rco.qu": "3", "rco.se": "0"}),
    48: (lambda at: c104.NormalizedCmd(c104.NormalizedFloat(-0.5), c104.UInt7(3), *at), {"normval": "-0.5", "qos.ql": "3", "qos.se": "0"}),
    49: (lambda at: c104.ScaledCmd(c104.Int16(-1234), c104.UInt7(3), *at), {"scalval": "-1234", "qos.ql": "3", "qos.se": "0"}),
    50: (lambda at: c104.ShortCmd(1.5, c104.UInt7(127), *at), {"float": "1.5", "qos.ql": "127", "qos.se": "0"}),
    51: (lambda at: c104.BinaryCmd(c104.Byte32(b"\x04\x03\x02\x01"), *at), {"bitstring": "0x04030201"}),
}  # fmt: skip


def test_every_command(opened: Callable[..., Any], tmp_path: Path) -> None:
    raw, _, connection, remote = opened(ca=CA, originator=123)
    wanted: List[Dict[str, str]] = []
    for type_id in (*range(45, 52), *range(58, 65)):
        at = (AT,) if type_id >= 58 else ()
        make, fields = COMMANDS[type_id if type_id < 58 else type_id - 13]
        point = remote.add_point(80000 + type_id, c104.Type(type_id))
        point.info = make(at)
        assert point.transmit(cause=c104.Cot.ACTIVATION)
        wanted.append({"typeid": str(type_id), "causetx": "6", "ioa": str(80000 + type_id), **fields, **(TAG if at else {})})
    select = remote.add_point(81000, c104.Type.C_SC_NA_1, command_mode=c104.CommandMode.SELECT_AND_EXECUTE)
    select.value = True
    assert select.transmit(cause=c104.Cot.ACTIVATION)
    wanted += [{"typeid": "45", "causetx": "6", "ioa": "81000", "sco.on": "1", "sco.se": bit} for bit in ("1", "0")]
    assert connection.interrogation(CA) and connection.counter_interrogation(CA)
    assert connection.clock_sync(CA) and connection.test(CA) and connection.test(CA, with_time=False)
    wanted.append({"typeid": "100", "causetx": "6", "ioa": "0", "qoi": "20"})
    wanted += [{"typeid": str(type_id), "causetx": "6", "ioa": "0"} for type_id in (101, 103, 107, 104)]
    frames = [one.raw for one in raw.frames("I")]
    assert len(frames) == len(wanted)
    for fields, expected in zip(decoded(frames, tmp_path, True), wanted):
        expected = {"sq": "0", "numix": "1", "nega": "0", "test": "0", "oa": "123", "addr": str(CA), **expected}
        assert {name: fields.get(name) for name in expected} == expected
