"""The full comparison of documents: each open order's order and invoices against KiotViet's whole lists.

The watch sees what changes; this sees what no list of changes has shown. What differs is marked as news, so that the
orders cycle decides about it from the documents themselves, and is remembered with what became of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from syncd.clients.pages import ListQuery, Page
from syncd.clients.scans import Scan, scan_back
from syncd.clock import Clock
from syncd.core import documents, news
from syncd.core.events import order_field
from syncd.core.model import OrderStatus, PosInvoice, PosOrder
from syncd.core.texts import Say, Text, text
from syncd.cycles.ports import KiotViet
from syncd.cycles.twins import CODE as TWIN
from syncd.cycles.twins import TwinWatch
from syncd.errors import IncompleteScan, NotFound
from syncd.logs import get_logger
from syncd.store import Store
from syncd.store.drifts import DOCUMENT, Drift
from syncd.store.rows import OpenDocuments

CHANGED, STATUS, GONE, STRANGER, STRANGE_INVOICE = "changed", "status_differs", "gone", "stranger", "strange_invoice"

_CLOCKS_MAY_DIFFER = timedelta(hours=1)
_DEEPEST = timedelta(days=31)
_RECENT = timedelta(days=2)
_ROWS_PER_CALL = 100
_SECONDS_PER_CALL = 60.0
_AGAIN_AFTER = timedelta(hours=24)
_D = TypeVar("_D", bound=PosOrder | PosInvoice)
_log = get_logger()


@dataclass(frozen=True, slots=True)
class Difference:
    """What KiotViet shows of an order that is not as remembered.

    `found` is what it shows, `expected` what was remembered, as far as words can say it.
    """

    haravan_id: int
    number: str
    code: str
    found: str
    expected: str
    why: Text


@dataclass(frozen=True, slots=True)
class Compared:
    """One full comparison: how many orders were compared, and what differed."""

    orders: int
    differences: tuple[Difference, ...]


class DocumentAudit:
    """Compares, marks and remembers; decides nothing."""

    def __init__(self, kiotviet: KiotViet, store: Store, twins: TwinWatch, clock: Clock, say: Say) -> None:
        """Read nothing yet; `say` says a sentence in the shop's language."""
        self._kiotviet, self._store, self._twins = kiotviet, store, twins
        self._clock, self._say = clock, say
        self._due_at = 0.0

    def compare(self, *, deep: bool) -> Compared | None:
        """Compare open orders with KiotViet's lists, and mark what differs as news.

        With `deep` all of them. Else those of the last days, for the lists hold each counter sale too; the others are
        looked at one by one. None when the last comparison took so many calls that it is too early for another.

        Raises:
            Transient, AuthError: KiotViet could not be read to the end; nothing was concluded.
        """
        passed, oldest = self._clock.monotonic(), self._clock.now() - (_DEEPEST if deep else _RECENT)
        if not deep and passed < self._due_at:
            return None
        known = [one for one in self._store.orders.open_documents() if deep or one.created_at >= oldest]
        if not known:
            return Compared(0, ())
        until = max(known[0].created_at, oldest) - _CLOCKS_MAY_DIFFER
        orders = self._whole(scan_back(self._orders, _id, _created, until))
        invoices = self._whole(scan_back(self._invoices, _id, _created, until))
        calls = (len(orders.rows) + len(invoices.rows)) / _ROWS_PER_CALL
        self._due_at = passed + calls * _SECONDS_PER_CALL
        found = [
            *self._of_orders(known, orders),
            *self._of_invoices(known, invoices),
            *self._strangers(orders),
            *self._strange_invoices(known, invoices),
        ]
        if found:
            self._store.orders.mark_news(dict.fromkeys(one.haravan_id for one in found))
        return Compared(len(known), tuple(found))

    def keep(self, compared: Compared) -> tuple[Drift, ...]:
        """What differed and what became of it, once the orders were handled; each is remembered once a day."""
        now = self._clock.now()
        drifts = tuple(self._drift(one, now) for one in compared.differences)
        told = {_key(drift) for drift in self._store.drifts.since(now - _AGAIN_AFTER) if drift.kind == DOCUMENT}
        fresh = [drift for drift in drifts if _key(drift) not in told]
        self._store.drifts.keep(fresh, now)
        for drift in fresh:
            _log.warning(
                "document_differs",
                order=order_field(drift.subject),
                haravan_id=drift.haravan_id,
                code=drift.code,
                repaired=drift.repaired,
            )
        return drifts

    def _whole(self, scan: Scan[_D]) -> Scan[_D]:
        if scan.why is not None:
            raise IncompleteScan(self._say(text("documents_not_compared", why=scan.why)))
        return scan

    def _drift(self, one: Difference, now: datetime) -> Drift:
        record = self._store.orders.record(one.haravan_id)
        held = None if record is None else record.hold
        repaired = record is not None and held is None and not record.kiotviet_news and not record.intents
        outcome = text("document_held", why=held.reason) if held is not None else _outcome(repaired=repaired)
        return Drift(
            at=now,
            kind=DOCUMENT,
            subject=one.number,
            found=one.found,
            expected=one.expected,
            code=one.code,
            sentence=self._say(text("document_differs", what=one.why, outcome=outcome)),
            repaired=repaired,
            haravan_id=one.haravan_id,
        )

    def _of_orders(self, known: Sequence[OpenDocuments], scan: Scan[PosOrder]) -> Iterator[Difference]:
        rows, unread = {row.id: row for row in scan.rows}, {bad.id for bad in scan.bad}
        for mine in known:
            if mine.order.kv_id in unread or not mine.order.said:
                continue
            row = rows.get(mine.order.kv_id) or self._by_id(self._kiotviet.order, mine.order.kv_id)
            if row is None:
                yield _gone(mine, mine.order.code)
            elif news.of_order(row, mine.order):
                yield _differs(mine, row, mine.order.said)

    def _of_invoices(self, known: Sequence[OpenDocuments], scan: Scan[PosInvoice]) -> Iterator[Difference]:
        rows, unread = {row.id: row for row in scan.rows}, {bad.id for bad in scan.bad}
        for mine in known:
            for invoice in mine.invoices.values():
                if invoice.id in unread or not invoice.said:
                    continue
                row = rows.get(invoice.id) or self._by_id(self._kiotviet.invoice, invoice.id)
                if row is None:
                    yield _gone(mine, invoice.code)
                elif news.of_invoice(row, invoice.said):
                    yield _differs(mine, row, invoice.said)

    def _strangers(self, scan: Scan[PosOrder]) -> Iterator[Difference]:
        """Orders that we do not know and that carry our marker: copies, or what people merged ours into."""
        known = {order.kv_id for order in self._store.orders.tracked(kv_ids=[row.id for row in scan.rows])}
        for row in scan.rows:
            if row.id in known or row.status is OrderStatus.CANCELLED:
                continue
            for haravan_id in documents.order_ids_in(row.description):
                yield from self._stranger(row, haravan_id)

    def _stranger(self, row: PosOrder, haravan_id: int) -> Iterator[Difference]:
        record = self._store.orders.record(haravan_id)
        if record is None or record.order is None or record.order.id == row.id or record.left_to_people:
            return
        if record.hold is not None and record.hold.code == TWIN:
            return
        ours = self._by_id(self._kiotviet.order, record.order.id)
        if ours is None or ours.status is OrderStatus.CANCELLED:
            return
        both = sorted((ours, row), key=lambda order: (order.created_at, order.id))
        self._twins.tell(record, both, self._clock.now())
        why = text("document_stranger", document=row.code)
        yield Difference(haravan_id, record.number, STRANGER, _shown(row), record.order.code, why)

    def _strange_invoices(self, known: Sequence[OpenDocuments], scan: Scan[PosInvoice]) -> Iterator[Difference]:
        """Invoices that we did not make, of open orders that we did."""
        ours = self._store.orders.tracked_invoices([row.id for row in scan.rows])
        by_id = {mine.order.kv_id: mine for mine in known}
        by_code = {mine.order.code: mine for mine in known}
        for row in scan.rows:
            mine = by_id.get(row.order_id) if row.order_id is not None else by_code.get(row.order_code)
            if mine is None or row.id in ours or not news.of_strange_invoice(row, mine.order):
                continue
            why = text("document_strange_invoice", document=row.code)
            yield Difference(mine.order.haravan_id, mine.number, STRANGE_INVOICE, _shown(row), mine.order.code, why)

    def _by_id(self, read: Callable[[int], _D], document_id: int) -> _D | None:
        """A document that the list does not show, read by itself: lists may hide cancelled ones and new ones."""
        try:
            return read(document_id)
        except NotFound:
            return None

    def _orders(self, offset: int) -> Page[PosOrder]:
        return self._kiotviet.orders_page(_newest_first(offset))

    def _invoices(self, offset: int) -> Page[PosInvoice]:
        return self._kiotviet.invoices_page(_newest_first(offset))


def _newest_first(offset: int) -> ListQuery:
    return ListQuery(offset=offset, order_by="createdDate", descending=True, low_priority=True)


def _id(row: PosOrder | PosInvoice) -> int:
    return row.id


def _created(row: PosOrder | PosInvoice) -> datetime:
    return row.created_at


def _gone(mine: OpenDocuments, code: str) -> Difference:
    why = text("document_gone", document=code)
    return Difference(mine.order.haravan_id, mine.number, GONE, "", code, why)


def _differs(mine: OpenDocuments, row: PosOrder | PosInvoice, said: str) -> Difference:
    content, _, status = said.partition(":")
    key = mine.order.haravan_id, mine.number
    if documents.said(row).partition(":")[0] != content:
        return Difference(*key, CHANGED, _shown(row), row.code, text("document_changed", document=row.code))
    why = text("document_status", document=row.code, status=row.status_text)
    return Difference(*key, STATUS, _shown(row), f"{row.code} ({status})", why)


def _shown(row: PosOrder | PosInvoice) -> str:
    return f"{row.code} ({row.status_text})"


def _outcome(*, repaired: bool) -> Text:
    return text("document_taken_up") if repaired else text("document_waits")


def _key(drift: Drift) -> tuple[int | None, str, str]:
    return drift.haravan_id, drift.code, drift.found
