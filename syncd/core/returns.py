"""Goods that come back: which invoices must go, by whose hand, and when nothing of an order is left open.

What is left open after a void is read, never computed: what KiotViet does to the order of a voided invoice is not
documented. With `on_return: hold` people do it and syncd sees it done; an invoice that is settled is always theirs.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from syncd.core import documents, invoices, shipping
from syncd.core.decisions import (
    AdoptInvoice,
    CancelOrder,
    Decision,
    Gone,
    NoteVoided,
    ProveAbsent,
    Settle,
    Stop,
    View,
    VoidInvoice,
)
from syncd.core.lifecycle import State
from syncd.core.model import CarrierStatus, InvoiceStatus, OrderStatus, PosInvoice, PosOrder, WebOrder
from syncd.core.policy import OrderPolicy
from syncd.core.products import Link
from syncd.core.records import Record
from syncd.core.shipping import Stage
from syncd.core.texts import Text, text

_CLOSED = frozenset({OrderStatus.COMPLETED, OrderStatus.CANCELLED})
UNINVOICED = frozenset({OrderStatus.DRAFT, OrderStatus.CONFIRMED})
OPEN = UNINVOICED | {OrderStatus.PARTLY_INVOICED}


@dataclass(frozen=True, slots=True)
class Cause:
    """Why goods come back: the code and finding of a hold, and the state that the order is in meanwhile."""

    code: str
    what: Text
    state: State


def came_back(order: WebOrder) -> bool:
    """Whether every piece of the order was shipped and is back in the shop."""
    alive = shipping.live(order)
    back = [shipment for shipment in alive if shipping.stage_in(order, shipment) is Stage.BACK]
    return bool(back) and len(back) == len(alive) and documents.is_covered(order, back)


def former(order: WebOrder, record: Record) -> tuple[int, ...]:
    """Shipments that must have no live invoice: cancelled, vanished or brought back, or all of a cancelled order."""
    kept = {s.id for s in shipping.live(order) if shipping.stage_in(order, s) is not Stage.BACK}
    if order.cancelled_at is not None:
        kept = set()
    known = [shipment.id for shipment in order.shipments] + [ref.shipment_id for ref in record.invoices]
    return tuple(dict.fromkeys(key for key in known if key not in kept))


def in_question(order: WebOrder, record: Record) -> bool:
    """Whether KiotViet may still have a live invoice of a shipment that should have none."""
    gone = former(order, record)
    asked = any(record.intent("create_invoice", key) is not None for key in gone)
    return asked or any(ref.shipment_id in gone for ref in record.live_invoices)


def cause_of(order: WebOrder, record: Record, shipment_id: int, code: str) -> Cause:
    """Why one shipment's goods come back while the order lives on."""
    shipment = next((s for s in order.shipments if s.id == shipment_id), None)
    state = State.SHIPPING if record.invoices else record.state
    if shipment is not None and shipment.carrier_status is not CarrierStatus.CANCEL:
        return Cause("returned", text("shipment_brought_back", order=order.number, codes=code), state)
    return Cause("cancelled_after_shipping", text("shipment_withdrawn", order=order.number, codes=code), state)


def reverse(
    order: WebOrder,
    record: Record,
    view: View,
    policy: OrderPolicy,
    links: dict[int, Link],
    whole: Cause | None = None,
) -> Decision | None:
    """The next step that rids former shipments of their invoices; None when KiotViet shows none of them.

    Args:
        order: The Haravan order.
        record: What is remembered of it.
        view: KiotViet's order and invoices, both read.
        policy: The shop's settings.
        links: order line id -> link, as far as there are.
        whole: Why the whole order comes back; None while only some of its shipments do.
    """
    gone = former(order, record)
    living = invoices.alive(view.invoices or ())
    for key, invoice in _owned(order, record, living, gone):
        cause = whole or cause_of(order, record, key, invoice.code)
        return _undo(order, record, invoice, key, cause, policy, links)
    shown = {invoice.id for invoice in living}
    dead = next((ref for ref in record.live_invoices if ref.shipment_id in gone and ref.id not in shown), None)
    if dead is not None:
        return NoteVoided(dead)
    doubt = next((key for key in gone if record.intent("create_invoice", key) is not None), None)
    return None if doubt is None else ProveAbsent("create_invoice", doubt)


def _owned(
    order: WebOrder, record: Record, living: list[PosInvoice], gone: Collection[int]
) -> list[tuple[int, PosInvoice]]:
    """Live invoices of former shipments: by what is remembered, else by a delivery code that is no living one's."""
    kept = {code for s in order.shipments if s.id not in gone for code in invoices.codes(s, record)}
    by_code = {code: key for key in gone for code in codes_of(order, record, key) - kept}
    by_id = {ref.id: ref.shipment_id for ref in record.live_invoices if ref.shipment_id in gone}
    owners = [(by_id.get(i.id) or by_code.get(invoices.delivery_code_of(i)), i) for i in living]
    return [(key, invoice) for key, invoice in owners if key is not None]


def codes_of(order: WebOrder, record: Record, shipment_id: int) -> set[str]:
    """Every delivery code that a shipment may have had, also one that Haravan does not show any more."""
    shipment = next((s for s in order.shipments if s.id == shipment_id), None)
    return invoices.codes_of(shipment_id, record) if shipment is None else invoices.codes(shipment, record)


def _undo(
    order: WebOrder,
    record: Record,
    invoice: PosInvoice,
    shipment_id: int,
    cause: Cause,
    policy: OrderPolicy,
    links: dict[int, Link],
) -> VoidInvoice | Stop:
    if policy.on_return == "hold":
        return Stop(cause.code, text("cancel_when_back", what=cause.what, codes=invoice.code), cause.state)
    if invoice.status is InvoiceStatus.COMPLETED:
        return Stop(cause.code, text("settled_before_return", what=cause.what, codes=invoice.code), cause.state)
    shipment = next((s for s in order.shipments if s.id == shipment_id), None)
    if shipment is not None and not invoices.same_pieces(invoice, shipment, links):
        what = text("invoice_strange", code=invoice.code, order=order.number)
        return Stop("edited_in_kiotviet", text("edited", what=what), record.state, what)
    return VoidInvoice(invoice, shipment_id)


def wind_up(
    order: WebOrder, record: Record, view: View, policy: OrderPolicy, links: dict[int, Link], cause: Cause
) -> Decision:
    """The next step for an order all of whose goods come back: no invoice, then no open order, then nothing."""
    step = _settled_before(order, record, view, links) or reverse(order, record, view, policy, links, cause)
    if step is not None:
        return step
    strange = next(iter(invoices.alive(view.invoices or ())), None)
    if strange is not None:
        what = text("invoice_strange", code=strange.code, order=order.number)
        return Stop("edited_in_kiotviet", text("edited", what=what), cause.state, what)
    if isinstance(view.order, Gone | None) or view.order.status in _CLOSED:
        return Settle(State.RETURNED, text("goods_back"))
    if view.order.status not in OPEN:
        what = text("order_status_unknown", code=view.order.code, order=order.number, status=view.order.status_text)
        return Stop("edited_in_kiotviet", text("edited", what=what), cause.state, what)
    if policy.on_return == "hold":
        return Stop(cause.code, text("cancel_when_back", what=cause.what, codes=view.order.code), cause.state)
    return CancelOrder(view.order, State.RETURNED)


def _settled_before(
    order: WebOrder, record: Record, view: View, links: dict[int, Link]
) -> AdoptInvoice | Settle | None:
    """An order whose every piece is on a settled invoice was completed before: then a return is a task for people.

    A store that was lost meanwhile does not remember that.
    """
    living = invoices.alive(view.invoices or ())
    if not living or any(invoice.status is not InvoiceStatus.COMPLETED for invoice in living):
        return None
    matching = invoices.match(order.shipments, living, record, links)
    owned = [(s, matching.by_shipment[s.id]) for s in order.shipments if matching.by_shipment[s.id]]
    plain = all(len(mine) == 1 and invoices.same_pieces(mine[0], s, links) for s, mine in owned)
    if matching.strangers or not plain or not documents.is_covered(order, [s for s, _ in owned]):
        return None
    for shipment, mine in owned:
        known = record.invoice_of(shipment.id)
        if known is None or (known.id, known.state) != (mine[0].id, mine[0].status):
            return AdoptInvoice(mine[0], shipment)
    return Settle(State.COMPLETED, text("all_settled"))


def left_open(order: WebOrder, document: PosOrder) -> Stop | None:
    """What came back of an order whose other shipments are done stays open in KiotViet until people end the order."""
    if document.status not in OPEN:
        return None
    reason = text("end_the_order", order=order.number, code=document.code)
    return Stop("returned", reason, State.SHIPPING)
