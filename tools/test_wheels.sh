#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# tools/test_wheels.sh [PYTEST ARGUMENT...]: for each Python from 3.9 to 3.13 on this machine (PATH, pyenv), a wheel, an
# environment .venv-wheel-3.X with it installed, and the tests there. Ends with a line per Python; fails if one did.
set -u
cd "$(dirname "$0")/.." || exit 1
peer=$PWD/.venv-peer/bin/python
[ -x "$peer" ] && export C104_PEER_PYTHON="$peer"

one() { # one PYTHON VERSION PYTEST-ARGUMENT...
    venv=.venv-wheel-$2
    wheels=build/wheels/$2
    python=$1
    shift 2
    # shellcheck disable=SC3013 # dash and bash know -nt
    if [ ! -e "$venv/.ready" ] || [ pyproject.toml -nt "$venv/.ready" ]; then
        "$python" -m venv "$venv" &&
            "$venv/bin/python" -m pip install -q --disable-pip-version-check "pybind11>=3" "scikit-build-core>=0.10" cmake ninja rich || return
        fresh=1
    else
        fresh=0
    fi
    rm -rf "$wheels"
    "$venv/bin/python" -m pip wheel -q --disable-pip-version-check --no-build-isolation --no-deps -w "$wheels" . || return
    "$venv/bin/python" -m pip install -q --disable-pip-version-check --force-reinstall --no-deps "$wheels"/*.whl || return
    if [ $fresh = 1 ]; then
        "$venv/bin/python" -m pip install -q --disable-pip-version-check "$(echo "$wheels"/*.whl)[test]" || return
        touch "$venv/.ready"
    fi
    "$venv/bin/python" -m pytest "$@"
}

report="" failed=0
for version in 3.9 3.10 3.11 3.12 3.13; do
    found=""
    for python in $(command -v "python$version") "$HOME"/.pyenv/versions/*/bin/"python$version"; do
        # A pyenv shim may stand for a version that is not enabled.
        if "$python" -c "import sys; sys.exit('%d.%d' % sys.version_info[:2] != '$version')" 2>/dev/null; then
            found=$python
            break
        fi
    done
    if [ -z "$found" ]; then
        report="$report\n  Python $version: not on this machine"
        continue
    fi
    echo "---- Python $version ($found)"
    if one "$found" "$version" "$@"; then
        report="$report\n  Python $version: passed"
    else
        report="$report\n  Python $version: FAILED"
        failed=1
    fi
done
printf 'test-wheels:%b\n' "$report"
exit $failed
