# SPDX-License-Identifier: GPL-3.0-or-later
"""Looking at counters."""

from __future__ import annotations

from typing import Any, Dict, List


def numbers(counters: Dict[str, Any]) -> List[Any]:
    """All numbers of the dict, those of dicts in it included."""
    return [n for entry in counters.values() for n in (entry.values() if isinstance(entry, dict) else [entry])]


def counted(numbered: Dict[str, int]) -> Dict[str, int]:
    """Without zeros."""
    return {name: count for name, count in numbered.items() if count}
