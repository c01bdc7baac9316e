# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the demonstration and writes what it shows as docs/demo.svg: make picture."""

from __future__ import annotations

import io
import re
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import Callable, Generator, List, Tuple

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "examples"))
import demo  # noqa: E402


class Picture(demo.RichDisplay):
    """The table once, as it was at the end."""

    @contextmanager
    def live(self, rows: Callable[[], List[Tuple[str, ...]]]) -> Generator[None, None, None]:
        yield
        self.console.print(self.table(rows()))


def main() -> None:
    console = Console(record=True, width=112, file=io.StringIO(), force_terminal=True)
    console.print("$ make demo", highlight=False)
    with demo.simulated_substation(0) as port:
        demo.watch("127.0.0.1", port, 10.0, 5.0, True, Picture(console))
    # The fonts of the machine that shows it: a picture fetches nothing.
    form = re.sub(r"@font-face \{\{.*?\}\}\s*", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)
    console.save_svg(str(ROOT / "docs/demo.svg"), title="c104", code_format=form, unique_id="demo")


if __name__ == "__main__":
    main()
