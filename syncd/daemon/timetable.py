"""APScheduler as our alarm clock: it starts jobs in threads of its own at the instants that we arm.

It compares wall-clock times, which may step; what is due is decided elsewhere in monotonic seconds, and `arm` is called
again and again to keep the alarm there. After a step in either direction it is simply set anew.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.date import DateTrigger

_THREADS = 4
"""One for each job: orders, stock, the examination, and the look-out, which must run when all hang."""

_TOLERANCE = timedelta(seconds=1)
_ON_ITS_WAY_SECONDS = 1.0


class Timetable:
    """One alarm per job name; whether a job may begin is its own decision."""

    def __init__(self) -> None:
        """Ring for nothing yet."""
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(_THREADS)},
            # the library takes a job for running until its own thread has cleaned up: with one instance, an alarm that
            # rings in that moment would be dropped
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": _THREADS},
        )
        self._armed: dict[str, float] = {}

    def start(self) -> None:
        """Ring from now on."""
        self._scheduler.start()

    def arm(self, name: str, work: Callable[[], None], *, due_at: float, now: float) -> None:
        """Let `work` begin at `due_at`, both in monotonic seconds; to be repeated until it has begun."""
        wanted = datetime.now(UTC) + timedelta(seconds=max(0.0, due_at - now))
        alarm = self._scheduler.get_job(name)
        if alarm is None and self._armed.get(name) == due_at and 0 <= now - due_at < _ON_ITS_WAY_SECONDS:
            return  # it rang a moment ago and the thread is about to begin
        if alarm is None or self._armed.get(name) != due_at or abs(alarm.next_run_time - wanted) > _TOLERANCE:
            self._armed[name] = due_at
            self._scheduler.add_job(work, DateTrigger(wanted, UTC), id=name, replace_existing=True)

    def clear(self) -> None:
        """Take back every alarm that has not rung."""
        self._armed.clear()
        self._scheduler.remove_all_jobs()

    def stop(self, *, wait: bool) -> None:
        """Ring no more; with `wait`, until the threads have ended."""
        # first of all: the library stumbles over an alarm that rings while it shuts down
        self.clear()
        self._scheduler.shutdown(wait=wait)
