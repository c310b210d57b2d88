"""What changed in one of KiotViet's lists since last time, under every reading of its change filter."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from syncd.clients.pages import ListQuery, Page
from syncd.clients.scans import Scan, scan_all, scan_back
from syncd.clock import Clock
from syncd.core import cursors
from syncd.core.model import BadRecord, PosInvoice, PosOrder, PosProduct, PosReturn
from syncd.store import Store

D = TypeVar("D", bound=PosOrder | PosInvoice | PosReturn | PosProduct)

OVERLAP = timedelta(minutes=10)
SLACK = timedelta(minutes=1)
ZONE = timedelta(hours=7)
_MOST_WAITING = 5_000


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a list was read; only KiotViet's own stamps are compared.

    `shift` is added to the bound that is sent: 7 hours once the list has shown that it drops the offset and reads the
    digits as the shop's wall clock. `sure`: the row at `at` came through the filter, so it must come again. `fresh`:
    rows that never changed come through the filter too. `deaf`: the filter does nothing.
    """

    at: datetime
    shift: timedelta = timedelta()
    sure: bool = False
    fresh: bool = False
    deaf: bool = False


class Feed(Generic[D]):
    """One list, read incrementally. A wrong belief about its filter shows itself in the next reading.

    What is sent is a lower bound in UTC: a server that converts it is exact, one that drops the offset answers seven
    hours too much, which is noticed and made up for; if it was made up for wrongly, the newest row known is missing
    from the answer, and the list is read again without. Source: observed, KiotViet lists, `lastModifiedFrom`.
    """

    def __init__(
        self,
        name: str,
        page: Callable[[ListQuery], Page[D]],
        store: Store,
        clock: Clock,
        *,
        overlap: timedelta = OVERLAP,
    ) -> None:
        """Remember how far `page` was read under `name`; the last `overlap` before that is read again."""
        self.key, self._store, self._clock, self.overlap = f"kiotviet_{name}_mark", store, clock, overlap
        self._page: Callable[[ListQuery], Page[D]] = page

    def read(self) -> Scan[D]:
        """The rows that changed since the last reading, and some more.

        Raises:
            Transient: The list could not be read. The mark moves only after a complete reading.
        """
        mark = recall_mark(self._store, self.key)
        if mark is None:
            return self._first()
        if mark.deaf:
            return self._kept(mark, self._newest(mark.at - self.overlap))
        return self._since(mark)

    def start_at(self, newest: D, until: datetime) -> None:
        """The list was read whole, its `newest` row in it: follow what changed since `until`, and try the filter anew.

        `until` is no later than that row's stamp. What the filter showed of time zones stays known.
        """
        known = recall_mark(self._store, self.key) or Mark(until)
        sure = known.fresh or newest.modified_at is not None
        keep_mark(self._store, self.key, replace(known, at=until, sure=sure, deaf=False))

    def _kept(self, mark: Mark, scan: Scan[D]) -> Scan[D]:
        """The scan, with the mark moved to its newest row where it is complete."""
        if scan.complete:
            newest = cursors.newest(map(stamp, scan.rows), self._clock.now())
            keep_mark(self._store, self.key, replace(mark, at=max(mark.at, newest or mark.at)))
        return scan

    def _first(self) -> Scan[D]:
        """The newest page: from here on changes are followed."""
        page = self._page(ListQuery(order_by="createdDate", descending=True))
        newest = cursors.newest(map(stamp, page.rows), self._clock.now())
        if newest is not None:
            keep_mark(self._store, self.key, Mark(newest))
        return Scan(page.rows, page.bad, page.total, True, None)

    def _since(self, mark: Mark) -> Scan[D]:
        bound = mark.at - self.overlap
        scan = self._filtered(bound + mark.shift)
        must_show = mark.sure and self.overlap >= timedelta()
        if mark.shift and must_show and not any(stamp(row) >= mark.at for row in scan.rows):
            mark = replace(mark, shift=timedelta())
            scan = self._filtered(bound)
        mark = self._learn(mark, scan, bound)
        # rows that never changed may not come through the filter: then they are among the newest
        return self._kept(mark, scan if mark.fresh else _both(scan, self._newest(bound)))

    def _learn(self, mark: Mark, scan: Scan[D], bound: datetime) -> Mark:
        """What one reading shows of the filter."""
        stamps = [stamp(row) for row in scan.rows]
        oldest = min(stamps, default=bound)
        if not mark.shift and oldest < bound - SLACK:
            dropped = oldest >= bound - ZONE - SLACK
            mark = replace(mark, shift=ZONE) if dropped else replace(mark, deaf=True)
        fresh = any(row.modified_at is None for row in scan.rows)
        return replace(mark, sure=bool(stamps), fresh=mark.fresh or (fresh and not mark.deaf))

    def _filtered(self, bound: datetime) -> Scan[D]:
        """Everything since `bound`; in a busy shop the list may grow between two pages, so it is tried twice."""
        scan = self._scan(bound)
        return scan if scan.complete else self._scan(bound)

    def _scan(self, bound: datetime) -> Scan[D]:
        return scan_all(
            lambda offset: self._page(ListQuery(offset=offset, order_by="id", modified_from=bound)), lambda row: row.id
        )

    def _newest(self, until: datetime) -> Scan[D]:
        return scan_back(
            lambda offset: self._page(ListQuery(offset=offset, order_by="createdDate", descending=True)),
            lambda row: row.id,
            lambda row: row.created_at,
            until,
        )


def recall_mark(store: Store, key: str) -> Mark | None:
    """The mark under a key, None where a list was never read."""
    stored = store.recall(key)
    if not isinstance(stored, dict):
        return None
    return Mark(
        datetime.fromisoformat(stored["at"]),
        timedelta(hours=stored["shift_hours"]),
        stored["sure"],
        stored["fresh"],
        stored["deaf"],
    )


def keep_mark(store: Store, key: str, mark: Mark) -> None:
    """Keep a mark under a key."""
    hours = int(mark.shift / timedelta(hours=1))
    values = {"at": mark.at.isoformat(), "shift_hours": hours}
    store.remember(key, values | {"sure": mark.sure, "fresh": mark.fresh, "deaf": mark.deaf})


@dataclass(slots=True)
class _Mailbox(Generic[D]):
    """What a reader of a shared list has not taken yet."""

    rows: dict[int, D] = field(default_factory=dict)
    bad: list[BadRecord] = field(default_factory=list)

    def put(self, scan: Scan[D]) -> None:
        """Keep the newest copy of each row; a reader that never comes is not waited for."""
        self.rows |= {row.id: row for row in scan.rows}
        self.bad += scan.bad
        for row_id in list(self.rows)[: max(0, len(self.rows) - _MOST_WAITING)]:
            del self.rows[row_id]
        del self.bad[:-_MOST_WAITING]

    def take(self) -> tuple[tuple[D, ...], tuple[BadRecord, ...]]:
        rows, bad = tuple(self.rows.values()), tuple(self.bad)
        self.rows, self.bad = {}, []
        return rows, bad


class SharedFeed(Generic[D]):
    """One list for several readers: it is read once, and each of them gets every row.

    The boxes are memory: who dies with rows in his box reads again what changed in the ten minutes before the mark.
    """

    def __init__(self, feed: Feed[D], clock: Clock, readers: Iterable[str]) -> None:
        """Serve `readers`, whose names tell them apart."""
        self._feed, self._clock = feed, clock
        self._lock = threading.Lock()
        self._boxes: dict[str, _Mailbox[D]] = {reader: _Mailbox() for reader in readers}
        self._read_at = -math.inf

    def waiting(self, reader: str) -> bool:
        """Whether there are rows that this reader has not taken."""
        box = self._boxes[reader]
        return bool(box.rows or box.bad)

    def put_back(self, reader: str, scan: Scan[D]) -> None:
        """This reader could not deal with what it took: it takes it again next time."""
        with self._lock:
            self._boxes[reader].put(scan)

    def read(self, reader: str, max_age: float = 0.0) -> Scan[D]:
        """What came in for this reader, after a reading of the list if the last one is older than `max_age` seconds.

        Raises:
            Transient: The list could not be read; what was in the box stays there.
        """
        with self._lock:
            why = None
            now = self._clock.monotonic()
            if now - self._read_at >= max_age:
                scan = self._feed.read()
                why = scan.why
                for box in self._boxes.values():
                    box.put(scan)
                self._read_at = now if scan.complete else self._read_at
            rows, bad = self._boxes[reader].take()
            return Scan(rows, bad, len(rows), why is None, why)


def _both(scan: Scan[D], other: Scan[D]) -> Scan[D]:
    shown = {row.id for row in scan.rows}
    rows = (*scan.rows, *(row for row in other.rows if row.id not in shown))
    complete = scan.complete and other.complete
    return Scan(rows, (*scan.bad, *other.bad), scan.total, complete, scan.why or other.why)


def stamp(row: PosOrder | PosInvoice | PosReturn | PosProduct) -> datetime:
    """When a row last changed, else when it was made."""
    return row.modified_at or row.created_at
