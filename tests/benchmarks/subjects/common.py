# SPDX-License-Identifier: GPL-3.0-or-later
"""What every subject needs: JSON lines to the driver, words from it, what the process uses."""

import json
import os
import resource
import sys
import threading
import time

SENTINEL = 16_000_000
MODULO = 1 << 20

_out = sys.stdout
sys.stdout = sys.stderr


kept = []  # Clients and Servers, so that they run on until the driver is done


def say(**fields):
    _out.write(json.dumps(fields) + "\n")
    _out.flush()


def hear():
    """The next word of the driver, "" when it went away."""
    return sys.stdin.readline().strip()


def cpu():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def idle_percent(seconds):
    """What the process uses of a core while nobody asks it for anything."""
    used, begin = cpu(), time.perf_counter()
    time.sleep(seconds)
    return (cpu() - used) / (time.perf_counter() - begin) * 100


def rss_kb():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE") // 1024


def threads():
    return len(os.listdir("/proc/self/task"))


def percentile(numbers, share):
    ordered = sorted(numbers)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else None


def until(condition, timeout, pause=0.001):
    """True when `condition` holds in time."""
    end = time.monotonic() + timeout
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(pause)
    return True


def leave():
    """At once: how a library ends the process is not what a case measures, and the peer may hang there."""
    _out.flush()
    os._exit(0)


class Busy:
    """Python threads that do nothing but compute."""

    def __init__(self, count):
        self.stopping = False
        for _ in range(count):
            threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        number = 0
        while not self.stopping:
            number += 1


class Memory(threading.Thread):
    """Samples the resident set while something runs."""

    def __init__(self):
        super().__init__(daemon=True)
        self.samples = [rss_kb()]
        self.stopping = threading.Event()
        self.start()

    def run(self):
        while not self.stopping.wait(0.1):
            self.samples.append(rss_kb())

    def fields(self):
        """Growth counts from a quarter of the time on: buffers have their size by then."""
        self.stopping.set()
        self.samples.append(rss_kb())
        settled = self.samples[len(self.samples) // 4]
        return {"rss_start_kb": self.samples[0], "rss_end_kb": self.samples[-1], "growth_kb": self.samples[-1] - settled}
