"""Writing stock to Haravan: one location a call, by differences, read back; a lost answer is never simply repeated."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from syncd.clock import Clock
from syncd.core import stock
from syncd.core.drift import Why
from syncd.core.records import Intent
from syncd.core.stock import Change
from syncd.core.texts import Say, text
from syncd.cycles.drift_watch import DriftWatch
from syncd.cycles.levels import Pair
from syncd.cycles.ports import Haravan
from syncd.errors import AuthError, OutcomeUnknown, Rejected, Transient
from syncd.logs import get_logger
from syncd.store import Store
from syncd.store.history import NOT_SHOWN, REFUSED, UNKNOWN, WRITTEN, Ending

OPERATION = "adjust_stock"
_LATE_SECONDS = 600.0  # a request whose answer was lost may still arrive, however late a queue delivers it
_RAISE_AGAIN_SECONDS = 60.0
STUCK_SECONDS = 3600.0
"""How long a change that was answered and did not show is not sent again."""
_MOST_REFUSALS = 5
_MOST_NEW = 500  # of a whole shop that is published for the first time, some are enough
_log = get_logger()


@dataclass(slots=True)
class Published:
    """What one round of writing did; `failures` are sentences for the admin.

    Of the batch at hand, `reasons` say why each figure differed, `sent` whether each that was sent showed right
    afterwards; `new` counts the figures that were remembered as compared for the first time.
    """

    written: int = 0
    refusals: int = 0
    failures: list[str] = field(default_factory=list)
    reasons: Mapping[Pair, Why] = field(default_factory=dict)
    sent: dict[Pair, bool] = field(default_factory=dict)
    new: int = 0


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
        self._drift = DriftWatch(haravan, store, clock, say)
        self._lost: dict[Pair, float] = {}
        self._stuck: dict[Pair, _Stuck] = {}

    def settle(self, compared: Iterable[Change]) -> None:
        """Figures that were read afresh and agree are no longer in doubt, unless a lost request may still arrive."""
        now, figures = self._clock.monotonic(), list(compared)
        self._lost = {pair: since for pair, since in self._lost.items() if now - since < _LATE_SECONDS}
        self._keep([change for change in figures if change.delta == 0], written=False)
        self._store.history.see(figures)

    def sendable(self, changes: Iterable[Change], *, patient: bool) -> list[Change]:
        """The changes to send now.

        With `patient`, one that Haravan refused or did not show waits until something about it is different, and one
        whose answer was lost waits a little before it raises a figure again: raised twice, it sells what is not there.
        """
        return [change for change in changes if not (patient and self._rests(change))]

    def publish(self, changes: Sequence[Change], silent: frozenset[int]) -> Published:
        """Send changes, and read back what each call did; those that no document named are remembered as drift.

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
            if location_id not in deaf:
                self._publish(location_id, batch, done, alone=location_id in silent, deaf=deaf)
                silent = silent - {location_id}
        if changes:
            self._store.history.purge(self._clock.now())
        return done

    def _publish(
        self, location_id: int, batch: Sequence[Change], done: Published, *, alone: bool, deaf: set[int]
    ) -> None:
        """One batch, of which with `alone` one line goes first; a location where it does not show is `deaf`."""
        done.reasons, done.sent = self._drift.explain(batch), {}
        try:
            if alone and self._adjust(location_id, batch[:1], done):
                deaf.add(location_id)
                done.failures.append(self._say(text("location_deaf", location=location_id)))
            elif batch[alone:]:
                self._adjust(location_id, batch[alone:], done)
        finally:
            done.new += self._drift.keep(batch, done.reasons, done.sent, most_new=_MOST_NEW - done.new)

    def _adjust(self, location_id: int, changes: Sequence[Change], done: Published) -> Sequence[Change]:
        """One call, read back; the changes that do not show. A refused call is tried again in halves."""
        note = f"syncd {self._clock.now():%Y%m%dT%H%M%S}-{self._store.last_seq()}"
        rows = self._record(location_id, changes, note, done)
        try:
            self._send(location_id, changes, note, rows)
        except OutcomeUnknown as error:
            done.failures.append(self._say(error.message))
            self._lost |= dict.fromkeys((change.pair for change in changes), self._clock.monotonic())
            return self._read_back(location_id, changes, rows, UNKNOWN, done)
        except Rejected as error:
            return self._halve(changes, self._read_back(location_id, changes, rows, REFUSED, done), error, done)
        left = self._read_back(location_id, changes, rows, NOT_SHOWN, done)
        self._store.intents.withdraw(OPERATION, location_id, "", None, self._clock.now())
        self._mark_stuck(changes, left)
        self._drift.note_answers(changes, left, note)
        return left

    def _record(self, location_id: int, changes: Sequence[Change], note: str, done: Published) -> range:
        """Record what is about to be sent, and that its figures are in doubt until they are read again."""
        now = self._clock.now()
        self._store.doubt_figures(location_id, [change.variant_id for change in changes])
        codes = {change.pair: done.reasons[change.pair].code for change in changes}
        rows = self._store.history.announce(changes, note, codes, now)
        self._store.intents.record(Intent(OPERATION, str(location_id), note, _digest(changes), now), None)
        return rows

    def _send(self, location_id: int, changes: Sequence[Change], note: str, rows: range) -> None:
        try:
            self._haravan.adjust(location_id, stock.adjust_lines(changes), note)
        except (Rejected, Transient, AuthError) as error:
            self._store.intents.withdraw(OPERATION, location_id, error.message, None, self._clock.now())
            if not isinstance(error, Rejected):
                self._store.history.withdraw(rows)
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
        done.failures.append(self._say(text("stock_line_refused", sku=change.sku or change.code, why=error.message)))
        _log.warning("stock_line_refused", sku=change.sku or change.code, location=change.location_id, error=error)
        self._mark_stuck([change], [change])

    def _read_back(
        self, location_id: int, changes: Sequence[Change], rows: range, otherwise: str, done: Published
    ) -> list[Change]:
        """Read what was written; the changes that do not show, with what Haravan has now where it says so."""
        page = self._haravan.levels([location_id], [change.variant_id for change in changes])
        shown = {level.variant_id: level.available for level in page.levels if level.location_id == location_id}
        seen = [replace(change, available=shown.get(change.variant_id, change.available)) for change in changes]
        written = [change for change in seen if change.variant_id in shown and change.delta == 0]
        self._keep(written, written=True)
        self._keep([change for change in seen if change.variant_id in shown and change.delta != 0], written=False)
        self._conclude(changes, rows, shown, otherwise)
        done.written += len(written)
        done.sent |= {change.pair: False for change in changes} | {change.pair: True for change in written}
        self._tell(changes, {change.variant_id for change in written}, done)
        return [change for change in seen if change.variant_id not in shown or change.delta != 0]

    def _conclude(self, changes: Sequence[Change], rows: range, shown: Mapping[int, int], otherwise: str) -> None:
        """Keep how each line of a call ended; `otherwise` is how one did that does not show.

        A line of a refused call that is sent again in a smaller one is recorded there.
        """
        endings, again = dict[int, Ending](), list[int]()
        for row, change in zip(rows, changes, strict=True):
            now = shown.get(change.variant_id)
            if now == change.wanted and otherwise != UNKNOWN:
                endings[row] = Ending(WRITTEN, now)
            elif otherwise == REFUSED and len(changes) > 1:
                again.append(row)
            else:
                endings[row] = Ending(otherwise, now)
        self._store.history.conclude(endings, again)

    def _keep(self, changes: Sequence[Change], *, written: bool) -> None:
        """Remember figures; those of a lost request stay in doubt, so that each cycle reads them again."""
        sure = [change for change in changes if change.pair not in self._lost]
        unsure = [change for change in changes if change.pair in self._lost]
        self._store.keep_figures(sure, self._clock.now(), written=written)
        self._store.keep_figures(unsure, self._clock.now(), written=written, in_doubt=True)

    def _tell(self, changes: Sequence[Change], written: set[int], done: Published) -> None:
        for change in changes:
            said = _said(change, done.reasons[change.pair].code)
            if change.variant_id in written:
                _log.info("stock_published", **said)
            else:
                _log.warning("stock_not_shown", **said)
        what = text("figures_written", location=changes[0].location_id, written=len(written), sent=len(changes))
        self._store.add_event("stock_written", self._say(what), self._clock.now(), location=str(changes[0].location_id))

    def _rests(self, change: Change) -> bool:
        now, stuck = self._clock.monotonic(), self._stuck.get(change.pair)
        if stuck is not None and (stuck.wanted, stuck.available) == (change.wanted, change.available):
            return now < stuck.until
        lost_at = self._lost.get(change.pair)
        return lost_at is not None and change.delta > 0 and now - lost_at < _RAISE_AGAIN_SECONDS

    def _mark_stuck(self, before: Sequence[Change], left: Sequence[Change]) -> None:
        """Note the changes that an answered call left exactly as they were."""
        available = {change.pair: change.available for change in before}
        until = self._clock.monotonic() + STUCK_SECONDS
        for change in left:
            if available[change.pair] == change.available:
                self._stuck[change.pair] = _Stuck(change.wanted, change.available, until)


def _said(change: Change, why: str) -> dict[str, object]:
    return {
        "sku": change.sku or change.code,
        "location": change.location_id,
        "why": why,
        "available": change.available,
        "wanted": change.wanted,
        "pending": change.pending,
    }


def _digest(changes: Sequence[Change]) -> str:
    return ",".join(f"{change.variant_id}:{change.delta}" for change in changes)[:2000]
