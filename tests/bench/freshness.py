"""How soon a change of stock in KiotViet is right in Haravan on a busy day, and what an idle shop costs.

    python -m tests.bench.freshness [--from 0] [--to 24] [--products 10000] [--orders 2000] [--sales 3000] [--json FILE]

Both remotes are simulated in this process on a clock of their own, quotas enforced (Haravan 80 calls and 4 a second,
KiotViet 5,000 GETs an hour, of which 4,000 are used); each call takes 0.1 s on it. The two jobs run each 15 s and 30 s
as in the daemon, in full once an hour, but one after the other; in the daemon they run side by side and wait less.
Counter sales, web orders and changes that no document names (a stock count) hit products of their own, so that for each
change it is known which figure is right.
"""

from __future__ import annotations

import argparse
import heapq
import json
import random
import statistics
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from syncd.errors import RateLimited, SyncdError
from syncd.logs import configure
from syncd.sandbox.http import Request
from tests.rig import Rig

LATENCY_SECONDS = 0.1
ORDERS_SECONDS, STOCK_SECONDS, FULL_SECONDS = 15.0, 30.0, 3600.0
LIMIT = 4000
ON_HAND = 1000
SALE_HOURS = {8: 5, 9: 8, 10: 10, 11: 9, 12: 6, 13: 6, 14: 7, 15: 8, 16: 9, 17: 10, 18: 10, 19: 9, 20: 7, 21: 4}
ORDER_HOURS = {hour: 2 for hour in range(24)} | {
    **{hour: 4 for hour in range(8, 20)},
    **{20: 6, 21: 7, 22: 6, 23: 4, 1: 1, 2: 1, 3: 1, 4: 1, 5: 1},
}
"""How a day's sales and orders spread over its hours; only the proportions count."""


@dataclass(slots=True)
class Wait:
    """A change whose figure is not right yet; `right` is asked with what Haravan has available."""

    kind: str
    sku: str
    since: float
    right: Callable[[int], bool]


@dataclass(slots=True)
class Day:
    """One run: the shop, what is going to happen in it, and what was measured."""

    rig: Rig
    random: random.Random
    counter: list[str]
    web: list[str]
    counted: list[str]
    events: list[tuple[float, int, Callable[[], None]]] = field(default_factory=list)
    waits: dict[str, list[Wait]] = field(default_factory=lambda: defaultdict(list))
    took: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    gets: list[float] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    busiest: int = 0
    placed: int = 0
    now: float = 0.0

    def at(self, when: float, act: Callable[[], None]) -> None:
        """Let something happen."""
        heapq.heappush(self.events, (when, len(self.events) + self.placed, act))
        self.placed += 1

    def happen(self, _: str, __: Request) -> None:
        """Whatever is due by now; it counts from when it was due, for nobody looked in between."""
        while self.events and self.events[0][0] <= self.rig.clock.monotonic():
            self.now, _number, act = heapq.heappop(self.events)
            act()

    def look(self, remote: str, request: Request) -> None:
        """After each call: count it, and see which figures an adjustment has made right."""
        if remote == "kiotviet" and request.method == "GET":
            self.gets.append(self.rig.clock.monotonic())
            self.kinds[_kind(request)] += 1
        if "adjustorset" not in request.path:
            return
        body: Any = request.json()
        variants = {line["product_variant_id"] for line in body["inventory"]["line_items"]}
        for sku in [sku for sku in self.waits if self.rig.sandbox.variants[sku] in variants]:
            self._settle(sku)

    def _settle(self, sku: str) -> None:
        available, now = self.rig.available(sku), self.rig.clock.monotonic()
        done = [wait for wait in self.waits[sku] if wait.right(available)]
        for wait in done:
            self.took[wait.kind].append(now - wait.since)
            self.waits[sku].remove(wait)
        if not self.waits[sku]:
            del self.waits[sku]

    # what happens

    def sell(self) -> None:
        """A sale at the counter, of one to three products."""
        for sku in self.random.sample(self.counter, self.random.choice([1, 1, 1, 2, 2, 3])):
            self.rig.kiotviet.counter_sale(self.rig.branch, [(self.rig.sandbox.products[sku], 1)])
            left = int(self.rig.kiotviet.stock(self.rig.sandbox.products[sku], self.rig.branch)[0])
            self._wait("sold at the counter", sku, lambda available, most=left: available <= most)

    def count(self) -> None:
        """A stock count, which no document names."""
        sku = self.random.choice(self.counted)
        figure = self.random.randrange(500, 2000)
        if sku not in self.waits:
            self.rig.kiotviet.set_stock(self.rig.sandbox.products[sku], self.rig.branch, figure)
            self._wait("named by no feed", sku, lambda available, figure=figure: available == figure)

    def _wait(self, kind: str, sku: str, right: Callable[[int], bool]) -> None:
        self.waits[sku].append(Wait(kind, sku, self.now, right))

    def order(self) -> None:
        """A web order, and what becomes of it."""
        lines = [
            (sku, self.random.choice([1, 1, 2])) for sku in self.random.sample(self.web, self.random.choice([1, 1, 2]))
        ]
        order = self.rig.place(*lines)
        now = self.rig.clock.monotonic()
        self.at(now + self.random.uniform(1, 8) * 3600, lambda: self._hand_over(order))

    def _hand_over(self, order: int) -> None:
        shipment = self.rig.haravan.ship(order)
        self.rig.haravan.carrier(order, shipment, "delivering")
        self.at(self.now + self.random.uniform(6, 30) * 3600, lambda: self._deliver(order, shipment))

    def _deliver(self, order: int, shipment: int) -> None:
        self.rig.haravan.carrier(order, shipment, "delivered")
        self.rig.haravan.cod(order, shipment, "codreceipt")

    def buy(self) -> None:
        """A purchase from a supplier."""
        lines = [(self.rig.sandbox.products[sku], 50) for sku in self.random.sample(self.web, 10)]
        self.rig.kiotviet.purchase(self.rig.branch, lines)


def _kind(request: Request) -> str:
    path = request.path.strip("/").split("/")
    return path[0] + (" by id" if len(path) > 1 else "")


def fill(folder: Path, products: int) -> Day:
    """A shop with so many products, all linked, all in stock."""
    rig = Rig(folder, latency_seconds=0.0)
    rig.sandbox.fill(products - 12)
    skus = [sku for sku in rig.sandbox.products if sku.startswith("HANG")]
    for sku in skus:
        rig.kiotviet.set_stock(rig.sandbox.products[sku], rig.branch, ON_HAND)
    chance, third = random.Random(7), len(skus) // 3
    chance.shuffle(skus)  # so that each kind lies on every page
    return Day(rig, chance, skus[:third], skus[third : 2 * third], skus[2 * third :])


def schedule(day: Day, first: int, last: int, orders: int, sales: int) -> None:
    """Put the events of some hours of a day on the clock."""
    began = day.rig.clock.monotonic()
    plans = [(SALE_HOURS, sales, day.sell), (ORDER_HOURS, orders, day.order), (SALE_HOURS, 400, day.count)]
    for weights, number, act in plans:
        whole = sum(weights.values())
        for hour, weight in weights.items():
            for _ in range(round(number * weight / whole)):
                if first <= hour < last:
                    day.at(began + (hour - first + day.random.random()) * 3600, act)
    for hour in range(8, 20, 2):
        if first <= hour < last:
            day.at(began + (hour - first) * 3600 + 600, day.buy)


def run(day: Day, seconds: float, tell: Callable[[str], None]) -> None:
    """Both jobs, as often as the daemon runs them."""
    clock, shop = day.rig.clock, day.rig.shop
    jobs: dict[str, Callable[[bool], Any]] = {
        "orders": lambda full: shop.orders.run(full=full),
        "stock": lambda full: shop.stock.turn(reconcile=full),
    }
    pauses = {"orders": ORDERS_SECONDS, "stock": STOCK_SECONDS}
    began = clock.monotonic()
    due = dict.fromkeys(jobs, began)
    full_at = {"orders": began + FULL_SECONDS / 2, "stock": began + FULL_SECONDS}
    told = time.monotonic()
    while clock.monotonic() < began + seconds:
        name = min(due, key=lambda each: due[each])
        if due[name] > clock.monotonic():
            clock.advance(due[name] - clock.monotonic())
        day.happen("", Request("GET", "/"))
        started, wait = clock.monotonic(), 0.0
        full = started >= full_at[name]
        full_at[name] = started + FULL_SECONDS if full else full_at[name]
        try:
            report = jobs[name](full)
            for failure in report.failures:
                day.failed[f"{name}: {failure}"] += 1
            if name == "stock" and report.refusal:
                day.failed[f"refused: {report.refusal[:60]}"] += 1
        except RateLimited as error:
            wait = error.retry_after_seconds
            day.failed[f"{name}: {error}"] += 1
        except SyncdError as error:
            day.failed[f"{name}: {error}"] += 1
        due[name] = max(started + pauses[name], clock.monotonic() + wait)
        day.rig.journal.clear()
        day.gets = [at for at in day.gets if clock.monotonic() - at < FULL_SECONDS]
        day.busiest = max(day.busiest, len(day.gets))
        if time.monotonic() - told > 30:
            told = time.monotonic()
            tell(f"{(clock.monotonic() - began) / 3600:.1f} h: {_brief(day)}")


def _brief(day: Day) -> str:
    parts = [f"{kind} {summary(took)}" for kind, took in sorted(day.took.items())]
    return f"{len(day.gets)} GETs in the last hour; " + "; ".join(parts) + f"; failed {sum(day.failed.values())}"


def summary(took: list[float]) -> dict[str, float]:
    """Median, 95th percentile and longest, in seconds."""
    ranked = sorted(took)
    return {
        "changes": len(ranked),
        "median": round(statistics.median(ranked), 1),
        "p95": round(ranked[int(len(ranked) * 0.95)], 1),
        "max": round(ranked[-1], 1),
    }


def table(result: dict[str, Any]) -> str:
    """The figures for people."""
    lines = [f"{'right in Haravan after':<26}{'changes':>9}{'median':>9}{'95 %':>9}{'longest':>9}"]
    for kind, took in result["took"].items():
        lines.append(f"  {kind:<24}{took['changes']:>9}{took['median']:>7} s{took['p95']:>7} s{took['max']:>7} s")
    lines += ["", "GETs to KiotViet of the day"]
    lines += [f"  {kind:<24}{count:>9}" for kind, count in result["kinds"].items()]
    lines += [
        "",
        f"never right: {result['never']}; wrong at the end: {result['wrong']}",
        f"most GETs in any hour: {result['busiest_hour']} of {LIMIT}",
        f"an idle hour: {result['idle_hour']} GETs = {result['idle_hour'] / LIMIT:.0%} of the budget",
        f"cycles that failed: {result['failed']}",
    ]
    return "\n".join(lines)


def wrong(day: Day) -> int:
    """How many figures Haravan shows otherwise than KiotViet, when all is quiet and each order is known there."""
    rig = day.rig
    return sum(
        rig.available(sku) != int(on_hand - reserved)
        for sku in (*day.counter, *day.web, *day.counted)
        for on_hand, reserved in [rig.kiotviet.stock(rig.sandbox.products[sku], rig.branch)]
    )


def measure(folder: Path, chosen: argparse.Namespace) -> dict[str, Any]:
    """A day, a quiet while, and an idle hour."""
    day = fill(folder, chosen.products)
    day.rig.once()
    for gate in (day.rig.sandbox.haravan_gate, day.rig.sandbox.kiotviet_gate):
        gate._latency = LATENCY_SECONDS
        gate.before_effect.append(day.happen)
        gate.after_effect.append(day.look)
    day.rig.later(FULL_SECONDS + 60)
    schedule(day, chosen.first, chosen.last, chosen.orders, chosen.sales)
    run(day, (chosen.last - chosen.first) * 3600, _tell)
    kinds = dict(day.kinds.most_common())
    day.events.clear()
    run(day, 3600, _tell)
    never, day.gets = sum(map(len, day.waits.values())), []
    day.kinds.clear()
    run(day, 3600, _tell)
    result = {
        "took": {kind: summary(took) for kind, took in sorted(day.took.items())},
        "kinds": kinds,
        "never": never,
        "wrong": wrong(day),
        "busiest_hour": day.busiest,
        "idle_hour": sum(day.kinds.values()),
        "failed": dict(day.failed),
    }
    day.rig.close()
    return result


def _tell(line: str) -> None:
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.freshness", description=__doc__.splitlines()[0])
    parser.add_argument("--from", dest="first", type=int, default=0, help="the hour of the day to begin at")
    parser.add_argument("--to", dest="last", type=int, default=24, help="the hour of the day to end at")
    parser.add_argument("--products", type=int, default=10_000)
    parser.add_argument("--orders", type=int, default=2_000, help="a day")
    parser.add_argument("--sales", type=int, default=3_000, help="a day")
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args()
    configure(quiet=True)
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        result = measure(Path(folder), chosen)
    sys.stdout.write(table(result) + f"\n{time.monotonic() - began:.0f} s of real time\n")
    if chosen.json:
        chosen.json.write_text(json.dumps(result, ensure_ascii=False, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
