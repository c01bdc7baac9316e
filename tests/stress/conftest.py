# SPDX-License-Identifier: GPL-3.0-or-later
"""make stress: many threads, links that break, partners that misbehave, over plain and TLS links. Each test ends with as many
threads and descriptors as before it; counts agree."""

from __future__ import annotations

import faulthandler
import gc
import ssl
from pathlib import Path
from typing import Callable, Iterator, List, Optional

import c104
import pytest
from support.certificates import write_all
from support.stress import descriptors, threads, tls_context, transport_security
from support.waiting import eventually


def pytest_collection_modifyitems(items: List[pytest.Item]) -> None:
    for item in items:
        item.add_marker(pytest.mark.timeout(600))


@pytest.fixture(autouse=True)
def nothing_is_left() -> Iterator[None]:
    faulthandler.enable()
    gc.collect()
    before = (threads(), descriptors())
    yield
    gc.collect()
    assert eventually(lambda: threads() <= before[0] and descriptors() <= before[1], 10), (before, threads(), descriptors())


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("certificates")
    write_all(folder)
    return folder


@pytest.fixture(params=["plain", "TLS"])
def secured(request: pytest.FixtureRequest) -> bool:
    return bool(request.param == "TLS")


@pytest.fixture
def security(secured: bool, certificates: Path) -> Callable[[str], Optional[c104.TransportSecurity]]:
    return lambda name: transport_security(certificates, name) if secured else None


@pytest.fixture
def server_context(certificates: Path) -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(certificates / "server_everywhere.crt", certificates / "server_everywhere.key")
    made.load_verify_locations(certificates / "ca.crt")
    made.verify_mode = ssl.CERT_REQUIRED
    return made


@pytest.fixture
def station_context(secured: bool, server_context: ssl.SSLContext) -> Optional[ssl.SSLContext]:
    """For stations that are not ours."""
    return server_context if secured else None


@pytest.fixture
def context(secured: bool, certificates: Path) -> Optional[ssl.SSLContext]:
    return tls_context(certificates) if secured else None
