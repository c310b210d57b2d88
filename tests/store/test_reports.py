"""What the ledger is asked about all orders at once: right after every change, and never by reading all of them."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syncd.core.lifecycle import State
from syncd.core.records import Hold
from syncd.store import Store
from syncd.store.opening import MIGRATIONS
from syncd.store.reports import Waiting
from syncd.store.samples import KEEP, SLOT_SECONDS, Sample

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
BIG = ("orders", "events", "publications", "invoices", "tasks", "figures", "drifts")


def add(store: Store, key: int, state: str, reason: str = "", **values: Any) -> None:
    row = {"haravan_id": key, "number": f"#{key}", "number_key": str(key), "state": state, "reason": reason}
    row |= {"is_open": False, "created_at": NOW.isoformat(), "updated_at": NOW.isoformat()}
    store._t.orders.insert(**row | values).execute()


def counted(store: Store) -> tuple[dict[str, int], dict[str, int]]:
    """What counting every row gives."""
    rows = store._db.database.execute_sql("SELECT state, reason FROM orders").fetchall()
    return Counter(s for s, _ in rows), Counter(reason for state, reason in rows if state == "ignored")


CHANGES = st.lists(
    st.tuples(
        st.integers(1, 4),
        st.sampled_from(["put", "gone"]),
        st.sampled_from(["received", "shipping", "ignored"]),
        st.sampled_from(["", "too old", "channel pos"]),
    ),
    max_size=25,
)


def test_the_counts_are_right_after_any_changes(store: Store) -> None:
    table = store._t.orders

    @settings(max_examples=60)
    @given(CHANGES)
    def walk(changes: list[tuple[int, str, str, str]]) -> None:
        for key, what, state, reason in changes:
            if what == "gone":
                table.delete().where(table.haravan_id == key).execute()
            elif table.update(state=state, reason=reason).where(table.haravan_id == key).execute() == 0:
                add(store, key, state, reason)
        assert (store.reports.counts(), store.reports.ignored_reasons()) == counted(store)

    with store._db.database.atomic():
        walk()


def test_an_older_database_is_counted_when_it_is_opened(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, older, ignore=shutil.ignore_patterns("__pycache__", "0004*"))
    with monkeypatch.context() as patch:
        patch.setattr("syncd.store.opening.MIGRATIONS", older)
        with closing(Store(path)) as store:
            for key, state in enumerate(("received", "ignored", "ignored", "completed")):
                add(store, key, state, "too old")
    with closing(Store(path)) as store:
        assert store.reports.counts() == {"received": 1, "ignored": 2, "completed": 1}
        assert store.reports.ignored_reasons() == {"too old": 2}
        add(store, 9, "ignored", "too old")
        assert store.reports.ignored_reasons() == {"too old": 3}


def test_the_store_itself_keeps_the_counts(store: Store) -> None:
    add(store, 1, "received", is_open=True)
    store.orders.settle(1, State.COMPLETED, "done", "x", NOW)
    assert store.reports.counts() == {"completed": 1}
    store.orders.leave_to_people(1, NOW)
    assert (store.reports.counts(), store.reports.ignored_reasons()) == ({"ignored": 1}, {"left to people": 1})
    store.orders.ask_retry(1, NOW)
    assert (store.reports.counts(), store.reports.ignored_reasons()) == ({"received": 1}, {})


def test_where_orders_wait(store: Store) -> None:
    for key, hours in enumerate((1, 30, 50)):
        add(store, key, "shipping", is_open=True, created_at=(NOW - timedelta(hours=hours)).isoformat())
    add(store, 9, "completed", created_at=(NOW - timedelta(hours=99)).isoformat())
    waiting = store.reports.waiting(NOW - timedelta(hours=24))
    assert waiting == {"shipping": Waiting(NOW - timedelta(hours=50), 2)}


def test_held_orders_come_oldest_first_and_some_at_a_time(store: Store) -> None:
    for key in range(5):
        add(store, key, "received", is_open=True)
        hold = Hold("unknown_sku" if key % 2 else "rejected", "why", NOW - timedelta(minutes=key))
        store.orders.hold(key, State.RECEIVED, hold, look_again_at=None, now=NOW)
    assert [held.haravan_id for held in store.reports.held_some(limit=2)] == [4, 3]
    assert [held.haravan_id for held in store.reports.held_some(skip=2, limit=2)] == [2, 1]
    assert [held.haravan_id for held in store.reports.held_some(code="rejected")] == [4, 2, 0]
    assert store.reports.held_counts() == {("rejected", "received"): 3, ("unknown_sku", "received"): 2}
    assert sorted(store.reports.held_ids("unknown_sku")) == [1, 3]


def test_events_come_newest_first_page_by_page(store: Store) -> None:
    add(store, 7, "received")
    last = [store.add_event("order_held", f"{n}", NOW, 7 if n % 2 else None) for n in range(5)][-1]
    page = store.reports.events(limit=2)
    assert [(one.seq, one.number) for one in page] == [(last, ""), (last - 1, "#7")]
    assert [one.seq for one in store.reports.events(before=last - 1, limit=2)] == [last - 2, last - 3]
    assert store.reports.events(before=1) == []


# --- samples ---------------------------------------------------------------------------------------------------------


def test_a_sample_is_kept_once_in_five_minutes_and_forgotten_after_two_weeks(store: Store) -> None:
    assert store.samples.is_due(NOW)
    store.samples.keep(NOW, figures_seconds=30, orders_seconds=None)
    store.samples.keep(NOW + timedelta(seconds=5), figures_seconds=99, orders_seconds=99)
    assert not store.samples.is_due(NOW + timedelta(seconds=SLOT_SECONDS - 1))
    later = NOW + timedelta(seconds=SLOT_SECONDS)
    assert store.samples.is_due(later)
    store.samples.keep(later, figures_seconds=40, orders_seconds=15)
    width = timedelta(seconds=SLOT_SECONDS)
    assert store.samples.since(NOW, width=width) == [Sample(NOW, 30, None), Sample(later, 40, 15)]
    assert store.samples.since(NOW, width=timedelta(hours=1)) == [Sample(NOW, 40, 15)]
    store.samples.keep(later + KEEP, figures_seconds=1, orders_seconds=1)
    assert [one.at for one in store.samples.since(NOW, width=width)] == [later, later + KEEP]


def test_calls_by_minute_end_with_this_minute(store: Store) -> None:
    store.count_calls("kiotviet_get", 3, NOW)
    store.count_calls("kiotviet_get", 2, NOW - timedelta(minutes=2))
    store.count_calls("kiotviet_get", 9, NOW - timedelta(minutes=60))
    assert store.calls_by_minute("kiotviet_get", NOW, minutes=4) == [0, 2, 0, 3]
    assert sum(store.calls_by_minute("kiotviet_get", NOW)) == 5


# --- indexes ---------------------------------------------------------------------------------------------------------


@contextmanager
def plans(store: Store) -> Iterator[list[str]]:
    """How SQLite answers each question that is asked meanwhile."""
    found: list[str] = []
    database = store._db.database
    real = database.execute_sql

    def explained(sql: str, params: Any = None, *more: Any) -> Any:
        if sql.lstrip().upper().startswith("SELECT"):
            found.extend(f"{step[3]} -- {sql}" for step in real(f"EXPLAIN QUERY PLAN {sql}", params).fetchall())
        return real(sql, params, *more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "execute_sql", explained)
        yield found


def scanned(found: list[str], partial: set[str]) -> list[str]:
    """The steps that read a whole big table, or a whole index of one that is not of just some rows."""
    steps = []
    for step in found:
        match = re.match(r"SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?", step)
        if match is None or match[2] in partial:
            continue
        table = re.search(rf'"(\w+)" AS "{match[1]}"', step)
        if table is not None and table[1] in BIG:
            steps.append(step)
    return steps


QUESTIONS: dict[str, Callable[[Store], object]] = {
    "counts": lambda s: (s.reports.counts(), s.reports.ignored_reasons()),
    "held": lambda s: (s.reports.held(), s.reports.held_some(), s.reports.held_some(code="x", skip=50)),
    "held counts": lambda s: (s.reports.held_counts(), s.reports.held_ids("x")),
    "waiting": lambda s: s.reports.waiting(NOW),
    "events": lambda s: (s.reports.events(), s.reports.events(before=5), s.events_of(3)),
    "shipped outside": lambda s: s.reports.shipped_outside(),
    "tasks": lambda s: (s.tasks(), s.todo.count_open(), s.todo.of_order(3), s.todo.last_of("x")),
    "an order": lambda s: (s.orders.find("100020"), s.orders.record(3)),
    "a product": lambda s: (s.history.of(1, 2), s.figures([2])),
    "drift": lambda s: (s.differing(), s.drifts.per_day(NOW, UTC, 1)),
}


@pytest.mark.parametrize("question", sorted(QUESTIONS))
def test_no_question_of_the_page_reads_a_whole_table(store: Store, path: Path, question: str) -> None:
    add(store, 3, "received")
    with closing(sqlite3.connect(path)) as database:
        query = "SELECT name FROM sqlite_master WHERE type = 'index' AND sql LIKE '% WHERE %'"
        partial = {name for (name,) in database.execute(query)}
    with plans(store) as found:
        QUESTIONS[question](store)
    assert found
    assert scanned(found, partial) == []


def test_a_whole_table_would_be_noticed(store: Store) -> None:
    with plans(store) as found:
        list(store._t.orders.select().where(store._t.orders.reason == "x"))
    assert len(scanned(found, set())) == 1
