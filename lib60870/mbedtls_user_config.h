/* SPDX-License-Identifier: GPL-3.0-or-later */
/* On top of mbedTLS's default configuration (MBEDTLS_USER_CONFIG_FILE). */

/* TLS 1.3 keeps its keys in the process-wide PSA store, which several I/O threads use. */
#define MBEDTLS_THREADING_C
#define MBEDTLS_THREADING_PTHREAD
