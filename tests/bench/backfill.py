"""Thousands of old orders taken in while new ones arrive: calls against the least possible, waits, holds, memory.

    python -m tests.bench.backfill [ORDERS] [--json FILE]

Both remotes are simulated in this process on a clock of their own, quotas enforced; each call takes 0.1 s on it. The
orders job runs as in the daemon, each 60 s (`poll.orders_seconds`), in full once an hour; a new order comes a minute.
"""

from __future__ import annotations

import argparse
import json
import math
import re
import resource
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from syncd.cli.status import read_status
from syncd.core.documents import order_ids_in
from syncd.cycles.backfill import MANY
from syncd.cycles.progress import progress_of
from syncd.errors import RateLimited, SyncdError
from syncd.logs import configure
from syncd.sandbox.http import Request
from syncd.sandbox.kernel import Call
from tests.rig import Rig

LATENCY_SECONDS = 0.1
CYCLE_SECONDS = 60.0
FULL_SECONDS = 3600.0
NEW_EVERY = timedelta(minutes=1)
OLD_EVERY_SECONDS = 1200.0
GOODS = [(f"BEN-{n:02d}", 100_000 + 10_000 * n) for n in range(30)]
MIX = {
    "delivered and paid": 610,
    "outside the filter": 130,
    "on the road": 80,
    "waiting to ship": 70,
    "cancelled": 60,
    "returned": 45,
    "unknown SKU": 5,
}
"""What became of a thousand old orders; every third buyer has bought before."""

_KINDS: list[tuple[str, str, str, str]] = [
    ("haravan", "GET /com/orders.json", "since_id=", "old orders, 50 a page"),
    ("haravan", "GET /com/orders.json", "ids=", "open orders read again by id"),
    ("haravan", "GET /com/orders.json", "status=open", "what waits to be shipped, at the start"),
    ("haravan", "GET /com/orders", "", "looking for news"),
    ("haravan", "", "", "catalogue"),
    ("kiotviet", "POST /orders$", "", "orders made"),
    ("kiotviet", "POST /invoices$", "", "invoices made"),
    ("kiotviet", "PUT /invoices/", "", "invoices settled"),
    ("kiotviet", "POST /customers$", "", "customers made"),
    ("kiotviet", "DELETE ", "", "cancelled or voided"),
    ("kiotviet", "GET /customers", "", "customers looked up"),
    ("kiotviet", "GET /orders$", "orderBy=createdDate", "newest orders: searches and watch"),
    ("kiotviet", "GET /(orders|invoices)$", "lastModifiedFrom", "documents watched"),
    ("kiotviet", "GET /invoices$", "orderBy=createdDate", "invoices of an order, newest invoices"),
    ("kiotviet", "GET /(orders|invoices)/", "", "open documents looked at"),
    ("kiotviet", "", "", "catalogue, settings, surcharge"),
]
_READ_BACK = "read back after a write"


def kinds_of(calls: list[Call]) -> Iterator[tuple[str, str]]:
    """Remote and kind of each call; sign-ins are left out."""
    wrote = False
    for call in calls:
        if "token" in call.path:
            continue
        name = f"{call.method} {call.path}"
        if call.remote == "kiotviet" and wrote and call.method == "GET":
            kind = _READ_BACK
        else:
            kind = next(k for r, n, q, k in _KINDS if r == call.remote and re.match(n, name) and q in call.query)
        if call.remote == "kiotviet":
            wrote = call.write
        yield call.remote, kind


class Bench:
    """One run."""

    def __init__(self, folder: Path, orders: int) -> None:
        """Fill the shops."""
        self.rig = Rig(folder, latency_seconds=LATENCY_SECONDS, many_orders=min(orders // 2, MANY))
        self.rig.clock.advance(60)
        for sku, price in GOODS:
            self.rig.sandbox.add_linked(sku, f"Hàng {sku}", price, stock=10_000_000)
        (self.strange,) = self.rig.haravan.add_product("Hàng lạ", [{"sku": "LA-01", "price": 50_000}])
        self.buyers = 0
        self.old: dict[int, str] = {}
        self.new: dict[int, datetime] = {}
        self.waited: list[float] = []
        self.kinds: Counter[tuple[str, str]] = Counter()
        self.cycles = self.failed = 0
        for number in range(orders):
            self._old_order(number)
            self.rig.clock.advance(OLD_EVERY_SECONDS)
        self.began = self.next_new = self.rig.clock.now()
        self.rig.sandbox.haravan_gate.before_effect.append(self._arrive)
        self.rig.sandbox.kiotviet_gate.before_effect.append(self._arrive)

    def _buyer(self, number: int) -> dict[str, Any]:
        if number % 3 or not self.buyers:
            self.buyers += 1
        who = self.buyers
        return {"first_name": "Khách", "last_name": f"Số {who}", "phone": f"09{who:08d}", "email": f"k{who}@test.vn"}

    def _old_order(self, number: int) -> None:
        fate = _fates()[number * 37 % 1000]
        sku, _ = GOODS[number % len(GOODS)]
        variant = self.strange if fate == "unknown SKU" else self.rig.sandbox.variants[sku]
        haravan = self.rig.haravan
        source = "pos" if fate == "outside the filter" else "web"
        order_id = haravan.place_order([(variant, 1 + number % 2)], source=source, buyer=self._buyer(number))
        self.old[order_id] = fate
        if fate == "cancelled":
            haravan.cancel(order_id)
        elif fate not in ("waiting to ship", "unknown SKU"):
            shipment = haravan.ship(order_id)
            haravan.carrier(order_id, shipment, "delivering")
            if fate == "returned":
                haravan.carrier(order_id, shipment, "return")
            elif fate != "on the road":
                haravan.carrier(order_id, shipment, "delivered")
                haravan.cod(order_id, shipment, "codreceipt")

    def _arrive(self, _: str, __: Request) -> None:
        while self.rig.clock.now() >= self.next_new:
            at, self.next_new = self.next_new, self.next_new + NEW_EVERY
            number = len(self.new) + 1
            variant = self.rig.sandbox.variants[GOODS[number % len(GOODS)][0]]
            buyer = self._buyer(number)
            self.new[self.rig.haravan.place_order([(variant, 1)], buyer=buyer, created_at=at)] = at

    def run(self, tell: Callable[[str], None]) -> None:
        """Cycles until nothing old is left."""
        clock, full_at = self.rig.clock, 0.0
        told = time.monotonic()
        while True:
            started, wait = clock.monotonic(), 0.0
            full = started >= full_at
            full_at = started + FULL_SECONDS if full else full_at
            try:
                self.rig.shop.orders.run(full=full)
            except RateLimited as error:
                self.failed, wait = self.failed + 1, error.retry_after_seconds
            except SyncdError:
                self.failed += 1
            self.cycles += 1
            self._count()
            progress = progress_of(self.rig.shop.store)
            if time.monotonic() - told > 20:
                told = time.monotonic()
                tell(f"{(clock.now() - self.began).total_seconds() / 3600:.1f} h: {progress}")
            if progress is None and self.cycles > 1:
                return
            clock.advance(max(wait, started + CYCLE_SECONDS - clock.monotonic(), 0.0))

    def _count(self) -> None:
        calls = self.rig.journal.calls()
        self.kinds.update(kinds_of(calls))
        for call in calls:
            if (call.remote, call.method, call.path) == ("kiotviet", "POST", "/orders") and isinstance(call.body, dict):
                for order_id in order_ids_in(str(call.body["description"])) & self.new.keys():
                    self.waited.append((call.at - self.new[order_id]).total_seconds())
        self.rig.journal.clear()

    def result(self) -> dict[str, Any]:
        """All figures."""
        status: Any = read_status(self.rig.settings, self.rig.shop.store)
        kinds = {f"{remote}: {kind}": count for (remote, kind), count in sorted(self.kinds.items())}
        least = self._least()
        own = sum(kinds.get(kind, 0) for kind in least)
        states = {
            fate: dict(Counter(self.rig.state(key) for key, its in self.old.items() if its == fate)) for fate in MIX
        }
        live = Counter(key for row in self.rig.kiotviet.orders() for key in order_ids_in(row.get("description") or ""))
        return {
            "orders": {"old": len(self.old), "new": len(self.new)},
            "old_by_fate_and_state": states,
            "in_kiotviet_twice": sum(count > 1 for count in live.values()),
            "not_seen": sum(not self.rig.state(key) for key in self.old),
            "calls": kinds,
            "least": least,
            "least_total": sum(least.values()),
            "same_kinds_total": own,
            "ratio": round(own / sum(least.values()), 3),
            "virtual_hours": round((self.rig.clock.now() - self.began).total_seconds() / 3600, 1),
            "cycles": self.cycles,
            "cycles_failed": self.failed,
            "new_waited_seconds": {
                "median": round(statistics.median(self.waited), 1),
                "p99": round(sorted(self.waited)[int(len(self.waited) * 0.99)], 1),
                "max": round(max(self.waited), 1),
                "handled": len(self.waited),
            },
            "held": dict(Counter(row["code"] for row in status["held"])),
            "held_without_reason": sum(not row["reason"] for row in status["held"]),
            "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        }

    def _least(self) -> dict[str, int]:
        """What no way of doing it can save, by the rules of the README; new orders are in it as well."""
        count = {kind: self.kinds["kiotviet", kind] for kind in ("orders made", "invoices made", "invoices settled")}
        customers = self.kinds["kiotviet", "customers made"]
        writes = sum(count.values()) + customers
        pages = math.ceil(len(self.old) / 50)
        return {
            "haravan: old orders, 50 a page": pages,
            "kiotviet: newest orders: searches and watch": pages + len(self.waited),
            "kiotviet: customers looked up": count["orders made"] + customers,
            **{f"kiotviet: {kind}": number for kind, number in count.items()},
            "kiotviet: customers made": customers,
            f"kiotviet: {_READ_BACK}": writes,
        }


def _fates() -> list[str]:
    return [fate for fate, share in MIX.items() for _ in range(share)]


def table(result: dict[str, Any]) -> str:
    """The figures for people."""
    lines = [f"{result['orders']['old']} old orders, {result['orders']['new']} new ones meanwhile", ""]
    lines += ["old orders                 became"]
    for fate, states in result["old_by_fate_and_state"].items():
        lines.append(f"  {fate:<24} {', '.join(f'{count} {state}' for state, count in states.items())}")
    lines += ["", f"{'calls':<55}{'made':>8}{'least':>8}"]
    for kind, count in result["calls"].items():
        lines.append(f"  {kind:<53}{count:>8}{result['least'].get(kind, ''):>8}")
    total, least = result["same_kinds_total"], result["least_total"]
    lines.append(f"  {'all kinds that have a least':<53}{total:>8}{least:>8}  = {result['ratio']} times the least")
    waited = result["new_waited_seconds"]
    lines += [
        "",
        f"took {result['virtual_hours']} h, {result['cycles']} cycles ({result['cycles_failed']} failed)",
        f"new orders waited: median {waited['median']} s, 99% {waited['p99']} s, longest {waited['max']} s",
        f"held: {result['held']}, of these without a reason: {result['held_without_reason']}",
        f"twice in KiotViet: {result['in_kiotviet_twice']}, not seen: {result['not_seen']}",
        f"peak memory of syncd and both simulated shops: {result['peak_rss_mb']} MB",
    ]
    return "\n".join(lines)


def _tell(line: str) -> None:
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.backfill", description=__doc__.splitlines()[0])
    parser.add_argument("orders", nargs="?", type=int, default=10_000)
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args()
    configure(quiet=True)
    with tempfile.TemporaryDirectory() as folder:
        began = time.monotonic()
        bench = Bench(Path(folder), chosen.orders)
        sys.stderr.write(f"filled in {time.monotonic() - began:.0f} s\n")
        bench.run(_tell)
        result = bench.result() | {"real_seconds": round(time.monotonic() - began)}
        bench.rig.close()
    sys.stdout.write(table(result) + f"\n{result['real_seconds']} s of real time\n")
    if chosen.json:
        chosen.json.write_text(json.dumps(result, ensure_ascii=False, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
