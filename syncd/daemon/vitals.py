"""What systemd is told: ready, alive and how things stand; alive only as long as everything due gets done."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

from syncd.clock import Clock
from syncd.core.texts import Say, text
from syncd.daemon.notify import Notifier
from syncd.daemon.worker import Pulse, Worker

READY_AFTER_SECONDS = 30.0
STUCK_AFTER_SECONDS = 600.0
_PET_SECONDS = 20.0
_LONGEST_ERROR = 160
_CYCLES = {"orders": "cycle_orders", "stock": "cycle_stock"}
_COUNTS = {
    "seen": "vitals_seen",
    "changed": "vitals_changed",
    "held": "vitals_held",
    "checked": "vitals_checked",
    "written": "vitals_written",
    "refused": "vitals_refused",
}


class Vitals:
    """Watches the jobs from outside and reports."""

    def __init__(self, clock: Clock, environ: Mapping[str, str]) -> None:
        """Report to the socket that `environ` names."""
        self._clock, self._notifier = clock, Notifier(environ)
        self._pet_every = _pet_seconds(environ)
        self._opened_at = clock.monotonic()
        self._petted_at: float | None = None
        self._finished = 0
        self._status = ""
        self._ready = False

    def opened(self) -> None:
        """A shop has just been opened: ready will be said once one of its cycles was tried."""
        self._opened_at, self._finished, self._ready = self._clock.monotonic(), 0, False

    def tell(self, shop: str, workers: Sequence[Worker], say: Say = str) -> None:
        """Report what has changed since the last time, in the shop's language."""
        pulses = {worker.name: worker.pulse() for worker in workers}
        now = self._clock.monotonic()
        self._tell_ready(pulses, now)
        self._tell_alive(list(pulses.values()), now)
        self._tell_status(status_line(shop, pulses, say))

    def reloading(self, say: Say) -> None:
        """The config is being read again; systemd compares the instant with its own clock."""
        instant = time.monotonic_ns() // 1000
        status = f"STATUS={say(text('vitals_reading_config'))}"
        self._notifier.tell("RELOADING=1", f"MONOTONIC_USEC={instant}", status)

    def reload_refused(self, why: str, say: Say) -> None:
        """The old config stays."""
        self._status = ""
        self._notifier.tell("READY=1", f"STATUS={say(text('vitals_config_stays', why=why))}")

    def stopping(self, say: Say) -> None:
        """The daemon ends."""
        self._notifier.tell("STOPPING=1", f"STATUS={say(text('vitals_stopping'))}")

    def failed(self, why: str) -> None:
        """The daemon could not begin."""
        self._notifier.tell(f"STATUS={why}")

    def _tell_ready(self, pulses: Mapping[str, Pulse], now: float) -> None:
        tried = any(pulse.finished for pulse in pulses.values())
        # a first cycle over a slow line must not outlast systemd's patience with a start
        if not self._ready and (tried or now - self._opened_at >= READY_AFTER_SECONDS):
            self._ready = True
            self._notifier.tell("READY=1")

    def _tell_alive(self, pulses: Sequence[Pulse], now: float) -> None:
        finished = sum(pulse.finished for pulse in pulses)
        is_news = finished != self._finished or self._petted_at is None or now - self._petted_at >= self._pet_every
        if is_news and all(is_well(pulse, now) for pulse in pulses):
            self._finished, self._petted_at = finished, now
            self._notifier.tell("WATCHDOG=1")

    def _tell_status(self, line: str) -> None:
        if line != self._status:
            self._status = line
            self._notifier.tell(f"STATUS={line}")


def is_well(pulse: Pulse, now: float) -> bool:
    """Whether a job makes progress: no run, and no wait for one that is due, lasts ten minutes."""
    return now - pulse.since < STUCK_AFTER_SECONDS


def status_line(shop: str, pulses: Mapping[str, Pulse], say: Say = str) -> str:
    """One line for `systemctl status`."""
    return f"{shop}: " + "; ".join(f"{say(text(_CYCLES[name]))} {_told(pulse, say)}" for name, pulse in pulses.items())


def _told(pulse: Pulse, say: Say) -> str:
    if pulse.ending is None or pulse.ended_at is None:
        return say(text("vitals_not_tried"))
    at = f"{pulse.ended_at:%Y-%m-%d %H:%M:%SZ}"
    if pulse.ending.error:
        return say(text("vitals_failed", at=at, error=pulse.ending.error[:_LONGEST_ERROR]))
    counts = ", ".join(say(text(_COUNTS[name], count=count)) for name, count in pulse.ending.counts.items())
    return say(text("vitals_ok_counts", at=at, counts=counts) if counts else text("vitals_ok", at=at))


def _pet_seconds(environ: Mapping[str, str]) -> float:
    """A third of what systemd allows, and never rarer than every twenty seconds."""
    allowed = environ.get("WATCHDOG_USEC", "")
    return min(_PET_SECONDS, int(allowed) / 1e6 / 3) if allowed.isdecimal() else _PET_SECONDS
