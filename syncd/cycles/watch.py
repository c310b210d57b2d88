"""Hands in KiotViet: what people do to our documents there is seen in its lists, and looked at before anything else.

The lists only say where to look; what a change means is decided from the documents themselves.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass

from syncd.clients.scans import Scan
from syncd.clock import Clock
from syncd.core import documents, news
from syncd.core.model import OrderStatus, PosInvoice, PosOrder
from syncd.core.records import Tracked
from syncd.core.texts import text
from syncd.cycles.feed import D, SharedFeed
from syncd.cycles.ports import KiotViet
from syncd.cycles.twins import TwinWatch
from syncd.errors import IncompleteScan, NotFound, SyncdError
from syncd.store import Store

READER = "orders"
PAUSE_SECONDS = 60.0
LOOK_AT_EACH_SECONDS = 3600.0
_LOOK_SECONDS = 180.0
_MOST_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class DocumentFeeds:
    """KiotViet's two lists of documents, each read once for everybody who wants to know what changed there."""

    orders: SharedFeed[PosOrder]
    invoices: SharedFeed[PosInvoice]

    def waiting(self, reader: str) -> bool:
        """Whether this reader has rows to take."""
        return self.orders.waiting(reader) or self.invoices.waiting(reader)


class DocumentWatch:
    """Reads both document lists once a minute, and each open order by itself about once an hour."""

    def __init__(self, kiotviet: KiotViet, store: Store, feeds: DocumentFeeds, twins: TwinWatch, clock: Clock) -> None:
        """Read nothing yet."""
        self._kiotviet, self._store, self._feeds, self._twins, self._clock = kiotviet, store, feeds, twins, clock
        self._look_at = 0.0
        self._turn_at = 0.0
        self._looked_at: dict[int, float] = {}
        self._told: dict[int, str] = {}
        self._telling: dict[int, str] = {}

    def look(self, *, full: bool = False) -> None:
        """Mark every order of whose documents KiotViet shows something new; with `full` now, else once a minute.

        Raises:
            Transient: KiotViet could not be read; what was not seen is seen next time.
        """
        passed = self._clock.monotonic()
        due = full or passed >= self._look_at
        if not (due or self._feeds.waiting(READER)) or not self._store.orders.has_documents():
            return
        if due:
            self._mark(self._turn_of(self._store.orders.documented(), passed))
        self._telling = {}
        max_age = (0.0 if full else PAUSE_SECONDS) if due else math.inf
        self._take(self._feeds.orders, self._touched_orders, max_age)
        self._take(self._feeds.invoices, self._touched_invoices, max_age)
        self._told = self._telling if len(self._told) > _MOST_REMEMBERED else self._told | self._telling
        self._look_at = passed + PAUSE_SECONDS if due else self._look_at

    def _take(self, feed: SharedFeed[D], touched: Callable[[Scan[D]], set[int]], max_age: float) -> None:
        scan = feed.read(READER, max_age)
        try:
            self._mark(list(touched(scan)))
        except SyncdError:
            feed.put_back(READER, scan)
            raise
        if scan.why is not None:
            raise IncompleteScan(text("kiotviet_documents_incomplete", why=scan.why))

    def _mark(self, haravan_ids: list[int]) -> None:
        if haravan_ids:
            self._store.orders.mark_news(haravan_ids)

    def _touched_orders(self, scan: Scan[PosOrder]) -> set[int]:
        known = {order.kv_id: order for order in self._store.orders.tracked(kv_ids=_ids(scan.rows, scan.bad))}
        found = {known[bad.id].haravan_id for bad in scan.bad if bad.id in known}
        for row in scan.rows:
            mine = known.get(row.id)
            if mine is None:
                found |= self._strangers_of(row)
            elif news.of_order(row, mine) and self._is_new(row):
                found.add(mine.haravan_id)
        return found

    def _strangers_of(self, row: PosOrder) -> set[int]:
        """A KiotViet order that we do not know but that carries our marker: a copy, or what people merged ours into."""
        if row.status is OrderStatus.CANCELLED or not self._is_new(row):
            return set()
        found: set[int] = set()
        for haravan_id in documents.order_ids_in(row.description):
            record = self._store.orders.record(haravan_id)
            if record is None or record.order is None or record.order.id == row.id or record.left_to_people:
                continue
            found.add(haravan_id)
            with suppress(NotFound):
                ours = self._kiotviet.order(record.order.id)
                if ours.status is not OrderStatus.CANCELLED:
                    both = sorted((ours, row), key=lambda order: (order.created_at, order.id))
                    self._twins.tell(record, both, self._clock.now())
        return found

    def _touched_invoices(self, scan: Scan[PosInvoice]) -> set[int]:
        known = self._store.orders.tracked_invoices(_ids(scan.rows, scan.bad))
        found = {known[bad.id][0] for bad in scan.bad if bad.id in known}
        strangers = [row for row in scan.rows if row.id not in known]
        for row in scan.rows:
            if row.id in known and news.of_invoice(row, known[row.id][1]) and self._is_new(row):
                found.add(known[row.id][0])
        return found | self._strange_invoices(strangers)

    def _strange_invoices(self, rows: list[PosInvoice]) -> set[int]:
        """Invoices that we did not make, of orders that we did."""
        ids = [row.order_id for row in rows if row.order_id is not None]
        owners = self._store.orders.tracked(kv_ids=ids, codes=[row.order_code for row in rows if row.order_code])
        found: set[int] = set()
        for row in rows:
            owner = next((order for order in owners if _belongs(row, order)), None)
            if owner is not None and news.of_strange_invoice(row, owner) and self._is_new(row):
                found.add(owner.haravan_id)
        return found

    def _is_new(self, row: PosOrder | PosInvoice) -> bool:
        """Whether this was not told already: the overlap shows each change several times."""
        said = self._telling[row.id] = documents.said(row)
        return self._told.get(row.id) != said

    def _turn_of(self, documented: list[int], passed: float) -> list[int]:
        """The next open order to look at by itself, whatever the lists show: few of them each about once an hour."""
        self._looked_at = {key: self._looked_at.get(key, passed) for key in documented}
        if passed < self._turn_at:
            return []
        due = [key for key, at in self._looked_at.items() if passed - at >= LOOK_AT_EACH_SECONDS]
        turn = sorted(due, key=lambda key: self._looked_at[key])[:1]
        self._turn_at = passed + _LOOK_SECONDS if turn else self._turn_at
        self._looked_at |= dict.fromkeys(turn, passed)
        return turn


def _ids(rows: Iterable[PosOrder | PosInvoice], bad: Iterable[object]) -> list[int]:
    unread = [key for item in bad if isinstance(key := getattr(item, "id", None), int)]
    return [*(row.id for row in rows), *unread]


def _belongs(row: PosInvoice, order: Tracked) -> bool:
    return row.order_id == order.kv_id if row.order_id is not None else row.order_code == order.code
