#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A simulated substation with two stations. `demo.py` starts it in a process of its own.

Prints `port N` once it listens. Ends when its standard input closes, on SIGTERM or Ctrl-C, or after --seconds.
"""

import argparse
import math
import os
import signal
import socket
import sys
import threading
import time
from types import FrameType
from typing import List, Optional

import c104

# station 1: feeder             station 2: transformer
VOLTAGE, CURRENT, POWER = 11, 12, 13
ENERGY = 21
BREAKER = 31
BREAKER_COMMAND = 41
OIL_TEMPERATURE, LOAD = 11, 12

TICK_MS = 50


def free_port() -> int:
    """A port that is free at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def add_point(station: c104.Station, io_address: int, type: c104.Type, report_ms: int = 0) -> c104.Point:
    point = station.add_point(io_address=io_address, type=type, report_ms=report_ms)
    if point is None:
        raise RuntimeError(f"address {io_address} is taken")
    return point


class Substation:
    """The server, its points, and what moves them."""

    def __init__(self, ip: str, port: int) -> None:
        self.server = c104.Server(ip=ip, port=port, tick_rate_ms=TICK_MS)
        self.stations: List[c104.Station] = []
        for common_address in (1, 2):
            station = self.server.add_station(common_address=common_address)
            assert station is not None
            self.stations.append(station)
        feeder, transformer = self.stations

        # These are sent when they changed (see move).
        self.voltage = add_point(feeder, VOLTAGE, c104.Type.M_ME_NC_1)
        self.current = add_point(feeder, CURRENT, c104.Type.M_ME_NC_1)
        self.power = add_point(feeder, POWER, c104.Type.M_ME_NC_1)
        self.energy = add_point(feeder, ENERGY, c104.Type.M_IT_NA_1)
        # These are sent by the clock, with a value computed just before.
        for io_address in (OIL_TEMPERATURE, LOAD):
            point = add_point(transformer, io_address, c104.Type.M_ME_NC_1, report_ms=500)
            point.value = 0.0
            point.on_before_auto_transmit(callable=self.before_report)
            point.on_before_read(callable=self.before_report)

        self.breaker = add_point(feeder, BREAKER, c104.Type.M_DP_NA_1)
        self.breaker.value = c104.Double.OFF
        self.command = add_point(feeder, BREAKER_COMMAND, c104.Type.C_SC_NA_1)
        self.command.on_receive(callable=self.on_command)

        self.counted = 1000
        self.started = time.monotonic()
        self.masters = 0
        self.move(transmit=False)

    def before_report(self, point: c104.Point) -> None:
        phase = time.monotonic() - self.started
        if point.io_address == OIL_TEMPERATURE:
            point.value = round(62.0 + 3.0 * math.sin(phase / 3.0), 2)
        else:
            point.value = round(71.0 + 8.0 * math.sin(phase / 2.0), 2)

    def on_command(
        self, point: c104.Point, previous_info: c104.Information, message: c104.IncomingMessage
    ) -> c104.ResponseState:
        """The command switches the breaker; the master sees the double point follow."""
        self.breaker.value = c104.Double.ON if point.value else c104.Double.OFF
        self.breaker.transmit(cause=c104.Cot.RETURN_INFO_REMOTE)
        return c104.ResponseState.SUCCESS

    def move(self, transmit: bool = True) -> None:
        """New values for station 1."""
        phase = time.monotonic() - self.started
        closed = self.breaker.value == c104.Double.ON
        voltage = 20.0 + 0.2 * math.sin(phase)
        current = 110.0 + 15.0 * math.sin(phase / 2.0) if closed else 0.0
        self.counted += int(current / 10.0)
        self.voltage.value = round(voltage, 3)
        self.current.value = round(current, 1)
        self.power.value = round(voltage * current / 1000.0 * math.sqrt(3.0), 3)
        self.energy.info = c104.BinaryCounterInfo(
            counter=self.counted, sequence=c104.UInt5(0), quality=c104.BinaryCounterQuality()
        )
        if transmit:
            for point in (self.voltage, self.current, self.power, self.energy):
                point.transmit(cause=c104.Cot.SPONTANEOUS)

    def turn(self) -> None:
        """Called a few times a second."""
        masters = self.server.active_connection_count
        if masters > self.masters:
            for station in self.stations:
                station.signal_initialized(cause=c104.Coi.LOCAL_POWER_ON)
        self.masters = masters
        if masters:
            self.move()


def listen(ip: str, port: int) -> Substation:
    """A started substation. Port 0 means any free one; another program may take it first, so a few are tried."""
    for attempt in range(10):
        substation = Substation(ip, port or free_port())
        try:
            substation.server.start()
            return substation
        except RuntimeError:
            if port or attempt == 9:
                raise
    raise AssertionError("not reached")


def main(arguments: Optional[List[str]] = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ip", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=0, help="port to listen on (default: one that is free)")
    parser.add_argument("--seconds", type=float, help="end after this time")
    options = parser.parse_args(arguments)

    ended = threading.Event()

    def on_signal(number: int, frame: Optional[FrameType]) -> None:
        ended.set()

    def watch_input() -> None:
        while os.read(0, 1024):
            pass
        ended.set()

    signal.signal(signal.SIGTERM, on_signal)
    signal.signal(signal.SIGINT, on_signal)

    try:
        substation = listen(options.ip, options.port)
    except (RuntimeError, ValueError) as error:
        print(f"substation: cannot listen on {options.ip}:{options.port}: {error}", file=sys.stderr)
        return 1
    threading.Thread(target=watch_input, daemon=True).start()
    try:
        print(f"port {substation.server.port}", flush=True)
        deadline = None if options.seconds is None else time.monotonic() + options.seconds
        while not ended.wait(0.2) and (deadline is None or time.monotonic() < deadline):
            substation.turn()
    finally:
        substation.server.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
