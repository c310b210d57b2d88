"""A second KiotViet order of one marker cannot always be prevented; it is noticed and left to people."""

from __future__ import annotations

import pytest

from syncd.cycles.watch import DocumentWatch
from syncd.sandbox.faults import Fault
from tests.orders.kit import (
    assert_ended_well,
    assert_quiet,
    hand_over,
    live_invoices,
    live_orders,
    settle,
    whole_life,
    writes_of_a_cycle,
)
from tests.rig import Rig


def twin(rig: Rig) -> int:
    """An order that a proxy delivered twice to KiotViet."""
    rig.faults.add(Fault("duplicate", remote="kiotviet", method="POST", path="/orders$"))
    order_id = rig.place()
    rig.orders()
    assert len(live_orders(rig, order_id)) == 2
    return order_id


def newest_pages(rig: Rig) -> list[str]:
    """Looks at KiotViet's newest orders; what the watch asks for is what changed."""
    asked = [call.query for call in rig.journal.calls("kiotviet") if call.path == "/orders"]
    return [query for query in asked if "lastModifiedFrom" not in query]


def test_a_request_that_arrives_after_it_was_sent_again_is_noticed_and_never_invoiced_twice(rig: Rig) -> None:
    rig.faults.add(Fault("late", remote="kiotviet", method="POST", path="/orders$", seconds=300))
    order_id = rig.place()
    settle(rig, 6)
    assert len(live_orders(rig, order_id)) == 2
    assert rig.hold(order_id) == "duplicate_in_kiotviet"
    hand_over(rig, order_id)
    rig.later()
    assert_quiet(rig)
    assert live_invoices(rig) == []


def test_an_order_delivered_twice_is_held_with_both_codes_and_released_when_one_is_cancelled(rig: Rig) -> None:
    order_id = twin(rig)
    rig.later()
    assert_quiet(rig)
    (held,) = rig.shop.store.reports.held()
    kept, other = live_orders(rig, order_id)
    assert held.hold.code == "duplicate_in_kiotviet"
    assert f"keep {kept['code']}, cancel {other['code']}" in held.hold.reason
    rig.kiotviet.staff_cancel_order(other["id"])
    whole_life(rig, order_id)
    rig.later(400)
    rig.orders()
    assert_ended_well(rig, order_id)


def test_a_twin_that_people_were_told_of_is_not_told_again_when_newest_orders_show_it(rig: Rig) -> None:
    order_id = twin(rig)
    rig.later()
    rig.shop.orders.run()
    assert rig.hold(order_id) == "duplicate_in_kiotviet"
    told = rig.shop.store.events.of(order_id)
    rig.later(700)
    rig.shop.orders.run()
    assert newest_pages(rig)
    assert rig.shop.store.events.of(order_id) == told


def test_a_twin_of_an_order_that_is_done_is_a_task(rig: Rig) -> None:
    rig.faults.add(Fault("duplicate", remote="kiotviet", method="POST", path="/orders$"))
    order_id = rig.place()
    whole_life(rig, order_id)
    rig.orders()
    rig.later()
    rig.orders()
    rig.later()
    rig.orders()
    (task,) = rig.shop.store.tasks()
    assert (task.code, task.haravan_id, rig.state(order_id)) == ("duplicate_in_kiotviet", order_id, "completed")


def test_twins_are_found_when_the_store_is_lost(rig: Rig) -> None:
    order_id = twin(rig)
    rig.lose_store()
    assert writes_of_a_cycle(rig) == []
    assert rig.hold(order_id) == "duplicate_in_kiotviet"
    assert_quiet(rig)


def test_an_idle_shop_looks_at_newest_orders_six_times_in_an_hour_and_then_stops(rig: Rig) -> None:
    rig.place()
    rig.orders()
    rig.journal.clear()
    for _ in range(118):
        rig.later(30)
        rig.shop.orders.run()
    assert 4 <= len(newest_pages(rig)) <= 7, "the first look of the watch is one of them"
    rig.later(3600)
    rig.shop.orders.run()
    rig.journal.clear()
    for _ in range(4):
        rig.later(15)
        rig.shop.orders.run()
    assert newest_pages(rig) == []
    assert {call.path for call in rig.journal.calls("kiotviet")} <= {"/orders", "/invoices"}


def test_a_list_that_cannot_be_read_only_delays_the_look(rig: Rig) -> None:
    order_id = twin(rig)
    rig.faults.add(Fault("status", remote="kiotviet", method="GET", path="/orders$", times=3))
    rig.later()
    rig.orders()
    assert rig.hold(order_id) == ""
    rig.later(20)
    rig.orders()
    assert rig.hold(order_id) == "duplicate_in_kiotviet"


def test_a_twin_that_the_change_filter_never_shows_is_found_among_the_newest_orders(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(DocumentWatch, "_strangers_of", lambda _, row: set[int]())
    order_id = twin(rig)
    for _ in range(9):
        rig.later(60)
        rig.shop.orders.run()
        assert rig.hold(order_id) == ""
    rig.later(60)
    rig.shop.orders.run()
    assert rig.hold(order_id) == "duplicate_in_kiotviet"
