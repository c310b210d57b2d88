"""Copies of a database that is in use: whole or not there at all, checked, on the disk, and for their owner alone."""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from syncd.core.texts import text
from syncd.errors import StoreUnwritable, Unusable

_ROOM_BYTES = 16 * 1024 * 1024
_WAIT_SECONDS = 30.0


def back_up(database: Path, target: Path) -> None:
    """Copy `database`, as it is at this instant, to the new file `target`; its schema stays what it is.

    Others may write meanwhile. The copy is one file that needs no other: no write-ahead log belongs to it.

    Raises:
        Unusable: There is no database, it or the copy is damaged, the target exists already or cannot be written.
    """
    if not database.is_file():
        raise Unusable(text("backup_no_database", path=str(database)))
    if target.exists():
        raise Unusable(text("backup_exists", path=str(target)))
    try:
        with _partial(target) as part:
            # opened for writing because what a crash left in the write-ahead log must be read too
            place = f"{database.absolute().as_uri()}?mode=rw"
            with closing(sqlite3.connect(place, uri=True, timeout=_WAIT_SECONDS)) as source:
                _copy(source, part)
            part.rename(target)
        _sync(target.parent)
    except (OSError, sqlite3.Error) as error:
        raise Unusable(text("backup_failed", path=str(target), why=str(error))) from error
    # a place where nothing can be noted makes no good copy a bad one
    with suppress(OSError):
        # anew, because root may have made the one that is there
        _note(database).unlink(missing_ok=True)
        _note(database).touch(mode=0o600)


def keep_before(connection: sqlite3.Connection, database: Path, step: str) -> Path:
    """Copy an open database beside itself before its schema is changed by `step`, for the way back; gives the copy.

    A copy that an earlier try has left is replaced: a step is done whole or not at all, so this one is as good and
    newer.

    Raises:
        StoreUnwritable: There is no room for it, or it cannot be written; the schema must then stay as it is.
    """
    target = database.with_name(f"{database.name}.before-{step}")
    needed = _size(database) + _ROOM_BYTES
    try:
        free = shutil.disk_usage(database.parent).free
        if free < needed:
            raise StoreUnwritable(
                text("upgrade_no_room", path=str(target), needed=_megabytes(needed), free=_megabytes(free))
            )
        with _partial(target) as part:
            _copy(connection, part)
            if os.geteuid() == 0:
                # a command of root's may be first to change the schema; the daemon must be able to use the copy
                shutil.chown(part, database.stat().st_uid, database.stat().st_gid)
            part.replace(target)
        _sync(target.parent)
    except (OSError, sqlite3.Error, Unusable) as error:
        raise StoreUnwritable(text("upgrade_no_copy", path=str(target), why=str(error))) from error
    return target


def last_backup(database: Path) -> datetime | None:
    """When a backup of a database was last made; None where none was, or none could be noted."""
    try:
        return datetime.fromtimestamp(_note(database).stat().st_mtime, UTC)
    except OSError:
        return None


@contextmanager
def _partial(target: Path) -> Iterator[Path]:
    """An empty file beside `target`, ours alone, to be renamed; it is removed when that cannot be done.

    It has the same name each time, so that what a killed process left does not stay.
    """
    part = target.with_name(f".{target.name}.part")
    handle = os.open(part, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        _take(handle, part)
        os.ftruncate(handle, 0)
        os.fchmod(handle, 0o600)
        try:
            yield part
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    finally:
        os.close(handle)


def _take(handle: int, part: Path) -> None:
    """Lock an open file.

    Raises:
        Unusable: Another process writes it, or has just renamed it: what it is now must not be touched.
    """
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.path.samestat(os.fstat(handle), part.stat()):
            return
    except (BlockingIOError, FileNotFoundError) as error:
        raise Unusable(text("backup_busy", path=str(part))) from error
    raise Unusable(text("backup_busy", path=str(part)))


def _copy(source: sqlite3.Connection, part: Path) -> None:
    with closing(sqlite3.connect(part)) as copy:
        source.backup(copy, pages=-1)
        copy.execute("PRAGMA journal_mode = DELETE")
        (verdict,) = copy.execute("PRAGMA quick_check(1)").fetchone()
        if verdict != "ok":
            raise sqlite3.DatabaseError(" ".join(str(verdict).split()))
    _sync(part)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _note(database: Path) -> Path:
    return database.with_name(f"{database.name}.backed-up")


def _size(database: Path) -> int:
    return sum(path.stat().st_size for path in (database, Path(f"{database}-wal")) if path.exists())


def _megabytes(size: int) -> int:
    return -(-size // 1_000_000)
