# SPDX-License-Identifier: GPL-3.0-or-later
"""make soak MINUTES=60: clients and servers in one process, for as long as asked, while everything goes wrong that can.

Four counted pairs of a server and a client (plain and TLS, each with a quiet link and with one that breaks), two more servers for
visitors. At the end: exit code 0 when what the process holds stayed flat and every message was delivered or reported.
"""

from __future__ import annotations

import argparse
import collections
import json
import logging
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Callable, Dict, List, Tuple

import c104
from meter import LEAST_MINUTES, Meter, holdings
from pair import Pair
from proxy import Proxy
from support import certificates
from support.ports import free_port
from visitors import Visitors

HERE = Path(__file__).parent


class Records(logging.Handler):
    """Counts log lines instead of printing them."""

    def __init__(self) -> None:
        super().__init__()
        self.levels: collections.Counter[str] = collections.Counter()

    def emit(self, record: logging.LogRecord) -> None:
        self.levels[record.levelname] += 1


def securities(folder: Path) -> tuple:
    certificates.write_all(folder)

    def make(name: str) -> c104.TransportSecurity:
        one = c104.TransportSecurity(validate=True, only_known=False)
        one.set_certificate(str(folder / f"{name}.crt"), str(folder / f"{name}.key"))
        one.set_ca_certificate(str(folder / "ca.crt"))
        return one

    return make("server"), make("client")


class Soak:
    def __init__(self, options: argparse.Namespace, folder: Path) -> None:
        security = securities(folder)
        seed = options.seed
        self.options = options
        self.ending = threading.Event()
        self.errors: List[str] = []
        self.clean = [Pair("plain", seed), Pair("TLS", seed + 1, security)]
        self.broken = [Pair("plain, broken", seed + 2), Pair("TLS, broken", seed + 3, security)]
        self.pairs = self.clean + self.broken
        self.proxies = [Proxy(pair.server.port, options.fault_interval, seed + 10 + i) for i, pair in enumerate(self.broken)]
        guests = [c104.Server(ip="127.0.0.1", port=free_port()) for _ in range(1)]
        guests.append(c104.Server(ip="127.0.0.1", port=free_port(), transport_security=security[0]))
        self.visitors = Visitors(seed + 20, guests[0], guests[1], security[1])
        self.restarts = self.replacements = self.reconnects = 0
        for pair in self.clean:
            pair.connect(pair.server.port)
        for pair, proxy in zip(self.broken, self.proxies):
            pair.connect(proxy.port)
        self.threads = [threading.Thread(target=self._guarded, args=(self._send,), name="sender")]
        self.threads += [threading.Thread(target=self._guarded, args=(self._every, 0.5, pair.operate)) for pair in self.pairs]
        self.threads += [threading.Thread(target=self._guarded, args=(self._every, 1.0, pair.churn)) for pair in self.pairs]
        self.threads.append(threading.Thread(target=self._guarded, args=(self._every, 2.0, self.visitors.visit)))
        self.threads.append(threading.Thread(target=self._guarded, args=(self._every, 1.0, self.visitors.churn)))
        self.threads.append(threading.Thread(target=self._guarded, args=(self._every, 15.0, self._upset)))

    # ------------------------------------------------------------------------------------------ what runs

    def _guarded(self, work: Callable, *arguments) -> None:
        try:
            work(*arguments)
        except Exception as error:
            self.errors.append(f"{threading.current_thread().name}: {error!r}")
            self.ending.set()
            raise

    def _every(self, interval: float, action: Callable[[], None]) -> None:
        while not self.ending.wait(interval):
            action()

    def _send(self) -> None:
        share = self.options.rate / len(self.pairs) / 50
        due = 0.0
        while not self.ending.wait(0.02):
            due += share
            for _ in range(int(due)):
                for pair in self.pairs:
                    pair.send()
            due -= int(due)

    def _upset(self) -> None:
        """Stops and starts things that are in use."""
        turn = self.restarts + self.replacements + self.reconnects
        pair = self.broken[turn // 3 % len(self.broken)]
        if turn % 3 == 0:
            pair.restart_server()
            self.restarts += 1
        elif turn % 3 == 1:
            pair.replace_client()
            self.replacements += 1
        else:
            pair.connection.disconnect()
            pair.connection.connect()
            self.reconnects += 1

    # ------------------------------------------------------------------------------------------ the run

    def counts(self) -> Dict[str, int]:
        total: collections.Counter[str] = collections.Counter()
        for pair in self.pairs:
            counters = pair.server.counters
            total.update(
                taken=pair.taken,
                refused=pair.refused,
                delivered=pair.ledger.delivered,
                values=pair.ledger.values,
                unsent=counters["unsent"] + counters["overruns"],
                unacknowledged=counters["unacknowledged"],
                unexpected=pair.ledger.unexpected,
                commands=pair.commands,
                confirmed=pair.confirmed,
                executed=pair.executed,
                interrogations=pair.interrogations,
                interrogated=pair.interrogated,
                losses=pair.states["CLOSED_AWAIT_RECONNECT"],
            )
        return {
            **total,
            "faults": sum(sum(proxy.faults.values()) for proxy in self.proxies),
            "visits": self.visitors.clients + self.visitors.strangers,
        }

    def run(self, meter: Meter) -> None:
        for thread in self.threads:
            thread.start()
        end = time.monotonic() + self.options.minutes * 60
        while time.monotonic() < end and not self.ending.wait(min(self.options.sample, max(0.0, end - time.monotonic()))):
            meter.sample()
        self.ending.set()
        for thread in self.threads:
            thread.join()

    def settle(self) -> Tuple[List[str], Dict[str, int]]:
        """Mends the links, lets everything arrive, and stops; returns what does not add up, and the counts."""
        for proxy in self.proxies:
            proxy.heal()
        found = [f"{pair.name}: the link did not come back" for pair in self.pairs if not pair.settle()]
        for pair in self.pairs:
            found += pair.faults(clean=pair in self.clean)
        if self.visitors.failures:
            found.append(f"{self.visitors.failures} visits of clients failed")
        counts = self.counts()
        for pair in self.pairs:
            pair.stop()
        for proxy in self.proxies:
            proxy.stop()
        self.visitors.stop()
        return found + self.errors, counts


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--rate", type=float, default=400, help="messages per second, all links together")
    parser.add_argument("--fault-interval", type=float, default=6, help="mean seconds between the faults of a link")
    parser.add_argument("--sample", type=float, default=5, help="seconds between samples")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path("build/soak"))
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    records = Records()
    logging.getLogger("c104").addHandler(records)
    logging.getLogger("c104").propagate = False
    before = holdings()

    with tempfile.TemporaryDirectory() as folder:
        soak = Soak(options, Path(folder))
        meter = Meter(options.out / "soak.csv", soak.counts)
        soak.run(meter)
        problems, counts = soak.settle()
        faults = sum((proxy.faults for proxy in soak.proxies), collections.Counter())
        extra = {
            "server restarts": soak.restarts,
            "client replacements": soak.replacements,
            "disconnects": soak.reconnects,
            "clients that visited": soak.visitors.clients,
            "strangers": soak.visitors.strangers,
        }
        meter.close()
    cpu = time.process_time()
    del soak
    after = holdings()
    flat = meter.verdict(options.minutes)
    problems += [
        f"{name} grew from {one['before']:g} to {one['after']:g}" for name, one in flat.items() if one["flat"] is False
    ]
    problems += [
        f"{name}: {before[name]} at the start, {after[name]} at the end"
        for name in ("handles", "threads")
        if after[name] > before[name]
    ]
    result = {
        "version": c104.__version__,
        "minutes": options.minutes,
        "seed": options.seed,
        "counts": counts,
        "faults": dict(faults),
        "other": extra,
        "held": flat,
        "memory": f"too short to judge: less than {LEAST_MINUTES} minutes" if options.minutes < LEAST_MINUTES else "judged",
        "before": before,
        "after": after,
        "log lines": dict(records.levels),
        "cpu_s": round(cpu, 1),
        "problems": problems,
    }
    (options.out / "soak.json").write_text(json.dumps(result, indent=1) + "\n")
    print(json.dumps(result, indent=1))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
