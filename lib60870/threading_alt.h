/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mbedTLS's mutex on Windows: room for an SRWLOCK, without <windows.h> in every file. src/hal/tls_mutex.cpp works it. */
#ifndef C104_THREADING_ALT_H
#define C104_THREADING_ALT_H

typedef struct {
  void* srw_lock;
} mbedtls_threading_mutex_t;

#endif
