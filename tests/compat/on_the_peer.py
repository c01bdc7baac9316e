# SPDX-License-Identifier: GPL-3.0-or-later
"""pytest plugin for tests that run on the published c104: callbacks with string annotations are made to fit, and port 0 gets a number.

That it refuses them is a row of faults.md by itself, and would hide what the other tests are about. `make faults` and `make stress-peer` use
this.
"""

from __future__ import annotations

import functools
import typing
from typing import Any

import c104
from support.ports import free_port

resolving = True


def _with_resolved_annotations(register: Any) -> Any:
    @functools.wraps(register)
    def call(self: Any, callable: Any, *rest: Any, **named: Any) -> Any:
        function = getattr(callable, "__func__", callable)
        texts = getattr(function, "__annotations__", {})
        if resolving and any(isinstance(text, str) for text in texts.values()):
            hints = typing.get_type_hints(function)
            function.__annotations__ = {name: None if hint is type(None) else hint for name, hint in hints.items()}
        return register(self, callable, *rest, **named)

    return call


def pytest_runtest_setup(item: Any) -> None:
    global resolving
    resolving = "annotations" not in item.name


def _with_a_port(init: Any) -> Any:
    @functools.wraps(init)
    def call(self: Any, *rest: Any, **named: Any) -> None:
        if named.get("port") == 0:
            named["port"] = free_port()
        init(self, *rest, **named)

    return call


def pytest_configure() -> None:
    c104.Server.__init__ = _with_a_port(c104.Server.__init__)
    for owner in (c104.Client, c104.Server, c104.Connection, c104.Station, c104.Point):
        for name in [name for name in vars(owner) if name.startswith("on_")]:
            setattr(owner, name, _with_resolved_annotations(getattr(owner, name)))
