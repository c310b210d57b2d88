"""The job that looks what people must know, and tells them: it runs when the others hang, and is in nobody's way.

It is no cycle: its failures count as nobody's, it is not what systemd's watchdog waits for, and it logs no line when
there is nothing to say.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from syncd.clock import Clock
from syncd.cycles.alarm import Alarm
from syncd.cycles.attention import Attention
from syncd.logs import context, get_logger
from syncd.store import Store

LOOK_EACH_SECONDS = 30.0
_log = get_logger()


class Lookout:
    """Looks every half a minute, from the start on; its runs never overlap, and none begins after it was retired."""

    name = "alerts"

    def __init__(
        self, attention: Attention, alarm: Alarm | None, store: Store, clock: Clock, stop: Callable[[], bool]
    ) -> None:
        """Without an `alarm` it only looks, and logs what it sees."""
        self._attention, self._alarm, self._store = attention, alarm, store
        self._clock, self._stop = clock, stop
        self._lock = threading.Lock()
        self._due_at = clock.monotonic()
        self._running = self._retired = False

    def due_at(self) -> float | None:
        """When the next look should begin, in monotonic seconds; None during one, or when retired."""
        with self._lock:
            return None if self._running or self._retired else self._due_at

    def retire(self) -> bool:
        """Begin no further look; True when none is going on either."""
        with self._lock:
            self._retired = True
            return not self._running

    def close(self) -> None:
        """Give the channels back."""
        if self._alarm is not None:
            self._alarm.close()

    def run(self) -> None:
        """Look, if it is due; whatever goes wrong ends here."""
        with self._lock:
            if self._running or self._retired or self._stop() or self._clock.monotonic() < self._due_at - 0.05:
                return
            self._running = True
        try:
            with context(job=self.name):
                self._look()
        except Exception as error:  # noqa: BLE001 - the top of a job: a bug here must disturb no other
            _log.error("lookout_failed", exc_info=error)
        finally:
            self._store.close()
            with self._lock:
                self._due_at = self._clock.monotonic() + LOOK_EACH_SECONDS
                self._running = False

    def _look(self) -> None:
        concerns = self._attention.look()
        if self._alarm is not None:
            self._alarm.step(concerns, settled=self._attention.is_settled())
