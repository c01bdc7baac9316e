# SPDX-License-Identifier: GPL-3.0-or-later
"""What malloc has given out: grows with a leak only, where the RSS also grows with holes in the heap."""

from __future__ import annotations

import ctypes
import gc
from typing import Callable, Optional


class Mallinfo(ctypes.Structure):
    """struct mallinfo2 of glibc."""

    names = "arena ordblks smblks hblks hblkhd usmblks fsmblks uordblks fordblks keepcost"
    _fields_ = [(name, ctypes.c_size_t) for name in names.split()]


def _reader() -> Optional[Callable[[], int]]:
    mallinfo = getattr(ctypes.CDLL(None), "mallinfo2", None)
    if mallinfo is None:
        return None
    mallinfo.restype = Mallinfo

    def heap_in_use() -> int:
        gc.collect()
        info = mallinfo()
        return info.uordblks + info.hblkhd

    return heap_in_use


# In octets, of all threads; None where there is no mallinfo2().
heap_in_use = _reader()
