"""What passes by itself must not stop the service for good: systemd starts again after exit 1, not after exit 2."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from syncd.errors import StoreUnwritable
from syncd.store import Store


def test_a_database_that_another_program_locks_may_be_opened_later(tmp_path: Path) -> None:
    path = tmp_path / "syncd.db"
    Store(path).close()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("PRAGMA locking_mode=EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreUnwritable, match="locked by another program"):
        Store(path)
    other.close()
    Store(path).close()
