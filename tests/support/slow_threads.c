/* SPDX-License-Identifier: GPL-3.0-or-later
 * To be preloaded: each thread begins 200 ms after it was made, as on a machine with too much to do. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

struct start {
  void* (*function)(void*);
  void* argument;
};

static void* begin(void* given) {
  const struct start start = *(struct start*)given;
  const struct timespec late = {0, 200 * 1000 * 1000};
  free(given);
  nanosleep(&late, NULL);
  return start.function(start.argument);
}

int pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*function)(void*), void* argument) {
  int (*create)(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*);
  struct start* start = malloc(sizeof *start);
  int failed;
  if (start == NULL) return 11; /* EAGAIN */
  *(void**)&create = dlsym(RTLD_NEXT, "pthread_create");
  start->function = function;
  start->argument = argument;
  failed = create(thread, attributes, begin, start);
  if (failed) free(start);
  return failed;
}
