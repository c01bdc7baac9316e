#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A server that sends many points in few messages: `c104.Batch`. Watch it with dump.py."""

import argparse
import random
import sys
import time
from typing import List, Optional

import c104

POINTS = 100


def main(arguments: Optional[List[str]] = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ip", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=2404)
    parser.add_argument("--seconds", type=float, help="end after this time")
    options = parser.parse_args(arguments)

    server = c104.Server(ip=options.ip, port=options.port)
    station = server.add_station(common_address=1)
    assert station is not None
    points: List[c104.Point] = []
    for io_address in range(1, POINTS + 1):
        point = station.add_point(io_address=io_address, type=c104.Type.M_ME_NC_1)
        assert point is not None
        point.value = 0.0
        points.append(point)

    server.start()
    print(f"listening on {server.ip}:{server.port}", flush=True)
    sent = 0
    try:
        deadline = None if options.seconds is None else time.monotonic() + options.seconds
        while deadline is None or time.monotonic() < deadline:
            time.sleep(0.5)
            if not server.has_active_connections:
                continue
            changed = random.sample(points, POINTS // 2)
            for point in changed:
                point.value = round(random.uniform(0.0, 100.0), 2)
            # One station and one type per batch. Points are sent as they are at this moment.
            batch = c104.Batch(cause=c104.Cot.SPONTANEOUS, points=changed)
            if server.transmit_batch(batch):
                sent += batch.number_of_objects
    except KeyboardInterrupt:
        pass
    finally:
        server.stop()
    print(f"{sent} objects sent", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
