"""Orders that were open before syncd came: left alone, but their pieces are promised and must not be sold again."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from functools import partial

from syncd.clients.pages import OrderPage
from syncd.cycles.poll import PAGE, counted
from syncd.cycles.ports import Haravan

_UNSHIPPED = ("unshipped", "partial")
_MOST_PAGES = 1000
_LOOKS = 3


def open_backlog(haravan: Haravan) -> Iterator[OrderPage]:
    """Every open order with something left to ship, page by page, however long ago it last changed.

    The walk through changes stops at `orders.since`; an order that was placed before and waits still holds stock.
    A failed page looks like the end of the list, so a list that is shorter than Haravan counts is read again; that the
    count takes the list's filters is documented, not observed, so it is not waited for without end.

    Raises:
        Transient, AuthError: Haravan could not be read.
    """
    for status in _UNSHIPPED:
        for _ in range(_LOOKS):
            read = yield from _walk(haravan, status)
            if read >= (counted(partial(haravan.open_orders_count, status)) or 0):
                break


def _walk(haravan: Haravan, status: str) -> Generator[OrderPage, None, int]:
    """The pages up to one that is not full, or shows nothing new; returns how many orders they held."""
    seen: set[int | None] = set()
    for number in range(1, _MOST_PAGES):
        page = haravan.open_orders(number, status)
        yield page
        before = len(seen)
        seen.update([*(order.id for order in page.orders), *(bad.id for bad in page.bad)])
        if page.rows < PAGE or len(seen) == before:
            break
    return len(seen)
