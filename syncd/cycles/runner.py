"""The one seam through which orders are handled: inline, or on a few threads; always serial per order."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Protocol

Job = Callable[[], None]


class Runner(Protocol):
    """Runs jobs that do not depend on each other. One order is one job, so steps of an order never overlap."""

    def run(self, jobs: Iterable[Job]) -> None:
        """Run every job to its end; the first unexpected exception is raised once all have ended."""
        ...

    def close(self) -> None:
        """Give back what the runner holds."""
        ...


class InlineRunner:
    """One job after the other in this thread: what a simulation needs."""

    def run(self, jobs: Iterable[Job]) -> None:
        """Run every job in the order given."""
        for job in jobs:
            job()

    def close(self) -> None:
        """Nothing is held."""


class PoolRunner:
    """A few threads: most of an order's time is spent waiting for answers."""

    def __init__(self, threads: int, at_exit: Callable[[], None] = lambda: None) -> None:
        """Use at most `threads` threads; `at_exit` runs in a worker after each batch, to close what is per thread."""
        self._pool = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="order")
        self._at_exit = at_exit

    def run(self, jobs: Iterable[Job]) -> None:
        """Run every job with this thread's log context; raise the first exception only when none is left running."""
        futures = [self._pool.submit(copy_context().run, self._guarded, job) for job in jobs]
        errors = [future.exception() for future in futures]
        first = next((error for error in errors if error is not None), None)
        if first is not None:
            raise first

    def close(self) -> None:
        """Wait for the threads and end them."""
        self._pool.shutdown(wait=True)

    def _guarded(self, job: Job) -> None:
        try:
            job()
        finally:
            self._at_exit()
