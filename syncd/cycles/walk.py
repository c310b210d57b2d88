"""One order, step by step: decide, read or write, record, and decide again until nothing is left to do."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from syncd.clients.pages import ListQuery
from syncd.clock import Clock
from syncd.core import documents, orders
from syncd.core.decisions import (
    Adopt,
    AdoptInvoice,
    CancelOrder,
    CompleteInvoice,
    CreateInvoice,
    CreateOrder,
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
from syncd.core.lifecycle import FINAL, State, settle_into
from syncd.core.model import InvoiceStatus, OrderStatus, PosInvoice, PosOrder, WebOrder
from syncd.core.orders import OrderPolicy
from syncd.core.products import Index
from syncd.core.records import Hold, Intent, Record, Said
from syncd.core.texts import Say, Text, text
from syncd.cycles import holds, people
from syncd.cycles.counted import Counted
from syncd.cycles.parties import Parties
from syncd.cycles.ports import KiotViet
from syncd.cycles.reserve import Reserve
from syncd.cycles.search import MarkerSearch, invoices_of
from syncd.cycles.writes import LookAgain, Waiting, Writes
from syncd.errors import BadPayload, IncompleteScan, NotFound, OutcomeUnknown, Rejected
from syncd.logs import get_logger
from syncd.store import Store

_MOST_STEPS = 40
_INVOICED = frozenset({OrderStatus.PARTLY_INVOICED, OrderStatus.COMPLETED})
_INVOICES_SHOW = "invoices_change_order_status"
_log = get_logger()


@dataclass(frozen=True, slots=True)
class Tools:
    """What every walk of a cycle shares; `say` says a sentence in the shop's language."""

    kiotviet: KiotViet
    store: Store
    policy: OrderPolicy
    index: Callable[[], Index]
    search: MarkerSearch
    parties: Parties
    reserve: Reserve
    writes: Writes
    clock: Clock
    say: Say


class Walk:
    """Everything that one cycle does about one order. Dying at any line of it loses and doubles nothing."""

    def __init__(self, tools: Tools, order: WebOrder, record: Record, settled_key: str) -> None:
        """Begin with the order as Haravan shows it and what the ledger remembers."""
        self._t = tools
        self._order = order
        self._record = record
        self._key = settled_key
        self._view = View()
        self._counted = Counted(tools.store, tools.reserve, tools.index, tools.clock, order)
        self._sent: set[tuple[str, int]] = set()
        self.changed = False

    def go(self) -> None:
        """Take steps until both sides agree as far as they can now, or the order is held.

        Raises:
            Transient, OutcomeUnknown, AuthError, StoreUnwritable: The order stays as recorded; the next cycle goes on.
        """
        for _ in range(_MOST_STEPS):
            try:
                if self._step():
                    return
            except LookAgain:
                self._view = View()
                self._t.search.forget()
            except Rejected as error:
                self._hold_rejected(error)
                return
            except BadPayload as error:
                self._hold(holds.unreadable(self._order.number, error, self._now(), self._t.say), self._record.state)
                return
            except IncompleteScan as error:
                if self._record.intents:
                    self._hold(holds.unknown(self._order.number, error, self._now(), self._t.say), self._record.state)
                raise
        raise OutcomeUnknown(self._t.say(text("still_not_settled", steps=_MOST_STEPS)))

    def _step(self) -> bool:
        """Take the next step; True when it was the last one for now."""
        decision = orders.decide(self._order, self._record, self._view, self._t.policy, self._t.index())
        match decision:
            case Ignore(reason):
                self._settle(State.IGNORED, reason)
                return True
            case Settle(state, reason, task):
                self._settle(state, reason, task)
                return True
            case Stop():
                self._stop(decision)
                return True
            case GiveUp(instead):
                self._give_up(instead)
                return True
            case Read(what):
                self._read(what)
            case Adopt(order):
                # a row of a list does not show surcharges; the document itself does
                return self._adopted(self._found_order(order.id), "order_found")
            case CreateOrder():
                return self._create_order(decision)
            case AdoptInvoice(invoice, shipment):
                self._invoice_shown(invoice, shipment.id)
            case CreateInvoice():
                return self._create_invoice(decision)
            case CompleteInvoice():
                self._complete_invoice(decision)
            case VoidInvoice(invoice, shipment_id):
                self._void_invoice(invoice, shipment_id)
            case NoteVoided(known):
                self._voided(known.shipment_id, known.code)
            case ProveAbsent(operation, subject):
                self._prove_absent(operation, subject)
            case CancelOrder(order, state):
                self._cancel_order(order, state)
            case _:
                assert_never(decision)
        return False

    def _reload(self) -> None:
        record = self._t.store.orders.record(self._order.id)
        assert record is not None, f"order {self._order.id} vanished from the store"
        self._record = record

    def _now(self) -> datetime:
        return self._t.clock.now()

    def _intent(self, operation: str, subject: int) -> Intent | None:
        return self._record.intent(operation, subject)

    def _settle(self, state: State, why: Text, task: Text | None = None) -> None:
        reason = self._t.say(why)
        target = settle_into(self._record.state, state)
        if target in FINAL or target is State.RETURNED:
            self._t.parties.conclude(self._record)
        if target is not self._record.state:
            self.changed = True
        # before it is recorded as settled: whoever dies in between is asked again
        if task is not None:
            people.tell_of_edit(self._t.store, self._record, task, self._now(), self._t.say)
        people.ask(self._t.store, self._order, self._record, self._t.index(), target, self._now(), self._t.say)
        self._t.store.orders.settle(self._order.id, target, reason, self._key, self._now(), said=self._said())

    def _stop(self, stop: Stop) -> None:
        state = settle_into(self._record.state, stop.state)
        self._hold(Hold(stop.code, self._t.say(stop.reason), self._now()), state)

    def _hold(self, hold: Hold, state: State) -> None:
        again = holds.look_again_at(hold.code, self._record, self._now())
        pages = self._t.store.orders
        if pages.hold(self._order.id, state, hold, look_again_at=again, now=self._now(), said=self._said()):
            self.changed = True

    def _said(self) -> Said | None:
        """What KiotViet's documents said in this walk: only something else is news; None where not all was read."""
        view = self._view
        if view.order is None or view.invoices is None:
            return None
        order = documents.said(view.order) if isinstance(view.order, PosOrder) else ""
        return Said(order, {invoice.id: documents.said(invoice) for invoice in view.invoices})

    def _hold_rejected(self, error: Rejected) -> None:
        self._t.parties.forget()
        hold = holds.refused(self._order.number, error, self.fingerprint(), self._now(), self._t.say)
        self._hold(hold, self._record.state)
        # a customer who was made for what was refused is confirmed by no order
        self._reload()
        self._t.parties.conclude(self._record)

    def fingerprint(self) -> str:
        """A digest of what a refusal may depend on: the order, its products and the shop's settings."""
        links = orders.links_of(self._order, self._t.index())
        products = sorted((line_id, link.product_id, link.code) for line_id, link in links.items())
        return documents.digest([self._key, products])

    def _read(self, what: str) -> None:
        if what == "search":
            self._view = replace(self._view, search=self._search())
        elif what == "order":
            order = self._read_order()
            self._note_whether_invoices_show(order)
            invoices = () if self._has_no_invoice(order) else self._view.invoices
            self._view = replace(self._view, order=order, invoices=invoices)
        else:
            shown = self._read_invoices()
            self._view = replace(self._view, invoices=shown)
            self._record = self._counted.see_invoices(self._record, self._view.order, shown)

    def _has_no_invoice(self, order: PosOrder | Gone) -> bool:
        """Whether its status alone says so, in a KiotViet where invoices were seen to change it; not with a doubt open.

        Source: KiotViet docs, orders, status 1 *Phiếu tạm*; that an invoice changes it is observed, not documented.
        """
        record = self._record
        uncounted = record.order is not None and record.order.seen_seq is None
        doubted = uncounted or record.invoices or record.intents or record.hold is not None or record.kiotviet_news
        draft = not isinstance(order, Gone) and order.status is OrderStatus.DRAFT and not doubted
        return draft and self._t.store.recall(_INVOICES_SHOW) is True

    def _note_whether_invoices_show(self, order: PosOrder | Gone) -> None:
        invoiced = any(invoice.seen_seq is not None for invoice in self._record.live_invoices)
        shows = invoiced and not isinstance(order, Gone) and order.status in _INVOICED
        if shows and self._t.store.recall(_INVOICES_SHOW) is not True:
            self._t.store.remember(_INVOICES_SHOW, True)

    def _search(self) -> Search:
        intent = self._intent("create_order", self._order.id)
        attempted_at = intent.at if intent else None
        result_id = intent.result_id if intent else None
        found = self._t.search.look(
            self._order.id, self._order.created_at, attempted_at, result_id, whole=self._record.order is not None
        )
        if found.complete and not found.found and intent is None and not self._record.searched:
            self._t.store.orders.mark_searched(self._order.id)
        return found

    def _read_order(self) -> PosOrder | Gone:
        assert self._record.order is not None, "asked for only where there is a KiotViet order"
        try:
            document = self._t.kiotviet.order(self._record.order.id)
        except NotFound:
            # a feature that is switched off answers like an order that is not there; the list tells them apart
            self._t.kiotviet.orders_page(ListQuery(size=1))
            self._t.store.orders.order_gone(self._order.id, self._now())
            return Gone()
        self._record = self._counted.see_order(self._record, document)
        return document

    def _read_invoices(self) -> tuple[PosInvoice, ...]:
        if not isinstance(self._view.order, PosOrder):
            return self._invoices_by_id()
        return invoices_of(self._t.kiotviet, self._view.order, self._order.id, self._t.say)

    def _invoices_by_id(self) -> tuple[PosInvoice, ...]:
        """Of an order that is gone no invoices can be listed; those that we know can still be asked for."""
        found: list[PosInvoice] = []
        for known in self._record.live_invoices:
            with suppress(NotFound):
                found.append(self._t.kiotviet.invoice(known.id))
        return tuple(found)

    def _adopted(self, document: PosOrder, event: str) -> bool:
        """Remember a KiotViet order that a read showed; True when it must be held."""
        digest = documents.lines_digest(self._order)
        state = settle_into(self._record.state, State.ORDERED)
        counted = self._counted.shows(document)
        self._t.store.orders.order_shown(self._order.id, document, digest, event, state, self._now(), counted=counted)
        self.changed = True
        self._reload()
        # nobody can have invoiced what was made a moment ago
        made_now = () if event == "order_created" and document.status is OrderStatus.DRAFT else None
        self._view = replace(self._view, order=document, invoices=made_now)
        self._t.reserve.learn(document)
        stop = orders.judge_document(self._order, self._record, document, self._view.search, self._t.index())
        if stop is not None:
            self._stop(stop)
        return stop is not None

    def _create_order(self, decision: CreateOrder) -> bool:
        order = self._order
        searched = self._view.search is not None and self._view.search.complete
        self._t.writes.clear_to_send("create_order", order.id, complete=searched)
        draft, branch_id = decision.draft, decision.branch_id
        customer_id = self._t.parties.customer(order, branch_id)
        surcharge = self._t.parties.surcharge(draft.shipping) if draft.shipping > 0 else None
        payment = self._t.policy.deposit(order)
        body = documents.order_body(
            order, draft, branch_id=branch_id, customer_id=customer_id, surcharge=surcharge, payment=payment
        )
        made: list[PosOrder] = []

        def write() -> None:
            answer = self._t.writes.send(
                "create_order",
                order.id,
                documents.marker(order.id),
                body,
                lambda: self._t.kiotviet.create_order(body),
                haravan_id=order.id,
                result_id=lambda document: document.id,
            )
            made.append(self._shown_order(answer.id))

        self._t.reserve.watch(draft, branch_id, write)
        return self._adopted(made[0], "order_created")

    def _shown_order(self, document_id: int) -> PosOrder:
        try:
            return self._t.kiotviet.order(document_id)
        except NotFound as error:
            raise OutcomeUnknown(self._t.say(text("order_not_shown_yet", id=document_id))) from error

    def _found_order(self, document_id: int) -> PosOrder:
        """What a search has found, as it is now; where it is gone, all that searches remember is doubtful."""
        try:
            return self._shown_order(document_id)
        except OutcomeUnknown:
            self._t.search.forget_all()
            raise

    def _give_up(self, instead: Ignore | Settle) -> None:
        """A create whose answer was lost, of an order that nobody wants any more: proved absent, then forgotten."""
        self._t.writes.clear_to_send("create_order", self._order.id)
        self._t.writes.confirmed("create_order", self._order.id, self._order.id)
        self._settle(instead.state if isinstance(instead, Settle) else State.IGNORED, instead.reason)

    def _cancel_order(self, document: PosOrder, becomes: State) -> None:
        self._once("cancel_order", self._order.id, text("cancelled_not_shown", code=document.code))
        self._t.writes.clear_to_send("cancel_order", self._order.id)
        self._t.writes.send(
            "cancel_order",
            self._order.id,
            document.code,
            {"id": document.id},
            lambda: self._t.kiotviet.cancel_order(document.id),
            haravan_id=self._order.id,
        )
        shown = self._read_order()
        self._view = replace(self._view, order=shown)
        if isinstance(shown, Gone) or shown.status is OrderStatus.CANCELLED:
            state = settle_into(self._record.state, becomes)
            self._t.store.orders.order_cancelled(self._order.id, state, self._now())
            self.changed = True
            self._reload()

    def _create_invoice(self, decision: CreateInvoice) -> bool:
        """Make the invoice of one shipment; True when what KiotViet made of it must be held."""
        shipment, document = decision.shipment, decision.order
        self._t.writes.clear_to_send("create_invoice", shipment.id)
        surcharge = self._t.parties.surcharge(decision.draft.shipping) if decision.draft.shipping > 0 else None
        body = documents.invoice_body(
            self._order,
            shipment,
            decision.draft,
            order_document_id=document.id,
            branch_id=document.branch_id,
            customer_id=document.customer_id,
            surcharge=surcharge,
            payment=self._t.policy.settlement(decision.share.received),
        )
        answer = self._t.writes.send(
            "create_invoice",
            shipment.id,
            documents.delivery_code(shipment),
            body,
            lambda: self._t.kiotviet.create_invoice(body),
            haravan_id=self._order.id,
            result_id=lambda invoice: invoice.id,
        )
        shown = self._shown_invoice(answer.id)
        expected = decision.draft.expected_total
        stop = orders.judge_invoice(self._order, self._record, shown, shipment, expected, self._t.index())
        self._invoice_shown(shown, shipment.id, "invoice_created", is_right=stop is None)
        if stop is not None:
            self._stop(stop)
        return stop is not None

    def _shown_invoice(self, invoice_id: int) -> PosInvoice:
        try:
            return self._t.kiotviet.invoice(invoice_id)
        except NotFound as error:
            raise OutcomeUnknown(self._t.say(text("invoice_not_shown_yet", id=invoice_id))) from error

    def _complete_invoice(self, decision: CompleteInvoice) -> None:
        invoice, shipment = decision.invoice, decision.shipment
        self._once(
            "complete_invoice",
            shipment.id,
            text("settled_not_shown", code=invoice.code, status=invoice.status_text),
        )
        self._t.writes.clear_to_send("complete_invoice", shipment.id)
        share = decision.share
        payment = self._t.policy.settlement(share.received)
        body = documents.completion_body(self._order, invoice, shipment, payment, share.collected)
        answer = self._t.writes.send(
            "complete_invoice",
            shipment.id,
            invoice.code,
            body,
            lambda: self._t.kiotviet.update_invoice(invoice.id, body),
            haravan_id=self._order.id,
            result_id=lambda changed: changed.id,
        )
        shown = self._shown_invoice(answer.id)
        if shown.status is InvoiceStatus.COMPLETED:
            self._invoice_shown(shown, shipment.id, instead_of=invoice.id)
        else:
            self._view = replace(self._view, invoices=None)

    def _void_invoice(self, invoice: PosInvoice, shipment_id: int) -> None:
        """Void an invoice, then read order and invoices anew: what KiotViet makes of the order is not documented."""
        self._once("void_invoice", shipment_id, text("voided_not_shown", code=invoice.code))
        self._t.writes.clear_to_send("void_invoice", shipment_id)
        self._t.writes.send(
            "void_invoice",
            shipment_id,
            invoice.code,
            {"id": invoice.id},
            lambda: self._t.kiotviet.void_invoice(invoice.id),
            haravan_id=self._order.id,
        )
        self._view = replace(self._view, order=None, invoices=None)
        try:
            shown = self._t.kiotviet.invoice(invoice.id)
        except NotFound:
            self._voided(shipment_id, invoice.code)
            return
        if shown.status is InvoiceStatus.CANCELLED:
            self._voided(shipment_id, invoice.code)

    def _voided(self, shipment_id: int, code: str) -> None:
        # with `hold` the goods are back once people have ended the KiotViet order, whenever they voided its invoice
        for_good = self._order.cancelled_at is not None and self._t.policy.on_return == "void_invoice"
        self._t.store.orders.invoice_voided(self._order.id, shipment_id, code, self._now(), for_good=for_good)
        self.changed = True
        self._reload()
        self._read("order")  # whether its pieces are reserved again is known only from a reading

    def _prove_absent(self, operation: str, subject: int) -> None:
        """Nothing shows a write whose answer was lost: once two looks agree, it is forgotten."""
        self._t.writes.clear_to_send(operation, subject)
        self._t.writes.confirmed(operation, subject, self._order.id)
        self._reload()

    def _invoice_shown(
        self,
        invoice: PosInvoice,
        shipment_id: int,
        event: str = "",
        *,
        instead_of: int | None = None,
        is_right: bool = True,
    ) -> None:
        """Remember what a read shows of a shipment's invoice; `instead_of` is the id it had before our own change."""
        done = invoice.status is InvoiceStatus.COMPLETED
        event = event or ("invoice_completed" if done else "invoice_found")
        state = settle_into(self._record.state, State.SHIPPING)
        billed = documents.billed(invoice) if is_right else None
        self._t.store.orders.invoice_shown(self._order.id, shipment_id, invoice, event, state, billed, self._now())
        self.changed = True
        self._reload()
        kept = (known for known in self._view.invoices or () if known.id not in (invoice.id, instead_of))
        self._view = replace(self._view, invoices=(*kept, invoice))

    def _once(self, operation: str, subject: int, otherwise: Text) -> None:
        """A write that was answered but shows no effect is not repeated in the same cycle: people are told."""
        if (operation, subject) in self._sent:
            self._t.writes.confirmed(operation, subject, self._order.id)
            raise Rejected(self._t.say(otherwise))
        self._sent.add((operation, subject))


def handle(tools: Tools, order: WebOrder, settled_key: str) -> bool:
    """Walk one order as far as it goes now; True when something changed.

    Raises:
        Transient, OutcomeUnknown, AuthError, StoreUnwritable: As in `Walk.go`.
    """
    record = tools.store.orders.record(order.id)
    assert record is not None, f"order {order.id} was not recorded before it was handled"
    walk = Walk(tools, order, record, settled_key)
    if orders.rests(record, walk.fingerprint(), tools.clock.now()):
        return False
    try:
        walk.go()
    except Waiting as waiting:
        _log.info("write_in_doubt", error=waiting)
    return walk.changed
