"""The ledger's page of what was published: each figure that was sent, its terms, and what the next read showed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from peewee import fn

from syncd.core.model import BranchStock
from syncd.core.stock import Change
from syncd.store import meta
from syncd.store.opening import Connection
from syncd.store.prepared import Statement, all_given
from syncd.store.rows import instant, moment, stamp, tuples
from syncd.store.tables import PublicationRow, Tables

WRITTEN, NOT_SHOWN, REFUSED, UNKNOWN = "written", "not_shown", "refused", "unknown"
"""How a write ended: it read back right, it did not, Haravan refused it, or its answer was lost."""

KEEP_ALWAYS = 20
KEEP = timedelta(days=90)
"""Of each figure the newest stay for good, any other for this long."""

_PURGE_AT_ONCE = 2000
_PURGE_PAUSE = timedelta(days=1)
_PURGED_TO, _PURGED_AT = "publications_purged_to", "publications_purged_at"

Pair = tuple[int, int]
"""A location id and a variant id."""

_ANNOUNCE = Statement(lambda: PublicationRow.insert(**all_given(PublicationRow)))
_UNSEEN = Statement(
    lambda: PublicationRow.select(PublicationRow.id, PublicationRow.location_id, PublicationRow.variant_id).where(
        PublicationRow.shown.is_null()
    )
)


@dataclass(frozen=True, slots=True)
class Publication:
    """One figure that was sent to Haravan.

    Args:
        at: When it was about to be sent.
        old: Haravan's available before.
        shown: What the next read showed; None while there was none.
        source: What made us read KiotViet, at `read_at`; empty and None where that was not said.
        branches: KiotViet's figures of the linked branches.
        note: The note of the stock slip in Haravan.
        outcome: `written`, `not_shown`, `refused` or `unknown`.
        reason: The codes of `core.drift`, joined by `+`.
    """

    at: datetime
    location_id: int
    variant_id: int
    sku: str
    code: str
    old: int
    wanted: int
    shown: int | None
    sellable: int
    pending: int
    safety_stock: int
    source: str
    read_at: datetime | None
    branches: tuple[BranchStock, ...]
    note: str
    outcome: str
    reason: str


@dataclass(frozen=True, slots=True)
class Ending:
    """How one figure of a call ended, and what the read after it showed."""

    outcome: str
    shown: int | None


class HistoryPages:
    """Publications; each method one transaction."""

    def __init__(self, connection: Connection, tables: Tables) -> None:
        """Work on an open database."""
        self._db = connection
        self._t = tables

    def announce(self, changes: Sequence[Change], note: str, reasons: Mapping[Pair, str], now: datetime) -> range:
        """Keep what is about to be sent, its outcome unknown; the numbers of its rows, in the order of `changes`.

        Raises:
            StoreUnwritable: It could not be kept, so it must not be sent.
        """
        table = self._t.publications
        with self._db.write():
            first = (table.select(fn.MAX(table.id)).scalar() or 0) + 1
            call = range(first, first + len(changes))
            common = {"at": stamp(now), "note": note, "outcome": UNKNOWN, "shown": None}
            _ANNOUNCE.run_each(
                self._db,
                (
                    common | {"id": key, "reason": reasons.get(change.pair, "")} | _terms(change)
                    for key, change in zip(call, changes, strict=True)
                ),
            )
        return call

    def conclude(self, endings: Mapping[int, Ending], again: Sequence[int] = ()) -> None:
        """Keep how the rows of a call ended; those in `again` did nothing and are sent by another call."""
        table = self._t.publications
        written = [key for key, ending in endings.items() if ending.outcome == WRITTEN]
        with self._db.write():
            if written:
                table.update(outcome=WRITTEN, shown=table.wanted).where(table.id.in_(written)).execute()
            if again:
                table.delete().where(table.id.in_(list(again))).execute()
            for key, ending in endings.items():
                if ending.outcome != WRITTEN:
                    table.update(outcome=ending.outcome, shown=ending.shown).where(table.id == key).execute()

    def withdraw(self, rows: Sequence[int]) -> None:
        """It is certain that these were not written: they are no publications."""
        with self._db.write():
            self._t.publications.delete().where(self._t.publications.id.in_(list(rows))).execute()

    def see(self, compared: Iterable[Change]) -> None:
        """Keep what these figures show now, where no read had shown anything since they were sent."""
        table, unseen = self._t.publications, _UNSEEN.rows(self._db)
        if not unseen:
            return
        shown = {change.pair: change.available for change in compared}
        with self._db.write():
            for key, *pair in unseen:
                if tuple(pair) in shown:
                    table.update(shown=shown[pair[0], pair[1]]).where(table.id == key).execute()

    def of(self, location_id: int, variant_id: int, limit: int = KEEP_ALWAYS) -> list[Publication]:
        """The last publications of a figure, the newest first."""
        table = self._t.publications
        mine = (table.location_id == location_id) & (table.variant_id == variant_id)
        return [_publication(row) for row in table.select().where(mine).order_by(table.id.desc()).limit(limit)]

    def replaced(self, pairs: Sequence[Pair]) -> dict[Pair, int]:
        """What the last write of each figure had found there, of those that read back right."""
        return {pair: last[0].old for pair in pairs if (last := self.of(*pair, limit=1)) and _is_right(last[0])}

    def purge(self, now: datetime) -> None:
        """Drop what is older than `KEEP`, except the newest `KEEP_ALWAYS` of each figure: once a day, in small steps.

        Each call looks at the next few thousand rows, until the day's round is through.
        """
        table = self._t.publications
        done_at = instant(json.loads(meta.stored(self._db, _PURGED_AT) or "null"))
        if done_at is not None and abs(now - done_at) < _PURGE_PAUSE:
            return
        after = int(json.loads(meta.stored(self._db, _PURGED_TO) or "0"))
        old = (table.id > after) & (table.at < stamp(now - KEEP))
        query = table.select(table.id).where(old).order_by(table.id).limit(_PURGE_AT_ONCE)
        ids = [key for (key,) in tuples(query)]
        with self._db.write():
            if ids:
                self._drop(ids[0], ids[-1], stamp(now - KEEP))
            if len(ids) == _PURGE_AT_ONCE:
                self._remember(_PURGED_TO, ids[-1])
            else:
                self._remember(_PURGED_TO, 0)
                self._remember(_PURGED_AT, stamp(now))

    def _drop(self, first: int, last: int, before: str) -> None:
        table, newer = self._t.publications, self._t.publications.alias()
        same = (newer.location_id == table.location_id) & (newer.variant_id == table.variant_id)
        enough = newer.select(newer.id).where(same & (newer.id > table.id)).order_by(newer.id).limit(1)
        kept = enough.offset(KEEP_ALWAYS - 1)
        table.delete().where(table.id.between(first, last) & (table.at < before) & fn.EXISTS(kept)).execute()

    def _remember(self, key: str, value: object) -> None:
        meta.store(self._db, key, json.dumps(value))


def _is_right(publication: Publication) -> bool:
    return publication.shown == publication.wanted


def _terms(change: Change) -> dict[str, object]:
    reading = change.reading
    return {
        "location_id": change.location_id,
        "variant_id": change.variant_id,
        "sku": change.sku,
        "code": change.code,
        "old": change.available,
        "wanted": change.wanted,
        "sellable": change.sellable,
        "pending": change.pending,
        "safety_stock": change.safety_stock,
        "source": "" if reading is None else reading.source,
        "read_at": None if reading is None else stamp(reading.at),
        "branches": json.dumps([_branch(stock) for stock in change.branches]),
    }


def _branch(stock: BranchStock) -> dict[str, object]:
    pieces = {"on_hand": stock.on_hand, "reserved": stock.reserved}
    shown = {key: None if value is None else str(value) for key, value in pieces.items()}
    return {"branch_id": stock.branch_id, **shown, "active": stock.active}


def _branch_of(stored: dict[str, str | None]) -> BranchStock:
    on_hand, reserved = (None if (value := stored[key]) is None else Decimal(value) for key in ("on_hand", "reserved"))
    active = stored["active"]
    return BranchStock(int(stored["branch_id"] or 0), on_hand, reserved, None if active is None else bool(active))


def _publication(row: PublicationRow) -> Publication:
    return Publication(
        at=moment(row.at),
        location_id=row.location_id,
        variant_id=row.variant_id,
        sku=row.sku,
        code=row.code,
        old=row.old,
        wanted=row.wanted,
        shown=row.shown,
        sellable=row.sellable,
        pending=row.pending,
        safety_stock=row.safety_stock,
        source=row.source,
        read_at=instant(row.read_at),
        branches=tuple(map(_branch_of, json.loads(row.branches))),
        note=row.note,
        outcome=row.outcome,
        reason=row.reason,
    )
