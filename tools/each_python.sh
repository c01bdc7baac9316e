#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# tools/each_python.sh COMMAND...: runs the command once for each Python 3.9 to 3.13 on this machine (PATH or pyenv), with PYTHON,
# VENV and BUILD set for make.
set -eu
found=""
for version in 3.9 3.10 3.11 3.12 3.13; do
    for python in "$(command -v "python$version" || true)" "$HOME"/.pyenv/versions/"$version".*/bin/python; do
        if [ -x "$python" ] && "$python" -c "import sys; assert sys.version_info[:2] == tuple(map(int, '$version'.split('.')))" 2>/dev/null; then
            echo "== Python $version: $python"
            "$@" PYTHON="$python" VENV=".venv-$version" BUILD="build/$version"
            found="$found $version"
            break
        fi
    done
done
echo "passed with:${found:- no Python at all}"
[ -n "$found" ]
