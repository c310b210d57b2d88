"""Which remotes refuse our credentials, and to which jobs: said once, and once more when they accept them again."""

from __future__ import annotations

import threading


class Access:
    """Shared by all jobs; outlives a reload, so that a recovery after one is still noticed."""

    def __init__(self) -> None:
        """Nobody refuses us yet."""
        self._refused: dict[str, set[str]] = {}
        self._lock = threading.Lock()

    def refused(self) -> frozenset[str]:
        """The remotes that refuse us now."""
        with self._lock:
            return frozenset(self._refused)

    def refuse(self, remote: str, job: str) -> bool:
        """A job was refused; True when that is news."""
        with self._lock:
            is_news = remote not in self._refused
            self._refused.setdefault(remote, set()).add(job)
            return is_news

    def accept(self, job: str) -> list[str]:
        """A job went well; the remotes that had refused it. A job they never refused proves nothing about them."""
        with self._lock:
            again = [remote for remote, jobs in self._refused.items() if job in jobs]
            for remote in again:
                del self._refused[remote]
            return again
