"""How far the walk through old orders went: what the store keeps of it, and what people are shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from syncd.store import Store
from syncd.store.keys import BACKFILL


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it went: every order up to id `after` is done or recorded.

    `read` and `total` count orders, `since` is when it began (ISO text), `until` the newest change in Haravan then.
    """

    after: int
    read: int
    total: int
    since: str
    until: str


def progress_of(store: Store) -> Progress | None:
    """The backfill that goes on, None when there is none."""
    stored = store.recall(BACKFILL)
    return Progress(**stored) if isinstance(stored, dict) and "after" in stored else None


def shown(store: Store) -> Mapping[str, object] | None:
    """What `status` says about it; None when there is none."""
    progress = progress_of(store)
    if progress is None:
        return None
    total = max(progress.total, progress.read)
    return {"read": progress.read, "total": total, "waiting": total - progress.read, "since": progress.since}
