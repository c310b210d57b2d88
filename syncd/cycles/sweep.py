"""One complete reading of KiotViet's stock, and what may be concluded from what it does not say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from syncd.clients.pages import ListQuery, Page
from syncd.clients.scans import Scan, scan_all
from syncd.core import stock
from syncd.core.model import BranchStock, OnHand, PosProduct
from syncd.cycles.catalogue import Catalogue
from syncd.cycles.ports import KiotViet
from syncd.errors import IncompleteScan
from syncd.logs import get_logger

ROWS_PER_CALL = 100
_log = get_logger()

Figures = Mapping[int, Mapping[int, BranchStock]]
"""By product id and branch id."""


def sweep(kiotviet: KiotViet, catalogue: Catalogue, branch_ids: frozenset[int]) -> Figures:
    """KiotViet's figures of one complete reading, for every linked branch of every product that it shows.

    The catalogue is read again when the list names a product, or lacks a branch, that the last reading does not know.

    Raises:
        IncompleteScan: It was not complete: what is missing is unknown, so nothing may be concluded.
    """
    scan = _read(kiotviet)
    if _has_news(scan.rows, catalogue.products(), branch_ids):
        catalogue.look_again()
    figures = stock.figures(scan.rows, catalogue.inactive())
    for product_id, row in _missing_rows(figures, catalogue.products(), branch_ids):
        figures[product_id][row.branch_id] = row
    return figures


def _read(kiotviet: KiotViet) -> Scan[OnHand]:
    def fetch(offset: int) -> Page[OnHand]:
        return kiotviet.on_hands_page(ListQuery(offset=offset, order_by="id", low_priority=True), low_priority=True)

    scan: Scan[OnHand] = scan_all(fetch, lambda row: row.product_id)
    if not scan.complete:
        raise IncompleteScan(f"KiotViet's stock list: {scan.why}")
    for bad in scan.bad:
        _log.warning("figure_unreadable", product_id=bad.id, reason=bad.reason)
    return scan


def _has_news(rows: Iterable[OnHand], products: Iterable[PosProduct], branch_ids: frozenset[int]) -> bool:
    known = {product.id: _branches(product) & branch_ids for product in products}
    return any(row.product_id not in known or known[row.product_id] - {s.branch_id for s in row.stock} for row in rows)


def _missing_rows(
    figures: Figures, products: Iterable[PosProduct], branch_ids: frozenset[int]
) -> Iterator[tuple[int, BranchStock]]:
    """A row for each branch that a product's figures lack.

    A product that both lists show, and both without a branch, is not sold there; where only one list lacks the branch,
    nothing is known.
    """
    known = {product.id: product for product in products}
    for product_id, rows in figures.items():
        product = known.get(product_id)
        for branch_id in branch_ids - rows.keys():
            if product is not None and _is_off(product, branch_id):
                yield product_id, BranchStock(branch_id, Decimal(0), Decimal(0), active=False)
            else:
                yield product_id, BranchStock(branch_id, None, None, active=True)


def _is_off(product: PosProduct, branch_id: int) -> bool:
    branches = _branches(product)
    return not product.active or (bool(branches) and branch_id not in branches)


def _branches(product: PosProduct) -> frozenset[int]:
    return frozenset(row.branch_id for row in product.stock)
