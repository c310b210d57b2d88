"""What was published stays readable: its terms, its outcome, and no longer than it is told to."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from syncd.core.model import BranchStock
from syncd.core.stock import Change, Reading
from syncd.store import Store, history
from syncd.store.drifts import Drift
from syncd.store.history import KEEP_ALWAYS, UNKNOWN, WRITTEN, Ending
from syncd.store.opening import MIGRATIONS

NOW = datetime(2026, 11, 26, 8, tzinfo=UTC)
BRANCHES = (BranchStock(1001, Decimal("20.5"), Decimal(2), True), BranchStock(1002, None, None, None))
CHANGE = Change(
    963414, 1, 1, "AO-01", "AO-01", 18, 1, 2, 15, 20, Reading(NOW - timedelta(seconds=3), 7, "HD000123"), BRANCHES
)


def publish(store: Store, times: int, at: datetime, variant_id: int = 1) -> None:
    changes = [replace(CHANGE, variant_id=variant_id)] * times
    rows = store.history.announce(changes, "syncd x", {}, at)
    store.history.conclude({row: Ending(WRITTEN, CHANGE.wanted) for row in rows})


def test_a_publication_keeps_every_term_and_where_it_came_from(store: Store) -> None:
    (row,) = store.history.announce([CHANGE], "syncd 1", {(963414, 1): "kiotviet_moved"}, NOW)
    (before,) = store.history.of(963414, 1)
    assert (before.outcome, before.shown) == (UNKNOWN, None), "nothing is known while no read has shown it"
    store.history.conclude({row: Ending(WRITTEN, 15)})
    (kept,) = store.history.of(963414, 1)
    assert (kept.old, kept.wanted, kept.shown, kept.outcome) == (20, 15, 15, WRITTEN)
    assert (kept.sellable, kept.pending, kept.safety_stock) == (18, 1, 2)
    assert (kept.source, kept.read_at, kept.branches) == ("HD000123", NOW - timedelta(seconds=3), BRANCHES)
    assert (kept.at, kept.note, kept.reason) == (NOW, "syncd 1", "kiotviet_moved")


def test_a_figure_without_a_reading_is_kept_too(store: Store) -> None:
    store.history.announce([replace(CHANGE, reading=None, branches=())], "syncd 1", {}, NOW)
    (kept,) = store.history.of(963414, 1)
    assert (kept.source, kept.read_at, kept.branches) == ("", None, ())


def test_what_no_read_had_shown_is_filled_in_by_the_next_one_only(store: Store) -> None:
    store.history.announce([CHANGE, replace(CHANGE, variant_id=2)], "syncd 1", {}, NOW)
    store.history.see([replace(CHANGE, available=15)])
    store.history.see([replace(CHANGE, available=99)])
    assert [p.shown for key in (1, 2) for p in store.history.of(963414, key)] == [15, None]


def test_old_publications_go_but_the_newest_of_each_figure_stay(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "_PURGE_AT_ONCE", 7)
    old = NOW - timedelta(days=91)
    publish(store, KEEP_ALWAYS + 30, old)
    publish(store, 5, old, variant_id=2)
    publish(store, 3, NOW)
    for _ in range(20):
        store.history.purge(NOW)
    assert len(store.history.of(963414, 1, limit=999)) == KEEP_ALWAYS
    assert len(store.history.of(963414, 2, limit=999)) == 5
    publish(store, 30, old, variant_id=2)
    store.history.purge(NOW + timedelta(hours=23))
    assert len(store.history.of(963414, 2, limit=999)) == 35, "a round a day is enough"
    for _ in range(20):
        store.history.purge(NOW + timedelta(hours=25))
    assert len(store.history.of(963414, 2, limit=999)) == KEEP_ALWAYS


def test_a_purge_takes_small_steps(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "_PURGE_AT_ONCE", 7)
    publish(store, KEEP_ALWAYS + 30, NOW - timedelta(days=91))
    store.history.purge(NOW)
    assert len(store.history.of(963414, 1, limit=999)) == KEEP_ALWAYS + 23


def test_the_drift_of_a_day_is_that_of_the_shops_day(store: Store) -> None:
    one = Drift(NOW, "stock", "AO-01", "20", "15", "kiotviet_moved", "", repaired=True)
    evening = datetime(2026, 11, 25, 17, 30, tzinfo=UTC)  # 0:30 in the shop
    old = NOW - timedelta(days=91)
    rows = [
        one,
        replace(one, at=evening),
        replace(one, code="first"),
        replace(one, at=evening - timedelta(hours=1), kind="document"),
    ]
    store.drifts.keep([replace(one, at=old)], old)
    store.drifts.keep(rows, NOW)
    days = store.drifts.per_day(NOW, ZoneInfo("Asia/Ho_Chi_Minh"), 3)
    assert [(day.day.isoformat(), day.stock, day.documents) for day in days] == [
        ("2026-11-24", 0, 0),
        ("2026-11-25", 0, 1),
        ("2026-11-26", 2, 0),
    ]
    assert len(store.drifts.since(old)) == 4, "older than 90 days: gone"


def test_a_store_of_the_version_before_is_brought_up_to_date(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, before, ignore=shutil.ignore_patterns("__pycache__", "0003*"))
    with monkeypatch.context() as patch:
        patch.setattr("syncd.store.opening.MIGRATIONS", before)
        Store(path).close()
    with closing(sqlite3.connect(path)) as database:
        figure = (963414, 1, "AO-01", 20, 0, 20, 20, NOW.isoformat(), None)
        database.execute("INSERT INTO figures VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", figure)
        database.commit()
    with closing(Store(path)) as store:
        kept = store.figures()[963414, 1]
        assert (kept.safety_stock, kept.available, kept.written) == (None, 20, False)
        publish(store, 1, NOW)
        store.keep_figures([CHANGE], NOW, written=True)
        assert store.figures()[963414, 1].safety_stock == 2
