#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A client inside an asyncio program. Works with server.py.

Callbacks come on a thread of c104: `loop.call_soon_threadsafe` brings what they bring into the loop.
Commands wait for their answer: `run_in_executor` keeps the loop free meanwhile.
"""

import argparse
import asyncio
import sys
import time
from typing import List, Optional, Tuple

import c104

Update = Tuple[int, object, str]


class Bridge:
    """Puts what arrives into an asyncio queue."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.updates: asyncio.Queue[Update] = asyncio.Queue()
        self.opened = asyncio.Event()

    def on_receive(
        self, point: c104.Point, previous_info: c104.Information, message: c104.IncomingMessage
    ) -> c104.ResponseState:
        # Take out of the message what is needed: it belongs to this call.
        update = (point.io_address, point.value, message.cot.name)
        self.loop.call_soon_threadsafe(self.updates.put_nowait, update)
        return c104.ResponseState.SUCCESS

    def on_state_change(self, connection: c104.Connection, state: c104.ConnectionState) -> None:
        asyncio.run_coroutine_threadsafe(self.state_changed(state), self.loop)

    async def state_changed(self, state: c104.ConnectionState) -> None:
        print(f"state {state.name}", flush=True)
        if state == c104.ConnectionState.OPEN:
            self.opened.set()


async def show(updates: "asyncio.Queue[Update]") -> None:
    while True:
        address, value, cause = await updates.get()
        print(f"address {address}: {value} ({cause.lower()})", flush=True)


async def run(ip: str, port: int, seconds: float) -> int:
    loop = asyncio.get_running_loop()
    bridge = Bridge(loop)
    client = c104.Client()
    connection = client.add_connection(ip=ip, port=port, init=c104.Init.INTERROGATION)
    assert connection is not None
    connection.on_state_change(callable=bridge.on_state_change)
    station = connection.add_station(common_address=47)
    assert station is not None
    value = station.add_point(io_address=11, type=c104.Type.M_ME_NC_1)
    set_point = station.add_point(io_address=12, type=c104.Type.C_SE_NC_1)
    assert value is not None and set_point is not None
    value.on_receive(callable=bridge.on_receive)

    end = time.monotonic() + seconds
    shower = asyncio.ensure_future(show(bridge.updates))
    await loop.run_in_executor(None, client.start)
    try:
        try:
            await asyncio.wait_for(bridge.opened.wait(), seconds)
        except asyncio.TimeoutError:
            print(f"not connected: {connection.state.name}", file=sys.stderr)
            return 1
        set_point.value = 12.5
        accepted = await loop.run_in_executor(None, set_point.transmit, c104.Cot.ACTIVATION)
        print(f"set-point: {'accepted' if accepted else 'refused'}", flush=True)
        await asyncio.sleep(max(0.0, end - time.monotonic()))
    finally:
        # Off the loop: a callback that still runs may be about to call into it.
        await loop.run_in_executor(None, client.stop)
        shower.cancel()
    return 0


def main(arguments: Optional[List[str]] = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ip", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=2404)
    parser.add_argument("--seconds", type=float, default=5.0, help="end after this time (default: %(default)s)")
    options = parser.parse_args(arguments)
    try:
        return asyncio.run(run(options.ip, options.port, options.seconds))
    except KeyboardInterrupt:
        return 0


if __name__ == "__main__":
    sys.exit(main())
