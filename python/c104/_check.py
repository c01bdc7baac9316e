# SPDX-License-Identifier: GPL-3.0-or-later
"""python -m c104 check: what in a program for c104 2.2 to look at before it runs with this implementation. It reads the source only,
and knows names, not types: a hint too many is possible."""

from __future__ import annotations

import ast
from typing import Iterator, List, NamedTuple, Optional, Union


class Hint(NamedTuple):
    line: int
    text: str


# The parameters of what is looked at, for arguments without a name.
POSITIONS = {
    "add_station": ("common_address",),
    "add_point": ("io_address", "type", "report_ms", "related_io_address", "related_io_autoreturn", "command_mode"),
}


def keyword(call: ast.Call, name: str) -> Optional[ast.expr]:
    """The argument of this name, wherever it stands."""
    names = ("callable",) if called(call).startswith("on_") else POSITIONS.get(called(call), ())
    if name in names and names.index(name) < len(call.args):
        return call.args[names.index(name)]
    return next((one.value for one in call.keywords if one.arg == name), None)


def called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def constant(node: Optional[ast.expr]) -> object:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        number = constant(node.operand)
        return -number if isinstance(number, (int, float)) else None
    return node.value if isinstance(node, ast.Constant) else None


def of_callbacks(call: ast.Call, coroutines: List[str]) -> Iterator[str]:
    handler = keyword(call, "callable")
    if not called(call).startswith("on_") or handler is None:
        return
    name = handler.attr if isinstance(handler, ast.Attribute) else getattr(handler, "id", "")
    if name in coroutines:
        yield f"{name} is a coroutine function: as a callback it is refused, since nothing would await it (see the how-to on asyncio)"


def of_stations(call: ast.Call) -> Iterator[str]:
    if called(call) == "add_station":
        address = constant(keyword(call, "common_address"))
        if isinstance(address, int) and not 1 <= address <= 65534:
            yield f"common address {address} is refused: 1..65534"
    autoreturn = called(call) == "add_point" and constant(keyword(call, "related_io_autoreturn")) is True
    related = keyword(call, "related_io_address")
    if autoreturn and (related is None or isinstance(related, ast.Constant) and related.value is None):
        yield "related_io_autoreturn=True needs a related_io_address"


def of_servers(call: ast.Call, tagged: bool) -> Iterator[str]:
    if called(call) == "Server" and tagged and keyword(call, "interrogation_with_time_tags") is None:
        yield (
            "interrogations are answered without time tags, as the standard demands; masters that expect them:"
            " Server(interrogation_with_time_tags=True)"
        )


def of_times(call: ast.Call) -> Iterator[str]:
    for name in ("recorded_at", "date_time"):
        moment = keyword(call, name)
        if moment is not None and any(
            isinstance(node, ast.Attribute)
            and node.attr in ("utc", "UTC")
            or isinstance(node, ast.Name)
            and node.id == "ZoneInfo"
            for node in ast.walk(moment)
        ):
            yield f"the time zone of {name} is honoured; 2.2 takes the digits for local time"


def of_output(call: ast.Call) -> Iterator[str]:
    if called(call) in ("set_debug_mode", "enable_debug"):
        yield "debug lines go to the loggers below 'c104' (level DEBUG) instead of the terminal: configure logging"


def of_comparisons(node: ast.Compare) -> Iterator[str]:
    sides = [node.left, *node.comparators]
    about_it = any(isinstance(side, ast.Attribute) and side.attr == "related_io_address" for side in sides)
    if about_it and any(constant(side) == 0 and constant(side) is not False for side in sides):
        yield "related_io_address is None, not 0, where there is none"


def check(source: Union[str, bytes], name: str = "<program>") -> List[Hint]:
    """Bytes have the coding that Python reads in them. Raises SyntaxError for what is no Python."""
    tree = ast.parse(source, name)
    nodes = list(ast.walk(tree))
    coroutines = [node.name for node in nodes if isinstance(node, ast.AsyncFunctionDef)]
    tagged = any(isinstance(node, ast.Attribute) and node.attr.startswith("M_") and node.attr[5:6] == "T" for node in nodes)
    found = []
    for node in nodes:
        texts: List[str] = []
        if isinstance(node, ast.Call):
            texts += of_callbacks(node, coroutines)
            texts += of_stations(node)
            texts += of_servers(node, tagged)
            texts += of_times(node)
            texts += of_output(node)
        elif isinstance(node, ast.Compare):
            texts += of_comparisons(node)
        found += [Hint(getattr(node, "lineno", 0), text) for text in texts]
    return sorted(found)
