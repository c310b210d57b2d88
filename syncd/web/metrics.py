"""The pages that monitoring asks: /metrics for Prometheus, /healthz and /readyz for whoever restarts what is not well.

Everything is read when it is asked for; nothing here writes, and no question looks at every order.
"""

from __future__ import annotations

import os
import platform
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from prometheus_client import CollectorRegistry, exposition
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric as Family
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from syncd import __version__
from syncd.core.lifecycle import State
from syncd.core.texts import Text, text
from syncd.cycles import health
from syncd.cycles.budget import REMOTE
from syncd.cycles.health import Watched
from syncd.cycles.progress import progress_of
from syncd.errors import SyncdError
from syncd.logs import get_logger
from syncd.store.copies import last_backup
from syncd.store.drifts import DOCUMENT, STOCK
from syncd.store.keys import PLAN_REFUSED, SWEPT_SINCE
from syncd.store.rows import moment
from syncd.web import process
from syncd.web.metric_table import COUNTER, METRICS, Metric

_REMOTES = ("haravan", "kiotviet")
_CALLS = ("read", "write")
_NO_STORE = {"Cache-Control": "no-store"}
_log = get_logger()

Samples = dict[str, dict[tuple[str, ...], float]]
"""Values by the name of the metric, then by those of its labels."""


def routes(watched: Watched) -> Iterable[Route]:
    """The three pages; who may see them is for the listener to say."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(ShopCollector(watched))
    return (
        Route("/metrics", _metrics(registry)),
        Route("/healthz", _page(lambda: health.stuck(watched.jobs()), watched.language)),
        Route("/readyz", _page(lambda: _not_ready(watched), watched.language)),
    )


def _metrics(registry: CollectorRegistry) -> Callable[[Request], Response]:
    def scrape(request: Request) -> Response:
        encode, content_type = exposition.choose_encoder(request.headers.get("accept", ""))
        return Response(encode(registry), headers=_NO_STORE | {"Content-Type": content_type})

    return scrape


def _page(problems: Callable[[], list[Text]], language: str) -> Callable[[Request], Response]:
    def answer(request: Request) -> Response:
        lines = [problem.said(language) for problem in problems()]
        return PlainTextResponse("\n".join([*lines, ""]) or "ok\n", 503 if lines else 200, headers=_NO_STORE)

    return answer


def _not_ready(watched: Watched) -> list[Text]:
    store = watched.store
    try:
        return health.not_ready(store, watched.pauses, watched.clock.now())
    except Exception as error:  # noqa: BLE001 - a database that cannot be read is the answer, whatever ails it
        return [text("ready_store", why=error.message if isinstance(error, SyncdError) else str(error))]
    finally:
        store.close()


class ShopCollector(Collector):
    """Reads a shop when scraped. What the database cannot tell is left out, and the rest is told."""

    def __init__(self, watched: Watched) -> None:
        """Count differences from now on."""
        self._watched = watched
        self._drifts: Counter[str] = Counter()
        self._drifts_to: int | None = None
        self._lock = threading.Lock()

    def collect(self) -> Iterator[Family]:
        """Every metric that has a value now."""
        # one scrape at a time: two at once must not count a difference twice
        with self._lock:
            samples = self._samples()
        for metric in METRICS:
            if metric.name in samples:
                yield _family(metric, samples[metric.name])

    def _samples(self) -> Samples:
        watched = self._watched
        found = _of_build(watched) | _of_jobs(watched) | _of_machine(watched.store.path)
        try:
            found |= _of_orders(watched) | _of_stock(watched) | _of_cycles(watched) | self._of_drifts()
            found["syncd_store_readable"] = _one(1)
        except Exception as error:  # noqa: BLE001 - whatever ails the database, a scrape must say so and not fail
            found["syncd_store_readable"] = _one(0)
            _log.warning("metrics_without_store", error=f"{type(error).__name__}: {error}")
        finally:
            watched.store.close()
        return found

    def _of_drifts(self) -> Samples:
        """Differences since this collector was made; the store forgets old ones, a counter must not."""
        before = self._drifts_to
        newest, found = self._watched.store.drifts.after(before or 0)
        if before is not None:
            self._drifts.update(found)
        self._drifts_to = newest
        return {"syncd_drift_found_total": {(kind,): self._drifts[kind] for kind in (STOCK, DOCUMENT)}}


def _family(metric: Metric, values: Mapping[tuple[str, ...], float]) -> Family:
    make = CounterMetricFamily if metric.kind == COUNTER else GaugeMetricFamily
    family = make(metric.name, metric.help, labels=metric.labels)
    for labels, value in values.items():
        family.add_metric(labels, value)
    return family


def _one(value: float) -> dict[tuple[str, ...], float]:
    return {(): value}


def _by(values: Mapping[str, float]) -> dict[tuple[str, ...], float]:
    return {(label,): value for label, value in values.items()}


def _of_build(watched: Watched) -> Samples:
    found: Samples = {name: _one(value) for name, value in process.usage().items()}
    found["syncd_build_info"] = {(__version__, platform.python_version()): 1}
    found["syncd_shop_info"] = {(watched.shop, watched.language): 1}
    return found


def _of_jobs(watched: Watched) -> Samples:
    jobs, calls, refused = watched.jobs(), watched.calls(), watched.refused()
    concerns = Counter((concern.kind, concern.level.value) for concern in watched.concerns())
    return {
        "syncd_cycles_total": _by({job.name: job.finished for job in jobs}),
        "syncd_cycle_failures_total": _by({job.name: job.failed for job in jobs}),
        "syncd_cycle_duration_seconds": _by({job.name: job.seconds for job in jobs if job.finished}),
        "syncd_cycle_progress_age_seconds": _by({job.name: job.since_seconds for job in jobs}),
        "syncd_cycle_interval_seconds": _by(watched.pauses),
        "syncd_stock_written_total": _one(sum(job.totals.get("written", 0) for job in jobs)),
        "syncd_api_calls_total": {(r, k): calls.get(f"{r}_{k}", 0) for r in _REMOTES for k in _CALLS},
        "syncd_credentials_refused": _by({remote: remote in refused for remote in _REMOTES}),
        "syncd_concerns": {labels: count for labels, count in concerns.items()},
    }


def _of_machine(database: Path) -> Samples:
    found: Samples = {}
    try:
        sizes = [path.stat().st_size for path in (database, Path(f"{database}-wal")) if path.exists()]
        disk = os.statvfs(database.parent)
    except OSError:
        return found  # the directory is gone; syncd_store_readable tells
    found["syncd_database_bytes"] = _one(sum(sizes))
    found["syncd_database_free_bytes"] = _one(disk.f_bavail * disk.f_frsize)
    if (at := last_backup(database)) is not None:
        found["syncd_last_backup_timestamp_seconds"] = _one(at.timestamp())
    return found


def _of_orders(watched: Watched) -> Samples:
    store = watched.store
    counts = store.reports.counts()
    progress = progress_of(store)
    read, total = (progress.read, max(progress.total, progress.read)) if progress else (0, 0)
    return {
        "syncd_orders": _by({state.value: counts.get(state.value, 0) for state in State}),
        "syncd_held_orders": _by(store.reports.held_codes()),
        "syncd_tasks_open": _by(store.todo.open_codes()),
        "syncd_writes_in_doubt": _one(len(store.intents.in_doubt())),
        "syncd_backfill_orders": _by({"read": read, "waiting": total - read}),
    }


def _of_stock(watched: Watched) -> Samples:
    store, now = watched.store, watched.clock.now()
    swept = store.recall(SWEPT_SINCE)
    found = {
        "syncd_stock_figures_differing": _one(store.differing()),
        "syncd_stock_plan_refused": _one(bool(store.recall(PLAN_REFUSED))),
        "syncd_kiotviet_gets_last_hour": _one(store.calls_in_last_hour(REMOTE, now)),
        "syncd_kiotviet_gets_limit": _one(watched.budget.limit()),
    }
    if isinstance(swept, str):
        found["syncd_stock_oldest_figure_age_seconds"] = _one((now - moment(swept)).total_seconds())
    return found


def _of_cycles(watched: Watched) -> Samples:
    cycles = {name: watched.store.cycle(name) for name in watched.pauses}
    good = {name: cycle.last_ok.timestamp() for name, cycle in cycles.items() if cycle.last_ok}
    return {
        "syncd_cycle_last_success_timestamp_seconds": _by(good),
        "syncd_cycle_failing": _by({name: cycle.last_error is not None for name, cycle in cycles.items()}),
    }
