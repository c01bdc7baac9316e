// SPDX-License-Identifier: GPL-3.0-or-later
// What generator, master and reader share: clock, U/S frames, sockets, the sizes of information elements.
#ifndef BENCH_WIRE_H
#define BENCH_WIRE_H
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum { STARTDT_ACT = 0x07, STARTDT_CON = 0x0B, STOPDT_ACT = 0x13, STOPDT_CON = 0x23, TESTFR_ACT = 0x43, TESTFR_CON = 0x83 };
enum { M_SP_NA_1 = 1, M_ME_NB_1 = 11, M_ME_NC_1 = 13, C_SC_NA_1 = 45, C_IC_NA_1 = 100 };
enum { MODULO = 32768, SENTINEL_IOA = 16000000 };

static inline int64_t now_ns(void) {
  struct timespec at;
  clock_gettime(CLOCK_MONOTONIC, &at);
  return (int64_t)at.tv_sec * 1000000000 + at.tv_nsec;
}

static inline void die(const char* what) {
  perror(what);
  exit(1);
}

static inline unsigned char* put_u(unsigned char* at, int code) {
  const unsigned char frame[6] = {0x68, 4, (unsigned char)code, 0, 0, 0};
  memcpy(at, frame, 6);
  return at + 6;
}

static inline unsigned char* put_s(unsigned char* at, unsigned receive) {
  const unsigned char frame[6] = {0x68, 4, 1, 0, (unsigned char)(receive << 1), (unsigned char)(receive >> 7)};
  memcpy(at, frame, 6);
  return at + 6;
}

static inline void put_head(unsigned char* at, int size, unsigned send, unsigned receive) {
  at[0] = 0x68;
  at[1] = (unsigned char)(size - 2);
  at[2] = (unsigned char)(send << 1);
  at[3] = (unsigned char)(send >> 7);
  at[4] = (unsigned char)(receive << 1);
  at[5] = (unsigned char)(receive >> 7);
}

static inline unsigned get_sequence(const unsigned char* at) { return (unsigned)(at[0] >> 1) | (unsigned)at[1] << 7; }

static inline unsigned get_ioa(const unsigned char* at) { return at[0] | (unsigned)at[1] << 8 | (unsigned)at[2] << 16; }

static inline void put_ioa(unsigned char* at, unsigned ioa) {
  at[0] = (unsigned char)ioa;
  at[1] = (unsigned char)(ioa >> 8);
  at[2] = (unsigned char)(ioa >> 16);
}

// Octets of an element without its address; 0: not known here.
static inline int element_size(int type) {
  switch (type) {
    case M_SP_NA_1: return 1;
    case M_ME_NB_1: return 3;
    case M_ME_NC_1: return 5;
    default: return 0;
  }
}

static inline void be_nonblocking(int fd) {
  const int on = 1;
  fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

static inline void watch(int poller, int fd, uint32_t events, void* owner) {
  struct epoll_event event = {.events = events, .data = {.ptr = owner}};
  if (epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event) != 0 && errno != EPERM) die("epoll_ctl");
}

static inline double cpu_seconds(void) {
  struct rusage used;
  getrusage(RUSAGE_SELF, &used);
  return (double)used.ru_utime.tv_sec + (double)used.ru_utime.tv_usec * 1e-6 + (double)used.ru_stime.tv_sec +
         (double)used.ru_stime.tv_usec * 1e-6;
}

static inline void print_numbers(const char* name, const int64_t* numbers, size_t count) {
  printf(", \"%s\": [", name);
  for (size_t i = 0; i < count; i++) printf(i ? ",%lld" : "%lld", (long long)numbers[i]);
  printf("]");
}

// Value of a named option "--name V" or `otherwise`.
static inline long option(int argc, char** argv, const char* name, long otherwise) {
  for (int i = 1; i + 1 < argc; i++)
    if (strcmp(argv[i], name) == 0) return atol(argv[i + 1]);
  return otherwise;
}
#endif
