"""What to do next about one order: a function of what Haravan shows, what KiotViet shows and what we remember."""

from __future__ import annotations

from syncd.core import documents, invoices, shipping
from syncd.core.decisions import (
    Adopt,
    AdoptInvoice,
    CancelOrder,
    CompleteInvoice,
    CreateInvoice,
    CreateOrder,
    Decision,
    GiveUp,
    Gone,
    Ignore,
    Read,
    Search,
    Settle,
    Stop,
    View,
)
from syncd.core.documents import money
from syncd.core.edits import all_linked, judge_document, judge_invoice, links_of, touched
from syncd.core.lifecycle import State
from syncd.core.model import CarrierStatus, InvoiceStatus, OrderStatus, PosInvoice, PosOrder, Shipment, WebOrder
from syncd.core.policy import RETRY_REJECTED_AFTER, OrderPolicy, is_cod, outside, rests
from syncd.core.products import Index, Unlinked, link_of
from syncd.core.records import InvoiceRef, Record
from syncd.core.shipping import Stage
from syncd.core.texts import Text, text

__all__ = [
    "RETRY_REJECTED_AFTER",
    "OrderPolicy",
    "decide",
    "is_cod",
    "judge_document",
    "judge_invoice",
    "links_of",
    "outside",
    "rests",
]

_SEEN_ONLY_IN_KIOTVIET = frozenset({"edited_in_kiotviet", "duplicate_in_kiotviet", "total_mismatch"})


def decide(order: WebOrder, record: Record, view: View, policy: OrderPolicy, index: Index) -> Decision:
    """The one next step for an order. Steps that read are asked for, so that this stays a function of values."""
    if record.left_to_people:
        return Settle(State.IGNORED, text("left_to_people"))
    if record.order is None:
        return _without_document(order, record, view, policy, index)
    if order.cancelled_at is not None and record.state is not State.COMPLETED:
        return _cancelled(order, record, view)
    changed = _lines_changed(order, record, view, index)
    if changed is not None:
        return changed
    if record.state is State.COMPLETED:
        return Settle(State.COMPLETED, text("all_settled"))
    return _on_its_way(order, record, view, index)


def _without_document(order: WebOrder, record: Record, view: View, policy: OrderPolicy, index: Index) -> Decision:
    asked = record.intent("create_order", order.id) is not None
    unwanted = _unwanted(order, policy)
    if not asked:
        if isinstance(unwanted, Ignore) or (unwanted is not None and record.searched):
            return unwanted
        problem = _unsendable(order, index) if record.searched else None
        if problem is not None:
            return problem
    if view.search is None:
        return Read("search")
    if view.search.found:
        return _found(order, view.search)
    if not view.search.complete:
        return _unsearchable(order, view.search)
    if unwanted is not None:
        return GiveUp(unwanted) if asked else unwanted
    problem = _unsendable(order, index)
    if problem is not None:
        return problem
    return CreateOrder(documents.order_draft(order, links_of(order, index)), policy.branch_of(order))


def _unwanted(order: WebOrder, policy: OrderPolicy) -> Ignore | Settle | None:
    """Why KiotViet should not get this order at all."""
    reason = outside(order, policy)
    if reason is not None:
        return Ignore(reason)
    if order.cancelled_at is not None:
        return Settle(State.CANCELLED, text("cancelled_before_kiotviet"))
    return None


def _found(order: WebOrder, search: Search) -> Decision:
    alive = sorted(
        (o for o in search.found if o.status is not OrderStatus.CANCELLED), key=lambda o: (o.created_at, o.id)
    )
    if alive:
        return Adopt(alive[0])
    codes = ", ".join(o.code for o in search.found)
    if order.cancelled_at is not None:
        return Settle(State.CANCELLED, text("cancelled_both_sides_codes", codes=codes))
    reason = text("cancelled_only_in_kiotviet", codes=codes, order=order.number)
    return Stop("edited_in_kiotviet", reason, State.RECEIVED)


def _unsearchable(order: WebOrder, search: Search) -> Stop:
    why = search.why_incomplete or text("row_unreadable")
    reason = text("not_searchable", why=why, order=order.number)
    return Stop("outcome_unknown", reason, State.RECEIVED)


def _unsendable(order: WebOrder, index: Index) -> Stop | None:
    """Why the order cannot become a KiotViet document as it is."""
    found = [link_of(line, index) for line in order.lines if line.quantity > 0]
    missing = [link for link in found if isinstance(link, Unlinked)]
    if missing:
        problems = tuple(dict.fromkeys(unlinked.reason for unlinked in missing))
        reason = text("order_problems", order=order.number, problems=problems)
        return Stop(missing[0].code, reason, State.RECEIVED)
    if not found:
        return Stop("unsupported_line", text("no_lines", order=order.number), State.RECEIVED)
    return _taken_back(order, text("enter_the_rest"), State.RECEIVED) or _unequal(order, index)


def _unequal(order: WebOrder, index: Index) -> Stop | None:
    """Whether KiotViet would come to another total than Haravan; a surplus cannot be sent as a negative discount."""
    draft = documents.order_draft(order, links_of(order, index))
    total = draft.expected_total + min(draft.discount, documents.ZERO)
    if total == order.total_price:
        return None
    shown, wanted = money(total), money(order.total_price)
    reason = text("totals_differ", order=order.number, haravan=wanted, kiotviet=shown)
    return Stop("total_mismatch", reason, State.RECEIVED)


def _taken_back(order: WebOrder, advice: Text, state: State) -> Stop | None:
    """Pieces refunded before they were shipped: what is still owed and still to be shipped is for a person to say."""
    pieces = documents.refunded_unshipped(order, shipping.live(order))
    if not pieces:
        return None
    reason = text("refunded_unshipped", pieces=pieces, order=order.number, advice=advice)
    return Stop("lines_changed", reason, state)


def _lines_changed(order: WebOrder, record: Record, view: View, index: Index) -> Decision | None:
    """Haravan says that lines never change; when they do, a person corrects KiotViet and we go on from there."""
    if not record.lines_digest or record.lines_digest == documents.lines_digest(order):
        return None
    if view.order is None:
        return Read("order")
    if isinstance(view.order, PosOrder) and _says_the_same(order, view.order, index):
        return Adopt(view.order)
    code = record.order.code if record.order else ""
    return Stop("lines_changed", text("lines_changed", order=order.number, code=code), record.state)


def _says_the_same(order: WebOrder, document: PosOrder, index: Index) -> bool:
    links = links_of(order, index)
    alive = document.status is not OrderStatus.CANCELLED
    return alive and all_linked(order, links) and not invoices.order_differs(document, order, links)


def _cancelled(order: WebOrder, record: Record, view: View) -> Decision:
    """Cancelled on the web: before hand-over our order goes too; after it, people decide."""
    if record.state is State.CANCELLED:
        return Settle(State.CANCELLED, text("cancelled_both_sides"))
    what = text("cancelled_after_hand_over", order=order.number)
    if record.invoices or any(shipping.left_shop(order, shipment) for shipment in order.shipments):
        return _came_back("cancelled_after_shipping", what, record, view)
    needed = _unread(view)
    if needed is not None:
        return needed
    if isinstance(view.order, Gone) or _document(view).status is OrderStatus.CANCELLED:
        return Settle(State.CANCELLED, text("cancelled_both_sides"))
    document, living = _document(view), invoices.alive(view.invoices or ())
    if not living and document.status in (OrderStatus.DRAFT, OrderStatus.CONFIRMED):
        return CancelOrder(document)
    codes = ", ".join([invoice.code for invoice in living] or [document.code])
    status = document.status_text or text("processed")
    reason = text("cancelled_but_processed", order=order.number, code=document.code, status=status, codes=codes)
    return Stop("edited_in_kiotviet", reason, record.state)


def _came_back(code: str, what: Text, record: Record, view: View) -> Decision:
    """Goods on their way back to the shop: held until a person has cancelled what KiotViet still has open."""
    done = Settle(State.RETURNED, text("goods_back"))
    if record.state is State.RETURNED and record.hold is None:
        return done
    if record.retry_asked:
        needed = _unread(view)
        if needed is not None:
            return needed
        if _nothing_open(view):
            return done
    codes = ", ".join(invoice.code for invoice in record.invoices) or (record.order.code if record.order else "")
    return Stop(code, text("cancel_when_back", what=what, codes=codes), State.RETURNED)


def _nothing_open(view: View) -> bool:
    ended = isinstance(view.order, Gone) or _document(view).status in (OrderStatus.CANCELLED, OrderStatus.COMPLETED)
    return ended and not invoices.alive(view.invoices or ())


def _on_its_way(order: WebOrder, record: Record, view: View, index: Index) -> Decision:
    alive = shipping.live(order)
    stopped = _returned(order, record, view, alive)
    if stopped is not None and not isinstance(stopped, Settle):
        return stopped
    due = [s for s in alive if record.invoice_of(s.id) is None and _has_left(order, s)]
    payable = [s for s in alive if _is_payable(order, s, record)]
    doubtful = record.hold is not None and record.hold.code in _SEEN_ONLY_IN_KIOTVIET
    if not due and not payable and not doubtful:
        return stopped or _settled(order, record, alive)
    needed = _unread(view) or (Read("search") if _suspects_twin(record) and view.search is None else None)
    if needed is not None:
        return needed
    problem = touched(order, record, view, alive, index)
    if problem is not None:
        return problem
    return _write_next(order, record, view, index, [*due, *payable]) or stopped or _settled(order, record, alive)


def _has_left(order: WebOrder, shipment: Shipment) -> bool:
    return shipping.stage_in(order, shipment) in (Stage.ROAD, Stage.DELIVERED)


def _suspects_twin(record: Record) -> bool:
    return record.hold is not None and record.hold.code == "duplicate_in_kiotviet"


def _is_payable(order: WebOrder, shipment: Shipment, record: Record) -> bool:
    invoice = record.invoice_of(shipment.id)
    return not (invoice is not None and invoice.state == InvoiceStatus.COMPLETED) and _is_paid_off(order, shipment)


def _is_paid_off(order: WebOrder, shipment: Shipment) -> bool:
    delivered = shipping.stage_in(order, shipment) is Stage.DELIVERED
    return delivered and shipping.money_received(order, shipment)


def _returned(order: WebOrder, record: Record, view: View, alive: tuple[Shipment, ...]) -> Decision | None:
    withdrawn = {s.id for s in order.shipments if s.carrier_status is CarrierStatus.CANCEL}
    vanished = {invoice.shipment_id for invoice in record.invoices} - {shipment.id for shipment in order.shipments}
    codes = ", ".join(invoice.code for invoice in record.invoices if invoice.shipment_id in withdrawn | vanished)
    if codes:
        return _withdrawn(order, codes)
    stages = {shipping.stage_in(order, shipment) for shipment in alive}
    if Stage.BACK in stages:
        return _came_back("returned", text("brought_back", order=order.number), record, view)
    code = record.order.code if record.order else ""
    taken = _taken_back(order, text("correct_with_invoices", code=code), record.state)
    if taken is not None:
        return taken
    if Stage.COMING_BACK in stages:
        return Settle(State.RETURNING, text("being_brought_back"))
    return None


def _withdrawn(order: WebOrder, codes: str) -> Stop:
    reason = text("shipment_withdrawn", order=order.number, codes=codes)
    return Stop("cancelled_after_shipping", reason, State.SHIPPING)


def _settled(order: WebOrder, record: Record, alive: tuple[Shipment, ...]) -> Settle:
    unclear = _unclear(order, alive)
    if unclear is not None:
        return Settle(State.SHIPPING if record.invoices else State.ORDERED, unclear)
    if not record.invoices:
        return Settle(State.ORDERED, text("waiting_for_carrier") if alive else text("waiting_to_ship"))
    invoiced = [s for s in alive if record.invoice_of(s.id) is not None]
    if not documents.is_covered(order, invoiced):
        return Settle(State.SHIPPING, text("partly_shipped"))
    if any(shipping.stage_in(order, s) is not Stage.DELIVERED for s in alive):
        return Settle(State.SHIPPING, text("on_the_road"))
    if all(_is_paid_off(order, s) for s in alive) and all(_is_done(invoice) for invoice in record.invoices):
        return Settle(State.COMPLETED, text("all_settled"))
    return Settle(State.SHIPPING, text("waiting_for_money"))


def _is_done(invoice: InvoiceRef) -> bool:
    return invoice.state == InvoiceStatus.COMPLETED


def _unclear(order: WebOrder, alive: tuple[Shipment, ...]) -> Text | None:
    """What is odd about a shipment that therefore moves nothing; None when all can be understood."""
    odd = next((s for s in alive if shipping.stage_in(order, s) is Stage.UNKNOWN), None)
    if odd is None:
        return None
    if odd.carrier_status is CarrierStatus.UNKNOWN:
        return text("carrier_status_unknown", status=odd.carrier_status_text)
    return text("delivered_without_date")


def _unread(view: View) -> Read | None:
    if view.order is None:
        return Read("order")
    return Read("invoices") if view.invoices is None else None


def _document(view: View) -> PosOrder:
    assert isinstance(view.order, PosOrder), "asked for only after it was read and was there"
    return view.order


def _write_next(
    order: WebOrder, record: Record, view: View, index: Index, due: list[Shipment]
) -> AdoptInvoice | CompleteInvoice | CreateInvoice | Stop | None:
    matching = invoices.match(shipping.live(order), invoices.alive(view.invoices or ()), record, links_of(order, index))
    if not due:
        return None
    shipment, mine = due[0], matching.by_shipment[due[0].id]
    if not mine:
        return _create_invoice(order, shipment, record, view, index)
    news = _is_news(mine[0], record.invoice_of(shipment.id))
    return AdoptInvoice(mine[0], shipment) if news else CompleteInvoice(mine[0], shipment)


def _is_news(invoice: PosInvoice, known: InvoiceRef | None) -> bool:
    return known is None or (known.id, known.state) != (invoice.id, invoice.status)


def _create_invoice(
    order: WebOrder, shipment: Shipment, record: Record, view: View, index: Index
) -> CreateInvoice | Stop:
    links, alive = links_of(order, index), shipping.live(order)
    state = State.SHIPPING if record.invoices else State.ORDERED
    lost = next((link_of(line, index) for line in order.lines if line.quantity > 0 and line.id not in links), None)
    if isinstance(lost, Unlinked):
        return Stop(lost.code, text("order_problems", order=order.number, problems=lost.reason), state)
    drafts = documents.shipment_drafts(order, alive, links)
    if shipment.id not in drafts:
        what = text("shipment_without_lines", order=order.number)
        return Stop("unsupported_line", text("invoice_by_hand", what=what), state)
    if documents.is_overshipped(order, alive):
        what = text("overshipped", order=order.number)
        return Stop("unsupported_line", text("invoice_by_hand", what=what), state)
    if drafts[shipment.id].discount < 0:
        what = text("not_invoiceable", order=order.number, total=money(order.total_price))
        return Stop("total_mismatch", text("invoice_by_hand", what=what), state)
    return CreateInvoice(shipment, drafts[shipment.id], _document(view))
