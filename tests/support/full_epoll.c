/* SPDX-License-Identifier: GPL-3.0-or-later
 * To be preloaded: while the file named by C104_EPOLL_FULL exists the system watches no further socket (ENOSPC, see epoll(7)). */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

int epoll_ctl(int epoll, int operation, int descriptor, struct epoll_event* event) {
  const char* path = getenv("C104_EPOLL_FULL");
  struct stat what;
  if (operation == EPOLL_CTL_ADD && path && access(path, F_OK) == 0 && fstat(descriptor, &what) == 0 &&
      S_ISSOCK(what.st_mode)) {
    errno = ENOSPC;
    return -1;
  }
  return (int)syscall(SYS_epoll_ctl, epoll, operation, descriptor, event);
}
