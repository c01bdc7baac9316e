# SPDX-License-Identifier: GPL-3.0-or-later
"""The README: its programs run as printed, its links lead somewhere."""

import pathlib
import re
import subprocess
import sys

import pytest
from support.ports import free_port

ROOT = pathlib.Path(__file__).resolve().parent.parent
TEXT = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "RELEASING.md", "SECURITY.md"]


def python_blocks():
    return re.findall(r"^```python\n(.*?)^```$", TEXT, re.M | re.S)


def test_client_and_server_work_as_printed():
    server_code, client_code = python_blocks()
    port = str(free_port())
    assert server_code.count("2404") == client_code.count("2404") == 1
    # The printed program is left running by its reader; here it is until its input closes.
    server_code = server_code.replace("2404", port) + "\nprint('ready', flush=True)\ninput()\nserver.stop()\n"
    server = subprocess.Popen(
        [sys.executable, "-c", server_code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        line = server.stdout.readline()
        assert line == "ready\n", line + server.stderr.read()
        client = subprocess.run(
            [sys.executable, "-c", client_code.replace("2404", port)], capture_output=True, text=True, timeout=30
        )
        assert client.returncode == 0, client.stderr
        assert client.stdout.splitlines() == ["measured: 12.34", "command: True"]
        out, err = server.communicate("\n", timeout=10)
        assert (server.returncode, out, err) == (0, "command 12: True\n", "")
    finally:
        server.kill()
        server.wait()


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text)
    missing = [link for link in links if "://" not in link and not (ROOT / link).exists()]
    assert not missing


@pytest.mark.parametrize("page", PAGES)
def test_licence_line(page):
    assert (ROOT / page).read_text(encoding="utf-8").startswith("<!-- SPDX-License-Identifier: GPL-3.0-or-later -->\n")


def test_make_commands_exist():
    targets = set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), re.M))
    for page in PAGES:
        named = set(re.findall(r"(?:^|`)make ([a-z-]+)", (ROOT / page).read_text(encoding="utf-8"), re.M))
        assert named <= targets, (page, named - targets)


def test_contributing_lists_every_make_command():
    targets = set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), re.M)) - {"help"}
    named = set(re.findall(r"`make ([a-z-]+)", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")))
    assert targets <= named, targets - named


def test_versions_are_those_built_in():
    import c104

    assert f"lib60870-C {c104.__lib60870_version__}, mbedTLS {c104.__mbedtls_version__}" in TEXT
    assert f"## [{c104.__version__}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_what_the_makefile_calls_is_defined() -> None:
    """An unknown name expands to nothing: make asan once tested a build without a sanitizer, and passed."""
    makefile = (ROOT / "Makefile").read_text()
    called = set(re.findall(r"\$\(call (\w+)", makefile))
    assert called and called <= set(re.findall(r"^(\w+)\s*=", makefile, re.M))
