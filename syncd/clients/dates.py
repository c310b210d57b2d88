"""How far this machine's clock is from a remote's, by the Date header of what it answers."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx


class DateOffset:
    """Keeps the offset of the latest answer; safe to share between threads, for it is one value that is replaced."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self._seconds: float | None = None

    @property
    def seconds(self) -> float | None:
        """Ours minus theirs, right to a second or two; None while no answer told the time."""
        return self._seconds

    def observe(self, headers: httpx.Headers, now: datetime) -> None:
        """Take over what an answer that arrived at `now` tells; one out of a cache is as old as that cache likes."""
        told = told_at(headers.get("date"))
        if told is not None and "age" not in headers:
            self._seconds = (now - told).total_seconds()


def told_at(value: str | None) -> datetime | None:
    """The instant of a Date header; None where it is absent or odd. Source: RFC 9110, 6.6.1: always in GMT."""
    try:
        told = parsedate_to_datetime(value or "")
        return told.replace(tzinfo=UTC) if told.tzinfo is None else told.astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        return None
