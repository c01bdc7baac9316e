# SPDX-License-Identifier: GPL-3.0-or-later
"""Certificates and keys for the TLS tests: `python certificates.py DIRECTORY` writes them all as PEM files."""

from __future__ import annotations

import datetime
import ipaddress
import sys
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

DAY = datetime.timedelta(days=1)
PASSPHRASE = "open sesame"


def make_key(kind: str):
    if kind == "rsa":
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)
    if kind == "rsa1024":
        return rsa.generate_private_key(public_exponent=65537, key_size=1024)
    return ec.generate_private_key(ec.SECP384R1() if kind == "p384" else ec.SECP256R1())


class Authority:
    def __init__(self, name: str, kind: str = "ec", signer: Authority | None = None) -> None:
        self.key = make_key(kind)
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        issuer, signing_key = (signer.name, signer.key) if signer else (self.name, self.key)
        self.certificate = (
            builder(self.name, issuer, self.key)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(signing_key, hashes.SHA256())
        )


def builder(subject, issuer, key, start=-DAY, end=30 * DAY):
    now = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + start)
        .not_valid_after(now + end)
    )


class Writer:
    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def certificate(self, name: str, *chain: x509.Certificate) -> None:
        pem = b"".join(each.public_bytes(serialization.Encoding.PEM) for each in chain)
        (self.directory / f"{name}.crt").write_bytes(pem)

    def key(self, name: str, key, passphrase: str | None = None) -> None:
        protection = serialization.BestAvailableEncryption(passphrase.encode()) if passphrase else serialization.NoEncryption()
        pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, protection)
        (self.directory / f"{name}.key").write_bytes(pem)

    def revocations(self, name: str, authority: Authority, *revoked: x509.Certificate, end=30 * DAY) -> None:
        """A list of `authority`, which ends (next update) after `end`."""
        now = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
        made = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(authority.name)
            .last_update(now - 2 * DAY)
            .next_update(now + end)
        )
        for each in revoked:
            entry = x509.RevokedCertificateBuilder().serial_number(each.serial_number).revocation_date(now - DAY).build()
            made = made.add_revoked_certificate(entry)
        pem = made.sign(authority.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
        (self.directory / f"{name}.crl").write_bytes(pem)

    def leaf(self, name, authority, kind="ec", hosts=(), usage=None, start=-DAY, end=30 * DAY, also=()) -> x509.Certificate:
        key = make_key(kind)
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        issuer, signing_key = (authority.name, authority.key) if authority else (subject, key)
        made = builder(subject, issuer, key, start, end)
        made = made.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        if hosts:
            made = made.add_extension(x509.SubjectAlternativeName([general_name(each) for each in hosts]), critical=False)
        if usage:
            made = made.add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
        signed = made.sign(signing_key, hashes.SHA256())
        self.certificate(name, signed, *also)
        self.key(name, key)
        return signed


def general_name(text: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(text))
    except ValueError:
        return x509.DNSName(text)


def write_all(directory: Path) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    to = Writer(directory)
    ca = Authority("Test CA")
    rsa_ca = Authority("RSA CA", "rsa")
    foreign = Authority("Foreign CA")
    middle = Authority("Intermediate CA", signer=ca)
    to.certificate("ca", ca.certificate)
    to.certificate("rsa_ca", rsa_ca.certificate)
    to.certificate("foreign_ca", foreign.certificate)
    to.certificate("both_cas", ca.certificate, rsa_ca.certificate)
    names = ("localhost", "127.0.0.1", "::1", "station.example", "*.wild.example", "xn--mnchen-3ya.example")
    to.leaf("server", ca, hosts=names, usage=ExtendedKeyUsageOID.SERVER_AUTH)
    everywhere = [f"127.0.0.{number}" for number in range(1, 255)]
    to.leaf("server_everywhere", ca, hosts=everywhere, usage=ExtendedKeyUsageOID.SERVER_AUTH)
    to.leaf("server_rsa", rsa_ca, "rsa", hosts=names)
    to.leaf("server_p384", ca, "p384", hosts=names)
    to.leaf("server_chain", middle, hosts=names, also=(middle.certificate,))
    to.leaf("client", ca, usage=ExtendedKeyUsageOID.CLIENT_AUTH)
    to.leaf("client_rsa", rsa_ca, "rsa")
    to.leaf("client2", ca)
    to.leaf("foreign", foreign, hosts=names)
    to.leaf("selfsigned", None, hosts=names)
    to.leaf("expired", ca, hosts=names, start=-20 * DAY, end=-10 * DAY)
    to.leaf("future", ca, hosts=names, start=10 * DAY)
    to.leaf("weak", ca, "rsa1024", hosts=names)
    weak_ca = Authority("Weak CA", "rsa1024")
    to.certificate("weak_ca", weak_ca.certificate)
    to.leaf("of_weak_ca", weak_ca, hosts=names)
    revoked = to.leaf("revoked", ca, hosts=names)
    to.revocations("ca", ca, revoked)
    to.revocations("ca_nobody", ca)
    to.revocations("ca_expired", ca, revoked, end=-DAY)
    to.revocations("foreign_ca", foreign)
    key = serialization.load_pem_private_key((directory / "client.key").read_bytes(), None)
    to.key("client_locked", key, PASSPHRASE)
    for name in ("client", "server_rsa"):
        key = serialization.load_pem_private_key((directory / f"{name}.key").read_bytes(), None)
        legacy = serialization.PrivateFormat.TraditionalOpenSSL
        locked = key.private_bytes(
            serialization.Encoding.PEM, legacy, serialization.BestAvailableEncryption(PASSPHRASE.encode())
        )
        (directory / f"{name}_legacy.key").write_bytes(locked)
    certificate = x509.load_pem_x509_certificate((directory / "ca.crt").read_bytes())
    (directory / "ca.der").write_bytes(certificate.public_bytes(serialization.Encoding.DER))
    (directory / "garbage.crt").write_text("root:x:0:0:root:/root:/bin/bash\n")
    (directory / "damaged.crt").write_bytes((directory / "ca.crt").read_bytes()[:150] + b"\n-----END CERTIFICATE-----\n")
    (directory / "empty.crt").write_bytes(b"")


if __name__ == "__main__":
    write_all(Path(sys.argv[1]))
