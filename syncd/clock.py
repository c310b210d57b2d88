"""Time as a thing that is handed in, so that a week can pass in a second and nothing below asks the machine."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """What the hands may ask of time; the core is simply given `now`."""

    def now(self) -> datetime:
        """The wall clock, aware, UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds that never go back."""
        ...

    def sleep(self, seconds: float) -> None:
        """Let `seconds` pass."""
        ...


class SystemClock:
    """The machine's own time."""

    def now(self) -> datetime:
        """The wall clock, aware, UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds that never go back."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Let `seconds` pass."""
        time.sleep(max(0.0, seconds))


class ManualClock:
    """Time that passes only when told to; safe to share between threads."""

    def __init__(self, start: datetime) -> None:
        """Start at `start`, an aware instant."""
        self._start = start.astimezone(UTC)
        self._elapsed = 0.0
        self._step = timedelta()
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """The wall clock, aware, UTC."""
        with self._lock:
            return self._start + timedelta(seconds=self._elapsed) + self._step

    def monotonic(self) -> float:
        """Seconds that have passed since the start."""
        with self._lock:
            return self._elapsed

    def sleep(self, seconds: float) -> None:
        """Let `seconds` pass at once."""
        self.advance(max(0.0, seconds))

    def advance(self, seconds: float) -> None:
        """Let `seconds` (never negative) pass."""
        if seconds < 0:
            raise ValueError("time passes forward; use step() to move the wall clock back")
        with self._lock:
            self._elapsed += seconds

    def step(self, seconds: float) -> None:
        """Move the wall clock alone, as an administrator or NTP does; monotonic time is not touched."""
        with self._lock:
            self._step += timedelta(seconds=seconds)
