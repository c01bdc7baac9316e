// SPDX-License-Identifier: GPL-3.0-or-later
// The mutexes of mbedTLS on Windows, where it knows none (lib60870/threading_alt.h). Elsewhere it takes pthread's. Any thread.
#ifdef _WIN32
#define WIN32_LEAN_AND_MEAN
#include <mbedtls/threading.h>
#include <windows.h>

namespace c104::hal {
namespace {

SRWLOCK* lock_of(mbedtls_threading_mutex_t* mutex) { return reinterpret_cast<SRWLOCK*>(&mutex->srw_lock); }
static_assert(sizeof(SRWLOCK) == sizeof(mbedtls_threading_mutex_t));

void begin(mbedtls_threading_mutex_t* mutex) { InitializeSRWLock(lock_of(mutex)); }
void end(mbedtls_threading_mutex_t*) {}
int lock(mbedtls_threading_mutex_t* mutex) {
  AcquireSRWLockExclusive(lock_of(mutex));
  return 0;
}
int unlock(mbedtls_threading_mutex_t* mutex) {
  ReleaseSRWLockExclusive(lock_of(mutex));
  return 0;
}

// While the module is loaded, before anything of mbedTLS can be used.
[[maybe_unused]] const bool told = [] {
  mbedtls_threading_set_alt(begin, end, lock, unlock);
  return true;
}();

}  // namespace
}  // namespace c104::hal
#endif
