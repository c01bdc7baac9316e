# SPDX-License-Identifier: GPL-3.0-or-later
"""Sphinx: `make docs` reads the built module and writes build/docs. The table of TypeIDs is made from src/base/types.cpp."""

import re
import sys
from pathlib import Path
from typing import Any, Dict, Iterable, List

DOCS = Path(__file__).resolve().parent
sys.path.insert(0, str(DOCS.parent / "python"))

import c104  # noqa: E402

project = "c104"
author = "the c104 authors"
version = release = c104.__version__
extensions = ["myst_parser", "sphinx.ext.autodoc"]
source_suffix = {".md": "markdown", ".rst": "restructuredtext"}
exclude_patterns = ["requirements.txt", "conftest.py"]
html_theme = "furo"
html_static_path = ["_static"]
html_css_files = ["wide.css"]
highlight_language = "none"  # a block without a language is no Python
html_title = f"c104 {version}"
html_show_copyright = False
myst_heading_anchors = 3
myst_enable_extensions = ["colon_fence"]
autodoc_member_order = "bysource"
autodoc_default_options = {"members": True, "undoc-members": True}

ROW = re.compile(r'\{(\d+), "(\w+)", D::(\w+), K::\w+, T::(\w+), (\d+), (\w+), (\w+), (\w+), (\w+), \d+, "([^"]*)"\}')


def table_of_types() -> str:
    rows = ROW.findall((DOCS.parent / "src/base/types.cpp").read_text(encoding="utf-8"))
    if len(rows) != len(c104.Type.__members__):
        raise RuntimeError(
            f"src/base/types.cpp: {len(rows)} rows were read, c104.Type has {len(c104.Type.__members__)} members"
        )
    server = c104.Server(ip="127.0.0.1", port=0)
    station = server.add_station(common_address=1)
    assert station is not None
    lines = [
        "| TypeID | name | meaning | value | direction | time tag | octets | answers |",
        "|--:|---|---|---|---|---|--:|---|",
    ]
    for number, name, direction, tag, size, _sequence, general, counters, point, text in rows:
        asked = "C_IC" if general == "true" else "C_CI" if counters == "true" else "" if point == "true" else "(1)"
        value = ""
        if point == "true":
            one = station.add_point(io_address=int(number), type=c104.Type(int(number)))
            assert one is not None
            value = f"`{type(one.value).__name__}`"
        time = "" if tag == "none" else tag.upper()
        lines.append(f"| {number} | `{name}` | {text} | {value} | {direction} | {time} | {size} | {asked} |")
    return "\n".join(lines)


MONITOR = re.compile(r'\{(\d+), "(M_\w+)", D::monitor, K::\w+, T::(\w+), \d+, (\w+), (\w+), (\w+), true, (\d+)')


def monitor_direction() -> str:
    """What a server sends by itself: reference/interoperability.md."""
    rows = MONITOR.findall((DOCS.parent / "src/base/types.cpp").read_text(encoding="utf-8"))
    names = {number: name for number, name, *_ in rows}
    lines = ["| TypeID | name | in -104 | report_ms | C_RD | C_IC | C_CI | SQ=1 |", "|--:|---|---|--:|--:|---|--:|---|"]
    for number, name, tag, sequence, general, counters, plain in rows:
        asked = "" if general != "true" else "20" if plain in ("0", number) else f"20, as `{names[plain]}`"
        lines.append(
            f"| {number} | `{name}` | {'no: CP24' if tag == 'cp24' else 'yes'} | 1 | 5 | {asked} "
            f"| {'37' if counters == 'true' else ''} | {'yes' if sequence == 'true' else ''} |"
        )
    return "\n".join(lines)


OBJECTS = ["Client", "Connection", "Server", "ServerConnection", "Station", "Point", "IncomingMessage", "Batch", "Snapshot"]
SETTINGS = ["ProtocolParameters", "TransportSecurity", "PeerCertificate"]


def group_of(name: str) -> str:
    if name in OBJECTS:
        return "Links, stations, points"
    if name in SETTINGS:
        return "Settings"
    if name.endswith("Cmd"):
        return "Commands"
    return "Information" if "Info" in name or name == "StatusAndChanged" else "Numbers"


def autoclass(names: Iterable[str]) -> str:
    return "```{eval-rst}\n" + "\n".join(f".. autoclass:: c104.{name}\n" for name in names) + "```"


def enumerations() -> str:
    return autoclass(name for name in c104.__all__ if hasattr(getattr(c104, name), "__members__"))


def classes() -> str:
    groups: Dict[str, List[str]] = {
        group_of(OBJECTS[0]): list(OBJECTS),
        group_of(SETTINGS[0]): list(SETTINGS),
        "Information": [],
        "Commands": [],
    }
    for name in c104.__all__:
        one = getattr(c104, name)
        if isinstance(one, type) and not hasattr(one, "__members__") and name not in (*OBJECTS, *SETTINGS):
            groups.setdefault(group_of(name), []).append(name)
    return "\n\n".join(f"## {group}\n\n{autoclass(names)}" for group, names in groups.items())


def fill_in(_app: Any, _page: str, source: List[str]) -> None:
    """Puts the text in place of the line with the mark."""
    for mark, text in (
        ("@TYPES@", table_of_types),
        ("@MONITOR@", monitor_direction),
        ("@CLASSES@", classes),
        ("@ENUMERATIONS@", enumerations),
    ):
        if mark in source[0]:
            before, _, rest = source[0].partition(mark)
            source[0] = before + text() + "\n" + rest.partition("\n")[2]


def shorten(_app: Any, what: str, name: str, _value: Any, _options: Any, lines: List[str]) -> None:
    """A property's text begins with its name and type, for help(); the page has the name already."""
    if what == "property" and lines and lines[0].startswith(f"{name.rpartition('.')[2]}: "):
        lines[0] = f"``{lines[0].partition(': ')[2]}``"


def setup(app: Any) -> None:
    app.connect("autodoc-process-docstring", shorten)
    app.connect("source-read", fill_in)
