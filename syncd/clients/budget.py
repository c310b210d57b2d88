"""The two rate limits: Haravan's leaking bucket, obeyed by its header, and KiotViet's GETs of a rolling hour."""

from __future__ import annotations

import threading
from collections import deque
from typing import Final, Protocol

from syncd.clock import Clock
from syncd.core.texts import text
from syncd.errors import RateLimited

CALL_LIMIT_HEADER: Final = "x-haravan-api-call-limit"
_HOUR: Final = 3600.0


class CallBucket:
    """Paces the calls to Haravan, whose bucket of 80 leaks 4 per second; ours leaks 3.5 and is full at three quarters.

    The level is the remote's own wherever it tells, because other apps of the shop may share the bucket. Each refusal
    halves the pace, each good answer brings a little of it back. Safe to share between threads.

    Source: Haravan docs, API call limit.
    """

    SIZE: Final = 80
    RATE: Final = 3.5
    FULL_AT: Final = 0.75
    LONGEST_WAIT_SECONDS: Final = 20.0
    _SLOWEST: Final = 0.25
    _RECOVERY: Final = 0.05
    _INSTANT: Final = 1e-6  # what rounding leaves after a wait; sleeping that long would not move a clock

    def __init__(self, clock: Clock) -> None:
        """Start empty; `clock` is also slept on."""
        self._clock = clock
        self._lock = threading.Lock()
        self._size = float(self.SIZE)
        self._level = 0.0
        self._pace = 1.0
        self._seen_at = clock.monotonic()
        self._closed_until = self._seen_at

    def acquire(self) -> None:
        """Wait until one more call is welcome.

        Raises:
            RateLimited: That takes longer than a call should wait; come back in the next cycle.
        """
        while (wait := self._take()) > 0:
            if wait > self.LONGEST_WAIT_SECONDS:
                raise RateLimited(text("haravan_budget_spent", seconds=round(wait)), wait)
            self._clock.sleep(wait)

    def observe(self, used: int, size: int) -> None:
        """Take over the level that an answer reported."""
        if size <= 0 or used < 0:
            return
        with self._lock:
            self._leak()
            self._size = float(size)
            self._level = float(used)
            self._pace = min(1.0, self._pace + self._RECOVERY)

    def observe_header(self, value: str | None) -> None:
        """Like `observe`, from the header's `used/size`; an absent or odd header changes nothing."""
        used, _, size = (value or "").partition("/")
        if _is_count(used) and _is_count(size):
            self.observe(int(used), int(size))

    def penalize(self, retry_after_seconds: float) -> None:
        """Send nothing for that long, and go slower afterwards."""
        with self._lock:
            self._leak()
            self._pace = max(self._SLOWEST, self._pace / 2)
            self._level = max(self._level, self._size * self.FULL_AT)
            self._closed_until = max(self._closed_until, self._seen_at + max(0.0, retry_after_seconds))

    def _take(self) -> float:
        """Count one call and return 0, or return the seconds until there may be room."""
        with self._lock:
            self._leak()
            closed = self._closed_until - self._seen_at
            over = self._level + 1 - self._size * self.FULL_AT
            wait = max(closed, over / self._rate() if over > 0 else 0.0)
            if wait > self._INSTANT:
                return wait
            self._level += 1
            return 0.0

    def _rate(self) -> float:
        return self.RATE * self._pace * self._size / self.SIZE

    def _leak(self) -> None:
        now = self._clock.monotonic()
        self._level = max(0.0, self._level - (now - self._seen_at) * self._rate())
        self._seen_at = now


def _is_count(text: str) -> bool:
    stripped = text.strip()
    return stripped.isascii() and stripped.isdigit() and len(stripped) < 7


class GetBudget(Protocol):
    """KiotViet's hourly budget of GETs, shared by everything that reads there."""

    def acquire(self, low_priority: bool = False) -> None:
        """Count one GET.

        Raises:
            RateLimited: Nothing is left, or nothing that low-priority reads may use.
        """
        ...

    def penalize(self, retry_after_seconds: float) -> None:
        """Refuse everything for that long: KiotViet said so."""
        ...

    def left(self) -> int:
        """GETs that are left in this rolling hour."""
        ...


class MemoryGetBudget:
    """A `GetBudget` that forgets with the process; a fifth is kept from low-priority reads."""

    LOW_PRIORITY_RESERVE: Final = 5

    def __init__(self, limit: int, clock: Clock) -> None:
        """Allow `limit` GETs in any hour."""
        self._limit = limit
        self._clock = clock
        self._lock = threading.Lock()
        self._sent: deque[float] = deque()
        self._closed_until = 0.0

    def acquire(self, low_priority: bool = False) -> None:
        """Count one GET.

        Raises:
            RateLimited: Nothing is left, or nothing that low-priority reads may use.
        """
        with self._lock:
            now = self._forget_old()
            allowed = self._limit - (self._limit // self.LOW_PRIORITY_RESERVE if low_priority else 0)
            if now < self._closed_until:
                raise RateLimited(text("kiotviet_told_to_wait"), self._closed_until - now)
            if len(self._sent) >= allowed:
                raise RateLimited(text("kiotviet_budget_spent", allowed=allowed), self._until_free(now))
            self._sent.append(now)

    def penalize(self, retry_after_seconds: float) -> None:
        """Refuse everything for that long."""
        with self._lock:
            self._closed_until = max(self._closed_until, self._clock.monotonic() + max(0.0, retry_after_seconds))

    def left(self) -> int:
        """GETs that are left in this rolling hour."""
        with self._lock:
            self._forget_old()
            return max(0, self._limit - len(self._sent))

    def _until_free(self, now: float) -> float:
        return self._sent[0] + _HOUR - now if self._sent else _HOUR

    def _forget_old(self) -> float:
        now = self._clock.monotonic()
        while self._sent and self._sent[0] <= now - _HOUR:
            self._sent.popleft()
        return now
