"""Readings of KiotViet's stock, whole or in part, and what may be concluded from what they do not say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from syncd.clients.pages import ListQuery, Page
from syncd.clients.scans import Scan, scan_all
from syncd.clock import Clock
from syncd.core import stock
from syncd.core.model import BadRecord, BranchStock, OnHand, PosProduct
from syncd.core.stock import Read, Reading
from syncd.cycles.budget import SWEPT
from syncd.cycles.catalogue import Catalogue
from syncd.cycles.ports import KiotViet
from syncd.cycles.rota import ROWS
from syncd.errors import IncompleteScan
from syncd.logs import get_logger
from syncd.store import Store

_log = get_logger()


@dataclass(slots=True)
class Rows:
    """Rows of the stock list with the reading that each comes from."""

    rows: dict[int, OnHand] = field(default_factory=dict)
    readings: dict[int, Reading] = field(default_factory=dict)

    def take(self, rows: Iterable[OnHand], reading: Reading) -> None:
        """Add what one reading showed."""
        for row in rows:
            self.rows[row.product_id] = row
            self.readings[row.product_id] = reading

    def name(self, sources: Mapping[int, str]) -> None:
        """Say of these products which document or hint had them read."""
        for product_id, source in sources.items():
            if product_id in self.readings:
                self.readings[product_id] = replace(self.readings[product_id], source=source)


class Reader:
    """Reads the stock list whole or page by page."""

    def __init__(self, kiotviet: KiotViet, catalogue: Catalogue, store: Store, clock: Clock) -> None:
        """Read nothing yet."""
        self._kiotviet, self._catalogue, self._store, self._clock = kiotviet, catalogue, store, clock
        self._swept = 0
        self._products: tuple[PosProduct, ...] | None = None
        self._by_id: dict[int, PosProduct] = {}
        self._inactive: frozenset[tuple[int, int]] = frozenset()
        self._units: list[PosProduct] = []

    def whole(self, source: str) -> Rows:
        """Every row of the list; each product's reading begins before its page was asked for.

        Raises:
            IncompleteScan: It was not complete: what is missing is unknown, so nothing may be concluded.
        """
        found = Rows()

        def fetch(offset: int) -> Page[OnHand]:
            reading = self.reading(source)
            page = self._page(offset)
            found.take(page.rows, reading)
            return page

        scan: Scan[OnHand] = scan_all(fetch, lambda row: row.product_id)
        if not scan.complete:
            raise IncompleteScan(f"KiotViet's stock list: {scan.why}")
        _tell_bad(scan.bad)
        return found

    def page(self, number: int, found: Rows, source: str, *, sweep: bool) -> Page[OnHand]:
        """One page of the list, added to what was `found`; a page that lost rows is not one.

        Raises:
            Transient: It could not be read, or is shorter than the list says.
        """
        reading = self.reading(source)
        page = self._page(number * ROWS, sweep=sweep)
        if page.received < min(ROWS, page.total - number * ROWS):
            raise IncompleteScan(f"KiotViet's stock list: the page at row {number * ROWS} lost rows")
        found.take(page.rows, reading)
        _tell_bad(page.bad)
        return page

    def product(self, product_id: int, found: Rows, source: str) -> None:
        """One product by itself, added to what was `found`.

        Raises:
            Transient, Rejected: It could not be read.
        """
        reading = self.reading(source)
        product = self._kiotviet.product(product_id)
        found.take([OnHand(product.id, product.code, product.stock)], reading)

    def read(self, found: Rows, branch_ids: frozenset[int]) -> Read:
        """The figures of what was found, for every linked branch of every product.

        The catalogue is read again when the rows name a product, or lack a branch, that its last reading does not know.
        """
        if _has_news(found.rows.values(), self.known(), branch_ids):
            self._catalogue.look_again()
        known, inactive = self.known(), self._inactive
        figures = stock.figures(found.rows.values(), inactive)
        for product_id, row in _missing_rows(figures, known, branch_ids):
            figures[product_id][row.branch_id] = row
        for unit in self._units:
            if unit.master_unit_id in figures and unit.id not in figures:
                figures[unit.id] = _where_sold(unit, branch_ids, inactive)
        return Read(figures, found.readings)

    def known(self) -> Mapping[int, PosProduct]:
        """The products of the catalogue's last reading, by id."""
        products = self._catalogue.products()
        if products is not self._products:
            self._products = products
            self._by_id = {product.id: product for product in products}
            self._inactive = self._catalogue.inactive()
            self._units = [product for product in products if product.master_unit_id is not None]
        return self._by_id

    def note_swept(self) -> None:
        """Count in the store the pages that were swept since the last time."""
        if self._swept:
            self._store.count_calls(SWEPT, self._swept, self._clock.now())
        self._swept = 0

    def reading(self, source: str) -> Reading:
        """A reading that begins now."""
        return Reading(self._clock.now(), self._store.last_seq(), source)

    def _page(self, offset: int, *, sweep: bool = True) -> Page[OnHand]:
        page = self._kiotviet.on_hands_page(
            ListQuery(offset=offset, order_by="id", low_priority=sweep), low_priority=sweep
        )
        self._swept += sweep
        return page


def _tell_bad(bad: Iterable[BadRecord]) -> None:
    for row in bad:
        _log.warning("figure_unreadable", product_id=row.id, reason=row.reason)


def _has_news(rows: Iterable[OnHand], known: Mapping[int, PosProduct], branch_ids: frozenset[int]) -> bool:
    return any(
        row.product_id not in known
        or _branches(known[row.product_id]) & branch_ids - {stock.branch_id for stock in row.stock}
        for row in rows
    )


def _missing_rows(
    figures: Mapping[int, Mapping[int, BranchStock]], known: Mapping[int, PosProduct], branch_ids: frozenset[int]
) -> list[tuple[int, BranchStock]]:
    """A row for each branch that a product's figures lack.

    A product that both lists show, and both without a branch, is not sold there; where only one list lacks the branch,
    nothing is known.
    """
    return [
        (product_id, _missing_row(known.get(product_id), branch_id))
        for product_id, rows in figures.items()
        for branch_id in branch_ids - rows.keys()
    ]


def _missing_row(product: PosProduct | None, branch_id: int) -> BranchStock:
    if product is not None and _is_off(product, branch_id):
        return BranchStock(branch_id, Decimal(0), Decimal(0), active=False)
    return BranchStock(branch_id, None, None, active=True)


def _where_sold(
    unit: PosProduct, branch_ids: frozenset[int], inactive: frozenset[tuple[int, int]]
) -> dict[int, BranchStock]:
    """Rows without figures, of a unit whose base was read without it: they only say where the unit is sold."""
    return {branch: BranchStock(branch, None, None, (unit.id, branch) not in inactive) for branch in branch_ids}


def _is_off(product: PosProduct, branch_id: int) -> bool:
    branches = _branches(product)
    return not product.active or (bool(branches) and branch_id not in branches)


def _branches(product: PosProduct) -> frozenset[int]:
    return frozenset(row.branch_id for row in product.stock)
