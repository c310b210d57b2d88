"""A customer or a surcharge that KiotViet took and does not show: waited for, never made twice."""

from __future__ import annotations

from typing import Any

from syncd.sandbox.faults import Fault
from tests.orders.kit import live_orders, settle
from tests.rig import Rig
from tests.stock.kit import cure, doctor


def test_a_customer_that_is_not_there_right_after_it_was_made_is_waited_for(rig: Rig) -> None:
    rig.faults.add(Fault("status", remote="kiotviet", path="/customers/code/", status=404, nth=2, times=3))
    order_id = rig.place()
    assert "does not show" in rig.orders().failures[0]
    assert (rig.state(order_id), live_orders(rig)) == ("received", [])
    settle(rig, 4)
    assert (rig.state(order_id), len(rig.kiotviet.customers()), len(live_orders(rig))) == ("ordered", 1, 1)


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
