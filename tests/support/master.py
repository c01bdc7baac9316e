# SPDX-License-Identifier: GPL-3.0-or-later
"""RawMaster: a controlling station on a raw socket, for the tests of the Server.

A thread reads all the time (unless `slow` or `paused`) and collects frames; sends come from the test.
"""

from __future__ import annotations

import socket
import ssl
import struct
import threading
import time
from typing import Callable, List, Optional

from . import apci
from . import asdu as codec
from .apci import Apdu
from .asdu import Asdu
from .waiting import eventually, readable


class RawMaster:
    """w: acknowledge after so many I-frames (None: never). slow: seconds to wait before each read of 256 octets. context: TLS."""

    def __init__(
        self,
        port: int,
        ip: str = "127.0.0.1",
        w: Optional[int] = 8,
        slow: float = 0.0,
        oa: int = 0,
        answer_testfr: bool = True,
        receive_buffer: Optional[int] = None,
        context: Optional[ssl.SSLContext] = None,
    ) -> None:
        self.address = (ip, port)
        self.w = w
        self.slow = slow
        self.oa = oa
        self.answer_testfr = answer_testfr
        self.receive_buffer = receive_buffer
        self.context = context
        self.paused = False
        self.received: List[Apdu] = []
        self.closed = threading.Event()
        self.error: Optional[BaseException] = None
        self.send_sequence = 0
        self.receive_sequence = 0
        self.unconfirmed = 0
        self.acknowledged = 0
        self.sock: Optional[socket.socket] = None
        self._lock = threading.RLock()
        self._stopping = False
        self._thread: Optional[threading.Thread] = None

    # Life.

    def __enter__(self) -> RawMaster:
        return self if self.sock is not None else self.connect()

    def __exit__(self, *_: object) -> None:
        self.close()

    def connect(self, timeout: float = 5.0) -> RawMaster:
        family = socket.AF_INET6 if ":" in self.address[0] else socket.AF_INET
        sock = socket.socket(family, socket.SOCK_STREAM)
        if self.receive_buffer is not None:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self.receive_buffer)
        sock.settimeout(timeout)
        sock.connect(self.address)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock = self.context.wrap_socket(sock) if self.context else sock
        self._thread = threading.Thread(target=self._run, name="RawMaster", daemon=True)
        self._thread.start()
        return self

    def close(self, hard: bool = False) -> None:
        self._stopping = True
        sock = self.sock
        if sock is None:
            return
        try:
            if hard:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            else:
                sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(5)
        sock.close()
        self.closed.set()

    # Sending.

    def send_raw(self, octets: bytes) -> bool:
        assert self.sock is not None
        with self._lock:
            try:
                self.sock.sendall(octets)
                return True
            except OSError:
                return False

    def send(self, *asdus: bytes) -> bool:
        with self._lock:
            out = b""
            for octets in asdus:
                out += apci.i_frame(self.send_sequence, self.receive_sequence, octets)
                self.send_sequence = (self.send_sequence + 1) % apci.MODULO
            self.unconfirmed = 0
            return self.send_raw(out)

    def acknowledge(self) -> None:
        with self._lock:
            self.unconfirmed = 0
            self.send_raw(apci.s_frame(self.receive_sequence))

    def u(self, code: int, answer: Optional[int] = None, timeout: float = 5.0) -> None:
        """Sends a U-frame and waits for `answer` to it."""
        before = self.u_frames().count(answer) if answer is not None else 0
        self.send_raw(apci.u_frame(code))
        if answer is not None:
            assert eventually(lambda: self.u_frames().count(answer) > before, timeout), (
                f"no {apci.U_NAMES[answer]}: {self.describe()}"
            )

    def startdt(self, timeout: float = 5.0) -> RawMaster:
        self.u(apci.STARTDT_ACT, apci.STARTDT_CON, timeout)
        return self

    def stopdt(self, timeout: float = 5.0) -> RawMaster:
        self.u(apci.STOPDT_ACT, apci.STOPDT_CON, timeout)
        return self

    def testfr(self, timeout: float = 5.0) -> None:
        self.u(apci.TESTFR_ACT, apci.TESTFR_CON, timeout)

    def interrogate(self, ca: int, qoi: int = 20, timeout: float = 10.0) -> List[Asdu]:
        """A General Interrogation to its ACT_TERM (or its refusal); all ASDUs that came meanwhile, confirmations included."""
        before = len(self.asdus())
        self.send(codec.interrogation(ca, qoi=qoi, oa=self.oa))

        def done() -> bool:
            return any(one.type_id == 100 and (one.cot == codec.ACT_TERM or one.negative) for one in self.asdus()[before:])

        assert eventually(done, timeout), f"no ACT_TERM: {self.describe()}"
        return self.asdus()[before:]

    # Looking.

    def frames(self, kind: Optional[str] = None) -> List[Apdu]:
        with self._lock:
            return [frame for frame in self.received if kind is None or frame.kind == kind]

    def asdus(self, type_id: Optional[int] = None, cot: Optional[int] = None) -> List[Asdu]:
        found = [Asdu(frame.asdu) for frame in self.frames("I")]
        return [one for one in found if (type_id is None or one.type_id == type_id) and (cot is None or one.cot == cot)]

    def u_frames(self) -> List[int]:
        return [frame.raw[2] for frame in self.frames("U")]

    def clear(self) -> None:
        with self._lock:
            self.received.clear()

    def describe(self) -> str:
        return ", ".join(str(frame) for frame in self.frames()[-40:]) + (" (closed)" if self.closed.is_set() else "")

    def wait_asdu(self, type_id: Optional[int] = None, cot: Optional[int] = None, timeout: float = 5.0, count: int = 1) -> Asdu:
        """The count-th ASDU of that type and cause."""
        eventually(lambda: len(self.asdus(type_id, cot)) >= count, timeout)
        found = self.asdus(type_id, cot)
        assert len(found) >= count, f"{len(found)} of {count} ASDUs of type {type_id}, cot {cot}: {self.describe()}"
        return found[count - 1]

    def wait_for(self, predicate: Callable[[Apdu], bool], timeout: float = 5.0) -> Apdu:
        found = eventually(lambda: next((frame for frame in self.frames() if predicate(frame)), None), timeout)
        assert found is not None, "not received: " + self.describe()
        return found

    def wait_closed(self, timeout: float = 5.0) -> bool:
        """True when the server has ended the link within `timeout` seconds."""
        return self.closed.wait(timeout)

    # The thread.

    def _run(self) -> None:
        framer = apci.Framer()
        sock = self.sock
        assert sock is not None
        try:
            while not self._stopping:
                if self.paused:
                    time.sleep(0.01)
                    continue
                if self.slow:
                    time.sleep(self.slow)
                if not readable([sock], 0.1):
                    continue
                data = self._read_tls(sock) if isinstance(sock, ssl.SSLSocket) else sock.recv(256 if self.slow else 65536)
                if data is None:
                    continue
                if not data:
                    break
                for raw in framer.feed(data):
                    self._handle(Apdu(raw, time.monotonic()))
        except (OSError, ValueError) as error:
            self.error = error
        self.closed.set()

    def _read_tls(self, sock: ssl.SSLSocket) -> Optional[bytes]:
        """All that has come; None: no whole record yet, or a ticket. OpenSSL takes no reader beside a writer."""
        with self._lock:
            timeout = sock.gettimeout()
            sock.settimeout(0)
            try:
                data = sock.recv(65536)
                while sock.pending():
                    data += sock.recv(65536)
                return data
            except ssl.SSLWantReadError:
                return None
            finally:
                sock.settimeout(timeout)

    def _handle(self, frame: Apdu) -> None:
        with self._lock:
            if frame.kind == "I":
                self.receive_sequence = (frame.send + 1) % apci.MODULO
                self.unconfirmed += 1
            if frame.kind in "IS":
                self.acknowledged = frame.receive
            self.received.append(frame)
        if frame.kind == "U" and frame.raw[2] == apci.TESTFR_ACT and self.answer_testfr:
            self.send_raw(apci.u_frame(apci.TESTFR_CON))
        elif frame.kind == "I" and self.w is not None and self.unconfirmed >= self.w:
            self.acknowledge()
