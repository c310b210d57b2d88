"""Which invoice belongs to which shipment."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from syncd.core import invoices
from syncd.core.model import InvoiceStatus, OrderStatus, PosInvoice, PosLine, Shipment
from syncd.core.records import InvoiceRef
from tests.core.build import NOW, document, invoice, line, link, links, order, record, shipment

FIRST = shipment(1, "delivering", (1, 1))
SECOND = shipment(2, "delivering", (2, 1))
OF = order(line(1), line(2), shipments=(FIRST, SECOND))
ONE, TWO = invoice(OF, FIRST), invoice(OF, SECOND)


def matched(*there: PosInvoice, shipments: tuple[Shipment, ...] = (FIRST, SECOND), **more: Any) -> dict[int, list[str]]:
    """Invoice codes by shipment id; strangers under 0."""
    found = invoices.match(shipments, there, record(**more), links())
    codes = {shipment_id: [one.code for one in mine] for shipment_id, mine in found.by_shipment.items()}
    return codes | ({0: [one.code for one in found.strangers]} if found.strangers else {})


def under(code: str, there: PosInvoice) -> PosInvoice:
    """An invoice with another delivery code."""
    assert there.delivery is not None
    return replace(there, delivery=replace(there.delivery, code=code))


@pytest.mark.parametrize(
    ("story", "there", "expected"),
    [
        ("by delivery code", (TWO, ONE), {71: ["HD71"], 72: ["HD72"]}),
        ("by our own code", (under("HRV-F72", TWO),), {71: [], 72: ["HD72"]}),
        ("by pieces where the code says nothing", (under("", TWO),), {71: [], 72: ["HD72"]}),
        ("by pieces without a delivery", (replace(ONE, delivery=None),), {71: ["HD71"], 72: []}),
        ("the code is stronger than the pieces", (under("GHN1", TWO),), {71: ["HD72"], 72: []}),
        ("pieces never take a shipment that has one", (ONE, under("?", ONE)), {71: ["HD71"], 72: [], 0: ["HD71"]}),
        ("two by one code are both its own", (ONE, ONE), {71: ["HD71", "HD71"], 72: []}),
        ("other pieces are a stranger's", (replace(under("", ONE), lines=()),), {71: [], 72: [], 0: ["HD71"]}),
        ("none", (), {71: [], 72: []}),
    ],
)
def test_an_invoice_is_found_by_delivery_code_then_by_pieces(
    story: str, there: tuple[PosInvoice, ...], expected: dict[int, list[str]]
) -> None:
    assert matched(*there) == expected, story


def test_any_tracking_number_that_a_shipment_ever_had_finds_its_invoice() -> None:
    moved = replace(FIRST, tracking_numbers=("MOI",))
    assert matched(under("CU", TWO), shipments=(moved, SECOND), tracking={71: ("CU",)})[71] == ["HD72"]
    assert matched(under("MOI", TWO), shipments=(moved, SECOND))[71] == ["HD72"]


def test_shipments_that_share_a_number_each_get_the_invoice_of_their_pieces() -> None:
    shared = (FIRST, replace(SECOND, tracking_numbers=("GHN1",)))
    assert matched(under("GHN1", TWO), ONE, shipments=shared) == {71: ["HD71"], 72: ["HD72"]}


def test_equal_shipments_that_share_a_number_get_one_invoice_each() -> None:
    twin = replace(FIRST, id=72)
    assert matched(ONE, ONE, shipments=(FIRST, twin)) == {71: ["HD71"], 72: ["HD71"]}


def test_a_remembered_invoice_stays_with_its_shipment_whatever_its_code_says() -> None:
    equal = (FIRST, replace(FIRST, id=72))
    assert matched(ONE, shipments=equal, invoices=(InvoiceRef(ONE.id, "HD71", 72, "3"),)) == {71: [], 72: ["HD71"]}
    gone = matched(ONE, invoices=(InvoiceRef(ONE.id, "HD71", 99, "3"),))
    assert gone == {71: ["HD71"], 72: []}, "its shipment is not alive any more"


def test_living_invoices_are_listed_oldest_first() -> None:
    newer = replace(ONE, id=1, created_at=NOW + timedelta(days=1))
    dead = replace(ONE, status=InvoiceStatus.CANCELLED)
    assert invoices.alive([newer, dead, TWO, ONE]) == [ONE, TWO, newer]


def test_pieces_of_unlinked_lines_are_compared_by_their_number() -> None:
    shipped = shipment(1, "delivering", (1, 2), (7, 1))
    of_three = replace(ONE, lines=(PosLine(5, "X", Decimal(3), Decimal(1)),))
    assert invoices.shipped_quantities(shipped, {1: link(1)}) is None
    assert invoices.same_pieces(of_three, shipped, {1: link(1)})
    assert not invoices.same_pieces(ONE, shipped, {1: link(1)})


def test_lines_of_one_product_count_together() -> None:
    same = {1: link(1), 2: link(1)}
    shipped = shipment(1, "delivering", (1, 2), (2, 1))
    assert invoices.shipped_quantities(shipped, same) == {201: 3}
    of = order(line(1, 2), line(2, 1))
    assert (
        invoices.order_differs(
            document(of, OrderStatus.DRAFT, lines=(PosLine(201, "", Decimal("3.0"), Decimal(1)),)), of, same
        )
        is None
    )


def test_an_invoice_without_a_draft_to_compare_is_judged_by_its_pieces() -> None:
    assert invoices.differs(replace(ONE, total=Decimal(1)), FIRST, None, links()) is None
    assert "differ from the shipment" in str(invoices.differs(ONE, SECOND, None, links()))


@pytest.mark.parametrize(("pieces", "billed"), [((), False), ((1,), False), ((1, 1), True), ((2,), True), ((3,), True)])
def test_an_order_is_billed_once_its_live_invoices_hold_all_its_pieces(pieces: tuple[int, ...], billed: bool) -> None:
    of = order(line(1, 2), shipments=(shipment(),))
    made = invoice(of, of.shipments[0])
    living = [replace(made, lines=(replace(made.lines[0], quantity=Decimal(count)),)) for count in pieces]
    assert invoices.is_billed(document(of), living) is billed
