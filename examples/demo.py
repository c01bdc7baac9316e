#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A client that finds out what a substation has, shows it live, and switches a breaker.

Without --host a simulated substation is started (substation.py) and stopped again. With --host a real one is read:
an interrogation, no other command.
"""

import argparse
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from types import FrameType
from typing import Any, Callable, Dict, Generator, List, Optional, Tuple

import c104
from substation import BREAKER, BREAKER_COMMAND


class Failure(Exception):
    """Ends the demonstration; its text says why."""


# ---------------------------------------------------------------------------------------------- the substation


@contextmanager
def simulated_substation(port: int) -> Generator[int, None, None]:
    """Runs substation.py and yields its port."""
    program = os.path.join(os.path.dirname(os.path.abspath(__file__)), "substation.py")
    process = subprocess.Popen(
        [sys.executable, program, "--port", str(port)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin is not None and process.stdout is not None
    too_slow = threading.Timer(20.0, process.kill)
    too_slow.start()
    try:
        words = process.stdout.readline().split()
        too_slow.cancel()
        if len(words) != 2 or words[0] != "port":
            raise Failure("the simulated substation did not start")
        yield int(words[1])
    finally:
        too_slow.cancel()
        process.stdin.close()
        try:
            process.wait(5.0)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()


# ---------------------------------------------------------------------------------------------- the client


class Row:
    """What the table shows of one point."""

    def __init__(self, point: c104.Point) -> None:
        self.point = point
        self.updates = 0
        self.cause = ""

    def cells(self, common_address: int) -> Tuple[str, ...]:
        point = self.point
        quality = point.quality
        good = quality is None or quality.is_good()
        return (
            str(common_address),
            str(point.io_address),
            point.type.name,
            text_of(point.value),
            "good" if good else str(quality),
            self.cause,
            str(self.updates),
        )


HEADINGS = ("station", "address", "type", "value", "quality", "cause", "updates")
NUMBERS = (0, 1, 3, 6)  # columns to be aligned to the right


def text_of(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.3f}"
    return str(getattr(value, "name", value))


class Monitor:
    """Adopts every station and point that reports, and counts."""

    def __init__(self, ip: str, port: int, say: Callable[[str], None]) -> None:
        self.say = say
        self.rows: Dict[Tuple[int, int], Row] = {}
        self.stations: Dict[int, c104.Station] = {}
        self.breaker_changed = threading.Event()
        self.client = c104.Client(tick_rate_ms=50, command_timeout_ms=5000)
        self.client.on_new_station(callable=self.on_new_station)
        self.client.on_new_point(callable=self.on_new_point)
        self.client.on_station_initialized(callable=self.on_station_initialized)
        # INTERROGATION, not ALL: ALL would set the clock of the substation as well
        connection = self.client.add_connection(ip=ip, port=port, init=c104.Init.INTERROGATION)
        if connection is None:
            raise Failure(f"{ip}:{port} cannot be used")
        self.connection = connection

    def on_new_station(self, client: c104.Client, connection: c104.Connection, common_address: int) -> None:
        station = connection.add_station(common_address=common_address)
        if station is not None:
            self.stations[common_address] = station
            self.say(f"station {common_address} found")

    def on_new_point(self, client: c104.Client, station: c104.Station, io_address: int, point_type: c104.Type) -> None:
        point = station.add_point(io_address=io_address, type=point_type)
        if point is not None:
            self.rows[station.common_address, io_address] = Row(point)
            point.on_receive(callable=self.on_receive)

    def on_station_initialized(self, client: c104.Client, station: c104.Station, cause: c104.Coi) -> None:
        self.say(f"station {station.common_address} is initialized ({cause.name})")

    def on_receive(
        self, point: c104.Point, previous_info: c104.Information, message: c104.IncomingMessage
    ) -> c104.ResponseState:
        row = self.rows[message.common_address, point.io_address]
        row.updates += 1
        row.cause = message.cot.name.lower()
        if point.type == c104.Type.M_DP_NA_1 and previous_info.value != point.value and row.updates > 1:
            self.breaker_changed.set()
            self.say(f"station {message.common_address} address {point.io_address}: {text_of(point.value)}")
        return c104.ResponseState.SUCCESS

    def table(self) -> List[Tuple[str, ...]]:
        return [row.cells(key[0]) for key, row in sorted(self.rows.items(), key=lambda item: item[0])]

    def wait_open(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while self.connection.state != c104.ConnectionState.OPEN:
            if time.monotonic() > deadline:
                raise Failure(
                    f"no IEC 60870-5-104 station answered at {self.connection.ip}:{self.connection.port} "
                    f"within {seconds:.0f} s ({self.connection.state.name})"
                )
            time.sleep(0.02)


# ---------------------------------------------------------------------------------------------- the display


def plain_table(rows: List[Tuple[str, ...]]) -> str:
    lines = [HEADINGS, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADINGS))]

    def layout(line: Tuple[str, ...]) -> str:
        cells = (
            cell.rjust(width) if column in NUMBERS else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(line, widths))
        )
        return "  ".join(cells).rstrip()

    return "\n".join(layout(line) for line in lines)


class PlainDisplay:
    """Lines of text, without control codes."""

    def say(self, text: str) -> None:
        print(text, flush=True)

    @contextmanager
    def live(self, rows: Callable[[], List[Tuple[str, ...]]]) -> Generator[None, None, None]:
        yield
        print("\n" + plain_table(rows()) + "\n", flush=True)


class RichDisplay:
    """A table that is redrawn ten times a second, events above it."""

    def __init__(self, console: Any = None) -> None:
        from rich.console import Console

        self.console = console or Console()

    def say(self, text: str) -> None:
        self.console.print(text, markup=False, highlight=False)

    def table(self, rows: List[Tuple[str, ...]]) -> Any:
        from rich import box
        from rich.table import Table

        table = Table(*HEADINGS, box=box.SIMPLE)
        for column in NUMBERS:
            table.columns[column].justify = "right"
        table.columns[5].min_width = 18  # return_info_remote
        for row in rows:
            table.add_row(*row)
        return table

    @contextmanager
    def live(self, rows: Callable[[], List[Tuple[str, ...]]]) -> Generator[None, None, None]:
        from rich.live import Live

        with Live(get_renderable=lambda: self.table(rows()), console=self.console, refresh_per_second=10):
            yield


def make_display(plain: bool) -> Any:
    if not plain and sys.stdout.isatty() and os.environ.get("TERM") != "dumb":
        try:
            return RichDisplay()
        except ImportError:
            pass
    return PlainDisplay()


# ---------------------------------------------------------------------------------------------- the story


def switch_breaker(monitor: Monitor) -> Tuple[float, float]:
    """Closes the breaker. Seconds until the command was confirmed, and until the double point followed."""
    station = monitor.stations.get(1)
    command = None if station is None else station.add_point(io_address=BREAKER_COMMAND, type=c104.Type.C_SC_NA_1)
    if command is None or (1, BREAKER) not in monitor.rows:
        raise Failure("the simulated substation did not report its breaker")
    command.value = True
    monitor.say(f"command: close the breaker (station 1 address {BREAKER_COMMAND})")
    begin = time.perf_counter()
    confirmed = command.transmit(cause=c104.Cot.ACTIVATION)
    round_trip = time.perf_counter() - begin
    if not confirmed:
        raise Failure("the command was not confirmed")
    if not monitor.breaker_changed.wait(5.0):
        raise Failure("the command was confirmed, but the breaker did not follow")
    return round_trip, time.perf_counter() - begin


def watch(ip: str, port: int, wait: float, seconds: float, simulated: bool, display: Any) -> None:
    monitor = Monitor(ip, port, display.say)
    times: Optional[Tuple[float, float]] = None
    try:
        begin = time.perf_counter()
        monitor.client.start()
        monitor.wait_open(wait)
        display.say(f"connected to {ip}:{port} and interrogated within {(time.perf_counter() - begin) * 1e3:.0f} ms")
        with display.live(monitor.table):
            time.sleep(seconds / 2)
            if simulated:
                times = switch_breaker(monitor)
            time.sleep(seconds / 2)
    finally:
        monitor.client.stop()
    updates = sum(row.updates for row in monitor.rows.values())
    if not monitor.rows:
        raise Failure(f"{ip}:{port} is connected, but reported no point")
    display.say(f"summary: {len(monitor.stations)} stations, {len(monitor.rows)} points, {updates} updates")
    if times is not None:
        display.say(f"command: confirmed after {times[0] * 1e3:.1f} ms, breaker closed after {times[1] * 1e3:.1f} ms")


def on_terminate(number: int, frame: Optional[FrameType]) -> None:
    sys.exit(143)


def main(arguments: Optional[List[str]] = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--host", help="read this substation instead of a simulated one")
    parser.add_argument("--port", type=int, help="its port (default: 2404; simulated: one that is free)")
    parser.add_argument("--seconds", type=float, default=5.0, help="how long to look (default: %(default)s)")
    parser.add_argument("--wait", type=float, default=10.0, help="how long to wait for it (default: %(default)s)")
    parser.add_argument("--plain", action="store_true", help="plain text on a terminal, too")
    options = parser.parse_args(arguments)

    signal.signal(signal.SIGTERM, on_terminate)
    display = make_display(options.plain)
    try:
        if options.host:
            address = socket.getaddrinfo(options.host, None, socket.AF_INET)[0][4][0]
            watch(str(address), options.port or 2404, options.wait, options.seconds, False, display)
        else:
            with simulated_substation(options.port or 0) as port:
                watch("127.0.0.1", port, options.wait, options.seconds, True, display)
    except (Failure, OSError, ValueError) as error:
        print(f"demo: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
