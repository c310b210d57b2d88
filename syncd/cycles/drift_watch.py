"""Why figures differ, and whether somebody else writes the same stock: then a person is told, once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from syncd.clock import Clock
from syncd.core import drift
from syncd.core.drift import Figure, Undone, Why
from syncd.core.model import Slip
from syncd.core.stock import Change
from syncd.core.texts import Say, Text, text
from syncd.cycles.levels import Pair
from syncd.cycles.ports import Haravan
from syncd.errors import SyncdError
from syncd.logs import get_logger
from syncd.store import Store
from syncd.store.drifts import STOCK, Drift
from syncd.store.rows import moment

TASK = "stock_rewritten"
OUR_NOTE = "syncd "
"""How the note of each of our own stock slips begins."""
_MOST_NAMED = 5
_MOST_SLIPS = 3
_log = get_logger()


class DriftWatch:
    """Compares what differs with what the store remembers of it."""

    def __init__(self, haravan: Haravan, store: Store, clock: Clock, say: Say) -> None:
        """Read from `haravan` only whose stock slips there are, and only to tell a person."""
        self._haravan, self._store, self._clock, self._say = haravan, store, clock, say

    def explain(self, changes: Sequence[Change]) -> dict[Pair, Why]:
        """Why each of these figures, about to be written, differs; those that somebody else undid are counted."""
        before = self._store.figures([change.variant_id for change in changes])
        found = self._reasons(changes, before)
        undone = [change for change in changes if drift.is_undone(before.get(change.pair), found[change.pair])]
        replaced = self._store.history.replaced([change.pair for change in undone])
        self._count(
            [self._undone(c, before[c.pair].available, set_back=replaced.get(c.pair) == c.available) for c in undone]
        )
        return found

    def _reasons(self, changes: Sequence[Change], before: Mapping[Pair, Figure]) -> dict[Pair, Why]:
        moved = self._store.drifts.moved(change.variant_id for change in changes)
        return {change.pair: _why(before.get(change.pair), change, moved) for change in changes}

    def keep(
        self, changes: Sequence[Change], reasons: Mapping[Pair, Why], sent: Mapping[Pair, bool], *, most_new: int
    ) -> int:
        """Remember the figures that only a comparison found to differ: no document or hint had named their product.

        `sent` says which show right by now. Of those that were never compared before, at most `most_new` are kept; how
        many is answered.
        """
        now = self._clock.now()
        found = [change for change in changes if drift.is_unnamed(change)]
        new = [change for change in found if reasons[change.pair].codes == (drift.FIRST,)]
        known = [change for change in found if reasons[change.pair].codes != (drift.FIRST,)]
        kept_new = new[:most_new]
        rows = [self._drift(c, reasons[c.pair], now, sent=sent) for c in (*known, *kept_new)]
        if rows:
            self._store.drifts.keep(rows, now)
        return len(kept_new)

    def _drift(self, change: Change, why: Why, now: datetime, *, sent: Mapping[Pair, bool]) -> Drift:
        return Drift(
            at=now,
            kind=STOCK,
            subject=change.sku or change.code,
            found=str(change.available),
            expected=str(change.wanted),
            code=why.code,
            sentence="; ".join(map(self._say, why.told)),
            repaired=sent.get(change.pair, False),
            location_id=change.location_id,
            variant_id=change.variant_id,
        )

    def note_answers(self, sent: Sequence[Change], left: Sequence[Change], note: str) -> None:
        """Count the figures of an answered call that somebody else changed before they could be read back.

        Their slip tells: it is about the figure, and newer than the one that our call, with its `note`, made.
        """
        slips = self._newer_slips(left[0].location_id, note) if left else ()
        theirs = {line.variant_id for slip in slips for line in slip.lines}
        old = {change.variant_id: change.available for change in sent}
        undone = [self._undone(c, c.wanted, set_back=c.available == old[c.variant_id]) for c in left]
        self._count([one for one in undone if one.variant_id in theirs])

    def _newer_slips(self, location_id: int, note: str) -> tuple[Slip, ...]:
        try:
            slips = self._haravan.slips(location_id)
        except SyncdError as error:
            _log.info("slips_not_readable", location=location_id, error=error)
            return ()
        ours = next((slip.id for slip in slips if slip.note == note), None)
        return tuple(slip for slip in slips if ours is not None and slip.id > ours and _is_foreign(slip))

    def _undone(self, change: Change, written: int, *, set_back: bool) -> Undone:
        return Undone(
            at=self._clock.now(),
            location_id=change.location_id,
            variant_id=change.variant_id,
            sku=change.sku or change.code,
            written=written,
            found=change.available,
            set_back=set_back,
        )

    def _count(self, undone: Sequence[Undone]) -> None:
        if undone:
            self._store.drifts.count_undone(undone, self._clock.now())
            self._report(self._clock.now())

    def _report(self, now: datetime) -> None:
        """Ask a person to stop the other program; not again while that task is open, nor for what came before."""
        last = self._store.todo.last_of(TASK)
        if last is not None and last.closed_at is None:
            return
        since = max(now - drift.DAY, now - drift.DAY if last is None else moment(last.closed_at or last.since))
        found = drift.rewritten(self._store.drifts.undone_since(since), now)
        if not found:
            return
        ((location_id, _),) = Counter(one.location_id for one in found).most_common(1)
        here = [one for one in found if one.location_id == location_id]
        named = tuple(
            text("stock_rewritten_figure", sku=one.sku, written=one.written, found=one.found)
            for one in here[:_MOST_NAMED]
        )
        slips = self._slips(location_id, {one.variant_id for one in here})
        said = self._say(text("stock_rewritten", location=location_id, figures=named, slips=slips))
        self._store.add_task(f"{TASK}:{now.isoformat()}", None, "", TASK, said, now)
        self._store.add_event(TASK, said, now, location=str(location_id))

    def _slips(self, location_id: int, variant_ids: set[int]) -> Text:
        """Whose stock slips Haravan shows about these variants, besides our own."""
        try:
            slips = self._haravan.slips(location_id)
        except SyncdError as error:
            return text("slips_not_readable", why=error.message)
        theirs = [slip for slip in slips if _is_foreign(slip) and _is_about(slip, variant_ids)]
        if not theirs:
            return text("slips_none")
        by_note = {slip.note.strip(): slip for slip in reversed(theirs)}
        named = [_named(slip) for slip in sorted(by_note.values(), key=lambda slip: slip.id, reverse=True)]
        return text("slips_of_others", slips=tuple(named[:_MOST_SLIPS]))


def _why(before: Figure | None, change: Change, moved: Mapping[int, datetime]) -> Why:
    moved_at = moved.get(change.variant_id)
    return drift.why(
        before, change, orders_moved=before is not None and moved_at is not None and moved_at >= before.read_at
    )


def _is_foreign(slip: Slip) -> bool:
    return not slip.note.startswith(OUR_NOTE)


def _is_about(slip: Slip, variant_ids: set[int]) -> bool:
    return any(line.variant_id in variant_ids for line in slip.lines)


def _named(slip: Slip) -> Text:
    number, note = slip.number or str(slip.id), slip.note.strip()
    return text("slip_named", number=number, note=note) if note else text("slip_without_note", number=number)
