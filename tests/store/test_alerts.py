"""What alerts remember over a restart, and the notes beside the database."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from syncd.core.alerts import Entry, Memory
from syncd.core.facts import Knock
from syncd.core.messages import NEWS, Message, Row
from syncd.core.outbox import Letter, Line, Outbox
from syncd.store import Store
from syncd.store.alerts import Known
from syncd.store.knocks import forget_knock, knock, last_knock, may_tell

NOW = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)
ROW = Row("held:1", "held", "warning", "bị tạm giữ", "Làm theo lý do", NOW, "#100020", "AO-01")
MESSAGE = Message("abc", NEWS, "shopmau", NOW, "chủ đề", "nội dung\nhai dòng", "https://s.vn", (ROW,))
HOUR = timedelta(hours=1)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "syncd.db")


def test_everything_comes_back_after_a_restart(store: Store) -> None:
    assert store.alerts.recall() == (Memory(), Outbox())
    told = Entry(ROW, NOW, NOW + HOUR, NOW + 2 * HOUR)
    memory = Memory({"held:1": told, "x": Entry(ROW, NOW)}, (NOW, NOW + HOUR), NOW)
    box = Outbox((Letter(MESSAGE, ("email", "webhook")),), {"email": Line(NOW, "hỏng", 3, NOW + HOUR)})
    store.alerts.keep(memory, box)
    known = {"held:1": Known("held:1", "held", "warning", NOW, order="#100020", sku="AO-01")}
    store.alerts.keep_known(known)
    store.close()
    again = Store(store.path)
    assert again.alerts.recall() == (memory, box)
    assert again.alerts.known() == known


@pytest.mark.parametrize("kept", [{}, [], {"memory": {}, "outbox": {}}, {"memory": {"entries": {"a": {}}}}, 5, "x"])
def test_what_another_version_kept_otherwise_is_begun_anew(store: Store, kept: object) -> None:
    store.remember("alerts_memory", kept)
    store.remember("concerns_known", kept)
    assert store.alerts.recall() == (Memory(), Outbox())
    assert store.alerts.known() == {}


def test_a_daemon_that_was_sent_away_leaves_a_note(tmp_path: Path) -> None:
    database = tmp_path / "syncd.db"
    assert last_knock(database) is None
    knock(database, 42, NOW)
    assert last_knock(database) == Knock(42, NOW)
    forget_knock(database)
    forget_knock(database)
    assert last_knock(database) is None
    assert list(tmp_path.iterdir()) == [], "no scratch file stays behind"


@pytest.mark.parametrize("note", ["", "{", "[]", '{"pid": "x", "at": "y"}', '{"pid": 1}', "ệ"])
def test_a_note_that_makes_no_sense_is_no_note(tmp_path: Path, note: str) -> None:
    (tmp_path / "syncd.db.refused").write_text(note)
    assert last_knock(tmp_path / "syncd.db") is None


def test_a_note_that_cannot_be_left_harms_nobody(tmp_path: Path) -> None:
    nowhere = tmp_path / "missing" / "syncd.db"
    knock(nowhere, 42, NOW)
    forget_knock(nowhere)
    assert last_knock(nowhere) is None


def test_a_failed_start_is_told_once_an_hour_for_the_same_reason(tmp_path: Path) -> None:
    database = tmp_path / "syncd.db"
    assert may_tell(database, "disk full", NOW, HOUR)
    assert not may_tell(database, "disk full", NOW + HOUR / 2, HOUR)
    assert may_tell(database, "port taken", NOW + HOUR / 2, HOUR)
    assert may_tell(database, "port taken", NOW + 2 * HOUR, HOUR)
    assert may_tell(database, "port taken", NOW - HOUR, HOUR), "a clock that was set back silences nobody"


def test_where_that_cannot_be_kept_it_is_told_each_time(tmp_path: Path) -> None:
    nowhere = tmp_path / "missing" / "syncd.db"
    assert may_tell(nowhere, "disk full", NOW, HOUR)
    assert may_tell(nowhere, "disk full", NOW, HOUR)
    (tmp_path / "syncd.db.start-failed").write_text(json.dumps({"disk full": 5}))
    assert may_tell(tmp_path / "syncd.db", "disk full", NOW, HOUR)


def test_when_anything_last_happened_to_an_order(store: Store) -> None:
    assert store.order_moved_at() is None
    store.add_event("order_seen", "", NOW, 1001)
    store.add_event("stock_plan_refused", "", NOW + HOUR)
    assert store.order_moved_at() == NOW
