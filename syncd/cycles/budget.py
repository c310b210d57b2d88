"""KiotViet's hourly GET budget, counted in the store so that restarts and commands share it."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

from syncd.clock import Clock
from syncd.core.pace import Spent
from syncd.core.texts import text
from syncd.errors import RateLimited
from syncd.store import Store

REMOTE = "kiotviet_get"
SWEPT = "kiotviet_sweep"
"""Under these names the store counts all GETs, and those of sweeps."""

RESERVED_SHARE = 5
"""One in so many GETs of the hour is left by old orders that are taken in."""

LOW_PRIORITY_SHARE = 25
"""One in so many is left by sweeps and whatever else can wait; just less than what their planning leaves."""

_BLOCKED = "kiotviet_blocked_until"
_SHRUNK = "kiotviet_shrunk_until"
_SHRINK_FOR = timedelta(hours=1)
_LONGEST_WAIT = timedelta(hours=1)
_A_MINUTE = 60.0
_LATELY = 20


class StoreGetBudget:
    """At most `limit` GETs in any hour; a part is kept from low-priority reads; a refusal shrinks it for an hour."""

    def __init__(self, store: Store, limit: int, clock: Clock) -> None:
        """Count in `store`."""
        self._store, self._limit, self._clock = store, limit, clock
        self._lock = threading.Lock()

    def acquire(self, low_priority: bool = False) -> None:
        """Count one GET.

        Raises:
            RateLimited: KiotViet said wait, or nothing is left, or nothing that low-priority reads may use.
        """
        with self._lock:
            now = self._clock.now()
            blocked = self._until(_BLOCKED)
            if blocked is not None and now < blocked:
                raise RateLimited(text("kiotviet_told_to_wait"), (blocked - now).total_seconds())
            limit = self.limit()
            allowed = limit - (limit // LOW_PRIORITY_SHARE if low_priority else 0)
            if not self._store.take_call(REMOTE, now, allowed):
                raise RateLimited(text("kiotviet_budget_spent", allowed=allowed), _A_MINUTE)

    def penalize(self, retry_after_seconds: float) -> None:
        """KiotViet refused: wait that long, at most its hour, and use four fifths of the budget for an hour.

        Others may share the limit, so what is left of it may be less than we counted.
        """
        now = self._clock.now()
        wait = min(timedelta(seconds=max(0.0, retry_after_seconds)), _LONGEST_WAIT)
        self._store.remember(_BLOCKED, (now + wait).isoformat())
        self._store.remember(_SHRUNK, (now + _SHRINK_FOR).isoformat())

    def left(self) -> int:
        """GETs that are left in this rolling hour."""
        return max(0, self.limit() - self._store.calls_in_last_hour(REMOTE, self._clock.now()))

    def spent(self) -> Spent:
        """What this rolling hour cost so far."""
        now = self._clock.now()
        used, lately = self._store.calls_lately(REMOTE, now, minutes=_LATELY)
        swept, by_sweeps = self._store.calls_lately(SWEPT, now, minutes=_LATELY)
        return Spent(self.limit(), used, swept, (lately - by_sweeps) * 60 // _LATELY)

    def limit(self) -> int:
        """GETs an hour that are used now."""
        shrunk = self._until(_SHRUNK)
        return self._limit * 4 // 5 if shrunk is not None and self._clock.now() < shrunk else self._limit

    def _until(self, key: str) -> datetime | None:
        """A stored instant; one further ahead than any wait is a stepped clock's and does not count."""
        value = self._store.recall(key)
        if not isinstance(value, str):
            return None
        until = datetime.fromisoformat(value)
        return until if until - self._clock.now() <= _SHRINK_FOR else None
