#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Adopts whatever a server reports and prints each value in a line: time, cause, station, address, type, value, quality."""

import argparse
import datetime
import sys
import time
from typing import List, Optional

import c104


class Dump:
    def __init__(self) -> None:
        self.count = 0

    def on_new_station(self, client: c104.Client, connection: c104.Connection, common_address: int) -> None:
        connection.add_station(common_address=common_address)

    def on_new_point(self, client: c104.Client, station: c104.Station, io_address: int, point_type: c104.Type) -> None:
        point = station.add_point(io_address=io_address, type=point_type)
        if point is not None:
            point.on_receive(callable=self.on_receive)

    def on_receive(
        self, point: c104.Point, previous_info: c104.Information, message: c104.IncomingMessage
    ) -> c104.ResponseState:
        self.count += 1
        # The time of the event where the type carries one, else now.
        moment = point.recorded_at or datetime.datetime.now()
        value = getattr(point.value, "name", point.value)
        print(
            f"{moment:%H:%M:%S.%f} {message.cot.name.lower():<24} {message.common_address:>5} {point.io_address:>8} "
            f"{point.type.name} {value} {point.quality}",
            flush=True,
        )
        return c104.ResponseState.SUCCESS

    def on_unexpected_message(self, connection: c104.Connection, message: c104.IncomingMessage, cause: c104.Umc) -> None:
        print(f"unexpected {cause.name}: {message.raw.hex(' ')}", flush=True)


def main(arguments: Optional[List[str]] = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ip", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=2404)
    parser.add_argument("--seconds", type=float, default=5.0, help="end after this time (default: %(default)s)")
    options = parser.parse_args(arguments)

    dump = Dump()
    client = c104.Client()
    client.on_new_station(callable=dump.on_new_station)
    client.on_new_point(callable=dump.on_new_point)
    connection = client.add_connection(ip=options.ip, port=options.port, init=c104.Init.INTERROGATION)
    assert connection is not None
    connection.on_unexpected_message(callable=dump.on_unexpected_message)

    client.start()
    try:
        time.sleep(options.seconds)
    except KeyboardInterrupt:
        pass
    finally:
        client.stop()
    print(f"{dump.count} values", flush=True)
    return 0 if dump.count else 1


if __name__ == "__main__":
    sys.exit(main())
