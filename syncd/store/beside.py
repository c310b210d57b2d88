"""What can be learnt of a database without opening it: who works on it, and whether this user could."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

SQLITE_VERSION = sqlite3.sqlite_version
_LOCKS = Path("/proc/locks")


def owner_of(database: Path) -> int | None:
    """The pid of the daemon that holds the lock of `database`; None where none does, or none can be seen.

    The lock is only looked at: to try it, be it for an instant, could turn away a daemon that starts just then.
    """
    lock = database.with_name(database.name + ".lock")
    try:
        inode, pid = lock.stat().st_ino, lock.read_text("ascii").strip()
        rows = [line.split() for line in _LOCKS.read_text("ascii").splitlines()]
    except (OSError, ValueError):
        return None
    held = any("FLOCK" in row and pid in row and any(part.endswith(f":{inode}") for part in row) for row in rows)
    return int(pid) if held and pid.isdigit() else None


def nearest_folder(database: Path) -> Path | None:
    """The folder of `database`, or that above it which exists; None where nothing of the path can be looked at."""
    for folder in database.parents:
        try:
            if folder.is_dir():
                return folder
        except OSError:
            return None
    return None


def unwritable(database: Path) -> Path | None:
    """What of `database`, its folder and SQLite's files beside it this user may not write; None where all may be."""
    beside = (database.with_name(database.name + ending) for ending in ("", "-wal", "-shm", ".lock"))
    if not os.access(database.parent, os.R_OK | os.W_OK | os.X_OK):
        return database.parent
    return next((path for path in beside if path.exists() and not os.access(path, os.R_OK | os.W_OK)), None)
