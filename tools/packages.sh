#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# tools/packages.sh PACKAGE...: installs packages of Debian or Ubuntu, as root or with sudo; says what is missing where it can't.
set -eu
fail() {
    echo "c104 set-up: $*" >&2
    exit 1
}
command -v apt-get >/dev/null || fail "these are missing, and there is no apt-get to install them: $*"
sudo=""
if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || fail "these are missing: run 'apt-get install $*' as root"
    sudo=sudo
fi
echo "c104 set-up: installing $*"
$sudo apt-get update -qq || fail "apt-get update failed: is there a network?"
$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" || fail "apt-get could not install: $*"
