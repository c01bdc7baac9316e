// SPDX-License-Identifier: GPL-3.0-or-later
// Raw masters for the benchmarks of the Server: any number of connections, one thread, one epoll.
//   master --port P [--masters M] [--w 8] [--stations S] [--stamps N] [--slow US]
// w: I-frames per acknowledgement, 0: never acknowledges. Says {"started": ...} when all have STARTDT con (or after 20 s). Words on
// stdin: "gi" interrogates the stations 1..S from each master and says {"gi": ...} at the last ACT_TERM or after 2 s without data;
// "end" waits until 0.5 s brings nothing, then says {"end": ...}. Values: in an interrogation a point's is ioa % 2^16 (M_SP_NA_1:
// its lowest bit), otherwise every object of a master is one more than the one before: a gap is counted as lost, a step back as a fault;
// after the word "loose" values are not looked at.
#include "wire.h"

enum { IN_SIZE = 65536, STATIONS = 64 };

struct link {
  int fd, started, in_used;
  unsigned receive, unconfirmed, send;
  int64_t objects, last_value, lost;
  unsigned char in[512];
};

static unsigned w;
static int masters, stations, started_count, closed_count;
static int loose;
static long slow;
static struct link* links;
static int64_t objects, frames, faults, interrogated, distinct, confirmed, terminated, refused, last_ns;
static unsigned char* seen[STATIONS + 1];
static int64_t* stamps;
static size_t stamp_size, stamp_count;

static void on_object(struct link* link, int type, int cause, unsigned ca, unsigned ioa, const unsigned char* element) {
  double value = element[0] & 1;
  if (type == M_ME_NC_1) {
    float number;
    memcpy(&number, element, 4);
    value = number;
  }
  objects++;
  if (cause == 20) {
    interrogated++;
    if (value != (type == M_SP_NA_1 ? ioa & 1 : ioa & 0xFFFF)) faults++;
    if (ca > STATIONS || ca == 0) return;
    if (!seen[ca]) seen[ca] = calloc(1, 1 << 21);
    if (!(seen[ca][ioa >> 3] >> (ioa & 7) & 1)) distinct++;
    seen[ca][ioa >> 3] |= (unsigned char)(1 << (ioa & 7));
    return;
  }
  link->objects++;
  if (type != M_ME_NC_1 || loose) return;
  if (value <= (double)link->last_value)
    faults++;
  else
    link->lost += (int64_t)value - link->last_value - 1;
  link->last_value = (int64_t)value;
  if (stamp_count < stamp_size) {
    stamps[stamp_count++] = (int64_t)value;
    stamps[stamp_count++] = now_ns();
  }
}

static void on_asdu(struct link* link, const unsigned char* asdu, int size) {
  const int type = asdu[0], count = asdu[1] & 0x7F, run = asdu[1] >> 7, cause = asdu[2] & 0x3F;
  const unsigned ca = asdu[4] | (unsigned)asdu[5] << 8;
  if (type == C_IC_NA_1) {
    if (asdu[2] & 0x40)
      refused++;
    else if (cause == 7)
      confirmed++;
    else if (cause == 10)
      terminated++;
    return;
  }
  const int step = element_size(type);
  if (!step) return;
  if (6 + (run ? 3 + count * step : count * (3 + step)) != size) {
    faults++;
    return;
  }
  const unsigned char* at = asdu + 6;
  unsigned ioa = 0;
  for (int i = 0; i < count; i++, at += step) {
    if (i == 0 || !run) {
      ioa = get_ioa(at);
      at += 3;
    } else {
      ioa++;
    }
    on_object(link, type, cause, ca, ioa, at);
  }
}

static void send_frame(struct link* link, const unsigned char* frame, int size) {
  if (send(link->fd, frame, (size_t)size, MSG_NOSIGNAL) != size) faults++;
}

static void on_frame(struct link* link, const unsigned char* frame, int size) {
  unsigned char out[6];
  if (!(frame[2] & 1)) {
    if (get_sequence(frame + 2) != link->receive) faults++;
    link->receive = (link->receive + 1) % MODULO;
    link->unconfirmed++;
    frames++;
    on_asdu(link, frame + 6, size - 6);
    if (w && link->unconfirmed >= w) {
      put_s(out, link->receive);
      send_frame(link, out, 6);
      link->unconfirmed = 0;
    }
  } else if (frame[2] == STARTDT_CON) {
    if (!link->started) started_count++;
    link->started = 1;
  } else if (frame[2] == TESTFR_ACT) {
    put_u(out, TESTFR_CON);
    send_frame(link, out, 6);
  }
}

static void drop(struct link* link) {
  close(link->fd);
  link->fd = -1;
  closed_count++;
}

static void receive(struct link* link) {
  static unsigned char buffer[IN_SIZE + 512];
  if (slow) usleep((useconds_t)slow);
  const size_t room = slow ? 256 : IN_SIZE;
  memcpy(buffer, link->in, (size_t)link->in_used);
  const ssize_t n = recv(link->fd, buffer + link->in_used, room, 0);
  if (n < 0 && errno == EAGAIN) return;
  if (n <= 0) return drop(link);
  last_ns = now_ns();
  const int used = link->in_used + (int)n;
  int at = 0;
  while (used - at >= 6 && used - at >= buffer[at + 1] + 2) {
    if (buffer[at] != 0x68) {
      faults++;
      return drop(link);
    }
    on_frame(link, buffer + at, buffer[at + 1] + 2);
    at += buffer[at + 1] + 2;
  }
  link->in_used = used - at;
  memcpy(link->in, buffer + at, (size_t)link->in_used);
}

static void interrogate(struct link* link) {
  for (int ca = 1; ca <= stations; ca++) {
    unsigned char frame[16] = {0x68, 14, 0, 0, 0, 0, C_IC_NA_1, 1, 6, 0, (unsigned char)ca, (unsigned char)(ca >> 8),
                               0,    0,  0, 20};
    put_head(frame, 16, link->send, link->receive);
    link->send = (link->send + 1) % MODULO;
    link->unconfirmed = 0;
    send_frame(link, frame, 16);
  }
}

// The connection comes up while the loop runs: a server that accepts slowly holds up nobody else.
static void dial(int poller, struct link* link, uint16_t port) {
  link->fd = socket(AF_INET, SOCK_STREAM, 0);
  const struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
  be_nonblocking(link->fd);
  watch(poller, link->fd, EPOLLIN | EPOLLOUT | EPOLLRDHUP, link);
  if (connect(link->fd, (const struct sockaddr*)&to, sizeof to) != 0 && errno != EINPROGRESS) drop(link);
}

static void on_connected(int poller, struct link* link) {
  struct epoll_event event = {.events = EPOLLIN, .data = {.ptr = link}};
  unsigned char out[6];
  put_u(out, STARTDT_ACT);
  send_frame(link, out, 6);
  epoll_ctl(poller, EPOLL_CTL_MOD, link->fd, &event);
}

static void report(const char* name, int64_t start) {
  int64_t least = links[0].objects, most = 0, lost = 0;
  for (int i = 0; i < masters; i++) {
    if (links[i].objects < least) least = links[i].objects;
    if (links[i].objects > most) most = links[i].objects;
    lost += links[i].lost;
  }
  printf(
      "{\"%s\": 1, \"start_ns\": %lld, \"end_ns\": %lld, \"objects\": %lld, \"frames\": %lld, \"faults\": %lld, \"lost\": "
      "%lld, "
      "\"least\": %lld, \"most\": %lld, \"interrogated\": %lld, \"distinct\": %lld, \"confirmed\": %lld, \"terminated\": %lld, "
      "\"refused\": %lld, \"closed\": %d, \"started_count\": %d",
      name, (long long)start, (long long)last_ns, (long long)objects, (long long)frames, (long long)faults, (long long)lost,
      (long long)least, (long long)most, (long long)interrogated, (long long)distinct, (long long)confirmed,
      (long long)terminated, (long long)refused, closed_count, started_count);
  if (stamp_size && strcmp(name, "end") == 0) print_numbers("stamps", stamps, stamp_count);
  printf("}\n");
  fflush(stdout);
}

int main(int argc, char** argv) {
  const uint16_t port = (uint16_t)option(argc, argv, "--port", 2404);
  masters = (int)option(argc, argv, "--masters", 1);
  w = (unsigned)option(argc, argv, "--w", 8);
  stations = (int)option(argc, argv, "--stations", 1);
  slow = option(argc, argv, "--slow", 0);
  stamp_size = 2 * (size_t)option(argc, argv, "--stamps", 0);
  stamps = calloc(stamp_size + 1, sizeof *stamps);
  links = calloc((size_t)masters, sizeof *links);
  const int poller = epoll_create1(0);
  const int64_t begin = now_ns();
  int word_tag, dialled = 0, reported = 0;
  const char* waiting = NULL;  // "gi" or "end"
  int64_t start = begin;
  watch(poller, 0, EPOLLIN, &word_tag);
  for (;;) {
    struct epoll_event events[256];
    for (int i = 0; i < 64 && dialled < masters; i++) dial(poller, &links[dialled++], port);
    const int count = epoll_wait(poller, events, 256, dialled < masters ? 0 : 20);
    for (int i = 0; i < count; i++) {
      if (events[i].data.ptr == &word_tag) {
        char word[16] = {0};
        if (read(0, word, sizeof word - 1) <= 0) return 0;
        if (word[0] == 'l') {
          loose = 1;
          continue;
        }
        start = last_ns = now_ns();
        waiting = word[0] == 'g' ? "gi" : "end";
        if (word[0] == 'g')
          for (int m = 0; m < masters; m++)
            if (links[m].fd >= 0) interrogate(&links[m]);
      } else {
        struct link* link = events[i].data.ptr;
        if (link->fd >= 0 && events[i].events & EPOLLOUT && !(events[i].events & EPOLLERR)) on_connected(poller, link);
        if (link->fd >= 0 && events[i].events & (EPOLLIN | EPOLLERR | EPOLLHUP)) receive(link);
      }
    }
    const int64_t now = now_ns();
    if (!reported && (started_count == masters || now - begin > 20000000000)) {
      reported = 1;
      last_ns = now;
      report("started", begin);
    }
    if (!waiting) continue;
    const int complete = waiting[0] == 'g' && terminated + refused >= (int64_t)stations * masters;
    if (complete || now - last_ns > (waiting[0] == 'g' ? 2000000000 : 500000000)) {
      report(waiting, start);
      waiting = NULL;
    }
  }
}
