#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A client that knows what it wants: one measured value, one set-point. Works with server.py."""

import argparse
import sys
import time
from typing import List, Optional

import c104


def on_value(point: c104.Point, previous_info: c104.Information, message: c104.IncomingMessage) -> c104.ResponseState:
    print(f"value {point.value:.3f} ({message.cot.name.lower()})", flush=True)
    return c104.ResponseState.SUCCESS


def main(arguments: Optional[List[str]] = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ip", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=2404)
    parser.add_argument("--seconds", type=float, default=5.0, help="end after this time (default: %(default)s)")
    options = parser.parse_args(arguments)

    client = c104.Client()
    connection = client.add_connection(ip=options.ip, port=options.port, init=c104.Init.INTERROGATION)
    assert connection is not None
    station = connection.add_station(common_address=47)
    assert station is not None
    value = station.add_point(io_address=11, type=c104.Type.M_ME_NC_1)
    set_point = station.add_point(io_address=12, type=c104.Type.C_SE_NC_1)
    assert value is not None and set_point is not None
    value.on_receive(callable=on_value)

    end = time.monotonic() + options.seconds
    client.start()
    try:
        while connection.state != c104.ConnectionState.OPEN:
            if time.monotonic() > end:
                print(f"not connected: {connection.state.name}", file=sys.stderr)
                return 1
            time.sleep(0.05)

        for target in (12.5, 1000.0):
            set_point.value = target
            accepted = set_point.transmit(cause=c104.Cot.ACTIVATION)
            print(f"set-point {target}: {'accepted' if accepted else 'refused'}", flush=True)

        print(f"read: {'ok' if value.read() else 'refused'}", flush=True)
        time.sleep(max(0.0, end - time.monotonic()))
    except KeyboardInterrupt:
        pass
    finally:
        client.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
