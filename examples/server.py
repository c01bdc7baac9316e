#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A server with a measured value and a command.

The value is sent every second and whenever it is asked for. The command changes it.
"""

import argparse
import random
import sys
import time
from typing import List, Optional

import c104


def before_transmit(point: c104.Point) -> None:
    """Called just before the value goes out."""
    point.value = round(random.uniform(49.95, 50.05), 3)


def on_set_point(point: c104.Point, previous_info: c104.Information, message: c104.IncomingMessage) -> c104.ResponseState:
    """Called when a master commands. FAILURE gives a negative confirmation."""
    target = point.value
    print(f"set-point {point.io_address}: {target} from originator {message.originator_address}", flush=True)
    if isinstance(target, float) and 0.0 <= target <= 100.0:
        return c104.ResponseState.SUCCESS
    return c104.ResponseState.FAILURE


def main(arguments: Optional[List[str]] = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ip", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=2404)
    parser.add_argument("--seconds", type=float, help="end after this time")
    options = parser.parse_args(arguments)

    server = c104.Server(ip=options.ip, port=options.port)
    station = server.add_station(common_address=47)
    assert station is not None

    frequency = station.add_point(io_address=11, type=c104.Type.M_ME_NC_1, report_ms=1000)
    assert frequency is not None
    frequency.value = 50.0
    frequency.on_before_auto_transmit(callable=before_transmit)
    frequency.on_before_read(callable=before_transmit)

    set_point = station.add_point(io_address=12, type=c104.Type.C_SE_NC_1)
    assert set_point is not None
    set_point.on_receive(callable=on_set_point)

    server.start()
    print(f"listening on {server.ip}:{server.port}", flush=True)
    try:
        deadline = None if options.seconds is None else time.monotonic() + options.seconds
        while deadline is None or time.monotonic() < deadline:
            time.sleep(0.1)
    except KeyboardInterrupt:
        pass
    finally:
        server.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
