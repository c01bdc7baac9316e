# SPDX-License-Identifier: GPL-3.0-or-later
"""make stress: many threads, links that break, partners that misbehave, over plain and TLS links. Each test ends with as many
threads and descriptors as before it; counts agree."""

from __future__ import annotations

import faulthandler
import gc
from pathlib import Path
from typing import Callable, Iterator, List, Optional

import c104
import pytest
from support.certificates import write_all
from support.stress import descriptors, threads
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
def security(request: pytest.FixtureRequest, certificates: Path) -> Callable[[str], Optional[c104.TransportSecurity]]:
    def make(name: str) -> Optional[c104.TransportSecurity]:
        if request.param == "plain":
            return None
        tls = c104.TransportSecurity(validate=True, only_known=False)
        tls.set_certificate(cert=certificates / f"{name}.crt", key=certificates / f"{name}.key")
        tls.set_ca_certificate(cert=certificates / "ca.crt")
        return tls

    return make
