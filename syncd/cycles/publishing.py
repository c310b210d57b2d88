"""Writing stock to Haravan: one location a call, by differences, read back; a lost answer is never simply repeated."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from syncd.clock import Clock
from syncd.core import stock
from syncd.core.records import Intent
from syncd.core.stock import Change
from syncd.core.texts import Say, text
from syncd.cycles.levels import Pair
from syncd.cycles.ports import Haravan
from syncd.errors import AuthError, OutcomeUnknown, Rejected, Transient
from syncd.logs import get_logger
from syncd.store import Store

OPERATION = "adjust_stock"
_LATE_SECONDS = 600.0  # a request whose answer was lost may still arrive, however late a queue delivers it
_RAISE_AGAIN_SECONDS = 60.0
_STUCK_SECONDS = 3600.0
_MOST_REFUSALS = 5
_log = get_logger()


@dataclass(slots=True)
class Published:
    """What one round of writing did; `failures` are sentences for the admin."""

    written: int = 0
    refusals: int = 0
    failures: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Stuck:
    """A change that was answered but did not show: not sent again before something about it is different."""

    wanted: int
    available: int
    until: float


class Publisher:
    """Adds differences to Haravan's stock, and remembers which figures are in doubt."""

    def __init__(self, haravan: Haravan, store: Store, clock: Clock, *, say: Say, stop: Callable[[], bool]) -> None:
        """Write to `haravan`; `say` says a sentence in the shop's language, `stop` is asked between calls."""
        self._haravan, self._store, self._clock = haravan, store, clock
        self._say, self._stop = say, stop
        self._lost: dict[Pair, float] = {}
        self._stuck: dict[Pair, _Stuck] = {}

    def settle(self, compared: Iterable[Change]) -> None:
        """Figures that were read afresh and agree are no longer in doubt, unless a lost request may still arrive."""
        now = self._clock.monotonic()
        self._lost = {pair: since for pair, since in self._lost.items() if now - since < _LATE_SECONDS}
        self._keep([change for change in compared if change.delta == 0], written=False)

    def sendable(self, changes: Iterable[Change], *, patient: bool) -> list[Change]:
        """The changes to send now.

        With `patient`, one that Haravan refused or did not show waits until something about it is different, and one
        whose answer was lost waits a little before it raises a figure again: raised twice, it sells what is not there.
        """
        return [change for change in changes if not (patient and self._rests(change))]

    def publish(self, changes: Sequence[Change], silent: frozenset[int]) -> Published:
        """Send changes, and read back what each call did.

        Args:
            changes: What differs; all read just before.
            silent: Locations that showed no stock row at all: there, one line goes first, to see whether it shows.

        Raises:
            Transient, AuthError: Haravan cannot be reached; what was sent before is recorded.
            StoreUnwritable: What would be sent could not be recorded, so it was not sent.
        """
        done, deaf = Published(), set[int]()
        for location_id, batch in stock.batches(changes):
            if self._stop():
                break
            if location_id in silent:
                silent = silent - {location_id}
                if self._adjust(location_id, batch[:1], done):
                    deaf.add(location_id)
                    done.failures.append(self._say(text("location_deaf", location=location_id)))
                batch = batch[1:]
            if location_id not in deaf and batch:
                self._adjust(location_id, batch, done)
        return done

    def _adjust(self, location_id: int, changes: Sequence[Change], done: Published) -> Sequence[Change]:
        """One call, read back; the changes that do not show. A refused call is tried again in halves."""
        try:
            self._send(location_id, changes)
        except OutcomeUnknown as error:
            done.failures.append(str(error))
            self._lost |= dict.fromkeys(map(_pair, changes), self._clock.monotonic())
            return self._read_back(location_id, changes, done)
        except Rejected as error:
            return self._halve(changes, self._read_back(location_id, changes, done), error, done)
        left = self._read_back(location_id, changes, done)
        self._store.intents.withdraw(OPERATION, location_id, "", None, self._clock.now())
        self._mark_stuck(changes, left)
        return left

    def _send(self, location_id: int, changes: Sequence[Change]) -> None:
        """Record what is about to be sent, and that its figures are in doubt until they are read again; then send."""
        now = self._clock.now()
        note = f"syncd {now:%Y%m%dT%H%M%S}-{self._store.last_seq()}"
        self._store.doubt_figures(location_id, [change.variant_id for change in changes])
        self._store.intents.record(Intent(OPERATION, str(location_id), note, _digest(changes), now), None)
        try:
            self._haravan.adjust(location_id, stock.adjust_lines(changes), note)
        except (Rejected, Transient, AuthError) as error:
            self._store.intents.withdraw(OPERATION, location_id, str(error), None, now)
            raise

    def _halve(
        self, sent: Sequence[Change], left: Sequence[Change], error: Rejected, done: Published
    ) -> Sequence[Change]:
        """Find the line that a call was refused for: some shops refuse the whole call, some do the lines before it."""
        if len(sent) == 1:
            if left:
                self._refused(left[0], error, done)
            return left
        middle = len(left) // 2
        halves = (left[:middle], left[middle:])
        return [
            change
            for half in halves
            if half and done.refusals < _MOST_REFUSALS
            for change in self._adjust(half[0].location_id, half, done)
        ]

    def _refused(self, change: Change, error: Rejected, done: Published) -> None:
        done.refusals += 1
        done.failures.append(self._say(text("stock_line_refused", sku=change.sku or change.code, why=str(error))))
        _log.warning("stock_line_refused", sku=change.sku or change.code, error=str(error))
        self._mark_stuck([change], [change])

    def _read_back(self, location_id: int, changes: Sequence[Change], done: Published) -> list[Change]:
        """Read what was written; the changes that do not show, with what Haravan has now where it says so."""
        page = self._haravan.levels([location_id], [change.variant_id for change in changes])
        shown = {level.variant_id: level.available for level in page.levels if level.location_id == location_id}
        seen = [replace(change, available=shown.get(change.variant_id, change.available)) for change in changes]
        written = [change for change in seen if change.variant_id in shown and change.delta == 0]
        self._keep(written, written=True)
        self._keep([change for change in seen if change.variant_id in shown and change.delta != 0], written=False)
        done.written += len(written)
        self._tell(changes, {change.variant_id for change in written})
        return [change for change in seen if change.variant_id not in shown or change.delta != 0]

    def _keep(self, changes: Sequence[Change], *, written: bool) -> None:
        """Remember figures; those of a lost request stay in doubt, so that each cycle reads them again."""
        sure = [change for change in changes if _pair(change) not in self._lost]
        unsure = [change for change in changes if _pair(change) in self._lost]
        self._store.keep_figures(sure, self._clock.now(), written=written)
        self._store.keep_figures(unsure, self._clock.now(), written=written, in_doubt=True)

    def _tell(self, changes: Sequence[Change], written: set[int]) -> None:
        for change in changes:
            figures = {"available": change.available, "wanted": change.wanted, "pending": change.pending}
            event = "stock_published" if change.variant_id in written else "stock_not_shown"
            level = _log.info if change.variant_id in written else _log.warning
            level(event, sku=change.sku or change.code, location=change.location_id, **figures)
        what = text("figures_written", location=changes[0].location_id, written=len(written), sent=len(changes))
        self._store.add_event("stock_written", self._say(what), self._clock.now())

    def _rests(self, change: Change) -> bool:
        now, stuck = self._clock.monotonic(), self._stuck.get(_pair(change))
        if stuck is not None and (stuck.wanted, stuck.available) == (change.wanted, change.available):
            return now < stuck.until
        lost_at = self._lost.get(_pair(change))
        return lost_at is not None and change.delta > 0 and now - lost_at < _RAISE_AGAIN_SECONDS

    def _mark_stuck(self, before: Sequence[Change], left: Sequence[Change]) -> None:
        """Note the changes that an answered call left exactly as they were."""
        available = {_pair(change): change.available for change in before}
        until = self._clock.monotonic() + _STUCK_SECONDS
        for change in left:
            if available[_pair(change)] == change.available:
                self._stuck[_pair(change)] = _Stuck(change.wanted, change.available, until)


def _pair(change: Change) -> Pair:
    return change.location_id, change.variant_id


def _digest(changes: Sequence[Change]) -> str:
    return ",".join(f"{change.variant_id}:{change.delta}" for change in changes)[:2000]
