"""The call limit: a bucket of 80 that leaks 4 calls a second."""

from __future__ import annotations

from syncd.clock import Clock

SIZE = 80
LEAK_PER_SECOND = 4.0
RETRY_AFTER = "2.0"

OTHER_APP_BASE = 40
OTHER_APP_PER_SECOND = 3.0


class Bucket:
    """Counts calls on a clock; another app may keep it half full and use up most of the leak."""

    def __init__(self, clock: Clock) -> None:
        """Start empty."""
        self._clock = clock
        self._level = 0.0
        self._at = clock.monotonic()

    def pour(self, *, shared: bool) -> bool:
        """Count one call; False when the bucket is full, and the call is not counted."""
        now = self._clock.monotonic()
        leak = LEAK_PER_SECOND - (OTHER_APP_PER_SECOND if shared else 0.0)
        self._level = max(OTHER_APP_BASE if shared else 0.0, self._level - (now - self._at) * leak)
        self._at = now
        if self._level + 1 > SIZE:
            return False
        self._level += 1
        return True

    @property
    def header(self) -> str:
        """What `X-Haravan-Api-Call-Limit` says."""
        return f"{int(self._level)}/{SIZE}"
