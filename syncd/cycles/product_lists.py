"""Reading both product lists whole: a short page is not always the end, and a bad row costs only itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from syncd.clients.pages import ListQuery, Page, ProductPage
from syncd.clients.scans import scan_all
from syncd.core.model import BadRecord, PosProduct, Variant
from syncd.core.texts import text
from syncd.cycles.feed import stamp
from syncd.cycles.kept_products import kept
from syncd.cycles.ports import Haravan, KiotViet
from syncd.errors import IncompleteScan, Rejected
from syncd.logs import get_logger

PAGE = 50
_MOST_PAGES = 5000
_log = get_logger()


@dataclass(frozen=True, slots=True)
class WebList:
    """Every variant of the web shop, by what it took to read them.

    `newest` is the latest change of a product that Haravan shows, `counted` how many products it says there are, None
    where it does not say.
    """

    variants: tuple[Variant, ...]
    calls: int
    newest: datetime | None
    counted: int | None


@dataclass(frozen=True, slots=True)
class PosList:
    """Every KiotViet product; `newest` is the one that changed last."""

    products: tuple[PosProduct, ...]
    newest: PosProduct | None


def read_variants(haravan: Haravan, known: Iterable[Variant] = ()) -> WebList:
    """Every variant of the web shop; by rising id, else page by page.

    A variant or product that cannot be understood stays what it was among the `known` ones.

    Raises:
        IncompleteScan: The list does not end, or is empty where Haravan counts products.
    """
    reading = _Reading(haravan)
    found = reading.by_rising_id()
    if found is None:
        found = reading.by_page()
    unreadable = {bad.id for bad in reading.bad}
    left = {v.id: v for v in known if v.id in unreadable or v.product_id in unreadable}
    skus = {key: variant.sku for variant in left.values() for key in (variant.id, variant.product_id)}
    for bad in reading.bad:
        sku = skus.get(bad.id or 0, "")
        _log.warning("product_unreadable", sku=sku, remote="haravan", product_id=bad.id, error=bad.reason)
    return WebList(tuple((left | found).values()), reading.calls, reading.newest, reading.counted)


class _Reading:
    """One reading of Haravan's product list, with its calls counted."""

    def __init__(self, haravan: Haravan) -> None:
        self._haravan = haravan
        self.calls = 0
        self.newest: datetime | None = None
        self.counted: int | None = None
        self.bad: list[BadRecord] = []

    def by_rising_id(self) -> dict[int, Variant] | None:
        """All variants by id; None where product ids do not rise, so that paging by id would lose some."""
        found: dict[int, Variant] = {}
        since_id, rows = 0, 0
        while self.calls < _MOST_PAGES:
            page = self._page(partial(self._haravan.products_after, since_id), rows)
            if not page.ascending:
                self.bad = []
                return None
            found |= {variant.id: variant for variant in page.variants}
            rows += page.rows
            if page.rows < PAGE:
                return found
            since_id = page.last_id
        raise IncompleteScan(text("haravan_products_endless"))

    def by_page(self) -> dict[int, Variant]:
        """All variants by id, page by page."""
        found: dict[int, Variant] = {}
        rows = 0
        for number in range(1, _MOST_PAGES):
            page = self._page(partial(self._haravan.products_page, number), rows)
            found |= {variant.id: variant for variant in page.variants}
            rows += page.rows
            if page.rows < PAGE:
                return found
        raise IncompleteScan(text("haravan_products_endless"))

    def _page(self, fetch: Callable[[], ProductPage], before: int) -> ProductPage:
        """One page. A short one is the end only when no more are counted, or when a second look shows the same."""
        page = self._fetched(fetch)
        if page.rows < PAGE and (counted := self._count()) > before + page.rows:
            page = self._fetched(fetch)
            if before + page.rows == 0:
                raise IncompleteScan(text("haravan_products_missing", count=counted))
        self.bad += page.bad
        stamps = [at for at in page.changed_at.values() if at is not None]
        self.newest = max(stamps if self.newest is None else [self.newest, *stamps], default=None)
        return page

    def _fetched(self, fetch: Callable[[], ProductPage]) -> ProductPage:
        self.calls += 1
        return fetch()

    def _count(self) -> int:
        self.calls += 1
        try:
            self.counted = self._haravan.products_count()
        except Rejected:
            return 0
        return self.counted


def read_products(kiotviet: KiotViet, known: Iterable[PosProduct] = ()) -> PosList:
    """Every KiotViet product, without figures; one that cannot be understood stays what it was among the `known` ones.

    Raises:
        IncompleteScan: The list could not be read to its end.
    """
    newest: PosProduct | None = None

    def fetch(offset: int) -> Page[PosProduct]:
        nonlocal newest
        page = kiotviet.products_page(ListQuery(offset=offset, order_by="id"))
        newest = max(page.rows if newest is None else [newest, *page.rows], key=stamp, default=None)
        return replace(page, rows=tuple(map(kept, page.rows)))

    scan = scan_all(fetch, lambda product: product.id)
    if not scan.complete:
        raise IncompleteScan(text("kiotviet_products_incomplete", why=scan.why or ""))
    unreadable = {bad.id for bad in scan.bad}
    left = tuple(product for product in known if product.id in unreadable)
    skus = {product.id: product.code for product in left}
    for bad in scan.bad:
        sku = skus.get(bad.id or 0, "")
        _log.warning("product_unreadable", sku=sku, remote="kiotviet", product_id=bad.id, error=bad.reason)
    return PosList((*left, *scan.rows), newest)
