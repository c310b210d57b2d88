"""What to do next about one order: a function of what Haravan shows, what KiotViet shows and what we remember."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from syncd.core import documents, invoices, payments, returns, shipping
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
    ProveAbsent,
    Read,
    Search,
    Settle,
    Stop,
    View,
)
from syncd.core.documents import Draft, money
from syncd.core.edits import all_linked, judge_document, judge_invoice, links_of, touched
from syncd.core.lifecycle import State
from syncd.core.model import CarrierStatus, InvoiceStatus, OrderStatus, PosOrder, Shipment, WebOrder
from syncd.core.payments import Share
from syncd.core.policy import RETRY_REJECTED_AFTER, OrderPolicy, is_cod, outside, rests
from syncd.core.products import Index, Unlinked, link_of
from syncd.core.records import InvoiceRef, Record
from syncd.core.returns import Cause
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

_SEEN_ONLY_IN_KIOTVIET = frozenset(
    {"edited_in_kiotviet", "duplicate_in_kiotviet", "total_mismatch", "cancelled_after_shipping", "returned"}
)
_OF_INVOICES = ("create_invoice", "complete_invoice", "void_invoice")


def decide(order: WebOrder, record: Record, view: View, policy: OrderPolicy, index: Index) -> Decision:
    """The one next step for an order. Steps that read are asked for, so that this stays a function of values."""
    # whatever becomes of it, also by people's hands alone: what KiotViet holds of it decides what may be sold
    news = _unread(view) if record.kiotviet_news and record.order is not None else None
    if news is not None:
        return news
    if record.left_to_people:
        return Settle(State.IGNORED, text("left_to_people"))
    if record.order is None:
        return _without_document(order, record, view, policy, index)
    if order.cancelled_at is not None and record.state is not State.COMPLETED:
        return _cancelled(order, record, view, policy, index)
    changed = _lines_changed(order, record, view, index)
    if changed is not None:
        return changed
    if record.state is State.COMPLETED:
        return _after_completion(order, record, view, index)
    if returns.came_back(order):
        cause = Cause("returned", text("brought_back", order=order.number), State.RETURNED)
        return _coming_back(order, record, view, policy, index, cause)
    return _on_its_way(order, record, view, policy, index)


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
        return Settle(_withdrawn(order), text("cancelled_before_kiotviet"))
    if returns.came_back(order):
        return Settle(State.RETURNED, text("came_back_before_kiotviet"))
    return None


def _withdrawn(order: WebOrder) -> State:
    """What a cancelled order of which KiotViet has nothing open has come to: after hand-over its goods came back."""
    left = any(shipping.left_shop(order, shipment) for shipment in order.shipments)
    return State.RETURNED if left else State.CANCELLED


def _found(order: WebOrder, search: Search) -> Decision:
    alive = sorted(
        (o for o in search.found if o.status is not OrderStatus.CANCELLED), key=lambda o: (o.created_at, o.id)
    )
    if alive:
        return Adopt(alive[0])
    codes = ", ".join(o.code for o in search.found)
    if order.cancelled_at is not None:
        return Settle(_withdrawn(order), text("cancelled_both_sides_codes", codes=codes))
    if returns.came_back(order):
        return Settle(State.RETURNED, text("goods_back"))
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
    total = _comes_to(documents.order_draft(order, links_of(order, index)))
    if total == order.total_price:
        return None
    shown, wanted = money(total), money(order.total_price)
    reason = text("totals_differ", order=order.number, haravan=wanted, kiotviet=shown)
    return Stop("total_mismatch", reason, State.RECEIVED)


def _comes_to(draft: Draft) -> Decimal:
    return draft.expected_total + min(draft.discount, documents.ZERO)


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


def _cancelled(order: WebOrder, record: Record, view: View, policy: OrderPolicy, index: Index) -> Decision:
    """Cancelled on the web: before hand-over our order goes too; after it, the goods have to come back first."""
    if record.state is State.CANCELLED and not record.kiotviet_news:
        return Settle(State.CANCELLED, text("cancelled_both_sides"))
    what = text("cancelled_after_hand_over", order=order.number)
    cause = Cause("cancelled_after_shipping", what, State.RETURNED)
    if record.invoices or any(shipping.left_shop(order, shipment) for shipment in order.shipments):
        return _coming_back(order, record, view, policy, index, cause)
    needed = _unread(view)
    if needed is not None:
        return needed
    if isinstance(view.order, Gone) or _document(view).status is OrderStatus.CANCELLED:
        return Settle(State.CANCELLED, text("cancelled_both_sides"))
    step = _taken_out(order, record, view, policy, index, cause)
    if step is not None:
        return step
    document, living = _document(view), invoices.alive(view.invoices or ())
    if not living and document.status in returns.UNINVOICED:
        return CancelOrder(document)
    codes = ", ".join([invoice.code for invoice in living] or [document.code])
    status = document.status_text or text("processed")
    reason = text("cancelled_but_processed", order=order.number, code=document.code, status=status, codes=codes)
    return Stop("edited_in_kiotviet", reason, record.state)


def _coming_back(
    order: WebOrder, record: Record, view: View, policy: OrderPolicy, index: Index, cause: Cause
) -> Decision:
    """All goods of an order come back: KiotViet must have nothing of it open in the end."""
    settled = record.state is State.RETURNED and record.hold is None
    if settled and not record.kiotviet_news and not returns.in_question(order, record):
        return Settle(State.RETURNED, text("goods_back"))
    return _unread(view) or returns.wind_up(order, record, view, policy, links_of(order, index), cause)


def _after_completion(order: WebOrder, record: Record, view: View, index: Index) -> Decision:
    """Nothing is undone by itself; what people did to our documents since is told, unless Haravan shows why."""
    done = Settle(State.COMPLETED, text("all_settled"))
    if not record.kiotviet_news:
        return (_sent_anew(order, record) and _unread(view)) or done
    news = _news(order, record, view, index)
    explained = order.refunds or order.cancelled_at is not None or returns.former(order, record)
    if news is not None or explained:
        return news or done
    problem = touched(order, record, view, shipping.live(order), index)
    return done if problem is None else replace(done, task=problem.what)


def _sent_anew(order: WebOrder, record: Record) -> bool:
    """Whether a completed order has pieces again that no invoice holds: whether its KiotViet order does is read."""
    waiting = (s for s in shipping.live(order) if shipping.stage_in(order, s) is not Stage.BACK)
    invoices_of = (record.invoice_of(shipment.id) for shipment in waiting)
    return any(invoice is None or invoice.seen_seq is None for invoice in invoices_of)


def _on_its_way(order: WebOrder, record: Record, view: View, policy: OrderPolicy, index: Index) -> Decision:
    step = _taken_out(order, record, view, policy, index) or _taken_back(
        order, text("correct_with_invoices", code=_code(record)), record.state
    )
    if step is not None:
        return step
    due, payable = _due(order, record), _payable(order, record)
    doubtful = record.hold is not None and record.hold.code in _SEEN_ONLY_IN_KIOTVIET
    uncounted = record.order is not None and record.order.seen_seq is None
    unsure = uncounted or record.kiotviet_news or _asked(order, record) is not None or _turned(order, record)
    if due or payable or doubtful or unsure:
        step = _unread(view) or _search_too(record, view) or _written_there(order, record, view, policy, index)
        if step is not None:
            return step
    return _settled(order, record, view)


def _taken_out(
    order: WebOrder, record: Record, view: View, policy: OrderPolicy, index: Index, whole: Cause | None = None
) -> Decision | None:
    """What rids shipments that are none any more of their invoices, as long as KiotViet may have one."""
    if not returns.in_question(order, record):
        return None
    return _unread(view) or returns.reverse(order, record, view, policy, links_of(order, index), whole)


def _written_there(order: WebOrder, record: Record, view: View, policy: OrderPolicy, index: Index) -> Decision | None:
    """What follows from KiotViet's documents, all read: what people did to them first, then what is to be written."""
    return (
        returns.reverse(order, record, view, policy, links_of(order, index))
        or _made_anew(order, view, index)
        or touched(order, record, view, shipping.live(order), index)
        or _news(order, record, view, index)
        or _write_next(order, record, view, index)
        or _asked(order, record)
    )


def _asked(order: WebOrder, record: Record) -> ProveAbsent | None:
    """A write about a shipment whose answer was lost and whose reason may be gone: it may have come true."""
    about = [(operation, shipment.id) for shipment in shipping.live(order) for operation in _OF_INVOICES]
    lost = next(((what, key) for what, key in about if record.intent(what, key) is not None), None)
    return None if lost is None else ProveAbsent(*lost)


def _turned(order: WebOrder, record: Record) -> bool:
    """Whether no invoice is known of a shipment on its way back: a store that was lost since does not remember it."""
    return any(record.invoice_of(s.id) is None and _comes_back(order, s) for s in shipping.live(order))


def _comes_back(order: WebOrder, shipment: Shipment) -> bool:
    return shipping.stage_in(order, shipment) is Stage.COMING_BACK


def _code(record: Record) -> str:
    return record.order.code if record.order else ""


def _due(order: WebOrder, record: Record) -> list[Shipment]:
    """Shipments that the carrier has had and that have no invoice."""
    return [s for s in shipping.live(order) if record.invoice_of(s.id) is None and shipping.is_out(order, s)]


def _payable(order: WebOrder, record: Record) -> list[Shipment]:
    """Shipments whose goods and money are where they belong while their invoice is not settled."""
    return [s for s in shipping.live(order) if shipping.paid_off(order, s) and not _is_done(record.invoice_of(s.id))]


def _search_too(record: Record, view: View) -> Read | None:
    """Where a document of ours may have a twin, or was cancelled for another one, its marker is looked for as well."""
    twin = record.hold is not None and record.hold.code == "duplicate_in_kiotviet"
    gone = isinstance(view.order, Gone) or (view.order is not None and view.order.status is OrderStatus.CANCELLED)
    return Read("search") if (twin or gone) and view.search is None else None


def _made_anew(order: WebOrder, view: View, index: Index) -> Adopt | None:
    """People cancelled our KiotViet order and made the same one anew: that one is ours from now on."""
    if isinstance(view.order, PosOrder) and view.order.status is not OrderStatus.CANCELLED:
        return None
    found = view.search.found if view.search is not None else ()
    alive = [document for document in found if document.status is not OrderStatus.CANCELLED]
    return Adopt(alive[0]) if len(alive) == 1 and _says_the_same(order, alive[0], index) else None


def _settled(order: WebOrder, record: Record, view: View) -> Decision:
    alive = shipping.live(order)
    stages = {shipment.id: shipping.stage_in(order, shipment) for shipment in alive}
    if Stage.COMING_BACK in stages.values():
        return Settle(State.RETURNING, text("being_brought_back"))
    unclear = _unclear(order, alive)
    if unclear is not None:
        return Settle(State.SHIPPING if record.live_invoices else State.ORDERED, unclear)
    going = [shipment for shipment in alive if stages[shipment.id] is not Stage.BACK]
    if not record.live_invoices:
        return Settle(State.ORDERED, text("waiting_for_carrier") if going else text("waiting_to_ship"))
    back = [shipment for shipment in alive if shipment not in going]
    if not documents.is_covered(order, [*(s for s in going if record.invoice_of(s.id) is not None), *back]):
        return Settle(State.SHIPPING, text("partly_shipped"))
    if any(stages[shipment.id] is not Stage.DELIVERED for shipment in going):
        return Settle(State.SHIPPING, text("on_the_road"))
    if not all(shipping.paid_off(order, s) and _is_done(record.invoice_of(s.id)) for s in going):
        return Settle(State.SHIPPING, text("waiting_for_money"))
    if back and view.order is None:
        return Read("order")
    rest = returns.left_open(order, view.order) if back and isinstance(view.order, PosOrder) else None
    return rest or Settle(State.COMPLETED, text("all_settled"))


def _is_done(invoice: InvoiceRef | None) -> bool:
    return invoice is not None and invoice.state == InvoiceStatus.COMPLETED


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


def _matching(order: WebOrder, record: Record, view: View, index: Index) -> invoices.Matching:
    return invoices.match(shipping.live(order), invoices.alive(view.invoices or ()), record, links_of(order, index))


def _news(order: WebOrder, record: Record, view: View, index: Index) -> AdoptInvoice | None:
    """An invoice that shows something else than we remember, or that we did not know, of a shipment that has left.

    One that we asked for is ours wherever the parcel is by now.
    """
    matching = _matching(order, record, view, index)
    for shipment in shipping.live(order):
        mine, known = matching.by_shipment[shipment.id], record.invoice_of(shipment.id)
        asked = record.intent("create_invoice", shipment.id) is not None
        expected = known is not None or asked or shipping.is_out(order, shipment) or _comes_back(order, shipment)
        if mine and expected and (known is None or (known.id, known.state) != (mine[0].id, mine[0].status)):
            return AdoptInvoice(mine[0], shipment)
    return None


def _write_next(
    order: WebOrder, record: Record, view: View, index: Index
) -> CompleteInvoice | CreateInvoice | Stop | None:
    due, payable = _due(order, record), _payable(order, record)
    if due:
        return _create_invoice(order, due[0], record, view, index)
    if not payable:
        return None
    shipment = payable[0]
    invoice = _matching(order, record, view, index).by_shipment[shipment.id][0]
    totals = invoices.expected_totals(order, shipping.live(order), record, links_of(order, index))
    return CompleteInvoice(invoice, shipment, _share(order, view, totals, shipment))


def _share(order: WebOrder, view: View, totals: Mapping[int, Decimal], shipment: Shipment) -> Share:
    booked = _document(view).total_payment
    return payments.shares(order, shipping.live(order), totals, booked)[shipment.id]


def _create_invoice(
    order: WebOrder, shipment: Shipment, record: Record, view: View, index: Index
) -> CreateInvoice | Stop:
    links, alive = links_of(order, index), shipping.live(order)
    state = State.SHIPPING if record.live_invoices else State.ORDERED
    lost = next((link_of(line, index) for line in order.lines if line.quantity > 0 and line.id not in links), None)
    if isinstance(lost, Unlinked):
        return Stop(lost.code, text("order_problems", order=order.number, problems=lost.reason), state)
    if _comes_to(documents.settled_draft(order, links)) != order.total_price:
        return _not_invoiceable(order, state)
    drafts = documents.shipment_drafts(order, alive, links, invoices.billed_of(record))
    if shipment.id not in drafts:
        what = text("shipment_without_lines", order=order.number)
        return Stop("unsupported_line", text("invoice_by_hand", what=what), state)
    if documents.is_overshipped(order, alive):
        what = text("overshipped", order=order.number)
        return Stop("unsupported_line", text("invoice_by_hand", what=what), state)
    draft = drafts[shipment.id]
    if draft.discount < 0 or draft.expected_total < 0:
        return _not_invoiceable(order, state)
    totals = {key: other.expected_total for key, other in drafts.items()}
    return CreateInvoice(shipment, draft, _document(view), _share(order, view, totals, shipment))


def _not_invoiceable(order: WebOrder, state: State) -> Stop:
    what = text("not_invoiceable", order=order.number, total=money(order.total_price))
    return Stop("total_mismatch", text("invoice_by_hand", what=what), state)
