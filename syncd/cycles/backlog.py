"""Orders that were open before syncd came: left alone, but their pieces are promised and must not be sold again."""

from __future__ import annotations

from collections.abc import Iterator

from syncd.clients.pages import OrderPage
from syncd.cycles.poll import PAGE
from syncd.cycles.ports import Haravan

_UNSHIPPED = ("unshipped", "partial")
_MOST_PAGES = 1000


def open_backlog(haravan: Haravan) -> Iterator[OrderPage]:
    """Every open order with something left to ship, page by page, however long ago it last changed.

    The walk through changes stops at `orders.since`; an order that was placed before and waits still holds stock.

    Raises:
        Transient, AuthError: Haravan could not be read.
    """
    for status in _UNSHIPPED:
        for number in range(1, _MOST_PAGES):
            page = haravan.open_orders(number, status)
            yield page
            if page.rows < PAGE:
                break
