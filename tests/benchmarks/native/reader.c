// SPDX-License-Identifier: GPL-3.0-or-later
// The plain C loop: connects to the generator, reads M_ME_NC_1 into a table, acknowledges each w frames. What a Client can't beat.
//   reader --port P [--w 8] [--points N] [--decode 1]     says {"ready": 1}, at the sentinel {"frames": ..., "cpu_s": ...}
#include "wire.h"

int main(int argc, char** argv) {
  const unsigned w = (unsigned)option(argc, argv, "--w", 8);
  const unsigned points = (unsigned)option(argc, argv, "--points", 1000);
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  const struct sockaddr_in to = {.sin_family = AF_INET,
                                 .sin_port = htons((uint16_t)option(argc, argv, "--port", 2404)),
                                 .sin_addr = {htonl(INADDR_LOOPBACK)}};
  const int on = 1;
  if (connect(fd, (const struct sockaddr*)&to, sizeof to) != 0) die("connect");
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  static unsigned char in[65536 + 512];
  unsigned char out[6];
  put_u(out, STARTDT_ACT);
  if (write(fd, out, 6) != 6) die("write");
  float* values = calloc(points + 2, sizeof *values);
  unsigned received = 0, unconfirmed = 0;
  long frames = 0, objects = 0, faults = 0;
  int used = 0, last = 0;
  double cpu = 0;
  printf("{\"ready\": 1}\n");
  fflush(stdout);
  while (!last) {
    const ssize_t n = recv(fd, in + used, 65536, 0);
    if (n <= 0) die("recv");
    if (frames == 0) cpu = cpu_seconds();
    used += (int)n;
    int at = 0;
    while (used - at >= 6 && used - at >= in[at + 1] + 2) {
      const unsigned char* frame = in + at;
      at += frame[1] + 2;
      if (frame[2] & 1) continue;
      if (get_sequence(frame + 2) != received) faults++;
      received = (received + 1) % MODULO;
      frames++;
      const int count = frame[7] & 0x7F;
      const unsigned char* object = frame + 12;
      for (int i = 0; i < count; i++, object += 8) {
        const unsigned ioa = get_ioa(object);
        if (ioa == SENTINEL_IOA) last = 1;
        memcpy(values + (ioa <= points ? ioa : points + 1), object + 3, 4);
      }
      objects += count;
      if (++unconfirmed >= w) {
        put_s(out, received);
        if (write(fd, out, 6) != 6) die("write");
        unconfirmed = 0;
      }
    }
    memmove(in, in + at, (size_t)(used - at));
    used -= at;
  }
  printf("{\"end_ns\": %lld, \"frames\": %ld, \"objects\": %ld, \"faults\": %ld, \"cpu_s\": %.6f, \"value\": %.1f}\n",
         (long long)now_ns(), frames, objects, faults, cpu_seconds() - cpu, (double)values[1]);
  return 0;
}
