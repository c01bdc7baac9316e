# SPDX-License-Identifier: GPL-3.0-or-later
"""Every main call, as a typed program makes it. Read by mypy and pyright (tests/test_types.py), never run."""

from __future__ import annotations

import datetime
import ipaddress
from pathlib import Path
from typing import List, Optional, Union

import c104
from typing_extensions import assert_type

# ---------------------------------------------------------------------------------------------- client


def on_new_station(client: c104.Client, connection: c104.Connection, common_address: int) -> None:
    assert_type(connection.add_station(common_address=common_address), Optional[c104.Station])


def on_new_point(client: c104.Client, station: c104.Station, io_address: int, point_type: c104.Type) -> None:
    assert_type(station.add_point(io_address=io_address, type=point_type), Optional[c104.Point])


def on_station_initialized(client: c104.Client, station: c104.Station, cause: c104.Coi) -> None:
    print(station.common_address, cause.name, cause.value, int(cause), c104.Coi(0), c104.Coi.__members__["REMOTE_RESET"])


def on_state_change(connection: c104.Connection, state: c104.ConnectionState) -> None:
    print(connection.ip, connection.port, state is c104.ConnectionState.OPEN)


def on_raw(connection: c104.Connection, data: bytes) -> None:
    assert_type(c104.explain_bytes(apdu=data), str)
    print(c104.explain_bytes_dict(apdu=data)["format"])


def on_unexpected(connection: c104.Connection, message: c104.IncomingMessage, cause: c104.Umc) -> None:
    on_message(message)


def client(security: c104.TransportSecurity) -> None:
    client = c104.Client(tick_rate_ms=100, command_timeout_ms=5000, transport_security=security)
    client.originator_address = 123
    client.on_new_station(callable=on_new_station)
    client.on_new_point(callable=on_new_point)
    client.on_station_initialized(callable=on_station_initialized)
    client.on_new_point(None)
    connection = client.add_connection(ip="127.0.0.1", port=2404, init=c104.Init.ALL)
    assert connection is not None
    assert_type(client.add_connection(host="rtu7.example.com"), Optional[c104.Connection])
    assert_type(client.get_connection(common_address=47), Optional[c104.Connection])
    client.start()
    assert_type(client.connections, List[c104.Connection])
    assert_type(client.is_running and client.has_connections and client.has_open_connections, bool)
    assert_type(client.open_connection_count + client.active_connection_count + client.tick_rate_ms, int)
    print(client.has_active_connections)
    client.reconnect_all()
    link(connection)
    client.disconnect_all()
    client.stop()


def link(connection: c104.Connection) -> None:
    connection.on_state_change(callable=on_state_change)
    connection.on_receive_raw(callable=on_raw)
    connection.on_send_raw(callable=on_raw)
    connection.on_unexpected_message(callable=on_unexpected)
    connection.on_unexpected_message(callable=None)
    parameters = assert_type(connection.protocol_parameters, c104.ProtocolParameters)
    parameters.send_window_size, parameters.receive_window_size = 12, 8
    parameters.connection_timeout, parameters.message_timeout, parameters.confirm_interval = 10, 15, 10
    parameters.keep_alive_interval += 10
    connection.originator_address = 7
    assert_type(connection.peer_certificate, Optional[c104.PeerCertificate])
    if certificate := connection.peer_certificate:
        print(certificate.subject, certificate.issuer, certificate.serial_number, certificate.fingerprint)
        assert_type(certificate.not_after - certificate.not_before, datetime.timedelta)
    connection.connect()
    if connection.is_connected and not connection.is_muted and connection.mute():
        assert_type(connection.unmute(), bool)
    assert_type(connection.state, c104.ConnectionState)
    counters = connection.counters
    print(
        counters["asdus_received_by_type"].get(c104.Type.M_ME_NC_1, 0) + counters["timeouts"]["t1"], counters["round_trip_ms"]
    )
    assert_type(connection.connected_at, Optional[datetime.datetime])
    assert_type(connection.disconnected_at, Optional[datetime.datetime])
    done: bool = connection.interrogation(common_address=47, cause=c104.Cot.ACTIVATION, qualifier=c104.Qoi.STATION)
    done = connection.counter_interrogation(47, c104.Cot.ACTIVATION, c104.Rqt.GENERAL, c104.Frz.READ, wait_for_response=False)
    done = connection.clock_sync(common_address=47) and connection.test(common_address=47, with_time=False)
    print(done, connection.has_stations)
    for station in connection.stations:
        for point in station.points:
            if point.type != c104.Type.C_SC_NA_1 and point.read():
                print(point.value, point.quality, point.recorded_at)
    station_or_none = connection.get_station(common_address=47)
    if station_or_none is not None:
        commands(station_or_none)
    assert_type(connection.remove_station(common_address=47), bool)
    connection.disconnect()


def commands(station: c104.Station) -> None:
    order = station.add_point(io_address=22, type=c104.Type.C_SC_NA_1, command_mode=c104.CommandMode.SELECT_AND_EXECUTE)
    assert order is not None
    order.value = True
    order.info = c104.SingleCmd(on=True, qualifier=c104.Qoc.SHORT_PULSE)
    if order.transmit(cause=c104.Cot.ACTIVATION, originator=1):
        print(order.command_mode, order.station, order.info.value)
    order.command_mode = c104.CommandMode.DIRECT


# ---------------------------------------------------------------------------------------------- server


def on_connect(server: c104.Server, ip: str) -> bool:
    return ip == "192.0.2.10"


def on_clock_sync(server: c104.Server, ip: str, date_time: datetime.datetime) -> c104.ResponseState:
    return c104.ResponseState.SUCCESS


def on_server_raw(server: c104.Server, data: bytes) -> None:
    print(server.port, data.hex())


def on_refused(server: c104.Server, message: c104.IncomingMessage, cause: c104.Umc) -> None:
    on_message(message)


def on_receive(point: c104.Point, previous_info: c104.Information, message: c104.IncomingMessage) -> c104.ResponseState:
    if isinstance(point.info, c104.ShortCmd):
        assert_type(point.info.target, float)
    print(previous_info.value, previous_info.quality, previous_info.recorded_at, previous_info.processed_at)
    return c104.ResponseState.FAILURE if previous_info.is_readonly else c104.ResponseState.SUCCESS


def measure(point: c104.Point) -> None:
    point.value = 12.5
    point.quality = c104.Quality.Invalid | c104.Quality.NonTopical


def server(security: Optional[c104.TransportSecurity]) -> None:
    server = c104.Server(
        ip="127.0.0.1", port=0, tick_rate_ms=100, select_timeout_ms=5000, max_connections=4, transport_security=security
    )
    server.on_connect(callable=on_connect)
    server.on_clock_sync(callable=on_clock_sync)
    server.on_receive_raw(callable=on_server_raw)
    server.on_send_raw(callable=on_server_raw)
    server.on_unexpected_message(callable=on_refused)
    server.protocol_parameters.message_timeout = 15
    server.max_connections = 2
    server.max_queued_octets *= 2
    server.max_connections_per_address, server.max_pending_connections, server.startdt_timeout_ms = 2, 100, 60_000
    server.max_apdus_per_second, server.max_answer_octets = 1000, 1 << 20
    server.allowed_networks = ["192.0.2.0/24", ipaddress.ip_network("2001:db8::/32"), ipaddress.ip_address("192.0.2.7")]
    assert_type(server.allowed_networks, Optional[List[str]])
    server.allowed_networks = None
    for accepted in assert_type(server.connections, List[c104.ServerConnection]):
        print(accepted.ip, accepted.port, accepted.connected_at.tzinfo, accepted.is_connected, accepted.is_active)
        print(accepted.counters["octets_sent"], server.counters["connections_refused_by_reason"]["not_allowed"])
        assert_type(accepted.peer_certificate, Optional[c104.PeerCertificate])
        accepted.close(reason="maintenance")
    station = server.add_station(common_address=47)
    assert station is not None
    server.start()
    outstation(server, station)
    assert_type(server.stations, List[c104.Station])
    assert_type(server.get_station(common_address=47), Optional[c104.Station])
    assert_type(server.open_connection_count + server.active_connection_count + server.tick_rate_ms, int)
    print(server.ip, server.has_stations, server.has_open_connections, server.has_active_connections, server.is_running)
    assert_type(server.remove_station(common_address=47), bool)
    server.stop()


def outstation(server: c104.Server, station: c104.Station) -> None:
    point = station.add_point(io_address=11, type=c104.Type.M_ME_NC_1, report_ms=1000)
    order = station.add_point(io_address=12, type=c104.Type.C_SE_NC_1, related_io_address=11, related_io_autoreturn=True)
    assert point is not None and order is not None
    order.on_receive(callable=on_receive)
    point.on_before_read(callable=measure)
    point.on_before_auto_transmit(callable=measure)
    point.on_timer(callable=measure, interval_ms=1000)
    point.on_timer(callable=None)
    point.info = c104.ShortInfo(actual=1.5, quality=c104.Quality(), recorded_at=datetime.datetime.now(datetime.timezone.utc))
    point.report_ms += 1000
    order.related_io_address, order.related_io_autoreturn = None, False
    print(point.io_address, point.timer_ms, point.processed_at, order.selected_by)
    sent: bool = point.transmit(cause=c104.Cot.SPONTANEOUS)
    batch = c104.Batch(cause=c104.Cot.SPONTANEOUS, points=[point])
    batch.add_point(point)
    batch.originator_address = 5
    print(batch.cot, batch.common_address, batch.points, batch.has_points, batch.number_of_objects)
    print(batch.is_negative, batch.is_test, batch.is_sequence)
    assert_type(batch.type, Optional[c104.Type])
    sent = server.transmit_batch(batch)
    print(sent, station.is_local, station.has_points, station.server, station.connection, station.get_point(io_address=11))
    snapshot = assert_type(station.snapshot(type=c104.Type.M_ME_NC_1), c104.Snapshot)
    station.update(io_address=snapshot.io_address, value=[1.5] * len(snapshot))
    station.signal_initialized(cause=c104.Coi.LOCAL_POWER_ON)
    assert_type(station.remove_point(io_address=11), bool)


# ---------------------------------------------------------------------------------------------- both


def on_message(message: c104.IncomingMessage) -> None:
    message.first()
    while message.next():
        print(message.io_address, message.info.value if message.info else None)
    print(message.type, message.cot, message.common_address, message.originator_address, message.number_of_objects)
    print(message.is_negative, message.is_select_command, message.is_sequence, message.is_test, message.number_of_object)
    assert_type(message.raw, bytes)
    assert_type(message.raw_explain, str)


def tls(folder: Path) -> c104.TransportSecurity:
    security = c104.TransportSecurity(validate=True, only_known=False)
    security.set_certificate(cert=folder / "own.crt", key=str(folder / "own.key"), passphrase="secret")
    security.set_ca_certificate(cert=folder / "ca.crt")
    security.add_allowed_remote_certificate(cert=folder / "partner.crt")
    security.add_revocation_list(crl=folder / "ca.crl")
    security.set_minimum_key_sizes(rsa=3072, ec=384)
    security.reload()
    security.set_ciphers(ciphers=[c104.TlsCipher.TLS1_3_AES_256_GCM_SHA384])
    security.set_version(min=c104.TlsVersion.TLS_1_2, max=c104.TlsVersion.TLS_1_3)
    security.set_renegotiation_time(interval=datetime.timedelta(hours=1))
    security.set_resumption_interval(interval=None)
    security.set_hostname_verification(hostname="rtu7.example.com")
    return security


def values() -> List[c104.Information]:
    at = datetime.datetime(2026, 1, 2, 3, 4, 5)
    good, counter = c104.Quality(), c104.BinaryCounterQuality.Carry
    single = c104.SingleInfo(on=True, quality=good, recorded_at=at)
    double = c104.DoubleInfo(state=c104.Double.ON)
    step = c104.StepInfo(position=c104.Int7(-5), transient=True)
    binary = c104.BinaryInfo(blob=c104.Byte32(b"\x01\x02\x03\x04"))
    normalized = c104.NormalizedInfo(actual=c104.NormalizedFloat(0.5))
    scaled = c104.ScaledInfo(actual=c104.Int16(-100))
    total = c104.BinaryCounterInfo(counter=1000, sequence=c104.UInt5(3), quality=counter)
    event = c104.ProtectionEventInfo(state=c104.EventState.ON, elapsed_ms=c104.UInt16(35))
    start = c104.ProtectionStartInfo(events=c104.StartEvents.PhaseL1 | c104.StartEvents.PhaseL2)
    circuit = c104.ProtectionCircuitInfo(circuits=c104.OutputCircuits.General, relay_operating_ms=c104.UInt16(10))
    packed = c104.StatusAndChanged(status=c104.PackedSingle.I0 | c104.PackedSingle.I15, changed=c104.PackedSingle(0xFFFF))
    assert_type(single.on and step.transient, bool)
    assert_type(double.state, c104.Double)
    assert_type(step.position, c104.Int7)
    assert_type(bytes(binary.blob), bytes)
    assert_type(float(normalized.actual), float)
    assert_type(scaled.actual + 1, int)
    assert_type(total.quality, c104.BinaryCounterQuality)
    number: Union[int, float] = total.counter + int(total.sequence) + int(event.elapsed_ms) + int(start.relay_duration_ms)
    print(number, event.state, start.events, circuit.circuits, circuit.relay_operating_ms, packed.status, packed.changed)
    assert_type(single.with_time_quality(c104.TimeQuality.SummerTime).time_quality, c104.TimeQuality)
    quality = single.quality
    quality |= c104.Quality.Blocked
    if c104.Quality.Blocked in quality and quality.is_any() and not quality.is_good():
        print(int(quality), quality.value)
    level = c104.UInt7(5)
    level += 1
    print(level.min, level.max, c104.StartEvents().is_none())
    return [
        single, double, step, binary, normalized, scaled, total, event, start, circuit, packed,
        c104.DoubleCmd(state=c104.Double.OFF, qualifier=c104.Qoc.PERSISTENT),
        c104.StepCmd(direction=c104.Step.HIGHER, qualifier=c104.Qoc.NONE, recorded_at=at),
        c104.BinaryCmd(blob=c104.Byte32(0xFF)),
        c104.NormalizedCmd(target=c104.NormalizedFloat(-1.0), qualifier=c104.UInt7(0)),
        c104.ScaledCmd(target=c104.Int16(5)),
        c104.ShortCmd(target=1.5),
    ]  # fmt: skip


def debug() -> None:
    c104.set_debug_mode(mode=c104.Debug.Client | c104.Debug.Connection)
    c104.enable_debug(mode=c104.Debug.Callback)
    c104.disable_debug(mode=c104.Debug.Callback)
    assert_type(c104.get_debug_mode(), c104.Debug)
    print(c104.__version__, c104.__lib60870_version__, c104.__mbedtls_version__)


# ---------------------------------------------------------------------------------------------- what a checker must refuse


def refused(client: c104.Client, connection: c104.Connection, point: c104.Point, server: c104.Server) -> None:
    client.tick_rate_ms = 50  # type: ignore
    client.on_new_point(callable=on_new_station)  # type: ignore
    connection.interrogation("47")  # type: ignore
    connection.interrogation(47, qualifier=c104.Rqt.GENERAL)  # type: ignore
    print(connection.state.nothing)  # type: ignore
    server.on_connect(callable=measure)  # type: ignore
    point.transmit("spontaneous")  # type: ignore
    point.info = 12.5  # type: ignore
    c104.Connection("127.0.0.1")  # type: ignore
    c104.SingleInfo(on=True, qualifier=c104.Qoc.NONE)  # type: ignore
    c104.Quality.Invalid | c104.BinaryCounterQuality.Carry  # type: ignore
