"""Money that comes in beside the carrier: deposits, prepaid and mixed orders, each đồng booked once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.orders.kit import assert_ended_well, assert_quiet, deliver, hand_over, live_invoices, live_orders, settle
from tests.rig import Rig


@pytest.fixture(params=["Cash", "Transfer"])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    """A shop that takes any payment and books it in cash or on its bank account."""
    probe = Rig(tmp_path)
    account = int(next(iter(probe.kiotviet._books.entries["account"])))
    probe.close()
    where = {"cod_method": "Transfer", "cod_account_id": account} if request.param == "Transfer" else {}
    made = Rig(tmp_path, payments=("any",), **where)
    yield made
    made.close()


def vouchers(rig: Rig) -> list[tuple[str, Any]]:
    """Every payment on KiotViet's orders and invoices: method and amount, those of orders first."""
    rows = [*rig.kiotviet.orders(), *rig.kiotviet.invoices()]
    return [(row["method"], row["amount"]) for document in rows for row in document.get("payments", [])]


def method(rig: Rig) -> str:
    return rig.settings.orders.cod_method


def test_a_prepaid_order_is_booked_as_deposit_and_completes_when_delivered(shop: Rig) -> None:
    order_id = shop.place(cod=False, paid=True)
    shop.orders()
    (document,) = live_orders(shop)
    assert document["totalPayment"] == 320_000
    shipment_id = hand_over(shop, order_id)
    shop.later()
    shop.orders()
    (invoice,) = live_invoices(shop)
    assert (invoice["status"], invoice["invoiceDelivery"].get("usingPriceCod")) == (3, False)
    shop.haravan.carrier(order_id, shipment_id, "delivered")
    shop.later()
    shop.orders()
    assert_ended_well(shop, order_id)
    assert vouchers(shop) == [(method(shop), 320_000)]


def test_a_transfer_that_comes_before_the_invoice_is_booked_on_it(shop: Rig) -> None:
    order_id = shop.place(cod=False)
    shop.orders()
    shop.haravan.mark_paid(order_id)
    shipment_id = hand_over(shop, order_id)
    shop.later()
    shop.orders()
    assert live_invoices(shop)[0]["totalPayment"] == 320_000
    shop.haravan.carrier(order_id, shipment_id, "delivered")
    shop.later()
    shop.orders()
    assert_ended_well(shop, order_id)
    assert vouchers(shop) == [(method(shop), 320_000)]


def test_a_transfer_that_comes_after_delivery_completes_the_invoice(shop: Rig) -> None:
    order_id = shop.place(cod=False)
    shipment_id = hand_over(shop, order_id)
    shop.haravan.carrier(order_id, shipment_id, "delivered")
    shop.orders()
    assert (shop.state(order_id), live_invoices(shop)[0]["totalPayment"]) == ("shipping", 0)
    assert_quiet(shop)
    shop.haravan.mark_paid(order_id)
    shop.later()
    shop.orders()
    assert_ended_well(shop, order_id)
    assert vouchers(shop) == [(method(shop), 320_000)]


@pytest.mark.parametrize("seen", ["day by day", "at the end"])
def test_a_deposit_and_the_rest_on_delivery_are_each_booked_once(shop: Rig, seen: str) -> None:
    order_id = shop.place(cod=True)
    shop.haravan.mark_paid(order_id, 100_000)
    if seen == "day by day":
        shop.orders()
        assert live_orders(shop)[0]["totalPayment"] == 100_000
    shipment_id = hand_over(shop, order_id)
    if seen == "day by day":
        shop.later()
        shop.orders()
        assert live_invoices(shop)[0]["invoiceDelivery"]["priceCodPayment"] == 220_000
    deliver(shop, order_id, shipment_id)
    shop.later()
    shop.orders()
    assert_ended_well(shop, order_id)
    assert sorted(vouchers(shop)) == [(method(shop), 100_000), (method(shop), 220_000)]


def test_a_deposit_is_known_when_the_parcel_was_already_settled(rig: Rig) -> None:
    """Of an order first seen at its end, what the carrier collected is no deposit."""
    order_id = rig.place()
    deliver(rig, order_id, hand_over(rig, order_id))
    rig.orders()
    assert live_orders(rig)[0]["totalPayment"] == 0
    assert vouchers(rig) == [("Cash", 320_000)]
    assert_ended_well(rig, order_id)


def test_a_cod_order_paid_by_staff_while_the_shipment_says_pending_completes_with_its_cod(rig: Rig) -> None:
    order_id = rig.place()
    shipment_id = hand_over(rig, order_id)
    rig.orders()
    rig.haravan.carrier(order_id, shipment_id, "delivered")
    rig.haravan.mark_paid(order_id)
    rig.later()
    rig.orders()
    assert rig.haravan.order(order_id)["fulfillments"][0]["carrier_cod_status_code"] == "codpending"
    assert_ended_well(rig, order_id)
    assert vouchers(rig) == [("Cash", 320_000)]


@pytest.mark.parametrize("status", ["codpaid", "codnotreceipt"])
def test_money_with_the_carrier_or_missing_is_not_received(rig: Rig, status: str) -> None:
    order_id = rig.place()
    shipment_id = hand_over(rig, order_id)
    rig.haravan.carrier(order_id, shipment_id, "delivered")
    rig.haravan.cod(order_id, shipment_id, status)
    rig.orders()
    assert (rig.state(order_id), vouchers(rig)) == ("shipping", [])
    assert_quiet(rig)


def test_two_parcels_of_a_mixed_order_share_the_deposit_and_collect_their_own_rest(shop: Rig) -> None:
    order_id = shop.place(("AO-01", 1), ("NON-01", 1), shipping=0)
    shop.haravan.mark_paid(order_id, 110_000)
    shop.orders()
    shirt = shop.haravan.order(order_id)["line_items"][0]["id"]
    first = shop.haravan.ship(order_id, [(shirt, 1)], cod_amount=190_000)
    second = shop.haravan.ship(order_id, cod_amount=110_000)
    for parcel in (first, second):
        shop.haravan.carrier(order_id, parcel, "delivering")
    shop.later()
    shop.orders()
    assert [row["invoiceDelivery"]["priceCodPayment"] for row in live_invoices(shop)] == [190_000, 110_000]
    for parcel in (first, second):
        deliver(shop, order_id, parcel)
    settle(shop, 2)
    assert shop.state(order_id) == "completed"
    assert sum(amount for _, amount in vouchers(shop)) == shop.haravan.order(order_id)["total_price"]


def test_a_deposit_in_a_shop_that_takes_cod_only_is_booked_on_the_invoice(rig: Rig) -> None:
    order_id = rig.place()
    rig.haravan.mark_paid(order_id, 100_000)
    rig.orders()
    assert live_orders(rig)[0]["totalPayment"] == 0
    deliver(rig, order_id, hand_over(rig, order_id))
    settle(rig, 2)
    assert_ended_well(rig, order_id)
    assert sorted(vouchers(rig)) == [("Cash", 100_000), ("Cash", 220_000)]


def test_an_order_marked_paid_before_it_ships_collects_nothing(rig: Rig) -> None:
    order_id = rig.place()
    rig.haravan.mark_paid(order_id)
    rig.orders()
    shipment_id = hand_over(rig, order_id)
    rig.haravan.carrier(order_id, shipment_id, "delivered")
    settle(rig, 2)
    assert_ended_well(rig, order_id)
    assert vouchers(rig) == [("Cash", 320_000)]


def test_a_prepaid_order_that_comes_back_is_voided_with_its_deposit(tmp_path: Path) -> None:
    rig = Rig(tmp_path, payments=("any",), on_return="void_invoice")
    order_id = rig.place(cod=False, paid=True)
    shipment_id = hand_over(rig, order_id)
    rig.orders()
    rig.haravan.carrier(order_id, shipment_id, "return")
    settle(rig, 2)
    assert (rig.state(order_id), live_orders(rig), live_invoices(rig)) == ("returned", [], [])
    rig.close()
