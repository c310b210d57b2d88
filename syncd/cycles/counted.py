"""What KiotViet's figures count of one order, as reads of its documents show it: the rest is pending."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from syncd.clock import Clock
from syncd.core import invoices, orders
from syncd.core.decisions import Gone
from syncd.core.lifecycle import State
from syncd.core.model import InvoiceStatus, OrderStatus, PosInvoice, PosOrder, WebOrder
from syncd.core.pending import UNCOUNTED
from syncd.core.products import Index
from syncd.core.records import Record
from syncd.core.returns import UNINVOICED
from syncd.cycles.reserve import Reserve
from syncd.store import Store


class Counted:
    """Notes in the store what stock may take for shown. Each method returns the record as it is afterwards."""

    def __init__(
        self, store: Store, reserve: Reserve, index: Callable[[], Index], clock: Clock, order: WebOrder
    ) -> None:
        """Nothing was read yet."""
        self._store, self._reserve, self._index, self._clock, self._order = store, reserve, index, clock, order

    def shows(self, document: PosOrder) -> bool:
        """Whether KiotViet's figures count the pieces of our order, as far as it tells by itself."""
        is_open = document.status not in UNCOUNTED and document.status is not OrderStatus.COMPLETED
        return is_open and not self._lacks_pieces(document)

    def see_order(self, record: Record, document: PosOrder) -> Record:
        """A read showed our KiotViet order; what it holds is known once its invoices were read too."""
        if self.shows(document):
            return record
        ended_whole = document.status is OrderStatus.COMPLETED and not self._lacks_pieces(document)
        return record if ended_whole else self._gone()

    def see_invoices(self, record: Record, document: PosOrder | Gone | None, shown: Sequence[PosInvoice]) -> Record:
        """A read showed the order's invoices, and before it the order."""
        record = self._miss(record, shown) if self._order.cancelled_at is None else self._take_back(record, shown)
        if not isinstance(document, PosOrder):
            return record
        if document.status is not OrderStatus.COMPLETED:
            return self._reopened(record, document, shown) if self.shows(document) else record
        # an order that people ended reserves nothing any more: KiotViet counts just what its invoices hold
        if invoices.is_billed(document, invoices.alive(shown)) and not self._lacks_pieces(document):
            return self._again(record, document)
        return self._gone()

    def _take_back(self, record: Record, shown: Sequence[PosInvoice]) -> Record:
        """Of a cancelled web order nobody has anything: whoever voids its invoice has the goods back.

        A completed one may have been cancelled after people had voided its invoices, or some of them.
        """
        if record.state is not State.COMPLETED:
            return record
        alive = {invoice.id for invoice in invoices.alive(shown)}
        missed = [known for known in record.live_invoices if known.seen_seq is None and known.id not in alive]
        for known in missed:
            self._store.orders.invoice_voided(
                self._order.id, known.shipment_id, known.code, self._clock.now(), for_good=True
            )
        return self._fresh() if missed else record

    def _miss(self, record: Record, shown: Sequence[PosInvoice]) -> Record:
        """What no live invoice stands for any more is on KiotViet's shelf again, while Haravan's buyer has it.

        Whatever becomes of the KiotViet order: a live invoice that we do not know may be the one that took its place.
        """
        live = {invoice.id for invoice in shown if invoice.status is not InvoiceStatus.CANCELLED}
        known = {invoice.id for invoice in record.invoices}
        gone = [i.shipment_id for i in record.live_invoices if i.id not in live and i.seen_seq is not None]
        if not gone or not live <= known:
            return record
        self._store.orders.invoices_gone(self._order.id, gone, self._clock.now())
        return self._fresh()

    def _reopened(self, record: Record, document: PosOrder, shown: Sequence[PosInvoice]) -> Record:
        """An open order reserves its pieces, unless an invoice of it was voided, ours or people's: then it may not."""
        voids = sum(invoice.status is InvoiceStatus.CANCELLED for invoice in shown)
        untouched = not voids and all(invoice.is_live and invoice.seen_seq is not None for invoice in record.invoices)
        if record.order is None or record.order.seen_seq is None:
            return self._again(record, document, voids) if untouched or self._reserve.covers(document) else record
        if voids <= record.order.voids or document.status not in UNINVOICED:
            return record
        if not self._reserve.covers(document):
            return self._gone()
        self._store.orders.note_voids(self._order.id, voids)
        return self._fresh()

    def _again(self, record: Record, document: PosOrder, voids: int = 0) -> Record:
        """KiotViet had denied our order for a while, or had it smaller: from now on its figures count it again."""
        if record.order is None or record.order.seen_seq is not None:
            return record
        now, event = self._clock.now(), "order_seen_again"
        self._store.orders.order_shown(
            self._order.id, document, record.lines_digest, event, record.state, now, voids=voids
        )
        return self._fresh()

    def _lacks_pieces(self, document: PosOrder) -> bool:
        return invoices.lacks_pieces(document, self._order, orders.links_of(self._order, self._index()))

    def _gone(self) -> Record:
        self._store.orders.order_gone(self._order.id, self._clock.now())
        return self._fresh()

    def _fresh(self) -> Record:
        record = self._store.orders.record(self._order.id)
        assert record is not None, f"order {self._order.id} vanished from the store"
        return record
