"""The rules by which the demo judges, and the words in which it tells of calls."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from syncd.demo.compare import expected, order_faults
from syncd.demo.sides import Paper, Papers, Shelf, WebOrder
from syncd.demo.words import describe, dong, signed
from syncd.sandbox.kernel import Call

WEB = WebOrder(
    id=1,
    number="#100001",
    is_cod=True,
    carrier="Chưa gửi hàng",
    money="Chưa nhận tiền",
    cancelled=False,
    on_road=False,
    settled=False,
    total=Decimal(500_000),
    pieces={"AO-01": 2},
)
ON_ROAD = replace(WEB, on_road=True)
SETTLED = replace(ON_ROAD, settled=True)
CANCELLED = replace(WEB, cancelled=True)
TRANSFER = replace(WEB, is_cod=False)

ORDER = Paper("DH000001", "Phiếu tạm", True, Decimal(500_000), Decimal(0), Decimal(0), {"AO-01": 2})
DONE = replace(ORDER, status="Hoàn thành")
INVOICE = replace(ORDER, code="HD000001", status="Chưa giao hàng", to_collect=Decimal(500_000))
PAID = replace(INVOICE, status="Hoàn thành", paid=Decimal(500_000))
GONE = replace(ORDER, status="Đã hủy", live=False)


@pytest.mark.parametrize(
    ("web", "states"),
    [
        (WEB, ("Phiếu tạm", "")),
        (ON_ROAD, ("Hoàn thành", "Chưa giao hàng")),
        (SETTLED, ("Hoàn thành", "Hoàn thành")),
        (CANCELLED, ("", "")),
        (TRANSFER, ("", "")),
        (replace(TRANSFER, on_road=True), ("", "")),
    ],
)
def test_each_state_of_a_web_order_wants_its_documents(web: WebOrder, states: tuple[str, str]) -> None:
    assert expected(web) == states


@pytest.mark.parametrize(
    ("web", "papers"),
    [
        (WEB, Papers((ORDER,))),
        (ON_ROAD, Papers((DONE,), (INVOICE,))),
        (SETTLED, Papers((DONE,), (PAID,))),
        (CANCELLED, Papers((GONE,))),
        (CANCELLED, Papers()),
        (TRANSFER, Papers()),
        (WEB, Papers((GONE, ORDER))),
    ],
)
def test_documents_as_they_should_be_agree(web: WebOrder, papers: Papers) -> None:
    assert order_faults(web, papers) == []


@pytest.mark.parametrize(
    ("web", "papers", "complaint"),
    [
        (WEB, Papers(), "0 live KiotViet orders instead of 1"),
        (WEB, Papers((GONE,)), "0 live KiotViet orders instead of 1"),
        (WEB, Papers((ORDER, ORDER)), "2 live KiotViet orders instead of 1"),
        (WEB, Papers((ORDER,), (INVOICE,)), "1 live KiotViet invoices instead of 0"),
        (WEB, Papers((DONE,)), "order DH000001 is Hoàn thành, not Phiếu tạm"),
        (ON_ROAD, Papers((DONE,)), "0 live KiotViet invoices instead of 1"),
        (ON_ROAD, Papers((DONE,), (PAID,)), "invoice HD000001 is Hoàn thành, not Chưa giao hàng"),
        (SETTLED, Papers((DONE,), (INVOICE,)), "invoice HD000001 is Chưa giao hàng, not Hoàn thành"),
        (CANCELLED, Papers((ORDER,)), "1 live KiotViet orders instead of 0"),
        (TRANSFER, Papers((ORDER,)), "1 live KiotViet orders instead of 0"),
        (
            WEB,
            Papers((replace(ORDER, total=Decimal(490_000)),)),
            "order DH000001 is about 490.000, the web order about 500.000",
        ),
        (WEB, Papers((replace(ORDER, pieces={"AO-01": 1}),)), "order DH000001 has other goods than the web order"),
        (
            ON_ROAD,
            Papers((DONE,), (replace(INVOICE, to_collect=Decimal(0)),)),
            "invoice HD000001 collects 0, the buyer owes 500.000",
        ),
        (
            SETTLED,
            Papers((DONE,), (replace(PAID, paid=Decimal(0)),)),
            "invoice HD000001 has 0 booked, the buyer paid 500.000",
        ),
    ],
)
def test_documents_that_differ_are_named(web: WebOrder, papers: Papers, complaint: str) -> None:
    assert complaint in map(str, order_faults(web, papers))


@pytest.mark.parametrize(
    ("shelf", "agrees"),
    [
        (Shelf("AO-01", on_hand=20, reserved=2, pending=0, available=18), True),
        (Shelf("AO-01", on_hand=20, reserved=2, pending=3, available=15), True),
        (Shelf("AO-01", on_hand=1, reserved=2, pending=0, available=0), True),
        (Shelf("AO-01", on_hand=20, reserved=2, pending=0, available=20), False),
        (Shelf("AO-01", on_hand=20, reserved=0, pending=2, available=20), False),
    ],
)
def test_the_web_offers_what_can_be_sold(shelf: Shelf, agrees: bool) -> None:
    assert shelf.agrees is agrees


def call(method: str, path: str, body: object, *, status: int | None = 200, remote: str = "kiotviet") -> Call:
    at = datetime(2026, 11, 23, tzinfo=UTC)
    return Call(at, remote, method, path, "", body, status, write=True, effect=True, fault=None)


ADJUSTMENT = {
    "inventory": {
        "line_items": [{"product_variant_id": 7, "quantity": -3}, {"product_variant_id": 8, "quantity": 10}],
    }
}


@pytest.mark.parametrize(
    ("write", "words"),
    [
        (
            call("POST", "/customers", {"name": "Lê Mẫu", "code": "HRV1"}),
            "KiotViet: enters the customer Lê Mẫu, code HRV1",
        ),
        (call("DELETE", "/orders/12", None), "KiotViet: cancels the order (Đã hủy)"),
        (call("PUT", "/invoices/12", {}, status=500), "settles the invoice (Hoàn thành) … answered with error 500"),
        (call("POST", "/orders", {"orderDetails": [{"quantity": 2, "productCode": "A"}]}, status=None), "never comes"),
        (
            call("POST", "/inventories/adjustorset.json", ADJUSTMENT, remote="haravan"),
            "Haravan: changes the stock of AO-01 −3, ? +10",
        ),
        (call("POST", "/payments", {}), "KiotViet: POST /payments"),
    ],
)
def test_each_write_is_told_in_words(write: Call, words: str) -> None:
    assert words in str(describe(write, {7: "AO-01"}))


def test_numbers_are_written_as_in_the_shop() -> None:
    assert dong(Decimal("1250000")) == "1.250.000"
    assert dong(0.0) == "0"
    assert (signed(3), signed(-3)) == ("+3", "−3")
