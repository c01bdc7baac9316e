#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Builds and runs the native test of base and codec outside of the package's build.
#   tests/native/build_codec.sh [build arguments for g++]     default: -O1 -g -fsanitize=address,undefined
#   OUT=DIR   where the program goes
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
out=${OUT:-/tmp/c104-native}
[ $# -gt 0 ] || set -- -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=undefined
mkdir -p "$out"
g++ -std=c++20 -Wall -Wextra -Wpedantic "$@" -I"$root/src" "$root"/src/base/types.cpp "$root"/src/codec/*.cpp "$here/codec_test.cpp" \
  -o "$out/codec_test"
"$out/codec_test"
