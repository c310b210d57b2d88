"""What people did to our documents in KiotViet: noticed before every write, reported, never fought.

A document that a person made or changed and that still says what Haravan says is taken as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from syncd.core import documents, invoices, shipping
from syncd.core.decisions import Search, Stop, View
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
        return _edited(text("order_cancelled", code=code, order=order.number), record)
    if document.status is OrderStatus.UNKNOWN:
        status = document.status_text
        return _edited(text("order_status_unknown", code=code, order=order.number, status=status), record)
    links = links_of(order, index)
    shown = invoices.alive(view.invoices or ())
    return (
        _twin(order, record, view.search)
        or _order_edited(order, record, document, links)
        or _invoices_edited(order, record, document, shown, alive, links)
    )


def judge_document(
    order: WebOrder, record: Record, document: PosOrder, search: Search | None, index: Index
) -> Stop | None:
    """Whether a KiotViet order that was just made or found must be held: a twin, or not what Haravan says."""
    return _twin(order, record, search) or _order_edited(order, record, document, links_of(order, index))


def judge_invoice(
    order: WebOrder, record: Record, invoice: PosInvoice, shipment: Shipment, index: Index
) -> Stop | None:
    """Whether an invoice that was just made says otherwise than its shipment."""
    return _invoice_differs(order, record, invoice, shipment, shipping.live(order), links_of(order, index))


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
    shown: list[PosInvoice],
    alive: tuple[Shipment, ...],
    links: Mapping[int, Link],
) -> Stop | None:
    former = _of_former_shipment(order, record, shown, alive)
    if former is not None:
        return former
    matching = invoices.match(alive, shown, record, links)
    if matching.strangers:
        return _edited(text("invoice_strange", code=matching.strangers[0].code, order=order.number), record)
    if not shown and document.status is OrderStatus.COMPLETED:
        return _completed_without_invoice(order, record, document)
    odd = next((i for i in shown if i.status in (InvoiceStatus.UNDELIVERED, InvoiceStatus.UNKNOWN)), None)
    if odd is not None:
        what = text("invoice_status_odd", code=odd.code, order=order.number, status=odd.status_text)
        return _edited(what, record)
    lost = next((ref for ref in record.invoices if not matching.by_shipment.get(ref.shipment_id)), None)
    if lost is not None:
        return _edited(text("invoice_cancelled", code=lost.code, order=order.number), record)
    return _invoice_content(order, record, alive, matching, links)


def _of_former_shipment(
    order: WebOrder, record: Record, shown: list[PosInvoice], alive: tuple[Shipment, ...]
) -> Stop | None:
    """A live invoice of a shipment that was cancelled before we had seen the invoice: never taken for another one's."""
    kept = {code for shipment in alive for code in invoices.codes(shipment, record)}
    gone = [shipment for shipment in order.shipments if shipment not in alive]
    former = {code for shipment in gone for code in invoices.codes(shipment, record)} - kept
    mine = next((i for i in shown if i.delivery is not None and i.delivery.code in former), None)
    if mine is None:
        return None
    reason = text("invoice_of_cancelled_shipment", order=order.number, code=mine.code)
    return Stop("cancelled_after_shipping", reason, record.state)


def _completed_without_invoice(order: WebOrder, record: Record, document: PosOrder) -> Stop:
    if any(intent.operation == "create_invoice" for intent in record.intents):
        return Stop("outcome_unknown", text("invoice_not_seen", code=document.code, order=order.number), record.state)
    return _edited(text("completed_without_invoice", code=document.code, order=order.number), record)


def _invoice_content(
    order: WebOrder, record: Record, alive: tuple[Shipment, ...], matching: invoices.Matching, links: Mapping[int, Link]
) -> Stop | None:
    for shipment in alive:
        mine = matching.by_shipment[shipment.id]
        if len(mine) > 1:
            codes = ", ".join(invoice.code for invoice in mine[1:])
            twin = text("twin_invoice", order=order.number, kept=mine[0].code, others=codes)
            return Stop("duplicate_in_kiotviet", text("then_retry", what=twin), record.state)
        differing = _invoice_differs(order, record, mine[0], shipment, alive, links) if mine else None
        if differing is not None:
            return differing
    return None


def _invoice_differs(
    order: WebOrder,
    record: Record,
    invoice: PosInvoice,
    shipment: Shipment,
    alive: tuple[Shipment, ...],
    links: Mapping[int, Link],
) -> Stop | None:
    """An invoice that nobody touched and that holds the right pieces has a wrong total; any other one was edited."""
    drafts = documents.shipment_drafts(order, alive, links) if all_linked(order, links) else {}
    difference = invoices.differs(invoice, shipment, drafts.get(shipment.id), links)
    if difference is None:
        return None
    what = text("invoice_differs", code=invoice.code, order=order.number, difference=difference)
    if invoices.same_pieces(invoice, shipment, links) and _is_untouched(invoice, record):
        return Stop("total_mismatch", text("correct_it", what=what), record.state)
    return _edited(what, record)


def _edited(what: Text, record: Record) -> Stop:
    return Stop("edited_in_kiotviet", text("edited", what=what), record.state)
