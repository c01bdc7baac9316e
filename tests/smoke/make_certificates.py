#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes tests/smoke/certificates anew: an authority and one certificate for both ends, for the loopback only. Needs cryptography.

They are kept in the tree, keys too, because the smoke tests run where there is nothing but Python and c104.
"""

from __future__ import annotations

import datetime
import ipaddress
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

FOLDER = Path(__file__).parent / "certificates"
HEADER = b"SPDX-License-Identifier: GPL-3.0-or-later\nFor tests on the loopback. The key is public: trust it nowhere.\n"
START = datetime.datetime(2020, 1, 1)
END = datetime.datetime(2120, 1, 1)


def name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def certificate(subject: str, issuer: str, key: ec.EllipticCurvePrivateKey, signer: ec.EllipticCurvePrivateKey) -> bytes:
    authority = subject == issuer
    builder = (
        x509.CertificateBuilder()
        .subject_name(name(subject))
        .issuer_name(name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(START)
        .not_valid_after(END)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    )
    if not authority:
        address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
        builder = builder.add_extension(x509.SubjectAlternativeName([address]), critical=False)
    return builder.sign(signer, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    ca_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (FOLDER / "ca.pem").write_bytes(HEADER + certificate("c104 smoke tests", "c104 smoke tests", ca_key, ca_key))
    (FOLDER / "station.pem").write_bytes(HEADER + certificate("c104 station", "c104 smoke tests", key, ca_key))
    (FOLDER / "station.key").write_bytes(HEADER + private)


if __name__ == "__main__":
    main()
