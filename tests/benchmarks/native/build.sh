#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# tests/benchmarks/native/build.sh PYTHON FOLDER: generator, master, reader, floor and the module empty_call into FOLDER.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
python=$1
out=$2
mkdir -p "$out"
# shellcheck disable=SC3013 # dash and bash know -nt
newer() { [ ! -e "$2" ] || [ "$1" -nt "$2" ] || [ "$here/wire.h" -nt "$2" ]; }
for program in generator master reader floor; do
    newer "$here/$program.c" "$out/$program" || continue
    cc -std=gnu11 -O2 -Wall -Wextra -Werror -o "$out/$program" "$here/$program.c" -pthread
done
if newer "$here/empty_call.c" "$out/empty_call.so"; then
    include=$("$python" -c "import sysconfig; print(sysconfig.get_paths()['include'])")
    cc -std=gnu11 -O2 -Wall -Wextra -shared -fPIC -I"$include" -o "$out/empty_call.so" "$here/empty_call.c"
fi
