"""Thousands of old orders, taken in page by page beside the daily work: resumable, with progress, never first.

They are read by rising id. How far that went is remembered in the store after a page was dealt with, so that whoever
dies reads one page again. New orders are polled meanwhile as on any day.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise

from syncd.clients.pages import OrderPage
from syncd.clock import Clock
from syncd.core import cursors
from syncd.cycles.backlog import open_backlog
from syncd.cycles.budget import RESERVED_SHARE, StoreGetBudget
from syncd.cycles.poll import PAGE, counted
from syncd.cycles.ports import Haravan
from syncd.cycles.progress import Progress, progress_of
from syncd.logs import get_logger
from syncd.store import Store
from syncd.store.keys import BACKFILL
from syncd.store.rows import OpenOrder

MANY = 1_000
"""From so many orders since `orders.since` on they are a backfill; fewer are read and handled in one cycle."""

PAGES_A_CYCLE = 2
CURSOR = "orders_cursor"
"""Under this key the store keeps up to which change everything in Haravan is recorded, or is left to the backfill."""

_MARGIN = timedelta(days=1)
_NOT_BY_ID = "not_by_id"
_ROOM_FOR_STOCK = 20
_log = get_logger()


class Backfill:
    """The walk through old orders; what is to be done with a page is handed in."""

    def __init__(self, haravan: Haravan, store: Store, budget: StoreGetBudget, clock: Clock, *, many: int) -> None:
        """Take over from `many` old orders on."""
        self._haravan, self._store, self._budget, self._clock, self._many = haravan, store, budget, clock, many

    def forget(self) -> None:
        """Other settings: whatever there is to read is read from its beginning."""
        if self._store.recall(BACKFILL) is not None:
            self._store.remember(BACKFILL, None)

    def begin(self, since: datetime, record: Callable[[OrderPage], object]) -> datetime | None:
        """Without a cursor: where the poll for news shall begin, None when all can be read at once.

        What waits to be shipped is recorded first, because its pieces must not be sold again meanwhile.

        Raises:
            Transient, AuthError: Haravan could not be read.
        """
        if self._store.recall(BACKFILL) == _NOT_BY_ID:
            return None
        total = counted(partial(self._haravan.orders_count_from, since - _MARGIN)) or 0
        if total <= self._many:
            return None
        page = self._haravan.orders_newest_first(1)
        newest = cursors.newest((order.updated_at for order in page.orders), self._clock.now())
        if newest is None:
            return None
        for waiting in open_backlog(self._haravan):
            record(waiting)
        self._keep(Progress(0, 0, total, self._clock.now().isoformat(), newest.isoformat()))
        self._store.remember(CURSOR, newest.isoformat())
        _log.info("backfill_began", total=total)
        return newest

    def owed(self, since: datetime) -> Callable[[OpenOrder], bool]:
        """Which recorded orders wait for their page, so that nothing else asks for them."""
        progress = progress_of(self._store)
        if progress is None:
            return lambda _: False
        after, until = progress.after, datetime.fromisoformat(progress.until)
        return lambda order: order.untouched and order.haravan_id > after and since <= order.created_at <= until

    def affords(self) -> bool:
        """Whether another old order may be handled: what new orders and the stock need of the GETs is left to them."""
        return self._budget.left() > self._reserve()

    def work(
        self, since: datetime, handle: Callable[[OrderPage], bool], news: Callable[[], None], *, whole: bool
    ) -> bool:
        """Two pages, or with `whole` all there is, each followed by a look for `news`; False if it must go on later.

        `handle` tells whether each order of a page is done or recorded; only then is the page passed.

        Raises:
            Transient, AuthError: Haravan could not be read.
        """
        pages = 0
        while (progress := progress_of(self._store)) is not None and (whole or pages < PAGES_A_CYCLE):
            if self._budget.left() < self._reserve() + self._budget.limit() // _ROOM_FOR_STOCK:
                return False
            page = self._page(progress, since - _MARGIN)
            if not _rises(progress.after, page):
                self._give_up()
            elif not handle(page):
                return False
            else:
                self._pass(progress, page)
            news()
            pages += 1
        return progress is None

    def _reserve(self) -> int:
        """A fifth of the GETs is kept for new orders as always; stock stops before it, and needs some room."""
        return self._budget.limit() // RESERVED_SHARE + self._budget.limit() // _ROOM_FOR_STOCK

    def _page(self, progress: Progress, created_from: datetime) -> OrderPage:
        """The next page; one that is not full is asked for twice, because a failed page looks like the end."""
        page = self._haravan.orders_after(progress.after, created_from)
        if page.rows == PAGE:
            return page
        again = self._haravan.orders_after(progress.after, created_from)
        return again if again.rows > page.rows else page

    def _pass(self, progress: Progress, page: OrderPage) -> None:
        ids = _ids(page)
        went = replace(progress, after=max(ids, default=progress.after), read=progress.read + page.rows)
        if page.rows < PAGE:
            self._store.remember(BACKFILL, None)
            _log.info("backfill_finished", read=went.read)
        else:
            self._keep(went)
            _log.info("backfill_progress", read=went.read, total=max(went.total, went.read))

    def _keep(self, progress: Progress) -> None:
        self._store.remember(BACKFILL, asdict(progress))

    def _give_up(self) -> None:
        """The shop does not page by id: walk back through all changes instead, in one go."""
        _log.warning("backfill_not_by_id")
        self._store.remember(CURSOR, None)
        self._store.remember(BACKFILL, _NOT_BY_ID)


def _ids(page: OrderPage) -> list[int]:
    return [*(order.id for order in page.orders), *(bad.id for bad in page.bad if bad.id is not None)]


def _rises(after: int, page: OrderPage) -> bool:
    """Whether ids rise from `after` on; a page without its tail would else hide orders for good."""
    ids = [order.id for order in page.orders]
    return all(earlier < later for earlier, later in pairwise([after, *ids])) and all(key > after for key in _ids(page))
