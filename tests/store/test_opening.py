"""Opening the database: what is made, what is refused, and that nothing is ever deleted."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections import namedtuple
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from peewee import OperationalError, SqliteDatabase

from syncd.errors import StoreUnwritable, SyncdError, Unusable
from syncd.store import Store
from syncd.store.opening import MIGRATIONS, DaemonLock

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def run(code: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", code, *map(str, arguments)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    return subprocess.Popen(command, text=True, cwd=Path(__file__).parents[2], **pipes)  # type: ignore[call-overload, no-any-return]


def test_a_fresh_database_has_every_table_and_the_durable_settings(store: Store, path: Path) -> None:
    store.add_event("hello", "", NOW)
    with closing(sqlite3.connect(path)) as database:
        tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        assert {
            "orders",
            "invoices",
            "intents",
            "events",
            "tasks",
            "meta",
            "cycles",
            "catalogue",
            "figures",
            "calls",
        } <= tables
        assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert store._db.database.pragma("synchronous") == 2, "FULL: a lost write can double an order"
    assert store._db.database.pragma("foreign_keys") == 1


def test_opening_again_changes_nothing(path: Path) -> None:
    for _ in range(2):
        with closing(Store(path)) as store:
            store.remember("key", [1, "hai"])
    with closing(Store(path)) as store:
        assert store.recall("key") == [1, "hai"]
        assert store._db.database.execute_sql("SELECT count(*) FROM meta").fetchone() == (1,)


def test_every_migration_is_numbered_and_applied(store: Store) -> None:
    files = sorted(file.stem for file in MIGRATIONS.glob("[0-9]*.py"))
    assert [name.split("_")[0] for name in files] == [f"{number:04d}" for number in range(1, len(files) + 1)]


def test_a_database_of_a_newer_version_is_refused_and_left_alone(
    path: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    newer = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, newer, ignore=shutil.ignore_patterns("__pycache__"))
    (newer / "9999_future.py").write_text(
        "def up(migrator, db):\n    db.execute_sql('CREATE TABLE future (id INTEGER)')\n"
    )
    with monkeypatch.context() as patch:
        patch.setattr("syncd.store.opening.MIGRATIONS", newer)
        Store(path).close()
    before = path.read_bytes()
    with pytest.raises(Unusable, match="newer syncd"):
        Store(path)
    assert path.read_bytes() == before


def test_an_older_database_is_brought_up_to_date(path: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with closing(Store(path)) as store:
        store.remember("kept", 1)
    newer = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, newer, ignore=shutil.ignore_patterns("__pycache__"))
    (newer / "9999_future.py").write_text(
        "def up(migrator, db):\n    db.execute_sql('CREATE TABLE future (id INTEGER)')\n"
    )
    monkeypatch.setattr("syncd.store.opening.MIGRATIONS", newer)
    with closing(Store(path)) as store:
        assert store.recall("kept") == 1
        assert store._db.database.table_exists("future")


@pytest.mark.parametrize("damage", ["text", "cut", "overwritten", "zeroed_header"])
def test_a_damaged_database_is_refused_and_never_deleted(path: Path, damage: str) -> None:
    with closing(Store(path)) as store:
        for number in range(3000):
            store._db.database.execute_sql("INSERT INTO meta VALUES (?, ?)", (f"key {number}", "x" * 50))
    whole = path.read_bytes()
    middle = len(whole) // 2
    broken = {
        "text": b"this is no database at all, but somebody's letter" * 200,
        "cut": whole[: middle - 100],
        "overwritten": whole[:8192] + os.urandom(len(whole) - 16384) + whole[-8192:],
        "zeroed_header": b"\0" * 100 + whole[100:],
    }[damage]
    path.write_bytes(broken)
    with pytest.raises(Unusable, match=r"damaged.*backup"):
        Store(path)
    assert path.read_bytes()[:100] == broken[:100]
    assert path.exists()


def test_an_empty_file_is_a_new_database(path: Path) -> None:
    path.touch()
    with closing(Store(path)) as store:
        assert store.last_seq() == 0


def test_a_directory_in_its_place_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="is a directory: set 'database' to a file"):
        Store(tmp_path)


def test_a_missing_directory_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match=r"directory .*nowhere does not exist"):
        Store(tmp_path / "nowhere" / "syncd.db")


def test_a_database_that_should_be_there_and_is_not_is_not_made(path: Path) -> None:
    with pytest.raises(Unusable, match="there is no database yet"):
        Store(path, create=False)
    assert not path.exists()


def test_a_place_where_nothing_can_be_made_is_named() -> None:
    with pytest.raises(Unusable, match="check its owner and rights"):
        Store(Path("/proc/syncd.db"))
    with pytest.raises(Unusable, match="check the directory and its owner"):
        DaemonLock(Path("/proc/syncd.db"))


def test_a_second_process_is_refused_and_told_who_has_the_lock(path: Path) -> None:
    with DaemonLock(path):
        code = (
            "import sys; from pathlib import Path\n"
            "from syncd.errors import Unusable; from syncd.store.opening import DaemonLock\n"
            "try: DaemonLock(Path(sys.argv[1])); print('taken')\n"
            "except Unusable as error: print(error)"
        )
        output, _ = run(code, path).communicate(timeout=30)
    assert f"(pid {os.getpid()})" in output
    assert "another syncd" in output


def test_a_killed_process_gives_the_lock_back(path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from syncd.store.opening import DaemonLock\n"
        "lock = DaemonLock(Path(sys.argv[1])); print('taken', flush=True); sys.stdin.read()"
    )
    with run(code, path) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "taken\n"
        with pytest.raises(Unusable, match=rf"pid {other.pid}\)"):
            DaemonLock(path)
        other.send_signal(signal.SIGKILL)
        other.wait(timeout=30)
    DaemonLock(path).close()


def test_the_lock_is_free_after_it_was_given_back(path: Path) -> None:
    DaemonLock(path).close()
    with DaemonLock(path), pytest.raises(Unusable):
        DaemonLock(path)
    DaemonLock(path).close()


@pytest.mark.parametrize(("free", "refusal"), [(4096, StoreUnwritable), (10**9, Unusable)])
def test_a_disk_without_any_room_is_no_damaged_database(
    path: Path, free: int, refusal: type[SyncdError], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OperationalError("disk I/O error")

    Store(path).close()
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10**9, 10**9 - free, free))
    monkeypatch.setattr(SqliteDatabase, "connect", fail)
    with pytest.raises(refusal) as refused:
        Store(path)
    assert ("the disk is full" in str(refused.value)) is (refusal is StoreUnwritable)
