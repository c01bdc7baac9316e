# SPDX-License-Identifier: GPL-3.0-or-later
"""Server(interrogation_with_time_tags=...): the TypeIDs in which time-tagged points answer interrogations."""

from typing import Any, Callable

import c104
import pytest
from support import asdu
from support.master import RawMaster
from support.waiting import wait_until

CA = 47
TAGGED = {2: 1, 4: 3, 6: 5, 8: 7, 10: 9, 12: 11, 14: 13, 30: 1, 31: 3, 32: 5, 33: 7, 34: 9, 35: 11, 36: 13}
WITHOUT_OTHER_FORM = (1, 3, 5, 7, 9, 11, 13, 20, 21, 17, 18, 19, 38, 39, 40)


def with_points(server: c104.Server) -> None:
    station = server.add_station(CA)
    assert station
    for number in (*TAGGED, *WITHOUT_OTHER_FORM, 15, 16, 37):
        assert station.add_point(1000 + number, c104.Type(number))
    server.start()


@pytest.mark.parametrize("tags", [False, True], ids=["untagged", "with_time_tags"])
def test_types_on_the_wire(make_server: Callable[..., c104.Server], make_master: Callable[..., RawMaster], tags: bool) -> None:
    server = make_server(interrogation_with_time_tags=tags)
    assert server.interrogation_with_time_tags is tags
    with_points(server)
    master = make_master(server.port)
    first, *data, last = master.interrogate(CA)
    got = {address - 1000: one.type_id for one in data for address, element in one.objects}
    assert got == {**{n: n if tags else plain for n, plain in TAGGED.items()}, **{n: n for n in WITHOUT_OTHER_FORM}}
    assert {one.cot for one in data} == {asdu.BY_STATION}
    assert (first.cot, last.cot) == (asdu.ACT_CON, asdu.ACT_TERM)

    master.send(asdu.counter_interrogation(CA))
    master.wait_asdu(101, asdu.ACT_TERM)
    got = {address - 1000: one.type_id for one in master.asdus(cot=asdu.BY_COUNTER) for address, _ in one.objects}
    # The tag of a counter holds the time of freezing, and the standard lists the causes 37 to 41 for these types.
    assert got == {15: 15, 16: 16, 37: 37}


def test_untagged_is_the_default() -> None:
    assert c104.Server().interrogation_with_time_tags is False
    with pytest.raises(TypeError):
        c104.Server("127.0.0.1", 0, 100, 1000, 0, None, True)  # type: ignore[misc]


@pytest.mark.parametrize("tags", [False, True], ids=["untagged", "with_time_tags"])
def test_our_client_applies_both_forms(
    make_server: Callable[..., c104.Server], make_client: Callable[..., c104.Client], tags: bool
) -> None:
    server = make_server(interrogation_with_time_tags=tags)
    station = server.add_station(CA)
    assert station
    kinds: Any = {c104.Type.M_ME_TF_1: 12.5, c104.Type.M_SP_TB_1: True, c104.Type.M_ST_TB_1: c104.Int7(-5)}
    for address, (kind, value) in enumerate(kinds.items(), start=1):
        point = station.add_point(address, kind)
        assert point
        point.value = value
    server.start()
    client = make_client()
    connection = client.add_connection(ip="127.0.0.1", port=server.port, init=c104.Init.ALL)
    assert connection
    remote = connection.add_station(CA)
    assert remote
    for address, kind in enumerate(kinds, start=1):
        assert remote.add_point(address, kind)
    client.start()
    wait_until(lambda: connection.state == c104.ConnectionState.OPEN, 8)
    for address, (kind, value) in enumerate(kinds.items(), start=1):
        point = remote.get_point(address)
        assert point and point.type == kind
        assert str(point.value) == str(value)
        assert (point.recorded_at is not None) is tags


def test_discovered_by_an_interrogation_and_then_changed(
    make_server: Callable[..., c104.Server], make_client: Callable[..., c104.Client]
) -> None:
    """A point that an interrogation made known without its tag gets the changes, which have one."""
    server = make_server()
    station = server.add_station(CA)
    assert station
    value = station.add_point(11, c104.Type.M_ME_TF_1)
    assert value
    server.start()
    client = make_client()
    connection = client.add_connection(ip="127.0.0.1", port=server.port, init=c104.Init.INTERROGATION)
    assert connection
    client.start()
    wait_until(lambda: connection.state == c104.ConnectionState.OPEN, 8)
    remote = connection.get_station(CA)
    point = remote and remote.get_point(11)
    assert point and point.type == c104.Type.M_ME_NC_1 and point.recorded_at is None
    value.value = 12.5
    assert value.transmit(cause=c104.Cot.SPONTANEOUS)
    wait_until(lambda: point.value == 12.5)
    assert point.recorded_at is not None
