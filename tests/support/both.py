# SPDX-License-Identifier: GPL-3.0-or-later
"""The same expressions under this interpreter and under the one that has the published c104."""

from __future__ import annotations

import datetime
from typing import Any, List

# Runs under both; an exception that is two classes at once shows as the first builtin one, which is the peer's.
SHOW = r"""
def show(expression, names):
    import re
    try:
        value = eval(expression, names)
    except Exception as error:
        return "raises " + next(c.__name__ for c in type(error).__mro__ if c.__module__ == "builtins")
    text = re.sub(r"processed_at=[-0-9T:.+]+", "processed_at=..", repr(value))
    return type(value).__name__ + " " + re.sub(r"0x[0-9a-f]{6,}", "0x..", text)
"""
exec(SHOW)

__all__ = ["ask_peer", "differences", "outcome"]


def outcome(expression: str, **names: Any) -> str:
    """Class and repr of the value, or "raises X"."""
    import c104

    return globals()["show"](expression, {"c104": c104, "datetime": datetime, **names})


def ask_peer(peer: Any, code: str, timeout: float = 20.0) -> Any:
    """What the snippet says as `answer`, from the published c104 for sure."""
    check = "import c104\nassert not hasattr(c104, '_core'), c104.__file__\n"
    return peer(check + code).ask(timeout)["answer"]


def differences(peer: Any, expressions: List[str], timeout: float = 20.0) -> List[str]:
    """What the published c104 (the fixture `peer`) answers otherwise than ours."""
    code = f"{SHOW}\nimport datetime\nsay(answer=[show(e, dict(c104=c104, datetime=datetime)) for e in {expressions!r}])"
    theirs = ask_peer(peer, code, timeout)
    ours = [outcome(e) for e in expressions]
    return [f"{e}: peer {a}, ours {b}" for e, a, b in zip(expressions, theirs, ours) if a != b]
