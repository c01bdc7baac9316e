# SPDX-License-Identifier: GPL-3.0-or-later
"""Any argument of any type to everything that is public: it works, or raises what is documented. Names are found by themselves."""

from __future__ import annotations

import datetime
import inspect
from typing import Any, Callable, Dict, Iterator, List, Tuple

import c104
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.ports import free_port

DOCUMENTED = (TypeError, ValueError, OverflowError, IndexError, RuntimeError, AttributeError, KeyError)
# Calls that wait, by design, or end the scene.
LEFT_OUT = {"start", "stop"}
MEMBERS: List[Any] = [
    member for name in c104.__all__ for member in list(getattr(getattr(c104, name), "__members__", {}).values())[:3]
]


def scene() -> Dict[str, Any]:
    """One of each class, without a link."""
    server, client = c104.Server(ip="127.0.0.1", port=0), c104.Client(command_timeout_ms=1)
    local = server.add_station(common_address=1)
    connection = client.add_connection(ip="127.0.0.1", port=free_port())
    remote = connection.add_station(common_address=1)
    points = {
        f"local {kind.name}": local.add_point(io_address=address, type=kind)
        for address, kind in enumerate([c104.Type.M_SP_NA_1, c104.Type.M_ME_TF_1, c104.Type.M_IT_NA_1, c104.Type.C_SC_NA_1], 1)
    }
    return {
        "server": server, "client": client, "local": local, "connection": connection, "remote": remote, **points,
        "remote point": remote.add_point(io_address=1, type=c104.Type.M_ME_NC_1),
        "order": remote.add_point(io_address=2, type=c104.Type.C_SE_NC_1),
        "batch": c104.Batch(cause=c104.Cot.SPONTANEOUS), "tls": c104.TransportSecurity(),
        "parameters": connection.protocol_parameters, "info": c104.ShortInfo(1.5), "number": c104.Int16(5), "byte32": c104.Byte32(5),
        "quality": c104.Quality.Invalid, "kind": c104.Type.M_SP_NA_1,
    }  # fmt: skip


OBJECTS = scene()
ANYTHING = st.one_of(
    st.none(), st.booleans(), st.integers(), st.integers(-1, 70000), st.floats(), st.text(max_size=8), st.binary(max_size=8),
    st.datetimes(), st.datetimes(timezones=st.just(datetime.timezone.utc)), st.timedeltas(), st.sampled_from(MEMBERS),
    st.sampled_from(sorted(OBJECTS)).map(lambda name: OBJECTS[name]), st.lists(st.integers(), max_size=3),
    st.sampled_from([object(), object, len, lambda point: None, {}, (), 1j, range(3), memoryview(b"ab")]),
)  # fmt: skip
ARGUMENTS = st.lists(ANYTHING, max_size=4)


def calls() -> Dict[str, Callable[..., object]]:
    found: Dict[str, Callable[..., object]] = {}
    for name, one in vars(c104).items():
        if not name.startswith("_") and callable(one):
            found[name] = one
    for name, one in OBJECTS.items():
        for member in dir(type(one)):
            if member in LEFT_OUT or (
                member.startswith("_") and member not in ("__eq__", "__lt__", "__add__", "__or__", "__contains__")
            ):
                continue
            described = inspect.getattr_static(type(one), member)
            if isinstance(described, property):
                found[f"{name}.{member} ="] = lambda value=None, *_, one=one, member=member: setattr(one, member, value)
            elif callable(getattr(one, member, None)):
                found[f"{name}.{member}"] = lambda *arguments, one=one, member=member: getattr(one, member)(*arguments)
    return found


CALLS = calls()


@pytest.fixture(scope="module", autouse=True)
def stopped() -> Iterator[None]:
    """connect() and its kin start threads."""
    yield
    OBJECTS["client"].stop()
    OBJECTS["server"].stop()


@pytest.mark.parametrize("name", CALLS)
def test_any_argument(name: str) -> None:
    call = CALLS[name]

    @settings(max_examples=12, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(ARGUMENTS)
    def run(arguments: List[Any]) -> None:
        try:
            repr(call(*arguments))
        except DOCUMENTED as error:
            assert str(error)

    run()


def test_keywords_of_no_call() -> None:
    refused: List[Tuple[str, str]] = []
    for name, call in CALLS.items():
        if "." not in name:
            with pytest.raises(TypeError):
                call(nothing_has_this_name=1)
            refused.append((name, "ok"))
    assert len(refused) > 50
