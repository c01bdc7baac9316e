#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Builds and runs the native TLS test under ASan and UBSan (SANITIZE=thread for TSan). PYTHON needs `cryptography`.
set -e
root=$(cd "$(dirname "$0")/../.." && pwd)
sanitize=${SANITIZE:-address,undefined}
out=${OUT:-$root/build/native-tls-$(echo "$sanitize" | tr , -)}
sources=${MBEDTLS:-$root/lib60870/vendor/mbedtls}
flags="-O1 -g -fsanitize=$sanitize -fno-omit-frame-pointer -I$sources/include -I$root/lib60870 -DMBEDTLS_USER_CONFIG_FILE=<mbedtls_user_config.h>"
mkdir -p "$out/mbedtls"
if [ ! -f "$out/libmbedtls.a" ]; then
  # nonnull-attribute: mbedTLS compares empty buffers with memcmp(0, 0, 0).
  export flags sources out
  ls "$sources"/library/*.c | xargs -P"$(nproc)" -n1 sh -c 'cc -c $flags -fno-sanitize=nonnull-attribute -I"$sources/library" "$0" -o "$out/mbedtls/$(basename "$0" .c).o"'
  ar rcs "$out/libmbedtls.a" "$out"/mbedtls/*.o
fi
for file in "$root"/src/hal/tls_*.cpp "$root/src/base/log.cpp" "$root/tests/native/tls_test.cpp"; do
  # shellcheck disable=SC2086
  c++ -std=c++20 -Wall -Wextra -Werror $flags -I"$root/src" -c "$file" -o "$out/$(basename "$file" .cpp).o" &
done
wait
# shellcheck disable=SC2086
c++ $flags "$out"/tls_*.o "$out/log.o" "$out/libmbedtls.a" -lpthread -o "$out/tls_test"
[ -f "$out/certificates/ca.crt" ] || "${PYTHON:-python3}" "$root/tests/support/certificates.py" "$out/certificates"
UBSAN_OPTIONS=halt_on_error=1 "$out/tls_test" "$out/certificates" "$@"
