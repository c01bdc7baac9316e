#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A client with TLS, which says whose certificate the server has shown. Works with tls_server.py, where certificates are explained."""

import argparse
import logging
import sys
import time
from pathlib import Path
from typing import List, Optional

import c104


def security(folder: Path) -> c104.TransportSecurity:
    tls = c104.TransportSecurity(validate=True, only_known=False)
    tls.set_certificate(cert=folder / "client.crt", key=folder / "client.key")
    tls.set_ca_certificate(cert=folder / "ca.crt")
    # The server's certificate must be made out to the address or name that we connect to.
    tls.set_hostname_verification(hostname=True)
    tls.set_version(min=c104.TlsVersion.TLS_1_2)
    return tls


def main(arguments: Optional[List[str]] = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=19998)
    parser.add_argument("--certificates", type=Path, default=Path(), metavar="FOLDER", help="where ca.crt and client.* are")
    parser.add_argument("--seconds", type=float, default=5.0, help="end after this time (default: %(default)s)")
    options = parser.parse_args(arguments)

    # A server that is refused, or refuses us, is told with the reason.
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    try:
        tls = security(options.certificates)
    except ValueError as error:
        print(f"tls_client: {error}", file=sys.stderr)
        return 1

    client = c104.Client(transport_security=tls)
    connection = client.add_connection(host=options.host, port=options.port, init=c104.Init.INTERROGATION)
    assert connection is not None
    station = connection.add_station(common_address=47)
    assert station is not None
    pressure = station.add_point(io_address=11, type=c104.Type.M_ME_NC_1)
    assert pressure is not None

    end = time.monotonic() + options.seconds
    client.start()
    try:
        while connection.state != c104.ConnectionState.OPEN:
            if time.monotonic() > end:
                print(f"not connected: {connection.state.name}", file=sys.stderr)
                return 1
            time.sleep(0.05)
        certificate = connection.peer_certificate
        assert certificate is not None
        print(f"connected to {certificate.subject}, certified by {certificate.issuer} until {certificate.not_after:%Y-%m-%d}")
        print(f"fingerprint {certificate.fingerprint}", flush=True)
        print(f"pressure {pressure.value if pressure.read() else 'not answered'}", flush=True)
    except KeyboardInterrupt:
        pass
    finally:
        client.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
