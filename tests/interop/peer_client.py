# SPDX-License-Identifier: GPL-3.0-or-later
"""A controlling station on the c104 of PyPI. Reads the station at the port of its argument, sends each command once, says as
JSON lines what it saw."""

import json
import sys
import time

import c104
from values import AT, COMMANDS, address, expression, fields


def say(**what) -> None:
    print(json.dumps(what), flush=True)


def connect():
    # c104 2.2.1 loses its STARTDT now and then and stays muted for ever; a new client is the only remedy.
    for _ in range(10):
        client = c104.Client(command_timeout_ms=2000)
        connection = client.add_connection(ip="127.0.0.1", port=int(sys.argv[1]))
        client.start()
        end = time.monotonic() + 5
        while time.monotonic() < end:
            if connection.state == c104.ConnectionState.OPEN:
                return client, connection
            time.sleep(0.01)
        client.stop()
    raise SystemExit("never open")


client, connection = connect()
station = connection.get_station(47)
say(points={p.io_address: [int(p.type), fields(p.info)] for p in station.points})
for type_id in COMMANDS:
    command = station.add_point(address(type_id), c104.Type(type_id))
    command.info = eval(expression(type_id), {"c104": c104, "AT": AT})
    say(sent=type_id, confirmed=command.transmit(c104.Cot.ACTIVATION))
say(clock=connection.clock_sync(47), counters=connection.counter_interrogation(47))
point = station.get_point(address(13))
say(read=point.read(), value=point.value)
client.stop()
