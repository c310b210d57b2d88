"""When a job runs next, and whether in full: decided from monotonic seconds alone, without a thread in sight."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

PROBE_SECONDS = 60.0
QUICK_PROBES = 5
SLOW_PROBE_SECONDS = 300.0
LONGEST_WAIT_SECONDS = 3600.0
FULL_AGAIN_SECONDS = 300.0
HINT_SECONDS = 5.0
"""Hints make no job begin more often than this."""


@dataclass(frozen=True, slots=True)
class Ending:
    """What a cycle came to. `error` is a sentence for the admin, empty when all went well.

    `wait_seconds` is how long a remote told us to wait, `refused_by` the remote that refuses our credentials,
    `complete` whether the cycle went to its end (also when single records failed), `cause` what ended it early.
    """

    counts: Mapping[str, int] = field(default_factory=dict)
    error: str = ""
    wait_seconds: float = 0.0
    refused_by: str = ""
    complete: bool = True
    cause: Exception | None = None


class Turn:
    """The next run of one job; all instants are seconds of a clock that never goes back."""

    def __init__(self, interval: float, reconcile: float, *, now: float, full_in: float) -> None:
        """Be due at once and every `interval` seconds; in full after `full_in` and every `reconcile` seconds."""
        self.due_at = now
        self.refused_by = ""
        self._interval, self._reconcile = interval, reconcile
        self._full_at = now + full_in
        self._started_at = now
        self._held_until = now
        self._probes = 0

    def start(self, now: float) -> bool:
        """Begin a run; whether it is to be a full one."""
        self._started_at = now
        return now >= self._full_at

    def end(self, now: float, ending: Ending, *, full: bool) -> None:
        """Set the next run by how this one ended."""
        if full:
            again = self._reconcile if ending.complete else min(self._reconcile, FULL_AGAIN_SECONDS)
            self._full_at = self._started_at + again
        self.refused_by = ending.refused_by
        self._probes = self._probes + 1 if ending.refused_by else 0
        self._held_until = now + self._wait(ending)
        self.due_at = max(self._started_at + self._interval, self._held_until)

    def hasten(self, now: float) -> None:
        """Run at once, because what kept this job waiting is gone."""
        self.refused_by, self._probes = "", 0
        self.due_at = min(self.due_at, now)

    def hint(self, now: float) -> None:
        """Run sooner, because somebody says that there is news; a wait that we were told, or a probe's, is kept."""
        self.due_at = min(self.due_at, max(now, self._started_at + HINT_SECONDS, self._held_until))

    def _wait(self, ending: Ending) -> float:
        if ending.refused_by:
            return PROBE_SECONDS if self._probes <= QUICK_PROBES else SLOW_PROBE_SECONDS
        return min(max(0.0, ending.wait_seconds), LONGEST_WAIT_SECONDS)


def full_in(last: object, now: datetime, reconcile: float) -> float:
    """Seconds to the next full run, by the instant (ISO text) of the last one as the store remembers it.

    None was made yet, or the wall clock has been set back since: at once.
    """
    if not isinstance(last, str):
        return 0.0
    passed = (now - datetime.fromisoformat(last)).total_seconds()
    return max(0.0, reconcile - passed) if passed >= 0 else 0.0
