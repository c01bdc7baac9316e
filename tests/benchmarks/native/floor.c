// SPDX-License-Identifier: GPL-3.0-or-later
// What the machine's task switches alone cost: the threads, waits and sockets of a latency case with nothing done in between.
//   floor frame|command|report [--count N] [--gap US] [--io 0|1]
// frame: partner -> TCP -> caller. command: caller -> TCP -> partner -> TCP -> reader -> caller. report: caller -> TCP -> partner.
// That is the least that blocking threads can do. With --io an I/O thread stands between the caller and the socket, as in c104.
// Says {"p50_us": .., "p99_us": ..}.
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "wire.h"

enum { SIZE = 16 };  // an APDU with a single value

// What the I/O thread hands to the caller.
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int handed;

static void hand_over(void) {
  pthread_mutex_lock(&mutex);
  handed++;
  pthread_mutex_unlock(&mutex);
  pthread_cond_signal(&changed);
}

static void await_handed(void) {
  pthread_mutex_lock(&mutex);
  while (handed == 0) pthread_cond_wait(&changed, &mutex);
  handed--;
  pthread_mutex_unlock(&mutex);
}

static int socket_here, wake, count, through_io;
static int64_t* taken;  // shared with the partner

// The I/O thread: what comes in is handed to the caller, what is posted goes out.
static void* io(void* unused) {
  (void)unused;
  const int poller = epoll_create1(0);
  int posted, received;
  watch(poller, wake, EPOLLIN, &posted);
  watch(poller, socket_here, EPOLLIN, &received);
  char octets[16 * SIZE] = {0};
  for (;;) {
    struct epoll_event events[2];
    const int ready = epoll_wait(poller, events, 2, -1);
    for (int i = 0; i < ready; i++) {
      if (events[i].data.ptr == &posted) {
        uint64_t number = 0;  // posted since it looked
        if (read(wake, &number, sizeof number) < 0) number = 0;
        for (; number > 0; number--)
          if (send(socket_here, octets, SIZE, MSG_NOSIGNAL) < 0) return NULL;
      } else {
        ssize_t size = recv(socket_here, octets, sizeof octets, 0);
        if (size <= 0) return NULL;
        for (; size > 0; size -= SIZE) hand_over();
      }
    }
  }
}

static void post(void) {
  const uint64_t one = 1;
  const char octets[SIZE] = {0};
  if (!through_io) {
    if (send(socket_here, octets, SIZE, MSG_NOSIGNAL) < 0) die("send");
    return;
  }
  if (write(wake, &one, sizeof one) < 0) die("eventfd");
}

// A frame from the partner, in order.
static void await_frame(void) {
  static int poller = -1;
  static ssize_t left;
  if (through_io) return await_handed();
  if (poller < 0) {
    poller = epoll_create1(0);
    watch(poller, socket_here, EPOLLIN, NULL);
  }
  if (left <= 0) {
    struct epoll_event event;
    char octets[16 * SIZE];
    epoll_wait(poller, &event, 1, -1);
    left = recv(socket_here, octets, sizeof octets, 0);
    if (left <= 0) die("recv");
  }
  left -= SIZE;
}

static void pause_us(long us) {
  const struct timespec time = {us / 1000000, us % 1000000 * 1000};
  nanosleep(&time, NULL);
}

static void partner(int socket, const char* what, long gap) {
  const int poller = epoll_create1(0);
  watch(poller, socket, EPOLLIN, NULL);
  char octets[16 * SIZE] = {0};
  for (int i = 0; i < count;) {
    if (!strcmp(what, "frame")) {
      pause_us(gap);
      taken[i++] = now_ns();
      if (send(socket, octets, SIZE, MSG_NOSIGNAL) < 0) return;
      continue;
    }
    struct epoll_event event;
    epoll_wait(poller, &event, 1, -1);
    ssize_t size = recv(socket, octets, sizeof octets, 0);
    if (size <= 0) return;
    for (; size > 0; size -= SIZE, i++) {
      if (!strcmp(what, "report")) taken[i] = now_ns() - taken[i];
      if (!strcmp(what, "command") && send(socket, octets, SIZE, MSG_NOSIGNAL) < 0) return;
    }
  }
}

static int by_size(const void* a, const void* b) {
  const int64_t x = *(const int64_t*)a, y = *(const int64_t*)b;
  return (x > y) - (x < y);
}

static void connect_pair(int ends[2]) {
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
  socklen_t size = sizeof address;
  if (bind(listener, (struct sockaddr*)&address, size) != 0 || listen(listener, 1) != 0) die("listen");
  getsockname(listener, (struct sockaddr*)&address, &size);
  ends[0] = socket(AF_INET, SOCK_STREAM, 0);
  if (connect(ends[0], (struct sockaddr*)&address, size) != 0) die("connect");
  ends[1] = accept(listener, NULL, NULL);
  be_nonblocking(ends[0]);
  be_nonblocking(ends[1]);
  close(listener);
}

int main(int argc, char** argv) {
  if (argc < 2) die("floor frame|command|report");
  const char* what = argv[1];
  count = (int)option(argc, argv, "--count", 2000);
  const long gap = option(argc, argv, "--gap", 0);
  through_io = (int)option(argc, argv, "--io", 0);
  taken = mmap(NULL, sizeof *taken * (size_t)count, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (taken == MAP_FAILED) die("mmap");
  int ends[2];
  connect_pair(ends);
  socket_here = ends[0];
  const pid_t child = fork();
  if (child == 0) {
    close(ends[0]);
    partner(ends[1], what, gap);
    return 0;
  }
  close(ends[1]);
  wake = eventfd(0, EFD_NONBLOCK);
  pthread_t thread;
  if (through_io || !strcmp(what, "command")) pthread_create(&thread, NULL, io, NULL);
  for (int i = 0; i < count; i++) {
    if (!strcmp(what, "frame")) {
      await_frame();
      taken[i] = now_ns() - taken[i];
    } else if (!strcmp(what, "command")) {
      const int64_t begin = now_ns();
      post();
      await_handed();
      taken[i] = now_ns() - begin;
    } else {
      pause_us(gap);
      taken[i] = now_ns();
      post();
    }
  }
  waitpid(child, NULL, 0);
  qsort(taken, (size_t)count, sizeof *taken, by_size);
  printf("{\"p50_us\": %.2f, \"p99_us\": %.2f}\n", (double)taken[count / 2] / 1e3, (double)taken[count * 99 / 100] / 1e3);
  return 0;
}
