"""The ledger's page of differences: what full comparisons found, and which of our figures somebody else changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from peewee import fn

from syncd.core.drift import FIRST, Undone
from syncd.store.opening import Connection
from syncd.store.prepared import Among, Statement, all_given
from syncd.store.rows import moment, stamp, tuples
from syncd.store.tables import DriftRow, MovedRow, Tables, UndoneRow

STOCK, DOCUMENT = "stock", "document"
KEEP = timedelta(days=90)
_KEEP_UNDONE = timedelta(days=7)
_PURGE_AT_ONCE = 2000
_KEEP_DRIFT = Statement(lambda: DriftRow.insert(**all_given(DriftRow, key=False)))
_MOVED = Among(lambda places: MovedRow.select(MovedRow.variant_id, MovedRow.at).where(MovedRow.variant_id.in_(places)))
_KEEP_UNDONE_FIGURE = Statement(lambda: UndoneRow.insert(**all_given(UndoneRow, key=False)))


@dataclass(frozen=True, slots=True)
class Drift:
    """A difference that a full comparison found.

    `kind` is `stock` or `document`, `subject` the SKU or the order's number; `code` and `sentence` say why it differed,
    and `repaired` whether a read showed it right afterwards.
    """

    at: datetime
    kind: str
    subject: str
    found: str
    expected: str
    code: str
    sentence: str
    repaired: bool
    location_id: int | None = None
    variant_id: int | None = None
    haravan_id: int | None = None


@dataclass(frozen=True, slots=True)
class DriftDay:
    """How many differences full comparisons found on one day of the shop."""

    day: date
    stock: int
    documents: int


class DriftPages:
    """Differences and undone figures; each method one transaction."""

    def __init__(self, connection: Connection, tables: Tables) -> None:
        """Work on an open database."""
        self._db = connection
        self._t = tables

    def keep(self, drifts: Sequence[Drift], now: datetime) -> None:
        """Remember differences, and forget those older than `KEEP`, some at a time."""
        rows = [asdict(drift) | {"at": stamp(drift.at)} for drift in drifts]
        table = self._t.drifts
        with self._db.write():
            _KEEP_DRIFT.run_each(self._db, rows)
            old = table.select(table.id).where(table.at < stamp(now - KEEP)).limit(_PURGE_AT_ONCE)
            table.delete().where(table.id.in_(old)).execute()

    def since(self, at: datetime) -> list[Drift]:
        """The differences found since an instant, oldest first."""
        table = self._t.drifts
        return [_drift(row) for row in table.select().where(table.at >= stamp(at)).order_by(table.id)]

    def per_day(self, now: datetime, zone: tzinfo, days: int) -> list[DriftDay]:
        """How many were found on each of the last `days` days of `zone`, today last.

        What was compared for the first time had not drifted from anything.
        """
        today, table = now.astimezone(zone).date(), self._t.drifts
        first = today - timedelta(days=days - 1)
        begin, end = (stamp(datetime.combine(day, time.min, zone)) for day in (first, today + timedelta(days=1)))
        mine = (table.at >= begin) & (table.at < end) & (table.code != FIRST)
        # one comparison finds all of its differences at one instant
        query = table.select(table.at, table.kind, fn.COUNT(table.id)).where(mine).group_by(table.at, table.kind)
        found = Counter[tuple[date, str]]()
        for at, kind, count in tuples(query):
            found[moment(at).astimezone(zone).date(), kind] += count
        spread = [first + timedelta(days=place) for place in range(days)]
        return [DriftDay(day, found[day, STOCK], found[day, DOCUMENT]) for day in spread]

    def after(self, last: int) -> tuple[int, dict[str, int]]:
        """The number of the newest difference, and how many of each kind are newer than the number `last`.

        What was compared for the first time had not drifted from anything.
        """
        table = self._t.drifts
        newest = int(table.select(fn.MAX(table.id)).scalar() or 0)
        mine = (table.id > last) & (table.id <= newest) & (table.code != FIRST)
        query = table.select(table.kind, fn.COUNT(table.id)).where(mine)
        return newest, dict(tuples(query.group_by(table.kind)))

    def count_undone(self, undone: Sequence[Undone], now: datetime) -> None:
        """Remember figures that somebody else changed after we had written them."""
        rows = [asdict(one) | {"at": stamp(one.at)} for one in undone]
        table = self._t.undone
        with self._db.write():
            _KEEP_UNDONE_FIGURE.run_each(self._db, rows)
            old = table.select(table.id).where(table.at < stamp(now - _KEEP_UNDONE)).limit(_PURGE_AT_ONCE)
            table.delete().where(table.id.in_(old)).execute()

    def undone_since(self, at: datetime) -> list[Undone]:
        """The figures that somebody else changed after an instant, oldest first."""
        t = self._t.undone
        fields = (t.at, t.location_id, t.variant_id, t.sku, t.written, t.found, t.set_back)
        rows = tuples(t.select(*fields).where(t.at > stamp(at)).order_by(t.id))
        return [
            Undone(moment(at), location_id, variant_id, sku, written, found, bool(set_back))
            for at, location_id, variant_id, sku, written, found, set_back in rows
        ]

    def moved(self, variant_ids: Iterable[int]) -> dict[int, datetime]:
        """When web orders last moved each of these variants, as far as we saw any."""
        return {key: moment(at) for key, at in _MOVED.rows(self._db, dict.fromkeys(variant_ids))}


def _drift(row: DriftRow) -> Drift:
    return Drift(
        at=moment(row.at),
        kind=row.kind,
        subject=row.subject,
        found=row.found,
        expected=row.expected,
        code=row.code,
        sentence=row.sentence,
        repaired=row.repaired,
        location_id=row.location_id,
        variant_id=row.variant_id,
        haravan_id=row.haravan_id,
    )
