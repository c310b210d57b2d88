"""Which products' stock may have moved in KiotViet: named by the documents that move it.

The change filter of the stock list does not see sales (observed), so the documents say where to look: invoices, orders,
returns, transfers and purchases. What they say about pieces is never computed with; the products are read again.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from syncd.clients.pages import ListQuery, Page
from syncd.clients.scans import Scan
from syncd.clock import Clock
from syncd.core import documents, news, pace
from syncd.core.model import InvoiceStatus, OrderStatus, PosInvoice, PosOrder, PosReturn, StockSlip
from syncd.core.pending import UNCOUNTED
from syncd.core.records import Tracked
from syncd.core.texts import text
from syncd.cycles.feed import D, SharedFeed
from syncd.cycles.ports import KiotViet
from syncd.cycles.watch import DocumentFeeds
from syncd.errors import AuthError, Message, RateLimited, Rejected, Transient
from syncd.logs import get_logger
from syncd.store import Store

READER = "stock"
_SLIPS_SECONDS = 180.0
_SLIPS_IDLE_SECONDS = 240.0
_REST_SECONDS = 600.0
_PROBE_SECONDS = 60.0
_MOST_REMEMBERED = 20_000
_log = get_logger()

Named = dict[int, str]
"""By KiotViet product id: the code of a document that moved its stock."""


_FEEDS = {"orders": "feed_orders", "invoices": "feed_invoices", "returns": "feed_returns"}


@dataclass(frozen=True, slots=True)
class MoveFeeds:
    """The lists of documents that move stock; those of orders are shared with the orders' own watch."""

    documents: DocumentFeeds
    returns: SharedFeed[PosReturn]


class Moves:
    """Follows the documents and names each product once per change of a document that holds it."""

    def __init__(
        self, kiotviet: KiotViet, store: Store, feeds: MoveFeeds, clock: Clock, *, limit: Callable[[], int]
    ) -> None:
        """Read nothing yet; `limit` tells how many GETs the hour has."""
        self._kiotviet, self._store, self._feeds, self._clock, self._limit = kiotviet, store, feeds, clock, limit
        self._told: dict[tuple[str, int], tuple[str, tuple[int, ...]]] = {}
        self._slips_seen: set[str] = set()
        self._due_at: dict[str, float] = {}
        self._kept = Named()
        self.failures: list[Message] = []

    def look(self, *, idle: bool = False) -> Named:
        """The products of every document that is new or changed, and what could not be read in `failures`.

        A list that cannot be read names nothing and stops nothing: the sweep finds what it would have named.

        Raises:
            RateLimited: KiotViet says wait, or no GET is left.
        """
        self.failures, named, self._kept = [], self._kept, Named()
        try:
            self._follow_all(named, idle=idle)
        except RateLimited:
            self._kept = named
            raise
        return named

    def _follow_all(self, named: Named, *, idle: bool) -> None:
        feeds = self._feeds.documents
        pause = pace.feed_pause(self._limit(), 4, 0.0)
        self._follow("invoices", pause, lambda: self._invoices(feeds.invoices), named)
        self._follow("orders", pause, lambda: self._orders(feeds.orders), named)
        pause = pace.feed_pause(self._limit(), 3, _SLIPS_IDLE_SECONDS if idle else _SLIPS_SECONDS)
        self._follow("returns", pause, lambda: self._returns(self._feeds.returns), named)
        self._follow("transfers", pause, lambda: self._slips("transfers", self._kiotviet.transfers_page), named)
        self._follow("purchases", pause, lambda: self._slips("purchases", self._kiotviet.purchases_page), named)
        for key in list(self._told)[: max(0, len(self._told) - _MOST_REMEMBERED)]:
            del self._told[key]

    def _follow(self, name: str, pause: float, read: Callable[[], Named], named: Named) -> None:
        """One list, if its time has come. One that is refused (no permission, a feature off) rests for a while."""
        now = self._clock.monotonic()
        if now < self._due_at.get(name, -math.inf):
            return
        self._due_at[name] = now + pause
        try:
            for product_id, code in read().items():
                named.setdefault(product_id, code)
        except RateLimited:
            raise
        except (AuthError, Rejected) as error:
            self._due_at[name] = now + (_PROBE_SECONDS if isinstance(error, AuthError) else _REST_SECONDS)
            _log.warning("stock_feed_refused", feed=name, error=error)
        except Transient as error:
            self._due_at[name] = now
            self._tell(name, error.message)

    def _invoices(self, feed: SharedFeed[PosInvoice]) -> Named:
        scan = feed.read(READER)
        known = self._store.orders.tracked_invoices(row.id for row in scan.rows)
        strange = [row for row in scan.rows if row.id not in known or news.of_invoice(row, known[row.id][1])]
        voided = (row.id for row in strange if row.id in known and row.status is InvoiceStatus.CANCELLED)
        self._store.orders.invoices_voided_by_hand(voided, self._clock.now())
        return self._named("invoices", scan, strange)

    def _orders(self, feed: SharedFeed[PosOrder]) -> Named:
        scan = feed.read(READER)
        ours: dict[int, Tracked] = {
            order.kv_id: order for order in self._store.orders.tracked(kv_ids=[row.id for row in scan.rows])
        }
        strange = [row for row in scan.rows if row.id not in ours or news.of_order(row, ours[row.id])]
        for row in strange:
            known = ours.get(row.id)
            if known is not None and (row.status in UNCOUNTED or _may_hold_less(row, known)):
                # the figures may lack it from now on, and the orders' own watch may look later than we do
                self._store.orders.order_gone(known.haravan_id, self._clock.now())
        return self._named("orders", scan, strange)

    def _returns(self, feed: SharedFeed[PosReturn]) -> Named:
        scan = feed.read(READER)
        return self._named("returns", scan, scan.rows)

    def _named(self, kind: str, scan: Scan[D], rows: Iterable[PosOrder | PosInvoice | PosReturn]) -> Named:
        """The products of these documents, and of what they held before.

        Our own documents, as long as nobody changed them, are not among the rows: what they take is pending until the
        next reading shows it, so the figure to publish stays the same.
        """
        named = Named()
        for row in rows:
            products = tuple(dict.fromkeys(line.product_id for line in row.lines))
            self._note(kind, row.id, row.code, _said(row), products, named)
        if scan.why is not None:
            self._tell(kind, text("kiotviet_feed_incomplete", feed=text(_FEEDS[kind]), why=scan.why))
        return named

    def _tell(self, name: str, problem: Message) -> None:
        """Sales are in two of the lists: only these make the cycle a failed one; the sweep finds the others' moves."""
        if name in ("invoices", "orders"):
            self.failures.append(problem)
        else:
            _log.warning("stock_feed_not_read", feed=name, error=str(problem))

    def _slips(self, kind: str, page: Callable[[ListQuery], Page[StockSlip]]) -> Named:
        """The newest page, compared with what it showed last time: these lists have no filter that can be trusted."""
        rows = page(ListQuery(order_by="createdDate", descending=True)).rows
        named = Named()
        for slip in rows:
            self._note(kind, slip.id, slip.code, slip.said, slip.products, named)
        if kind in self._slips_seen:
            return named
        self._slips_seen.add(kind)
        return Named()

    def _note(self, kind: str, row_id: int, code: str, said: str, products: tuple[int, ...], named: Named) -> None:
        before = self._told.get((kind, row_id))
        if before is None or before[0] != said:
            for product_id in dict.fromkeys((*products, *(before[1] if before else ()))):
                named.setdefault(product_id, code)
        self._told.pop((kind, row_id), None)
        self._told[kind, row_id] = (said, products)


def _may_hold_less(row: PosOrder, known: Tracked) -> bool:
    """Whether people changed what an order of ours holds, or ended it ("Kết thúc") with something not invoiced."""
    ended = row.status is OrderStatus.COMPLETED and not known.whole
    return ended or not documents.same_content(documents.said(row), known.said)


def _said(row: PosOrder | PosInvoice | PosReturn) -> str:
    """What matters of a document to the stock: it changes with every edit that could move some."""
    if isinstance(row, PosReturn):
        pieces = " ".join(f"{line.product_id}:{line.quantity}" for line in row.lines)
        return f"{row.done} {row.modified_at} {pieces}"
    return f"{row.modified_at} {documents.said(row)}"
