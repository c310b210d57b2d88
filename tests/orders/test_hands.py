"""Hands in KiotViet: what people do to our documents there is seen, told with what differs, and never fought."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from syncd.cycles.watch import PAUSE_SECONDS
from syncd.sandbox.faults import Fault
from tests.orders.kit import (
    assert_ended_well,
    assert_quiet,
    daemon_cycles,
    deliver,
    hand_over,
    live_invoices,
    live_orders,
    whole_life,
)
from tests.rig import Rig

SWITCHES = [
    {},
    {"kiotviet_query_clock": "offset_dropped", "kiotviet_modified_bound": "exclusive"},
    {"kiotviet_never_modified": "left_out", "kiotviet_order_stamp": "stays", "kiotviet_query_clock": "naive_is_utc"},
    {"kiotviet_cancelled_orders": "gone", "kiotviet_ignored_filter": "orderId"},
]


@pytest.fixture(params=SWITCHES, ids=lambda turned: ",".join(turned.values()) or "default")
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    made = Rig(tmp_path, switches=request.param)
    yield made
    made.close()


def reason(rig: Rig, order_id: int) -> str:
    record = rig.shop.store.orders.record(order_id)
    assert record is not None
    return record.hold.reason if record.hold is not None else ""


def document(rig: Rig, order_id: int) -> dict[str, Any]:
    return live_orders(rig, order_id)[0]


def ordered(rig: Rig) -> int:
    order_id = rig.place(("AO-01", 2))
    rig.orders()
    daemon_cycles(rig, 1)
    return order_id


# --- the order -------------------------------------------------------------------------------------------------------


def test_an_order_that_people_cancelled_is_told_within_minutes_and_never_made_again(shop: Rig) -> None:
    order_id = ordered(shop)
    shop.kiotviet.staff_cancel_order(document(shop, order_id)["id"])
    listed = shop.kiotviet.switches.cancelled_orders == "listed"
    daemon_cycles(shop, 3 if listed else 62)
    assert shop.hold(order_id) == "edited_in_kiotviet"
    shop.journal.clear()
    daemon_cycles(shop)
    assert (shop.writes(), live_orders(shop)) == ([], [])


def test_an_order_that_people_edited_is_told_with_what_differs(shop: Rig) -> None:
    order_id = ordered(shop)
    shop.kiotviet.staff_edit_order(document(shop, order_id)["id"], lines=[(shop.sandbox.products["AO-01"], 3)])
    daemon_cycles(shop)
    assert shop.hold(order_id) == "edited_in_kiotviet"
    assert "AO-01: 3 instead of 2" in reason(shop, order_id)


def test_an_edit_that_is_taken_back_ends_the_hold(shop: Rig) -> None:
    order_id = ordered(shop)
    product, kept = shop.sandbox.products["AO-01"], document(shop, order_id)["id"]
    shop.kiotviet.staff_edit_order(kept, lines=[(product, 3)])
    daemon_cycles(shop)
    assert shop.hold(order_id) == "edited_in_kiotviet"
    shop.kiotviet.staff_edit_order(kept, lines=[(product, 2)])
    daemon_cycles(shop)
    assert (shop.hold(order_id), shop.state(order_id)) == ("", "ordered")


def test_an_order_that_people_ended_without_an_invoice_is_told(shop: Rig) -> None:
    order_id = ordered(shop)
    shop.kiotviet.staff_complete_order(document(shop, order_id)["id"])
    daemon_cycles(shop)
    assert shop.hold(order_id) == "edited_in_kiotviet"
    assert "without an invoice" in reason(shop, order_id)


def test_an_order_that_people_confirmed_or_only_described_goes_on(shop: Rig) -> None:
    order_id = ordered(shop)
    kept = document(shop, order_id)["id"]
    shop.kiotviet.staff_confirm_order(kept)
    shop.kiotviet.staff_edit_order(kept, description=f"HRV#{order_id} khách gọi lại")
    daemon_cycles(shop)
    assert (shop.hold(order_id), shop.state(order_id)) == ("", "ordered")
    whole_life(shop, order_id)
    daemon_cycles(shop)
    assert_ended_well(shop, order_id)


def test_an_order_that_people_invoiced_before_it_was_shipped_is_told_and_adopted_once_it_is(shop: Rig) -> None:
    order_id = ordered(shop)
    shop.kiotviet.staff_invoice_order(document(shop, order_id)["id"], using_cod=True)
    daemon_cycles(shop)
    assert shop.hold(order_id) == "edited_in_kiotviet"
    shipment_id = hand_over(shop, order_id)
    daemon_cycles(shop)
    assert (shop.hold(order_id), shop.state(order_id)) == ("", "shipping")
    deliver(shop, order_id, shipment_id)
    daemon_cycles(shop)
    assert_ended_well(shop, order_id)


def test_what_an_invoice_of_people_held_is_off_sale_again_once_they_void_it(tmp_path: Path) -> None:
    rig = Rig(tmp_path, switches={"kiotviet_void_effect": "stays_closed"})
    order_id = ordered(rig)
    invoice_id = rig.kiotviet.staff_invoice_order(document(rig, order_id)["id"], using_cod=True)
    daemon_cycles(rig)
    rig.stock()
    assert (rig.hold(order_id), rig.available("AO-01")) == ("edited_in_kiotviet", 18)
    rig.kiotviet.staff_void_invoice(invoice_id)
    daemon_cycles(rig, 1)
    rig.stock()
    assert rig.available("AO-01") == 18, "the buyer still waits for them, and KiotViet holds nothing"
    rig.close()


def test_the_same_order_made_anew_by_people_is_adopted_without_a_hold(rig: Rig) -> None:
    order_id = rig.place(("AO-01", 2), shipping=0)
    rig.orders()
    rig.kiotviet.staff_cancel_order(document(rig, order_id)["id"])
    product = rig.sandbox.products["AO-01"]
    anew = rig.kiotviet.staff_create_order(rig.branch, [(product, 2)], description=f"HRV#{order_id} lập lại")
    daemon_cycles(rig)
    record = rig.shop.store.orders.record(order_id)
    assert record is not None
    assert record.order is not None
    assert (record.hold, record.order.id, record.state.value) == (None, anew, "ordered")
    whole_life(rig, order_id)
    daemon_cycles(rig)
    assert_ended_well(rig, order_id)


def test_orders_that_people_merged_are_told_with_what_they_became(rig: Rig) -> None:
    orders = [rig.place(("AO-01", 1)), rig.place(("NON-01", 2))]
    rig.orders()
    merged = rig.kiotviet.staff_merge_orders([document(rig, order_id)["id"] for order_id in orders])
    code = next(row["code"] for row in rig.kiotviet.orders() if row["id"] == merged)
    daemon_cycles(rig)
    for order_id in orders:
        assert rig.hold(order_id) == "edited_in_kiotviet"
        assert code in reason(rig, order_id)
    rig.journal.clear()
    daemon_cycles(rig)
    assert rig.writes() == []


def test_a_copy_of_our_order_is_a_duplicate_even_long_after_we_wrote(rig: Rig) -> None:
    order_id = ordered(rig)
    daemon_cycles(rig, 70)
    product = rig.sandbox.products["AO-01"]
    rig.kiotviet.staff_create_order(rig.branch, [(product, 2)], description=f"HRV#{order_id} chép lại")
    daemon_cycles(rig)
    assert rig.hold(order_id) == "duplicate_in_kiotviet"


# --- the invoice -----------------------------------------------------------------------------------------------------


def shipped(rig: Rig) -> tuple[int, int, dict[str, Any]]:
    order_id = ordered(rig)
    shipment_id = hand_over(rig, order_id)
    daemon_cycles(rig)
    return order_id, shipment_id, live_invoices(rig)[0]


def test_an_invoice_that_people_voided_is_told_and_not_made_again(shop: Rig) -> None:
    order_id, _, invoice = shipped(shop)
    shop.kiotviet.staff_void_invoice(invoice["id"])
    shop.journal.clear()
    daemon_cycles(shop)
    assert (shop.hold(order_id), shop.writes(), live_invoices(shop)) == ("edited_in_kiotviet", [], [])
    assert invoice["code"] in reason(shop, order_id)


def test_an_invoice_that_people_edited_is_told_with_what_differs(shop: Rig) -> None:
    order_id, _, invoice = shipped(shop)
    shop.kiotviet.staff_edit_invoice(invoice["id"], lines=[(shop.sandbox.products["AO-01"], 1)])
    daemon_cycles(shop)
    assert shop.hold(order_id) == "edited_in_kiotviet"
    assert "AO-01: 1 instead of 2" in reason(shop, order_id)


def test_an_equivalent_invoice_under_a_new_number_is_adopted_at_once(tmp_path: Path) -> None:
    rig = Rig(tmp_path, switches={"kiotviet_put_invoice": "always_new"})
    order_id, shipment_id, invoice = shipped(rig)
    anew = rig.kiotviet.staff_edit_invoice(invoice["id"], description="in lại")
    daemon_cycles(rig)
    record = rig.shop.store.orders.record(order_id)
    assert record is not None
    assert [known.id for known in record.invoices] == [anew]
    assert rig.hold(order_id) == ""
    deliver(rig, order_id, shipment_id)
    daemon_cycles(rig)
    assert_ended_well(rig, order_id)
    rig.close()


def test_an_invoice_that_people_completed_early_is_told_until_haravan_agrees(shop: Rig) -> None:
    order_id, shipment_id, invoice = shipped(shop)
    done = {"status": 3, "usingPriceCod": True, "priceCodPayment": 610_000}
    shop.kiotviet.staff_edit_invoice(invoice["id"], deliveryDetail=done, codPaymentMethod="Cash")
    assert live_invoices(shop)[0]["status"] == 1
    daemon_cycles(shop)
    assert shop.hold(order_id) == "edited_in_kiotviet"
    deliver(shop, order_id, shipment_id)
    shop.journal.clear()
    daemon_cycles(shop)
    assert shop.writes() == []
    assert_ended_well(shop, order_id)


def test_what_people_do_after_completion_is_a_task_and_undoes_nothing(shop: Rig) -> None:
    order_id = shop.place(("AO-01", 2))
    whole_life(shop, order_id)
    shop.orders()
    daemon_cycles(shop, 1)
    shop.kiotviet.staff_void_invoice(live_invoices(shop)[0]["id"])
    shop.journal.clear()
    daemon_cycles(shop, 4)
    (task,) = shop.shop.store.tasks()
    assert (task.code, task.haravan_id, shop.state(order_id)) == ("edited_in_kiotviet", order_id, "completed")
    assert shop.writes() == []


# --- how it looks ----------------------------------------------------------------------------------------------------


def test_our_own_writes_are_no_news_and_cost_no_second_look(rig: Rig) -> None:
    order_id, shipment_id, _ = shipped(rig)
    deliver(rig, order_id, shipment_id)
    daemon_cycles(rig, 1)
    rig.journal.clear()
    daemon_cycles(rig, 5)
    read = [call.path for call in rig.journal.calls("kiotviet")]
    assert set(read) == {"/orders", "/invoices"}
    assert len(read) <= 11, "a page of each list a minute, and one more in ten while a late twin may appear"
    assert_ended_well(rig, order_id)


@pytest.mark.parametrize(("clock", "hours"), [("converted", 0), ("offset_dropped", 7), ("naive_is_utc", 0)])
def test_the_clock_of_the_change_filter_is_found_out(tmp_path: Path, clock: str, hours: int) -> None:
    rig = Rig(tmp_path, switches={"kiotviet_query_clock": clock})
    for _ in range(3):
        rig.place()
        rig.orders()
        rig.later(3600)
    daemon_cycles(rig, 3)
    mark = rig.shop.store.recall("kiotviet_orders_mark")
    assert isinstance(mark, dict)
    assert mark["shift_hours"] == hours
    rig.sandbox.turn("kiotviet.query_clock=converted")
    order_id = ordered(rig)
    rig.kiotviet.staff_cancel_order(document(rig, order_id)["id"])
    daemon_cycles(rig)
    assert rig.hold(order_id) == "edited_in_kiotviet", "a belief that is wrong now is given up"
    rig.close()


@pytest.mark.parametrize("kind", ["status", "html", "truncate", "missing_keys", "empty_page"])
def test_a_list_that_cannot_be_read_is_reported_stops_no_order_and_loses_no_change(rig: Rig, kind: str) -> None:
    order_id = ordered(rig)
    rig.kiotviet.staff_cancel_order(document(rig, order_id)["id"])
    rig.faults.add(Fault(kind, remote="kiotviet", method="GET", path="^/invoices$", times=0))
    other = rig.place(("NON-01", 1))
    rig.later(PAUSE_SECONDS + 1)
    report = rig.shop.orders.run()
    assert (rig.state(other), bool(report.failures)) == ("ordered", kind not in ("missing_keys", "empty_page"))
    rig.faults.clear()
    daemon_cycles(rig)
    assert rig.hold(order_id) == "edited_in_kiotviet"


def test_each_open_order_is_looked_at_hourly_whatever_the_lists_show(rig: Rig) -> None:
    order_id = ordered(rig)
    kept = document(rig, order_id)["id"]
    rig.faults.add(Fault("empty_page", remote="kiotviet", method="GET", path="^/(orders|invoices)$", times=0))
    rig.kiotviet.staff_cancel_order(kept)
    daemon_cycles(rig, 70)
    assert rig.hold(order_id) == "edited_in_kiotviet"


@pytest.mark.parametrize("hidden", ["by_id_only", "gone"])
def test_a_completed_order_whose_invoice_was_voided_is_looked_at_until_kiotviet_holds_none_of_it(
    tmp_path: Path, hidden: str
) -> None:
    rig = Rig(tmp_path, switches={"kiotviet_cancelled_orders": hidden})
    order_id = rig.place(("AO-01", 2))
    whole_life(rig, order_id)
    rig.orders()
    rig.kiotviet.staff_void_invoice(live_invoices(rig)[0]["id"])
    daemon_cycles(rig)
    rig.stock()
    on_hand, reserved = rig.kiotviet.stock(rig.sandbox.products["AO-01"], rig.branch)
    assert (on_hand, reserved, rig.available("AO-01")) == (20, 2, 18)
    rig.kiotviet.staff_cancel_order(live_orders(rig)[0]["id"])
    daemon_cycles(rig, 70)
    rig.stock()
    assert rig.available("AO-01") == 18, "the buyer has them, and KiotViet shows them on the shelf"
    assert rig.state(order_id) == "completed"
    rig.close()


def test_two_shops_hands_on_an_order_left_to_people_are_nobodys_business(rig: Rig) -> None:
    order_id = ordered(rig)
    rig.shop.store.orders.leave_to_people(order_id, rig.clock.now())
    rig.kiotviet.staff_cancel_order(live_orders(rig)[0]["id"])
    daemon_cycles(rig)
    assert (rig.state(order_id), rig.hold(order_id), rig.shop.store.tasks()) == ("ignored", "", [])
    assert_quiet(rig)


def test_what_waits_of_a_held_order_is_not_sold_again_once_people_cancelled_its_document(rig: Rig) -> None:
    order_id = ordered(rig)
    line = rig.haravan.order(order_id)["line_items"][0]["id"]
    rig.haravan.refund(order_id, [(line, 1)], restock=True)
    rig.later()
    rig.once()
    assert (rig.hold(order_id), rig.available("AO-01")) == ("lines_changed", 18)
    rig.kiotviet.staff_cancel_order(document(rig, order_id)["id"])
    daemon_cycles(rig, 1)
    rig.stock()
    assert (rig.hold(order_id), rig.available("AO-01")) == ("lines_changed", 19)


@pytest.mark.parametrize("act", ["staff_cancel_order", "staff_complete_order"])
def test_what_waits_of_an_order_left_to_people_is_not_sold_again_once_their_document_ended(rig: Rig, act: str) -> None:
    order_id = ordered(rig)
    rig.shop.store.orders.leave_to_people(order_id, rig.clock.now())
    rig.stock()
    assert rig.available("AO-01") == 18
    getattr(rig.kiotviet, act)(document(rig, order_id)["id"])
    daemon_cycles(rig, 1)
    rig.stock()
    assert rig.available("AO-01") == 18
    hand_over(rig, order_id)
    daemon_cycles(rig)
    rig.stock()
    assert (rig.state(order_id), rig.available("AO-01")) == ("ignored", 20), "what left is for people to enter"
