# SPDX-License-Identifier: GPL-3.0-or-later
"""The examples of the docstrings run as they stand, each docstring's by itself, and callbacks that they set are called without an error.

They find the objects that their text speaks of: a server and a client that is connected to it, or files of certificates.
"""

from __future__ import annotations

import ast
import datetime
import doctest
import logging
from types import SimpleNamespace
from typing import Any, Dict, Iterator

import c104
import pytest
from support.ports import free_port
from support.waiting import wait_until
from test_docs import STUB

CLIENT_SIDE = ("Client", "Connection", "ProtocolParameters", "IncomingMessage", "Point.read", "Point.on_receive")


def docstrings() -> Dict[str, str]:
    found = {}
    for owner in [STUB, *(node for node in STUB.body if isinstance(node, ast.ClassDef))]:
        for node in [owner, *owner.body]:
            if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and ">>>" in (ast.get_docstring(node) or ""):
                name = ".".join(getattr(one, "name", "") for one in dict.fromkeys([owner, node])).strip(".")
                found[name] = str(ast.get_docstring(node))
    return found


DOCSTRINGS = docstrings()


@pytest.fixture
def plant() -> Iterator[SimpleNamespace]:
    """A server with a station of two measurands and a command, and a client that has interrogated it."""
    server = c104.Server(ip="127.0.0.1", port=0)
    station = server.add_station(common_address=47)
    points = [station.add_point(io_address=address, type=c104.Type.M_ME_NC_1) for address in (11, 12)]
    station.add_point(io_address=13, type=c104.Type.C_SC_NA_1).on_receive(callable=confirm)
    points += [station.add_point(io_address=14, type=c104.Type.M_SP_TB_1)]
    server.start()
    client = c104.Client()
    connection = client.add_connection(ip="127.0.0.1", port=server.port, init=c104.Init.NONE)
    client.start()
    wait_until(lambda: connection.state == c104.ConnectionState.OPEN)
    assert connection.interrogation(common_address=47)
    master_station = connection.get_station(47)
    command = master_station.add_point(io_address=13, type=c104.Type.C_SC_NA_1)
    yield SimpleNamespace(**locals())
    client.stop()
    server.stop()
    c104.set_debug_mode(c104.Debug(0))


def confirm(point: c104.Point, previous_info: c104.Information, message: c104.IncomingMessage) -> c104.ResponseState:
    return c104.ResponseState.SUCCESS


def received_message(plant: SimpleNamespace) -> c104.IncomingMessage:
    messages = []

    def keep(point: c104.Point, previous_info: c104.Information, message: c104.IncomingMessage) -> c104.ResponseState:
        messages.append(message)
        return c104.ResponseState.SUCCESS

    plant.master_station.get_point(11).on_receive(callable=keep)
    plant.points[0].transmit(cause=c104.Cot.SPONTANEOUS)
    wait_until(lambda: messages)
    plant.master_station.get_point(11).on_receive(callable=None)
    return messages[0]


def formatted(*words: object) -> None:
    """Instead of print(): its stream is replaced by doctest and pytest while workers call, and CPython before 3.14 does not hold it."""
    " ".join(map(str, words))


def names_for(name: str, plant: SimpleNamespace) -> Dict[str, Any]:
    """What the examples of this docstring may speak of."""
    client_side = name.startswith(CLIENT_SIDE)
    point = plant.points[0]
    if "time_quality" in name or name.startswith("Information."):  # of a single point with a time tag
        point = plant.points[2]
    elif client_side:
        point = plant.master_station.get_point(11)
    tls = c104.TransportSecurity(validate=True, only_known=False)
    return {
        "c104": c104,
        "datetime": datetime,
        "logging": logging,
        "at": datetime.datetime.now(),
        "measure": lambda: 12.5,
        "print": formatted,
        "tls": tls,
        "server": plant.server,
        "client": plant.client,
        "connection": plant.connection if client_side else plant.server.connections[0],
        "station": plant.station,
        "point": point,
        "point_1": plant.points[0],
        "point_2": plant.points[1],
        "command": plant.command,
        "message": received_message(plant) if name.startswith("IncomingMessage") else None,
    }


def everything_once(plant: SimpleNamespace) -> None:
    """What calls every callback that an example can set."""
    assert plant.connection.interrogation(common_address=47)
    plant.connection.clock_sync(common_address=47)
    assert plant.command.transmit(cause=c104.Cot.ACTIVATION)
    plant.master_station.get_point(12).read()
    plant.station.add_point(io_address=99, type=c104.Type.M_ME_NC_1).transmit(cause=c104.Cot.SPONTANEOUS)
    wait_until(lambda: plant.master_station.get_point(99))
    other = plant.server.add_station(common_address=48)
    other.add_point(io_address=1, type=c104.Type.M_ME_NC_1).transmit(cause=c104.Cot.SPONTANEOUS)
    other.signal_initialized(cause=c104.Coi.REMOTE_RESET)
    wait_until(lambda: plant.connection.get_station(48))
    sent = plant.server.counters["asdus_sent"]
    plant.points[0].report_ms = 100
    wait_until(lambda: plant.server.counters["asdus_sent"] > sent)
    plant.connection.disconnect()
    wait_until(lambda: plant.connection.state == c104.ConnectionState.CLOSED)
    plant.connection.connect()
    wait_until(lambda: plant.connection.state == c104.ConnectionState.OPEN)


class Outputs(doctest.OutputChecker):
    """An example that shows no output leaves it open."""

    def check_output(self, want: str, got: str, optionflags: int) -> bool:
        return not want or super().check_output(want, got, optionflags)


@pytest.mark.parametrize("name", DOCSTRINGS)
def test_examples_of_a_docstring_run(name, plant, certs, monkeypatch, caplog, capfd) -> None:
    text = DOCSTRINGS[name].replace("192.0.2.10", "127.0.0.1").replace("0.0.0.0", "127.0.0.1").replace("2404", str(free_port()))
    if "tls" in text:
        monkeypatch.chdir(certs(""))
    names = names_for(name, plant)
    given = dict(names)
    test = doctest.DocTestParser().get_doctest(text, names, name, None, 0)
    assert test.examples
    with caplog.at_level(logging.WARNING, logger="c104"):
        result = doctest.DocTestRunner(checker=Outputs()).run(test, clear_globs=False)
        made = [value for key, value in names.items() if given.get(key) is not value and key != "__builtins__"]
        assert result.failed == 0, capfd.readouterr().out
        assert None not in made, f"an example made nothing: {names}"
        if ".on_" in name:
            everything_once(plant)
        if "measure()" in text:
            wait_until(lambda: names["point"].value == 12.5)
    for one in made:
        if isinstance(one, (c104.Client, c104.Server)):
            one.stop()
    assert not [record for record in caplog.records if "callback" in record.name], caplog.text
