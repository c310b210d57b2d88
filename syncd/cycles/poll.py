"""Which orders changed in Haravan since last time: a walk back through time that compares only remote timestamps."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

from syncd.clients.pages import OrderPage
from syncd.core.model import BadRecord, WebOrder
from syncd.cycles.ports import Haravan
from syncd.errors import Rejected

OVERLAP = timedelta(minutes=10)
PAGE = 50
_MOST_PAGES = 10_000


@dataclass(slots=True)
class Polled:
    """What a poll saw. `newest` is the next cursor, and only when `complete`: nothing in between was missed."""

    orders: dict[int, WebOrder] = field(default_factory=dict)
    digests: dict[int, str] = field(default_factory=dict)
    bad: list[BadRecord] = field(default_factory=list)
    changed: set[int] = field(default_factory=set)
    short_by: int | None = None
    newest: datetime | None = None
    complete: bool = True
    why: str = ""

    def take(self, page: OrderPage) -> None:
        """Add a page; the copy of an order that is newer wins."""
        for order in page.orders:
            known = self.orders.get(order.id)
            if known is None or known.updated_at <= order.updated_at:
                self.orders[order.id] = order
                self.digests[order.id] = page.digests.get(order.id, "")
        self.bad += page.bad

    def doubt(self, why: str) -> None:
        """The cursor must stay where it is."""
        if self.complete:
            self.complete, self.why = False, why


def poll(haravan: Haravan, cursor: datetime | None, oldest: datetime) -> Polled:
    """Walk back from the newest change to `cursor` less an overlap, or to `oldest` the first time.

    An order that changes during the walk jumps to the top, so unread rows only slide to later pages: seen twice, never
    skipped; the jumper is newer than the cursor and comes next time. If the sort is not honoured, everything that
    changed since is read instead.

    Raises:
        Transient, AuthError: Haravan could not be read.
    """
    until = cursor - OVERLAP if cursor is not None else oldest
    polled = Polled()
    count = _Count(haravan)
    rows, last = 0, None
    for number in range(1, _MOST_PAGES):
        count.remember_before(number)
        page = haravan.orders_newest_first(number)
        times = [order.updated_at for order in page.orders]
        if not _falls(last, times):
            return _poll_unsorted(haravan, until)
        polled.take(page)
        polled.newest = polled.newest or max(times, default=None)
        rows += page.rows
        last = times[-1] if times else last
        reached = last is not None and last < until
        if reached or page.rows < PAGE:
            count.doubt(polled, None if reached else rows)
            return polled
    polled.doubt("Haravan's order list does not end")
    return polled


def _falls(last: datetime | None, times: list[datetime]) -> bool:
    """Whether instants only fall; across pages a row may come again, but none may be newer than what came before."""
    chain = times if last is None else [last, *times]
    return all(later <= earlier for earlier, later in pairwise(chain))


class _Count:
    """How many orders the shop has: what shows that a list ended early, or that rows slid up while it was read."""

    def __init__(self, haravan: Haravan) -> None:
        self._haravan = haravan
        self._before: int | None = None

    def remember_before(self, page: int) -> None:
        """A walk of one page cannot be shifted; before the second the count is taken."""
        if page == 2:
            self._before = self._now()

    def doubt(self, polled: Polled, rows: int | None) -> None:
        """Doubt a list that ended after `rows` (None: it was not read to its end) of more, or that has shrunk.

        A short page is the end only when the shop has no more orders: a failed page looks just the same. And an order
        that is deleted during a walk lets an unread one slide to a page that was read already.
        """
        if rows is None and self._before is None:
            return
        count = self._now()
        if count is not None and rows is not None and count > rows:
            polled.short_by = count - rows
            polled.doubt(f"Haravan's order list ended after {rows} of {count} orders")
        elif count is not None and self._before is not None and count < self._before:
            polled.doubt("orders were deleted in Haravan while its list was read")

    def _now(self) -> int | None:
        try:
            return self._haravan.orders_count()
        except Rejected:
            return None


def _poll_unsorted(haravan: Haravan, since: datetime) -> Polled:
    """Read every page of what changed since; rows may slide, so the cursor moves only to what page 1 first showed."""
    polled = Polled()
    for number in range(1, _MOST_PAGES):
        page = _page_or_end(haravan, since, number)
        polled.take(page)
        if number == 1:
            polled.newest = max((order.updated_at for order in page.orders), default=None)
        if page.rows < PAGE:
            return polled
    polled.doubt("Haravan's order list does not end")
    return polled


def _page_or_end(haravan: Haravan, since: datetime, number: int) -> OrderPage:
    """A page; one that is not full is asked for twice: with no count to compare, a failed page looks like the end."""
    page = haravan.orders_updated_from(since, number)
    if page.rows == PAGE:
        return page
    again = haravan.orders_updated_from(since, number)
    return again if again.rows > page.rows else page
