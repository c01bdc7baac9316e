# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that are not what they should be: each call says which file, and why."""

import os
import random
import re

import c104
import pytest

x509 = pytest.importorskip("cryptography.x509")

CALLS = {
    "certificate": lambda tls, file, certs: tls.set_certificate(file, certs("client.key")),
    "private key": lambda tls, file, certs: tls.set_certificate(certs("client.crt"), file),
    "CA certificate": lambda tls, file, certs: tls.set_ca_certificate(file),
    "allowed": lambda tls, file, certs: tls.add_allowed_remote_certificate(file),
    "certificate revocation list": lambda tls, file, certs: tls.add_revocation_list(file),
}
KINDS = {"allowed": "certificate"}
CERTIFICATES = ("certificate", "CA certificate", "allowed")


@pytest.fixture
def bad(certs, tmp_path):
    """bad("noise"): the path of such a file."""

    def octets(name):
        with open(certs(name), "rb") as file:
            return file.read()

    def cut(pem):
        """The base64 ends in the middle of a group of four."""
        head, *lines, foot = pem.splitlines()
        return b"\n".join([head, *lines[:-2], lines[-2][:31], foot, b""])

    def make(kind):
        path = tmp_path / f"{kind}.pem"
        if kind == "directory":
            path.mkdir()
        elif kind == "pipe":
            os.mkfifo(path)
        elif kind == "endless":
            path.symlink_to("/dev/zero")
        elif kind == "secret":
            path.write_bytes(octets("client.crt"))
            path.chmod(0)
        elif kind != "missing":
            der = x509.load_pem_x509_certificate(octets("client.crt")).public_bytes(encoding())
            path.write_bytes(
                {
                    "empty": b"",
                    "noise": random.Random(7).randbytes(10 * 1024 * 1024),
                    "zeros": bytes(100),
                    "huge": b"-----BEGIN CERTIFICATE-----\n" + b"A" * 17 * 1024 * 1024,
                    "key": octets("client.key"),
                    "crt": octets("client.crt"),
                    "crl": octets("ca.crl"),
                    "cut crt": cut(octets("client.crt")),
                    "cut key": cut(octets("client.key")),
                    "cut crl": cut(octets("ca.crl")),
                    "endless crt": octets("client.crt").replace(b"-----END CERTIFICATE-----", b""),
                    "half der": der[: len(der) // 2],
                    "one good one bad": octets("ca.crt") + cut(octets("client.crt")),
                }[kind]
            )
        return str(path)

    return make


def encoding():
    from cryptography.hazmat.primitives.serialization import Encoding

    return Encoding.DER


EVERYWHERE = {
    "missing": "does not exist",
    "empty": "is empty",
    "directory": "is a directory",
    "pipe": "is not a regular file",
    "endless": "is not a regular file",
    "noise": "neither a PEM nor a DER",
    "zeros": "neither a PEM nor a DER",
    "huge": "is too large",
}
CASES = [(call, kind, text) for call in CALLS for kind, text in EVERYWHERE.items()]
CASES += [(call, "key", "holds no certificate") for call in CERTIFICATES]
CASES += [(call, "crl", "holds no certificate") for call in CERTIFICATES]
CASES += [(call, "cut crt", "PEM text is damaged") for call in CERTIFICATES]
CASES += [(call, "endless crt", "PEM text is damaged|neither a PEM nor a DER") for call in CERTIFICATES]
CASES += [(call, "half der", "neither a PEM nor a DER") for call in CERTIFICATES]
CASES += [(call, "one good one bad", "1 of the certificates in it cannot be understood") for call in CERTIFICATES]
CASES += [
    ("private key", "crt", "neither a PEM nor a DER private key|holds no private key"),
    ("private key", "cut key", "PEM text is damaged"),
    ("certificate revocation list", "crt", "holds no revocation list"),
    ("certificate revocation list", "key", "holds no revocation list"),
    ("certificate revocation list", "cut crl", "PEM text is damaged"),
]


@pytest.mark.parametrize("call, kind, text", CASES)
def test_files_that_cannot_be_used(call, kind, text, bad, certs):
    tls = c104.TransportSecurity()
    path = bad(kind)
    with pytest.raises(ValueError) as caught:
        CALLS[call](tls, path, certs)
    assert re.fullmatch(f"{KINDS.get(call, call)} file '{re.escape(path)}' cannot be used: .*({text}).*", str(caught.value))
    assert "-0x" not in str(caught.value)  # words, not mbedTLS's numbers


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
@pytest.mark.parametrize("call", CALLS)
def test_files_that_may_not_be_read(call, bad, certs):
    path = bad("secret")
    with pytest.raises(ValueError, match=r"secret\.pem.*cannot be opened \(permissions\?\)"):
        CALLS[call](c104.TransportSecurity(), path, certs)


def test_what_was_refused_leaves_what_was_good(bad, certs, security, context, serve):
    from support.tls import dial, talks

    tls = security("server", "ca.crt")
    for call, kind, _ in CASES:
        with pytest.raises(ValueError):
            CALLS[call](tls, bad_once(bad, kind), certs)
    server = serve(tls)
    with dial(context(False, "client", ca="ca.crt"), server.port) as link:
        assert talks(link)


def bad_once(bad, kind, _made={}):  # noqa: B006, one file of each kind
    if (bad, kind) not in _made:
        _made[bad, kind] = bad(kind)
    return _made[bad, kind]


# ------------------------------------------------------------------------------------------------ names


@pytest.mark.parametrize("name", ["münchen.example", "станция.example"])
def test_names_that_need_their_ascii_form(name):
    with pytest.raises(ValueError, match=r"ASCII.*xn--"):
        c104.TransportSecurity().set_hostname_verification(name)
