# SPDX-License-Identifier: GPL-3.0-or-later
"""Prints the surface of the installed c104 as JSON: {"Class.member": "what it is"}. Runs under either interpreter."""

from __future__ import annotations

import inspect
import json
import re
from typing import Any

import c104

# Members that pybind11 gives to its classes; not part of the surface.
PLUMBING = {
    "__module__",
    "__doc__",
    "__dict__",
    "__weakref__",
    "__entries",
    "__getstate__",
    "__setstate__",
    "__reduce_ex__",
    "__new__",
}
SIGNATURE = re.compile(r"^(?:\d+\. )?(\w+)\((.*)\)( -> .*)?$")


def parameters(text: str) -> list[tuple[str, str]]:
    """Splits "self: c104.Client, port: int = 2404" into names and defaults; types are the stub's business."""
    parts, depth, start = [], 0, 0
    for i, char in enumerate(text):
        depth += char in "[(<{"
        depth -= char in "])>}"
        if char == "," and depth == 0:
            parts.append(text[start:i])
            start = i + 1
    parts.append(text[start:])
    found = []
    for part in parts:
        match = re.match(r"\s*(\*?\w+|\*)\s*(?::[^=]*)?(?:=\s*(.*))?$", part)
        if match and match.group(1) not in ("self", "*", ""):
            found.append((match.group(1), re.sub(r" at 0x\w+", "", match.group(2) or "").strip()))
    return found


def call_forms(function: Any) -> str:
    name = getattr(function, "__name__", "")
    if not getattr(function, "__doc__", None):
        return "undocumented"
    forms = set()
    for line in (getattr(function, "__doc__", None) or "").splitlines():
        match = SIGNATURE.match(line.strip())
        if match and match.group(1) == name:
            args = parameters(match.group(2))
            forms.add("(" + ", ".join(f"{n}={d}" if d else n for n, d in args) + ")")
    return " | ".join(sorted(forms)) or "()"


def member(owner: type, name: str, value: Any) -> str:
    if isinstance(value, property):
        return "property, settable" if value.fset else "property"
    if type(value) is owner:
        return f"member {int(value)}, {value!r}, str {value}, equals its int: {value == int(value)}"
    if callable(value) or hasattr(value, "__func__"):
        bound = getattr(owner, name)
        return "method" if name.startswith("__") and name != "__init__" else f"method {call_forms(bound)}"
    return f"attribute {type(value).__name__}"


def surface() -> dict[str, str]:
    found: dict[str, str] = {"__all__": json.dumps(sorted(c104.__all__))}
    for name in sorted(set(c104.__all__) | {n for n in dir(c104) if "debug" in n or "explain" in n}):
        value = getattr(c104, name)
        if not inspect.isclass(value):
            found[name] = f"function {call_forms(value)}"
            continue
        found[name] = (
            f"class of {value.__module__}, bases {[b.__name__ for b in value.__bases__ if 'pybind11' not in b.__name__ and b is not object]}"
        )
        for key, item in vars(value).items():
            if key not in PLUMBING and not key.startswith("_pybind11"):
                found[f"{name}.{key}"] = member(value, key, item)
    return found


if __name__ == "__main__":
    print(json.dumps(surface(), indent=1, sort_keys=True))
