"""What to publish: the formula, the plan, the guards. Absence is not zero, and no plan empties the shop by itself."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal

from syncd.core.model import AdjustLine, BranchStock, OnHand
from syncd.core.pending import Packs, StockLink
from syncd.core.products import Link
from syncd.core.texts import Text, text

LINES_PER_CALL = 100
_NOTHING, _ONE = Decimal(0), Decimal(1)


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
class Terms:
    """The terms of the formula, in whole pieces of the variant."""

    sellable: int
    pending: int
    safety_stock: int

    @property
    def wanted(self) -> int:
        """What should be available in Haravan."""
        return max(0, self.sellable - self.pending - self.safety_stock)


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
    def pair(self) -> tuple[int, int]:
        """Which figure it is: location id and variant id."""
        return self.location_id, self.variant_id

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


@dataclass(frozen=True, slots=True)
class StockPolicy:
    """The shop's settings about stock; `reread_after` is how old a known figure of Haravan may become at most."""

    links: tuple[StockLink, ...]
    guard: Guard
    apply: bool
    reread_after: timedelta


def figures(rows: Iterable[OnHand], inactive: frozenset[tuple[int, int]]) -> dict[int, dict[int, BranchStock]]:
    """Figures by product id and branch id.

    Args:
        rows: One complete read.
        inactive: (product id, branch id) pairs where the product is not sold.
    """
    found: dict[int, dict[int, BranchStock]] = {}
    for row in rows:
        found.setdefault(row.product_id, {}).update(figures_of(row, inactive))
    return found


def figures_of(row: OnHand, inactive: frozenset[tuple[int, int]]) -> dict[int, BranchStock]:
    """Figures of one product by branch id; see `figures`."""
    found = {stock.branch_id: stock for stock in row.stock}
    if inactive:
        off = [branch_id for branch_id in found if (row.product_id, branch_id) in inactive]
        found |= {branch_id: replace(found[branch_id], active=False) for branch_id in off}
    return found


def source_of(link: Link) -> int:
    """The KiotViet product whose figures hold the stock: of a unit, its base, because both draw on one stock."""
    return link.product_id if link.master_unit_id is None else link.master_unit_id


def reserved(
    links: Iterable[Link], read: Mapping[int, Mapping[int, BranchStock]], packs: Packs
) -> dict[tuple[int, int], Decimal]:
    """What KiotViet reserves, by branch id and variant id, of what it counts piece by piece: no units, no packs."""
    plain = (link for link in links if link.no_stock is None and link.master_unit_id is None)
    return {
        (branch_id, link.variant_id): row.reserved
        for link in plain
        if link.variant_id not in packs
        for branch_id, row in read.get(link.product_id, {}).items()
        if row.reserved is not None
    }


def pieces_per(link: Link) -> Decimal:
    """How many pieces of `source_of` one piece of the variant is."""
    return _ONE if link.master_unit_id is None else link.conversion


def sellable(link: Link, branch_ids: Sequence[int], read: Mapping[int, Mapping[int, BranchStock]]) -> int | None:
    """`floor(sum(on_hand - reserved))` over the branches; None when KiotViet did not say, which is not zero.

    A unit product is counted from its base. A branch where the product is inactive adds 0.
    """
    free = _free(link, branch_ids, read)
    return None if free is None else _whole(free, pieces_per(link))


def _free(link: Link, branch_ids: Sequence[int], read: Mapping[int, Mapping[int, BranchStock]]) -> Decimal | None:
    branches = read.get(source_of(link), {})
    own = {} if link.master_unit_id is None else read.get(link.product_id, {})
    free = None
    for branch_id in branch_ids:
        stock = branches.get(branch_id)
        if stock is None:
            continue
        free = _NOTHING if free is None else free
        if _is_sold(stock, own):
            if stock.on_hand is None:
                return None
            free += stock.on_hand - stock.reserved if stock.reserved else stock.on_hand
    return free


def _is_sold(stock: BranchStock, own: Mapping[int, BranchStock]) -> bool:
    mine = own.get(stock.branch_id)
    return stock.active is not False and (mine is None or mine.active is not False)


@dataclass(frozen=True, slots=True)
class Read:
    """KiotViet's figures by product id and branch id, and which reading each product's come from."""

    figures: Mapping[int, Mapping[int, BranchStock]]
    readings: Mapping[int, Reading] = field(default_factory=dict)


Pieces = Mapping[tuple[int, int], int]
"""Pieces by (location id, variant id)."""


def wanted(link: StockLink, product: Link, read: Read, waiting: Pieces, siblings: Sequence[Link]) -> Terms | None:
    """The formula, for one variant at one location; None when KiotViet did not say enough.

    What is pending of another unit of the same goods is pending here too, for both draw on one stock.

    Args:
        link: The location and its branches.
        product: The variant.
        read: KiotViet's figures.
        waiting: Pending pieces.
        siblings: Every linked variant that draws on the same stock, this one among them.
    """
    free = _free(product, link.branch_ids, read.figures)
    if free is None:
        return None
    per = pieces_per(product)
    owed = _owed(link.location_id, waiting, siblings) if waiting else _NOTHING
    found = _whole(free, per)
    pending = found - _whole(free - owed, per) if owed else 0
    return Terms(found, pending, link.safety_stock)


def _whole(pieces: Decimal, per: Decimal) -> int:
    return math.floor(pieces if per is _ONE else pieces / per)


def _owed(location_id: int, waiting: Pieces, siblings: Sequence[Link]) -> Decimal:
    owed = _NOTHING
    for each in siblings:
        if pieces := waiting.get((location_id, each.variant_id)):
            owed += pieces * pieces_per(each)
    return owed


def plan(
    links: Sequence[StockLink],
    products: Sequence[Link],
    read: Read,
    levels: Pieces,
    waiting: Pieces,
    families: Mapping[int, Sequence[Link]] | None = None,
) -> Plan:
    """Compare both sides, pair by pair, for every pair whose Haravan level was read.

    Args:
        links: The connected locations.
        products: The linked products whose stock is published.
        read: KiotViet's figures.
        levels: Haravan's available by (location id, variant id), read just before.
        waiting: Pending pieces by (location id, variant id).
        families: Every linked product, published or not, by what holds its stock; those of `products` if not given.
    """
    compared: list[Change] = []
    unknown: list[str] = []
    families = by_source(products) if families is None else families
    for link in links:
        for product in products:
            available = levels.get((link.location_id, product.variant_id))
            if available is None:
                continue
            source = source_of(product)
            terms = wanted(link, product, read, waiting, families[source])
            if terms is None:
                unknown.append(product.code)
            else:
                compared.append(_change(link, product, available, terms, read, source))
    return Plan(tuple(compared), tuple(dict.fromkeys(unknown)))


def by_source(products: Iterable[Link]) -> dict[int, tuple[Link, ...]]:
    """The links by the KiotViet product that holds their stock."""
    found: dict[int, tuple[Link, ...]] = {}
    for product in products:
        source = source_of(product)
        found[source] = (*found.get(source, ()), product)
    return found


def _change(link: StockLink, product: Link, available: int, terms: Terms, read: Read, source: int) -> Change:
    rows = read.figures[source]
    return Change(
        location_id=link.location_id,
        variant_id=product.variant_id,
        product_id=product.haravan_product_id,
        sku=product.sku,
        code=product.code,
        sellable=terms.sellable,
        pending=terms.pending,
        safety_stock=terms.safety_stock,
        wanted=terms.wanted,
        available=available,
        reading=read.readings.get(source),
        branches=tuple([rows[branch_id] for branch_id in link.branch_ids if branch_id in rows]),
    )


def lowered(changes: Iterable[Change]) -> list[Change]:
    """Those that would take something off sale that is on sale now."""
    return [change for change in changes if change.delta < 0 and change.available > 0]


def is_mass(lowered: int, published: int, guard: Guard) -> bool:
    """Whether lowering so many of so many published figures is more than a plan may do by itself."""
    return published >= guard.minimum and lowered * 100 > guard.percent * published


def refusal(plan: Plan, published: int, guard: Guard) -> Text | None:
    """Why this plan is too dangerous to apply by itself; None when it is fine.

    Args:
        plan: What would be written.
        published: How many figures are above zero in Haravan now, counting those outside the plan.
        guard: The shop's limits.
    """
    found = lowered(plan.changes)
    if not is_mass(len(found), published, guard):
        return None
    zeroed = sum(1 for change in found if change.wanted == 0)
    return text("plan_refused", lowered=len(found), published=published, zeroed=zeroed, percent=guard.percent)


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
