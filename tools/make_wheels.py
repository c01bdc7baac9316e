#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The source package and, from it, a wheel for each Python of this machine: into dist/, each tested where it is installed alone.

    make_wheels.py [VERSION...]      all of 3.9 to 3.15 (and 3.14t, 3.15t) that PATH or pyenv have, or the named ones

zig is the C and C++ compiler, because it links against the glibc that it is told to: the wheels run on any Linux with that one. The
build of a Python after the first compiles the bindings only, as long as ccache is there.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import Dict, List, Tuple

sys.path.insert(0, str(Path(__file__).parent))
import pythons
import zig

ROOT = Path(__file__).resolve().parent.parent
DIST = ROOT / "dist"
WORK = ROOT / "build" / "wheels"
SMOKE = ROOT / "tests" / "smoke"
GLIBC = "2.17"
SIZE_LIMIT = 1_500_000


def run(*command: object, **options: object) -> None:
    words = [str(word) for word in command]
    print("+", " ".join(words), flush=True)
    subprocess.run(words, check=True, **options)  # type: ignore[call-overload]


def make_sdist() -> Path:
    run(sys.executable, "-m", "build", "--sdist", "--outdir", DIST, ROOT)
    (made,) = DIST.glob("c104-*.tar.gz")
    return made


def make_wheel(version: str, python: str, sdist: Path, environment: Dict[str, str]) -> Path:
    place = WORK / version
    environment_folder = place / "build-env"
    requirements = [*pythons.build_requirements(ROOT), "pip>=23"]
    ready = environment_folder / ".ready"
    if not ready.exists() or ready.read_text() != repr(requirements):
        run(python, "-m", "venv", "--clear", environment_folder)
        run(environment_folder / "bin" / "python", "-m", "pip", "install", "-q", "--disable-pip-version-check", *requirements)
        ready.write_text(repr(requirements))
    # At a place that stays the same, so that the cache knows the files again.
    for name in ("source", "raw", "repaired"):
        shutil.rmtree(place / name, ignore_errors=True)
    with tarfile.open(sdist) as tar:
        if hasattr(tarfile, "data_filter"):
            tar.extraction_filter = tarfile.data_filter
        tar.extractall(place)
    (place / sdist.name[: -len(".tar.gz")]).rename(place / "source")
    environment = dict(environment, PATH=f"{environment_folder / 'bin'}{os.pathsep}{environment['PATH']}")
    run(environment_folder / "bin" / "python", "-m", "pip", "wheel", "-q", "--disable-pip-version-check", "--no-build-isolation",
        "--no-deps", "-w", place / "raw", place / "source", env=environment)  # fmt: skip
    (raw,) = (place / "raw").glob("*.whl")
    tag = f"manylinux_{GLIBC.replace('.', '_')}_{platform.machine()}"
    # Fails where the extension needs a newer glibc, or a library that is not everywhere.
    run(sys.executable, "-m", "auditwheel", "repair", "--plat", tag, "-w", place / "repaired", raw, env=environment)
    (repaired,) = (place / "repaired").glob("*.whl")
    return repaired


def check_wheel(version: str, python: str, wheel: Path) -> None:
    if wheel.stat().st_size >= SIZE_LIMIT:
        raise SystemExit(f"{wheel.name}: {wheel.stat().st_size} octets, {SIZE_LIMIT} are allowed")
    carried = [name for name in zipfile.ZipFile(wheel).namelist() if ".libs/" in name]
    if carried:
        raise SystemExit(f"{wheel.name}: brings libraries of this machine along: {carried}")
    empty = WORK / version / "empty-env"
    shutil.rmtree(empty, ignore_errors=True)
    run(python, "-m", "venv", empty)
    run(empty / "bin" / "python", "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-index", wheel)
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    run(empty / "bin" / "python", "-m", "unittest", "discover", SMOKE, cwd=WORK / version, env=clean)
    run(empty / "bin" / "python", "-m", "c104", "--version", cwd=WORK / version, env=clean)


def main() -> int:
    wanted = sys.argv[1:] or pythons.VERSIONS
    found = pythons.find(wanted)
    if not found:
        raise SystemExit(f"none of these Pythons is on this machine: {', '.join(wanted)}")
    WORK.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(DIST, ignore_errors=True)
    environment = zig.environment(f"{platform.machine()}-linux-gnu.{GLIBC}", ROOT)
    sdist = make_sdist()
    made: List[Tuple[str, Path]] = []
    for version, python in found.items():
        print(f"---- Python {version}: {python}", flush=True)
        wheel = make_wheel(version, python, sdist, environment)
        check_wheel(version, python, wheel)
        made.append((version, Path(shutil.copy(wheel, DIST))))
    print(f"{sdist.stat().st_size:>9} {sdist.name}")
    for _, wheel in made:
        print(f"{wheel.stat().st_size:>9} {wheel.name}")
    print(pythons.missing(found, wanted))
    return 0


if __name__ == "__main__":
    sys.exit(main())
