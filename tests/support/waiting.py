# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiting for a condition instead of for time."""

from __future__ import annotations

import selectors
import socket
import time
from typing import Callable, List, Sequence, TypeVar

T = TypeVar("T")


def eventually(condition: Callable[[], T], timeout: float = 5.0, interval: float = 0.005) -> T:
    """The last value of `condition()`: true at once when it holds, whatever it is at the deadline."""
    deadline = time.monotonic() + timeout
    while True:
        value = condition()
        if value or time.monotonic() >= deadline:
            return value
        time.sleep(interval)


def wait_until(condition: Callable[[], T], timeout: float = 5.0, message: str = "", interval: float = 0.005) -> T:
    """Fails the test when `condition` does not hold within `timeout` seconds."""
    value = eventually(condition, timeout, interval)
    assert value, message or f"condition did not hold within {timeout} s: {value!r}"
    return value


def holds(condition: Callable[[], object], duration: float = 0.2, interval: float = 0.01) -> bool:
    """True when `condition` stays true for `duration` seconds: for what must not happen."""
    deadline = time.monotonic() + duration
    while time.monotonic() < deadline:
        if not condition():
            return False
        time.sleep(interval)
    return bool(condition())


def readable(sockets: Sequence[socket.socket], timeout: float = 0) -> List[socket.socket]:
    """Those that have something to read, or have been closed by the partner; unlike select() with descriptors of any number."""
    with selectors.DefaultSelector() as selector:
        for one in sockets:
            selector.register(one, selectors.EVENT_READ)
        return [key.fileobj for key, _ in selector.select(timeout)]
