"""What commands make of the logs ends with their test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import structlog


@pytest.fixture(autouse=True)
def _logs_as_before() -> Iterator[None]:
    """Commands that only look hide what is not a warning; other tests in this process want to see it."""
    yield
    structlog.reset_defaults()
