"""What people did in KiotViet is noticed before a write; what says the same as Haravan is taken as it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from syncd.core.decisions import AdoptInvoice, CompleteInvoice, CreateInvoice, Decision, Gone, Read, Search, Stop, View
from syncd.core.edits import judge_document, judge_invoice
from syncd.core.lifecycle import State
from syncd.core.model import InvoiceStatus, OrderStatus, PosLine, PosSurcharge, WebOrder
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
    whole,
)

SHIPPED = shipment()
DELIVERED = shipment(1, "delivered", cod="codreceipt")
ON_ROAD = order(shipments=(SHIPPED,), shipping=30_000)
PAID = order(shipments=(DELIVERED,), shipping=30_000)
KNOWN = ordered(PAID, State.SHIPPING, ref(DELIVERED))
LATER = NOW + timedelta(hours=3)


def step(of: WebOrder, known: Record, view: View) -> Decision:
    return decide(of, known, view, POLICY, index())


def stopped(decision: Decision) -> tuple[str, str]:
    assert isinstance(decision, Stop), decision
    return decision.code, str(decision.reason)


def pieces(quantity: int, number: int = 1, price: int = 100_000) -> tuple[PosLine, ...]:
    return (PosLine(200 + number, f"SP-{number}", Decimal(quantity), Decimal(price)),)


# --- the order -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("story", "there", "words"),
    [
        ("deleted", Gone(), "DH000185 of #100020 is no longer in KiotViet"),
        ("cancelled", document(ON_ROAD, OrderStatus.CANCELLED), "was cancelled in KiotViet while Haravan still has"),
        (
            "a status nobody knows",
            document(ON_ROAD, OrderStatus.UNKNOWN, status_text="Chờ duyệt"),
            "shows the status 'Chờ duyệt', which is not known",
        ),
        ("more pieces", document(ON_ROAD, lines=pieces(2)), "its products or quantities differ from Haravan"),
        ("another product", document(ON_ROAD, lines=pieces(1, 2)), "its products or quantities differ from Haravan"),
        (
            "another total",
            document(ON_ROAD, total=Decimal(120_000), surcharges=(), modified_at=LATER),
            "its total is 120.000 đ while Haravan's is 130.000 đ",
        ),
        ("completed without an invoice", document(ON_ROAD, OrderStatus.COMPLETED), "completed in KiotViet without an"),
    ],
)
def test_an_order_that_people_changed_is_reported_and_nothing_is_written(story: str, there: Any, words: str) -> None:
    view = View(order=there, invoices=(), search=Search((), complete=True))
    code, reason = stopped(step(ON_ROAD, ordered(ON_ROAD), view))
    assert (code, words in reason) == ("edited_in_kiotviet", True), (story, reason)
    assert "#100020" in reason
    assert "syncd retry" in reason


@pytest.mark.parametrize(
    ("story", "change"),
    [
        ("confirmed by staff", {"status": OrderStatus.CONFIRMED, "modified_at": LATER}),
        ("partly invoiced", {"status": OrderStatus.PARTLY_INVOICED}),
        ("other words around the marker", {"description": "gấp! HRV#5001 gọi trước", "modified_at": LATER}),
        ("one line split in two", {"lines": (*pieces(0), *pieces(1)), "modified_at": LATER}),
        ("total without the surcharge", {"total": Decimal(100_000)}),
        ("total with the surcharge", {"total": Decimal(130_000)}),
        ("another discount, the same total", {"discount": Decimal(5), "modified_at": LATER}),
    ],
)
def test_an_order_that_still_says_the_same_is_taken_as_it_is(story: str, change: dict[str, Any]) -> None:
    decision = step(ON_ROAD, ordered(ON_ROAD), View(order=document(ON_ROAD, **change), invoices=()))
    assert isinstance(decision, CreateInvoice), story


@pytest.mark.parametrize("stamped", [None, NOW, NOW + timedelta(seconds=5)])
def test_a_wrong_total_that_nobody_touched_is_a_mismatch_with_both_figures(stamped: Any) -> None:
    wrong = document(ON_ROAD, total=Decimal(129_999), surcharges=(), modified_at=stamped)
    stop = judge_document(ON_ROAD, ordered(ON_ROAD), wrong, None, index())
    assert stop is not None
    assert stop.code == "total_mismatch"
    assert "129.999 đ" in str(stop.reason)
    assert "130.000 đ" in str(stop.reason)


def test_a_mismatch_stays_one_after_a_person_tried_to_correct_it() -> None:
    known = ordered(ON_ROAD, hold=hold("total_mismatch"))
    wrong = document(ON_ROAD, total=Decimal(1), surcharges=(), modified_at=LATER)
    assert stopped(step(ON_ROAD, known, View(order=wrong, invoices=())))[0] == "total_mismatch"


@pytest.mark.parametrize("code", ["edited_in_kiotviet", "duplicate_in_kiotviet", "total_mismatch"])
def test_a_hold_whose_cause_only_kiotviet_shows_is_looked_at_again(code: str) -> None:
    of = order()
    known = ordered(of, hold=hold(code))
    assert step(of, known, View()) == Read("order")
    view = seen(of)
    if code == "duplicate_in_kiotviet":
        assert step(of, known, view) == Read("search")
        view = replace(view, search=Search((document(of),), complete=True))
    assert not isinstance(step(of, known, view), Stop | Read), "the cause is gone"


def test_two_live_orders_of_one_marker_are_held_and_the_oldest_is_kept() -> None:
    of = order()
    twin = document(of, id=8002, code="DH000186", created_at=NOW + timedelta(minutes=1))
    dead = document(of, OrderStatus.CANCELLED, id=8003, code="DH000187")
    search = Search((twin, dead, document(of)), complete=True)
    stop = judge_document(of, ordered(of), document(of), search, index())
    assert stop is not None
    assert stop.code == "duplicate_in_kiotviet"
    assert "keep DH000185, cancel DH000186 there" in str(stop.reason)
    assert "DH000187" not in str(stop.reason)
    assert judge_document(of, ordered(of), document(of), Search((dead, document(of)), complete=True), index()) is None


def test_a_twin_that_is_still_there_keeps_the_hold_and_stops_every_write() -> None:
    known = ordered(ON_ROAD, hold=hold("duplicate_in_kiotviet"))
    twin = document(ON_ROAD, id=8002, code="DH000186", created_at=LATER)
    view = replace(seen(ON_ROAD), search=Search((document(ON_ROAD), twin), complete=True))
    assert stopped(step(ON_ROAD, known, view))[0] == "duplicate_in_kiotviet"


def test_lines_that_cannot_be_linked_any_more_are_compared_by_total_alone() -> None:
    of = order()
    assert judge_document(of, ordered(of), document(of, lines=pieces(7)), None, index(0)) is None


def test_goods_that_are_shipped_anew_after_the_return_was_wound_up_ask_for_a_person() -> None:
    of = order(shipments=(shipment(1, "return"), shipment(2)))
    known = ordered(of, State.RETURNED)
    view = View(order=document(of, OrderStatus.CANCELLED), invoices=(), search=Search((), complete=True))
    code, reason = stopped(step(of, known, view))
    assert (code, "DH000185" in reason) == ("returned", True)


def test_an_order_that_people_merged_into_another_is_told_with_the_other() -> None:
    other = document(order(), id=8002, code="DH000200", lines=pieces(3), total=Decimal(300_000))
    view = View(order=document(ON_ROAD, OrderStatus.CANCELLED), invoices=(), search=Search((other,), complete=True))
    code, reason = stopped(step(ON_ROAD, ordered(ON_ROAD), view))
    assert (code, "DH000200" in reason) == ("edited_in_kiotviet", True)


# --- the invoices ----------------------------------------------------------------------------------------------------


GOOD = invoice(PAID, DELIVERED)


@pytest.mark.parametrize(
    ("story", "there", "code", "words"),
    [
        (
            "voided",
            (replace(GOOD, status=InvoiceStatus.CANCELLED),),
            "edited_in_kiotviet",
            "HD71 of #100020 was cancelled",
        ),
        ("not listed any more", (), "edited_in_kiotviet", "HD71 of #100020 was cancelled"),
        (
            "not delivered, says KiotViet",
            (replace(GOOD, status=InvoiceStatus.UNDELIVERED, status_text="Không giao được"),),
            "edited_in_kiotviet",
            "HD71 of #100020 shows 'Không giao được'",
        ),
        (
            "a status nobody knows",
            (replace(GOOD, status=InvoiceStatus.UNKNOWN, status_text="Treo"),),
            "edited_in_kiotviet",
            "shows 'Treo'",
        ),
        (
            "other pieces",
            (replace(GOOD, lines=pieces(3), modified_at=LATER),),
            "edited_in_kiotviet",
            "differ from the shipment",
        ),
        (
            "another total, edited",
            (replace(GOOD, total=Decimal(1), surcharges=(), modified_at=LATER),),
            "edited_in_kiotviet",
            "its total is 1 đ instead of 130.000 đ",
        ),
        (
            "another total, untouched",
            (replace(GOOD, total=Decimal(1), surcharges=()),),
            "total_mismatch",
            "instead of 130.000 đ",
        ),
        (
            "two of one shipment",
            (GOOD, replace(GOOD, id=9, code="HD99", created_at=LATER)),
            "duplicate_in_kiotviet",
            "keep HD71, cancel HD99",
        ),
        (
            "one that fits no shipment",
            (GOOD, replace(GOOD, id=9, code="HD99", delivery=None)),
            "edited_in_kiotviet",
            "HD99 of #100020 was made or changed by hand and fits no shipment",
        ),
    ],
)
def test_an_invoice_that_people_changed_is_reported_and_not_settled(
    story: str, there: tuple[Any, ...], code: str, words: str
) -> None:
    found, reason = stopped(step(PAID, KNOWN, seen(PAID, *there, status=OrderStatus.PARTLY_INVOICED)))
    assert (found, words in reason) == (code, True), (story, reason)


@pytest.mark.parametrize(
    ("story", "change"),
    [
        ("found by its tracking number", {}),
        ("its tracking number was taken away", {"delivery": None}),
        ("another total, but with the surcharge it comes right", {"total": Decimal(100_000)}),
        ("split into two lines", {"lines": (*pieces(0), *pieces(1))}),
    ],
)
def test_an_edited_invoice_that_says_the_same_is_adopted_under_its_new_number(
    story: str, change: dict[str, Any]
) -> None:
    edited = replace(GOOD, id=6999, code="HD71.01", modified_at=LATER, **change)
    view = seen(PAID, replace(GOOD, status=InvoiceStatus.CANCELLED), edited)
    assert step(PAID, KNOWN, view) == AdoptInvoice(edited, DELIVERED), story
    known = ordered(PAID, State.SHIPPING, replace(ref(DELIVERED), id=6999, code="HD71.01"))
    assert step(PAID, known, view) == CompleteInvoice(edited, DELIVERED, whole(DELIVERED)), story


def test_a_settled_invoice_that_kiotviet_shows_otherwise_is_not_settled_twice() -> None:
    view = seen(PAID, replace(GOOD, status=InvoiceStatus.COMPLETED))
    assert isinstance(step(PAID, KNOWN, view), AdoptInvoice)
    done = ordered(PAID, State.SHIPPING, ref(DELIVERED, "1"), hold=hold("edited_in_kiotviet"))
    assert not isinstance(step(PAID, done, view), CompleteInvoice | CreateInvoice | Stop)


def test_a_completed_order_without_the_invoice_that_we_may_have_made_is_in_doubt() -> None:
    known = ordered(ON_ROAD, intents=(intent("create_invoice", SHIPPED.id),))
    view = View(order=document(ON_ROAD, OrderStatus.COMPLETED), invoices=())
    code, reason = stopped(step(ON_ROAD, known, view))
    assert code == "outcome_unknown"
    assert "its invoice cannot be seen" in reason


def test_an_order_that_kiotviet_left_completed_when_the_invoice_was_voided_for_good_reason_goes_on() -> None:
    of = order(shipments=(shipment(1, "cancel"), shipment(2)))
    voided = invoice(order(shipments=(shipment(1),)), shipment(1), InvoiceStatus.CANCELLED)
    view = View(order=document(of, OrderStatus.COMPLETED), invoices=(voided,))
    decision = step(of, ordered(of), view)
    assert isinstance(decision, CreateInvoice), "KiotViet says itself what it takes now"
    assert decision.shipment.id == 72


def test_an_invoice_that_people_complete_before_goods_and_money_are_there_is_reported() -> None:
    early = replace(invoice(ON_ROAD, SHIPPED), status=InvoiceStatus.COMPLETED)
    known = ordered(ON_ROAD, State.SHIPPING, ref(SHIPPED), kiotviet_news=True)
    code, reason = stopped(step(ON_ROAD, known, seen(ON_ROAD, early, status=OrderStatus.COMPLETED)))
    assert (code, "HD71" in reason) == ("edited_in_kiotviet", True)
    ours = replace(known, intents=(intent("complete_invoice", SHIPPED.id),))
    decision = step(ON_ROAD, ours, seen(ON_ROAD, early, status=OrderStatus.COMPLETED))
    assert isinstance(decision, AdoptInvoice), "we may have completed it ourselves"


def test_an_invoice_of_a_shipment_that_was_cancelled_since_is_not_taken_for_the_next_one() -> None:
    former = shipment(1, "cancel")
    of = order(shipments=(former, shipment(2)))
    made = invoice(order(shipments=(shipment(1),)), shipment(1))
    code, reason = stopped(step(of, ordered(of), seen(of, made)))
    assert code == "cancelled_after_shipping"
    assert "cancel HD71 in KiotViet" in reason
    shared = order(shipments=(former, replace(shipment(2), tracking_numbers=("GHN1",))))
    assert isinstance(step(shared, ordered(shared), seen(shared, made)), AdoptInvoice), (
        "the number is the new one's too"
    )


def test_an_invoice_just_made_is_judged_by_pieces_and_total() -> None:
    due = Decimal(130_000)
    assert judge_invoice(PAID, KNOWN, GOOD, DELIVERED, due, index()) is None
    wrong = judge_invoice(PAID, KNOWN, replace(GOOD, total=Decimal(5), surcharges=()), DELIVERED, due, index())
    assert wrong is not None
    assert wrong.code == "total_mismatch"
    other = judge_invoice(PAID, KNOWN, replace(GOOD, lines=pieces(2)), DELIVERED, due, index(0))
    assert other is not None
    assert other.code == "edited_in_kiotviet"


def test_each_shipment_keeps_its_own_invoice() -> None:
    first, second = shipment(1, "delivering", (1, 1)), shipment(2, "delivering", (2, 1))
    of = order(line(1), line(2), shipments=(first, second), shipping=30_000, total_price=180_000)
    known = ordered(of, State.SHIPPING, ref(first))
    view = seen(of, invoice(of, first), status=OrderStatus.PARTLY_INVOICED)
    decision = step(of, known, view)
    assert isinstance(decision, CreateInvoice)
    assert decision.shipment == second
    both = replace(view, invoices=(invoice(of, second), invoice(of, first)))
    assert step(of, known, both) == AdoptInvoice(invoice(of, second), second)


def test_the_surcharge_stands_on_the_invoice_of_the_first_shipment_only() -> None:
    first, second = shipment(1, "delivering", (1, 1)), shipment(2, "readytopick", (2, 1))
    of = order(line(1), line(2), shipments=(first, second), shipping=30_000, total_price=180_000)
    assert invoice(of, first).surcharges == (PosSurcharge(4, Decimal(30_000)),)
    assert invoice(of, second).surcharges == ()
    assert invoice(of, first).total + invoice(of, second).total == 180_000
