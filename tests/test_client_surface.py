# SPDX-License-Identifier: GPL-3.0-or-later
"""Client, Connection, Station and Point without a partner: names, defaults, errors, callback registration."""

import functools
import gc

import c104
import pytest
from support.waiting import eventually


@pytest.fixture
def connection(client):
    return client.add_connection(ip="127.0.0.1", port=19998, init=c104.Init.NONE)


@pytest.fixture
def remote(connection):
    return connection.add_station(common_address=47)


# Client.


def test_client_defaults():
    client = c104.Client()
    assert client.tick_rate_ms == 100
    assert client.originator_address == 0
    assert client.is_running is False
    assert client.has_connections is False
    assert client.has_open_connections is False
    assert client.has_active_connections is False
    assert client.open_connection_count == 0
    assert client.active_connection_count == 0
    assert client.connections == []


def test_client_arguments_by_position():
    assert c104.Client(250, 5000, None).tick_rate_ms == 250


@pytest.mark.parametrize("tick", [0, 1, 49])
def test_tick_rate_below_50_is_refused(tick):
    with pytest.raises(ValueError):
        c104.Client(tick_rate_ms=tick)


def test_tick_rate_50_is_accepted():
    assert c104.Client(tick_rate_ms=50).tick_rate_ms == 50


@pytest.mark.parametrize(
    "name",
    [
        "is_running",
        "has_connections",
        "has_open_connections",
        "has_active_connections",
        "open_connection_count",
        "active_connection_count",
        "connections",
        "tick_rate_ms",
    ],
)
def test_client_read_only(client, name):
    with pytest.raises(AttributeError):
        setattr(client, name, getattr(client, name))


def test_client_repr(client):
    assert repr(client).startswith("<104.Client originator_address=0, #connections=0 at 0x")


def test_start_and_stop_are_idempotent(client):
    client.start()
    client.start()
    assert client.is_running is True
    client.stop()
    client.stop()
    assert client.is_running is False


def test_start_and_stop_many_times(client):
    for _ in range(50):
        client.start()
        assert client.is_running
        client.stop()
        assert not client.is_running


@pytest.mark.parametrize("value", [0, 1, 128, 255])
def test_originator_address(client, value):
    client.originator_address = value
    assert client.originator_address == value


@pytest.mark.parametrize("error", [TypeError, ValueError])
@pytest.mark.parametrize("value", [256, 1000, -1])
def test_originator_address_out_of_range_is_both_errors(client, connection, error, value):
    with pytest.raises(error):
        client.originator_address = value
    with pytest.raises(error):
        connection.originator_address = value
    assert client.originator_address == 0
    assert connection.originator_address == 0


def test_client_originator_reaches_connections_that_have_the_old_one(client):
    first = client.add_connection(ip="127.0.0.1", port=1001)
    second = client.add_connection(ip="127.0.0.1", port=1002)
    second.originator_address = 9
    client.originator_address = 5
    assert first.originator_address == 5
    assert second.originator_address == 9
    assert client.add_connection(ip="127.0.0.1", port=1003).originator_address == 5


# add_connection.


@pytest.mark.parametrize("ip", ["127.0.0.1", "192.168.50.3", "255.255.255.255", "::1", "fe80::1", "2001:db8::17", "localhost"])
def test_ip_accepted(client, ip):
    connection = client.add_connection(ip=ip, port=2404)
    assert connection.ip in (ip, "127.0.0.1" if ip == "localhost" else ip)
    assert connection.port == 2404


@pytest.mark.parametrize(
    "ip", ["example.com", "1.2.3", "1.2.3.4.5", "256.1.1.1", " ", "", "127.0.0.1 ", "::g", "127.0.0.1:2404"]
)
def test_ip_refused(client, ip):
    with pytest.raises(ValueError):
        client.add_connection(ip=ip)
    assert client.connections == []


@pytest.mark.parametrize("port", [0, 65536, -1, 1 << 40])
def test_port_refused(client, port):
    with pytest.raises((ValueError, TypeError)):
        client.add_connection(ip="127.0.0.1", port=port)
    if port in (0, 65536):
        with pytest.raises(ValueError):
            client.add_connection(ip="127.0.0.1", port=port)


@pytest.mark.parametrize("port", [1, 2404, 65534, 65535])
def test_port_accepted(client, port):
    assert client.add_connection(ip="127.0.0.1", port=port).port == port


def test_add_connection_defaults(client):
    connection = client.add_connection("10.0.0.1")
    assert connection.port == 2404
    assert connection.state == c104.ConnectionState.CLOSED
    assert connection.is_connected is False
    assert connection.is_muted is False
    assert connection.connected_at is None
    assert connection.disconnected_at is None
    assert connection.has_stations is False
    assert connection.stations == []
    assert connection.originator_address == 0
    assert client.has_connections is True
    assert client.connections == [connection]


@pytest.mark.parametrize(
    "init", [c104.Init.ALL, c104.Init.INTERROGATION, c104.Init.CLOCK_SYNC, c104.Init.NONE, c104.Init.MUTED]
)
def test_add_connection_init(client, init):
    assert client.add_connection("10.0.0.1", 2404, init) is not None


def test_duplicate_connection_is_none(client):
    assert client.add_connection(ip="127.0.0.1", port=1001) is not None
    assert client.add_connection(ip="127.0.0.1", port=1001) is None
    assert len(client.connections) == 1
    assert client.add_connection(ip="127.0.0.1", port=1002) is not None
    assert client.add_connection(ip="127.0.0.2", port=1001) is not None


def test_get_connection(client):
    first = client.add_connection(ip="127.0.0.1", port=2404)
    second = client.add_connection(ip="127.0.0.1", port=2405)
    second.add_station(4711)
    assert client.get_connection(ip="127.0.0.1") is first
    assert client.get_connection(ip="127.0.0.1", port=2405) is second
    assert client.get_connection("127.0.0.1", 2405) is second
    assert client.get_connection(common_address=4711) is second
    assert client.get_connection(ip="127.0.0.1", port=2406) is None
    assert client.get_connection(ip="127.0.0.9") is None
    assert client.get_connection(common_address=4712) is None


def test_connection_belongs_to_its_client_only(client, make_client):
    client.add_connection(ip="127.0.0.1", port=1001)
    assert make_client().get_connection(ip="127.0.0.1", port=1001) is None


@pytest.mark.parametrize(
    "call",
    [
        lambda client: client.add_connection(ip=5),
        lambda client: client.add_connection(ip="127.0.0.1", port="2404"),
        lambda client: client.add_connection(ip="127.0.0.1", init="ALL"),
        lambda client: client.add_connection(ip="127.0.0.1", wrong=1),
    ],
)
def test_add_connection_wrong_types(client, call):
    with pytest.raises(TypeError):
        call(client)


def test_add_connection_needs_an_address(client):
    with pytest.raises((TypeError, ValueError)):
        client.add_connection()


def test_disconnect_all_and_reconnect_all_without_connections(client):
    client.disconnect_all()
    client.reconnect_all()
    client.start()
    client.reconnect_all()
    client.disconnect_all()
    assert client.is_running


# Connection.


@pytest.mark.parametrize(
    "name",
    [
        "connected_at",
        "disconnected_at",
        "has_stations",
        "ip",
        "is_connected",
        "is_muted",
        "port",
        "protocol_parameters",
        "state",
        "stations",
    ],
)
def test_connection_read_only(connection, name):
    with pytest.raises(AttributeError):
        setattr(connection, name, None)


def test_connection_repr(connection):
    text = repr(connection)
    assert text.startswith("<104.Connection ip=127.0.0.1, port=19998, state=CLOSED, #stations=0 at 0x"), text


def test_connection_originator_is_its_own(client, connection):
    connection.originator_address = 7
    assert connection.originator_address == 7
    assert client.originator_address == 0


@pytest.mark.parametrize("ca", [0, 65535, 65536, 100000])
def test_common_address_refused(connection, ca):
    with pytest.raises(ValueError):
        connection.add_station(common_address=ca)
    assert connection.stations == []


@pytest.mark.parametrize("ca", [1, 255, 256, 65534])
def test_common_address_accepted(connection, ca):
    remote = connection.add_station(common_address=ca)
    assert remote.common_address == ca
    assert connection.get_station(common_address=ca) is remote
    assert connection.stations == [remote]
    assert connection.has_stations


def test_duplicate_station_is_none(connection):
    assert connection.add_station(1) is not None
    assert connection.add_station(1) is None
    assert len(connection.stations) == 1


def test_get_and_remove_station(client, connection):
    assert connection.get_station(1) is None
    assert connection.remove_station(1) is False
    connection.add_station(1)
    assert client.get_connection(common_address=1) is connection
    assert connection.remove_station(common_address=1) is True
    assert connection.get_station(1) is None
    assert client.get_connection(common_address=1) is None
    assert connection.add_station(1) is not None


def test_commands_without_a_link_are_false(connection):
    assert connection.interrogation(common_address=1) is False
    assert connection.counter_interrogation(common_address=1) is False
    assert connection.clock_sync(common_address=1) is False
    assert connection.test(common_address=1) is False
    assert connection.interrogation(common_address=1, wait_for_response=False) is False


def test_mute_without_a_link(connection):
    assert connection.unmute() is False
    assert connection.mute() is False


def test_connect_before_start_is_allowed(connection):
    connection.connect()
    connection.disconnect()
    assert connection.state in (c104.ConnectionState.CLOSED, c104.ConnectionState.CLOSED_AWAIT_OPEN)


# Protocol parameters.


def test_parameter_defaults(connection):
    parameters = connection.protocol_parameters
    assert (parameters.send_window_size, parameters.receive_window_size) == (12, 8)
    assert (parameters.connection_timeout, parameters.message_timeout) == (10, 15)
    assert (parameters.confirm_interval, parameters.keep_alive_interval) == (10, 20)
    assert repr(parameters).startswith(
        "<104.ProtocolParameters send_window_size=12, receive_window_size=8, connection_timeout=10, "
        "message_timeout=15, confirm_interval=10, keep_alive_interval=20"
    )


@pytest.mark.parametrize(
    "name, value",
    [
        ("send_window_size", 20),
        ("send_window_size", 32767),
        ("receive_window_size", 1),
        ("receive_window_size", 12),
        ("connection_timeout", 1),
        ("connection_timeout", 255),
        ("message_timeout", 11),
        ("message_timeout", 255),
        ("confirm_interval", 1),
        ("confirm_interval", 14),
        ("keep_alive_interval", 1),
        ("keep_alive_interval", 172800),
    ],
)
def test_parameter_is_kept(connection, name, value):
    setattr(connection.protocol_parameters, name, value)
    assert getattr(connection.protocol_parameters, name) == value


@pytest.mark.parametrize(
    "name, value",
    [
        ("send_window_size", 0),
        ("send_window_size", 32768),
        ("receive_window_size", 0),
        ("receive_window_size", 32768),
        ("connection_timeout", 0),
        ("connection_timeout", 256),
        ("message_timeout", 0),
        ("message_timeout", 256),
        ("confirm_interval", 0),
        ("confirm_interval", 256),
        ("keep_alive_interval", 0),
        ("keep_alive_interval", 172801),
        ("send_window_size", -1),
        ("message_timeout", -5),
    ],
)
def test_parameter_out_of_range(connection, name, value):
    before = getattr(connection.protocol_parameters, name)
    with pytest.raises(ValueError):
        setattr(connection.protocol_parameters, name, value)
    assert getattr(connection.protocol_parameters, name) == before


@pytest.mark.parametrize(
    "pairs",
    [
        [("message_timeout", 5), ("confirm_interval", 3)],
        [("confirm_interval", 20), ("message_timeout", 30)],
        [("send_window_size", 4), ("receive_window_size", 2)],
        [("receive_window_size", 20), ("send_window_size", 30)],
    ],
    ids=["t1_t2", "t2_t1", "k_w", "w_k"],
)
def test_parameters_in_any_order(connection, pairs):
    """Programs set them in the order they like; what they end with is valid."""
    for name, value in pairs:
        setattr(connection.protocol_parameters, name, value)
    assert [getattr(connection.protocol_parameters, name) for name, _ in pairs] == [value for _, value in pairs]


@pytest.mark.parametrize("name", ["send_window_size", "message_timeout"])
@pytest.mark.parametrize("value", ["1", None, 1.5])
def test_parameter_wrong_type(connection, name, value):
    with pytest.raises(TypeError):
        setattr(connection.protocol_parameters, name, value)


def test_parameters_are_the_connections_own(client, connection):
    other = client.add_connection(ip="127.0.0.1", port=1001)
    connection.protocol_parameters.send_window_size = 33
    assert other.protocol_parameters.send_window_size == 12


# Station and point.


def test_station_properties(connection, remote):
    assert remote.common_address == 47
    assert remote.connection is connection
    assert remote.server is None
    assert remote.is_local is False
    assert remote.has_points is False
    assert remote.points == []


def test_point_defaults(remote):
    point = remote.add_point(io_address=11, type=c104.Type.M_SP_NA_1)
    assert point.io_address == 11
    assert point.type == c104.Type.M_SP_NA_1
    assert point.station is remote
    assert point.value is False
    assert point.report_ms == 0
    assert point.timer_ms == 0
    assert point.related_io_address is None
    assert point.related_io_autoreturn is False
    assert point.command_mode == c104.CommandMode.DIRECT
    assert point.selected_by is None
    assert point.recorded_at is None


@pytest.mark.parametrize("address", [1, 255, 65536, 16777215])
def test_point_address_accepted(remote, address):
    point = remote.add_point(address, c104.Type.M_SP_NA_1)
    assert remote.get_point(io_address=address) is point
    assert remote.points == [point]


@pytest.mark.parametrize("address", [16777216, 1 << 31])
def test_point_address_refused(remote, address):
    with pytest.raises(ValueError):
        remote.add_point(address, c104.Type.M_SP_NA_1)


def test_duplicate_point_is_none(remote):
    assert remote.add_point(1, c104.Type.M_SP_NA_1) is not None
    assert remote.add_point(1, c104.Type.M_SP_NA_1) is None


def test_remove_point(remote):
    remote.add_point(1, c104.Type.M_SP_NA_1)
    assert remote.remove_point(1) is True
    assert remote.remove_point(1) is False
    assert remote.get_point(1) is None


@pytest.mark.parametrize(
    "type_name", ["M_EI_NA_1", "C_IC_NA_1", "C_CI_NA_1", "C_RD_NA_1", "C_CS_NA_1", "C_TS_NA_1", "C_TS_TA_1", "C_RP_NA_1"]
)
def test_system_types_are_no_points(remote, type_name):
    with pytest.raises(ValueError):
        remote.add_point(1, getattr(c104.Type, type_name))


def test_monitoring_report_is_for_servers(remote):
    with pytest.raises(ValueError):
        remote.add_point(1, c104.Type.M_SP_NA_1, report_ms=1000)


def test_identity_of_wrappers(client, connection, remote):
    point = remote.add_point(1, c104.Type.M_SP_NA_1)
    assert client.connections[0] is connection
    assert connection.stations[0] is remote
    assert remote.points[0] is point
    assert point.station.connection is connection


def test_orphans_do_not_crash():
    client = c104.Client()
    connection = client.add_connection(ip="127.0.0.1")
    remote = connection.add_station(1)
    point = remote.add_point(1, c104.Type.M_SP_NA_1)
    del client
    gc.collect()
    del connection
    gc.collect()
    assert remote.connection is None or remote.connection.port == 2404
    assert point.io_address == 1
    assert point.read() is False if point.station is not None and point.station.connection is not None else True
    del remote
    gc.collect()
    assert point.io_address == 1


def test_removed_station_leaves_usable_orphans(connection, remote):
    point = remote.add_point(1, c104.Type.C_SC_NA_1)
    connection.remove_station(47)
    del remote
    gc.collect()
    try:
        assert point.transmit(cause=c104.Cot.ACTIVATION) is False
    except ValueError:
        pass


# Callback registration. Each row: owner, method, parameters of the signature.

CALLBACKS = {
    "client.on_new_station": "client: c104.Client, connection: c104.Connection, common_address: int",
    "client.on_new_point": "client: c104.Client, station: c104.Station, io_address: int, point_type: c104.Type",
    "client.on_station_initialized": "client: c104.Client, station: c104.Station, cause: c104.Coi",
    "connection.on_state_change": "connection: c104.Connection, state: c104.ConnectionState",
    "connection.on_receive_raw": "connection: c104.Connection, data: bytes",
    "connection.on_send_raw": "connection: c104.Connection, data: bytes",
    "connection.on_unexpected_message": "connection: c104.Connection, message: c104.IncomingMessage, cause: c104.Umc",
    "point.on_receive": "point: c104.Point, previous_info: c104.Information, message: c104.IncomingMessage",
    "point.on_before_read": "point: c104.Point",
    "point.on_before_auto_transmit": "point: c104.Point",
}
REQUIRED = {
    name: parameters
    for name, parameters in CALLBACKS.items()
    if name not in ("point.on_before_read", "point.on_before_auto_transmit")
}


def returns(name):
    return "c104.ResponseState" if name == "point.on_receive" else "None"


@pytest.fixture
def registrar(client, connection, remote):
    """The registering method of a name in CALLBACKS."""
    point = remote.add_point(11, c104.Type.M_SP_NA_1)
    owners = {"client": client, "connection": connection, "point": point}

    def find(name):
        owner, method = name.split(".")
        return getattr(owners[owner], method)

    return find


def build(source):
    scope = {"c104": c104}
    exec(source, scope)
    return scope["callback"]


@pytest.mark.parametrize("name", REQUIRED)
def test_exact_signature_accepted(registrar, name):
    callback = build(f"def callback({REQUIRED[name]}) -> {returns(name)}: pass")
    assert registrar(name)(callable=callback) is None
    assert registrar(name)(callback) is None


@pytest.mark.parametrize("name", REQUIRED)
def test_string_annotations_accepted(registrar, name):
    callback = build(f"from __future__ import annotations\ndef callback({REQUIRED[name]}) -> {returns(name)}: pass")
    assert isinstance(next(iter(callback.__annotations__.values())), str)
    registrar(name)(callable=callback)


@pytest.mark.parametrize("name", REQUIRED)
def test_extra_parameter_with_default_accepted(registrar, name):
    registrar(name)(callable=build(f"def callback({REQUIRED[name]}, extra: int = 5) -> {returns(name)}: pass"))


@pytest.mark.parametrize("name", REQUIRED)
@pytest.mark.parametrize(
    "source",
    [
        "def callback() -> {returns}: pass",
        "def callback({parameters}): pass",
        "def callback({parameters}, more: int) -> {returns}: pass",
        "def callback({parameters}) -> str: pass",
        "def callback(wrong_{parameters}) -> {returns}: pass",
        "callback = lambda *args: None",
        "def callback(*args, **kwargs): pass",
        "class callback: pass",
    ],
)
def test_other_signature_refused_and_the_expected_one_named(registrar, name, source):
    callback = build(source.format(parameters=REQUIRED[name], returns=returns(name)))
    with pytest.raises(ValueError) as error:
        registrar(name)(callable=callback)
    text = "".join(str(error.value).split())
    assert f"({REQUIRED[name]})->{returns(name)}".replace(" ", "") in text


@pytest.mark.parametrize("name", REQUIRED)
def test_coroutine_function_refused(registrar, name):
    with pytest.raises(ValueError):
        registrar(name)(callable=build(f"async def callback({REQUIRED[name]}) -> {returns(name)}: pass"))


@pytest.mark.parametrize("name", REQUIRED)
@pytest.mark.parametrize("value", [5, "name", [], object()])
def test_not_callable_is_type_error(registrar, name, value):
    with pytest.raises(TypeError):
        registrar(name)(callable=value)


@pytest.mark.parametrize("name", REQUIRED)
def test_none_clears(registrar, name):
    registrar(name)(callable=build(f"def callback({REQUIRED[name]}) -> {returns(name)}: pass"))
    registrar(name)(callable=None)


class Holder:
    """A bound, a static and a class method, and a callable object."""

    def method(self, connection: c104.Connection, state: c104.ConnectionState) -> None:
        pass

    @staticmethod
    def static(connection: c104.Connection, state: c104.ConnectionState) -> None:
        pass

    @classmethod
    def of_class(cls, connection: c104.Connection, state: c104.ConnectionState) -> None:
        pass

    def __call__(self, connection: c104.Connection, state: c104.ConnectionState) -> None:
        pass


def plain(connection: c104.Connection, state: c104.ConnectionState) -> None:
    pass


def with_first(tag: str, connection: c104.Connection, state: c104.ConnectionState) -> None:
    pass


@functools.wraps(plain)
def wrapped(*args):
    return plain(*args)


@pytest.mark.parametrize(
    "callback",
    [
        Holder().method,
        Holder.static,
        Holder().static,
        Holder.of_class,
        Holder(),
        plain,
        functools.partial(with_first, "tag"),
        wrapped,
        functools.lru_cache(maxsize=None)(plain),
    ],
    ids=["method", "static", "static_of_object", "class_method", "object", "function", "partial", "wraps", "lru_cache"],
)
def test_every_kind_of_callable(connection, callback):
    connection.on_state_change(callable=callback)


def test_refused_callback_keeps_the_earlier_one(make_client):
    """Shown by a dial to a closed port, which changes the state."""
    client = make_client()
    connection = client.add_connection(ip="127.0.0.1", port=1, init=c104.Init.NONE)
    states = []

    def good(connection: c104.Connection, state: c104.ConnectionState) -> None:
        states.append(state)

    connection.on_state_change(callable=good)
    with pytest.raises(ValueError):
        connection.on_state_change(callable=lambda wrong: None)
    with pytest.raises(TypeError):
        connection.on_state_change(callable=5)
    client.start()
    connection.connect()
    assert eventually(lambda: states)


def test_cleared_callback_is_not_called(make_client):
    client = make_client()
    connection = client.add_connection(ip="127.0.0.1", port=1, init=c104.Init.NONE)
    states = []

    def callback(connection: c104.Connection, state: c104.ConnectionState) -> None:
        states.append(state)

    connection.on_state_change(callable=callback)
    connection.on_state_change(callable=None)
    client.start()
    assert eventually(lambda: connection.state != c104.ConnectionState.CLOSED)
    assert states == []


def test_callbacks_are_released():
    """A client that goes takes its callbacks with it."""
    import weakref

    class Owner:
        def method(self, client: c104.Client, connection: c104.Connection, common_address: int) -> None:
            pass

    owner = Owner()
    gone = weakref.ref(owner)
    client = c104.Client()
    client.on_new_station(callable=owner.method)
    del owner, client
    gc.collect()
    assert eventually(lambda: gc.collect() >= 0 and gone() is None, 2)
