#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Builds and runs the native test of hal and wire outside of the package's build.
#   tests/native/build.sh [build arguments for g++]     default: -O1 -g -fsanitize=address,undefined
#   LIB60870=DIR   lib60870-C's folder (with src/ and config/)     OUT=DIR   where objects go
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
out=${OUT:-/tmp/c104-native}
lib=${LIB60870:-$(find "$root/lib60870" -maxdepth 4 -type d -name lib60870-C 2>/dev/null | head -n 1)}
[ -n "$lib" ] || lib=/tmp/lab/src/lib60870-2.4.0/lib60870-C
[ $# -gt 0 ] || set -- -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=undefined
mkdir -p "$out"

defines="-DCONFIG_USE_THREADS=0 -DCONFIG_USE_SEMAPHORES=0 -DCONFIG_CS104_MAX_CLIENT_CONNECTIONS=1"
includes="-isystem $lib/config -isystem $lib/src/hal/inc -isystem $lib/src/inc/api -isystem $lib/src/inc/internal -isystem $lib/src/common/inc"
objects=""
for source in iec60870/cs104/cs104_connection iec60870/cs104/cs104_slave iec60870/cs104/cs104_frame \
    iec60870/cs101/cs101_asdu iec60870/cs101/cs101_information_objects iec60870/cs101/cs101_bcr iec60870/cs101/cs101_master_connection iec60870/frame \
    iec60870/lib60870_common iec60870/apl/cpXXtime2a iec60870/link_layer/buffer_frame common/linked_list hal/memory/lib_memory; do
  object=$out/$(basename $source).o
  # -ffinite-loops: the slave walks its window at every send to print it, with printing compiled out.
  gcc -w "$@" -ffinite-loops $defines $includes -c "$lib/src/$source.c" -o "$object"
  objects="$objects $object"
done
g++ -std=c++20 -Wall -Wextra -Wpedantic -Wconversion -Wshadow "$@" $defines -I"$root/src" $includes \
  "$root"/src/hal/sockets.cpp "$root"/src/hal/stream.cpp "$root"/src/hal/tcp_stream.cpp "$root"/src/hal/poller_epoll.cpp \
  "$root"/src/hal/poller_poll.cpp "$root"/src/hal/clock.cpp "$root"/src/hal/lib60870_port.cpp "$root"/src/wire/*.cpp \
  "$here/wire_test.cpp" $objects -o "$out/wire_test"
"$out/wire_test" ${TESTS:-}
