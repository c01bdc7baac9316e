# SPDX-License-Identifier: GPL-3.0-or-later
"""A TCP proxy on the loopback that breaks links in the ways in which networks do. One thread, one selector."""

from __future__ import annotations

import collections
import heapq
import random
import selectors
import socket
import struct
import threading
import time
from typing import Callable, Counter, Dict, List, Optional, Tuple

FAULTS = ("reset", "close", "stall", "half_frame", "drip", "refuse")
RESET = struct.pack("ii", 1, 0)  # SO_LINGER: close() sends RST
CHUNK = 65536


class Pipe:
    """One direction of a link."""

    def __init__(self, source: socket.socket, sink: socket.socket) -> None:
        self.source, self.sink = source, sink


class Link:
    """A client's socket and the one to the server behind it."""

    def __init__(self, near: socket.socket, far: socket.socket) -> None:
        self.near, self.far = near, far
        self.pipes = {near: Pipe(near, far), far: Pipe(far, near)}
        self.stalled = False
        self.dripping = False
        self.cut_after: Optional[int] = None  # octets that still pass
        self.open = True


class Proxy:
    """Listens on a port of its own for the server at `target`; breaks its links every `interval` seconds on average."""

    def __init__(self, target: int, interval: float, seed: int) -> None:
        self.target = target
        self.interval = interval
        self.random = random.Random(seed)
        self.faults: Counter[str] = collections.Counter()
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.listener.setblocking(False)
        self.port: int = self.listener.getsockname()[1]
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.listener, selectors.EVENT_READ)
        self.links: List[Link] = []
        self.by_socket: Dict[socket.socket, Link] = {}
        self.refuse_until = 0.0
        self.healing = False
        self.timers: List[Tuple[float, int, Callable[[], None]]] = []
        self.timer_count = 0
        self.stopping = False
        self.thread = threading.Thread(target=self._run, name="proxy", daemon=True)
        self.thread.start()

    def heal(self) -> None:
        """No more faults from here on."""
        self.healing = True

    def stop(self) -> None:
        self.stopping = True
        self.thread.join()

    # ------------------------------------------------------------------------------------------ the thread

    def _later(self, delay: float, action: Callable[[], None]) -> None:
        self.timer_count += 1
        heapq.heappush(self.timers, (time.monotonic() + delay, self.timer_count, action))

    def _run(self) -> None:
        self._plan()
        try:
            while not self.stopping:
                wait = self.timers[0][0] - time.monotonic() if self.timers else 0.1
                for key, _ in self.selector.select(max(0.0, min(wait, 0.1))):
                    self._ready(key.fileobj)
                while self.timers and self.timers[0][0] <= time.monotonic():
                    heapq.heappop(self.timers)[2]()
        finally:
            for link in list(self.links):
                self._cut(link, hard=False)
            self.listener.close()
            self.selector.close()

    def _plan(self) -> None:
        self._later(self.random.expovariate(1 / self.interval) + 1, self._fault)

    def _fault(self) -> None:
        self._plan()
        if self.healing or not self.links:
            return
        link = self.random.choice(self.links)
        kind = self.random.choice(FAULTS)
        self.faults[kind] += 1
        if kind == "reset":
            self._cut(link, hard=True)
        elif kind == "close":
            self._cut(link, hard=False)
        elif kind == "half_frame":
            link.cut_after = self.random.randrange(1, 600)
        elif kind == "refuse":
            self.refuse_until = time.monotonic() + self.random.uniform(0.5, 4)
            self._cut(link, hard=True)
        elif kind == "drip":
            link.dripping = True
            self._later(self.random.uniform(1, 5), lambda: self._resume(link))
        else:
            link.stalled = True
            self._watch(link, False)
            # Some last longer than t1, so that both ends give the link up.
            self._later(self.random.uniform(0.5, 8), lambda: self._resume(link))

    def _resume(self, link: Link) -> None:
        if link.open:
            link.stalled = link.dripping = False
            self._watch(link, True)

    def _pause(self, link: Link, source: socket.socket) -> None:
        """No more of this direction for a moment."""
        self.selector.unregister(source)

        def again() -> None:
            if link.open and not link.stalled and source not in self.selector.get_map():
                self.selector.register(source, selectors.EVENT_READ)

        self._later(0.02, again)

    def _watch(self, link: Link, reading: bool) -> None:
        for end in (link.near, link.far):
            registered = end in self.selector.get_map()
            if reading and not registered:
                self.selector.register(end, selectors.EVENT_READ)
            elif not reading and registered:
                self.selector.unregister(end)

    def _ready(self, end: object) -> None:
        if end is self.listener:
            self._accept()
        elif end in self.by_socket:
            self._forward(self.by_socket[end], self.by_socket[end].pipes[end])

    def _accept(self) -> None:
        try:
            near, _ = self.listener.accept()
        except OSError:
            return
        if time.monotonic() < self.refuse_until and not self.healing:
            near.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            near.close()
            return
        try:
            far = socket.create_connection(("127.0.0.1", self.target), timeout=1)
        except OSError:  # the server is stopped for the moment
            near.close()
            return
        for end in (near, far):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            end.settimeout(1)
        link = Link(near, far)
        self.links.append(link)
        self.by_socket[near] = self.by_socket[far] = link
        self._watch(link, True)

    def _forward(self, link: Link, pipe: Pipe) -> None:
        try:
            data = pipe.source.recv(1 if link.dripping else CHUNK)
            if link.cut_after is not None and data:
                data, rest = data[: link.cut_after], data[link.cut_after :]
                link.cut_after -= len(data)
                pipe.sink.sendall(data)
                if rest or link.cut_after == 0:
                    self._cut(link, hard=True)
                return
            if data:
                pipe.sink.sendall(data)
                if link.dripping:
                    self._pause(link, pipe.source)
                return
        except OSError:
            self._cut(link, hard=True)
            return
        self._cut(link, hard=False)

    def _cut(self, link: Link, hard: bool) -> None:
        if not link.open:
            return
        link.open = False
        self.links.remove(link)
        self._watch(link, False)
        for end in (link.near, link.far):
            del self.by_socket[end]
            if hard:
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            end.close()
