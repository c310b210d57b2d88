"""What to publish: the formula, the plan, the guards. Absence is not zero, and no plan empties the shop by itself."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from syncd.core.model import AdjustLine, BranchStock, Level, OnHand
from syncd.core.pending import StockLink
from syncd.core.products import Link
from syncd.core.texts import Text, text

LINES_PER_CALL = 100


@dataclass(frozen=True, slots=True)
class Reading:
    """Where KiotViet's figures of one product came from.

    Args:
        at: When they were read, by our clock.
        seq: The number of our newest event when the reading began: what was seen later is not in it.
        source: What made us read: `full`, `sweep`, or the document or hint that named the product (`HD000123`).
    """

    at: datetime
    seq: int
    source: str = "full"


@dataclass(frozen=True, slots=True)
class Change:
    """One figure to publish, with the terms it came from. All in whole pieces.

    `branches` are KiotViet's figures of the linked branches, of the product that holds the stock (the base of a unit).
    """

    location_id: int
    variant_id: int
    product_id: int
    sku: str
    code: str
    sellable: int
    pending: int
    safety_stock: int
    wanted: int
    available: int
    reading: Reading | None = None
    branches: tuple[BranchStock, ...] = ()

    @property
    def delta(self) -> int:
        """What to add to Haravan's available."""
        return self.wanted - self.available


@dataclass(frozen=True, slots=True)
class Plan:
    """Every figure that was compared, and those of them that differ."""

    compared: tuple[Change, ...]
    unknown: tuple[str, ...] = ()

    @property
    def changes(self) -> tuple[Change, ...]:
        """Only real differences are written: a quiet cycle writes nothing."""
        return tuple(change for change in self.compared if change.delta != 0)


@dataclass(frozen=True, slots=True)
class Guard:
    """`stock.max_change_percent` of at least `stock.max_change_min` published products."""

    percent: int = 30
    minimum: int = 10


def figures(rows: Iterable[OnHand], inactive: frozenset[tuple[int, int]]) -> dict[int, dict[int, BranchStock]]:
    """Figures by product id and branch id.

    Args:
        rows: One complete read.
        inactive: (product id, branch id) pairs where the product is not sold.
    """
    found: dict[int, dict[int, BranchStock]] = {}
    for row in rows:
        branches = found.setdefault(row.product_id, {})
        for stock in row.stock:
            off = stock.active is False or (row.product_id, stock.branch_id) in inactive
            branches[stock.branch_id] = BranchStock(stock.branch_id, stock.on_hand, stock.reserved, not off)
    return found


def sellable(link: Link, branch_ids: Sequence[int], read: Mapping[int, Mapping[int, BranchStock]]) -> int | None:
    """`floor(sum(on_hand - reserved))` over the branches; None when KiotViet did not say, which is not zero.

    A unit product is counted from its base: both draw on one stock. A branch where the product is inactive adds 0.
    """
    base, pieces = (
        (link.product_id, Decimal(1)) if link.master_unit_id is None else (link.master_unit_id, link.conversion)
    )
    branches, own = read.get(base, {}), read.get(link.product_id, {})
    known = [branches[branch_id] for branch_id in branch_ids if branch_id in branches]
    sold = [stock for stock in known if _is_sold(stock, own)]
    if not known or any(stock.on_hand is None for stock in sold):
        return None
    return math.floor(sum((_free(stock) for stock in sold), Decimal(0)) / pieces)


def _is_sold(stock: BranchStock, own: Mapping[int, BranchStock]) -> bool:
    mine = own.get(stock.branch_id)
    return bool(stock.active) and (mine is None or bool(mine.active))


def _free(stock: BranchStock) -> Decimal:
    return (stock.on_hand or Decimal(0)) - (stock.reserved or Decimal(0))


def plan(
    links: Sequence[StockLink],
    products: Sequence[Link],
    read: Mapping[int, Mapping[int, BranchStock]],
    levels: Mapping[tuple[int, int], Level],
    pending: Mapping[tuple[int, int], int],
) -> Plan:
    """Compare both sides, pair by pair, for every pair whose Haravan level was read.

    Args:
        links: The connected locations.
        products: The linked products whose stock is published.
        read: KiotViet's figures of one complete read.
        levels: Haravan's levels by (location id, variant id), read just before.
        pending: Pending pieces by (location id, variant id).
    """
    compared: list[Change] = []
    unknown: list[str] = []
    for link in links:
        for product in products:
            key = (link.location_id, product.variant_id)
            level = levels.get(key)
            if level is None:
                continue
            free = sellable(product, link.branch_ids, read)
            if free is None:
                unknown.append(product.code)
            else:
                compared.append(_change(link, product, level, free, pending.get(key, 0)))
    return Plan(tuple(compared), tuple(dict.fromkeys(unknown)))


def _change(link: StockLink, product: Link, level: Level, free: int, waiting: int) -> Change:
    wanted = max(0, free - waiting - link.safety_stock)
    return Change(
        location_id=link.location_id,
        variant_id=product.variant_id,
        product_id=product.haravan_product_id,
        sku=product.sku,
        code=product.code,
        sellable=free,
        pending=waiting,
        safety_stock=link.safety_stock,
        wanted=wanted,
        available=level.available,
    )


def refusal(plan: Plan, published: int, guard: Guard) -> Text | None:
    """Why this plan is too dangerous to apply by itself; None when it is fine.

    Args:
        plan: What would be written.
        published: How many figures are above zero in Haravan now, counting those outside the plan.
        guard: The shop's limits.
    """
    lowered = [change for change in plan.changes if change.delta < 0 and change.available > 0]
    if published < guard.minimum or len(lowered) * 100 <= guard.percent * published:
        return None
    zeroed = sum(1 for change in lowered if change.wanted == 0)
    return text("plan_refused", lowered=len(lowered), published=published, zeroed=zeroed, percent=guard.percent)


def batches(changes: Sequence[Change]) -> tuple[tuple[int, tuple[Change, ...]], ...]:
    """The calls to make: one location a call, at most 100 lines a call."""
    calls: list[tuple[int, tuple[Change, ...]]] = []
    for location_id in dict.fromkeys(change.location_id for change in changes):
        mine = [change for change in changes if change.location_id == location_id]
        starts = range(0, len(mine), LINES_PER_CALL)
        calls += [(location_id, tuple(mine[start : start + LINES_PER_CALL])) for start in starts]
    return tuple(calls)


def adjust_lines(changes: Sequence[Change]) -> tuple[AdjustLine, ...]:
    """The lines of one call."""
    return tuple(AdjustLine(change.product_id, change.variant_id, change.delta) for change in changes)
