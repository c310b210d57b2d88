"""What the store keeps: events for good, writers side by side, copies while others write, and no secret."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from peewee import IntegrityError

from syncd.core.records import Intent
from syncd.core.stock import Change
from syncd.errors import StoreUnwritable, Unusable
from syncd.store import Store

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


def change(available: int, wanted: int, variant_id: int = 1) -> Change:
    return Change(963414, variant_id, 1, "AO-01", "AO-01", wanted, 0, 0, wanted, available)


def fill_up(store: Store) -> None:
    """The disk is full: no page can be added, and the last free bytes are used up."""
    database = store._db.database
    pages = int(database.pragma("page_count"))
    database.execute_sql(f"PRAGMA max_page_count = {pages}")
    text = "x" * 4000
    while text:
        try:
            store.add_event("filler", text, NOW)
        except StoreUnwritable:
            text = text[: len(text) // 2]


def make_room(store: Store) -> None:
    store._db.database.execute_sql("PRAGMA max_page_count = 1000000")


def test_events_are_numbered_and_never_changed(store: Store) -> None:
    first, second = store.add_event("one", "", NOW), store.add_event("two", "", NOW, 7)
    assert second == first + 1 == store.last_seq()
    with pytest.raises(IntegrityError, match="never changed"):
        store._t.events.update(detail="other").execute()
    assert [event.event for event in store.events_of(7)] == ["two"]


def test_an_intent_exists_once_per_operation_and_subject(store: Store) -> None:
    for marker in ("first", "second"):
        store.intents.record(Intent("adjust_stock", "963414", marker, "", NOW), None)
    found = store.intents.find("adjust_stock", 963414)
    assert found is not None
    assert found.marker == "second"
    store.intents.withdraw("adjust_stock", 963414, "", None, NOW)
    assert store.intents.find("adjust_stock", 963414) is None


def test_a_task_is_asked_for_once(store: Store) -> None:
    assert store.add_task("refund:1", 1, "#1", "refunded", "nhập trả hàng", NOW)
    assert not store.add_task("refund:1", 1, "#1", "refunded", "nhập trả hàng", NOW)
    assert [task.text for task in store.tasks()] == ["nhập trả hàng"]


def test_cycles_remember_their_last_success_beside_their_last_error(store: Store) -> None:
    store.cycle_ok("stock", {"written": 3}, NOW)
    store.cycle_failed("stock", "KiotViet: 500", NOW + timedelta(seconds=30))
    state = store.cycle("stock")
    assert (state.last_ok, state.last_error, dict(state.counts)) == (NOW, "KiotViet: 500", {"written": 3})
    store.cycle_ok("stock", {}, NOW + timedelta(minutes=1))
    assert store.cycle("stock").last_error is None
    assert store.cycle("never").last_ok is None


def test_a_written_figure_keeps_when_it_was_written(store: Store) -> None:
    store.keep_figures([change(20, 18)], NOW, written=True)
    store.keep_figures([change(18, 18)], NOW + timedelta(hours=1), written=False)
    (row,) = store._t.figures.select()
    assert (row.available, row.written_at) == (18, NOW.isoformat(timespec="microseconds"))
    (figure,) = store.figures().values()
    assert figure.read_at == NOW + timedelta(hours=1)


def test_a_figure_in_doubt_counts_as_read_long_ago(store: Store) -> None:
    store.keep_figures([change(20, 18), change(20, 18, 2)], NOW, written=True)
    store.doubt_figures(963414, [1])
    ages = {variant: figure.read_at for (_, variant), figure in store.figures().items()}
    assert ages[1] < NOW - timedelta(days=365)
    assert ages[2] == NOW


def test_a_catalogue_is_replaced_whole_per_side(store: Store) -> None:
    store.keep_catalogue("haravan", [(2, "b"), (1, "a")])
    store.keep_catalogue("kiotviet", [(1, "k")])
    store.keep_catalogue("haravan", [(3, "c")])
    assert (list(store.catalogue("haravan")), list(store.catalogue("kiotviet"))) == (["c"], ["k"])
    store.change_catalogue("haravan", [(4, "d"), (5, "e")], [3, 9])
    store.change_catalogue("haravan", [(4, "f")], [])
    assert (list(store.catalogue("haravan")), list(store.catalogue("kiotviet"))) == (["f", "e"], ["k"])


def test_a_copy_is_whole_and_is_a_store(store: Store, tmp_path: Path) -> None:
    store.remember("key", "giá trị")
    target = tmp_path / "copy.db"
    store.copy_to(target)
    with closing(Store(target)) as copy:
        assert copy.recall("key") == "giá trị"
    with pytest.raises(Unusable, match="already exists"):
        store.copy_to(target)


def test_a_copy_that_cannot_be_written_leaves_nothing_behind(store: Store, tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="could not be written"):
        store.copy_to(tmp_path / "nowhere" / "copy.db")
    assert not (tmp_path / "nowhere").exists()


def test_a_copy_while_another_thread_writes_is_consistent(store: Store, path: Path, tmp_path: Path) -> None:
    """Each round writes two values in one transaction; no copy may have one without the other."""
    stop = threading.Event()

    def write() -> None:
        with closing(Store(path)) as mine:
            number = 0
            while not stop.is_set():
                number += 1
                with mine._db.write():
                    mine.remember("left", number)
                    mine.remember("right", number)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(5):
            store.copy_to(tmp_path / f"copy-{number}.db")
    finally:
        stop.set()
        writer.join(timeout=30)
    for number in range(5):
        with closing(Store(tmp_path / f"copy-{number}.db")) as copy:
            assert copy.recall("left") == copy.recall("right")


WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from syncd.store import Store
store = Store(Path(sys.argv[1]))
now = datetime(2026, 11, 23, tzinfo=UTC)
for number in range(150):
    store.add_event(sys.argv[2], str(number), now)
    store.take_call("kiotviet_get", now, 200)
store.close()
"""


def test_two_processes_write_at_once_and_nothing_is_lost(store: Store, path: Path) -> None:
    root = Path(__file__).parents[2]
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(path), name], cwd=root) for name in ("một", "hai")]
    assert [writer.wait(timeout=60) for writer in writers] == [0, 0]
    counts = dict(store._db.database.execute_sql("SELECT event, count(*) FROM events GROUP BY event").fetchall())
    assert counts == {"một": 150, "hai": 150}
    now = datetime(2026, 11, 23, tzinfo=UTC)
    assert store.calls_in_last_hour("kiotviet_get", now) == 200, "300 were asked for, 200 were allowed"


def test_threads_write_at_once_and_nothing_is_lost(store: Store) -> None:
    def write() -> None:
        for _ in range(50):
            store.add_event("thread", "", NOW)
        store.close()

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert store.last_seq() == 200


def test_a_full_disk_is_told_and_recovers_by_itself(store: Store) -> None:
    fill_up(store)
    with pytest.raises(StoreUnwritable, match=r"\(database or disk is full\): free space or rights, then it goes on"):
        store.add_event("more", "x" * 5000, NOW)
    make_room(store)
    assert store.add_event("more", "x" * 5000, NOW) == store.last_seq()


def test_a_database_that_became_read_only_is_told(store: Store) -> None:
    store._db.database.execute_sql("PRAGMA query_only = 1")
    with pytest.raises(StoreUnwritable):
        store.check_writable(NOW)
    store._db.database.execute_sql("PRAGMA query_only = 0")
    store.check_writable(NOW)


def test_a_database_that_another_program_locked_is_told(store: Store, path: Path) -> None:
    store._db.database.execute_sql("PRAGMA busy_timeout = 10")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnwritable, match="locked"):
            store.check_writable(NOW)
        other.execute("ROLLBACK")
    store.check_writable(NOW)


def test_a_transaction_that_fails_half_way_leaves_nothing(store: Store) -> None:
    def fail_half_way() -> None:
        with store._db.write():
            store.remember("half", 1)
            raise RuntimeError("died")

    with pytest.raises(RuntimeError):
        fail_half_way()
    assert store.recall("half") is None


FULL_DISK = """
import resource, sys
from datetime import UTC, datetime
from pathlib import Path
from syncd.errors import StoreUnwritable, Unusable
from syncd.store import Store
path, target, now = Path(sys.argv[1]), Path(sys.argv[2]), datetime(2026, 11, 23, tzinfo=UTC)
store = Store(path)
store.add_event("big", "x" * 200_000, now)
resource.setrlimit(resource.RLIMIT_FSIZE, (65536, resource.RLIM_INFINITY))
try:
    store.copy_to(target)
except Unusable:
    print("no copy", target.exists())
for _ in range(3):
    try:
        store.add_event("more", "x" * 200_000, now)
    except StoreUnwritable:
        print("unwritable")
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
store.add_event("more", "x" * 200_000, now)
print("recovered", store.last_seq())
store.close()
"""


def test_a_disk_that_takes_no_more_bytes_is_survived(path: Path, tmp_path: Path) -> None:
    """The operating system itself refuses to let the files grow."""
    command = [sys.executable, "-c", FULL_DISK, str(path), str(tmp_path / "copy.db")]
    done = subprocess.run(
        command, cwd=Path(__file__).parents[2], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.stderr, done.returncode) == ("", 0)
    assert done.stdout.split("\n")[:-1] == ["no copy False", "unwritable", "unwritable", "unwritable", "recovered 2"]
