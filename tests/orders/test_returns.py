"""Goods that come back: by people's hands or by syncd's, whole orders and single shipments, and nothing left open."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from syncd.sandbox.faults import Fault
from tests.orders.kit import (
    all_orders,
    assert_ended_well,
    assert_quiet,
    deliver,
    hand_over,
    live_invoices,
    live_orders,
    settle,
    writes_of_a_cycle,
)
from tests.rig import Rig

VOID_EFFECTS = ["reopens", "reopens_unreserved", "stays_closed"]


@pytest.fixture(params=VOID_EFFECTS)
def voiding(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    """A shop that lets syncd void invoices, under each reading of what that does to their order."""
    made = Rig(tmp_path, switches={"kiotviet_void_effect": request.param}, on_return="void_invoice")
    yield made
    made.close()


@pytest.fixture
def strict(tmp_path: Path) -> Iterator[Rig]:
    made = Rig(tmp_path, on_return="void_invoice")
    yield made
    made.close()


def on_the_road(rig: Rig, *lines: tuple[str, int]) -> tuple[int, int]:
    order_id = rig.place(*(lines or (("AO-01", 2),)))
    shipment_id = hand_over(rig, order_id)
    rig.orders()
    rig.later()
    return order_id, shipment_id


def report(rig: Rig, order_id: int, shipment_id: int, status: str) -> None:
    rig.haravan.carrier(order_id, shipment_id, status)
    rig.later()


def stays_closed(rig: Rig) -> bool:
    return bool(rig.kiotviet.switches.void_effect == "stays_closed")


def two_parcels(rig: Rig) -> tuple[int, int, int]:
    order_id = rig.place(("AO-01", 1), ("NON-01", 2), discount=10_001)
    shirt = rig.haravan.order(order_id)["line_items"][0]["id"]
    first = rig.haravan.ship(order_id, [(shirt, 1)])
    rig.haravan.carrier(order_id, first, "delivering")
    rig.orders()
    second = hand_over(rig, order_id)
    rig.later()
    rig.orders()
    rig.later()
    return order_id, first, second


def totals(rig: Rig) -> Any:
    return sum(row["total"] for row in live_invoices(rig))


# --- a whole order comes back ----------------------------------------------------------------------------------------


def test_a_parcel_that_is_back_is_voided_read_again_and_what_is_open_cancelled(voiding: Rig) -> None:
    order_id, shipment_id = on_the_road(voiding)
    report(voiding, order_id, shipment_id, "waitingforreturn")
    assert writes_of_a_cycle(voiding) == []
    assert voiding.state(order_id) == "returning"
    report(voiding, order_id, shipment_id, "return")
    expected = ["DELETE /invoices"]
    if not stays_closed(voiding):
        expected.append(f"DELETE /orders/{all_orders(voiding, order_id)[0]['id']}")
    assert writes_of_a_cycle(voiding) == expected
    assert (voiding.state(order_id), voiding.hold(order_id), live_invoices(voiding)) == ("returned", "", [])
    assert [row["status"] for row in all_orders(voiding, order_id)] == [3 if stays_closed(voiding) else 4]
    settle(voiding, 3)
    assert_quiet(voiding)


def test_an_order_cancelled_after_hand_over_is_voided_and_cancelled(voiding: Rig) -> None:
    order_id, _ = on_the_road(voiding)
    voiding.haravan.cancel(order_id)
    voiding.later()
    assert "DELETE /invoices" in writes_of_a_cycle(voiding)
    assert (voiding.state(order_id), voiding.hold(order_id), live_invoices(voiding)) == ("returned", "", [])
    assert_quiet(voiding)


def test_the_goods_are_on_the_shelf_again_after_a_void(voiding: Rig) -> None:
    before = voiding.available("AO-01")
    order_id, shipment_id = on_the_road(voiding)
    voiding.stock()
    assert voiding.available("AO-01") == before - 2
    report(voiding, order_id, shipment_id, "return")
    voiding.once()
    voiding.later()
    voiding.once()
    stock = {row["code"]: row for row in voiding.kiotviet.state()["stock"]}  # type: ignore[union-attr, call-overload]
    assert (stock["AO-01"]["on_hand"], stock["AO-01"]["reserved"]) == (20, 0)


def test_with_hold_a_person_empties_kiotviet_and_syncd_sees_it_without_being_told(rig: Rig) -> None:
    order_id, shipment_id = on_the_road(rig)
    report(rig, order_id, shipment_id, "return")
    assert writes_of_a_cycle(rig) == []
    assert (rig.state(order_id), rig.hold(order_id)) == ("returned", "returned")
    rig.kiotviet.staff_void_invoice(live_invoices(rig)[0]["id"])
    rig.later(70)
    rig.shop.orders.run()
    assert rig.hold(order_id) == "returned", "the order is still open"
    rig.kiotviet.staff_cancel_order(live_orders(rig, order_id)[0]["id"])
    rig.later(70)
    rig.shop.orders.run()
    assert (rig.state(order_id), rig.hold(order_id), rig.writes()) == ("returned", "", [])
    settle(rig, 2)
    assert_quiet(rig)


def test_a_parcel_that_missed_the_buyer_and_is_delivered_after_all_completes(strict: Rig) -> None:
    order_id, shipment_id = on_the_road(strict)
    for status in ("notmeetcustomer", "waitingforreturn", "delivering", "notmeetcustomer"):
        report(strict, order_id, shipment_id, status)
        assert writes_of_a_cycle(strict) == []
    deliver(strict, order_id, shipment_id)
    strict.orders()
    assert_ended_well(strict, order_id)


def test_a_parcel_that_is_back_before_it_was_invoiced_leaves_nothing_open(strict: Rig) -> None:
    order_id = strict.place()
    shipment_id = strict.haravan.ship(order_id)
    strict.orders()
    report(strict, order_id, shipment_id, "return")
    strict.orders()
    assert (strict.state(order_id), live_orders(strict), live_invoices(strict)) == ("returned", [], [])
    assert_quiet(strict)


def test_an_order_that_was_back_before_syncd_saw_it_writes_nothing(rig: Rig) -> None:
    order_id = rig.place()
    rig.haravan.carrier(order_id, rig.haravan.ship(order_id), "return")
    assert_quiet(rig)
    assert (rig.state(order_id), rig.hold(order_id)) == ("returned", "")


def test_a_settled_invoice_is_never_voided_by_itself(strict: Rig) -> None:
    order_id, first, _second = two_parcels(strict)
    deliver(strict, order_id, first)
    strict.orders()
    strict.haravan.cancel(order_id)
    strict.later()
    strict.orders()
    assert strict.hold(order_id) == "cancelled_after_shipping"
    assert sorted(row["status"] for row in live_invoices(strict)) == [1, 3]
    assert_quiet(strict)


def test_an_invoice_that_people_edited_is_not_voided(strict: Rig) -> None:
    order_id, shipment_id = on_the_road(strict)
    strict.kiotviet.staff_edit_invoice(live_invoices(strict)[0]["id"], lines=[(strict.sandbox.products["AO-01"], 1)])
    report(strict, order_id, shipment_id, "return")
    assert writes_of_a_cycle(strict) == []
    assert (strict.hold(order_id), len(live_invoices(strict))) == ("edited_in_kiotviet", 1)


def test_an_equivalent_invoice_under_a_new_number_is_voided(tmp_path: Path) -> None:
    rig = Rig(tmp_path, switches={"kiotviet_put_invoice": "always_new"}, on_return="void_invoice")
    order_id, shipment_id = on_the_road(rig)
    rig.kiotviet.staff_edit_invoice(live_invoices(rig)[0]["id"], description="in lại")
    report(rig, order_id, shipment_id, "return")
    rig.orders()
    assert (rig.state(order_id), live_invoices(rig), live_orders(rig)) == ("returned", [], [])
    rig.close()


def test_goods_that_are_shipped_again_after_the_order_was_cancelled_ask_a_person(strict: Rig) -> None:
    order_id, shipment_id = on_the_road(strict)
    report(strict, order_id, shipment_id, "return")
    strict.orders()
    report(strict, order_id, shipment_id, "delivering")
    assert writes_of_a_cycle(strict) == []
    assert strict.hold(order_id) == "returned"
    report(strict, order_id, shipment_id, "return")
    strict.orders()
    assert (strict.state(order_id), strict.hold(order_id)) == ("returned", "")


@pytest.mark.parametrize("how", ["cancelled", "brought back"])
def test_a_stale_answer_after_a_void_leaves_no_order_open(strict: Rig, how: str) -> None:
    order_id, shipment_id = on_the_road(strict)
    (open_order,) = live_orders(strict)
    if how == "cancelled":
        strict.haravan.cancel(order_id)
    else:
        strict.haravan.carrier(order_id, shipment_id, "return")
    strict.later()
    strict.faults.add(Fault("stale", "kiotviet", "GET", f"/orders/{open_order['id']}", nth=2, seconds=40))
    strict.orders()
    assert (strict.state(order_id), strict.hold(order_id)) == ("returned", "")
    assert [order["id"] for order in live_orders(strict)] == [open_order["id"]], "what was read was older than the void"
    strict.later()
    strict.orders()
    assert live_orders(strict) == []
    assert (strict.state(order_id), strict.hold(order_id)) == ("returned", "")
    assert_quiet(strict)


@pytest.mark.parametrize("how", ["cancelled", "brought back"])
def test_what_comes_back_after_completion_is_a_task_even_for_a_store_that_was_lost(strict: Rig, how: str) -> None:
    order_id, shipment_id = on_the_road(strict)
    deliver(strict, order_id, shipment_id)
    strict.orders()
    if how == "cancelled":
        strict.haravan.cancel(order_id)
    else:
        strict.haravan.carrier(order_id, shipment_id, "return")
    strict.later()
    assert writes_of_a_cycle(strict) == []
    before = [(task.key, task.code, task.text) for task in strict.shop.store.todo.open()]
    strict.lose_store()
    assert writes_of_a_cycle(strict) == []
    assert (strict.state(order_id), strict.hold(order_id)) == ("completed", "")
    assert [(task.key, task.code, task.text) for task in strict.shop.store.todo.open()] == before != []
    assert_quiet(strict)


def test_goods_that_turned_back_and_leave_again_are_off_sale_before_their_order_is_looked_at(strict: Rig) -> None:
    order_id, shipment_id = on_the_road(strict)
    report(strict, order_id, shipment_id, "return")
    strict.once()
    assert (strict.state(order_id), strict.available("AO-01")) == ("returned", 20)
    report(strict, order_id, shipment_id, "notmeetcustomer")
    strict.kiotviet.set_stock(strict.sandbox.products["AO-01"], strict.branch, 30)
    strict.stock()
    assert strict.available("AO-01") == 28


# --- cancel and ship at the same time --------------------------------------------------------------------------------


def test_an_order_that_is_cancelled_while_its_invoice_is_made_comes_back(voiding: Rig) -> None:
    order_id = voiding.place()
    voiding.orders()
    hand_over(voiding, order_id)

    def buyer_cancels(_: str, request: Any) -> None:
        if (request.method, request.path) == ("POST", "/invoices"):
            voiding.haravan.cancel(order_id)

    voiding.sandbox.kiotviet_gate.before_effect.append(buyer_cancels)
    voiding.later()
    voiding.orders()
    voiding.sandbox.kiotviet_gate.before_effect.clear()
    assert len(live_invoices(voiding)) == 1
    settle(voiding, 2)
    assert (voiding.state(order_id), live_invoices(voiding)) == ("returned", [])
    assert_quiet(voiding)


def test_an_order_that_ships_while_it_is_cancelled_in_kiotviet_ends_cancelled(rig: Rig) -> None:
    order_id = rig.place()
    shipment_id = rig.haravan.ship(order_id)
    rig.orders()
    rig.haravan.cancel(order_id, keep_fulfillments=True)

    def carrier_takes_it(_: str, request: Any) -> None:
        if request.method == "DELETE":
            rig.haravan.carrier(order_id, shipment_id, "delivering")

    rig.sandbox.kiotviet_gate.before_effect.append(carrier_takes_it)
    rig.later()
    rig.orders()
    rig.sandbox.kiotviet_gate.before_effect.clear()
    settle(rig, 2)
    assert (rig.state(order_id), live_orders(rig), live_invoices(rig)) == ("cancelled", [], [])
    assert_quiet(rig)


# --- one shipment of several -----------------------------------------------------------------------------------------


def test_one_parcel_that_comes_back_is_voided_and_the_other_goes_its_way(voiding: Rig) -> None:
    order_id, first, second = two_parcels(voiding)
    report(voiding, order_id, first, "return")
    assert writes_of_a_cycle(voiding) == ["DELETE /invoices"]
    assert (voiding.state(order_id), voiding.hold(order_id)) == ("shipping", "")
    assert_quiet(voiding)
    deliver(voiding, order_id, second)
    voiding.later()
    voiding.orders()
    assert [row["status"] for row in live_invoices(voiding)] == [1]
    if stays_closed(voiding):
        assert (voiding.state(order_id), voiding.hold(order_id)) == ("completed", "")
    else:
        assert voiding.hold(order_id) == "returned", "people end the KiotViet order"
        voiding.kiotviet.staff_complete_order(live_orders(voiding, order_id)[0]["id"])
        voiding.later(70)
        voiding.shop.orders.run()
        assert (voiding.state(order_id), voiding.hold(order_id)) == ("completed", "")
    assert_quiet(voiding)


def test_with_hold_one_parcel_that_comes_back_stops_the_order_until_its_invoice_is_voided(rig: Rig) -> None:
    order_id, first, second = two_parcels(rig)
    report(rig, order_id, first, "return")
    deliver(rig, order_id, second)
    assert writes_of_a_cycle(rig) == []
    assert rig.hold(order_id) == "returned"
    invoice = next(row for row in live_invoices(rig) if len(row["invoiceDetails"]) == 1 and row["total"] > 290_000)
    rig.kiotviet.staff_void_invoice(invoice["id"])
    rig.later(70)
    rig.shop.orders.run()
    assert [row["status"] for row in live_invoices(rig)] == [1], "the other one went on by itself"


def test_a_cancelled_shipment_and_its_replacement_are_one_invoice_each(voiding: Rig) -> None:
    order_id, first = on_the_road(voiding, ("AO-01", 2), ("NON-01", 1))
    report(voiding, order_id, first, "cancel")
    second = hand_over(voiding, order_id)
    voiding.orders()
    if stays_closed(voiding):
        assert (voiding.hold(order_id), live_invoices(voiding)) == ("rejected", [])
        return
    (invoice,) = live_invoices(voiding)
    assert invoice["invoiceDelivery"]["deliveryCode"] == f"SBX{second}"
    assert (voiding.state(order_id), totals(voiding)) == ("shipping", voiding.haravan.order(order_id)["total_price"])
    deliver(voiding, order_id, second)
    voiding.later()
    voiding.orders()
    assert_ended_well(voiding, order_id)


def test_a_cancelled_shipment_without_a_replacement_yet_waits_with_an_open_order(strict: Rig) -> None:
    order_id, first = on_the_road(strict)
    report(strict, order_id, first, "cancel")
    strict.orders()
    assert (strict.hold(order_id), live_invoices(strict), live_orders(strict)[0]["status"]) == ("", [], 1)
    assert_quiet(strict)
    strict.haravan.cancel(order_id)
    strict.later()
    strict.orders()
    assert (strict.state(order_id), live_orders(strict)) == ("returned", [])
    assert_quiet(strict)


def test_with_hold_a_replacement_is_invoiced_once_a_person_voided_the_old_invoice(rig: Rig) -> None:
    order_id, first = on_the_road(rig)
    report(rig, order_id, first, "cancel")
    second = hand_over(rig, order_id)
    assert writes_of_a_cycle(rig) == []
    assert (rig.state(order_id), rig.hold(order_id)) == ("shipping", "cancelled_after_shipping")
    rig.kiotviet.staff_void_invoice(live_invoices(rig)[0]["id"])
    rig.later(70)
    rig.shop.orders.run()
    assert (rig.hold(order_id), live_invoices(rig)[0]["invoiceDelivery"]["deliveryCode"]) == ("", f"SBX{second}")
    deliver(rig, order_id, second)
    rig.later()
    rig.orders()
    assert_ended_well(rig, order_id)


def test_a_parcel_that_is_remade_before_its_invoice_moves_no_other_share(rig: Rig) -> None:
    """The discount was split when three parcels were known; then one that was not invoiced yet is made anew."""
    order_id = rig.place(("AO-01", 1), ("NON-01", 1), ("DEP-01", 1), discount=100_003)
    shirt, hat, shoes = (line["id"] for line in rig.haravan.order(order_id)["line_items"])
    first = rig.haravan.ship(order_id, [(shirt, 1)])
    second = rig.haravan.ship(order_id, [(hat, 1)])
    rig.haravan.carrier(order_id, second, "delivering")
    rig.orders()
    share = live_invoices(rig)[0]["total"]
    rig.haravan.carrier(order_id, first, "cancel")
    third = rig.haravan.ship(order_id, [(shoes, 1)])
    fourth = rig.haravan.ship(order_id, [(shirt, 1)])
    for parcel in (third, fourth):
        rig.haravan.carrier(order_id, parcel, "delivering")
    rig.later()
    rig.orders()
    assert (rig.hold(order_id), len(live_invoices(rig))) == ("", 3)
    assert live_invoices(rig)[0]["total"] == share
    assert totals(rig) == rig.haravan.order(order_id)["total_price"]
    for parcel in (second, third, fourth):
        deliver(rig, order_id, parcel)
    rig.later()
    rig.orders()
    assert (rig.state(order_id), [row["status"] for row in live_invoices(rig)]) == ("completed", [1, 1, 1])
    rig.lose_store()
    assert writes_of_a_cycle(rig) == []
    assert (rig.state(order_id), rig.hold(order_id)) == ("completed", "")
    assert_quiet(rig)


# --- the store is lost meanwhile -------------------------------------------------------------------------------------


@pytest.mark.parametrize("when", ["before the void", "after the void", "at rest"])
def test_a_lost_store_finds_a_return_where_it_stands(voiding: Rig, when: str) -> None:
    order_id, shipment_id = on_the_road(voiding)
    report(voiding, order_id, shipment_id, "return")
    if when == "before the void":
        voiding.lose_store()
    elif when == "after the void":
        voiding.kiotviet.staff_void_invoice(live_invoices(voiding)[0]["id"])
        voiding.lose_store()
    else:
        voiding.orders()
        voiding.lose_store()
    settle(voiding, 3)
    assert (voiding.state(order_id), voiding.hold(order_id), live_invoices(voiding)) == ("returned", "", [])
    assert len(all_orders(voiding, order_id)) == 1
    assert_quiet(voiding)


def test_a_lost_store_takes_a_replaced_shipment_for_what_it_is(strict: Rig) -> None:
    order_id, first = on_the_road(strict)
    report(strict, order_id, first, "cancel")
    second = hand_over(strict, order_id)
    strict.lose_store()
    settle(strict, 2)
    (invoice,) = live_invoices(strict)
    assert (strict.hold(order_id), invoice["invoiceDelivery"]["deliveryCode"]) == ("", f"SBX{second}")
    assert_quiet(strict)


def test_an_invoice_that_may_be_of_a_parcel_that_is_back_is_asked_about_after_a_lost_store(rig: Rig) -> None:
    """Its parcel has another number since, and looks just like the one that is on the road."""
    order_id = rig.place(("AO-01", 2))
    line = rig.haravan.order(order_id)["line_items"][0]["id"]
    first = rig.haravan.ship(order_id, [(line, 1)])
    rig.haravan.carrier(order_id, first, "delivering")
    rig.orders()
    rig.haravan.carrier(order_id, first, "return")
    rig.haravan.set_tracking(order_id, first, None)
    second = rig.haravan.ship(order_id, [(line, 1)])
    rig.lose_store()
    rig.later()
    rig.orders()
    (invoice,) = live_invoices(rig)
    rig.haravan.carrier(order_id, second, "delivering")
    rig.later()
    assert writes_of_a_cycle(rig) == []
    assert rig.hold(order_id) == "edited_in_kiotviet"
    rig.kiotviet.staff_void_invoice(invoice["id"])
    settle(rig, 2)
    assert rig.hold(order_id) == ""
    (invoice,) = live_invoices(rig)
    assert invoice["invoiceDelivery"]["deliveryCode"] == f"SBX{second}"


# --- what is promised meanwhile --------------------------------------------------------------------------------------


def test_pieces_of_a_voided_invoice_that_still_have_to_be_shipped_are_never_sold_again(voiding: Rig) -> None:
    order_id, first = on_the_road(voiding)
    voiding.stock()
    report(voiding, order_id, first, "cancel")
    voiding.once()
    voiding.later()
    voiding.once()
    assert live_invoices(voiding) == []
    assert voiding.available("AO-01") <= 18, "two pieces are promised, whether KiotViet reserves them again or not"


def test_what_kiotviet_reserves_again_after_a_void_is_not_kept_back_twice(voiding: Rig) -> None:
    order_id, first = on_the_road(voiding)
    voiding.stock()
    report(voiding, order_id, first, "cancel")
    for _ in range(4):
        voiding.later()
        voiding.once()
    on_hand, reserved = voiding.kiotviet.stock(voiding.sandbox.products["AO-01"], voiding.branch)
    promised = 2
    assert on_hand - reserved == (18 if voiding.kiotviet.switches.void_effect == "reopens" else 20)
    assert voiding.available("AO-01") == 20 - promised
