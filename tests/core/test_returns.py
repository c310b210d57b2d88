"""Goods that come back, where `on_return` lets syncd void invoices itself, and where the store was lost meanwhile."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from syncd.core.decisions import (
    AdoptInvoice,
    CancelOrder,
    Decision,
    Gone,
    NoteVoided,
    ProveAbsent,
    Read,
    Settle,
    Stop,
    View,
    VoidInvoice,
)
from syncd.core.lifecycle import State
from syncd.core.model import InvoiceStatus, OrderStatus, WebOrder
from syncd.core.orders import decide
from syncd.core.records import Record
from tests.core.build import (
    NOW,
    POLICY,
    document,
    hold,
    index,
    intent,
    invoice,
    line,
    order,
    ordered,
    ref,
    seen,
    shipment,
)

VOID = replace(POLICY, on_return="void_invoice")
BACK = shipment(1, "return")
HOME = order(shipments=(BACK,))
MADE = invoice(order(shipments=(shipment(),)), shipment())
KNOWN = ordered(HOME, State.RETURNING, ref(BACK))
NOTED = replace(KNOWN, invoices=(ref(BACK, "2"),))
PARTLY = {"status": OrderStatus.PARTLY_INVOICED}


def step(of: WebOrder, known: Record, view: View, policy: Any = VOID) -> Decision:
    return decide(of, known, view, policy, index())


def stopped(decision: Decision) -> tuple[str, str]:
    assert isinstance(decision, Stop), decision
    return decision.code, str(decision.reason)


def test_goods_that_came_back_lose_their_invoice_then_their_open_order_then_nothing_is_left() -> None:
    assert step(HOME, KNOWN, seen(HOME, MADE, **PARTLY)) == VoidInvoice(MADE, BACK.id)
    voided = replace(MADE, status=InvoiceStatus.CANCELLED)
    assert step(HOME, KNOWN, seen(HOME, voided)) == NoteVoided(ref(BACK))
    still_open = seen(HOME, voided)
    assert step(HOME, NOTED, still_open) == CancelOrder(document(HOME), State.RETURNED)
    closed = step(HOME, NOTED, seen(HOME, voided, status=OrderStatus.CANCELLED))
    assert isinstance(closed, Settle)
    assert closed.state is State.RETURNED


def test_an_invoice_that_was_settled_before_its_goods_came_back_is_for_a_person() -> None:
    of = order(line(1, 2), shipments=(BACK,))
    settled = invoice(of, BACK, InvoiceStatus.COMPLETED)
    code, reason = stopped(step(of, ordered(of, State.SHIPPING, ref(BACK, "1")), seen(of, settled, **PARTLY)))
    assert (code, "HD71" in reason) == ("returned", True)


def test_an_invoice_with_other_pieces_than_its_shipment_is_never_voided() -> None:
    other = replace(MADE, lines=(replace(MADE.lines[0], quantity=Decimal(4)),))
    code, reason = stopped(step(HOME, KNOWN, seen(HOME, other, **PARTLY)))
    assert (code, "HD71 of #100020 was made or changed by hand" in reason) == ("edited_in_kiotviet", True)


def test_an_invoice_that_nobody_knows_keeps_the_order_from_being_ended() -> None:
    strange = replace(MADE, id=9, code="HD99", delivery=None, lines=(replace(MADE.lines[0], product_id=999),))
    code, reason = stopped(step(HOME, NOTED, seen(HOME, strange, **PARTLY)))
    assert (code, "HD99 of #100020" in reason) == ("edited_in_kiotviet", True)


def test_an_order_with_a_status_that_nobody_knows_is_not_ended() -> None:
    view = seen(HOME, status=OrderStatus.UNKNOWN, status_text="Chờ duyệt")
    code, reason = stopped(step(HOME, NOTED, view))
    assert (code, "'Chờ duyệt'" in reason) == ("edited_in_kiotviet", True)


def test_one_shipment_that_came_back_while_the_other_goes_on_loses_its_invoice() -> None:
    of = order(line(1), line(2), shipments=(shipment(1, "return", (1, 1)), shipment(2, "delivering", (2, 1))))
    back, going = of.shipments
    known = ordered(of, State.SHIPPING, ref(back), ref(going))
    view = seen(of, invoice(of, back), invoice(of, going), **PARTLY)
    assert step(of, known, view) == VoidInvoice(invoice(of, back), back.id)
    code, reason = stopped(step(of, known, view, POLICY))
    assert (code, "cancel HD71 in KiotViet" in reason) == ("returned", True)


def test_what_came_back_stays_open_until_a_person_ends_the_order_once_the_rest_is_done() -> None:
    of = order(
        line(1),
        line(2),
        shipments=(shipment(1, "return", (1, 1)), shipment(2, "delivered", (2, 1), cod="codreceipt")),
    )
    back, done = of.shipments
    known = ordered(of, State.SHIPPING, ref(back, "2"), ref(done, "1"))
    assert step(of, known, View()) == Read("order")
    code, reason = stopped(step(of, known, View(order=document(of, OrderStatus.PARTLY_INVOICED))))
    assert (code, "DH000185" in reason) == ("returned", True)
    for ended in (document(of, OrderStatus.COMPLETED), Gone()):
        decision = step(of, known, View(order=ended))
        assert isinstance(decision, Settle)
        assert decision.state is State.COMPLETED


# --- answers that were lost ------------------------------------------------------------------------------------------

ASKED = (intent("create_invoice", BACK.id),)


@pytest.mark.parametrize(
    ("story", "of"),
    [
        ("its goods came back", HOME),
        ("its shipment was cancelled", order(shipments=(shipment(1, "cancel"), shipment(2, "picking")))),
        ("its order was cancelled", order(shipments=(shipment(1, "picking"),), cancelled_at=NOW)),
    ],
)
def test_an_invoice_that_may_have_been_made_is_looked_for_until_it_is_surely_absent(story: str, of: WebOrder) -> None:
    known = ordered(of, intents=ASKED)
    assert step(of, known, View()) == Read("order"), story
    assert step(of, known, View(order=document(of))) == Read("invoices"), story
    assert step(of, known, seen(of)) == ProveAbsent("create_invoice", BACK.id), story
    assert step(of, known, seen(of, MADE, **PARTLY)) == VoidInvoice(MADE, BACK.id), story


@pytest.mark.parametrize("by_now", ["waitingforreturn", "picking"])
def test_an_invoice_that_may_have_been_made_is_looked_for_also_where_its_parcel_turned_meanwhile(by_now: str) -> None:
    of = order(shipments=(shipment(1, by_now),))
    known = ordered(of, intents=(intent("create_invoice", of.shipments[0].id),))
    assert step(of, known, View()) == Read("order")
    assert step(of, known, seen(of)) == ProveAbsent("create_invoice", of.shipments[0].id)
    mine = invoice(of, of.shipments[0])
    assert step(of, known, seen(of, mine, **PARTLY)) == AdoptInvoice(mine, of.shipments[0])


@pytest.mark.parametrize("operation", ["complete_invoice", "void_invoice"])
def test_what_may_have_been_done_to_an_invoice_is_looked_for_where_its_reason_is_gone(operation: str) -> None:
    of = order(shipments=(shipment(1, "delivering"),))
    known = ordered(of, State.SHIPPING, ref(of.shipments[0]), intents=(intent(operation, of.shipments[0].id),))
    view = seen(of, invoice(of, of.shipments[0]), status=OrderStatus.COMPLETED)
    assert step(of, known, View()) == Read("order")
    assert step(of, known, view) == ProveAbsent(operation, of.shipments[0].id)


@pytest.mark.parametrize("code", ["cancelled_after_shipping", "returned"])
def test_a_hold_for_an_invoice_that_only_kiotviet_shows_is_let_go_only_by_a_reading(code: str) -> None:
    of = order(shipments=(shipment(1, "cancel"), shipment(2, "picking")))
    known = ordered(of, hold=hold(code))
    assert step(of, known, View(), POLICY) == Read("order")
    held, _ = stopped(step(of, known, seen(of, MADE, **PARTLY), POLICY))
    assert held == "cancelled_after_shipping"
    assert isinstance(step(of, known, seen(of), POLICY), Settle)


def test_the_code_of_a_shipment_that_haravan_shows_no_more_is_remembered() -> None:
    of = order(cancelled_at=NOW)
    known = replace(ordered(of, State.SHIPPING, ref(BACK)), tracking={BACK.id: ("GHN1",)})
    renumbered = replace(MADE, id=6999, code="HD71.01")
    assert step(of, known, seen(of, renumbered, **PARTLY)) == VoidInvoice(renumbered, BACK.id)


# --- a store that was lost -------------------------------------------------------------------------------------------


def settled_parcels() -> tuple[WebOrder, tuple[Any, ...]]:
    """Two parcels that were delivered, paid and settled, and then came back."""
    gone = tuple(shipment(number, "delivered", (number, 1), cod="codreceipt") for number in (1, 2))
    before = order(line(1), line(2), shipments=gone)
    made = tuple(invoice(before, one, InvoiceStatus.COMPLETED) for one in gone)
    return replace(before, shipments=tuple(shipment(number, "return", (number, 1)) for number in (1, 2))), made


def test_an_order_that_was_completed_before_its_goods_came_back_is_recognised_by_its_settled_invoices() -> None:
    of, made = settled_parcels()
    first, second = of.shipments
    view = seen(of, *made, status=OrderStatus.COMPLETED)
    assert step(of, ordered(of, State.ORDERED), view) == AdoptInvoice(made[0], first)
    one_known = ordered(of, State.SHIPPING, ref(first, "1"))
    assert step(of, one_known, view) == AdoptInvoice(made[1], second)
    stale = ordered(of, State.SHIPPING, ref(first, "1"), ref(second, "3"))
    assert step(of, stale, view) == AdoptInvoice(made[1], second)
    both = step(of, ordered(of, State.SHIPPING, ref(first, "1"), ref(second, "1")), view)
    assert isinstance(both, Settle)
    assert both.state is State.COMPLETED


@pytest.mark.parametrize(
    ("story", "change"),
    [
        ("one parcel has no invoice", lambda made: made[:1]),
        ("one invoice is not settled", lambda made: (made[0], replace(made[1], status=InvoiceStatus.PROCESSING))),
        ("one fits no parcel", lambda made: (*made, replace(made[1], id=9, delivery=None, lines=()))),
        ("one holds other pieces", lambda made: (made[0], replace(made[1], lines=made[0].lines))),
        (
            "one parcel has two",
            lambda made: (*made, replace(made[1], id=9, code="HD99", created_at=NOW + timedelta(days=1))),
        ),
    ],
)
def test_an_order_that_may_not_have_been_completed_is_for_a_person(story: str, change: Any) -> None:
    of, made = settled_parcels()
    code, _ = stopped(step(of, ordered(of), seen(of, *change(made), **PARTLY)))
    assert code in ("returned", "edited_in_kiotviet"), story


@pytest.mark.parametrize("status", [InvoiceStatus.PROCESSING, InvoiceStatus.COMPLETED])
def test_a_lost_store_learns_of_the_invoice_of_a_parcel_that_is_on_its_way_back(status: InvoiceStatus) -> None:
    of = order(shipments=(shipment(1, "waitingforreturn"),))
    known = ordered(of)
    assert step(of, known, View(), POLICY) == Read("order")
    mine = invoice(of, of.shipments[0], status)
    view = seen(of, mine, status=OrderStatus.COMPLETED)
    assert step(of, known, view, POLICY) == AdoptInvoice(mine, of.shipments[0])
    assert isinstance(step(of, known, seen(of), POLICY), Settle), "none was made before it turned"
