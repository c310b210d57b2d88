"""Readings of KiotViet's stock, whole or in part, and what may be concluded from what they do not say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from syncd.clients.pages import ListQuery, Page
from syncd.clients.scans import Scan, scan_all
from syncd.clock import Clock
from syncd.core import stock
from syncd.core.model import BadRecord, BranchStock, OnHand, PosProduct
from syncd.core.stock import Read, Reading
from syncd.core.texts import text
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
            raise IncompleteScan(text("kiotviet_stock_incomplete", why=scan.why or ""))
        _tell_bad(scan.bad, self.known())
        return found

    def page(self, number: int, found: Rows, source: str, *, sweep: bool) -> Page[OnHand]:
        """One page of the list, added to what was `found`; a page that lost rows is not one.

        Raises:
            Transient: It could not be read, or is shorter than the list says.
        """
        reading = self.reading(source)
        page = self._page(number * ROWS, sweep=sweep)
        if page.received < min(ROWS, page.total - number * ROWS):
            raise IncompleteScan(text("kiotviet_stock_page_short", row=number * ROWS))
        found.take(page.rows, reading)
        _tell_bad(page.bad, self.known())
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
        known = self.known()
        return Read(_Figures(found.rows, known, self._inactive, branch_ids), found.readings)

    def known(self) -> Mapping[int, PosProduct]:
        """The products of the catalogue's last reading, by id."""
        products = self._catalogue.products()
        if products is not self._products:
            self._products = products
            self._by_id = {product.id: product for product in products}
            self._inactive = self._catalogue.inactive()
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


def _tell_bad(bad: Iterable[BadRecord], known: Mapping[int, PosProduct]) -> None:
    for row in bad:
        product = known.get(row.id or 0)
        sku = "" if product is None else product.code
        _log.warning("figure_unreadable", sku=sku, product_id=row.id, error=row.reason)


def _has_news(rows: Iterable[OnHand], known: Mapping[int, PosProduct], branch_ids: frozenset[int]) -> bool:
    return any(
        row.product_id not in known
        or _branches(known[row.product_id]) & branch_ids - {stock.branch_id for stock in row.stock}
        for row in rows
    )


class _Figures(Mapping[int, Mapping[int, BranchStock]]):
    """Figures by product and branch, made from rows when they are asked for: of a big shop all of them are heavy.

    A product that both lists show, and both without a branch, is not sold there; where only one list lacks the branch,
    nothing is known. Of a unit whose base was read without it, the rows only say where it is sold.
    """

    def __init__(
        self,
        rows: Mapping[int, OnHand],
        known: Mapping[int, PosProduct],
        inactive: frozenset[tuple[int, int]],
        branch_ids: frozenset[int],
    ) -> None:
        self._rows, self._known, self._inactive, self._branch_ids = rows, known, inactive, branch_ids
        self._last: tuple[int, Mapping[int, BranchStock]] = (0, {})

    def __getitem__(self, product_id: int) -> Mapping[int, BranchStock]:
        """A plan asks for one product several times in a row: the last answer is kept."""
        last = self._last
        if last[0] != product_id:
            last = self._last = (product_id, self._made(product_id))
        return last[1]

    def _made(self, product_id: int) -> Mapping[int, BranchStock]:
        row, product = self._rows.get(product_id), self._known.get(product_id)
        if row is None:
            if product is None or product.master_unit_id not in self._rows:
                raise KeyError(product_id)
            return {b: BranchStock(b, None, None, (product_id, b) not in self._inactive) for b in self._branch_ids}
        found = stock.figures_of(row, self._inactive)
        lacking = self._branch_ids - found.keys()
        return found | {b: _missing_row(product, b) for b in lacking} if lacking else found

    def __iter__(self) -> Iterator[int]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)


def _missing_row(product: PosProduct | None, branch_id: int) -> BranchStock:
    if product is not None and _is_off(product, branch_id):
        return BranchStock(branch_id, Decimal(0), Decimal(0), active=False)
    return BranchStock(branch_id, None, None, active=True)


def _is_off(product: PosProduct, branch_id: int) -> bool:
    branches = _branches(product)
    return not product.active or (bool(branches) and branch_id not in branches)


def _branches(product: PosProduct) -> frozenset[int]:
    return frozenset(row.branch_id for row in product.stock)
