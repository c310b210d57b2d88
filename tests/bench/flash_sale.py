"""A flash sale against the real daemon: each call takes 150 ms, both quotas are enforced, time is real.

A thousand orders, each of a new buyer, arrive evenly within five minutes; in an hour of its own, three hundred at one
instant, which shows how fast a backlog drains. Both shops are simulated in this process behind sockets; `syncd run` is
a process of its own with its default settings. Measured from the order's arrival in Haravan to KiotViet's order.
"""

from __future__ import annotations

import math
import os
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from syncd.cli.sandbox import write_config
from syncd.clock import SystemClock
from syncd.core.documents import order_id_in
from syncd.sandbox.http import Request
from syncd.sandbox.serving import Served
from syncd.sandbox.world import Sandbox
from tests.bench.figures import Figure, median, percentile
from tests.bench.metered import new_buyer
from tests.bench.processes import daemon, memory_mb

LATENCY_SECONDS = 0.15
ORDERS, WITHIN_SECONDS, AT_ONCE = 1000, 300.0, 300
GETS_AN_HOUR = 4000
"""The default of `kiotviet.gets_per_hour`."""

HARAVAN_AT_ONCE, HARAVAN_A_SECOND = 80, 4

LEAST_GETS = 3
"""What no new order of a new buyer can save: the buyer by code and by phone, and the order read back."""

_GROUP = "Flash sale: 150 ms a call, both quotas, the real daemon"
_PATIENCE_SECONDS = 600.0


class Sale:
    """The shops, the daemon, and when each order came to each side."""

    def __init__(self, folder: Path) -> None:
        """Open the shops; nothing runs yet."""
        self.sandbox = Sandbox.small_shop(SystemClock(), latency_seconds=LATENCY_SECONDS)
        for product in self.sandbox.products.values():
            self.sandbox.kiotviet.set_stock(product, self.sandbox.branches[0], 1_000_000)
        self.sandbox.kiotviet_gate.after_effect.append(self._note)
        self._folder, self._guard = folder, threading.Lock()
        self.placed: dict[int, datetime] = {}
        self.made: dict[int, datetime] = {}
        self.peak_mb = 0.0

    def _note(self, _: str, request: Request) -> None:
        if (request.method, request.path) == ("POST", "/orders"):
            order_id = order_id_in(str(_body(request).get("description", "")))
            if order_id is not None:
                with self._guard:
                    self.made.setdefault(order_id, self.sandbox.clock.now())

    def place(self, number: int) -> None:
        """One order of a new buyer."""
        skus = list(self.sandbox.variants)
        line = (self.sandbox.variants[skus[number % len(skus)]], 1)
        now = self.sandbox.clock.now()
        self.placed[self.sandbox.haravan.place_order([line], source="web", buyer=new_buyer(number))] = now

    def run(self, sell: Callable[[], None]) -> None:
        """Let the daemon run while orders are placed, until it has made each of them."""
        with Served(self.sandbox) as served:
            config = write_config(served, self._folder)
            config.write_text(_switched_on(config.read_text(encoding="utf-8")), encoding="utf-8")
            with daemon(config) as pid:
                self._settle_in()
                sell()
                self.peak_mb = memory_mb(pid, "VmHWM")

    def _settle_in(self) -> None:
        """One order goes through before anything is measured: the first cycles read the catalogue."""
        self.place(0)
        self._await_all()
        time.sleep(20)
        self.placed.clear()
        self.made.clear()

    def _await_all(self) -> None:
        until = time.monotonic() + _PATIENCE_SECONDS
        while len(self.made) < len(self.placed):
            if time.monotonic() > until:
                raise AssertionError(f"{len(self.placed) - len(self.made)} orders were never made")
            time.sleep(0.2)

    def calls(self) -> Counter[str]:
        """KiotViet's GETs so far, and all calls of Haravan."""
        gets = sum(call.method == "GET" for call in self.sandbox.journal.calls("kiotviet"))
        return Counter(kiotviet=gets, haravan=len(self.sandbox.journal.calls("haravan")))


def measure(orders: int = ORDERS, within: float = WITHIN_SECONDS, at_once: int = AT_ONCE) -> Iterator[Figure]:
    """The even sale, and the backlog in an hour of its own: together they take more GETs than one hour has."""
    with tempfile.TemporaryDirectory() as name:
        sale = Sale(Path(name))
        waits, calls = _even(sale, orders, within)
    with tempfile.TemporaryDirectory() as name:
        rate = _backlog(Sale(Path(name)), at_once)
    each = calls["kiotviet"] / orders
    yield Figure(_GROUP, f"{orders:,} orders in {within:.0f} s: order to KiotViet, median", median(waits), "s")
    yield Figure(_GROUP, "the same, 95th percentile", percentile(waits, 0.95), "s")
    yield Figure(_GROUP, "the same, longest", max(waits), "s")
    yield Figure(_GROUP, f"a backlog of {at_once} drains at", rate, "orders/s", 5, "stated limit", more_is_better=True)
    yield Figure(_GROUP, "GETs of KiotViet per order, all reads of those minutes", each, "GETs")
    yield Figure(
        _GROUP,
        "of the orders that those GETs allow, taken in",
        100 * LEAST_GETS / each,
        "%",
        90,
        f"stated limit, at {LEAST_GETS} GETs an order",
        more_is_better=True,
    )
    allowed = math.floor(GETS_AN_HOUR / each)
    quota = HARAVAN_AT_ONCE + HARAVAN_A_SECOND * within
    yield Figure(_GROUP, "calls to Haravan in those minutes", calls["haravan"], "calls", quota, "its quota")
    yield Figure(
        _GROUP, "orders that an hour's 4,000 GETs allow", allowed, "orders", orders, "the sale", more_is_better=True
    )
    yield Figure(_GROUP, "peak memory of the daemon", sale.peak_mb, "MB", 80, "stated limit")


def _even(sale: Sale, orders: int, within: float) -> tuple[list[float], Counter[str]]:
    """Seconds from each order to KiotViet, and the calls meanwhile."""
    before: Counter[str] = Counter()

    def sell() -> None:
        nonlocal before
        before = sale.calls()
        _sell_evenly(sale, orders, within)
        sale._await_all()

    sale.run(sell)
    return _waits(sale), sale.calls() - before


def _backlog(sale: Sale, orders: int) -> float:
    def sell() -> None:
        for number in range(1, orders + 1):
            sale.place(number)
        sale._await_all()

    sale.run(sell)
    return _rate(sale)


def _sell_evenly(sale: Sale, orders: int, within: float) -> None:
    began = time.monotonic()
    for number in range(1, orders + 1):
        time.sleep(max(0.0, began + number * within / orders - time.monotonic()))
        sale.place(number)


def _waits(sale: Sale) -> list[float]:
    return [(sale.made[key] - placed).total_seconds() for key, placed in sale.placed.items()]


def _rate(sale: Sale) -> float:
    """Orders a second from the first that was made of a backlog to the last."""
    moments = sorted(sale.made.values())
    return (len(moments) - 1) / (moments[-1] - moments[0]).total_seconds()


def _switched_on(config: str) -> str:
    return config.replace("orders:\n", "orders:\n  apply: true\n").replace("stock:\n", "stock:\n  apply: true\n")


def _body(request: Request) -> dict[str, Any]:
    body = request.json()
    return body if isinstance(body, dict) else {}


if __name__ == "__main__":
    for figure in measure(*map(int, sys.argv[1:4])):
        sys.stdout.write(f"{figure.name}: {figure.value:.2f} {figure.unit}{os.linesep}")
