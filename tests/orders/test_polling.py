"""Which orders a cycle sees, and when the cursor moves: never past an order that is neither done nor recorded."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from syncd.sandbox.faults import Fault
from syncd.sandbox.http import Request
from tests.orders.kit import assert_quiet, live_orders, try_cycle
from tests.rig import START, Rig

LISTS = "/com/orders.json"


def many(rig: Rig, count: int, *, apart: float = 1.0) -> list[int]:
    """Web orders that people ignore on purpose: the poll is what is tested here."""
    orders = []
    for _ in range(count):
        orders.append(rig.place(source="pos"))
        rig.later(apart)
    return orders


def cursor(rig: Rig) -> object:
    return rig.shop.store.recall("orders_cursor")


def unseen(rig: Rig, orders: list[int]) -> list[int]:
    return [order_id for order_id in orders if not rig.state(order_id)]


@pytest.fixture(params=["sorted", "unsorted"])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Rig:
    """A shop whose list honours the wish for an order, and one whose list does not."""
    return Rig(tmp_path, switches={"haravan_sort_honoured": "yes" if request.param == "sorted" else "no"})


def test_all_of_many_orders_are_seen(shop: Rig) -> None:
    orders = many(shop, 105)
    shop.orders()
    assert unseen(shop, orders) == []
    shop.close()


def test_orders_that_changed_in_the_same_second_are_all_seen(shop: Rig) -> None:
    orders = many(shop, 105, apart=0)
    shop.orders()
    assert unseen(shop, orders) == []
    shop.later(700)
    more = many(shop, 52, apart=0)
    shop.orders()
    assert unseen(shop, more) == []
    shop.close()


def asked(rig: Rig) -> list[str]:
    """How many rows each list of orders was asked for in a cycle."""
    rig.journal.clear()
    rig.shop.orders.run()
    calls = rig.journal.calls("haravan")
    return [dict(parse_qsl(call.query)).get("limit", "") for call in calls if call.path == LISTS]


def test_once_a_short_look_would_have_done_the_next_one_is_short(rig: Rig) -> None:
    orders = many(rig, 30)
    rig.later(3600)
    rig.haravan.edit_order(orders[3], {"note": "gọi trước"})
    rig.orders()
    assert asked(rig) == ["50"], "nothing had shown that less does"
    assert asked(rig) == ["10"]
    rig.haravan.edit_order(orders[5], {"note": "gọi sau"})
    orders += many(rig, 12)
    assert asked(rig) == ["10", "50"], "more is new than a short look shows"
    assert unseen(rig, orders) == []
    rig.later(900)
    assert asked(rig)[0] == "50", "open orders are read again"


def test_an_old_order_that_changes_is_seen_again(shop: Rig) -> None:
    web = shop.place()
    many(shop, 70)
    shop.orders()
    shop.later(3600)
    shop.haravan.carrier(web, shop.haravan.ship(web), "delivering")
    shop.orders()
    assert shop.state(web) == "shipping"
    shop.close()


def test_an_empty_second_page_keeps_the_cursor_and_nothing_is_missed(shop: Rig) -> None:
    orders = many(shop, 103)
    shop.faults.add(Fault("empty_page", remote="haravan", path=LISTS, nth=3, times=8))
    shop.orders()
    missed = unseen(shop, orders)
    shop.faults.clear()
    shop.later(20)
    report = shop.orders()
    assert unseen(shop, orders) == []
    assert (report.failures, bool(cursor(shop))) == ([], True)
    assert missed or shop.haravan.switches.sort_honoured == "no"
    shop.close()


def test_an_empty_second_page_is_reported_and_the_cursor_stays(rig: Rig) -> None:
    many(rig, 103)
    rig.faults.add(Fault("empty_page", remote="haravan", path=LISTS, nth=3))
    report = rig.orders()
    assert "ended after 50 of 103" in report.failures[0]
    assert cursor(rig) is None


@pytest.mark.parametrize("kind", ["status", "html", "truncate", "missing_keys", "garbage_json", "lose_answer"])
def test_a_page_that_fails_ends_the_cycle_without_moving_the_cursor(rig: Rig, kind: str) -> None:
    many(rig, 70)
    rig.faults.add(Fault(kind, remote="haravan", path=LISTS, nth=3, times=0))
    assert try_cycle(rig) is not None
    assert cursor(rig) is None
    rig.faults.clear()
    rig.later(20)
    assert rig.orders().failures == []


def test_a_count_that_never_fits_is_believed_after_half_an_hour(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    many(rig, 3)
    real = rig.shop.remotes.haravan.orders_count
    monkeypatch.setattr(rig.shop.remotes.haravan, "orders_count", lambda: real() + 2)
    for _ in range(10):
        assert rig.orders().failures
        assert cursor(rig) is None
        rig.later(150)
    rig.later(600)
    assert rig.orders().failures == []
    assert cursor(rig) is not None


def during_the_walk(rig: Rig, happens: Callable[[], None]) -> None:
    """Let something happen in Haravan just after it answered the first page of a longer walk."""
    left = [lambda: None, happens]

    def hook(_: str, request: Request) -> None:
        if request.path == LISTS and left:
            left.pop(0)()

    rig.sandbox.haravan_gate.after_effect.append(hook)


def test_an_order_that_changes_during_the_walk_is_not_missed(shop: Rig) -> None:
    web = shop.place()
    orders = many(shop, 103)

    def change() -> None:
        shop.later(1)
        shop.haravan.carrier(web, shop.haravan.ship(web), "delivering")

    during_the_walk(shop, change)
    shop.orders()
    shop.later(20)
    shop.orders()
    assert unseen(shop, orders) == []
    assert shop.state(web) == "shipping"
    shop.close()


def test_new_orders_that_push_others_to_later_pages_hide_none(shop: Rig) -> None:
    orders = many(shop, 103)
    during_the_walk(shop, lambda: orders.extend(many(shop, 7)))
    shop.orders()
    shop.later(20)
    shop.orders()
    assert unseen(shop, orders) == []
    shop.close()


def test_an_order_deleted_during_the_walk_lets_none_slip_past_the_cursor(rig: Rig) -> None:
    orders = many(rig, 103)
    during_the_walk(rig, lambda: rig.haravan.delete_order(orders.pop()))
    report = rig.orders()
    assert cursor(rig) is None, "one row may have slid past, so the walk counts for nothing"
    assert "deleted" in report.failures[0]
    rig.later(20)
    assert rig.orders().failures == []
    assert unseen(rig, orders) == []


def test_a_deleted_order_is_believed_gone_only_when_it_stays_away_and_then_a_person_decides(rig: Rig) -> None:
    order_id = rig.place()
    rig.orders()
    rig.haravan.delete_order(order_id)
    rig.later()
    rig.orders()
    assert rig.shop.store.tasks() == []
    rig.later(1000)
    assert_quiet(rig)
    (task,) = rig.shop.store.tasks()
    assert (task.code, task.haravan_id, len(live_orders(rig))) == ("deleted_in_haravan", order_id, 1)


def test_a_change_that_does_not_move_the_orders_stamp_is_seen_by_id(tmp_path: Path) -> None:
    rig = Rig(tmp_path, switches={"haravan_progress_moves_order": "stays"})
    order_id = rig.place()
    shipment_id = rig.haravan.ship(order_id)
    rig.shop.orders.run()
    rig.later(700)
    many(rig, 60, apart=0)
    rig.haravan.carrier(order_id, shipment_id, "delivering")
    for _ in range(2):
        rig.later(301)
        rig.shop.orders.run()
    assert rig.state(order_id) == "shipping"
    rig.close()


def test_the_cursor_compares_only_haravans_own_times(rig: Rig) -> None:
    rig.place()
    rig.orders()
    rig.clock.step(-7200)
    rig.later(60)
    order_id = rig.place(("NON-01", 1))
    rig.orders()
    assert rig.state(order_id) == "ordered"
    assert_quiet(rig)


def test_a_quiet_cycle_costs_two_calls_and_writes_nothing(rig: Rig) -> None:
    rig.place(created_at=START - timedelta(hours=2))
    rig.orders()
    rig.later(7200)
    rig.shop.orders.run()
    rig.later(20)
    rig.journal.clear()
    rig.shop.orders.run()
    assert len(rig.journal.calls()) <= 3
    assert rig.writes() == []


def test_looking_without_writing_records_what_is_new(rig: Rig) -> None:
    order_id = rig.place()
    rig.shop.orders.look()
    assert (rig.state(order_id), rig.writes()) == ("received", [])
    rig.orders()
    assert rig.state(order_id) == "ordered"


def test_a_change_of_an_older_order_is_seen_at_once_also_where_the_sort_is_ignored(tmp_path: Path) -> None:
    """The newest orders, each changed only by being placed, look sorted by their changes."""
    rig = Rig(tmp_path, switches={"haravan_sort_honoured": "no"})
    older = rig.place(("AO-01", 1), source="pos")
    rig.haravan.carrier(older, rig.haravan.ship(older), "delivering")  # nothing of it is read again by its id
    for _ in range(60):
        rig.later(30)
        rig.place(("AO-02", 1), source="pos")
    rig.orders()
    rig.later(3600)
    rig.haravan.edit_note(older, "đổi địa chỉ")
    rig.shop.orders.run()
    known = rig.shop.store.orders.seen([older])[older][1]
    assert datetime.fromisoformat(known) == rig.haravan.memory.orders[older].updated_at
    rig.close()


def test_a_haravan_that_stops_sorting_is_noticed_by_what_another_reading_shows(tmp_path: Path) -> None:
    rig = Rig(tmp_path)
    older, ours = rig.place(("AO-01", 1), source="pos"), rig.place(("AO-01", 1))
    rig.haravan.carrier(older, rig.haravan.ship(older), "delivering")  # nothing of it is read again by its id
    for _ in range(60):
        rig.later(30)
        rig.place(("AO-02", 1), source="pos")
    rig.haravan.edit_note(older, "gọi trước khi giao")
    rig.orders()
    assert rig.shop.store.recall("orders_sort_proved") is True
    rig.sandbox.turn("haravan.sort_honoured=no")
    rig.later(60)
    rig.place(("AO-02", 1), source="pos")
    rig.later(300)
    rig.haravan.edit_note(ours, "gọi trước khi giao")
    rig.shop.orders.run()
    rig.later(60)
    rig.haravan.edit_note(older, "đổi địa chỉ")
    rig.shop.orders.run()
    known = rig.shop.store.orders.seen([older])[older][1]
    assert datetime.fromisoformat(known) == rig.haravan.memory.orders[older].updated_at
    assert rig.shop.store.recall("orders_sort_proved") is False
    rig.close()


def test_an_order_shown_twice_does_not_stand_for_one_that_is_left_out(rig: Rig) -> None:
    first, second = rig.place(("AO-01", 1)), rig.place(("AO-02", 1))
    rig.orders()
    rig.later(3600)
    rig.haravan.edit_note(first, "gọi trước khi giao")
    rig.later(60)
    rig.haravan.edit_note(second, "gọi trước khi giao")
    for _ in range(2):
        rig.faults.add(Fault("moved_rows", remote="haravan", path=r"/orders\.json"))
    report = rig.shop.orders.run()
    assert report.failures, "the list was not whole"
    rig.later(60)
    rig.shop.orders.run()
    for order in (first, second):
        known = rig.shop.store.orders.seen([order])[order][1]
        assert datetime.fromisoformat(known) == rig.haravan.memory.orders[order].updated_at
