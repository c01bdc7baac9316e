# SPDX-License-Identifier: GPL-3.0-or-later
"""make asan and make tsan: whether the module under test is the one with the sanitizer, and whether it lost memory.

LeakSanitizer usually looks when the process has ended, and finds thousands of blocks that CPython does not free. Here it looks while the
interpreter lives: no exit code changes, and what CPython holds can be reached. All but what only a running Python function holds: the
stack of those is mapped memory, which LeakSanitizer does not search. So what counts is what the module itself has allocated.
"""

from __future__ import annotations

import ctypes
import gc
import os
import re
from pathlib import Path
from typing import List

VARIABLE, LOG = "C104_SANITIZED", "C104_SANITIZER_LOG"
CALLED = {"asan": b"__asan_report_load", "tsan": b"__tsan_func_entry"}  # by code built with it
ALLOCATORS = ("libasan.", "libstdc++.", "libc.")

sanitizer = os.environ.get(VARIABLE)


def check_module() -> None:
    """Raises unless the module that is loaded was built with the sanitizer that VARIABLE names."""
    import c104

    assert sanitizer in CALLED, f"{VARIABLE}={sanitizer} is none of {list(CALLED)}"
    module = Path(c104._core.__file__)
    assert CALLED[sanitizer] in module.read_bytes(), f"{module} was not built for {sanitizer}"


def is_ours(block: str) -> bool:
    """Whether the first frame that is not of an allocator is one of the module's. A frame ends with (its module+offset)."""
    modules = re.findall(r"^ +#\d+ .*\(([^()+]*)\+0x", block, re.M)
    return next((name for name in modules if not name.startswith(ALLOCATORS)), "").startswith("_core.")


def lost_memory() -> List[str]:
    """What LeakSanitizer says of each place in the module whose blocks nothing points to."""
    sanitizers = ctypes.CDLL(None)
    gc.collect()
    log = os.environ[LOG]
    sanitizers.__sanitizer_set_report_path(f"{log}-leaks".encode())
    lost = sanitizers.__lsan_do_recoverable_leak_check()
    sanitizers.__sanitizer_set_report_path(log.encode())
    if not lost:
        return []
    report = Path(f"{log}-leaks.{os.getpid()}")
    blocks = report.read_text().split("\n\n")
    report.unlink()
    return [block for block in blocks if is_ours(block)]
