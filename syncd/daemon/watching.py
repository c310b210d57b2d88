"""The daemon as its metrics and health checks see it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from syncd.clock import Clock
from syncd.config import Settings
from syncd.core.concerns import Concern
from syncd.cycles.health import Job, Watched
from syncd.daemon.access import Access
from syncd.daemon.vitals import is_well
from syncd.daemon.worker import Worker
from syncd.policies import cycle_pauses
from syncd.wiring import Shop


def watch(
    settings: Settings,
    shop: Shop,
    workers: Callable[[], Sequence[Worker]],
    clock: Clock,
    access: Access,
    concerns: Callable[[], Sequence[Concern]],
) -> Watched:
    """An open shop with its jobs, as it is whenever somebody asks."""
    return Watched(
        shop=settings.shop,
        language=settings.language,
        store=shop.store,
        clock=clock,
        budget=shop.remotes.budget,
        pauses=cycle_pauses(settings),
        jobs=lambda: [_job(worker, clock.monotonic()) for worker in workers()],
        calls=lambda: dict(shop.remotes.calls),
        refused=access.refused,
        concerns=concerns,
    )


def _job(worker: Worker, now: float) -> Job:
    pulse = worker.pulse()
    return Job(
        name=worker.name,
        finished=pulse.finished,
        failed=pulse.failed,
        seconds=pulse.seconds,
        since_seconds=max(0.0, now - pulse.since),
        well=is_well(pulse, now),
        totals=pulse.totals,
    )
