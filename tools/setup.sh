#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# tools/setup.sh PYTHON FOLDER [REQUIREMENT...]: system packages where they are missing, then a virtual environment in
# FOLDER. Without requirements: ours, for development. Says what is missing where it cannot go on.
set -eu
python=$1
folder=$2
shift 2

fail() {
    echo "c104 set-up: $*" >&2
    exit 1
}

missing=""
need() { # need PACKAGE TEST...
    package=$1
    shift
    "$@" >/dev/null 2>&1 || missing="$missing $package"
}
need python3 command -v "$python"
need python3-venv "$python" -c "import venv, ensurepip"
need python3-dev "$python" -c "import os, sysconfig; os.stat(os.path.join(sysconfig.get_paths()['include'], 'Python.h'))"
need gcc command -v cc
need g++ command -v c++
need make command -v make
need ca-certificates test -d /etc/ssl/certs

# shellcheck disable=SC2086 # a list of words
[ -z "$missing" ] || "$(dirname "$0")/packages.sh" $missing

[ -x "$folder/bin/python" ] || "$python" -m venv "$folder" || fail "$python -m venv $folder failed"
tree=$([ $# -gt 0 ] || echo yes)
if [ "$tree" ]; then
    set -- -r "$(dirname "$0")/requirements-dev.txt"
fi
"$folder/bin/python" -m pip install --quiet --disable-pip-version-check "$@" ||
    fail "pip could not install: $* (no network? then an earlier environment in $folder is needed)"
if [ "$tree" ]; then
    # The package is imported from the tree, with the extension that 'make build' puts beside it.
    "$folder/bin/python" - "$PWD/python" <<'EOF'
import pathlib, sys, sysconfig
pathlib.Path(sysconfig.get_paths()["purelib"], "c104-tree.pth").write_text(sys.argv[1] + "\n")
EOF
fi
