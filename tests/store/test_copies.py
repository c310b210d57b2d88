"""Copies of a store in use: whole, checked, private, and one before every change of the schema."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import threading
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from syncd.errors import StoreUnwritable, Unusable
from syncd.store import Store, copies
from syncd.store.opening import MIGRATIONS

NOW = datetime(2026, 11, 23, tzinfo=UTC)
OLDEST_KEPT = "0003"


class Disk(NamedTuple):
    """What a disk has."""

    total: int
    used: int
    free: int


def values_in(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as copy:
        return [value for (value,) in copy.execute("SELECT value FROM meta ORDER BY key")]


def others(folder: Path) -> set[str]:
    """What is in a folder beside the databases' own files."""
    return {path.name for path in folder.iterdir() if path.suffix not in (".db-wal", ".db-shm")}


@pytest.fixture
def older(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store as the version before wrote it, with migrations up to 0003, and one value in it."""
    made = tmp_path / "then"
    made.mkdir()
    for step in MIGRATIONS.glob("0*.py"):
        if step.name[:4] <= OLDEST_KEPT:
            shutil.copy(step, made)
    database = tmp_path / "shop" / "syncd.db"
    database.parent.mkdir()
    with monkeypatch.context() as patch:
        patch.setattr("syncd.store.opening.MIGRATIONS", made)
        with closing(Store(database)) as store:
            store.remember("key", "of then")
    newer = tmp_path / "now"
    shutil.copytree(MIGRATIONS, newer, ignore=shutil.ignore_patterns("__pycache__"))
    (newer / "9999_future.py").write_text("def up(migrator, db):\n    db.execute_sql('CREATE TABLE future (id)')\n")
    monkeypatch.setattr("syncd.store.opening.MIGRATIONS", newer)
    return database


# --- backups ---------------------------------------------------------------------------------------------------------


def test_a_backup_is_one_private_file_that_others_need_nothing_else_to_read(store: Store, path: Path) -> None:
    store.remember("key", 1)
    target = path.with_name("copy.db")
    before = os.umask(0)
    try:
        copies.back_up(path, target)
    finally:
        os.umask(before)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert values_in(target) == ["1"]
    with closing(sqlite3.connect(target)) as copy:
        assert copy.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    assert others(path.parent) == {"copy.db", path.name, f"{path.name}.backed-up"}


def test_a_backup_holds_what_a_crash_left_in_the_log_alone(path: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path; from syncd.store import Store\n"
        "Store(Path(sys.argv[1])).remember('key', 'last words'); os._exit(9)"
    )
    subprocess.run([sys.executable, "-c", code, str(path)], cwd=Path(__file__).parents[2], check=False, timeout=60)
    assert path.with_name(f"{path.name}-wal").stat().st_size
    copies.back_up(path, path.with_name("copy.db"))
    assert values_in(path.with_name("copy.db")) == ['"last words"']


def test_a_backup_while_others_write_is_of_one_instant(store: Store, path: Path) -> None:
    stop = threading.Event()

    def write() -> None:
        with closing(Store(path)) as writer:
            number = 0
            while not stop.is_set():
                with writer._db.write():
                    writer.remember("a", number)
                    writer.remember("b", number)
                number += 1

    other = threading.Thread(target=write)
    other.start()
    try:
        for number in range(5):
            target = path.with_name(f"copy-{number}.db")
            copies.back_up(path, target)
            found = values_in(target)
            assert len(set(found)) <= 1, found
    finally:
        stop.set()
        other.join()


def test_a_backup_never_replaces_a_file(store: Store, path: Path) -> None:
    target = path.with_name("copy.db")
    target.write_text("somebody's letter")
    with pytest.raises(Unusable, match="already exists: name a new file"):
        copies.back_up(path, target)
    assert target.read_text() == "somebody's letter"


def test_a_database_that_is_not_there_is_named_and_not_made(path: Path) -> None:
    with pytest.raises(Unusable, match="there is no database yet"):
        copies.back_up(path, path.with_name("copy.db"))
    assert others(path.parent) == set()


def test_a_damaged_database_gives_no_backup(path: Path) -> None:
    with closing(Store(path)) as store:
        for number in range(1000):
            store._db.database.execute_sql("INSERT INTO meta VALUES (?, ?)", (f"key {number}", "x" * 50))
    whole, page = path.read_bytes(), 4096
    emptied = len(whole) // page // 2 * page
    path.write_bytes(whole[:emptied] + b"\0" * page + whole[emptied + page :])
    with pytest.raises(Unusable, match=r"copy could not be made .*earlier backups were left alone"):
        copies.back_up(path, path.with_name("copy.db"))
    assert others(path.parent) == {path.name}
    assert copies.last_backup(path) is None


def test_a_backup_that_ends_early_leaves_nothing_that_looks_like_one(
    store: Store, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(_: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(copies, "_sync", die)
    with pytest.raises(KeyboardInterrupt):
        copies.back_up(path, path.with_name("copy.db"))
    assert others(path.parent) == {path.name}


def test_what_a_killed_backup_left_is_written_over(store: Store, path: Path) -> None:
    store.remember("key", 1)
    path.with_name(".copy.db.part").write_bytes(b"half a copy" * 99999)
    copies.back_up(path, path.with_name("copy.db"))
    assert values_in(path.with_name("copy.db")) == ["1"]


def test_two_backups_at_once_do_not_spoil_each_other(store: Store, path: Path) -> None:
    store.remember("key", 1)
    target = path.with_name("copy.db")
    with copies._partial(target), pytest.raises(Unusable, match="another backup is being written there"):
        copies.back_up(path, target)
    copies.back_up(path, target)
    assert values_in(target) == ["1"]


def test_a_finished_backup_is_not_taken_for_one_that_is_being_written(
    store: Store, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever opened the file of another backup, and gets its lock once that is finished, must leave it alone."""
    target, real = path.with_name("copy.db"), copies._take
    store.remember("key", 1)

    def late(handle: int, part: Path) -> None:
        monkeypatch.setattr(copies, "_take", real)
        part.rename(target)
        real(handle, part)

    path.with_name(".copy.db.part").write_text("a whole copy")
    monkeypatch.setattr(copies, "_take", late)
    with pytest.raises(Unusable, match="another backup is being written there"):
        copies.back_up(path, target)
    assert target.read_text() == "a whole copy"


def test_when_the_last_backup_was_made_is_known(store: Store, path: Path) -> None:
    assert copies.last_backup(path) is None
    copies.back_up(path, path.with_name("copy.db"))
    at = copies.last_backup(path)
    assert at is not None
    assert abs((datetime.now(UTC) - at).total_seconds()) < 300


# --- before the schema changes ---------------------------------------------------------------------------------------


def test_before_the_schema_changes_the_database_is_copied_beside_itself(older: Path) -> None:
    with closing(Store(older)) as store:
        assert store.recall("key") == "of then"
        assert store._db.database.table_exists("future")
    (copy,) = older.parent.glob("*.before-*")
    assert copy.name.startswith("syncd.db.before-")
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert values_in(copy) == ['"of then"']
    with closing(sqlite3.connect(copy)) as then:
        assert then.execute("SELECT max(name) FROM schema_migration").fetchone()[0].startswith(OLDEST_KEPT)


def test_the_copy_put_back_is_what_the_version_before_opens(
    older: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(Store(older)) as store:
        store.remember("key", "of now")
    (copy,) = older.parent.glob("*.before-*")
    with monkeypatch.context() as patch:
        patch.setattr("syncd.store.opening.MIGRATIONS", tmp_path / "then")
        with pytest.raises(Unusable, match="newer syncd"):
            Store(older)
        copy.rename(older)
        with closing(Store(older)) as store:
            assert store.recall("key") == "of then"
    with closing(Store(older)) as store:
        assert store._db.database.table_exists("future"), "and the upgrade can be made again"


def test_a_new_database_and_one_that_is_up_to_date_are_not_copied(path: Path) -> None:
    for _ in range(2):
        Store(path).close()
    assert others(path.parent) == {path.name}


def test_a_step_that_fails_can_be_tried_again_and_the_copy_is_of_the_last_try(older: Path, tmp_path: Path) -> None:
    future = tmp_path / "now" / "9999_future.py"
    works = future.read_text()
    future.write_text("def up(migrator, db):\n    db.execute_sql('CREATE TABLE future (id)')\n    1 / 0\n")
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            Store(older)
    future.write_text(works)
    with closing(sqlite3.connect(older)) as database:
        database.execute("INSERT INTO meta VALUES ('later', '2')")
        database.commit()
    with closing(Store(older)) as store:
        assert store._db.database.table_exists("future")
    assert values_in(older.with_name("syncd.db.before-9999")) == ['"of then"', "2"]


def test_without_room_for_the_copy_the_schema_stays(older: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("shutil.disk_usage", lambda _: Disk(10**9, 10**9 - 5_000_000, 5_000_000))
        with pytest.raises(StoreUnwritable, match=r"no room .* 17 MB are needed, 5 MB are free"):
            Store(older)
    assert others(older.parent) == {"syncd.db"}
    with closing(Store(older)) as store:
        assert store._db.database.table_exists("future")


def test_a_copy_that_cannot_be_written_keeps_the_schema_as_it_is(older: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(copies, "_sync", full)
        with pytest.raises(StoreUnwritable, match=r"could not be written .*No space left"):
            Store(older)
    assert others(older.parent) == {"syncd.db"}
    with closing(sqlite3.connect(older)) as database:
        assert database.execute("SELECT 1 FROM sqlite_master WHERE name = 'future'").fetchone() is None
