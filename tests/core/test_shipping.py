"""What shipments mean: how far they are, whether the goods left, where the money is."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from syncd.core import buyers, shipping
from syncd.core.model import Address, Buyer, CarrierStatus
from syncd.core.shipping import Stage
from tests.core.build import money, order, shipment

STAGES = {
    "pending": Stage.WAITING,
    "readytopick": Stage.WAITING,
    "picking": Stage.WAITING,
    "delivering": Stage.ROAD,
    "notmeetcustomer": Stage.ROAD,
    "delivered": Stage.DELIVERED,
    "waitingforreturn": Stage.COMING_BACK,
    "return": Stage.BACK,
    "cancel": Stage.UNKNOWN,
    "unknown": Stage.UNKNOWN,
}


@pytest.mark.parametrize("status", list(CarrierStatus))
def test_every_carrier_status_is_at_a_stage(status: CarrierStatus) -> None:
    assert shipping.stage(shipment(1, status.value)) is STAGES[status.value]


@pytest.mark.parametrize("status", list(CarrierStatus))
@pytest.mark.parametrize("once", [False, True])
def test_goods_were_handed_over_when_they_are_or_were_on_the_road(status: CarrierStatus, once: bool) -> None:
    gone = STAGES[status.value] >= Stage.ROAD
    shipped = shipment(1, status.value, reached_road=once)
    assert shipping.handed_over(shipped) is (gone or once)
    assert shipping.left_shop(order(), shipped) is (gone or once)


def test_cancelled_shipments_are_not_live_and_the_rest_is_oldest_first() -> None:
    of = order(shipments=(shipment(3), shipment(2, "cancel"), shipment(1)))
    assert [one.id for one in shipping.live(of)] == [71, 73]


@pytest.mark.parametrize(
    ("source", "dates", "believed"),
    [("web", False, True), ("Web", False, True), ("pos", True, True), ("pos", False, False)],
)
def test_only_a_web_orders_delivery_is_believed_without_a_date(source: str, dates: bool, believed: bool) -> None:
    of, shipped = order(source=source), shipment(1, "delivered", has_dates=dates)
    assert shipping.stage_in(of, shipped) is (Stage.DELIVERED if believed else Stage.UNKNOWN)
    assert shipping.left_shop(of, shipped) is believed
    road = replace(shipped, carrier_status=CarrierStatus.DELIVERING)
    assert shipping.stage_in(of, road) is Stage.ROAD


@pytest.mark.parametrize(
    ("change", "paid"),
    [
        ({"financial_status": "pending"}, False),
        ({"financial_status": "partiallypaid"}, False),
        ({"financial_status": "voided"}, False),
        ({"financial_status": "paid"}, True),
        ({"financial_status": "refunded"}, True),
        ({"financial_status": "partiallyrefunded"}, True),
        ({"transactions": (money("capture", 99_999),)}, False),
        ({"transactions": (money("capture", 60_000), money("sale", 40_000))}, True),
        ({"transactions": (money("capture", 100_000, failed=True),)}, False),
        ({"transactions": (money("capture", 100_000), money("refund", -1))}, False),
        ({"transactions": (money("pending", 100_000), money("authorization", 100_000))}, False),
        ({"total_price": 0}, True),
        (
            {
                "financial_status": "partiallyrefunded",
                "transactions": (money("capture", 100_000), money("refund", -40_000)),
            },
            True,
        ),
        (
            {
                "financial_status": "partiallyrefunded",
                "transactions": (money("capture", 50_000), money("refund", -20_000)),
            },
            False,  # a part of a deposit was given back
        ),
        ({"financial_status": "refunded", "transactions": (money("refund", -20_000),)}, False),
    ],
)
def test_an_order_is_paid_by_its_status_or_by_captures_that_reach_the_total(change: dict[str, Any], paid: bool) -> None:
    assert shipping.order_paid(order(**change)) is paid


@pytest.mark.parametrize(
    ("cods", "amounts", "received"),
    [
        (("codreceipt",), (1,), True),
        (("codpaid",), (1,), False),
        (("none",), (0,), False),
        (("none", "codreceipt"), (0, 5), True),
        (("none", "codreceipt", "codpaid"), (0, 5, 5), False),
        (("codpending", "codreceipt"), (5, 5), False),
    ],
)
def test_a_shipments_money_is_received_by_its_own_word_or_when_it_has_none_to_collect(
    cods: tuple[str, ...], amounts: tuple[int, ...], received: bool
) -> None:
    ships = [
        shipment(n, "delivered", cod=cod, cod_amount=Decimal(a))
        for n, (cod, a) in enumerate(zip(cods, amounts, strict=True))
    ]
    assert shipping.money_received(order(shipments=tuple(ships)), ships[0]) is received


def test_a_buyer_has_our_own_code_and_some_name() -> None:
    assert buyers.customer_code(700, None) == "HRV700"
    assert buyers.customer_code(700, 1001) == "HRV700-1001"
    assert buyers.customer_name(order()) == "Trần Thị Mẫu"
    assert buyers.customer_name(order(buyer=Buyer(700), address=Address(name="Người nhận"))) == "Người nhận"
    assert buyers.customer_name(order(buyer=Buyer(700), address=Address())) == "Haravan 700"
