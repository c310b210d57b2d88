"""Reads are repeated without the waits between them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import stamina


@pytest.fixture(autouse=True)
def _no_waiting_between_repeats() -> Iterator[None]:
    with stamina.set_testing(True, attempts=3):
        yield
