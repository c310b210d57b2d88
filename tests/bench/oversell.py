"""A flash sale of the last pieces on both channels at once: how long both sell what one has, and how many too many.

    python -m tests.bench.oversell [--rounds 40] [--json FILE]

Five products with ten pieces each; a buyer comes every 15 s for each of them, by chance to the web shop or the counter.
The web shop sells while Haravan shows something available, the counter while KiotViet has something that is not
reserved. syncd polls as by default (orders each 15 s, stock each 30 s), each call takes 0.1 s, its jobs run one after
the other. The window of a product begins when as many were sold as there were, and ends when neither channel sells it.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from syncd.config import StockLink
from syncd.errors import SyncdError
from syncd.logs import configure
from syncd.sandbox.http import Request
from tests.rig import Rig

LATENCY_SECONDS, ORDERS_SECONDS, STOCK_SECONDS, HINT_SECONDS = 0.1, 15.0, 30.0, 5.0
PRODUCTS, PIECES, BUYER_SECONDS, ROUND_SECONDS = 5, 10, 15.0, 420.0


@dataclass(slots=True)
class Item:
    """One product of one round, and what became of it."""

    sku: str
    sold: int = 0
    web: int = 0
    sold_out_at: float | None = None
    closed_at: float | None = None

    @property
    def window(self) -> float:
        """Seconds in which a piece that nobody had could be bought."""
        return 0.0 if self.sold_out_at is None or self.closed_at is None else self.closed_at - self.sold_out_at


class Sale:
    """Rounds of a flash sale with one safety stock; with `hinted`, KiotViet's webhook tells of each counter sale."""

    def __init__(self, folder: Path, safety: int, *, hinted: bool) -> None:
        """Open an empty shop."""
        self.rig, self.chance, self.hinted = Rig(folder), random.Random(11), hinted
        link = StockLink(self.rig.location, (self.rig.branch,), safety)
        self.rig.settings = replace(self.rig.settings, stock=replace(self.rig.settings.stock, links=(link,)))
        self.items: list[Item] = []
        self.done: list[Item] = []
        self.buyers: list[tuple[float, Item]] = []
        self.hint_at = 0.0
        self.rig.once()
        for gate in (self.rig.sandbox.haravan_gate, self.rig.sandbox.kiotviet_gate):
            gate._latency = LATENCY_SECONDS
            gate.before_effect.append(self._happen)
            gate.after_effect.append(self._look)

    def round(self, number: int) -> None:
        """Five fresh products, until neither channel sells any of them or the time is over."""
        self.items = [Item(f"SALE-{number}-{position}") for position in range(PRODUCTS)]
        for item in self.items:
            self.rig.sandbox.add_linked(item.sku, item.sku, 100_000, stock=PIECES)
        self.rig.shop.catalogue.refresh()
        self.rig.shop.stock.run()
        began = self.rig.clock.monotonic()
        for item in self.items:
            at = began
            while (at := at + self.chance.expovariate(1 / BUYER_SECONDS)) < began + ROUND_SECONDS:
                self.buyers.append((at, item))
        self.buyers.sort(key=lambda buyer: buyer[0])
        self._run(began + ROUND_SECONDS)
        self.done += self.items
        self.rig.journal.clear()

    def _run(self, until: float) -> None:
        clock, shop = self.rig.clock, self.rig.shop
        due = {"orders": clock.monotonic(), "stock": clock.monotonic() + self.chance.uniform(0, STOCK_SECONDS)}
        while clock.monotonic() < until:
            if self._is_hinted():
                due["stock"] = clock.monotonic()
            name = min(due, key=lambda each: due[each])
            self._wait(due[name])
            if due[name] > clock.monotonic():
                continue
            started = clock.monotonic()
            try:
                shop.orders.run() if name == "orders" else shop.stock.turn(reconcile=False)
            except SyncdError as error:
                sys.stderr.write(f"{name}: {error}\n")
            due[name] = max(started + (ORDERS_SECONDS if name == "orders" else STOCK_SECONDS), clock.monotonic())
            self.hint_at = started + HINT_SECONDS if name == "stock" else self.hint_at

    def _wait(self, until: float) -> None:
        """Let time pass; buyers come meanwhile, and with hints the first of them ends the wait."""
        clock = self.rig.clock
        while clock.monotonic() < until:
            following = self.buyers[0][0] if self.buyers else until
            clock.advance(max(0.0, min(until, following) - clock.monotonic()) or 1e-3)
            self._happen("", Request("GET", "/"))
            if self._is_hinted():
                return

    def _is_hinted(self) -> bool:
        """Whether a webhook has the stock job run now: at most each five seconds."""
        return self.rig.shop.hints.has_products() and self.rig.clock.monotonic() >= self.hint_at

    def _happen(self, _: str, __: Request) -> None:
        """Whoever has come by now buys, where there is something on sale."""
        while self.buyers and self.buyers[0][0] <= self.rig.clock.monotonic():
            at, item = self.buyers.pop(0)
            self._buy(at, item)
            self._note(item)

    def _buy(self, at: float, item: Item) -> None:
        if self.chance.random() < 0.5:
            if self.rig.available(item.sku) <= 0:
                return
            self.rig.place((item.sku, 1))
            item.web += 1
        else:
            product = self.rig.sandbox.products[item.sku]
            if self._free(item) <= 0:
                return
            self.rig.kiotviet.counter_sale(self.rig.branch, [(product, 1)])
            if self.hinted:
                self.rig.shop.hints.products([product], "webhook stock.update")
        item.sold += 1
        if item.sold == PIECES:
            item.sold_out_at = at

    def _free(self, item: Item) -> int:
        on_hand, reserved = self.rig.kiotviet.stock(self.rig.sandbox.products[item.sku], self.rig.branch)
        return int(on_hand - reserved)

    def _look(self, _: str, __: Request) -> None:
        for item in self.items:
            self._note(item)

    def _note(self, item: Item) -> None:
        """When neither channel sells a product any more, its window is over."""
        if item.sold_out_at is None or item.closed_at is not None:
            return
        if self.rig.available(item.sku) <= 0 and self._free(item) <= 0:
            item.closed_at = max(self.rig.clock.monotonic(), item.sold_out_at)

    def result(self) -> dict[str, Any]:
        """The figures of all rounds."""
        out = [item for item in self.done if item.sold_out_at is not None]
        windows = sorted(item.window for item in out)
        return {
            "products": len(self.done),
            "sold_out": len(out),
            "oversold_products": sum(item.sold > PIECES for item in out),
            "oversold_pieces": sum(max(0, item.sold - PIECES) for item in out),
            "never_closed": sum(item.closed_at is None for item in out),
            "left_unsold": sum(max(0, PIECES - item.sold) for item in self.done),
            "window_median": round(statistics.median(windows), 1) if windows else None,
            "window_p95": round(windows[int(len(windows) * 0.95)], 1) if windows else None,
            "window_max": round(windows[-1], 1) if windows else None,
        }


def measure(rounds: int) -> dict[str, Any]:
    """Each safety stock, and the same without any but with webhooks."""
    found: dict[str, Any] = {}
    for name, safety, hinted in [
        ("no safety stock", 0, False),
        ("safety stock 1", 1, False),
        ("safety stock 2", 2, False),
        ("safety stock 4", 4, False),
        ("no safety stock, webhooks", 0, True),
        ("safety stock 1, webhooks", 1, True),
    ]:
        with tempfile.TemporaryDirectory() as folder:
            sale = Sale(Path(folder), safety, hinted=hinted)
            for number in range(rounds):
                sale.round(number)
            found[name] = sale.result()
            sale.rig.close()
        sys.stderr.write(f"{name}: {found[name]}\n")
    return found


def table(found: dict[str, Any]) -> str:
    """The figures for people."""
    lines = [f"{'':<28}{'sold out':>9}{'oversold':>9}{'pieces':>8}{'window, s: median':>19}{'95 %':>7}{'longest':>9}"]
    for name, row in found.items():
        windows = f"{row['window_median']:>19}{row['window_p95']:>7}{row['window_max']:>9}"
        lines.append(f"{name:<28}{row['sold_out']:>9}{row['oversold_products']:>9}{row['oversold_pieces']:>8}{windows}")
    return "\n".join(lines)


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.oversell", description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args()
    configure(quiet=True)
    began = time.monotonic()
    found = measure(chosen.rounds)
    sys.stdout.write(table(found) + f"\n{time.monotonic() - began:.0f} s of real time\n")
    if chosen.json:
        chosen.json.write_text(json.dumps(found, ensure_ascii=False, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
