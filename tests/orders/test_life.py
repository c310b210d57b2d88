"""The life of an order, row by row: what Haravan shows on the left, what KiotViet must show on the right."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.orders.kit import (
    all_orders,
    assert_ended_well,
    assert_quiet,
    deliver,
    hand_over,
    live_invoices,
    live_orders,
    whole_life,
)
from tests.rig import START, Rig

UNDELIVERED, SENT = 1, 3


def test_a_new_web_cod_order_becomes_a_draft_order_with_its_marker(rig: Rig) -> None:
    order_id = rig.place(("AO-01", 2), ("QUAN-01", 1), note="Gọi trước khi giao")
    rig.orders()
    (document,) = live_orders(rig)
    assert rig.state(order_id) == "ordered"
    assert (document["status"], document["branchId"]) == (1, rig.branch)
    assert document["description"].startswith(f"HRV#{order_id} ")
    assert document["description"].endswith("Gọi trước khi giao")
    assert live_invoices(rig) == []
    assert_quiet(rig)


@pytest.mark.parametrize("status", ["pending", "readytopick", "picking"])
def test_a_shipment_that_waits_in_the_shop_changes_nothing(rig: Rig, status: str) -> None:
    order_id = rig.place()
    shipment_id = rig.haravan.ship(order_id)
    rig.haravan.carrier(order_id, shipment_id, status)
    rig.orders()
    assert (rig.state(order_id), live_orders(rig)[0]["status"], live_invoices(rig)) == ("ordered", 1, [])
    assert_quiet(rig)


@pytest.mark.parametrize("status", ["delivering", "delivered", "notmeetcustomer"])
def test_a_shipment_on_the_road_completes_the_order_and_makes_an_undelivered_invoice(rig: Rig, status: str) -> None:
    order_id = rig.place(("AO-01", 2))
    rig.orders()
    shipment_id = rig.haravan.ship(order_id)
    rig.haravan.carrier(order_id, shipment_id, status)
    rig.later()
    rig.orders()
    (invoice,) = live_invoices(rig)
    delivery = invoice["invoiceDelivery"]
    assert (rig.state(order_id), live_orders(rig)[0]["status"], invoice["status"]) == ("shipping", 3, 3)
    assert (delivery["status"], delivery["usingPriceCod"], delivery["priceCodPayment"]) == (UNDELIVERED, True, 610_000)
    assert delivery["deliveryCode"] == f"SBX{shipment_id}"
    assert delivery["partnerDelivery"]["code"] == "ghn2018"
    assert_quiet(rig)


def test_money_with_the_carrier_is_not_money_received(rig: Rig) -> None:
    order_id = rig.place()
    shipment_id = hand_over(rig, order_id)
    rig.haravan.carrier(order_id, shipment_id, "delivered")
    rig.haravan.cod(order_id, shipment_id, "codpaid")
    rig.orders()
    assert (rig.state(order_id), live_invoices(rig)[0]["status"]) == ("shipping", 3)
    assert_quiet(rig)


def test_money_received_before_delivery_completes_nothing(rig: Rig) -> None:
    order_id = rig.place()
    hand_over(rig, order_id)
    rig.haravan.mark_paid(order_id)
    rig.orders()
    assert (rig.state(order_id), live_invoices(rig)[0]["status"]) == ("shipping", 3)
    assert_quiet(rig)


@pytest.mark.parametrize("how", ["codreceipt", "mark_paid"])
def test_delivered_and_paid_completes_the_invoice_with_the_money_in_cash(rig: Rig, how: str) -> None:
    order_id = rig.place()
    shipment_id = hand_over(rig, order_id)
    rig.orders()
    rig.haravan.carrier(order_id, shipment_id, "delivered")
    if how == "mark_paid":
        rig.haravan.mark_paid(order_id)
    else:
        rig.haravan.cod(order_id, shipment_id, "codreceipt")
    rig.later()
    rig.orders()
    (invoice,) = live_invoices(rig)
    (payment,) = invoice["payments"]
    assert (payment["method"], payment["amount"], invoice["totalPayment"]) == ("Cash", 320_000, 320_000)
    assert invoice["invoiceDelivery"]["status"] == SENT
    assert_ended_well(rig, order_id)


def test_an_order_first_seen_delivered_and_paid_takes_all_steps_in_one_cycle(rig: Rig) -> None:
    order_id = rig.place(("AO-01", 2), ("NON-01", 3))
    whole_life(rig, order_id)
    rig.orders()
    assert rig.writes() == [
        "POST /customers",
        "POST /surchages",
        "POST /orders",
        "POST /invoices",
        f"PUT /invoices/{live_invoices(rig)[0]['id']}",
    ]
    assert_ended_well(rig, order_id)


def test_a_shipment_without_carrier_that_was_never_paid_waits_for_the_money(rig: Rig) -> None:
    order_id = rig.place()
    rig.haravan.ship_at_once(order_id)
    rig.orders()
    (invoice,) = live_invoices(rig)
    assert (rig.state(order_id), invoice["invoiceDelivery"]["partnerDelivery"]["code"]) == ("shipping", "HARAVAN")
    rig.haravan.mark_paid(order_id)
    rig.later()
    rig.orders()
    assert_ended_well(rig, order_id)


def test_a_carrier_that_goes_back_moves_nothing_back(rig: Rig) -> None:
    order_id = rig.place()
    shipment_id = hand_over(rig, order_id)
    deliver(rig, order_id, shipment_id)
    rig.orders()
    for status in ("delivering", "picking", "notmeetcustomer"):
        rig.haravan.carrier(order_id, shipment_id, status)
        rig.later()
        rig.orders()
        assert_ended_well(rig, order_id)


def test_a_shipment_that_goes_back_to_the_shelf_keeps_its_invoice(rig: Rig) -> None:
    order_id = rig.place()
    shipment_id = hand_over(rig, order_id)
    rig.orders()
    rig.haravan.carrier(order_id, shipment_id, "picking")
    rig.later()
    assert_quiet(rig)
    assert (rig.state(order_id), len(live_invoices(rig))) == ("shipping", 1)


@pytest.mark.parametrize("status", ["", "readytopick", "picking"])
def test_an_order_cancelled_before_hand_over_is_cancelled_and_never_made_again(rig: Rig, status: str) -> None:
    order_id = rig.place()
    if status:
        rig.haravan.carrier(order_id, rig.haravan.ship(order_id), status)
    rig.orders()
    rig.haravan.cancel(order_id)
    rig.later()
    rig.orders()
    assert (rig.state(order_id), live_orders(rig), len(all_orders(rig, order_id))) == ("cancelled", [], 1)
    rig.haravan.edit_note(order_id, "Khách đổi ý")
    rig.later()
    assert_quiet(rig)


def test_an_order_cancelled_before_we_saw_it_writes_nothing(rig: Rig) -> None:
    order_id = rig.place()
    rig.haravan.cancel(order_id)
    assert_quiet(rig)
    assert rig.state(order_id) == "cancelled"


def test_an_order_placed_again_is_a_new_order(rig: Rig) -> None:
    first = rig.place()
    rig.orders()
    second = rig.haravan.reorder(first)
    rig.later()
    rig.orders()
    assert (rig.state(first), rig.state(second)) == ("cancelled", "ordered")
    assert len(live_orders(rig)) == len(live_orders(rig, second)) == 1


def test_an_order_on_its_way_back_waits_and_one_that_is_back_asks_a_person(rig: Rig) -> None:
    order_id = rig.place()
    shipment_id = hand_over(rig, order_id)
    rig.orders()
    rig.haravan.carrier(order_id, shipment_id, "waitingforreturn")
    rig.later()
    assert_quiet(rig)
    assert (rig.state(order_id), rig.hold(order_id)) == ("returning", "")
    rig.haravan.carrier(order_id, shipment_id, "return")
    rig.later()
    assert_quiet(rig)
    assert (rig.state(order_id), rig.hold(order_id)) == ("returned", "returned")


def test_an_order_that_the_carrier_tries_again_goes_on_from_returning(rig: Rig) -> None:
    order_id = rig.place()
    shipment_id = hand_over(rig, order_id)
    rig.orders()
    rig.haravan.carrier(order_id, shipment_id, "waitingforreturn")
    rig.later()
    rig.orders()
    deliver(rig, order_id, shipment_id)
    rig.later()
    rig.orders()
    assert_ended_well(rig, order_id)


def test_an_order_cancelled_after_hand_over_asks_a_person(rig: Rig) -> None:
    order_id = rig.place()
    hand_over(rig, order_id)
    rig.orders()
    rig.haravan.cancel(order_id)
    rig.later()
    assert_quiet(rig)
    assert (rig.state(order_id), rig.hold(order_id)) == ("returned", "cancelled_after_shipping")
    assert len(live_invoices(rig)) == 1


def test_a_shipment_cancelled_after_its_invoice_asks_a_person(rig: Rig) -> None:
    order_id = rig.place()
    shipment_id = hand_over(rig, order_id)
    rig.orders()
    rig.haravan.carrier(order_id, shipment_id, "cancel")
    hand_over(rig, order_id)
    rig.later()
    assert_quiet(rig)
    assert (rig.state(order_id), rig.hold(order_id)) == ("shipping", "cancelled_after_shipping")


def test_a_shipment_cancelled_before_its_invoice_is_replaced_by_the_next(rig: Rig) -> None:
    order_id = rig.place()
    first = rig.haravan.ship(order_id)
    rig.orders()
    rig.haravan.carrier(order_id, first, "cancel")
    second = hand_over(rig, order_id)
    deliver(rig, order_id, second)
    rig.later()
    rig.orders()
    assert live_invoices(rig)[0]["invoiceDelivery"]["deliveryCode"] == f"SBX{second}"
    assert_ended_well(rig, order_id)


def test_each_shipment_has_its_own_invoice_and_together_they_come_to_the_order(rig: Rig) -> None:
    order_id = rig.place(("AO-01", 2), ("NON-01", 2), discount=10_001)
    shirt = rig.haravan.order(order_id)["line_items"][0]["id"]
    first = rig.haravan.ship(order_id, [(shirt, 1)])
    rig.haravan.carrier(order_id, first, "delivering")
    rig.orders()
    assert (rig.state(order_id), live_orders(rig)[0]["status"]) == ("shipping", 2)
    assert [line["quantity"] for line in live_invoices(rig)[0]["invoiceDetails"]] == [1]
    assert_quiet(rig)
    second = hand_over(rig, order_id)
    deliver(rig, order_id, first)
    rig.later()
    rig.orders()
    assert (rig.state(order_id), live_orders(rig)[0]["status"]) == ("shipping", 3)
    assert sorted(row["status"] for row in live_invoices(rig)) == [1, 3]
    deliver(rig, order_id, second)
    rig.later()
    rig.orders()
    assert (rig.state(order_id), [row["status"] for row in live_invoices(rig)]) == ("completed", [1, 1])
    assert sum(row["total"] for row in live_invoices(rig)) == rig.haravan.order(order_id)["total_price"] == 839_999
    assert_quiet(rig)


def test_a_refund_after_completion_is_a_task_and_undoes_nothing(rig: Rig) -> None:
    order_id = rig.place(("AO-01", 2))
    whole_life(rig, order_id)
    rig.orders()
    line = rig.haravan.order(order_id)["line_items"][0]["id"]
    rig.haravan.refund(order_id, [(line, 1)])
    rig.later()
    rig.orders()
    rig.later()
    rig.orders()
    (task,) = rig.shop.store.tasks()
    assert (task.code, task.haravan_id) == ("refunded", order_id)
    assert live_invoices(rig)[0]["code"] in task.text
    assert_ended_well(rig, order_id)


@pytest.mark.parametrize(
    ("details", "reason"),
    [
        ({"source": "pos"}, "channel pos"),
        ({"source": None}, "channel (none)"),
        ({"cod": False}, "payment bankdeposit"),
        ({"created_at": START - timedelta(days=30)}, "created before orders.since"),
    ],
)
def test_an_order_outside_the_filter_is_ignored_and_counted_with_the_reason(
    rig: Rig, details: dict[str, Any], reason: str
) -> None:
    order_id = rig.place(**details)
    assert_quiet(rig)
    assert rig.state(order_id) == "ignored"
    ((said, count),) = rig.shop.store.reports.ignored_reasons().items()
    assert (reason in said, count) == (True, 1)


def test_a_prepaid_order_is_sent_with_its_deposit_when_the_shop_admits_it(tmp_path: Path) -> None:
    rig = Rig(tmp_path, payments=("any",))
    order_id = rig.place(cod=False, paid=True)
    whole_life(rig, order_id)
    rig.orders()
    (document,) = live_orders(rig)
    assert (rig.state(order_id), document["totalPayment"]) == ("completed", Decimal(320_000))
    assert_quiet(rig)
    rig.close()


def test_each_location_ships_from_its_own_branch(tmp_path: Path) -> None:
    rig = Rig(tmp_path, two_branches=True)
    places = dict(zip(rig.sandbox.locations, rig.sandbox.branches, strict=True))
    rig.close()
    rig = Rig(tmp_path, two_branches=True, branch_by_location=places)
    orders = [rig.place(location_id=location) for location in places]
    for order_id in orders:
        whole_life(rig, order_id)
    rig.orders()
    assert [live_orders(rig, order_id)[0]["branchId"] for order_id in orders] == list(places.values())
    assert [row["branchId"] for row in live_invoices(rig)] == list(places.values())
    rig.close()
