"""Notes beside the database, for what cannot be written into it: they help people, and nothing rests on them."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from syncd.core.facts import Knock
from syncd.store.rows import moment, stamp

_LONGEST = 4096


def knock(database: Path, pid: int, now: datetime) -> None:
    """Leave a note that another daemon wanted this database; where it cannot be left, nothing happens."""
    _write(_knock_path(database), {"pid": pid, "at": stamp(now)})


def last_knock(database: Path) -> Knock | None:
    """The note that another daemon left; None where there is none that can be read."""
    note = _read(_knock_path(database))
    try:
        return Knock(int(note["pid"]), moment(note["at"])) if note else None
    except (KeyError, TypeError, ValueError):
        return None


def forget_knock(database: Path) -> None:
    """Whoever holds the database now has nothing to do with who wanted it before."""
    with suppress(OSError):
        _knock_path(database).unlink(missing_ok=True)


def may_tell(database: Path, reason: str, now: datetime, pause: timedelta) -> bool:
    """Whether a failed start for this reason was told for the last time longer than `pause` ago; it is told now.

    Where that cannot be kept, it is told.
    """
    path = database.with_name(f"{database.name}.start-failed")
    told = _read(path) or {}
    with suppress(TypeError, ValueError):
        if reason in told and timedelta() <= now - moment(told[reason]) < pause:
            return False
    _write(path, {reason: stamp(now)})
    return True


def _knock_path(database: Path) -> Path:
    return database.with_name(f"{database.name}.refused")


def _write(path: Path, note: dict[str, object]) -> None:
    """At once or not at all: who reads it never sees half of it."""
    scratch = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        scratch.write_text(json.dumps(note), encoding="ascii")
        scratch.replace(path)
    except OSError:
        with suppress(OSError):
            scratch.unlink(missing_ok=True)


def _read(path: Path) -> dict[str, str] | None:
    try:
        with path.open(encoding="ascii") as file:
            note = json.loads(file.read(_LONGEST))
    except (OSError, ValueError):
        return None
    return note if isinstance(note, dict) else None
