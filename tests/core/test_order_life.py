"""An order's life as values alone: people on both sides do as they like, our writes are done or lost, `decide` decides.

The hands here are the smallest that can be: they read what there is, do what was decided, and remember it.
"""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from syncd.core import documents
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
    NoteVoided,
    ProveAbsent,
    Read,
    Search,
    Settle,
    Stop,
    View,
    VoidInvoice,
)
from syncd.core.documents import Draft
from syncd.core.lifecycle import FINAL, State, settle_into
from syncd.core.model import CarrierStatus, CodStatus, InvoiceStatus, OrderStatus, PosInvoice, PosOrder, Shipment
from syncd.core.orders import decide, judge_document, judge_invoice
from syncd.core.records import DocumentRef, Hold, Intent, InvoiceRef
from tests.core import build

EXAMPLES = int(os.environ.get("SYNCD_EXAMPLES", "40"))
"""How many orders live for 30 steps; more by hand, then each time others."""

MOST_STEPS = 25
INDEX = build.index()
_WRITES = (CreateOrder, CreateInvoice, CompleteInvoice, VoidInvoice, CancelOrder)
_MONEY = {CodStatus.PENDING, CodStatus.PAID, CodStatus.RECEIPT, CodStatus.NOT_RECEIPT}


class LostAnswer(Exception):
    """A write of which nobody knows whether it happened."""


class Life(RuleBasedStateMachine):
    """One order of two lines, its documents in KiotViet, and what we remember of them."""

    @initialize(
        on_return=st.sampled_from(["hold", "void_invoice"]),
        shipping=st.sampled_from([0, 30_000]),
        trouble=st.sampled_from([set(), {"web"}, {"clerk"}, {"web", "clerk"}]),
        lost=st.sampled_from(["", "before", "after"]),
    )
    def placed(self, on_return: str, shipping: int, trouble: set[str], lost: str) -> None:
        self.trouble = trouble
        self.policy = replace(build.POLICY, on_return=on_return)
        self.web = build.order(build.line(1, 2), build.line(2, 1, 70_000), shipping=shipping)
        self.record = build.record()
        self.orders: list[PosOrder] = []
        self.invoices: list[PosInvoice] = []
        self.met_people = False
        self.walk(lost)

    # --- what happens in Haravan -------------------------------------------------------------------------------------

    @rule(whole=st.booleans())
    def ship(self, whole: bool) -> None:
        left = {line.id: line.quantity for line in self.web.lines}
        for shipment in self._going():
            for part in shipment.lines:
                left[part.line_id] -= part.quantity
        parts = [(line_id, pieces) for line_id, pieces in left.items() if pieces > 0]
        if parts and self.web.cancelled_at is None and len(self.web.shipments) < 4:
            chosen = parts if whole else parts[:1]
            cod = sum(pieces * next(w.price for w in self.web.lines if w.id == line_id) for line_id, pieces in chosen)
            number = len(self.web.shipments) + 1
            made = build.shipment(number, "readytopick", *chosen, cod_amount=Decimal(cod), reached_road=False)
            self.web = replace(self.web, shipments=(*self.web.shipments, made))

    def _going(self) -> list[Shipment]:
        return [one for one in self.web.shipments if one.carrier_status is not CarrierStatus.CANCEL]

    def _change(self, shipment: Shipment, **fields: object) -> None:
        changed = replace(shipment, **fields)  # type: ignore[arg-type]
        self.web = replace(
            self.web, shipments=tuple(changed if one.id == shipment.id else one for one in self.web.shipments)
        )

    @precondition(lambda self: self.web.shipments)
    @rule(data=st.data())
    def leaves(self, data: st.DataObject) -> None:
        shipment = data.draw(st.sampled_from(self.web.shipments))
        self._change(shipment, carrier_status=CarrierStatus.DELIVERING, reached_road=True)

    @precondition(lambda self: self.web.shipments)
    @rule(data=st.data(), status=st.sampled_from(sorted(set(CarrierStatus) - {CarrierStatus.PENDING})))
    def carrier(self, data: st.DataObject, status: CarrierStatus) -> None:
        shipment = data.draw(st.sampled_from(self.web.shipments))
        road = {"delivering", "delivered", "notmeetcustomer", "waitingforreturn", "return"}
        self._change(shipment, carrier_status=status, reached_road=shipment.reached_road or status.value in road)

    @precondition(lambda self: self.web.shipments)
    @rule(data=st.data(), status=st.sampled_from(sorted(_MONEY)))
    def money(self, data: st.DataObject, status: CodStatus) -> None:
        self._change(data.draw(st.sampled_from(self.web.shipments)), cod_status=status)

    @precondition(lambda self: self.web.shipments)
    @rule(data=st.data())
    def arrives_and_is_paid(self, data: st.DataObject) -> None:
        shipment = data.draw(st.sampled_from(self.web.shipments))
        fields = {"carrier_status": CarrierStatus.DELIVERED, "cod_status": CodStatus.RECEIPT, "reached_road": True}
        self._change(shipment, **fields)

    @precondition(lambda self: "web" in self.trouble and self.web.shipments)
    @rule()
    def buyer_cancels(self) -> None:
        self.web = replace(self.web, cancelled_at=self.web.cancelled_at or build.NOW)

    @precondition(lambda self: "web" in self.trouble and self.record.state is State.COMPLETED)
    @rule(pieces=st.integers(1, 2))
    def refund(self, pieces: int) -> None:
        if not self.web.refunds:
            self.web = replace(self.web, refunds=(build.refund((1, pieces)),))

    # --- what people do in KiotViet ----------------------------------------------------------------------------------

    @precondition(lambda self: "clerk" in self.trouble and self.orders)
    @rule(status=st.sampled_from([OrderStatus.CANCELLED, OrderStatus.CONFIRMED, OrderStatus.COMPLETED]))
    def clerk_moves_the_order(self, status: OrderStatus) -> None:
        self.met_people = True
        self.orders[-1] = replace(self.orders[-1], status=status)
        self.record = replace(self.record, kiotviet_news=True)

    @precondition(lambda self: "clerk" in self.trouble and self.orders)
    @rule(pieces=st.integers(1, 5))
    def clerk_edits_the_order(self, pieces: int) -> None:
        self.met_people = True
        shown = self.orders[-1]
        lines = (replace(shown.lines[0], quantity=Decimal(pieces)), *shown.lines[1:])
        total = sum((line.quantity * line.price for line in lines), Decimal(0)) - shown.discount
        self.orders[-1] = replace(shown, lines=lines, total=total)
        self.record = replace(self.record, kiotviet_news=True)

    @precondition(lambda self: "clerk" in self.trouble and self.invoices)
    @rule(data=st.data(), status=st.sampled_from([InvoiceStatus.CANCELLED, InvoiceStatus.COMPLETED]))
    def clerk_moves_an_invoice(self, data: st.DataObject, status: InvoiceStatus) -> None:
        self.met_people = True
        number = data.draw(st.integers(0, len(self.invoices) - 1))
        self.invoices[number] = replace(self.invoices[number], status=status)
        self.record = replace(self.record, kiotviet_news=True)

    # --- what we do --------------------------------------------------------------------------------------------------

    @rule(lost=st.sampled_from(["", "", "", "before", "after"]))
    def walk(self, lost: str) -> None:
        """As far as it goes; `lost` says whether the first write is lost, and on which side of its effect."""
        try:
            writes = self._walk(lost)
        except LostAnswer:
            return
        again = self._walk("")
        assert again == [], f"what was done is not done again: {writes} then {again}"

    @rule(lost=st.sampled_from(["", "before", "after"]), whole=st.booleans(), pays=st.booleans())
    def a_parcel_goes_its_way(self, lost: str, whole: bool, pays: bool) -> None:
        """What most orders live through, with walks in between."""
        self.ship(whole)
        self.walk("")
        for shipment in self._going():
            self._change(shipment, carrier_status=CarrierStatus.DELIVERING, reached_road=True)
        self.walk(lost)
        self.walk("")
        for shipment in self._going():
            paid = CodStatus.RECEIPT if pays else CodStatus.PENDING
            self._change(shipment, carrier_status=CarrierStatus.DELIVERED, cod_status=paid)
        self.walk(lost)

    def _walk(self, lost: str) -> list[Decision]:
        """What was written until nothing was left to do."""
        view, writes = View(), list[Decision]()
        for _ in range(MOST_STEPS):
            decision = decide(self.web, self.record, view, self.policy, INDEX)
            assert decide(self.web, self.record, view, self.policy, INDEX) == decision
            ended = self.record.state in FINAL and not self.record.kiotviet_news
            assert not (ended and isinstance(decision, _WRITES)), f"{decision} after {self.record.state}"
            if isinstance(decision, _WRITES):
                writes.append(decision)
            stepped = self._step(decision, view, lost)
            if stepped is None:
                return writes
            view, lost = stepped, "" if isinstance(decision, _WRITES) else lost
        raise AssertionError(f"never comes to rest: {decision}")

    def _step(self, decision: Decision, view: View, lost: str) -> View | None:
        """What is seen after a step; None after the last one."""
        match decision:
            case Settle() | Ignore() | GiveUp() | Stop():
                self._rest(decision)
                return None
            case Read(what):
                return self._read(view, what)
            case Adopt(order):
                return self._adopted(view, order)
            case CreateOrder(draft):
                return self._create_order(draft, lost)
            case AdoptInvoice(invoice, shipment):
                return self._remember(view, invoice, shipment.id)
            case CreateInvoice(shipment, draft):
                return self._create_invoice(view, shipment, draft, lost)
            case CompleteInvoice(invoice, shipment):
                self._send("complete_invoice", shipment.id, lost, lambda: self._put(invoice, InvoiceStatus.COMPLETED))
                return self._remember(view, self._invoice(invoice.id), shipment.id)
            case VoidInvoice(invoice, shipment_id):
                self._send("void_invoice", shipment_id, lost, lambda: self._put(invoice, InvoiceStatus.CANCELLED))
                return self._voided(shipment_id)
            case NoteVoided(known):
                return self._voided(known.shipment_id)
            case ProveAbsent(operation, subject):
                self._forget(operation, subject)
                return view
            case CancelOrder(order):
                self._send("cancel_order", self.web.id, lost, lambda: self._move(order.id, OrderStatus.CANCELLED))
                return replace(view, order=self._order(order.id))

    def _rest(self, decision: Settle | Ignore | GiveUp | Stop) -> None:
        if isinstance(decision, GiveUp):
            self._forget("create_order", self.web.id)
            decision = decision.instead
        target = State.IGNORED if isinstance(decision, Ignore) else decision.state
        hold = Hold(decision.code, "because", build.NOW) if isinstance(decision, Stop) else None
        before = self.record.state
        state = settle_into(before, target)
        assert before not in (State.COMPLETED, State.CANCELLED) or state is before, "an end is an end"
        self.record = replace(self.record, state=state, hold=hold, kiotviet_news=False)

    def _read(self, view: View, what: str) -> View:
        if what == "search":
            self.record = replace(self.record, searched=True)
            return replace(view, search=Search(tuple(self.orders), complete=True))
        if what == "order":
            assert self.record.order is not None
            return replace(view, order=self._order(self.record.order.id))
        return replace(view, invoices=tuple(self.invoices))

    def _order(self, order_id: int) -> PosOrder | Gone:
        return next((order for order in self.orders if order.id == order_id), Gone())

    def _invoice(self, invoice_id: int) -> PosInvoice:
        return next(invoice for invoice in self.invoices if invoice.id == invoice_id)

    def _send(self, operation: str, subject: int, lost: str, effect: object) -> None:
        """A write with its intent; whether its answer is lost or not, it is on record before it is sent."""
        self._forget(operation, subject)
        intent = Intent(operation, str(subject), "marker", "digest", build.NOW)
        self.record = replace(self.record, intents=(*self.record.intents, intent))
        if lost != "before":
            effect()  # type: ignore[operator]
        if lost:
            raise LostAnswer
        self._forget(operation, subject)

    def _forget(self, operation: str, subject: int) -> None:
        kept = tuple(i for i in self.record.intents if (i.operation, i.subject) != (operation, str(subject)))
        self.record = replace(self.record, intents=kept)

    def _create_order(self, draft: Draft, lost: str) -> View | None:
        made = replace(
            build.document(self.web, id=8001 + len(self.orders), total=draft.expected_total),
            created_at=build.NOW + timedelta(minutes=len(self.orders)),
            lines=build.pos_lines(draft),
        )
        self._send("create_order", self.web.id, lost, lambda: self.orders.append(made))
        return self._adopted(View(), made)

    def _adopted(self, view: View, order: PosOrder) -> View | None:
        self._forget("create_order", self.web.id)
        ref = DocumentRef(order.id, order.code, order.branch_id, 1)
        state, digest = settle_into(self.record.state, State.ORDERED), documents.lines_digest(self.web)
        self.record = replace(self.record, order=ref, state=state, lines_digest=digest, kiotviet_news=False)
        stop = judge_document(self.web, self.record, order, view.search, INDEX)
        if stop is not None:
            self._rest(stop)
            return None
        return replace(view, order=order, invoices=None)

    def _create_invoice(self, view: View, shipment: Shipment, draft: Draft, lost: str) -> View | None:
        assert shipment.reached_road, "nothing is billed before the carrier has it"
        code = documents.delivery_code(shipment)
        made = replace(
            build.invoice(self.web, shipment, id=6001 + len(self.invoices), code=f"HD{len(self.invoices)}"),
            total=draft.expected_total,
            lines=build.pos_lines(draft),
        )
        assert made.delivery is not None
        assert made.delivery.code == code

        def effect() -> None:
            self.invoices.append(made)
            self._close_order()

        self._send("create_invoice", shipment.id, lost, effect)
        stop = judge_invoice(self.web, self.record, made, shipment, draft.expected_total, INDEX)
        seen = self._remember(view, made, shipment.id)
        if stop is not None:
            self._rest(stop)
            return None
        return replace(seen, order=self.orders[-1])

    def _close_order(self) -> None:
        """KiotViet calls an order done when all of it is billed, else partly."""
        billed = sum((line.quantity for one in self._living() for line in one.lines), Decimal(0))
        ordered = sum((line.quantity for line in self.orders[-1].lines), Decimal(0))
        done = OrderStatus.COMPLETED if billed >= ordered else OrderStatus.PARTLY_INVOICED
        self.orders[-1] = replace(self.orders[-1], status=done if billed else OrderStatus.DRAFT)

    def _living(self) -> list[PosInvoice]:
        return [one for one in self.invoices if one.status is not InvoiceStatus.CANCELLED]

    def _put(self, invoice: PosInvoice, status: InvoiceStatus) -> None:
        self.invoices = [replace(one, status=status) if one.id == invoice.id else one for one in self.invoices]
        if status is InvoiceStatus.CANCELLED:
            self._close_order()

    def _move(self, order_id: int, status: OrderStatus) -> None:
        self.orders = [replace(one, status=status) if one.id == order_id else one for one in self.orders]

    def _remember(self, view: View, invoice: PosInvoice, shipment_id: int) -> View:
        self._forget("create_invoice", shipment_id)
        if invoice.status is InvoiceStatus.COMPLETED:
            self._forget("complete_invoice", shipment_id)
        ref = InvoiceRef(invoice.id, invoice.code, shipment_id, invoice.status.value, 2, "", documents.billed(invoice))
        others = tuple(one for one in self.record.invoices if one.shipment_id != shipment_id)
        state = settle_into(self.record.state, State.SHIPPING)
        self.record = replace(self.record, invoices=(*others, ref), state=state)
        return replace(view, invoices=tuple(self.invoices))

    def _voided(self, shipment_id: int) -> View:
        self._forget("void_invoice", shipment_id)
        void = InvoiceStatus.CANCELLED.value
        refs = tuple(replace(o, state=void) if o.shipment_id == shipment_id else o for o in self.record.invoices)
        self.record = replace(self.record, invoices=refs)
        return View()

    # --- what must be so ---------------------------------------------------------------------------------------------

    @invariant()
    def at_most_one_live_order(self) -> None:
        if hasattr(self, "orders"):
            assert sum(order.status is not OrderStatus.CANCELLED for order in self.orders) <= 1

    @invariant()
    def at_most_one_live_invoice_of_each_shipment(self) -> None:
        if hasattr(self, "invoices"):
            codes = [one.delivery.code for one in self._living() if one.delivery]
            assert len(codes) == len(set(codes))

    @invariant()
    def no_dong_more_is_billed_than_the_web_says(self) -> None:
        if hasattr(self, "invoices"):
            assert sum((one.total for one in self._living()), Decimal(0)) <= self.web.total_price
            live = [one for one in self.orders if one.status is not OrderStatus.CANCELLED]
            if not self.met_people:
                assert [one.total for one in live] in ([], [self.web.total_price])


TestLife = Life.TestCase
TestLife.settings = hypothesis_settings(
    max_examples=EXAMPLES, derandomize="SYNCD_EXAMPLES" not in os.environ, stateful_step_count=30, deadline=None
)
