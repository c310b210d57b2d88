"""What changed in both product lists since they were last read whole: a call or two, instead of a thousand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from syncd.clients.pages import ListQuery, Page, ProductPage
from syncd.clock import Clock
from syncd.core import cursors
from syncd.core.model import PosProduct, Variant
from syncd.core.texts import text
from syncd.cycles.feed import SLACK, ZONE, Feed, Mark, keep_mark, recall_mark, stamp
from syncd.cycles.ports import Haravan, KiotViet
from syncd.errors import IncompleteScan, Rejected
from syncd.store import Store

OVERLAP: Final = timedelta(minutes=2)
"""Read again after something new was seen; what shows itself later than that is left to the next whole reading."""
QUIET: Final = timedelta(seconds=1)
"""Read again after a look that showed nothing new."""
BEYOND: Final = timedelta(seconds=-1)
"""Left out after a mass edit that was read whole: it would fill every look until something else changes."""
MOST_CHANGED: Final = 500
"""More than that is left to the next whole reading too: a look must stay cheap, also after a mass edit."""

_ROWS: Final = 50
_MOST_PAGES: Final = 10
_MARK: Final = "haravan_products_mark"


class TooMuch(IncompleteScan):
    """More changed than a look may cost, or the list does not filter; `newest` is the last change among those seen."""

    def __init__(self, remote: str, newest: datetime | None) -> None:
        self.newest = newest
        super().__init__(text("too_much_changed", remote=remote))


@dataclass(frozen=True, slots=True)
class WebNews:
    """Products of the web shop that changed: all variants of each, and those ids that could not be read."""

    variants: tuple[Variant, ...] = ()
    product_ids: frozenset[int] = frozenset()
    unreadable: frozenset[int | None] = frozenset()


@dataclass(frozen=True, slots=True)
class PosNews:
    """KiotViet products that changed, and ids of deleted ones."""

    products: tuple[PosProduct, ...] = ()
    removed: frozenset[int] = frozenset()


class WebFeed:
    """Haravan's products by `updated_at`. Only Haravan's own stamps are compared, and both readings of the filter work.

    What is sent is a lower bound in UTC, as in `feed.Feed`: a server that takes the digits for its local time answers
    seven hours too much, which is noticed and made up for; where that was wrong, the newest product known is missing
    from the answer and the list is read again without. After a failure that would come again, nothing is asked before
    the next whole reading. `calls` is what the last look took.
    """

    def __init__(self, haravan: Haravan, store: Store, clock: Clock) -> None:
        """Read nothing yet."""
        self._haravan, self._store, self._clock = haravan, store, clock
        self._off, self._overlap = False, OVERLAP
        self._seen: datetime | None = None
        self.calls = 0

    def start_at(self, newest: datetime, took: timedelta) -> None:
        """The list was read whole in `took`, and its `newest` change was this: follow what changes from then on."""
        known = recall_mark(self._store, _MARK) or Mark(newest)
        keep_mark(self._store, _MARK, replace(known, at=newest - took, sure=True))
        self._off, self._overlap, self._seen = False, OVERLAP, newest

    def read(self) -> WebNews:
        """The products that changed since the last reading, and some more.

        Raises:
            TooMuch, Rejected: There is no sense in asking again before the next whole reading.
            Transient: The list could not be read. The mark stays.
        """
        self.calls = 0
        mark = recall_mark(self._store, _MARK)
        if mark is None or self._off:
            return WebNews()
        try:
            return self._since(mark)
        except TooMuch as much:
            self._off = not self._may_pass(mark, much.newest)
            raise
        except Rejected:
            self._off = True
            raise

    def _may_pass(self, mark: Mark, newest: datetime | None) -> bool:
        """Whether to ask differently next time, as the many were all seen before."""
        if self._seen is None or newest is None or newest > self._seen:
            return False
        passed = _passed(mark, self._seen, beyond=self._overlap == BEYOND)
        keep_mark(self._store, _MARK, passed or replace(mark, shift=timedelta()))
        self._overlap = BEYOND
        return passed is not None

    def _since(self, mark: Mark) -> WebNews:
        bound = mark.at - self._overlap
        pages = self._pages(bound + mark.shift, bound)
        looks_back = self._overlap >= timedelta()
        if mark.shift and mark.sure and looks_back and not any(at >= mark.at for at in _stamps(pages)):
            mark = replace(mark, shift=timedelta())
            pages = self._pages(bound, bound)
        if not mark.shift and min(_stamps(pages), default=bound) < bound - SLACK:
            mark = replace(mark, shift=ZONE)
        shown = cursors.newest(_stamps(pages), self._clock.now())
        newest = max(mark.at, shown or mark.at)
        self._overlap = OVERLAP if newest > mark.at else min(self._overlap, QUIET)
        self._seen = max(newest, self._seen or newest)
        keep_mark(self._store, _MARK, replace(mark, at=newest))
        return WebNews(
            variants=tuple(variant for page in pages for variant in page.variants),
            product_ids=frozenset(product_id for page in pages for product_id in page.changed_at),
            unreadable=frozenset(bad.id for page in pages for bad in page.bad),
        )

    def _pages(self, asked: datetime, bound: datetime) -> list[ProductPage]:
        """By rising id, so that a change meanwhile moves nothing out of sight; a full page has the rest counted."""
        pages: list[ProductPage] = []
        since_id = 0
        while len(pages) < _MOST_PAGES:
            self.calls += 1
            page = self._haravan.products_updated_from(asked, since_id)
            pages.append(page)
            if min(_stamps([page]), default=bound) < bound - ZONE - SLACK or not page.ascending:
                break
            if page.rows < _ROWS:
                return pages
            if len(pages) == 1 and self._counted(asked) > MOST_CHANGED:
                break
            since_id = page.last_id
        raise TooMuch("Haravan", max(_stamps(pages), default=None))

    def _counted(self, asked: datetime) -> int:
        self.calls += 1
        return self._haravan.products_count_from(asked)


def _passed(mark: Mark, seen: datetime, *, beyond: bool) -> Mark | None:
    """How to ask after an answer full of what was `seen`: for what changes later, then also in the other time zone.

    None where both were tried: then nothing filters. `beyond` says that the answer was to a bound after all that.
    """
    if not beyond:
        return replace(mark, at=seen)
    return None if mark.shift else replace(mark, shift=ZONE)


def _stamps(pages: Iterable[ProductPage]) -> list[datetime]:
    return [at for page in pages for at in page.changed_at.values() if at is not None]


class PosFeed:
    """KiotViet's products by `lastModifiedFrom`, with the ids of deleted ones; always with low priority.

    After more changes than a look may cost nothing is asked before the next whole reading. `calls` is what the last
    look took.
    """

    def __init__(self, kiotviet: KiotViet, store: Store, clock: Clock) -> None:
        """Read nothing yet."""
        self._kiotviet, self._store = kiotviet, store
        self._feed = Feed[PosProduct]("products", self._page, store, clock, overlap=OVERLAP)
        self._newest: datetime | None = None
        self._removed: set[int] = set()
        self._off = False
        self.calls = 0

    def start_at(self, newest: PosProduct, took: timedelta) -> None:
        """The list was read whole in `took`, and its `newest` row was this: follow what changes from then on."""
        self._feed.start_at(newest, stamp(newest) - took)
        self._newest, self._off, self._feed.overlap = stamp(newest), False, OVERLAP

    def read(self) -> PosNews:
        """The products that changed since the last reading, and some more.

        Raises:
            TooMuch, Rejected: There is no sense in asking again before the next whole reading.
            Transient: The list could not be read to the end. The mark stays.
        """
        self._removed, self.calls = set(), 0
        if self._off:
            return PosNews()
        try:
            scan = self._feed.read()
        except TooMuch as much:
            self._off = not self._may_pass(much.newest)
            raise
        except Rejected:
            self._off = True
            raise
        if not scan.complete:
            raise IncompleteScan(text("kiotviet_changes_incomplete", why=scan.why or ""))
        newest = max(map(stamp, scan.rows), default=None)
        if newest is not None and (self._newest is None or newest > self._newest):
            self._newest, self._feed.overlap = newest, OVERLAP
        else:
            self._feed.overlap = min(self._feed.overlap, QUIET)
        return PosNews(scan.rows, frozenset(self._removed - {row.id for row in scan.rows}))

    def _may_pass(self, newest: datetime | None) -> bool:
        """Whether to ask differently next time, as the many were all seen before."""
        mark = recall_mark(self._store, self._feed.key)
        if mark is None or self._newest is None or newest is None or newest > self._newest:
            return False
        passed = _passed(mark, self._newest, beyond=self._feed.overlap == BEYOND)
        keep_mark(self._store, self._feed.key, passed or replace(mark, shift=timedelta()))
        self._feed.overlap = BEYOND
        return passed is not None

    def _page(self, query: ListQuery) -> Page[PosProduct]:
        self.calls += 1
        since = query.modified_from is not None
        asked = {"includeRemoveIds": "true"} if since else {}
        page = self._kiotviet.products_page(replace(query, low_priority=True, filters={**query.filters, **asked}))
        if self.calls > _MOST_PAGES or (since and page.total > MOST_CHANGED):
            raise TooMuch("KiotViet", max(map(stamp, page.rows), default=None))
        self._removed |= set(page.removed_ids)
        return page
