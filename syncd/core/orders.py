"""What to do next about one order: a function of what Haravan shows, what KiotViet shows and what we remember."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from syncd.core import documents, invoices, shipping
from syncd.core.decisions import (
    Adopt,
    AdoptInvoice,
    CancelOrder,
    CompleteInvoice,
    CreateInvoice,
    CreateOrder,
    Decision,
    Gone,
    Ignore,
    Read,
    Search,
    Settle,
    Stop,
    View,
)
from syncd.core.documents import Payment, money
from syncd.core.lifecycle import State
from syncd.core.model import CarrierStatus, InvoiceStatus, OrderStatus, PosInvoice, PosOrder, Shipment, WebOrder
from syncd.core.products import Index, Link, Unlinked, link_of
from syncd.core.records import Record
from syncd.core.shipping import Stage

RETRY_REJECTED_AFTER = timedelta(hours=1)
_SEEN_ONLY_IN_KIOTVIET = frozenset({"edited_in_kiotviet", "duplicate_in_kiotviet", "total_mismatch"})


@dataclass(frozen=True, slots=True)
class OrderPolicy:
    """The shop's settings that decide about orders. `since` is an aware instant; `channels`/`payments` lower-case."""

    branch_id: int
    since: datetime
    branch_by_location: Mapping[int, int] = field(default_factory=dict)
    channels: tuple[str, ...] = ("web",)
    payments: tuple[str, ...] = ("cod",)
    cod_method: str = "Cash"
    cod_account_id: int | None = None
    surcharge_code: str = "THKSHIPPINGWEB"
    on_return: str = "hold"
    lookup_wait: timedelta = timedelta(seconds=60)

    def branch_of(self, order: WebOrder) -> int:
        """The KiotViet branch that receives this order."""
        location = order.assigned_location_id or order.location_id
        return self.branch_by_location.get(location, self.branch_id) if location is not None else self.branch_id

    def deposit(self, order: WebOrder) -> Payment:
        """How money that came in before delivery is booked on the order: none for COD."""
        received = Decimal(0) if is_cod(order) else Decimal(shipping.received(order))
        return Payment(self.cod_method, self.cod_account_id, max(Decimal(0), received))

    def settlement(self) -> Payment:
        """How COD money is booked when an invoice is settled."""
        return Payment(self.cod_method, self.cod_account_id)


# --- the filter --------------------------------------------------------------------------------------------------------


def is_cod(order: WebOrder) -> bool:
    """Whether the buyer pays on delivery: by code, by the shop's own text, or by what transactions and shipments say."""
    if order.gateway_code:
        by_gateway = order.gateway_code.lower() == "cod"
    else:
        text = order.gateway.casefold()
        by_gateway = "cod" in text or "thanh toán khi giao hàng" in text
    return (
        by_gateway
        or any(t.is_cod_gateway for t in order.transactions)
        or any(s.cod_amount > 0 for s in order.shipments)
    )


def outside(order: WebOrder, policy: OrderPolicy) -> str:
    """Why the order is not ours to mirror; empty when it is."""
    if order.created_at < policy.since:
        return "created before orders.since"
    if "any" not in policy.channels and order.source.lower() not in policy.channels:
        return f"channel {order.source or '(none)'} is not in orders.channels"
    if "any" not in policy.payments and not is_cod(order):
        return f"payment {order.gateway_code or order.gateway or '(none)'} is not COD"
    return ""


def rests(record: Record, fingerprint: str, now: datetime) -> bool:
    """Whether a rejected order still waits: sent again on `retry`, when anything it depends on changed, and hourly."""
    hold = record.hold
    if hold is None or hold.code != "rejected" or record.retry_asked or hold.fingerprint != fingerprint:
        return False
    return hold.tried_at is not None and hold.tried_at <= now < hold.tried_at + RETRY_REJECTED_AFTER


# --- the decision ------------------------------------------------------------------------------------------------------


def decide(order: WebOrder, record: Record, view: View, policy: OrderPolicy, index: Index) -> Decision:
    """The one next step for an order. Steps that read are asked for, so that this stays a function of values."""
    if record.left_to_people:
        return Settle(State.IGNORED, "left to people")
    if record.order is None:
        return _without_document(order, record, view, policy, index)
    if record.lines_digest and record.lines_digest != documents.lines_digest(order):
        return Stop(
            "lines_changed",
            f"the lines of {order.number} changed in Haravan after it was sent: correct {record.order.code} in KiotViet "
            "by hand, then say 'syncd ignore'",
            record.state,
        )
    if record.state is State.COMPLETED:
        return Settle(State.COMPLETED, "everything delivered, paid and settled")
    if order.cancelled_at is not None:
        return _cancelled(order, record, view)
    return _on_its_way(order, record, view, index)


def _without_document(order: WebOrder, record: Record, view: View, policy: OrderPolicy, index: Index) -> Decision:
    asked = record.intent("create_order", order.id) is not None
    reason = outside(order, policy)
    if reason and not asked:
        return Ignore(reason)
    if record.searched and not asked:
        if order.cancelled_at is not None:
            return Settle(State.CANCELLED, "cancelled before KiotViet had it")
        problem = _unsendable(order, index)
        if problem is not None:
            return problem
    if view.search is None:
        return Read("search")
    if view.search.found:
        return _found(order, view.search)
    if not view.search.complete:
        return _unsearchable(order, view.search)
    if order.cancelled_at is not None and not asked:
        return Settle(State.CANCELLED, "cancelled before KiotViet had it")
    problem = _unsendable(order, index)
    if problem is not None:
        return problem
    return CreateOrder(documents.order_draft(order, links_of(order, index)), policy.branch_of(order))


def _found(order: WebOrder, search: Search) -> Decision:
    alive = sorted(
        (o for o in search.found if o.status is not OrderStatus.CANCELLED), key=lambda o: (o.created_at, o.id)
    )
    if alive:
        return Adopt(alive[0])
    codes = ", ".join(o.code for o in search.found)
    if order.cancelled_at is not None:
        return Settle(State.CANCELLED, f"cancelled on both sides ({codes})")
    return Stop(
        "edited_in_kiotviet",
        f"{codes} of {order.number} was cancelled in KiotViet while Haravan still has the order: cancel it in Haravan too, "
        "or enter it in KiotViet by hand and say 'syncd ignore'",
        State.RECEIVED,
    )


def _unsearchable(order: WebOrder, search: Search) -> Stop:
    return Stop(
        "outcome_unknown",
        f"KiotViet's orders could not be read to the end ({search.why_incomplete}), so it is not known whether {order.number} "
        "is there: nothing is sent until they can",
        State.RECEIVED,
    )


def _unsendable(order: WebOrder, index: Index) -> Stop | None:
    """Why the order cannot become a KiotViet document as it is."""
    found = [link_of(line, index) for line in order.lines if line.quantity > 0]
    missing = [link for link in found if isinstance(link, Unlinked)]
    if missing:
        return Stop(
            missing[0].code, f"{order.number}: " + "; ".join(dict.fromkeys(m.reason for m in missing)), State.RECEIVED
        )
    if not found:
        return Stop("unsupported_line", f"{order.number} has no lines: enter it in KiotViet by hand", State.RECEIVED)
    draft = documents.order_draft(order, links_of(order, index))
    total = draft.expected_total + min(draft.discount, Decimal(0))
    if total == order.total_price:
        return None
    return Stop(
        "total_mismatch",
        f"{order.number}: Haravan's total is {money(order.total_price)} but its lines, discount and shipping come to "
        f"{money(total)} in KiotViet: enter it there by hand, then say 'syncd ignore'",
        State.RECEIVED,
    )


def links_of(order: WebOrder, index: Index) -> dict[int, Link]:
    """The links of an order's lines by line id, those that there are."""
    found = {line.id: link_of(line, index) for line in order.lines if line.quantity > 0}
    return {line_id: link for line_id, link in found.items() if isinstance(link, Link)}


# --- cancelled ---------------------------------------------------------------------------------------------------------


def _cancelled(order: WebOrder, record: Record, view: View) -> Decision:
    """Cancelled on the web: before hand-over our order goes too; after it, people decide."""
    if record.state is State.CANCELLED:
        return Settle(State.CANCELLED, "cancelled on both sides")
    if record.invoices or any(shipping.handed_over(shipment) for shipment in order.shipments):
        return _came_back(
            "cancelled_after_shipping", f"{order.number} was cancelled in Haravan after the carrier had it", record
        )
    needed = _unread(view)
    if needed is not None:
        return needed
    if isinstance(view.order, Gone) or _document(view).status is OrderStatus.CANCELLED:
        return Settle(State.CANCELLED, "cancelled on both sides")
    document = _document(view)
    open_still = document.status in (OrderStatus.DRAFT, OrderStatus.CONFIRMED)
    if open_still and not invoices.alive(view.invoices or ()):
        return CancelOrder(document)
    return Stop(
        "edited_in_kiotviet",
        f"{order.number} was cancelled in Haravan, but {document.code} is already {document.status_text or 'processed'} in "
        "KiotViet: cancel it there by hand",
        record.state,
    )


def _came_back(code: str, what: str, record: Record) -> Stop:
    codes = ", ".join(invoice.code for invoice in record.invoices) or (record.order.code if record.order else "")
    return Stop(
        code, f"{what}: when the goods are back, cancel {codes} in KiotViet, then say 'syncd ignore'", State.RETURNED
    )


# --- shipping ----------------------------------------------------------------------------------------------------------


def _on_its_way(order: WebOrder, record: Record, view: View, index: Index) -> Decision:
    alive = shipping.live(order)
    stopped = _returned(order, record, alive)
    if isinstance(stopped, Stop):
        return stopped
    due = [s for s in alive if record.invoice_of(s.id) is None and shipping.stage(s) in (Stage.ROAD, Stage.DELIVERED)]
    payable = [s for s in alive if _is_payable(order, s, record)]
    doubtful = record.hold is not None and record.hold.code in _SEEN_ONLY_IN_KIOTVIET
    if not due and not payable and not doubtful:
        return stopped or _settled(order, record, alive)
    needed = _unread(view) or (Read("search") if _suspects_twin(record) and view.search is None else None)
    if needed is not None:
        return needed
    problem = _touched(order, record, view, alive, index)
    if problem is not None:
        return problem
    return _write_next(order, record, view, index, [*due, *payable]) or stopped or _settled(order, record, alive)


def _suspects_twin(record: Record) -> bool:
    return record.hold is not None and record.hold.code == "duplicate_in_kiotviet"


def _is_payable(order: WebOrder, shipment: Shipment, record: Record) -> bool:
    invoice = record.invoice_of(shipment.id)
    if invoice is not None and invoice.state == InvoiceStatus.COMPLETED:
        return False
    return shipping.stage(shipment) is Stage.DELIVERED and shipping.money_received(order, shipment)


def _returned(order: WebOrder, record: Record, alive: tuple[Shipment, ...]) -> Stop | Settle | None:
    withdrawn = {s.id for s in order.shipments if s.carrier_status is CarrierStatus.CANCEL}
    vanished = {invoice.shipment_id for invoice in record.invoices} - {shipment.id for shipment in order.shipments}
    codes = ", ".join(invoice.code for invoice in record.invoices if invoice.shipment_id in withdrawn | vanished)
    if codes:
        return Stop(
            "cancelled_after_shipping",
            f"a shipment of {order.number} was cancelled in Haravan after {codes} was made: cancel {codes} in KiotViet, enter "
            "there what was shipped instead, then say 'syncd ignore'",
            State.SHIPPING,
        )
    stages = {shipping.stage(shipment) for shipment in alive}
    if Stage.BACK in stages:
        return _came_back("returned", f"the carrier brought {order.number} back (Chuyển hoàn)", record)
    if Stage.COMING_BACK in stages:
        return Settle(State.RETURNING, "the carrier is bringing it back (Chờ chuyển hoàn)")
    return None


def _settled(order: WebOrder, record: Record, alive: tuple[Shipment, ...]) -> Settle:
    unknown = next((s for s in alive if shipping.stage(s) is Stage.UNKNOWN), None)
    if unknown is not None:
        state = State.SHIPPING if record.invoices else State.ORDERED
        return Settle(state, f"carrier status {unknown.carrier_status_text!r} is not known: waiting for the next one")
    if not record.invoices:
        return Settle(State.ORDERED, "waiting for the carrier" if alive else "waiting to be shipped")
    done = all(invoice.state == InvoiceStatus.COMPLETED for invoice in record.invoices)
    covered = documents.is_covered(order, [s for s in alive if record.invoice_of(s.id) is not None])
    if done and covered:
        return Settle(State.COMPLETED, "everything delivered, paid and settled")
    if not covered:
        return Settle(State.SHIPPING, "partly shipped: the rest follows with its own shipment")
    if any(shipping.stage(s) is not Stage.DELIVERED for s in alive):
        return Settle(State.SHIPPING, "on the road")
    return Settle(State.SHIPPING, "delivered, waiting for the money (Đã nhận tiền)")


def _unread(view: View) -> Read | None:
    if view.order is None:
        return Read("order")
    return Read("invoices") if view.invoices is None else None


def _document(view: View) -> PosOrder:
    if not isinstance(view.order, PosOrder):
        raise TypeError("the KiotViet order was not read, or is gone")
    return view.order


# --- what people did in KiotViet ------------------------------------------------------------------------------------------


def _touched(order: WebOrder, record: Record, view: View, alive: tuple[Shipment, ...], index: Index) -> Stop | None:
    """Whether a person changed our documents in KiotViet, so that writing on would fight them."""
    code = record.order.code if record.order else ""
    if isinstance(view.order, Gone):
        return _edited(f"{code} of {order.number} is no longer in KiotViet", record)
    document = _document(view)
    if document.status is OrderStatus.CANCELLED:
        return _edited(f"{code} of {order.number} was cancelled in KiotViet while Haravan still has the order", record)
    if document.status is OrderStatus.UNKNOWN:
        return _edited(
            f"{code} of {order.number} shows the status {document.status_text!r}, which is not known", record
        )
    links = links_of(order, index)
    twin = _twin(order, record, view)
    return twin or _order_edited(order, record, document, links) or _invoices_edited(order, record, view, alive, links)


def judge_document(
    order: WebOrder, record: Record, document: PosOrder, search: Search | None, index: Index
) -> Stop | None:
    """Whether a KiotViet order that was just made or found must be held: a twin, or not what Haravan says."""
    view = View(search=search, order=document)
    return _twin(order, record, view) or _order_edited(order, record, document, links_of(order, index))


def judge_invoice(
    order: WebOrder, record: Record, invoice: PosInvoice, shipment: Shipment, index: Index
) -> Stop | None:
    """Whether an invoice that was just made says otherwise than its shipment."""
    links = links_of(order, index)
    drafts = documents.shipment_drafts(order, shipping.live(order), links) if _all_linked(order, links) else {}
    difference = invoices.differs(invoice, shipment, drafts.get(shipment.id), links)
    if not difference:
        return None
    return _differing(order, record, invoice, difference, same=invoices.same_pieces(invoice, shipment, links))


def _twin(order: WebOrder, record: Record, view: View) -> Stop | None:
    found = view.search.found if view.search is not None else ()
    alive = sorted((o for o in found if o.status is not OrderStatus.CANCELLED), key=lambda o: (o.created_at, o.id))
    if len(alive) < 2:
        return None
    codes = ", ".join(o.code for o in alive[1:])
    reason = f"{order.number} is in KiotViet more than once: keep {alive[0].code}, cancel {codes} there, then say 'syncd retry'"
    return Stop("duplicate_in_kiotviet", reason, record.state)


def _order_edited(order: WebOrder, record: Record, document: PosOrder, links: Mapping[int, Link]) -> Stop | None:
    difference = invoices.order_differs(document, order, links)
    if not difference:
        return None
    untouched = document.modified_at is None or (record.hold is not None and record.hold.code == "total_mismatch")
    if untouched and difference == invoices.total_differs(document, order):
        reason = f"{document.code} of {order.number}: {difference}: correct it in KiotViet, then say 'syncd retry'"
        return Stop("total_mismatch", reason, record.state)
    return _edited(f"{document.code} of {order.number} was changed in KiotViet: {difference}", record)


def _invoices_edited(
    order: WebOrder, record: Record, view: View, alive: tuple[Shipment, ...], links: Mapping[int, Link]
) -> Stop | None:
    shown = invoices.alive(view.invoices or ())
    matching = invoices.match(alive, shown, record, links)
    if matching.strangers:
        return _edited(
            f"invoice {matching.strangers[0].code} of {order.number} was made or changed by hand and fits no shipment",
            record,
        )
    if not shown and _document(view).status is OrderStatus.COMPLETED:
        return _edited(f"{_document(view).code} of {order.number} was completed in KiotViet without an invoice", record)
    odd = next((i for i in shown if i.status in (InvoiceStatus.UNDELIVERED, InvoiceStatus.UNKNOWN)), None)
    if odd is not None:
        return _edited(f"invoice {odd.code} of {order.number} shows {odd.status_text!r} in KiotViet", record)
    lost = next((ref for ref in record.invoices if not matching.by_shipment.get(ref.shipment_id)), None)
    if lost is not None:
        return _edited(f"invoice {lost.code} of {order.number} was cancelled in KiotViet", record)
    return _invoice_content(order, record, alive, matching, links)


def _invoice_content(
    order: WebOrder, record: Record, alive: tuple[Shipment, ...], matching: invoices.Matching, links: Mapping[int, Link]
) -> Stop | None:
    drafts = documents.shipment_drafts(order, alive, links) if _all_linked(order, links) else {}
    for shipment in alive:
        mine = matching.by_shipment[shipment.id]
        if len(mine) > 1:
            codes = ", ".join(invoice.code for invoice in mine[1:])
            reason = (
                f"a shipment of {order.number} has several invoices: keep {mine[0].code}, cancel {codes} in KiotViet"
            )
            return Stop("duplicate_in_kiotviet", reason, record.state)
        difference = invoices.differs(mine[0], shipment, drafts.get(shipment.id), links) if mine else ""
        if difference:
            return _differing(order, record, mine[0], difference, same=invoices.same_pieces(mine[0], shipment, links))
    return None


def _differing(order: WebOrder, record: Record, invoice: PosInvoice, difference: str, *, same: bool) -> Stop:
    """An invoice that nobody touched and that holds the right pieces has a wrong total; any other one was edited."""
    untouched = invoice.modified_at is None or (record.hold is not None and record.hold.code == "total_mismatch")
    what = f"invoice {invoice.code} of {order.number}: {difference}"
    if same and untouched:
        return Stop("total_mismatch", f"{what}: correct it in KiotViet, then say 'syncd retry'", record.state)
    return _edited(what, record)


def _all_linked(order: WebOrder, links: Mapping[int, Link]) -> bool:
    return all(line.id in links for line in order.lines if line.quantity > 0)


def _edited(what: str, record: Record) -> Stop:
    advice = "put it right there, then say 'syncd retry', or 'syncd ignore' to keep this order to yourselves"
    return Stop("edited_in_kiotviet", f"{what}: {advice}", record.state)


# --- the next write -------------------------------------------------------------------------------------------------------


def _write_next(
    order: WebOrder, record: Record, view: View, index: Index, due: list[Shipment]
) -> AdoptInvoice | CompleteInvoice | CreateInvoice | Stop | None:
    links = links_of(order, index)
    alive = shipping.live(order)
    matching = invoices.match(alive, invoices.alive(view.invoices or ()), record, links)
    for shipment in due:
        mine = matching.by_shipment[shipment.id]
        if not mine:
            return _create_invoice(order, shipment, alive, view, index)
        if _is_news(mine[0], record.invoice_of(shipment.id)):
            return AdoptInvoice(mine[0], shipment)
        if mine[0].status is InvoiceStatus.PROCESSING:
            return CompleteInvoice(mine[0], shipment)
    return None


def _is_news(invoice: PosInvoice, known: object) -> bool:
    return known is None or (getattr(known, "id", None), getattr(known, "state", None)) != (invoice.id, invoice.status)


def _create_invoice(
    order: WebOrder, shipment: Shipment, alive: tuple[Shipment, ...], view: View, index: Index
) -> CreateInvoice | Stop:
    links = links_of(order, index)
    lost = next((link_of(line, index) for line in order.lines if line.quantity > 0 and line.id not in links), None)
    if isinstance(lost, Unlinked):
        return Stop(lost.code, f"{order.number}: {lost.reason}", State.ORDERED)
    known = {line.id for line in order.lines}
    if not shipment.lines or any(part.line_id not in known for part in shipment.lines):
        reason = (
            f"a shipment of {order.number} does not say which lines it carries: make its invoice in KiotViet by hand"
        )
        return Stop("unsupported_line", reason, State.ORDERED)
    return CreateInvoice(shipment, documents.shipment_drafts(order, alive, links)[shipment.id], _document(view))
