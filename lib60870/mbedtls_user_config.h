/* SPDX-License-Identifier: GPL-3.0-or-later */
/* On top of mbedTLS's default configuration (MBEDTLS_USER_CONFIG_FILE). */

/* TLS 1.3 keeps its keys in the process-wide PSA store, which several I/O threads use. */
#define MBEDTLS_THREADING_C
#ifdef _WIN32
#define MBEDTLS_THREADING_ALT /* threading_alt.h */
#else
#define MBEDTLS_THREADING_PTHREAD
#endif

/* Code that nothing here calls: the sockets are src/hal's, and TLS runs over TCP. */
#undef MBEDTLS_SELF_TEST
#undef MBEDTLS_SSL_PROTO_DTLS
#undef MBEDTLS_NET_C
#undef MBEDTLS_TIMING_C
#undef MBEDTLS_DEBUG_C
