"""A store per test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from syncd.store import Store


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "syncd.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    made = Store(path)
    yield made
    made.close()
