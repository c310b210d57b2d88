"""What is old enough is dropped from the store, a little in each full cycle."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from syncd.clock import Clock
from syncd.store import Store

KEEP = timedelta(days=400)
_BATCHES = 4


class Retention:
    """Drops the steps of orders that ended `keep` ago or more; dying between two batches loses nothing else."""

    def __init__(self, store: Store, clock: Clock, keep: timedelta, stop: Callable[[], bool]) -> None:
        """Drop nothing yet."""
        self._store, self._clock, self._keep, self._stop = store, clock, keep, stop

    def work(self) -> None:
        """A few batches, each a short transaction of its own; what is left is the next full cycle's.

        Raises:
            StoreUnwritable: Nothing more could be dropped.
        """
        before = self._clock.now() - self._keep
        for _ in range(_BATCHES):
            if self._stop() or self._store.drop_old(before):
                return
