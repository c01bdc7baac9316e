# SPDX-License-Identifier: GPL-3.0-or-later
"""What Client, Server, Connection, Station, Point and Batch do without a partner: defaults, errors, reprs."""

import re

import c104


def receive(point: c104.Point, previous_info: c104.Information, message: c104.IncomingMessage) -> c104.ResponseState:
    return c104.ResponseState.SUCCESS


def new_station(client: c104.Client, connection: c104.Connection, common_address: int) -> None:
    pass


def wrong(client: c104.Client) -> None:
    pass


def build() -> dict:
    client = c104.Client()
    connection = client.add_connection(ip="127.0.0.1", port=19998)
    station = connection.add_station(common_address=47)
    server = c104.Server(ip="127.0.0.1", port=19999)
    local = server.add_station(common_address=1)
    return {
        "c104": c104, "client": client, "connection": connection, "station": station, "server": server, "local": local,
        "point": station.add_point(io_address=11, type=c104.Type.M_ME_NC_1),
        "command": station.add_point(io_address=12, type=c104.Type.C_SC_NA_1),
        "value": local.add_point(io_address=11, type=c104.Type.M_ME_NC_1),
        "step": local.add_point(io_address=13, type=c104.Type.M_ST_TB_1),
        "order": local.add_point(io_address=14, type=c104.Type.C_SE_NB_1),
        "receive": receive, "new_station": new_station, "wrong": wrong,
    }  # fmt: skip


EXPRESSIONS = [
    "client", "connection", "station", "point", "command", "server", "local", "value", "step", "order",
    "c104.Client(tick_rate_ms=49)", "c104.Client(tick_rate_ms=-1)", "c104.Client('x')", "client.tick_rate_ms", "client.is_running",
    "client.originator_address", "client.has_connections", "client.has_open_connections", "client.has_active_connections",
    "client.open_connection_count", "client.active_connection_count", "len(client.connections)", "client.add_connection(ip='127.0.0.1', port=19998)",
    "client.add_connection(ip='')", "client.add_connection(ip='1.2.3')", "client.add_connection(ip='example.com')", "client.add_connection(ip='127.0.0.1', port=-1)",
    "client.add_connection(ip='127.0.0.1', port=65536)", "client.add_connection(ip=5)", "client.get_connection(ip='127.0.0.1', port=19998) is connection",
    "client.get_connection(ip='127.0.0.1')", "client.get_connection(common_address=47) is connection", "client.get_connection(common_address=48)",
    "client.on_new_station(callable=new_station)", "client.on_new_station(callable=wrong)", "client.on_new_station(callable=5)",
    "client.on_new_station(callable=None)", "setattr(client, 'originator_address', 256)", "setattr(client, 'originator_address', -1)",
    "setattr(client, 'tick_rate_ms', 100)", "connection.ip", "connection.port", "connection.state", "connection.is_connected", "connection.is_muted",
    "connection.connected_at", "connection.originator_address", "connection.has_stations", "len(connection.stations)",
    "connection.add_station(47)", "connection.get_station(47) is station", "connection.get_station(48)", "connection.remove_station(48)",
    "connection.mute()", "connection.unmute()", "connection.disconnect()", "connection.interrogation(47)", "connection.clock_sync(47)",
    "connection.test(47)", "connection.counter_interrogation(47)", "connection.protocol_parameters", "connection.protocol_parameters.send_window_size",
    "connection.protocol_parameters.receive_window_size", "connection.protocol_parameters.connection_timeout", "connection.protocol_parameters.message_timeout",
    "connection.protocol_parameters.confirm_interval", "connection.protocol_parameters.keep_alive_interval", "station.common_address", "station.is_local",
    "station.has_points", "len(station.points)", "station.server", "station.connection is connection", "station.add_point(11, c104.Type.M_SP_NA_1)",
    "station.add_point(-1, c104.Type.M_SP_NA_1)", "station.add_point(16777216, c104.Type.M_SP_NA_1)", "station.add_point(20, c104.Type.C_IC_NA_1)",
    "station.add_point(21, c104.Type.M_EI_NA_1)", "station.add_point(22, 1)", "station.get_point(11) is point", "station.get_point(99)",
    "station.remove_point(99)", "point.io_address", "point.type", "point.station is station", "point.value", "point.quality", "point.info", "point.recorded_at",
    "point.processed_at is None", "point.related_io_address", "point.related_io_autoreturn", "point.report_ms", "point.timer_ms", "point.command_mode",
    "point.selected_by", "point.read()", "point.transmit(c104.Cot.ACTIVATION)", "command.value", "command.quality", "command.transmit(c104.Cot.ACTIVATION)",
    "command.on_receive(callable=receive)", "command.on_receive(callable=wrong)", "setattr(command, 'value', True)", "setattr(command, 'value', 'x')",
    "setattr(command, 'command_mode', c104.CommandMode.SELECT_AND_EXECUTE)", "setattr(point, 'value', 1)", "setattr(point, 'value', 1.5)",
    "setattr(point, 'report_ms', 1000)", "local.is_local", "local.connection", "local.server is server", "local.signal_initialized(c104.Coi.LOCAL_POWER_ON) if False else 0",
    "server.ip", "server.port", "server.tick_rate_ms", "server.max_connections", "server.is_running", "server.has_stations", "len(server.stations)",
    "server.open_connection_count", "server.active_connection_count", "server.has_open_connections", "server.has_active_connections",
    "server.add_station(1)", "server.get_station(1) is local", "server.get_station(2)", "server.remove_station(2)", "server.protocol_parameters.send_window_size",
    "c104.Server(tick_rate_ms=10)", "c104.Server(ip='x')", "c104.Server(port=-1)", "value.report_ms", "setattr(value, 'report_ms', 1000)", "setattr(value, 'report_ms', 1001)",
    "setattr(value, 'report_ms', -1)", "value.transmit(c104.Cot.SPONTANEOUS)", "value.read()", "setattr(value, 'value', 1.5)", "value.value",
    "setattr(value, 'value', 2)", "setattr(value, 'value', True)", "setattr(value, 'value', 'x')", "setattr(value, 'quality', c104.Quality.Invalid)", "value.quality",
    "setattr(value, 'quality', 5)", "setattr(value, 'info', c104.ShortInfo(2.5))", "value.value + 0", "setattr(value, 'info', c104.SingleInfo(True))",
    "setattr(value, 'related_io_address', 14)", "setattr(order, 'related_io_address', 11)", "order.related_io_address", "setattr(order, 'related_io_autoreturn', True)",
    "setattr(step, 'value', c104.Int7(5))", "setattr(step, 'value', 5)", "step.value", "setattr(order, 'value', c104.Int16(5))", "setattr(order, 'value', 5)", "order.quality",
    "setattr(order, 'quality', c104.Quality.Invalid)", "local.add_point(30, c104.Type.M_SP_NA_1, report_ms=1500)", "local.add_point(31, c104.Type.M_SP_NA_1, report_ms=1510)",
    "local.add_point(32, c104.Type.C_SC_NA_1, report_ms=1000)", "local.add_point(33, c104.Type.C_SC_NA_1, related_io_address=11)",
    "local.add_point(34, c104.Type.C_SC_NA_1, related_io_address=11, related_io_autoreturn=True, command_mode=c104.CommandMode.SELECT_AND_EXECUTE)",
    "c104.Batch(c104.Cot.SPONTANEOUS)", "c104.Batch(c104.Cot.SPONTANEOUS, points=[value]).type", "c104.Batch(c104.Cot.SPONTANEOUS, points=[value, step])",
    "c104.Batch(c104.Cot.SPONTANEOUS, points=[value]).common_address", "c104.Batch(c104.Cot.SPONTANEOUS, points=[value]).number_of_objects",
    "c104.Batch(c104.Cot.SPONTANEOUS).has_points", "c104.Batch(c104.Cot.SPONTANEOUS, points=[value]).is_sequence", "c104.Batch(c104.Cot.SPONTANEOUS).cot",
    "c104.Batch(c104.Cot.SPONTANEOUS, points=[point])", "c104.Batch(c104.Cot.SPONTANEOUS, points=[order])", "c104.Batch(c104.Cot.ACTIVATION, points=[value]).cot",
    "server.transmit_batch(c104.Batch(c104.Cot.SPONTANEOUS, points=[value]))", "server.transmit_batch(c104.Batch(c104.Cot.SPONTANEOUS))",
    "station.remove_point(11)", "point.station", "point.io_address + 0", "connection.remove_station(47)", "station.connection", "command.station",
    "c104.get_debug_mode()", "c104.set_debug_mode(c104.Debug.Client)", "c104.get_debug_mode() | c104.Debug.Client", "c104.set_debug_mode(c104.Debug(0))",
    "c104.explain_bytes(bytes.fromhex('680407000000'))", "c104.explain_bytes_dict(bytes.fromhex('680407000000'))", "c104.explain_bytes(5)",
]  # fmt: skip


def show(expression: str, names: dict) -> str:
    try:
        value = eval(expression, names)
    except Exception as error:
        # Ours may derive from both the documented and the actual class of the peer.
        general = {"Exception", "LookupError", "ArithmeticError"}
        return "raises " + " ".join(
            c.__name__
            for c in type(error).__mro__
            if issubclass(c, Exception) and c.__module__ == "builtins" and c.__name__ not in general
        )
    text = re.sub(r"(processed_at|recorded_at)=[-0-9T:.+]+", r"\1=..", repr(value))
    return f"{type(value).__name__} " + re.sub(r"0x[0-9a-f]{6,}", "0x..", text)


scope = build()
for text in EXPRESSIONS:
    print(f"{text.replace(': ', ':')}: {show(text, scope)}")
