"""A customer or a surcharge that KiotViet took and does not show: waited for, never made twice."""

from __future__ import annotations

from typing import Any

from syncd.sandbox.faults import Fault
from tests.orders.kit import live_orders, settle
from tests.rig import Rig
from tests.stock.kit import cure, doctor


def open_writes(rig: Rig, order_id: int) -> list[str]:
    record = rig.shop.store.orders.record(order_id)
    return [] if record is None else [intent.operation for intent in record.intents]


def test_a_customer_that_no_look_up_shows_yet_is_confirmed_by_the_order_that_names_it(rig: Rig) -> None:
    rig.faults.add(Fault("status", remote="kiotviet", path="/customers/code/", status=404, times=0))
    order_id = rig.place()
    assert rig.orders().failures == []
    assert (rig.state(order_id), open_writes(rig, order_id)) == ("ordered", [])
    settle(rig, 2)
    assert (len(rig.kiotviet.customers()), len(live_orders(rig))) == (1, 1)


def test_a_customer_whose_order_was_refused_is_confirmed_by_a_look_up(rig: Rig) -> None:
    rig.faults.add(Fault("status", remote="kiotviet", method="POST", path="^/orders$", status=420, times=1))
    order_id = rig.place()
    rig.orders()
    assert (rig.hold(order_id), open_writes(rig, order_id)) == ("rejected", [])
    rig.later(3700)
    settle(rig, 2)
    assert (rig.state(order_id), len(rig.kiotviet.customers())) == ("ordered", 1)


def test_a_customer_whose_order_was_refused_stays_in_doubt_while_nothing_shows_it(rig: Rig) -> None:
    rig.faults.add(Fault("status", remote="kiotviet", method="POST", path="^/orders$", status=420, times=1))
    rig.faults.add(Fault("status", remote="kiotviet", path="/customers/code/", status=404, times=0))
    order_id = rig.place()
    rig.orders()
    assert rig.hold(order_id) == "rejected"
    assert open_writes(rig, order_id) == ["create_customer"]
    assert rig.shop.store.intents.in_doubt() == [], "its answer was not lost"
    rig.faults.clear()
    rig.later(3700)
    settle(rig, 2)
    assert (rig.state(order_id), len(rig.kiotviet.customers())) == ("ordered", 1)
    assert open_writes(rig, order_id) == []


def test_a_surcharge_that_no_list_shows_holds_the_order_and_is_not_made_again(rig: Rig) -> None:
    def hide(payload: dict[str, Any]) -> None:
        payload["data"], payload["total"] = [], 0

    doctor(rig, "kiotviet", "/surchages", hide)
    order_id = rig.place(shipping=30_000)
    rig.orders()
    assert (rig.state(order_id), rig.hold(order_id), live_orders(rig)) == ("received", "rejected", [])
    settle(rig, 3)
    assert rig.writes().count("POST /surchages") == 1
    cure(rig)
    rig.later(3700)
    settle(rig, 2)
    assert (rig.state(order_id), rig.hold(order_id)) == ("ordered", "")


def test_a_customer_in_doubt_is_nobodys_question_once_the_order_names_one(rig: Rig) -> None:
    order_id = rig.place()
    rig.faults.add(Fault("lose_answer", remote="kiotviet", method="POST", path="/customers", times=1))
    rig.faults.add(Fault("status", remote="kiotviet", path="/customers/code/", status=404, times=0))
    rig.orders()
    assert open_writes(rig, order_id) == ["create_customer"]
    customer = rig.kiotviet.customers()[0]["id"]
    by_hand = rig.kiotviet.staff_create_order(
        rig.branch, [(rig.sandbox.products["AO-01"], 1)], description=f"HRV#{order_id}", customer_id=customer
    )
    settle(rig, 2)
    assert [row["id"] for row in live_orders(rig)] == [by_hand]
    assert open_writes(rig, order_id) == []
