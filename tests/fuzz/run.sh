#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# tests/fuzz/run.sh PYTHON SECONDS [TARGET...]: builds the fuzz targets with Clang, which it installs where it is missing, and runs
# each for so long. New inputs gather in build/fuzz/corpus, findings in build/fuzz/findings. Exit code 1: there is a finding.
set -eu
cd "$(dirname "$0")/../.."
python=$1
seconds=$2
shift 2
[ $# -gt 0 ] || set -- link asdu explain client server
if ! command -v clang++ >/dev/null || ! ls /usr/lib/llvm-*/lib/clang/*/lib/linux/libclang_rt.fuzzer-*.a >/dev/null 2>&1; then
    tools/packages.sh clang llvm libclang-rt-dev || tools/packages.sh clang llvm libclang-rt-14-dev
fi
bin=$(dirname "$python")
"$bin/cmake" -S . -B build/fuzz -G Ninja -DCMAKE_MAKE_PROGRAM="$bin/ninja" -DPython_EXECUTABLE="$python" \
    -DCMAKE_C_COMPILER=clang -DCMAKE_CXX_COMPILER=clang++ -DC104_FUZZ=ON \
    -DC104_SANITIZE=address,undefined,fuzzer-no-link >build/fuzz-configure.log || { cat build/fuzz-configure.log; exit 1; }
"$bin/ninja" -C build/fuzz --quiet fuzz
mkdir -p build/fuzz/findings
failed=0
for target in "$@"; do
    "$python" tests/fuzz/corpus.py unpack "$target" "build/fuzz/corpus/$target"
    log=build/fuzz/$target.log
    if UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1 "build/fuzz/tests/fuzz/fuzz_$target" -max_total_time="$seconds" \
        -timeout=30 -max_len=2048 -rss_limit_mb=2048 -artifact_prefix="build/fuzz/findings/$target-" \
        "build/fuzz/corpus/$target" >"$log" 2>&1; then
        echo "fuzz_$target: $(sed -n 's/^Done \([0-9]*\) runs in \([0-9]*\).*/\1 runs in \2 s/p' "$log"), no finding;" \
            "$(grep -oE 'cov: [0-9]+ ft: [0-9]+ corp: [0-9]+' "$log" | tail -n 1)"
    else
        failed=1
        echo "fuzz_$target: a finding, see $log"
        grep -E 'ERROR|runtime error|SUMMARY|Test unit|program under test' "$log" || true
    fi
done
exit $failed
