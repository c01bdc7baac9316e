#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# tests/sanitized.sh asan|tsan PYTHON JOBS TESTS...: pytest with the build of a sanitizer (make asan, make tsan). Whatever process finds something
# writes it into build/NAME/report.PID. Exit code 1: a test failed, or there is such a file.
set -eu
cd "$(dirname "$0")/.."
name=$1
python=$2
jobs=$3
shift 3
report=$PWD/build/$name/report
rm -f "$report"*
export C104_SANITIZED="$name" C104_SANITIZER_LOG="$report" PYTHONPATH="$PWD/build/$name/python"
export PYTHONMALLOC=malloc  # else the sanitizers see arenas instead of objects
asan="detect_leaks=1:leak_check_at_exit=0:detect_stack_use_after_return=1:stack_trace_format='    #%n %F %S %M':log_path=$report"
export UBSAN_OPTIONS="halt_on_error=1:print_stacktrace=1:suppressions=$PWD/tests/support/ubsan.supp:log_path=$report"
# Without the second that it sleeps at the end of each process.
export TSAN_OPTIONS="exitcode=66:atexit_sleep_ms=0:second_deadlock_stack=1:suppressions=$PWD/tests/support/tsan.supp:log_path=$report"

failed=0
run() { # ASAN_OPTIONS ARGUMENT...
    options=$1
    shift
    # shellcheck disable=SC2086  # jobs is two words or none
    LD_PRELOAD="$(gcc -print-file-name="lib$name.so") $(g++ -print-file-name=libstdc++.so)" ASAN_OPTIONS="$options" \
        setarch -R "$python" -m pytest -q $jobs "$@" || failed=1  # GCC's thread sanitizer knows less of random addresses than new kernels do
}
if [ "$*" = tests ]; then
    run "$asan" tests --ignore tests/stress
    # It measures the process: what was freed must not be kept long.
    run "$asan:quarantine_size_mb=2:thread_local_quarantine_size_kb=16" tests/stress
else
    run "$asan" "$@"
fi
for each in "$report"*; do
    [ ! -e "$each" ] || { cat "$each"; failed=1; }
done
exit $failed
