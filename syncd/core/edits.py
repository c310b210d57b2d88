"""What people did to our documents in KiotViet: noticed before every write, reported, never fought.

A document that a person made or changed and that still says what Haravan says is taken as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal

from syncd.core import invoices, returns, shipping
from syncd.core.decisions import Search, Stop, View
from syncd.core.lifecycle import State
from syncd.core.model import InvoiceStatus, OrderStatus, PosInvoice, PosOrder, Shipment, WebOrder
from syncd.core.products import Index, Link, link_of
from syncd.core.records import Record
from syncd.core.texts import Text, text

# KiotViet may stamp a document as modified while it makes it.
_STILL_NEW = timedelta(seconds=5)


def touched(order: WebOrder, record: Record, view: View, alive: tuple[Shipment, ...], index: Index) -> Stop | None:
    """Whether a person changed our documents in KiotViet, so that writing on would fight them.

    Args:
        order: The Haravan order.
        record: What is remembered of it.
        view: KiotViet's order and invoices, both read.
        alive: The order's live shipments, oldest first.
        index: The product links.
    """
    code = record.order.code if record.order else ""
    document = view.order
    if not isinstance(document, PosOrder):
        return _edited(text("order_gone", code=code, order=order.number), record)
    if document.status is OrderStatus.CANCELLED:
        return _cancelled_there(order, record, document, view.search)
    if document.status is OrderStatus.UNKNOWN:
        status = document.status_text
        return _edited(text("order_status_unknown", code=code, order=order.number, status=status), record)
    links = links_of(order, index)
    return (
        _twin(order, record, view.search)
        or _order_edited(order, record, document, links)
        or _invoices_edited(order, record, document, view.invoices or (), alive, links)
    )


def _cancelled_there(order: WebOrder, record: Record, document: PosOrder, search: Search | None) -> Stop:
    """Our KiotViet order is cancelled while Haravan goes on: by people, or by us when the goods had come back."""
    code = document.code
    others = [
        o for o in (search.found if search else ()) if o.id != document.id and o.status is not OrderStatus.CANCELLED
    ]
    if others:
        into = ", ".join(o.code for o in others)
        return _edited(text("order_merged", code=code, order=order.number, into=into), record)
    if record.state is State.RETURNED:
        return Stop("returned", text("shipped_after_return", code=code, order=order.number), record.state)
    return _edited(text("order_cancelled", code=code, order=order.number), record)


def judge_document(
    order: WebOrder, record: Record, document: PosOrder, search: Search | None, index: Index
) -> Stop | None:
    """Whether a KiotViet order that was just made or found must be held: a twin, or not what Haravan says."""
    return _twin(order, record, search) or _order_edited(order, record, document, links_of(order, index))


def judge_invoice(
    order: WebOrder, record: Record, invoice: PosInvoice, shipment: Shipment, expected: Decimal, index: Index
) -> Stop | None:
    """Whether an invoice that was just made says otherwise than its shipment, or does not come to `expected`."""
    difference = invoices.differs(invoice, shipment, expected, links_of(order, index))
    if difference is None:
        return None
    return _differing(order, record, invoice, shipment, difference, links_of(order, index))


def links_of(order: WebOrder, index: Index) -> dict[int, Link]:
    """The links of an order's lines by line id, those that there are."""
    found = {line.id: link_of(line, index) for line in order.lines if line.quantity > 0}
    return {line_id: link for line_id, link in found.items() if isinstance(link, Link)}


def all_linked(order: WebOrder, links: Mapping[int, Link]) -> bool:
    """Whether every line that counts has its product."""
    return all(line.id in links for line in order.lines if line.quantity > 0)


def _twin(order: WebOrder, record: Record, search: Search | None) -> Stop | None:
    found = search.found if search is not None else ()
    alive = sorted((o for o in found if o.status is not OrderStatus.CANCELLED), key=lambda o: (o.created_at, o.id))
    if len(alive) < 2:
        return None
    codes = ", ".join(o.code for o in alive[1:])
    twin = text("twin", order=order.number, kept=alive[0].code, others=codes)
    return Stop("duplicate_in_kiotviet", text("then_retry", what=twin), record.state)


def _order_edited(order: WebOrder, record: Record, document: PosOrder, links: Mapping[int, Link]) -> Stop | None:
    difference = invoices.order_differs(document, order, links)
    if difference is None:
        return None
    code, number = document.code, order.number
    if _is_untouched(document, record) and difference == invoices.total_differs(document, order):
        what = text("order_differs", code=code, order=number, difference=difference)
        return Stop("total_mismatch", text("correct_it", what=what), record.state)
    return _edited(text("order_changed", code=code, order=number, difference=difference), record)


def _is_untouched(document: PosOrder | PosInvoice, record: Record) -> bool:
    """Whether what a document says is what KiotViet made of our own words."""
    if record.hold is not None and record.hold.code == "total_mismatch":
        return True
    return document.modified_at is None or document.modified_at - document.created_at <= _STILL_NEW


def _invoices_edited(
    order: WebOrder,
    record: Record,
    document: PosOrder,
    seen: Sequence[PosInvoice],
    alive: tuple[Shipment, ...],
    links: Mapping[int, Link],
) -> Stop | None:
    shown = invoices.alive(seen)
    voided = [invoice for invoice in seen if invoice.status is InvoiceStatus.CANCELLED]
    matching = invoices.match(alive, shown, record, links, former=returns.former(order, record))
    if matching.strangers:
        return _edited(text("invoice_strange", code=matching.strangers[0].code, order=order.number), record)
    lost = next((ref for ref in record.live_invoices if not matching.by_shipment.get(ref.shipment_id)), None)
    if lost is not None:
        return _edited(text("invoice_cancelled", code=lost.code, order=order.number), record)
    if not shown and document.status is OrderStatus.COMPLETED:
        return _completed_without_invoice(order, record, document, voided)
    odd = next((i for i in shown if i.status in (InvoiceStatus.UNDELIVERED, InvoiceStatus.UNKNOWN)), None)
    if odd is not None:
        what = text("invoice_status_odd", code=odd.code, order=order.number, status=odd.status_text)
        return _edited(what, record)
    return _invoice_content(order, record, alive, matching, links)


def _completed_without_invoice(
    order: WebOrder, record: Record, document: PosOrder, voided: Sequence[PosInvoice]
) -> Stop | None:
    former = {code for key in returns.former(order, record) for code in returns.codes_of(order, record, key)}
    if any(invoices.delivery_code_of(invoice) in former for invoice in voided):
        # the invoice was voided for good reason and KiotViet left the order as it was: it says itself what it takes now
        return None
    if any(intent.operation == "create_invoice" for intent in record.intents):
        return Stop("outcome_unknown", text("invoice_not_seen", code=document.code, order=order.number), record.state)
    return _edited(text("completed_without_invoice", code=document.code, order=order.number), record)


def _invoice_content(
    order: WebOrder, record: Record, alive: tuple[Shipment, ...], matching: invoices.Matching, links: Mapping[int, Link]
) -> Stop | None:
    linked = all_linked(order, links)
    expected = invoices.expected_totals(order, alive, record, links) if linked else {}
    trusted = linked and invoices.adds_up(order, alive, matching, links)
    for shipment in alive:
        mine = matching.by_shipment[shipment.id]
        if len(mine) > 1:
            codes = ", ".join(invoice.code for invoice in mine[1:])
            twin = text("twin_invoice", order=order.number, kept=mine[0].code, others=codes)
            return Stop("duplicate_in_kiotviet", text("then_retry", what=twin), record.state)
        if not mine:
            continue
        total = None if trusted and record.invoice_of(shipment.id) is None else expected.get(shipment.id)
        difference = invoices.differs(mine[0], shipment, total, links)
        if difference is not None:
            return _differing(order, record, mine[0], shipment, difference, links)
        early = _completed_early(order, record, mine[0], shipment)
        if early is not None:
            return early
    return None


def _differing(
    order: WebOrder,
    record: Record,
    invoice: PosInvoice,
    shipment: Shipment,
    difference: Text,
    links: Mapping[int, Link],
) -> Stop:
    """An invoice that nobody touched and that holds the right pieces has a wrong total; any other one was edited."""
    what = text("invoice_differs", code=invoice.code, order=order.number, difference=difference)
    if invoices.same_pieces(invoice, shipment, links) and _is_untouched(invoice, record):
        return Stop("total_mismatch", text("correct_it", what=what), record.state)
    return _edited(what, record)


def _completed_early(order: WebOrder, record: Record, invoice: PosInvoice, shipment: Shipment) -> Stop | None:
    """People completed our invoice before Haravan shows goods and money where they belong."""
    known = record.invoice_of(shipment.id)
    ours = known is not None and known.id == invoice.id and known.state != InvoiceStatus.COMPLETED
    if not ours or invoice.status is not InvoiceStatus.COMPLETED or shipping.paid_off(order, shipment):
        return None
    if record.intent("complete_invoice", shipment.id) is not None:
        return None
    return _edited(text("invoice_completed_early", code=invoice.code, order=order.number), record)


def _edited(what: Text, record: Record) -> Stop:
    return Stop("edited_in_kiotviet", text("edited", what=what), record.state, what)
