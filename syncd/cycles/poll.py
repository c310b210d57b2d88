"""Which orders changed in Haravan since last time: a walk back through time that compares only remote timestamps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise

from syncd.clients.pages import OrderPage
from syncd.core.cursors import newest
from syncd.core.model import BadRecord, WebOrder
from syncd.core.texts import Text, text
from syncd.cycles.ports import Haravan
from syncd.errors import Rejected

OVERLAP = timedelta(minutes=10)
PAGE = 50
GLANCE = 10
"""Rows of a short look: a whole page is a hundred kilobytes and more, and most looks find nothing new."""
_MOST_PAGES = 10_000


@dataclass(slots=True)
class Polled:
    """What a poll saw. `newest` is the next cursor, and only when `complete`: nothing in between was missed.

    `proves_sort`: the list was in the order of changes, which was not that of its ids; `disproves_sort`: it did not
    begin with the last change. `glance_does`: its first rows alone would have shown all that is new, and that they are
    sorted.
    """

    orders: dict[int, WebOrder] = field(default_factory=dict)
    digests: dict[int, str] = field(default_factory=dict)
    bad: list[BadRecord] = field(default_factory=list)
    changed: set[int] = field(default_factory=set)
    short_by: int | None = None
    newest: datetime | None = None
    proves_sort: bool = False
    disproves_sort: bool = False
    glance_does: bool = False
    complete: bool = True
    why: Text | None = None

    def take(self, page: OrderPage) -> None:
        """Add a page; the copy of an order that is newer wins. A page that shows one twice hides another: a doubt."""
        twice = len(page.orders) - len({order.id for order in page.orders})
        if twice:
            self.doubt(text("orders_list_repeats", rows=twice))
        for order in page.orders:
            known = self.orders.get(order.id)
            if known is None or known.updated_at <= order.updated_at:
                self.orders[order.id] = order
                self.digests[order.id] = page.digests.get(order.id, "")
        self.bad += page.bad

    def add_changed(self, other: Polled, since: datetime) -> None:
        """Add what another poll saw that changed since then; one that reads by time may show hours more."""
        for order in other.orders.values():
            if order.updated_at >= since and order.id not in self.orders:
                self.orders[order.id], self.digests[order.id] = order, other.digests[order.id]
        self.bad += other.bad
        self.short_by = other.short_by if self.short_by is None else self.short_by
        if other.why is not None:
            self.doubt(other.why)

    @property
    def rows(self) -> int:
        """How many different orders were shown: one that was shown twice may stand where another was left out."""
        unreadable = {bad.id for bad in self.bad if bad.id is not None} - self.orders.keys()
        return len(self.orders) + len(unreadable) + sum(1 for bad in self.bad if bad.id is None)

    def doubt(self, why: Text) -> None:
        """The cursor must stay where it is."""
        if self.complete:
            self.complete, self.why = False, why


def glance(haravan: Haravan, cursor: datetime, now: datetime) -> Polled | None:
    """What changed since `cursor`, from a short look; None where the look does not show by itself that this is all.

    Raises:
        Transient, AuthError: Haravan could not be read.
    """
    page = haravan.orders_changed_last(GLANCE)
    polled = Polled()
    polled.take(page)
    if polled.bad or not _tells_all(page.orders, cursor - OVERLAP):
        return None
    polled.newest = newest((order.updated_at for order in page.orders), now)
    polled.proves_sort = polled.glance_does = True
    return polled


def poll(
    haravan: Haravan,
    cursor: datetime | None,
    oldest: datetime,
    now: datetime,
    *,
    sort_proved: bool = True,
    seen: datetime | None = None,
) -> Polled:
    """Walk back from the newest change to `cursor` less an overlap, or to `oldest` the first time.

    An order that changes during the walk jumps to the top, so unread rows only slide to later pages: seen twice, never
    skipped; the jumper is newer than the cursor and comes next time. If the sort is not honoured, everything that
    changed since is read instead; also while it is not proved, for the newest orders alone look sorted until one that
    is older changes; and when the list begins before `seen`, the last change that any reading has shown.

    Raises:
        Transient, AuthError: Haravan could not be read.
    """
    until = cursor - OVERLAP if cursor is not None else oldest
    polled = Polled()
    page = haravan.orders_newest_first(1)
    polled.take(page)
    polled.newest = newest((order.updated_at for order in page.orders), now)
    polled.glance_does = not page.bad and _tells_all(page.orders[:GLANCE], until)
    if seen is not None and page.orders and all(order.updated_at < seen for order in page.orders):
        polled = _poll_unsorted(haravan, until, now)
        polled.disproves_sort = True
        return polled
    if page.rows == PAGE and not _is_before(page.orders, until):
        return _walk(haravan, polled, until, now, sort_proved=sort_proved)
    if not _falls(None, page.orders):
        return _poll_unsorted(haravan, until, now)
    if page.rows < PAGE:
        in_all = counted(haravan.orders_count)
        if in_all is not None and in_all > polled.rows:
            # an order may have come between the page and the count
            page = haravan.orders_newest_first(1)
            polled.take(page)
        _doubt_end(polled, in_all, lambda: haravan.orders_newest_first(2))
        return polled
    polled.proves_sort = _proves_sort(page.orders)
    if not (sort_proved or polled.proves_sort):
        polled.add_changed(_poll_unsorted(haravan, until, now), until)
    return polled


def _walk(haravan: Haravan, polled: Polled, until: datetime, now: datetime, *, sort_proved: bool) -> Polled:
    """Read as many pages as it takes; the count around the walk shows whether rows slid up while it lasted.

    An order that is deleted lets an unread one slide to a page that was read already.
    """
    before = counted(haravan.orders_count)
    last = None
    for number in range(1, _MOST_PAGES):
        page = haravan.orders_newest_first(number)
        if not _falls(last, page.orders):
            return _poll_unsorted(haravan, until, now)
        polled.take(page)
        polled.proves_sort = polled.proves_sort or _proves_sort(page.orders)
        last = page.orders[-1].updated_at if page.orders else last
        if page.rows < PAGE or _is_before(page.orders, until):
            after = counted(haravan.orders_count)
            if page.rows < PAGE:
                _doubt_end(polled, after, partial(haravan.orders_newest_first, number + 1))
            elif not (sort_proved or polled.proves_sort):
                polled.add_changed(_poll_unsorted(haravan, until, now), until)
            if before is not None and after is not None and after < before:
                polled.doubt(text("orders_deleted_meanwhile"))
            return polled
    polled.doubt(text("orders_list_endless"))
    return polled


def _tells_all(rows: Sequence[WebOrder], until: datetime) -> bool:
    """Whether the first rows show by themselves that they are the last changes and go back behind `until`.

    They do when their instants fall and their ids do not, none stands twice, and a full look's worth is there.
    """
    full = len({order.id for order in rows}) == len(rows) == GLANCE
    return full and _falls(None, rows) and _proves_sort(rows) and _is_before(rows, until)


def _proves_sort(rows: Sequence[WebOrder]) -> bool:
    """Whether rows whose instants fall are in another order than that of their ids."""
    return any(later.id > earlier.id for earlier, later in pairwise(rows))


def _is_before(rows: Sequence[WebOrder], until: datetime) -> bool:
    """Whether rows reach back behind `until`, by two orders: one alone may have a wrong time."""
    return sum(order.updated_at < until for order in rows[-2:]) == 2


def _falls(last: datetime | None, rows: Sequence[WebOrder]) -> bool:
    """Whether instants only fall; across pages a row may come again, but none may be newer than what came before."""
    times = [order.updated_at for order in rows]
    chain = times if last is None else [last, *times]
    return all(later <= earlier for earlier, later in pairwise(chain))


def _doubt_end(polled: Polled, count: int | None, beyond: Callable[[], OrderPage]) -> None:
    """A short page is the end only when the shop has no more orders: a failed page looks just the same.

    Where something stands beyond it, it was no end, and the difference is not how this shop counts.
    """
    rows = polled.rows
    if count is not None and count > rows:
        page = beyond()
        polled.take(page)
        polled.short_by = None if page.rows else count - rows
        polled.doubt(text("orders_list_short", rows=rows, count=count))


def counted(ask: Callable[[], int]) -> int | None:
    """What a count says; None in a shop that refuses to count."""
    try:
        return ask()
    except Rejected:
        return None


def _poll_unsorted(haravan: Haravan, since: datetime, now: datetime) -> Polled:
    """Read every page of what changed since; rows may slide, so the cursor moves only to what page 1 first showed."""
    polled = Polled()
    for number in range(1, _MOST_PAGES):
        page = haravan.orders_updated_from(since, number)
        polled.take(page)
        if number == 1:
            polled.newest = newest((order.updated_at for order in page.orders), now)
        if page.rows < PAGE:
            in_all = counted(lambda: haravan.orders_count_updated_from(since))
            if in_all == polled.rows:
                return polled
            # an order may have changed between the page and the count; in a shop that does not count, a failed page
            # looks just like the end
            page = haravan.orders_updated_from(since, number)
            polled.take(page)
            if page.rows < PAGE:
                _doubt_end(polled, in_all, partial(haravan.orders_updated_from, since, number + 1))
                return polled
    polled.doubt(text("orders_list_endless"))
    return polled
