"""Tags in Haravan: what staff sees there of an order, written once, in any weather, and never in the way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from syncd.errors import AuthError
from syncd.sandbox.faults import Fault
from syncd.sandbox.http import Request
from tests.orders.kit import Killed, deliver, hand_over, live_orders, settle, try_cycle, whole_life
from tests.orders.mortality import Fuse, wire
from tests.rig import Rig

ATTENTION = "KV:needs attention"


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    made = Rig(tmp_path, tags=True)
    yield made
    made.close()


def tags_of(rig: Rig, order_id: int) -> list[str]:
    return [tag for tag in (rig.haravan.order(order_id)["tags"] or "").split(",") if tag]


def tag_writes(rig: Rig) -> list[str]:
    """Every change of tags that reached Haravan: method and tags."""
    return [f"{call.method} {call.body['tags']}" for call in rig.journal.writes("haravan") if _is_tags(call.path)]  # type: ignore[index]


def _is_tags(path: str) -> bool:
    return path.endswith("/tags.json")


def code_tag(rig: Rig, order_id: int) -> str:
    (document,) = live_orders(rig, order_id)
    return f"KV:{document['code']}"


def held_order(rig: Rig, **keywords: Any) -> int:
    """An order that waits for a product which KiotViet does not have."""
    (rig.sandbox.variants["MOI-01"],) = rig.haravan.add_product("Hàng mới", [{"sku": "MOI-01", "price": 99_000}])
    return rig.place(("MOI-01", 1), **keywords)


def make_good(rig: Rig) -> None:
    rig.kiotviet.add_product("MOI-01", "Hàng mới", price=99_000, stock={rig.branch: 5})


def cycle(rig: Rig) -> None:
    rig.later(70)
    rig.orders()


def events_of(rig: Rig, order_id: int) -> list[str]:
    return [event.event for event in rig.shop.store.events_of(order_id)]


def tagged_order(rig: Rig) -> int:
    """An order that carries its code and needs nothing."""
    order_id = rig.place()
    rig.orders()
    return order_id


def ask(rig: Rig, order_id: int) -> None:
    """A person is asked for something."""
    key = f"look {rig.shop.store.last_seq()}"
    assert rig.shop.store.add_task(key, order_id, "#1", "look", "look at it", rig.clock.now())


def answered(rig: Rig, order_id: int) -> None:
    """That person did it."""
    tasks, now = rig.shop.store._t.tasks, rig.clock.now()
    tasks.update(closed_at=now.isoformat()).where(tasks.haravan_id == order_id).execute()
    rig.shop.store.add_event("task_closed", "look", now, order_id)


def passes(rig: Rig, times: int) -> None:
    """What an orders cycle does for tags, without the rest of it."""
    for _ in range(times):
        rig.later(70)
        rig.shop.orders._tags.run()


def fault(kind: str, method: str = "POST", **details: Any) -> Fault:
    return Fault(kind, remote="haravan", method=method, path=r"/tags\.json$", **details)


def switch(rig: Rig, **orders: Any) -> None:
    """The admin edits the section of orders; syncd starts again."""
    rig.close()
    rig.settings = replace(rig.settings, orders=replace(rig.settings.orders, **orders))


def assert_silent(rig: Rig) -> None:
    """Further cycles write no tag and read KiotViet for no order."""
    cycle(rig)
    rig.journal.clear()
    cycle(rig)
    assert rig.writes() == []


# --- what is written --------------------------------------------------------------------------------------


def test_off_by_default_nothing_is_written_to_haravan(tmp_path: Path) -> None:
    rig = Rig(tmp_path)
    held_order(rig)
    whole_life(rig, rig.place())
    settle(rig, 2)
    assert rig.journal.writes("haravan") == []
    rig.close()


def test_an_order_carries_the_code_of_its_kiotviet_order_beside_the_tags_of_the_shop(rig: Rig) -> None:
    order_id = rig.place(tags="VIP,gọi trước")
    rig.orders()
    assert tags_of(rig, order_id) == ["VIP", "gọi trước", code_tag(rig, order_id)]


def test_a_whole_life_is_tagged_once(rig: Rig) -> None:
    order_id = rig.place()
    rig.orders()
    shipment_id = hand_over(rig, order_id)
    cycle(rig)
    deliver(rig, order_id, shipment_id)
    cycle(rig)
    assert_silent(rig)
    assert events_of(rig, order_id).count("tags_added") == 1
    assert tags_of(rig, order_id) == [code_tag(rig, order_id)]


def test_an_order_calls_for_attention_while_it_is_held(rig: Rig) -> None:
    order_id = held_order(rig, tags="VIP")
    rig.orders()
    assert tags_of(rig, order_id) == ["VIP", ATTENTION]
    make_good(rig)
    cycle(rig)
    assert tags_of(rig, order_id) == ["VIP", code_tag(rig, order_id)]
    assert_silent(rig)


def test_a_vietnamese_shop_reads_vietnamese_tags(tmp_path: Path) -> None:
    rig = Rig(tmp_path, language="vi", tags=True)
    order_id = held_order(rig)
    rig.orders()
    assert tags_of(rig, order_id) == ["KV:cần xử lý"]
    rig.close()


def test_an_order_calls_for_attention_while_a_task_is_open(rig: Rig) -> None:
    order_id = rig.place()
    rig.orders()
    code = code_tag(rig, order_id)
    ask(rig, order_id)
    cycle(rig)
    assert tags_of(rig, order_id) == [code, ATTENTION]
    answered(rig, order_id)
    cycle(rig)
    assert tags_of(rig, order_id) == [code]


def test_an_ignored_order_calls_for_attention_no_more(rig: Rig) -> None:
    order_id = held_order(rig)
    rig.orders()
    rig.shop.store.orders.leave_to_people(order_id, rig.clock.now())
    cycle(rig)
    assert tags_of(rig, order_id) == []


def test_an_order_outside_the_filter_is_not_tagged(rig: Rig) -> None:
    rig.place(source="shopee")
    rig.orders()
    assert tag_writes(rig) == []


def test_a_lost_store_tags_no_order_twice_and_takes_an_old_call_for_attention_off(rig: Rig) -> None:
    order_id = held_order(rig)
    rig.orders()
    rig.lose_store()
    make_good(rig)
    cycle(rig)
    assert tags_of(rig, order_id) == [code_tag(rig, order_id)]
    assert_silent(rig)


# --- our own writes make no new work ----------------------------------------------------------------------


def test_our_own_tags_make_no_new_work(rig: Rig) -> None:
    order_id = rig.place()
    rig.orders()
    before = rig.haravan.order(order_id)["updated_at"]
    record = rig.shop.store.orders.record(order_id)
    rig.later(20)
    rig.journal.clear()
    report = rig.shop.orders.run()
    assert (report.seen, report.changed) == (1, 0), "it came back in the poll, and says nothing new"
    assert rig.haravan.order(order_id)["updated_at"] == before
    assert rig.writes() == []
    assert [call.path for call in rig.journal.calls("kiotviet") if "/orders/" in call.path] == [], "nothing looks at it"
    assert rig.shop.store.orders.record(order_id) == record


# --- switching --------------------------------------------------------------------------------------------


def test_switched_on_it_begins_with_the_open_orders(rig: Rig) -> None:
    switch(rig, tags=False)
    done, still_open = rig.place(), rig.place()
    whole_life(rig, done)
    settle(rig, 2)
    switch(rig, tags=True)
    cycle(rig)
    assert tags_of(rig, done) == []
    assert tags_of(rig, still_open) == [code_tag(rig, still_open)]
    deliver(rig, still_open, hand_over(rig, still_open))
    fresh = rig.place()
    cycle(rig)
    assert tags_of(rig, fresh) == [code_tag(rig, fresh)]


def test_switching_starts_no_order_over(rig: Rig) -> None:
    assert replace(rig.settings, orders=replace(rig.settings.orders, tags=False)).fingerprint() == (
        rig.settings.fingerprint()
    )


def test_switched_off_tags_stay_and_switched_on_again_only_what_is_open_is_caught_up_with(rig: Rig) -> None:
    held, ordinary = held_order(rig), rig.place()
    rig.orders()
    switch(rig, tags=False)
    make_good(rig)
    meanwhile = rig.place()
    cycle(rig)
    whole_life(rig, held)
    whole_life(rig, meanwhile)
    cycle(rig)
    assert tags_of(rig, held) == [ATTENTION]
    switch(rig, tags=True)
    cycle(rig)
    assert ATTENTION not in tags_of(rig, held), "a call for attention that is no longer true is taken off"
    assert tags_of(rig, meanwhile) == []
    assert tags_of(rig, ordinary) == [code_tag(rig, ordinary)]


def test_another_language_changes_the_tags_of_open_orders(rig: Rig) -> None:
    order_id = tagged_order(rig)
    ask(rig, order_id)
    cycle(rig)
    cycle(rig)
    rig.close()
    rig.settings = replace(rig.settings, language="vi")
    cycle(rig)
    assert tags_of(rig, order_id) == [code_tag(rig, order_id), "KV:cần xử lý"]


def test_no_tag_is_written_while_orders_are_only_watched(rig: Rig) -> None:
    switch(rig, apply=False)
    held_order(rig)
    settle(rig, 2)
    assert rig.writes() == []


def test_a_plan_shows_tags_and_sends_none(rig: Rig) -> None:
    order_id = held_order(rig)
    rig.orders()
    make_good(rig)
    rig.later(3700)
    rig.journal.clear()
    with rig.plan() as shop:
        shop.orders.run(full=True)
        assert shop.planned is not None
        shown = [(w.target, w.haravan_id, w.detail) for w in shop.planned.writes if w.operation == "tag_order"]
    assert shown == [
        ("haravan", order_id, "add KV:(planned 3)"),
        ("haravan", order_id, f"remove {ATTENTION}"),
    ]
    assert rig.writes() == []
    cycle(rig)
    assert tags_of(rig, order_id) == [code_tag(rig, order_id)]


# --- what a shop makes of tags ----------------------------------------------------------------------------


@pytest.mark.parametrize("cleanup", ["as_sent", "lowered", "cut"])
def test_however_a_shop_cleans_tags_up_they_are_written_once_and_taken_off(tmp_path: Path, cleanup: str) -> None:
    rig = Rig(tmp_path, switches={"haravan_tag_cleanup": cleanup}, tags=True)
    long = "x" * 40 + "," + "y" * 40 + ",1234567"
    order_id = held_order(rig, tags=long)
    rig.orders()
    shown = {"as_sent": ATTENTION, "lowered": ATTENTION.lower(), "cut": "KV:needs a"}[cleanup]
    assert tags_of(rig, order_id)[3:] == [shown]
    assert_silent(rig)
    make_good(rig)
    cycle(rig)
    code = code_tag(rig, order_id)
    shown = {"as_sent": code, "lowered": code.lower(), "cut": code}[cleanup]
    left = tags_of(rig, order_id)
    assert left[:3] == long.split(",")
    assert len(left) <= 4, "the call for attention is gone, in whatever form"
    assert not any("needs" in tag for tag in left)
    if cleanup != "cut":
        assert left[3:] == [shown]
    assert_silent(rig)
    rig.close()


def test_what_staff_does_by_hand_is_not_fought(rig: Rig) -> None:
    order_id, other = rig.place(), held_order(rig)
    rig.orders()
    rig.haravan.edit_tags(order_id, "VIP")
    rig.haravan.edit_tags(other, f"{ATTENTION},KV:gọi lại,VIP")
    assert_silent(rig)
    assert tags_of(rig, order_id) == ["VIP"]
    make_good(rig)
    cycle(rig)
    assert tags_of(rig, other) == ["KV:gọi lại", "VIP", code_tag(rig, other)]


# --- weather ----------------------------------------------------------------------------------------------

NEVER_HAPPENED = [
    "refuse",
    "lose_request",
    "timeout_request",
    "status",
    "html",
    "rate_limited",
    "unauthorized",
    "forbidden",
]
HAPPENED = [
    "lose_answer",
    "timeout_answer",
    "status_after",
    "html_after",
    "truncate",
    "garbage_json",
    "missing_keys",
    "duplicate",
]


@pytest.mark.parametrize("kinds", [NEVER_HAPPENED, HAPPENED], ids=["never_happened", "happened"])
def test_one_bad_answer_ends_with_the_right_tags_and_silence(rig: Rig, kinds: list[str]) -> None:
    order_id = tagged_order(rig)
    code = code_tag(rig, order_id)
    for kind in kinds:
        for method, change, expected in (("POST", ask, [code, ATTENTION]), ("DELETE", answered, [code])):
            rig.faults.add(fault(kind, method))
            change(rig, order_id)
            passes(rig, 3)
            assert tags_of(rig, order_id) == expected, f"{method} {kind}"
            assert rig.shop.store.recall("tags_error") is None
            rig.journal.clear()
            passes(rig, 1)
            assert rig.writes() == []
            rig.faults.clear()
    assert_silent(rig)


@pytest.mark.parametrize("kind", ["lose_answer", "timeout_answer", "status_after", "html_after"])
def test_a_tag_that_arrived_unheard_is_taken_off_when_nothing_calls_for_it_any_more(rig: Rig, kind: str) -> None:
    order_id = held_order(rig)
    rig.faults.add(fault(kind))
    rig.orders()
    assert tags_of(rig, order_id) == [ATTENTION]
    rig.shop.store.orders.leave_to_people(order_id, rig.clock.now())
    cycle(rig)
    assert tags_of(rig, order_id) == []
    assert_silent(rig)


def test_a_tag_that_went_unheard_is_put_back_when_something_calls_for_it_again(rig: Rig) -> None:
    order_id = held_order(rig)
    rig.orders()
    rig.faults.add(fault("lose_answer", "DELETE"))
    rig.shop.store.orders.leave_to_people(order_id, rig.clock.now())
    cycle(rig)
    assert tags_of(rig, order_id) == []
    ask(rig, order_id)
    cycle(rig)
    assert tags_of(rig, order_id) == [ATTENTION]


def test_a_process_that_dies_anywhere_leaves_the_right_tags(rig: Rig) -> None:
    order_id = tagged_order(rig)
    code = code_tag(rig, order_id)
    where = [""]
    while len(where) == 1 or where[-1]:
        fuse = Fuse(len(where))
        with pytest.MonkeyPatch.context() as patch:
            wire(rig, fuse, patch)
            for change in (ask, answered):
                fuse.lit = False
                change(rig, order_id)
                fuse.lit = True
                _pass_of_a_mortal(rig)
            fuse.lit = False
        passes(rig, 1)
        assert tags_of(rig, order_id) == [code], fuse.where
        where.append(fuse.where)
    assert sum("tags.json" in place for place in where) == 4
    assert len(where) >= 15
    assert_silent(rig)


def _pass_of_a_mortal(rig: Rig) -> None:
    try:
        rig.shop.orders._tags.run()
    except Killed:
        rig.reopen()


# --- trouble ----------------------------------------------------------------------------------------------


def test_a_missing_permission_disturbs_nothing_and_is_told_once(rig: Rig) -> None:
    rig.faults.add(fault("forbidden", times=0))
    first, second = rig.place(), rig.place()
    report = rig.orders()
    assert report.failures == []
    assert [rig.state(first), rig.state(second)] == ["ordered", "ordered"]
    cycle(rig)
    cycle(rig)
    assert len(tag_writes(rig)) == 3, "one probe a cycle, whatever the number of orders"
    told = rig.shop.store.recall("tags_error")
    assert isinstance(told, str)
    assert "com.write_orders" in told
    assert "orders.tags" in told
    assert _told(rig) == 1
    rig.faults.clear()
    cycle(rig)
    assert tags_of(rig, first) == [code_tag(rig, first)]
    assert tags_of(rig, second) == [code_tag(rig, second)]
    assert rig.shop.store.recall("tags_error") is None


def _told(rig: Rig) -> int:
    events = rig.shop.store._t.events
    return int(events.select().where(events.event == "tags_not_written").count())


def test_trouble_with_kiotviet_keeps_no_tag_from_haravan(rig: Rig) -> None:
    order_id = rig.place()
    rig.faults.add(fault("lose_request"))
    rig.orders()
    rig.faults.add(Fault("forbidden", remote="kiotviet", method="POST", path="/orders$", times=0))
    rig.place()
    rig.later(70)
    assert isinstance(try_cycle(rig), AuthError)
    assert tags_of(rig, order_id) == [code_tag(rig, order_id)]


def test_after_trouble_tags_rest_for_a_minute_while_orders_go_on(rig: Rig) -> None:
    rig.faults.add(fault("timeout_request", times=0))
    rig.place()
    rig.orders()
    rig.later(15)
    other = rig.place()
    rig.orders()
    assert rig.state(other) == "ordered"
    assert len(tag_writes(rig)) == 1
    rig.later(50)
    rig.orders()
    assert len(tag_writes(rig)) == 2


def test_one_order_that_always_fails_keeps_no_other_waiting(rig: Rig) -> None:
    first, second, third = rig.place(), rig.place(), rig.place()
    rig.faults.add(Fault("status", remote="haravan", path=f"/orders/{first}/tags", times=0))
    rig.orders()
    cycle(rig)
    assert [tags_of(rig, order) for order in (second, third)] == [[code_tag(rig, o)] for o in (second, third)]
    assert tags_of(rig, first) == []


@pytest.mark.parametrize("status", [404, 422])
def test_an_order_that_is_refused_is_given_up_until_its_tags_change(rig: Rig, status: int) -> None:
    first, second = held_order(rig), rig.place()
    planted = Fault("status", remote="haravan", path=f"/orders/{first}/tags", status=status)
    rig.faults.add(planted)
    rig.orders()
    assert tags_of(rig, first) == []
    assert tags_of(rig, second) == [code_tag(rig, second)]
    assert "tags_refused" in events_of(rig, first)
    assert_silent(rig)
    make_good(rig)
    cycle(rig)
    assert tags_of(rig, first) == [code_tag(rig, first)]


def test_a_deleted_order_is_given_up(rig: Rig) -> None:
    order_id = rig.place()
    rig.orders()
    rig.haravan.delete_order(order_id)
    for _ in range(3):
        rig.later(1000)
        rig.orders()
    assert [task.code for task in rig.shop.store.tasks()] == ["deleted_in_haravan"]
    assert events_of(rig, order_id).count("tags_refused") == 1
    assert_silent(rig)


def test_a_proxy_that_drops_the_body_of_a_delete_is_not_asked_every_cycle(rig: Rig) -> None:
    class Proxy:
        """Passes every request on, a DELETE without its body."""

        def __init__(self, app: Any) -> None:
            self.app = app

        def handle(self, request: Request) -> Any:
            bare = replace(request, body=b'{"tags": ""}') if request.method == "DELETE" else request
            return self.app.handle(bare)

    rig.sandbox.haravan_gate.app = Proxy(rig.sandbox.haravan_gate.app)
    order_id = held_order(rig)
    rig.orders()
    make_good(rig)
    cycle(rig)
    assert tags_of(rig, order_id) == [ATTENTION, code_tag(rig, order_id)]
    assert "tags_not_removed" in events_of(rig, order_id)
    assert_silent(rig)


def test_a_mass_of_orders_is_tagged_over_several_cycles(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("syncd.cycles.tags._AT_ONCE", 3)
    orders = [rig.place() for _ in range(5)]
    rig.orders()
    assert len(tag_writes(rig)) == 3
    late = rig.place()
    cycle(rig)
    assert len(tag_writes(rig)) == 6
    assert all(tags_of(rig, order) for order in (*orders, late))
    assert_silent(rig)


def test_a_removal_that_is_refused_is_given_up(rig: Rig) -> None:
    order_id = held_order(rig)
    rig.orders()
    make_good(rig)
    rig.faults.add(Fault("status", remote="haravan", method="DELETE", path="/tags", status=422, times=0))
    cycle(rig)
    assert ATTENTION in tags_of(rig, order_id)
    assert "tags_refused" in events_of(rig, order_id)
    assert_silent(rig)


def test_what_happened_to_an_order_that_the_store_does_not_know_is_nothing_to_tag(rig: Rig) -> None:
    """As after a store was put together from two copies."""
    rig.orders()
    rig.shop.store.add_event("order_held", "…", rig.clock.now(), 424242)
    order_id = rig.place()
    cycle(rig)
    assert tags_of(rig, order_id) == [code_tag(rig, order_id)]
