"""Thousands of old orders taken in: resumable, never before new ones, and none of them lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from syncd.cli.status import read_status
from syncd.clients.pages import OrderPage
from syncd.cycles.orders import OrdersReport
from syncd.cycles.progress import progress_of
from syncd.errors import Rejected
from syncd.sandbox.faults import Fault
from syncd.sandbox.http import Request
from tests.orders.kit import Killed, assert_quiet, deliver, hand_over, live_orders, try_cycle
from tests.rig import START, Rig

LISTS = "/com/orders.json"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Rig]:
    """A shop in which 21 orders are many."""
    made = Rig(tmp_path, many_orders=20)
    yield made
    made.close()


def old_orders(rig: Rig, count: int, *, source: str = "pos", later: timedelta = timedelta()) -> list[int]:
    """Orders of the last weeks, one a minute; of the POS unless told otherwise: long archived, they cost little."""
    first = START - timedelta(days=14) + timedelta(minutes=len(rig.haravan.memory.orders)) + later
    orders = [rig.place(created_at=first + timedelta(minutes=n), source=source) for n in range(count)]
    for order in (rig.haravan.memory.orders[order_id] for order_id in orders if source == "pos"):
        order.closed_at = order.created_at
    return orders


def below_the_newest(rig: Rig, count: int) -> list[int]:
    """Web orders that the first look for news does not show, because 50 others changed since.

    And so much later that not even a filter that takes the shop's clock for UTC shows them.
    """
    web = old_orders(rig, count, source="web")
    old_orders(rig, 50, later=timedelta(hours=8))
    return web


def pages_read(rig: Rig) -> list[int]:
    """After which ids pages of old orders were asked for."""
    queries = [parse_qs(call.query) for call in rig.journal.calls("haravan") if call.path == LISTS]
    return [int(query["since_id"][0]) for query in queries if "since_id" in query]


def to_the_end(rig: Rig, cycles: int = 12) -> None:
    """Cycles as of the daemon until nothing old is left."""
    for _ in range(cycles):
        try_cycle(rig)
        rig.later(20)
        if rig.shop.store.recall("orders_cursor") is not None and progress_of(rig.shop.store) is None:
            return
    raise AssertionError("the backfill does not end")


def seen_by_kiotviet(rig: Rig, order_ids: list[int]) -> list[int]:
    """How many live orders KiotViet has of each."""
    return [len(live_orders(rig, order_id)) for order_id in order_ids]


def unseen(rig: Rig, order_ids: list[int]) -> list[int]:
    return [order_id for order_id in order_ids if rig.state(order_id) in ("", "received")]


def test_old_orders_are_read_by_id_a_few_pages_a_cycle(shop: Rig) -> None:
    orders = old_orders(shop, 110)
    shop.shop.orders.run()
    assert len(pages_read(shop)) == 2
    assert progress_of(shop.shop.store) is not None
    to_the_end(shop)
    assert unseen(shop, orders) == []
    assert pages_read(shop) == [0, orders[49], orders[99], orders[99]]
    assert_quiet(shop)


def test_a_complete_run_takes_all_of_them_and_looks_for_news_between_pages(shop: Rig) -> None:
    orders = old_orders(shop, 110)
    new: list[int] = []

    def arrives(_: str, request: Request) -> None:
        if request.param("since_id") == str(orders[49]):
            new.append(shop.place(("AO-02", 1)))

    shop.sandbox.haravan_gate.after_effect.append(arrives)
    report = shop.shop.orders.run(full=True, whole=True)
    assert (report.failures, progress_of(shop.shop.store), unseen(shop, orders)) == ([], None, [])
    calls = shop.journal.calls()
    made = next(n for n, call in enumerate(calls) if (call.method, call.path) == ("POST", "/orders"))
    last = max(n for n, call in enumerate(calls) if f"since_id={orders[99]}" in call.query)
    assert new
    assert made < last


def test_each_old_order_goes_to_its_own_end(shop: Rig) -> None:
    padding = old_orders(shop, 40)
    done, waiting, cancelled, back, early = (
        shop.place((sku, 1)) for sku in ("AO-01", "AO-02", "AO-03", "NON-01", "DEP-01")
    )
    deliver(shop, done, hand_over(shop, done))
    shop.haravan.cancel(cancelled)
    shipment = hand_over(shop, back)
    shop.haravan.carrier(back, shipment, "return")
    shop.haravan.memory.orders[early].created_at = START - timedelta(days=60)
    to_the_end(shop)
    states = [shop.state(order_id) for order_id in (done, waiting, cancelled, back, early, padding[0])]
    assert states == ["completed", "ordered", "cancelled", "returned", "ignored", "ignored"]
    posted = [call.path for call in shop.journal.writes("kiotviet") if call.method == "POST" and call.path == "/orders"]
    assert len(posted) == 2
    assert_quiet(shop)


@pytest.mark.parametrize("at", [3, 20])
def test_who_dies_in_the_middle_of_a_page_reads_it_once_again_and_doubles_nothing(shop: Rig, at: int) -> None:
    web = below_the_newest(shop, 12)
    orders = old_orders(shop, 5)
    left = [at]

    def dies(_: str, request: Request) -> None:
        left[0] -= request.method == "POST"
        if left[0] == 0 and request.method == "POST":
            left[0] = -1
            raise Killed

    shop.sandbox.kiotviet_gate.after_effect.append(dies)
    for _ in range(2):
        try:
            shop.orders()
        except Killed:
            shop.reopen()
        shop.later(70)
    to_the_end(shop)
    assert unseen(shop, [*orders, *web]) == []
    assert seen_by_kiotviet(shop, web) == [1] * 12
    assert max(Counter(pages_read(shop)).values()) <= 3, "the last page is looked at twice to believe its end"


def test_a_lost_store_adopts_and_doubles_nothing(shop: Rig) -> None:
    web = below_the_newest(shop, 12)
    to_the_end(shop)
    shop.lose_store()
    shop.journal.clear()
    to_the_end(shop)
    assert shop.writes() == []
    assert seen_by_kiotviet(shop, web) == [1] * 12


def test_new_orders_do_not_wait_for_old_ones(shop: Rig) -> None:
    old_orders(shop, 100)
    old = below_the_newest(shop, 25)
    shop.shop.orders.run()
    waiting = [order_id for order_id in old if not live_orders(shop, order_id)]
    assert waiting
    new = shop.place()
    shop.journal.clear()
    shop.later(15)
    shop.shop.orders.run()
    first = next(call for call in shop.journal.writes("kiotviet") if call.path == "/orders")
    assert isinstance(first.body, dict)
    assert str(new) in first.body["description"]


def test_orders_that_wait_for_their_page_are_not_asked_for_by_id(shop: Rig) -> None:
    old_orders(shop, 100)
    web = below_the_newest(shop, 30)
    shop.shop.orders.run()
    assert {shop.state(order_id) for order_id in web} == {"received"}, "what waits to be shipped is known at once"
    shop.journal.clear()
    shop.later(400)
    shop.shop.orders.look()
    shop.shop.orders._round(OrdersReport())
    asked = " ".join(call.query for call in shop.journal.calls("haravan") if "ids=" in call.query)
    assert [order_id for order_id in web if str(order_id) in asked] == []


def test_an_old_order_that_changes_meanwhile_is_seen(shop: Rig) -> None:
    (first,) = old_orders(shop, 1, source="web")
    old_orders(shop, 100)
    (last,) = below_the_newest(shop, 1)
    shop.shop.orders.run()
    shop.later(30)
    for order_id in (last, first):
        hand_over(shop, order_id)
    shop.later(15)
    shop.shop.orders.run()
    assert [shop.state(order_id) for order_id in (last, first)] == ["shipping", "shipping"]


def test_a_shop_that_does_not_page_by_id_is_walked_in_one_go(shop: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    orders = old_orders(shop, 60)
    remote = shop.shop.remotes.haravan
    real = remote.orders_after
    monkeypatch.setattr(remote, "orders_after", lambda since_id, at: real(0, at))
    shop.orders()
    shop.later(20)
    to_the_end(shop)
    assert unseen(shop, orders) == []
    assert_quiet(shop)


def test_a_page_that_comes_empty_is_not_the_end(shop: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    orders = old_orders(shop, 60)
    remote, real = shop.shop.remotes.haravan, shop.shop.remotes.haravan.orders_after
    fails = [True]

    def flickers(since_id: int, created_from: datetime) -> OrderPage:
        page = real(since_id, created_from)
        return OrderPage((), (), 0, {}) if since_id == 0 and fails and fails.pop() else page

    monkeypatch.setattr(remote, "orders_after", flickers)
    to_the_end(shop)
    assert unseen(shop, orders) == []


def test_hiccups_lose_no_order(tmp_path: Path) -> None:
    rig = Rig(tmp_path, many_orders=20, switches={"haravan_hiccups": "empty_page"})
    orders = old_orders(rig, 80)
    to_the_end(rig)
    assert unseen(rig, orders) == []
    rig.close()


@pytest.mark.parametrize("fails", [{1}, {2}, {1, 2}], ids=["first page", "second page", "both"])
def test_what_waits_to_be_shipped_is_read_also_when_a_page_of_it_comes_empty(
    shop: Rig, monkeypatch: pytest.MonkeyPatch, fails: set[int]
) -> None:
    below_the_newest(shop, 60)
    recorded, asked = set[int](), 0
    remote, real = shop.shop.remotes.haravan, shop.shop.remotes.haravan.open_orders

    def flickers(page: int, fulfillment_status: str) -> OrderPage:
        nonlocal asked
        asked += 1
        shown = OrderPage((), (), 0, {}) if asked in fails else real(page, fulfillment_status)
        recorded.update(order.id for order in shown.orders)
        return shown

    monkeypatch.setattr(remote, "open_orders", flickers)
    try_cycle(shop)
    assert len(recorded) == 60


@pytest.mark.parametrize("knows", [True, False])
def test_a_count_that_heeds_no_filter_or_is_refused_ends_no_first_look(
    shop: Rig, monkeypatch: pytest.MonkeyPatch, knows: bool
) -> None:
    below_the_newest(shop, 12)
    looks = 0
    remote, real = shop.shop.remotes.haravan, shop.shop.remotes.haravan.open_orders

    def counted(page: int, fulfillment_status: str) -> OrderPage:
        nonlocal looks
        looks += 1
        return real(page, fulfillment_status)

    def count(_: str) -> int:
        if knows:
            return 1_000
        raise Rejected("no such filter", status=422)

    monkeypatch.setattr(remote, "open_orders", counted)
    monkeypatch.setattr(remote, "open_orders_count", count)
    assert try_cycle(shop) is None
    assert looks == (6 if knows else 2)


def test_a_page_that_fails_is_read_again(shop: Rig) -> None:
    orders = old_orders(shop, 60)
    shop.faults.add(Fault("status", remote="haravan", path=LISTS, nth=6, times=6))
    assert try_cycle(shop) is not None
    assert progress_of(shop.shop.store) is not None
    to_the_end(shop)
    assert unseen(shop, orders) == []


def test_while_kiotviet_is_away_no_page_is_passed(shop: Rig) -> None:
    web = below_the_newest(shop, 12)
    shop.faults.add(Fault("status", remote="kiotviet", path="^/orders", status=500, times=0))
    for _ in range(3):
        try_cycle(shop)
        shop.later(20)
    progress = progress_of(shop.shop.store)
    assert progress is not None
    assert progress.after == 0
    shop.faults.clear()
    to_the_end(shop)
    assert seen_by_kiotviet(shop, web) == [1] * 12


def left_of_the_gets(rig: Rig, monkeypatch: pytest.MonkeyPatch, left: list[int]) -> None:
    """Let the budget say, question by question, how many GETs are left; the last answer stays."""
    monkeypatch.setattr(rig.shop.remotes.budget, "left", lambda: left.pop(0) if len(left) > 1 else left[0])


def test_what_new_orders_and_stock_need_of_the_gets_is_left_to_them(shop: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    old_orders(shop, 55)
    left_of_the_gets(shop, monkeypatch, [1100])
    report = shop.orders()
    assert report.failures == []
    assert pages_read(shop) == []
    new = shop.place()
    shop.later(15)
    shop.orders()
    assert shop.state(new) == "ordered"
    left_of_the_gets(shop, monkeypatch, [4000])
    to_the_end(shop)


def test_a_page_for_which_the_gets_do_not_suffice_is_finished_later(shop: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    web = below_the_newest(shop, 12)
    left_of_the_gets(shop, monkeypatch, [*[4000] * 6, 900])
    shop.orders()
    assert 0 < sum(seen_by_kiotviet(shop, web)) < 12
    left_of_the_gets(shop, monkeypatch, [4000])
    to_the_end(shop)
    assert seen_by_kiotviet(shop, web) == [1] * 12


def test_a_refusal_amid_old_orders_lets_the_cycle_succeed(shop: Rig) -> None:
    web = below_the_newest(shop, 12)
    new: list[int] = []

    def arrives(_: str, request: Request) -> None:
        if request.path == LISTS and request.param("since_id") and not new:
            new.append(0)
            shop.faults.add(Fault("rate_limited", remote="kiotviet", method="GET", times=1, retry_after=30))

    shop.sandbox.haravan_gate.after_effect.append(arrives)
    shop.orders()
    assert new
    shop.later(60)
    to_the_end(shop)
    assert seen_by_kiotviet(shop, web) == [1] * 12


def test_a_complete_run_that_has_to_stop_says_so(shop: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    old_orders(shop, 30)
    left_of_the_gets(shop, monkeypatch, [1100])
    report = shop.shop.orders.run(full=True, whole=True)
    assert "goes on from there" in report.failures[0]


def test_other_settings_begin_again(shop: Rig) -> None:
    orders = old_orders(shop, 30)
    to_the_end(shop)
    shop.shop.store.remember("orders_policy", "another")
    shop.journal.clear()
    to_the_end(shop)
    assert pages_read(shop)[0] == 0
    assert unseen(shop, orders) == []


def test_with_other_settings_a_shop_that_did_not_page_by_id_is_tried_once_more(
    shop: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    old_orders(shop, 60)
    with monkeypatch.context() as patch:
        remote = shop.shop.remotes.haravan
        real = remote.orders_after
        patch.setattr(remote, "orders_after", lambda since_id, at: real(0, at))
        to_the_end(shop)
    shop.shop.store.remember("orders_policy", "another")
    shop.journal.clear()
    to_the_end(shop)
    assert pages_read(shop)[:2] == [0, max(list(shop.haravan.memory.orders)[:50])]


def test_a_small_shop_needs_no_backfill(rig: Rig) -> None:
    old_orders(rig, 30)
    rig.orders()
    assert pages_read(rig) == []


def test_status_shows_how_far_it_is(shop: Rig) -> None:
    old_orders(shop, 110)
    assert read_status(shop.settings, shop.shop.store)["backfill"] is None
    shop.shop.orders.run()
    begun = START.isoformat()
    expected = {"read": 100, "total": 110, "waiting": 10, "since": begun}
    assert read_status(shop.settings, shop.shop.store)["backfill"] == expected
    to_the_end(shop)
    assert read_status(shop.settings, shop.shop.store)["backfill"] is None
