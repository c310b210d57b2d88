"""Whether a shop is well: its jobs make progress, and each kind of cycle went well lately."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from syncd.clock import Clock
from syncd.core.concerns import Concern
from syncd.core.texts import Text, text
from syncd.cycles.budget import StoreGetBudget
from syncd.store import Store

_SLACK = 10
_SHORTEST = timedelta(minutes=5)
_MINUTE = timedelta(minutes=1)
_NAMES = {"orders": text("cycle_orders"), "stock": text("cycle_stock")}


@dataclass(frozen=True, slots=True)
class Job:
    """One job of the daemon, seen from outside.

    Of its `finished` runs `failed` ended with an error, and the last one took `seconds`. `totals` sums up the counts of
    all of them. `since_seconds` is for how long it has been running, or waiting although it is due; 0 while it rests.
    `well`: that is not too long.
    """

    name: str
    finished: int
    failed: int
    seconds: float
    since_seconds: float
    well: bool
    totals: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Watched:
    """A running shop as its metrics and health checks see it; what changes is asked for anew each time.

    `pauses` are the seconds between two cycles, of each kind that this shop must have. `calls` counts API calls as
    `haravan_read`, `haravan_write` and so on, `refused` are the remotes that refuse the credentials now.
    """

    shop: str
    language: str
    store: Store
    clock: Clock
    budget: StoreGetBudget
    pauses: Mapping[str, int]
    jobs: Callable[[], Sequence[Job]]
    calls: Callable[[], Mapping[str, int]]
    refused: Callable[[], Collection[str]]
    concerns: Callable[[], Sequence[Concern]]


def stuck(jobs: Sequence[Job]) -> list[Text]:
    """The jobs that make no progress, each in a sentence; none while the daemon is alive."""
    return [_stuck(job) for job in jobs if not job.well]


def _stuck(job: Job) -> Text:
    return text("health_stuck", job=_NAMES.get(job.name, job.name), minutes=int(job.since_seconds // 60))


def not_ready(store: Store, pauses: Mapping[str, int], now: datetime) -> list[Text]:
    """Why the shop is not up to date, a sentence for each kind of cycle that is stale."""
    return [_late(name, store.cycle(name).last_ok, now) for name in stale(store, pauses, now)]


def stale(store: Store, pauses: Mapping[str, int], now: datetime) -> list[str]:
    """The kinds of cycle whose last good one is too old; `pauses` are the seconds between two of each kind."""
    return [name for name, seconds in pauses.items() if _is_stale(store.cycle(name).last_ok, seconds, now)]


def _is_stale(last_ok: datetime | None, pause_seconds: int, now: datetime) -> bool:
    return last_ok is None or now - last_ok > max(_SHORTEST, timedelta(seconds=_SLACK * pause_seconds))


def _late(name: str, last_ok: datetime | None, now: datetime) -> Text:
    if last_ok is None:
        return text("ready_never", cycle=_NAMES[name])
    return text("ready_stale", cycle=_NAMES[name], minutes=(now - last_ok) // _MINUTE)
