"""Steps of orders that ended are kept for long, then dropped a little at a time; nothing else ever is."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from syncd.clock import ManualClock
from syncd.core.model import WebOrder
from syncd.cycles.retention import KEEP, Retention
from syncd.store import Store
from syncd.store.events import DROPPED_AT_ONCE
from syncd.store.tasks import BY_COMMAND
from tests.core import build

NOW = datetime(2028, 1, 1, tzinfo=UTC)
OLD, YOUNG = NOW - KEEP - timedelta(days=1), NOW - KEEP + timedelta(days=1)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "syncd.db")


def add(store: Store, haravan_id: int, *, is_open: bool = False, at: datetime = OLD, steps: int = 3) -> None:
    """An order with that many steps besides its first."""
    order: WebOrder = build.order(id=haravan_id, number=f"#{haravan_id}")
    store.orders.see(order, "d", (), ours=True, branch_id=1, now=at)
    for _ in range(steps):
        store.add_event("state_shipping", "on the road", at, haravan_id)
    store._t.orders.update(is_open=is_open).where(store._t.orders.haravan_id == haravan_id).execute()


def newest(store: Store) -> int:
    """Something young that ends the table."""
    return store.add_event("stock_written", "now", NOW)


def drop(store: Store, before: datetime = NOW - KEEP) -> None:
    while not store.drop_old(before):
        pass


def count(store: Store) -> int:
    return int(store._t.events.select().count())


def test_the_steps_of_an_order_that_ended_long_ago_go_together(store: Store) -> None:
    add(store, 1)
    store.add_event("stock_written", "old", OLD)
    newest(store)
    drop(store)
    assert store.events_of(1) == []
    assert [event.detail for event in store.events.after(0, 9)] == ["now"]
    assert store.events.dropped_before(1) == OLD.isoformat(timespec="microseconds")
    assert store.orders.record(1) is not None, "the order itself stays"


def test_an_order_with_a_young_step_keeps_all_of_them(store: Store) -> None:
    add(store, 1)
    store.add_event("retry_asked", "", YOUNG, 1)
    newest(store)
    drop(store)
    assert len(store.events_of(1)) == 5
    assert store.events.dropped_before(1) is None


def test_an_order_that_is_open_held_or_has_an_open_task_keeps_its_steps(store: Store) -> None:
    add(store, 1, is_open=True)
    add(store, 2)
    store._t.orders.update(hold_code="rejected").where(store._t.orders.haravan_id == 2).execute()
    add(store, 3)
    store.add_task("refund:3", 3, "#3", "refunded", "take it back", OLD)
    newest(store)
    drop(store)
    assert [len(store.events_of(key)) for key in (1, 2, 3)] == [4, 4, 5]
    assert store.todo.close(store.tasks()[0].id, BY_COMMAND, OLD)
    newest(store)
    drop(store)
    assert store.events_of(3) == []


def test_the_newest_event_stays_so_that_no_number_comes_twice(store: Store) -> None:
    add(store, 1)
    last = store.last_seq()
    drop(store)
    assert store.last_seq() == last
    assert newest(store) == last + 1
    drop(store)
    assert newest(store) == last + 2


def test_what_was_cut_is_said_also_when_something_new_happens(store: Store) -> None:
    add(store, 1)
    newest(store)
    drop(store)
    store.add_event("task_added", "refunded", NOW, 1)
    assert [event.event for event in store.events_of(1)] == ["task_added"]
    assert store.events.dropped_before(1) is not None


def test_a_call_looks_at_few_rows_and_the_next_one_goes_on(store: Store) -> None:
    add(store, 1, is_open=True, steps=DROPPED_AT_ONCE)
    add(store, 2, steps=DROPPED_AT_ONCE)
    newest(store)
    before = count(store)
    assert not store.drop_old(NOW - KEEP)
    assert before - count(store) <= DROPPED_AT_ONCE
    drop(store)
    assert (len(store.events_of(1)), store.events_of(2)) == (DROPPED_AT_ONCE + 1, [])


def test_dying_between_two_batches_loses_nothing_and_the_rest_goes_later(tmp_path: Path) -> None:
    store = Store(tmp_path / "a.db")
    add(store, 1, steps=2 * DROPPED_AT_ONCE)
    add(store, 2, is_open=True)
    newest(store)
    store.drop_old(NOW - KEEP)
    with suppress(KeyboardInterrupt), store._db.write():
        store.drop_old(NOW - KEEP)
        raise KeyboardInterrupt
    store.close()
    again = Store(tmp_path / "a.db", create=False)
    assert again.events.dropped_before(1), "said as soon as the first of them is gone"
    drop(again)
    assert (again.events_of(1), len(again.events_of(2))) == ([], 4)


def test_a_cycle_drops_a_few_batches_and_stops_when_told(store: Store) -> None:
    add(store, 1, steps=6 * DROPPED_AT_ONCE)
    newest(store)
    stopped = False
    work = Retention(store, ManualClock(NOW), KEEP, lambda: stopped)
    work.work()
    left = count(store)
    assert left == 2 * DROPPED_AT_ONCE + 2
    stopped = True
    work.work()
    assert count(store) == left
    stopped = False
    work.work()
    assert count(store) == 1


def test_nothing_to_drop_writes_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    add(store, 1, at=YOUNG)

    def refuse() -> Any:
        raise AssertionError

    monkeypatch.setattr(store._db, "write", refuse)
    assert store.drop_old(NOW - KEEP)


def test_closed_tasks_of_no_order_go_but_those_of_an_order_keep_people_from_being_asked_again(store: Store) -> None:
    for key in ("stock_rewritten:1", "stock_rewritten:2", "refund:1"):
        haravan_id = 1 if key == "refund:1" else None
        store.add_task(key, haravan_id, "", key.split(":")[0], "text", OLD)
    for task in store.tasks():
        store.todo.close(task.id, BY_COMMAND, OLD)
    store.todo.drop(NOW - KEEP)
    assert {row.key for row in store._t.tasks.select()} == {"stock_rewritten:2", "refund:1"}
    assert not store.add_task("refund:1", 1, "", "refund", "text", NOW)
