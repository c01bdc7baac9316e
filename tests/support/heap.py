# SPDX-License-Identifier: GPL-3.0-or-later
"""Memory of the process: what malloc has given out, which grows with a leak only, and what is resident, which holds Python's own arenas and
grows with holes in the heap too."""

from __future__ import annotations

import ctypes
import gc
import os
from pathlib import Path
from typing import Callable, Optional


class Mallinfo(ctypes.Structure):
    """struct mallinfo2 of glibc."""

    names = "arena ordblks smblks hblks hblkhd usmblks fsmblks uordblks fordblks keepcost"
    _fields_ = [(name, ctypes.c_size_t) for name in names.split()]


# mallinfo2() takes what lies in the caches of threads for given out, and these fill for a long time.
NO_CACHES = "glibc.malloc.tcache_count=0"
UNKNOWN = f"only glibc 2.33 and later, with GLIBC_TUNABLES={NO_CACHES} as make test has it, tells what malloc has given out"


def _reader() -> Optional[Callable[[], int]]:
    mallinfo = getattr(ctypes.CDLL(None), "mallinfo2", None)
    if mallinfo is None or NO_CACHES not in os.environ.get("GLIBC_TUNABLES", ""):
        return None
    mallinfo.restype = Mallinfo

    def heap_in_use() -> int:
        gc.collect()
        info = mallinfo()
        return info.uordblks + info.hblkhd

    return heap_in_use


def resident_kib() -> int:
    """Now: ru_maxrss is the most ever, and begins with the parent's. Linux only."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 1024


# In octets, of all threads; None where it is UNKNOWN.
heap_in_use = _reader()
