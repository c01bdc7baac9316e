#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Gets the C sources of lib60870-C and mbedTLS that sources.json pins, and unpacks them below lib60870/vendor.

For each library, the first that works: what is unpacked already; the tarball in the cache ($C104_SOURCE_CACHE, else
~/.cache/c104-sources); Debian's archive, through apt with lists of its own. Every tarball is checked against its sha256.
Where the archive offers no pin any more, the newest release of the same series is taken with the sha256 of its signed index and
a notice; C104_STRICT_SOURCES=1 refuses that. Needs nothing but the standard library and, for a download, apt-get.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any, Dict

HERE = Path(__file__).resolve().parent
VENDOR = HERE / "vendor"
CACHE = Path(os.environ.get("C104_SOURCE_CACHE") or Path.home() / ".cache" / "c104-sources")
SUITES = ("sid", "forky", "trixie", "bookworm")
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
APT_TIMEOUT = 300
STRICT = os.environ.get("C104_STRICT_SOURCES", "") not in ("", "0")
UNPINNED = "unpinned"

Pin = Dict[str, str]


class FetchError(Exception):
    """Says what is missing and what to do."""


def sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def notice(name: str, file: str) -> None:
    print(f"c104: NOTICE: {name} is built from {file}, which sources.json does not pin", file=sys.stderr)


def unpacked(name: str, pins: list[Pin]) -> bool:
    origin = VENDOR / name / ".origin"
    if not origin.is_file():
        return False
    words = origin.read_text().split()
    if len(words) < 3:
        return False
    if words[3:] == [UNPINNED] and not STRICT:
        notice(name, words[0])
        return True
    return words[1] in {pin["sha256"] for pin in pins}


def cached(pin: Pin) -> Path | None:
    path = CACHE / pin["file"]
    return path if path.is_file() and sha256(path) == pin["sha256"] else None


def unpack(name: str, tarball: Path, pin: Pin, keep: list[str], mark: str = "") -> None:
    VENDOR.mkdir(exist_ok=True)
    scratch = Path(tempfile.mkdtemp(dir=VENDOR))
    try:
        with tarfile.open(tarball) as tar:
            wanted = [
                m for m in tar.getmembers() if m.name.partition("/")[2].startswith(tuple(keep)) and (m.isfile() or m.isdir())
            ]
            if hasattr(tarfile, "data_filter"):
                tar.extractall(scratch, members=wanted, filter="data")
            else:
                tar.extractall(scratch, members=wanted)
        (top,) = scratch.iterdir()
        (top / ".origin").write_text(f"{pin['file']} {pin['sha256']} {pin['version']}{mark}\n")
        target = VENDOR / name
        shutil.rmtree(target, ignore_errors=True)
        top.rename(target)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


class Archive:
    """Debian's source archive, seen through apt with configuration and lists in a folder of our own."""

    def __init__(self, folder: Path) -> None:
        if shutil.which("apt-get") is None:
            raise FetchError("there is no apt-get on this machine to download them with")
        if not Path(KEYRING).is_file():
            raise FetchError(f"apt has no keyring at {KEYRING} (package debian-archive-keyring)")
        self.folder = folder
        folder.chmod(0o755)  # apt reads as its own user
        (folder / "lists" / "partial").mkdir(parents=True)
        sources = folder / "sources.list"
        mirror = self.mirror()
        sources.write_text("".join(f"deb-src [signed-by={KEYRING}] {mirror} {suite} main\n" for suite in SUITES))
        self.options = []
        for option in (
            f"Dir::Etc::sourcelist={sources}", "Dir::Etc::sourceparts=-", f"Dir::State::Lists={folder / 'lists'}", f"Dir::Cache={folder}",
            "Acquire::Retries=3", "Acquire::http::Timeout=60", "APT::Update::Post-Invoke=", "APT::Update::Post-Invoke-Success=",
            # A mirror that stands still may offer what is pinned; signatures and hashes are checked all the same.
            "Acquire::Check-Valid-Until=false",
        ):  # fmt: skip
            self.options += ["-o", option]
        # One missing suite must not stop the others: the exit code says nothing.
        self.update_output = self.run("apt-get", "update", check=False)

    def mirror(self) -> str:
        """The mirror that this machine installs from."""
        if "C104_DEBIAN_MIRROR" in os.environ:
            return os.environ["C104_DEBIAN_MIRROR"]
        unofficial = ("-security", "-updates", "-backports")
        # indextargets is silent until the machine's first 'apt-get update'; --print-uris isn't, and asks no network.
        for command, pattern in (
            (
                ["indextargets", "--format", "$(COMPONENT) $(RELEASE) $(REPO_URI)", "Created-By: Packages"],
                r"main (?P<suite>\S+) (?P<uri>\S+)",
            ),
            (["update", "--print-uris"], r"'(?P<uri>[^']+/)dists/(?P<suite>[^/']+)/main/binary-.*"),
        ):
            listed = subprocess.run(["apt-get", *command], capture_output=True, text=True, check=False).stdout
            for line in listed.splitlines():
                match = re.match(pattern, line)
                if match and not match["suite"].endswith(unofficial):
                    return match["uri"]
        raise FetchError("apt knows no Debian mirror (set C104_DEBIAN_MIRROR to one)")

    def run(self, program: str, *arguments: str, check: bool = True, cwd: Path | None = None) -> str:
        options = self.options if hasattr(self, "options") else []
        done = subprocess.run(
            [program, *options, *arguments], capture_output=True, text=True, check=False, cwd=cwd, timeout=APT_TIMEOUT
        )
        if check and done.returncode != 0:
            raise FetchError((done.stderr or done.stdout).strip())
        return done.stdout + done.stderr

    def offered(self, package: str) -> dict[str, dict[str, str]]:
        """Debian version -> {file: sha256}."""
        versions: dict[str, dict[str, str]] = {}
        version, in_sums = "", False
        for line in self.run("apt-cache", "showsrc", "--only-source", package, check=False).splitlines():
            if line.startswith("Version: "):
                version = line.split()[1]
                versions[version] = {}
            if line.startswith(" ") and in_sums:
                digest, _, file = line.split()
                versions[version][file] = digest
            else:
                in_sums = line.startswith("Checksums-Sha256:")
        return versions

    def download(self, package: str, pin: Pin) -> Path | None:
        for version, files in self.offered(package).items():
            if files.get(pin["file"]) != pin["sha256"]:
                continue
            target = Path(tempfile.mkdtemp(dir=self.folder))
            target.chmod(0o777)
            self.run(
                "apt-get",
                "-qq",
                "source",
                "--download-only",
                "--tar-only",
                "--only-source",
                f"{package}={version}",
                check=False,
                cwd=target,
            )
            path = target / pin["file"]
            if path.is_file() and sha256(path) == pin["sha256"]:
                CACHE.mkdir(parents=True, exist_ok=True)
                scratch = CACHE / f".{pin['file']}.{os.getpid()}"
                shutil.copyfile(path, scratch)
                os.replace(scratch, CACHE / pin["file"])
                return CACHE / pin["file"]
        return None

    def newest(self, package: str, minimum: str) -> Pin | None:
        """The newest release in the series of `minimum` (2.4 of 2.4.0), not older than it."""

        def numbers(version: str) -> list[int]:
            return [int(part) for part in version.split(".")]

        found = []
        for files in self.offered(package).values():
            for file, digest in files.items():
                match = re.fullmatch(re.escape(package) + r"_(\d+(?:\.\d+)+)\.orig\.tar\.(?:gz|bz2|xz)", file)
                if match and numbers(match[1])[:2] == numbers(minimum)[:2] and numbers(match[1]) >= numbers(minimum):
                    found.append({"version": match[1], "file": file, "sha256": digest})
        return max(found, key=lambda pin: numbers(pin["version"]), default=None)


def fetch(name: str, library: dict[str, Any], archive: list[Archive], folder: Path) -> None:
    pins: list[Pin] = library["pins"]
    if unpacked(name, pins):
        return
    for pin in pins:
        tarball = cached(pin)
        if tarball:
            print(f"{name} {pin['version']}: from {tarball}")
            return unpack(name, tarball, pin, library["keep"])
    if not archive:
        archive.append(Archive(folder))
    for pin in pins:
        tarball = archive[0].download(library["package"], pin)
        if tarball:
            print(f"{name} {pin['version']}: downloaded to {tarball}")
            return unpack(name, tarball, pin, library["keep"])
    newest = None if STRICT else archive[0].newest(library["package"], library["minimum"])
    tarball = archive[0].download(library["package"], newest) if newest else None
    if newest and tarball:
        notice(name, newest["file"])
        return unpack(name, tarball, newest, library["keep"], f" {UNPINNED}")
    offers = ", ".join(archive[0].offered(library["package"])) or "nothing (no network?)"
    raise FetchError(
        f"the archive offers {offers}; pinned are {', '.join(pin['file'] for pin in pins)}\n{archive[0].update_output[-600:]}"
    )


def main() -> int:
    libraries = json.loads((HERE / "sources.json").read_text())
    libraries.pop("comment")
    with tempfile.TemporaryDirectory(prefix="c104-apt-") as folder:
        archive: list[Archive] = []
        for name, library in libraries.items():
            try:
                fetch(name, library, archive, Path(folder))
            except (FetchError, subprocess.TimeoutExpired, OSError) as error:
                files = "\n".join(f"    {pin['file']}  sha256 {pin['sha256']}" for pin in library["pins"])
                print(
                    f"c104: the C sources of {name} are missing and could not be fetched:\n  {error}\n"
                    f"Put one of these files into {CACHE} and try again:\n{files}\n"
                    "or build from the source package that 'make sdist' of this project makes: it carries them.",
                    file=sys.stderr,
                )
                return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
