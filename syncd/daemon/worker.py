"""One job of the daemon: runs a cycle when it is due, tells and records how it ended, and never lets an error out."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from syncd.clock import Clock
from syncd.core.texts import speaker, text
from syncd.cycles.hints import Hints
from syncd.cycles.overview import keep_sample
from syncd.daemon.access import Access
from syncd.daemon.turns import Ending, Turn, full_in
from syncd.errors import AuthError, RateLimited, SyncdError, Transient
from syncd.logs import context, get_logger
from syncd.store import Store

# An alarm rings by another clock, which may be a little ahead of ours.
_EARLY_SECONDS = 0.05

_log = get_logger()

Cycle = Callable[[bool], Ending]
"""Runs one cycle, in full when told so, and gives what it came to; raises as cycles do."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where jobs work.

    `stop` asks whether to end early, `wake` tells the supervisor that something ended, `hints` know of news by the
    names of the jobs, `language` is what people read.
    """

    shop: str
    store: Store
    clock: Clock
    access: Access
    stop: Callable[[], bool]
    wake: Callable[[], None]
    hints: Hints = field(default_factory=Hints)
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Pulse:
    """How a job is doing; instants are monotonic seconds, `ended_at` is for people.

    Of the `finished` runs `failed` ended with an error; `seconds` is what the last one took, and `totals` sums up the
    counts of all of them.
    """

    running: bool
    since: float
    finished: int
    ending: Ending | None
    ended_at: datetime | None
    failed: int = 0
    seconds: float = 0.0
    totals: Mapping[str, int] = field(default_factory=dict)


class Worker:
    """One job; its runs never overlap, and none begins before it is due or after it was retired."""

    def __init__(self, name: str, cycle: Cycle, place: Place, *, interval: float, reconcile: float) -> None:
        """Be due at once, then every `interval` seconds; full runs keep their rhythm over restarts."""
        self.name = name
        self._cycle, self._place = cycle, place
        self._say = speaker(place.language)
        last = place.store.recall(self._reconciled_key)
        self._turn = Turn(
            interval,
            reconcile,
            now=place.clock.monotonic(),
            full_in=full_in(last, place.clock.now(), reconcile),
        )
        self._lock = threading.Lock()
        self._retired = False
        self._running_since: float | None = None
        self._finished = self._failed = 0
        self._seconds = 0.0
        self._totals: Counter[str] = Counter()
        self._last: tuple[Ending, datetime] | None = None

    # --- what the supervisor asks ------------------------------------------------------------------------------------

    def due_at(self) -> float | None:
        """When the next run should begin, in monotonic seconds; None while one is running or when retired."""
        with self._lock:
            return None if self._running_since is not None or self._retired else self._turn.due_at

    def pulse(self) -> Pulse:
        """How this job is doing: since when it runs, or since when it should."""
        with self._lock:
            running = self._running_since is not None
            since = self._turn.due_at if self._running_since is None else self._running_since
            ending, ended_at = self._last or (None, None)
            return Pulse(
                running, since, self._finished, ending, ended_at, self._failed, self._seconds, dict(self._totals)
            )

    def retire(self) -> bool:
        """Begin no further run; True when none is running either."""
        with self._lock:
            self._retired = True
            return self._running_since is None

    def hasten(self) -> None:
        """Run sooner where somebody hints at news, or where the remote that refused this job has accepted another."""
        with self._lock:
            if self._running_since is not None:
                return
            refused_by = self._turn.refused_by
            if refused_by and refused_by not in self._place.access.refused():
                self._turn.hasten(self._place.clock.monotonic())
            if self._place.hints.wants(self.name):
                self._turn.hint(self._place.clock.monotonic())

    # --- a run -------------------------------------------------------------------------------------------------------

    def run(self) -> None:
        """Run the cycle if it is due; what goes wrong is told and recorded, not raised."""
        full = self._begin()
        if full is None:
            return
        ending = Ending(error=self._say(text("ended_without_answer")), complete=False)
        try:
            with context(shop=self._place.shop, cycle=self.name):
                ending = self._attempt(full)
                self._tell(ending, full=full)
        finally:
            self._place.store.close()
            self._end(ending, full=full)

    def _begin(self) -> bool | None:
        """Whether the run that begins now is a full one; None when none may begin."""
        with self._lock:
            now = self._place.clock.monotonic()
            early = now < self._turn.due_at - _EARLY_SECONDS
            if early or self._retired or self._running_since is not None or self._place.stop():
                return None
            self._running_since = now
            self._place.hints.begin(self.name)
            return self._turn.start(now)

    def _end(self, ending: Ending, *, full: bool) -> None:
        with self._lock:
            now = self._place.clock.monotonic()
            self._turn.end(now, ending, full=full)
            self._seconds = now - (now if self._running_since is None else self._running_since)
            self._failed += bool(ending.error)
            self._totals.update(ending.counts)
            self._last = (ending, self._place.clock.now())
            self._running_since = None
            self._finished += 1
        self._place.wake()

    def _attempt(self, full: bool) -> Ending:
        try:
            ending = self._cycle(full)
        except AuthError as error:
            return Ending(error=self._say(error.message), refused_by=error.remote, complete=False, cause=error)
        except RateLimited as error:
            return Ending(
                error=self._say(error.message), wait_seconds=error.retry_after_seconds, complete=False, cause=error
            )
        except SyncdError as error:
            return Ending(error=self._say(error.message), complete=False, cause=error)
        except Exception as error:  # noqa: BLE001 - the top of a cycle: a bug in one must not end the daemon
            told = self._say(text("unexpected_error", kind=type(error).__name__))
            return Ending(error=told, complete=False, cause=error)
        return replace(ending, complete=False) if self._place.stop() else ending

    # --- telling -----------------------------------------------------------------------------------------------------

    def _tell(self, ending: Ending, *, full: bool) -> None:
        if ending.error:
            self._tell_failure(ending)
        try:
            self._tell_access(ending)
            self._record(ending, full=full)
        except Exception as error:  # noqa: BLE001 - a store that cannot take the outcome must not hide it
            _log.error("cycle_not_recorded", exc_info=error)
        passed = self._place.clock.monotonic() - (self._running_since or 0.0)
        _log.info(
            "cycle_finished",
            ok=not ending.error,
            full=full,
            stopped=ending.cause is None and not ending.complete,
            seconds=round(passed, 3),
            **ending.counts,
        )

    def _tell_failure(self, ending: Ending) -> None:
        passing = ending.cause is None or isinstance(ending.cause, Transient | AuthError)
        tell = _log.warning if passing else _log.error
        if ending.cause is None:
            tell("cycle_failed", error=ending.error)
        else:
            tell("cycle_failed", exc_info=ending.cause)

    def _tell_access(self, ending: Ending) -> None:
        now = self._place.clock.now()
        if ending.refused_by:
            permission = ending.cause.permission if isinstance(ending.cause, AuthError) else ""
            if self._place.access.refuse(ending.refused_by, self.name, ending.error, now, permission):
                self._place.store.add_event("credentials_refused", ending.error, now, remote=ending.refused_by)
        elif ending.cause is None:
            for remote in self._place.access.accept(self.name):
                self._place.store.add_event("credentials_accepted", remote, now, remote=remote)

    def _record(self, ending: Ending, *, full: bool) -> None:
        now, store = self._place.clock.now(), self._place.store
        keep_sample(store, now)
        if ending.error:
            store.cycle_failed(self.name, ending.error, now)
        elif ending.complete:
            store.cycle_ok(self.name, ending.counts, now)
        if full and ending.complete:
            store.remember(self._reconciled_key, now.isoformat())

    @property
    def _reconciled_key(self) -> str:
        return f"{self.name}_reconciled_at"
