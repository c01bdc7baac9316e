#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# tools/next_pythons.sh TARGET VERSION...: make TARGET under Pythons that this Debian doesn't have yet, with the compiler of the next one: in a
# root folder of Debian forky, build/forky. As root. Python 3.13 is there for the c104 on PyPI, beside which tests run.
set -eu
cd "$(dirname "$0")/.."
target=$1
shift
root=$PWD/build/forky
[ "$(id -u)" = 0 ] || { echo "$0: chroot and mount want root" >&2; exit 1; }

if [ ! -e "$root/.ready" ]; then
    command -v debootstrap >/dev/null || tools/packages.sh debootstrap
    # shellcheck disable=SC2016 # a word of apt's
    mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -v security | head -n 1)
    packages="ccache g++ git make openssl python3.13-dev python3.13-venv tshark"
    for version in 3.14 3.15; do packages="$packages python$version-dev python$version-venv"; done
    rm -rf "$root"
    debootstrap --variant=minbase --include=ca-certificates,debian-archive-keyring forky "$root" "$mirror" /usr/share/debootstrap/scripts/sid
    # shellcheck disable=SC2086 # a list of words
    chroot "$root" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages >"$root/apt.log"
    touch "$root/.ready"
fi
# What reaches the package index from here reaches it from there.
for file in /etc/hosts /etc/resolv.conf /etc/pip.conf /etc/ssl/certs/ca-certificates.crt; do
    [ ! -e "$file" ] || cp "$file" "$root$file"
done
tree=$root/root/c104
mkdir -p "$tree"
# All anew but the environments: neither a file that is gone nor an object that is older than it looks stays. The compiler cache knows the rest.
find "$tree" -mindepth 1 -maxdepth 1 ! -name '.venv*' -exec rm -rf {} +
git -c safe.directory="$PWD" ls-files -z | xargs -0 tar -cf - | tar -xf - -C "$tree"
[ ! -d lib60870/vendor ] || cp -r lib60870/vendor "$tree/lib60870/"

for version; do
    # The mounts end with the command.
    # shellcheck disable=SC2016 # words of the inner shell
    unshare --mount sh -euc '
        mount --bind /proc "$1/proc"
        mount --rbind /dev "$1/dev"
        exec chroot "$1" env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin CI="$4" PIP_CERT=/etc/ssl/certs/ca-certificates.crt \
            make -C /root/c104 "$2" "PYTHON=python$3" "VENV=.venv-$3" "BUILD=build/$3"
    ' - "$root" "$target" "$version" "${CI:-}"
done
