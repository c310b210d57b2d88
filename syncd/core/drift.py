"""Why a figure differs from what Haravan shows, and whether somebody else keeps undoing what we write."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from syncd.core.stock import Change
from syncd.core.texts import Text, text

FIRST, KIOTVIET, PENDING, SETTINGS = "first", "kiotviet_moved", "pending_changed", "settings_changed"
HARAVAN, ORDERS, STILL, DOUBT = "changed_in_haravan", "orders_moved", "still_differs", "in_doubt"

DAY, HOUR = timedelta(hours=24), timedelta(hours=1)
_COMPARED = ("full", "sweep")
_TIMES_OF_ONE = 3
_FIGURES_AT_ONCE = 5


@dataclass(frozen=True, slots=True)
class Figure:
    """A published figure as last compared.

    Args:
        safety_stock: None where an older syncd compared it.
        written: Whether it was ever written by us.
        in_doubt: Whether a write was sent whose effect no read has shown for certain.
    """

    location_id: int
    variant_id: int
    sku: str
    wanted: int
    available: int
    read_at: datetime
    sellable: int
    pending: int
    safety_stock: int | None
    written: bool
    in_doubt: bool


@dataclass(frozen=True, slots=True)
class Why:
    """Why a figure differs: the codes of all that changed, and a sentence for each."""

    codes: tuple[str, ...]
    told: tuple[Text, ...]

    @property
    def code(self) -> str:
        """All codes as one word."""
        return "+".join(self.codes)


@dataclass(frozen=True, slots=True)
class Undone:
    """A figure that we wrote and that somebody else changed.

    `set_back`: it was what it had been before that write.
    """

    at: datetime
    location_id: int
    variant_id: int
    sku: str
    written: int
    found: int
    set_back: bool


def why(before: Figure | None, change: Change, *, orders_moved: bool) -> Why:
    """What changed since a figure was last compared, so that it differs now.

    Args:
        before: The figure as last compared; None when it never was.
        change: What was compared just now.
        orders_moved: Whether web orders took pieces of it, or gave some back, since then.
    """
    if before is None:
        return Why((FIRST,), (text("drift_first"),))
    found: list[tuple[str, Text]] = []
    if change.sellable != before.sellable:
        found.append((KIOTVIET, text("drift_kiotviet_moved", before=before.sellable, now=change.sellable)))
    if change.pending != before.pending:
        found.append((PENDING, text("drift_pending_changed", before=before.pending, now=change.pending)))
    if before.safety_stock is not None and change.safety_stock != before.safety_stock:
        found.append((SETTINGS, text("drift_settings_changed", before=before.safety_stock, now=change.safety_stock)))
    if change.available != before.available:
        found.append(_in_haravan(before, change, orders_moved=orders_moved))
    if not found:
        found.append((STILL, text("drift_still_differs", now=change.available)))
    return Why(tuple(code for code, _ in found), tuple(told for _, told in found))


def _in_haravan(before: Figure, change: Change, *, orders_moved: bool) -> tuple[str, Text]:
    """Who changed Haravan's figure: our own lost write, a web order, or somebody else."""
    figures = {"before": before.available, "now": change.available}
    if before.in_doubt:
        return DOUBT, text("drift_in_doubt", **figures)
    if orders_moved or change.pending - before.pending == before.available - change.available:
        return ORDERS, text("drift_orders_moved", **figures)
    return HARAVAN, text("drift_changed_in_haravan", **figures)


def is_unnamed(change: Change) -> bool:
    """Whether a comparison found the difference, because no document or hint had named the product."""
    return change.reading is not None and change.reading.source in _COMPARED


def is_undone(before: Figure | None, found: Why) -> bool:
    """Whether somebody else changed a figure that we had written and that had read back right.

    Where anything else moved as well nobody can tell, so it does not count.
    """
    if before is None or not before.written or before.available != before.wanted:
        return False
    return found.codes == (HARAVAN,)


def rewritten(undone: Iterable[Undone], now: datetime) -> tuple[Undone, ...]:
    """The figures that another program seems to write as well, each once as last found; empty when none does.

    That is one figure changed again and again, or many that were set back to what we had replaced. A correction by
    hand is neither.
    """
    today = [one for one in undone if now - one.at <= DAY]
    times = Counter((one.location_id, one.variant_id) for one in today)
    again = {pair for pair, count in times.items() if count >= _TIMES_OF_ONE}
    back = {(one.location_id, one.variant_id) for one in today if one.set_back and now - one.at <= HOUR}
    chosen = again | (back if len(back) >= _FIGURES_AT_ONCE else set())
    last = {(one.location_id, one.variant_id): one for one in sorted(today, key=lambda one: one.at)}
    return tuple(last[pair] for pair in sorted(chosen, key=lambda pair: (-times[pair], pair)))
