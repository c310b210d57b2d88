"""All calls of a day divided by its orders, beside the least that the promises of the README allow.

A day on the sandbox's clock, jobs as often as in the daemon with its default settings: orders each 15 s, stock each
30 s, in full once an hour. Each order has a new buyer, is handed over after an hour and paid after three.
"""

from __future__ import annotations

import heapq
import itertools
import re
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from syncd.sandbox.kernel import Call
from tests.bench.figures import Figure
from tests.bench.metered import new_buyer
from tests.rig import Rig

ORDERS, HOURS = 500, 24
ORDERS_SECONDS, STOCK_SECONDS, FULL_SECONDS = 15.0, 30.0, 3600.0
REREAD_SECONDS, WATCH_SECONDS, SLIPS_SECONDS = 300.0, 60.0, 240.0
GOODS = ("AO-01", "AO-02", "AO-03", "DAM-01")
_GROUP = "Calls per order life"

PER_ORDER = {
    "the buyer is looked for by code and by phone": 2,
    "customer, order, invoice and its settlement are written": 4,
    "order, invoice and settled invoice are read back": 3,
    "the order is looked at before its invoice, both before the settlement": 3,
}
"""What no order can save: each write after a look at what people did, each read back."""

STOCK_PER_ORDER = {
    "the row that it moved in Haravan is read": 1,
    "orders are looked at once more around that": 1,
}
"""What no order can save where stock is published: nothing is written beside a row that was not read."""


def least(orders: int, hours: int) -> dict[str, float]:
    """Calls of a day by kind that no way of doing it can save at these intervals: the orders job alone."""
    seconds = hours * 3600
    return {
        "orders in Haravan, each 15 s": seconds / ORDERS_SECONDS,
        "open orders by id, each 5 minutes": seconds / REREAD_SECONDS,
        "two lists of documents in KiotViet, each minute": 2 * seconds / WATCH_SECONDS,
        **{kind: float(orders * number) for kind, number in PER_ORDER.items()},
    }


def least_of_stock(orders: int, hours: int) -> dict[str, float]:
    """What the stock job adds to that in a shop whose products fill one page of each list, by what the README says.

    Both lists of documents each turn instead of each minute, so that a sale at the counter shows with the next turn; a
    page of figures each turn, so that what no document names shows as soon.
    """
    seconds = hours * 3600
    return {
        "the two lists of documents, each 30 s instead": 2 * seconds / STOCK_SECONDS - 2 * seconds / WATCH_SECONDS,
        "a page of KiotViet's figures, each 30 s": seconds / STOCK_SECONDS,
        "transfers, purchases and returns, each 4 minutes": 3 * seconds / SLIPS_SECONDS,
        "changed products in Haravan, each minute": seconds / WATCH_SECONDS,
        "changed products in KiotViet, each 4 minutes": seconds / SLIPS_SECONDS,
        "Haravan's rows, each 5 minutes, and orders once more around that": 2 * seconds / REREAD_SECONDS,
        "both catalogues and the locations whole, each hour": 3 * seconds / FULL_SECONDS,
        **{kind: float(orders * number) for kind, number in STOCK_PER_ORDER.items()},
    }


def measure(orders: int = ORDERS, hours: int = HOURS) -> Iterator[Figure]:
    """A day of the orders job alone, then one of both jobs."""
    alone = _day(orders, hours, stock=False)
    each = sum(PER_ORDER.values())
    lives = sum(count for kind, count in alone.items() if kind in _OF_ONE_ORDER)
    yield Figure(
        _GROUP, "about one order, without polls", lives / orders, "calls", each * 1.3, f"1.3 × least of {each}"
    )
    fewest = sum(least(orders, hours).values())
    yield from _whole("orders job", alone, orders, fewest)
    both = _day(orders, hours, stock=True)
    yield from _whole("both jobs", both, orders, fewest + sum(least_of_stock(orders, hours).values()))


def _whole(job: str, calls: Counter[str], orders: int, fewest: float) -> Iterator[Figure]:
    """All calls of a day beside the least, then each kind of them."""
    name, fewest = f"{job}, all calls of a day with {orders} orders", fewest / orders
    total = sum(calls.values()) / orders
    yield Figure(_GROUP, name, total, "calls", 1.3 * fewest, f"1.3 × least of {fewest:.1f}")
    for kind, count in sorted(calls.items()):
        yield Figure(_GROUP, f"of these: {kind}", count / orders, "calls")


def _day(orders: int, hours: int, *, stock: bool) -> Counter[str]:
    """Calls of a day by kind."""
    with tempfile.TemporaryDirectory() as name:
        day = _Day(Path(name), orders, hours)
        day.run(stock=stock)
        return day.kinds


class _Day:
    def __init__(self, folder: Path, orders: int, hours: int) -> None:
        self.rig, self.kinds = Rig(folder), Counter[str]()
        for sku in GOODS:
            self.rig.kiotviet.set_stock(self.rig.sandbox.products[sku], self.rig.branch, 100 * orders)
        self._warm_up()
        self._numbers = itertools.count()
        self._acts: list[tuple[float, int, Callable[[], None]]] = []
        self._began, self._seconds = self.rig.clock.monotonic(), hours * 3600.0
        for number in range(orders):
            # lives end before the day does, so that each is counted whole
            self._at(number * (self._seconds - 4 * 3600) / orders, self._buying(number))
        self._placed: list[int] = []

    def _warm_up(self) -> None:
        """What is found out once in a shop's life is not a day's cost."""
        for number in range(3):
            order_id = self.rig.place(buyer={"first_name": "Khách", "phone": f"0888{number:06d}"})
            self.rig.once()
            self.rig.later(60)
            shipment = self.rig.haravan.ship(order_id)
            for status in ("delivering", "delivered"):
                self.rig.haravan.carrier(order_id, shipment, status)
                self.rig.later(60)
                self.rig.once()
            self.rig.haravan.cod(order_id, shipment, "codreceipt")
            self.rig.later(60)
            self.rig.once()
        self.rig.later(3700)
        self.rig.once()
        self.rig.later(60)

    def _at(self, after: float, act: Callable[[], None]) -> None:
        heapq.heappush(self._acts, (self._began + after, next(self._numbers), act))

    def _buying(self, number: int) -> Callable[[], None]:
        def buy() -> None:
            order_id = self.rig.place((GOODS[number % len(GOODS)], 1), buyer=new_buyer(number))
            self._placed.append(order_id)
            now = self.rig.clock.monotonic() - self._began
            self._at(now + 3600, lambda: self._hand_over(order_id, now))

        return buy

    def _hand_over(self, order_id: int, now: float) -> None:
        shipment = self.rig.haravan.ship(order_id)
        self.rig.haravan.carrier(order_id, shipment, "delivering")
        self._at(now + 3 * 3600, lambda: self._pay(order_id, shipment))

    def _pay(self, order_id: int, shipment: int) -> None:
        self.rig.haravan.carrier(order_id, shipment, "delivered")
        self.rig.haravan.cod(order_id, shipment, "codreceipt")

    def run(self, *, stock: bool) -> None:
        """Both jobs, or only that of orders, until the day is over."""
        rig, clock = self.rig, self.rig.clock
        rig.journal.clear()
        jobs = {"orders": ORDERS_SECONDS} | ({"stock": STOCK_SECONDS} if stock else {})
        due = dict.fromkeys(jobs, self._began)
        full_at = dict.fromkeys(jobs, self._began + FULL_SECONDS)
        while (name := min(due, key=lambda each: due[each])) and due[name] < self._began + self._seconds:
            clock.advance(max(0.0, due[name] - clock.monotonic()))
            self._happen()
            full = due[name] >= full_at[name]
            full_at[name] += FULL_SECONDS if full else 0.0
            report = rig.shop.orders.run(full=full) if name == "orders" else rig.shop.stock.turn(reconcile=full)
            if report.failures:
                raise AssertionError(report.failures[:3])
            due[name] += jobs[name]
            self.kinds.update(map(_kind, rig.journal.calls()))
            rig.journal.clear()
        states = {rig.state(order_id) for order_id in self._placed}
        if states != {"completed"}:
            raise AssertionError(f"not every order came to its end: {states}")
        rig.close()

    def _happen(self) -> None:
        while self._acts and self._acts[0][0] <= self.rig.clock.monotonic():
            heapq.heappop(self._acts)[2]()


_OF_ONE_ORDER = ("customers", "an order or invoice", "newest orders: look before writing", "writes")
_KINDS = (
    ("haravan", "GET /com/orders.json", "ids=", "open orders by id"),
    ("haravan", "GET /com/orders", "", "polls of orders"),
    ("haravan", "GET", "", "catalogue and stock of Haravan"),
    ("haravan", "", "", "stock written"),
    ("kiotviet", "(POST /connect|GET /settings|GET /surchages)", "", "sign-in and settings"),
    ("kiotviet", "(POST|PUT|DELETE)", "", "writes"),
    ("kiotviet", "GET /customers", "", "customers"),
    ("kiotviet", r"GET /(orders|invoices)/\d+", "", "an order or invoice"),
    ("kiotviet", "GET /invoices$", "orderId=", "an order or invoice"),
    ("kiotviet", "GET /orders$", "orderBy=createdDate", "newest orders: look before writing"),
    ("kiotviet", "GET /(orders|invoices)$", "", "lists of documents"),
    ("kiotviet", "GET", "", "products and stock of KiotViet"),
)


def _kind(call: Call) -> str:
    name = f"{call.method} {call.path}"
    return next(kind for whose, path, query, kind in _KINDS if whose == call.remote and _fits(path, name, query, call))


def _fits(path: str, name: str, query: str, call: Call) -> bool:
    return re.match(path, name) is not None and query in call.query
