# SPDX-License-Identifier: GPL-3.0-or-later
"""RawStation: a controlled station on a raw socket, with as many bad manners as a test needs.

One thread serves all links. Sends may come from any thread. Nothing here uses c104.
"""

from __future__ import annotations

import selectors
import socket
import ssl
import struct
import threading
import time
from contextlib import suppress
from typing import Callable, Dict, List, Optional

from . import apci
from . import asdu as codec
from .apci import Apdu
from .asdu import Asdu
from .manners import MODES
from .waiting import eventually

Handler = Callable[["StationLink", Asdu], None]

# Where the octet with the S/E bit stands in a command's element.
QUALIFIER_AT = {45: 0, 46: 0, 47: 0, 48: 2, 49: 2, 50: 4, 58: 0, 59: 0, 60: 0, 61: 2, 62: 2, 63: 4}


class StationLink:
    """One accepted connection."""

    def __init__(self, station: RawStation, sock: socket.socket, number: int) -> None:
        self.station = station
        self.sock = sock
        self.number = number
        self.framer = apci.Framer()
        self.started = False
        self.closed = False
        self.send_sequence = 0
        self.receive_sequence = 0
        self.acknowledged = 0
        self.unconfirmed = 0
        self.dripping = b""
        self.drip_at = 0.0
        self.lock = threading.RLock()

    def send_raw(self, octets: bytes) -> bool:
        with self.lock:
            if self.closed:
                return False
            try:
                self.sock.sendall(octets)
                return True
            except OSError:
                return False

    def send(self, *asdus: bytes) -> bool:
        """I-frames, one for each ASDU, in one write."""
        with self.lock:
            out = b""
            for octets in asdus:
                out += apci.i_frame(self.send_sequence, self.receive_sequence, octets)
                self.send_sequence = (self.send_sequence + 1) % apci.MODULO
            self.unconfirmed = 0
            return self.send_raw(out)

    def acknowledge(self) -> None:
        with self.lock:
            self.unconfirmed = 0
            self.send_raw(apci.s_frame(self.receive_sequence))

    def drip(self, octets: bytes) -> None:
        """An octet a second from now on, instead of what dripped before."""
        self.dripping = octets
        self.drip_at = time.monotonic()

    def shut(self, hard: bool = False) -> None:
        with self.lock:
            if self.closed:
                return
            self.closed = True
            self.station._forget(self)
            with suppress(OSError):
                if hard:
                    self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                else:
                    self.sock.shutdown(socket.SHUT_RDWR)
            self.sock.close()


class RawStation:
    """Listens on 127.0.0.1 from `with` to its end; `port` is free to choose by the kernel.

    w: acknowledge after so many I-frames (None: never). Every I-frame it sends acknowledges too. context: TLS. addresses: how many,
    from 127.0.0.1 on.
    """

    def __init__(
        self,
        ca: int = 1,
        w: Optional[int] = 1,
        mode: str = "normal",
        family: int = socket.AF_INET,
        context: Optional[ssl.SSLContext] = None,
        addresses: int = 1,
    ) -> None:
        assert mode in MODES, mode
        self.ca = ca
        self.w = w
        self.mode = mode
        self.context = context
        self.gi_data: List[bytes] = []
        self.counter_data: List[bytes] = []
        self.read_data: Dict[int, bytes] = {}
        self.answer_testfr = True
        self.terminate_commands = True
        self.received: List[Apdu] = []
        self.links: List[StationLink] = []
        self.accepted = 0
        self.accepted_at: List[float] = []
        self.closed_by_client: List[int] = []
        self.errors: List[BaseException] = []
        self.handlers: Dict[int, Handler] = {
            100: self.answer_interrogation,
            101: self.answer_counters,
            102: self.answer_read,
            103: self.confirm,
            104: self.confirm,
            107: self.confirm,
        }
        for type_id in codec.COMMANDS:
            self.handlers[type_id] = self.answer_command
        self.port = 0
        self._listeners: List[socket.socket] = []
        for number in range(addresses):
            listener = socket.socket(family, socket.SOCK_STREAM)
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((f"127.0.0.{number + 1}" if family == socket.AF_INET else "::1", self.port))
            self.port = listener.getsockname()[1]
            self._listeners.append(listener)
        self._selector = selectors.DefaultSelector()
        self._lock = threading.RLock()
        self._stopping = False
        self._thread: Optional[threading.Thread] = None
        self._wake_read, self._wake_write = socket.socketpair()

    # Life.

    def __enter__(self) -> RawStation:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> RawStation:
        if self._thread is None:
            for listener in self._listeners:
                listener.listen(512)
                self._selector.register(listener, selectors.EVENT_READ, None)
            self._selector.register(self._wake_read, selectors.EVENT_READ, None)
            self._thread = threading.Thread(target=self._run, name="RawStation", daemon=True)
            self._thread.start()
        return self

    def stop(self) -> None:
        if self._stopping:
            return
        self._stopping = True
        self._wake_write.send(b"x")
        if self._thread is not None:
            self._thread.join(5)
        self.drop()
        for listener in self._listeners:
            listener.close()
        self._selector.close()
        self._wake_read.close()
        self._wake_write.close()

    def refuse(self) -> None:
        """No listener any more: dials are refused. Links stay."""
        with self._lock:
            for listener in self._listeners:
                with suppress(KeyError, ValueError):
                    self._selector.unregister(listener)
                listener.close()

    # What a test does.

    @property
    def link(self) -> StationLink:
        """The newest link."""
        return self.links[-1]

    @property
    def started(self) -> bool:
        return any(link.started for link in list(self.links))

    def send(self, *asdus: bytes) -> bool:
        return self.link.send(*asdus)

    def send_raw(self, octets: bytes) -> bool:
        return self.link.send_raw(octets)

    def drop(self) -> None:
        """Ends all links in the polite way (FIN)."""
        for link in list(self.links):
            link.shut()

    def reset(self) -> None:
        """Ends all links with RST."""
        for link in list(self.links):
            link.shut(hard=True)

    def on(self, type_id: int, handler: Handler) -> None:
        self.handlers[type_id] = handler

    def clear(self) -> None:
        with self._lock:
            self.received.clear()

    # What a test looks at.

    def frames(self, kind: Optional[str] = None, link: Optional[int] = None) -> List[Apdu]:
        with self._lock:
            return [
                frame
                for frame in self.received
                if (kind is None or frame.kind == kind) and (link is None or frame.link == link)
            ]

    def i_frames(self, type_id: Optional[int] = None, link: Optional[int] = None) -> List[Asdu]:
        found = [Asdu(frame.asdu) for frame in self.frames("I", link)]
        return [one for one in found if type_id is None or one.type_id == type_id]

    def u_frames(self, link: Optional[int] = None) -> List[int]:
        return [frame.raw[2] for frame in self.frames("U", link)]

    def wait_for(self, predicate: Callable[[Apdu], bool], timeout: float = 5.0) -> Apdu:
        found = eventually(lambda: next((frame for frame in self.frames() if predicate(frame)), None), timeout)
        assert found is not None, "not received: " + ", ".join(map(str, self.frames()))
        return found

    def wait_asdu(self, type_id: int, timeout: float = 5.0, count: int = 1) -> Asdu:
        """The count-th ASDU of that type."""
        eventually(lambda: len(self.i_frames(type_id)) >= count, timeout)
        found = self.i_frames(type_id)
        assert len(found) >= count, f"{len(found)} of {count} ASDUs of type {type_id}: " + ", ".join(map(str, self.frames()))
        return found[count - 1]

    # Answers.

    def _ca_for(self, request: Asdu) -> int:
        return self.ca if request.ca == 0xFFFF else request.ca

    def confirm(self, link: StationLink, request: Asdu) -> None:
        link.send(request.mirrored(codec.ACT_CON, ca=self._ca_for(request)))

    def answer_interrogation(self, link: StationLink, request: Asdu) -> None:
        self._answer_all(link, request, self.gi_data)

    def answer_counters(self, link: StationLink, request: Asdu) -> None:
        self._answer_all(link, request, self.counter_data)

    def _answer_all(self, link: StationLink, request: Asdu, data: List[bytes]) -> None:
        ca = self._ca_for(request)
        if request.cot == codec.DEACT:
            link.send(request.mirrored(codec.DEACT_CON, ca=ca))
            return
        link.send(request.mirrored(codec.ACT_CON, ca=ca), *data, request.mirrored(codec.ACT_TERM, ca=ca))

    def answer_read(self, link: StationLink, request: Asdu) -> None:
        found = self.read_data.get(request.io_address)
        link.send(request.mirrored(codec.UNKNOWN_IOA, negative=True) if found is None else found)

    def answer_command(self, link: StationLink, request: Asdu) -> None:
        if request.cot == codec.DEACT:
            link.send(request.mirrored(codec.DEACT_CON))
            return
        qualifier = QUALIFIER_AT.get(request.type_id)
        select = qualifier is not None and bool(request.element[qualifier] & 0x80)
        answers = [request.mirrored(codec.ACT_CON)]
        if self.terminate_commands and not select:
            answers.append(request.mirrored(codec.ACT_TERM))
        link.send(*answers)

    # The thread.

    def _run(self) -> None:
        while not self._stopping:
            try:
                ready = self._selector.select(0.5)
            except OSError:
                continue
            self._drip()
            for key, _ in ready:
                if self._stopping:
                    return
                try:
                    if key.fileobj is self._wake_read:
                        self._wake_read.recv(64)
                    elif key.data is None:
                        self._accept(key.fileobj)
                    else:
                        self._read(key.data)
                except OSError:
                    pass
                except Exception as error:  # a broken handler is the test's to see
                    self.errors.append(error)

    def _accept(self, listener: socket.socket) -> None:
        sock, _ = listener.accept()
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.settimeout(5)
        if self.context is not None:
            sock = self.context.wrap_socket(sock, server_side=True)
        with self._lock:
            link = StationLink(self, sock, self.accepted)
            self.links.append(link)
            self._selector.register(sock, selectors.EVENT_READ, link)
            self.accepted_at.append(time.monotonic())
            self.accepted += 1
        self._misbehaves("accept", link)

    def _misbehaves(self, event: str, link: StationLink) -> bool:
        deed = MODES[self.mode].get(event)
        if deed is not None:
            deed(link)
        return deed is not None

    def _drip(self) -> None:
        now = time.monotonic()
        for link in list(self.links):
            if link.dripping and now >= link.drip_at:
                link.send_raw(link.dripping[:1])
                link.dripping = link.dripping[1:]
                link.drip_at += 1

    def _forget(self, link: StationLink) -> None:
        with self._lock:
            if link in self.links:
                self.links.remove(link)
            with suppress(KeyError, ValueError):
                self._selector.unregister(link.sock)

    def _read(self, link: StationLink) -> None:
        try:
            data = link.sock.recv(65536)
        except OSError:
            data = b""
        if not data:
            if not link.closed:
                self.closed_by_client.append(link.number)
            link.shut()
            return
        if self._misbehaves("octets", link):
            return
        for raw in link.framer.feed(data):
            frame = Apdu(raw, time.monotonic(), link.number)
            with self._lock:
                self.received.append(frame)
            self._handle(link, frame)
            if link.closed:
                return

    def _handle(self, link: StationLink, frame: Apdu) -> None:
        if self._misbehaves("frame", link):
            return
        if frame.kind == "U":
            self._handle_u(link, frame.raw[2])
        elif frame.kind == "S":
            link.acknowledged = frame.receive
        elif not self._misbehaves("asdu", link):
            self._handle_i(link, frame)

    def _handle_u(self, link: StationLink, code: int) -> None:
        if code == apci.STARTDT_ACT:
            if not self._misbehaves("startdt", link):
                link.started = True
                link.send_raw(apci.u_frame(apci.STARTDT_CON))
        elif code == apci.STOPDT_ACT:
            link.started = False
            if link.unconfirmed:
                link.acknowledge()
            link.send_raw(apci.u_frame(apci.STOPDT_CON))
        elif code == apci.TESTFR_ACT and self.answer_testfr:
            link.send_raw(apci.u_frame(apci.TESTFR_CON))

    def _handle_i(self, link: StationLink, frame: Apdu) -> None:
        with link.lock:
            link.receive_sequence = (frame.send + 1) % apci.MODULO
            link.acknowledged = frame.receive
            link.unconfirmed += 1
        request = Asdu(frame.asdu)
        handler = self.handlers.get(request.type_id)
        if handler is not None:
            handler(link, request)
        if self.w is not None and link.unconfirmed >= self.w and not link.closed:
            link.acknowledge()
