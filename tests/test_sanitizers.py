# SPDX-License-Identifier: GPL-3.0-or-later
"""make asan and make tsan: what they rest on. That LeakSanitizer is read rightly, here and under them."""

from __future__ import annotations

import ctypes

import pytest
from support import sanitizers

LOST = """Direct leak of 64 byte(s) in 2 object(s) allocated from:
    #0 in operator new(unsigned long) ../../src/libsanitizer/asan/asan_new_delete.cpp:95 (libasan.so+0xba3a8)
    #1 in std::string::_M_create(unsigned long&, unsigned long) <null> (libstdc++.so+0x14b1cd)
    #2 in {} ../../src/session/server.cpp:121 ({}+0x355ab)
    #3 in cfunction_vectorcall Objects/methodobject.c:443 (libpython3.11.so.1.0+0x1a7331)"""


@pytest.mark.parametrize(
    "function,module,ours",
    [
        ("c104::Server::start()", "_core.cpython-311-x86_64-linux-gnu.so", True),
        ("operator()(c104::Server&) const", "_core.abi3.so", True),
        ("CRYPTO_zalloc", "libcrypto.so.3", False),
    ],
)
def test_what_the_module_allocated_is_ours(function: str, module: str, ours: bool) -> None:
    assert sanitizers.is_ours(LOST.format(function, module)) is ours


@pytest.mark.skipif(sanitizers.sanitizer != "asan", reason="only the address sanitizer looks for leaks")
def test_a_lost_block_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sanitizers, "is_ours", lambda block: "ffi" in block)
    libc = ctypes.CDLL(None)
    libc.malloc.restype = ctypes.c_void_p
    libc.malloc(12345)
    assert any("12345 byte(s)" in block for block in sanitizers.lost_memory())
