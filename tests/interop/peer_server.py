# SPDX-License-Identifier: GPL-3.0-or-later
"""A controlled station on the c104 of PyPI. Says what happens as JSON lines; does what the lines on its stdin say."""

import json
import sys

import c104
from values import AT, COMMANDS, MONITORING, address, expression, fields


def say(**what) -> None:
    print(json.dumps(what), flush=True)


def on_receive(point: c104.Point, previous_info: c104.Information, message: c104.IncomingMessage) -> c104.ResponseState:
    say(command=point.io_address, fields=fields(point.info), originator=message.originator_address)
    return c104.ResponseState.SUCCESS


server = c104.Server(ip="127.0.0.1", port=int(sys.argv[1]))
station = server.add_station(common_address=47)
for type_id in MONITORING:
    station.add_point(address(type_id), c104.Type(type_id)).info = eval(expression(type_id), {"c104": c104, "AT": AT})
for type_id in COMMANDS:
    station.add_point(address(type_id), c104.Type(type_id)).on_receive(callable=on_receive)
server.start()
say(port=server.port)
for line in sys.stdin:
    word, *rest = line.split()
    if word == "transmit":
        say(transmitted=station.get_point(int(rest[0])).transmit(c104.Cot.SPONTANEOUS))
    elif word == "quit":
        break
server.stop()
