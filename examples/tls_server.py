#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A server with TLS: both sides show a certificate of the same authority. Works with tls_client.py.

Certificates to try it with, from OpenSSL 3 (real ones come from the authority of your company):

    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj "/CN=Plant CA" -keyout ca.key -out ca.crt
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj "/CN=rtu7" \
        -addext "subjectAltName=DNS:localhost,IP:127.0.0.1" -addext "basicConstraints=critical,CA:FALSE" \
        -CA ca.crt -CAkey ca.key -keyout server.key -out server.crt
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj "/CN=control-centre" \
        -addext "basicConstraints=critical,CA:FALSE" -CA ca.crt -CAkey ca.key -keyout client.key -out client.crt

Renewed certificates are taken over without a restart: kill -HUP its process.
"""

import argparse
import logging
import signal
import sys
import threading
import time
from pathlib import Path
from types import FrameType
from typing import List, Optional

import c104


def security(folder: Path) -> c104.TransportSecurity:
    """Who has a certificate of our authority may connect. only_known=True would also want it in a list."""
    tls = c104.TransportSecurity(validate=True, only_known=False)
    tls.set_certificate(cert=folder / "server.crt", key=folder / "server.key")
    tls.set_ca_certificate(cert=folder / "ca.crt")
    revoked = folder / "ca.crl"
    if revoked.exists():
        tls.add_revocation_list(crl=revoked)
    return tls


def main(arguments: Optional[List[str]] = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ip", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=19998)
    parser.add_argument("--certificates", type=Path, default=Path(), metavar="FOLDER", help="where ca.crt and server.* are")
    parser.add_argument("--seconds", type=float, help="end after this time")
    options = parser.parse_args(arguments)

    # Who is refused, and why, stands in the log.
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    try:
        tls = security(options.certificates)
    except ValueError as error:
        print(f"tls_server: {error}", file=sys.stderr)
        return 1

    server = c104.Server(ip=options.ip, port=options.port, transport_security=tls)
    station = server.add_station(common_address=47)
    assert station is not None
    pressure = station.add_point(io_address=11, type=c104.Type.M_ME_NC_1, report_ms=1000)
    assert pressure is not None
    pressure.value = 16.5

    renewed = threading.Event()

    def on_hangup(number: int, frame: Optional[FrameType]) -> None:
        renewed.set()

    signal.signal(signal.SIGHUP, on_hangup)

    server.start()
    print(f"listening on {server.ip}:{server.port}", flush=True)
    try:
        deadline = None if options.seconds is None else time.monotonic() + options.seconds
        while deadline is None or time.monotonic() < deadline:
            if renewed.wait(0.1):
                renewed.clear()
                try:
                    tls.reload()
                    print("certificates read again", flush=True)
                except ValueError as error:  # the old ones remain
                    print(f"tls_server: {error}", file=sys.stderr)
    except KeyboardInterrupt:
        pass
    finally:
        server.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
