"""Complete-page discipline: a list was read whole, or the scan says why not; only a whole one proves absence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Generic, TypeVar

from syncd.clients.pages import Page
from syncd.core.model import BadRecord
from syncd.core.texts import Text, text
from syncd.errors import BadPayload, IncompleteScan, RateLimited, Transient

T = TypeVar("T")
Fetch = Callable[[int], Page[T]]

MOST_PAGES: Final = 5000


@dataclass(frozen=True, slots=True)
class Scan(Generic[T]):
    """What a scan read: unique rows in the order seen, rows that were unreadable, and whether that is everything.

    `total` is what the last page claimed, `why` says what was wrong, None when `complete`.
    """

    rows: tuple[T, ...]
    bad: tuple[BadRecord, ...]
    total: int
    complete: bool
    why: Text | None

    @property
    def proves_absence(self) -> bool:
        """Whether what is not here is not there: the list is whole and each of its rows could be read."""
        return self.complete and not self.bad


def scan_all(fetch: Callable[[int], Page[T]], key: Callable[[T], int]) -> Scan[T]:
    """Read a list whole, by offsets as far apart as pages were long; `key` is the id that makes a row unique.

    Raises:
        IncompleteScan: A page could not be read. `RateLimited` and `AuthError` pass as they are.
    """
    walk = _Walk[T](key)
    page = _page(fetch, 0)
    total = page.total
    while walk.take(page) and page.received:
        walk.doubt(page.total != total, text("total_changed", before=total, after=page.total))
        if walk.offset >= page.total:
            break
        page = _page(fetch, walk.offset)
    walk.doubt(walk.duplicates > 0, text("rows_twice", rows=walk.duplicates))
    return walk.end(page.total, exact=True)


def scan_back(
    fetch: Callable[[int], Page[T]], key: Callable[[T], int], when: Callable[[T], datetime], until: datetime
) -> Scan[T]:
    """Read a list that is sorted newest first, back to where its rows' `when` is before `until`.

    New rows that push others down are harmless (they are seen twice); a shrinking total is not, nor are more rows twice
    than the total grew by, for then others were not shown. Where the sort is not honoured, the list is read whole
    instead. One row alone may have a wrong time: the end is what two are older than.

    Raises:
        IncompleteScan: A page could not be read. `RateLimited` and `AuthError` pass as they are.
    """
    walk = _Walk[T](key)
    last: datetime | None = None
    older = 0
    page = _page(fetch, 0)
    total = at_first = page.total
    while walk.take(page):
        times = [when(row) for row in page.rows]
        older += sum(at < until for at in times)
        if any(
            later > earlier for earlier, later in zip([last or times[0], *times] if times else [], times, strict=False)
        ):
            return scan_all(fetch, key)
        walk.doubt(page.total < total, text("total_fell", before=total, after=page.total))
        walk.doubt(walk.duplicates > page.total - at_first, text("rows_twice", rows=walk.duplicates))
        total, last = page.total, times[-1] if times else last
        if older > 1:
            return walk.end(total, reached=True)
        if not page.received or walk.offset >= total:
            break
        page = _page(fetch, walk.offset)
    return walk.end(total)


class _Walk(Generic[T]):
    """What a walk through pages has seen so far, and its first doubt."""

    def __init__(self, key: Callable[[T], int]) -> None:
        self._key = key
        self._rows: dict[int, T] = {}
        self._bad: list[BadRecord] = []
        self._pages = 0
        self._why: Text | None = None
        self.offset = 0
        self.duplicates = 0

    def take(self, page: Page[T]) -> bool:
        """Add a page's rows; false when there are more pages than any list has."""
        for row in page.rows:
            row_key = self._key(row)
            self.duplicates += row_key in self._rows
            self._rows.setdefault(row_key, row)
        self._bad += page.bad
        self.offset += page.received
        self._pages += 1
        self.doubt(self._pages > MOST_PAGES, text("list_endless"))
        return self._pages <= MOST_PAGES

    def doubt(self, found: bool, why: Text) -> None:
        """Remember the first reason not to believe in completeness."""
        if found and self._why is None:
            self._why = why

    def end(self, total: int, *, exact: bool = False, reached: bool = False) -> Scan[T]:
        """The scan; `exact` demands as many rows as the total says, `reached` that the walk may stop before it."""
        self.doubt(not reached and self.offset < total, text("list_short", rows=self.offset, total=total))
        count = len(self._rows) + len(self._bad)
        self.doubt(exact and count != total, text("rows_missing", rows=count, total=total))
        return Scan(tuple(self._rows.values()), tuple(self._bad), total, self._why is None, self._why)


def _page(fetch: Callable[[int], Page[T]], offset: int) -> Page[T]:
    try:
        return fetch(offset)
    except (RateLimited, IncompleteScan):
        raise
    except (Transient, BadPayload) as error:
        raise IncompleteScan(text("page_unreadable", row=offset, why=error.message)) from error
