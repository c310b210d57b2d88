"""Opening one SQLite file: pragmas, the lock of its daemon, schema steps, and refusing what cannot be trusted."""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from peewee import DatabaseError, InterfaceError, OperationalError, SqliteDatabase
from playhouse.migrations import Runner

from syncd.core.texts import Text, text
from syncd.errors import InUse, StoreUnwritable, Unusable
from syncd.store import copies

MIGRATIONS = Path(__file__).parent / "migrations"
_LEAST_ROOM = 1024 * 1024
_QUICK_CHECK_LIMIT_BYTES = 64 * 1024 * 1024


class DaemonLock:
    """The right to act on a database; the operating system takes it back when the process dies, however it dies."""

    def __init__(self, database: Path) -> None:
        """Take the lock of `database`.

        Raises:
            InUse: Another process has it.
            Unusable: The lock file cannot be made.
        """
        self._path = database.with_name(database.name + ".lock")
        try:
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise Unusable(text("lock_not_made", path=str(self._path), error=error.strerror or "")) from error
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            owner = os.read(self._file, 32).decode("ascii", "replace").strip() or text("pid_unknown")
            os.close(self._file)
            raise InUse(text("store_in_use", path=str(database), pid=owner)) from error
        os.ftruncate(self._file, 0)
        os.write(self._file, f"{os.getpid()}\n".encode())

    def close(self) -> None:
        """Give the lock back."""
        os.close(self._file)

    def __enter__(self) -> DaemonLock:
        """The lock itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give the lock back."""
        self.close()


class Connection:
    """One open database and the only way to write to it."""

    def __init__(self, path: Path, *, create: bool = True) -> None:
        """Open `path` and bring its schema up to date.

        Raises:
            Unusable: It is damaged, from a newer syncd, not there (without `create`), or cannot be opened.
            StoreUnwritable: It is locked or the disk is full: that passes, so a later start may succeed.
        """
        self.path = path
        self._writing = threading.RLock()
        self._depth = 0
        self.after_commit: Callable[[], None] = lambda: None
        _check_place(path, create=create)
        pragmas = {"journal_mode": "wal", "synchronous": "full", "foreign_keys": 1, "busy_timeout": 5000}
        self.database = SqliteDatabase(str(path), pragmas=pragmas, timeout=5)
        try:
            self.database.connect(reuse_if_open=True)
            self._refuse_damaged()
            self._migrate()
        except (DatabaseError, InterfaceError, sqlite3.Error) as error:
            self.close()
            raise _refusal(path, str(error)) from error
        except (Unusable, StoreUnwritable):
            self.close()
            raise

    def close(self) -> None:
        """Close this thread's connection."""
        if not self.database.is_closed():
            self.database.close()

    @contextmanager
    def write(self) -> Iterator[None]:
        """One transaction, alone in this process, taken at once so that it cannot fail half-way on a lock.

        One inside another is part of it; `after_commit` is called when the outermost one was committed.

        Raises:
            StoreUnwritable: Disk full, read-only or locked; nothing was written.
        """
        with self._writing:
            self._depth += 1
            try:
                with self.database.atomic("IMMEDIATE"):
                    yield
            except OperationalError as error:
                raise StoreUnwritable(text("store_not_written", path=str(self.path), error=_cause(error))) from error
            finally:
                self._depth -= 1
                committed = self._depth == 0
        if committed:
            self.after_commit()

    def _refuse_damaged(self) -> None:
        if self.path.stat().st_size <= _QUICK_CHECK_LIMIT_BYTES:
            verdict = self.database.pragma("quick_check")
            if verdict != "ok":
                raise Unusable(_unusable(self.path, str(verdict)))

    def _migrate(self) -> None:
        runner = Runner(self.database, str(MIGRATIONS))
        steps = runner.status()
        if any(step.path is None for step in steps):
            raise Unusable(text("store_newer", path=str(self.path)))
        pending = [step for step in steps if step.applied is None]
        if not pending:
            return
        with self._writing:
            if len(pending) < len(steps):
                # whoever wants the version before this one back needs the database as it was
                connection: sqlite3.Connection = self.database.connection()  # type: ignore[no-untyped-call]
                copies.keep_before(connection, self.path, f"{pending[0].idx:04d}")
            runner.up()


def _cause(error: BaseException) -> str:
    """What went wrong in the first place: SQLite ends a transaction by itself where the disk is full."""
    while str(error).startswith("cannot rollback") and error.__context__ is not None:
        error = error.__context__
    return str(error)


def _check_place(path: Path, *, create: bool) -> None:
    if path.is_dir():
        raise Unusable(text("store_is_directory", path=str(path)))
    if not path.parent.is_dir():
        raise Unusable(text("store_directory_missing", path=str(path), directory=str(path.parent)))
    if not create and not path.exists():
        raise Unusable(text("store_missing", path=str(path)))


def _refusal(path: Path, why: str) -> StoreUnwritable | Unusable:
    """What passes by itself is worth another start; for anything else an admin must do something first."""
    if "locked" in why:
        return StoreUnwritable(text("store_locked", path=str(path)))
    if "full" in why or ("I/O error" in why and _has_no_room(path)):
        return StoreUnwritable(text("store_disk_full", path=str(path)))
    return Unusable(_unusable(path, why))


def _has_no_room(path: Path) -> bool:
    """Whether SQLite cannot even make the files beside `path` that it reads with: it calls that an I/O error.

    Source: measured on a full tmpfs, November 2026, SQLite 3.40.1.
    """
    try:
        return shutil.disk_usage(path.parent).free < _LEAST_ROOM
    except OSError:
        return False


def _unusable(path: Path, why: str) -> Text:
    if any(word in why for word in ("readonly", "read-only", "unable to open", "permission")):
        return text("store_not_opened", path=str(path), error=why)
    return text("store_damaged", path=str(path), error=why)
