"""Which remotes refuse our credentials, and to which jobs: said once, and once more when they accept them again."""

from __future__ import annotations

import threading
from datetime import datetime

from syncd.core.facts import Refusal


class Access:
    """Shared by all jobs; outlives a reload, so that a recovery after one is still noticed."""

    def __init__(self) -> None:
        """Nobody refuses us yet."""
        self._refused: dict[str, set[str]] = {}
        self._why: dict[str, Refusal] = {}
        self._lock = threading.Lock()

    def refused(self) -> frozenset[str]:
        """The remotes that refuse us now."""
        with self._lock:
            return frozenset(self._refused)

    def refusals(self) -> tuple[Refusal, ...]:
        """Since when each of them does, and with what sentence."""
        with self._lock:
            return tuple(self._why[remote] for remote in sorted(self._refused))

    def refuse(self, remote: str, job: str, error: str, now: datetime, permission: str = "") -> bool:
        """A job was refused, or lacked a `permission`; True when that is news."""
        with self._lock:
            is_news = remote not in self._refused
            self._why[remote] = Refusal(remote, error, now if is_news else self._why[remote].since, permission)
            self._refused.setdefault(remote, set()).add(job)
            return is_news

    def accept(self, job: str) -> list[str]:
        """A job went well; the remotes that had refused it. A job they never refused proves nothing about them."""
        with self._lock:
            again = [remote for remote, jobs in self._refused.items() if job in jobs]
            for remote in again:
                del self._refused[remote]
            return again
