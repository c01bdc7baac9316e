// SPDX-License-Identifier: GPL-3.0-or-later
// Load generator: an outstation on raw sockets, one thread, for the benchmarks of the Client.
//   generator [--type 13|1] [--objects N] [--sq 1] [--points P] [--total N] [--k K] [--connections C] [--pace US] [--testfr US] [--base IOA]
// Says {"port": N}. At "go" on stdin every connection gets `total` objects, then one of the sentinel's address, in frames of up to
// `objects`; at most `k` frames are unacknowledged. With --pace one frame each US microseconds instead of flat out. With --testfr a
// TESTFR act as often, its answer is timed. {"done": ...} when all is written, {"end": ...} and exit when stdin closes.
// Object number n is point n % P with the value (n / P + n % P) % 2^20 (M_SP_NA_1: its lowest bit). Commands are confirmed at once.
#include "wire.h"

enum { OUT_SIZE = 65536, IN_SIZE = 65536 };

struct link {
  int fd;
  int started, blocked, finished;
  unsigned send, acknowledged, receive;  // N(S) of the next, N(R) received, N(R) to send
  int64_t next;  // object number
  int in_used, out_used, out_sent;
  int64_t testfr_at;
  unsigned char in[512];
  unsigned char* out;
};

static int type, objects, sequence, points, connections, base;
static int64_t total;
static unsigned window;
static long pace, testfr;
static int poller, running;
static struct link** links;
static int link_count, started_count, finished_count;
static int64_t started_ns, frames, commands;
static int64_t* sent_at;
static size_t sent_count;
static int64_t answers[100000];
static size_t answer_count;

// One I-frame of the stream; `left`: objects until the sentinel, 0 for it.
static unsigned char* put_data(unsigned char* at, struct link* link) {
  unsigned char* body = at + 6;
  const int64_t left = total - link->next;
  int64_t index = link->next % points;
  int64_t turn = link->next / points;
  int count = objects;
  const int kind = left > 0 ? type : M_ME_NC_1;
  if (left <= 0) count = 1;
  if (left > 0 && count > left) count = (int)left;
  if (left > 0 && count > points - index) count = (int)(points - index);
  const int run = sequence && left > 0;
  body[0] = (unsigned char)kind;
  body[1] = (unsigned char)(count | (run ? 0x80 : 0));
  body[2] = 3;
  body[3] = 0;
  body[4] = 1;
  body[5] = 0;
  body += 6;
  for (int i = 0; i < count; i++) {
    if (i == 0 || !run) {
      put_ioa(body, left > 0 ? (unsigned)(base + index + i) : SENTINEL_IOA);
      body += 3;
    }
    const unsigned value = (unsigned)(turn + index + i) & 0xFFFFF;
    if (kind == M_SP_NA_1) {
      *body++ = (unsigned char)(value & 1);
    } else {
      const float number = left > 0 ? (float)value : 1.0f;
      memcpy(body, &number, 4);
      body[4] = 0;
      body += 5;
    }
  }
  put_head(at, (int)(body - at), link->send, link->receive);
  link->send = (link->send + 1) % MODULO;
  link->next += count;
  frames++;
  return body;
}

static int finished(const struct link* link) { return link->next > total; }

static int window_open(const struct link* link) { return (link->send - link->acknowledged + MODULO) % MODULO < window; }

// Writes what is buffered; false when the socket takes no more for now.
static int flush(struct link* link) {
  while (link->out_sent < link->out_used) {
    const ssize_t n = send(link->fd, link->out + link->out_sent, (size_t)(link->out_used - link->out_sent), MSG_NOSIGNAL);
    if (n < 0) return 0;
    link->out_sent += (int)n;
  }
  link->out_sent = link->out_used = 0;
  return 1;
}

static void report_done(void) {
  printf("{\"done\": 1, \"start_ns\": %lld, \"end_ns\": %lld, \"frames\": %lld, \"cpu_s\": %.6f", (long long)started_ns,
         (long long)now_ns(), (long long)frames, cpu_seconds());
  if (pace) print_numbers("sent_ns", sent_at, sent_count);
  if (testfr) print_numbers("testfr_ns", answers, answer_count);
  printf("}\n");
  fflush(stdout);
}

static void finish(struct link* link) {
  if (link->finished || !finished(link)) return;
  link->finished = 1;
  if (++finished_count == connections) report_done();
}

// Flat out: as much as the window and the socket take.
static void pump(struct link* link) {
  if (!flush(link)) return;
  if (!running || pace || !link->started) return;
  while (!finished(link) && window_open(link)) {
    unsigned char* at = link->out;
    while (!finished(link) && window_open(link) && at - link->out < OUT_SIZE - 300) at = put_data(at, link);
    link->out_used = (int)(at - link->out);
    if (!flush(link)) break;
  }
  finish(link);
}

static void answer_command(struct link* link, const unsigned char* frame, int size) {
  commands++;
  for (int cause = 7; cause <= (frame[6] == C_IC_NA_1 ? 10 : 7); cause += 3) {
    unsigned char* at = link->out + link->out_used;
    memcpy(at, frame, (size_t)size);
    put_head(at, size, link->send, link->receive);
    at[8] = (unsigned char)((at[8] & 0xC0) | cause);
    link->send = (link->send + 1) % MODULO;
    link->out_used += size;
  }
}

static void on_frame(struct link* link, const unsigned char* frame, int size) {
  const int control = frame[2];
  if (!(control & 1)) {
    link->receive = (get_sequence(frame + 2) + 1) % MODULO;
    link->acknowledged = get_sequence(frame + 4);
    if (size > 8 && (frame[8] & 0x3F) == 6 && link->out_used + 2 * size < OUT_SIZE) answer_command(link, frame, size);
    return;
  }
  if ((control & 3) == 1) {
    link->acknowledged = get_sequence(frame + 4);
    return;
  }
  int answer = 0;
  if (control == STARTDT_ACT) {
    answer = STARTDT_CON;
    link->started = 1;
    started_count++;
  } else if (control == TESTFR_ACT) {
    answer = TESTFR_CON;
  } else if (control == STOPDT_ACT) {
    answer = STOPDT_CON;
    link->started = 0;
  } else if (control == TESTFR_CON && link->testfr_at) {
    if (answer_count < sizeof answers / sizeof *answers) answers[answer_count++] = now_ns() - link->testfr_at;
    link->testfr_at = 0;
  }
  if (answer && link->out_used < OUT_SIZE) link->out_used = (int)(put_u(link->out + link->out_used, answer) - link->out);
}

static void drop(struct link* link) {
  close(link->fd);
  link->fd = -1;
  link->started = 0;
}

static void receive(struct link* link) {
  static unsigned char buffer[IN_SIZE + 512];
  for (;;) {
    memcpy(buffer, link->in, (size_t)link->in_used);
    const ssize_t n = recv(link->fd, buffer + link->in_used, IN_SIZE, 0);
    if (n == 0 || (n < 0 && errno != EAGAIN)) return drop(link);
    if (n < 0) return;
    const int used = link->in_used + (int)n;
    int at = 0;
    while (used - at >= 6 && used - at >= buffer[at + 1] + 2) {
      if (buffer[at] != 0x68) return drop(link);
      on_frame(link, buffer + at, buffer[at + 1] + 2);
      at += buffer[at + 1] + 2;
    }
    link->in_used = used - at;
    memcpy(link->in, buffer + at, (size_t)link->in_used);
    if (n < IN_SIZE) return;
  }
}

// One frame to each connection.
static void on_pace(void) {
  for (int i = 0; i < link_count; i++) {
    struct link* link = links[i];
    if (link->fd < 0 || !link->started || finished(link) || !window_open(link) || !flush(link)) continue;
    link->out_used = (int)(put_data(link->out, link) - link->out);
    if (sent_count < (size_t)(total + 1) * (size_t)connections) sent_at[sent_count++] = now_ns();
    flush(link);
    finish(link);
  }
}

static void on_testfr(void) {
  for (int i = 0; i < link_count; i++) {
    struct link* link = links[i];
    if (link->fd < 0 || !link->started || link->testfr_at || link->out_used + 6 > OUT_SIZE) continue;
    link->out_used = (int)(put_u(link->out + link->out_used, TESTFR_ACT) - link->out);
    link->testfr_at = now_ns();
    flush(link);
  }
}

static void on_accept(int listener) {
  for (;;) {
    const int fd = accept(listener, NULL, NULL);
    if (fd < 0) return;
    be_nonblocking(fd);
    struct link* link = calloc(1, sizeof *link);
    link->out = malloc(OUT_SIZE + 512);
    link->fd = fd;
    links = realloc(links, sizeof(*links) * (size_t)(link_count + 1));
    links[link_count++] = link;
    watch(poller, fd, EPOLLIN | EPOLLOUT | EPOLLET, link);
  }
}

static int make_timer(long us, void* tag) {
  const int fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
  const struct timespec each = {us / 1000000, us % 1000000 * 1000};
  const struct itimerspec setting = {each, each};
  timerfd_settime(fd, 0, &setting, NULL);
  watch(poller, fd, EPOLLIN, tag);
  return fd;
}

static int make_listener(void) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_ANY)}};
  socklen_t size = sizeof address;
  if (bind(fd, (struct sockaddr*)&address, size) != 0 || listen(fd, 4096) != 0) die("listen");
  getsockname(fd, (struct sockaddr*)&address, &size);
  printf("{\"port\": %d}\n", ntohs(address.sin_port));
  fflush(stdout);
  return fd;
}

// False at the end of stdin.
static int on_word(int* paces, int* tests) {
  char word[64];
  const ssize_t n = read(0, word, sizeof word);
  if (n <= 0) return 0;
  running = 1;
  started_ns = now_ns();
  if (pace) *paces = make_timer(pace, paces);
  if (testfr) *tests = make_timer(testfr, tests);
  for (int i = 0; i < link_count; i++)
    if (links[i]->fd >= 0) pump(links[i]);
  return 1;
}

int main(int argc, char** argv) {
  type = (int)option(argc, argv, "--type", M_ME_NC_1);
  objects = (int)option(argc, argv, "--objects", 1);
  sequence = (int)option(argc, argv, "--sq", 0);
  points = (int)option(argc, argv, "--points", 1000);
  total = option(argc, argv, "--total", 0);
  window = (unsigned)option(argc, argv, "--k", 12);
  connections = (int)option(argc, argv, "--connections", 1);
  pace = option(argc, argv, "--pace", 0);
  testfr = option(argc, argv, "--testfr", 0);
  base = (int)option(argc, argv, "--base", 1);
  if (pace) sent_at = calloc((size_t)(total + 1) * (size_t)connections, sizeof *sent_at);
  poller = epoll_create1(0);
  const int listener = make_listener();
  int word_tag, listen_tag, paces = -1, tests = -1;
  watch(poller, 0, EPOLLIN, &word_tag);
  watch(poller, listener, EPOLLIN, &listen_tag);
  for (;;) {
    struct epoll_event events[256];
    const int count = epoll_wait(poller, events, 256, -1);
    for (int i = 0; i < count; i++) {
      void* tag = events[i].data.ptr;
      uint64_t ticks;
      if (tag == &word_tag) {
        if (!on_word(&paces, &tests)) goto end;
      } else if (tag == &listen_tag) {
        on_accept(listener);
      } else if (tag == &paces) {
        if (read(paces, &ticks, sizeof ticks) > 0) on_pace();
      } else if (tag == &tests) {
        if (read(tests, &ticks, sizeof ticks) > 0) on_testfr();
      } else {
        struct link* link = tag;
        if (link->fd < 0) continue;
        receive(link);
        if (link->fd >= 0) pump(link);
      }
    }
  }
end:
  printf("{\"end\": 1, \"connections\": %d, \"started\": %d, \"commands\": %lld, \"frames\": %lld}\n", link_count,
         started_count, (long long)commands, (long long)frames);
  return 0;
}
