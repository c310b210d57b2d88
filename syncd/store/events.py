"""The ledger's story: what happened, in order. Rows are only added, told once they are committed, dropped when old."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from peewee import JOIN, DatabaseError, fn

from syncd.errors import StoreUnwritable
from syncd.store import meta
from syncd.store.opening import Connection
from syncd.store.prepared import Statement, given
from syncd.store.rows import stamp, tuples
from syncd.store.tables import EventRow, OrderRow, Tables

_TOLD, _DROPPED_TO = "events_told", "events_dropped_to"
_TOLD_AT_ONCE = 500
DROPPED_AT_ONCE = 500
"""Rows that one transaction of `drop` looks at."""


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the story.

    `seq` never comes back; `number` is the order's, empty where it is about none; `fields` are words to search for.
    """

    seq: int
    at: str
    event: str
    detail: str
    haravan_id: int | None = None
    number: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)


def event_of(
    seq: int, at: str, event: str, detail: str, haravan_id: int | None, number: str | None, fields: str | None
) -> Event:
    """An event from its columns, and its order's."""
    return Event(seq, at, event, detail, haravan_id, number or "", json.loads(fields) if fields else {})


Tell = Callable[[Event], None]
"""Told of each event once, in order, after it was committed; must not raise."""


def _events(condition: Any) -> Any:
    e, orders = EventRow, OrderRow
    return (
        e.select(e.id, e.at, e.event, e.detail, e.haravan_id, orders.number, e.fields)
        .join(orders, JOIN.LEFT_OUTER, on=(orders.haravan_id == e.haravan_id))
        .where(condition)
        .order_by(e.id)
    )


_AFTER = Statement(lambda: _events(EventRow.id > given("seq")).limit(given("limit")))
_OF_ORDER = Statement(lambda: _events(EventRow.haravan_id == given("haravan_id")))
_NEWEST = Statement(lambda: EventRow.select(fn.MAX(EventRow.id)))
_APPEND = Statement(
    lambda: EventRow.insert(**{name: given(name) for name in ("at", "haravan_id", "event", "detail", "fields")})
)


class EventPages:
    """The append-only table of events."""

    def __init__(self, connection: Connection, tables: Tables) -> None:
        """Work on an open database."""
        self._db = connection
        self._t = tables
        self.appended = False

    def append(self, event: str, detail: str, now: datetime, haravan_id: int | None = None, **fields: str) -> int:
        """Add one in the caller's transaction; its number."""
        kept = json.dumps(fields, ensure_ascii=False) if fields else None
        row = {"at": stamp(now), "haravan_id": haravan_id, "event": event, "detail": detail, "fields": kept}
        self.appended = True
        return int(_APPEND.run(self._db, **row).lastrowid)

    def newest(self) -> int:
        """The number of the newest event, 0 when there is none."""
        row = _NEWEST.row(self._db)
        return int(row[0] or 0) if row is not None else 0

    def oldest_at(self) -> str | None:
        """When the oldest event that is kept happened."""
        row = self._t.events.select(self._t.events.at).order_by(self._t.events.id).first()
        return None if row is None else str(row.at)

    def of(self, haravan_id: int) -> list[Event]:
        """The story of one order, oldest first."""
        return [event_of(*row) for row in _OF_ORDER.rows(self._db, haravan_id=haravan_id)]

    def after(self, seq: int, limit: int) -> list[Event]:
        """The next events."""
        return [event_of(*row) for row in _AFTER.rows(self._db, seq=seq, limit=limit)]

    def dropped_before(self, haravan_id: int) -> str | None:
        """When the newest of an order's events that were dropped happened; None when it has them all."""
        table = self._t.orders
        row = table.select(table.story_cut).where(table.haravan_id == haravan_id).first()
        return None if row is None else row.story_cut

    # --- what is too old ----------------------------------------------------------------------------------------------

    def drop(self, before: datetime) -> bool:
        """Drop what is older, of the next few hundred rows; True when this round went through all old ones.

        The events of an order go together, once its last one is old too; those of an order that is open, held or has an
        open task stay. The newest event stays whatever its age, so that no number is given twice.
        """
        e, cutoff, after = self._t.events, stamp(before), self._recall(_DROPPED_TO)
        query = e.select(e.id, e.haravan_id, e.at).where(e.id > after).order_by(e.id).limit(DROPPED_AT_ONCE)
        rows = tuples(query)
        through = len(rows) < DROPPED_AT_ONCE or rows[-1][2] >= cutoff
        newest = self.newest()
        old = [(seq, key, at) for seq, key, at in rows if at < cutoff and seq < newest]
        kept = self._kept({key for _, key, _ in old if key is not None}, cutoff)
        gone = [(seq, key, at) for seq, key, at in old if key not in kept]
        to = 0 if through else rows[-1][0]
        if gone or to != after:
            with self._db.write():
                e.delete().where(e.id.in_([seq for seq, _, _ in gone])).execute()
                for key, at in {key: at for _, key, at in gone if key is not None}.items():
                    self._t.orders.update(story_cut=at).where(self._t.orders.haravan_id == key).execute()
                self._keep(_DROPPED_TO, to)
        return through

    def _kept(self, haravan_ids: set[int], cutoff: str) -> set[int]:
        """Those of some orders whose events stay."""
        orders, tasks, e, ids = self._t.orders, self._t.tasks, self._t.events, list(haravan_ids)
        mine = orders.haravan_id.in_(ids) & (orders.is_open | orders.hold_code.is_null(False))
        asked = tasks.haravan_id.in_(ids) & tasks.closed_at.is_null()
        young = e.haravan_id.in_(ids) & (e.at >= cutoff)
        queries = (
            orders.select(orders.haravan_id).where(mine),
            tasks.select(tasks.haravan_id).where(asked),
            e.select(e.haravan_id).where(young).distinct(),
        )
        return {key for query in queries for (key,) in tuples(query)}

    # --- how far it was told ------------------------------------------------------------------------------------------

    def told(self) -> int:
        """The number up to which every event was told, as last kept."""
        return self._recall(_TOLD)

    def keep_told(self, seq: int) -> None:
        """Remember how far was told, in the caller's transaction."""
        self._keep(_TOLD, seq)

    def _recall(self, key: str) -> int:
        kept = meta.stored(self._db, key)
        return 0 if kept is None else int(json.loads(kept))

    def _keep(self, key: str, value: int) -> None:
        meta.store(self._db, key, json.dumps(value))


class Teller:
    """Tells every event that the table has, those of other processes and of a process that died too.

    How far it came is kept when a cycle begins, when it ends and at an orderly end, not with each event: after a crash
    what was told since is told once more, with the same `seq`. Nothing is left out.
    """

    def __init__(self, events: EventPages, connection: Connection, tell: Tell) -> None:
        """Tell at once what was left."""
        self._events, self._db, self._tell = events, connection, tell
        self._lock = threading.Lock()
        self._told = self._kept = events.told()
        connection.after_commit = self.after_commit
        self.go()

    def after_commit(self) -> None:
        """Something was committed: tell the events of it, if there are any."""
        if self._events.appended:
            self.go()

    def go(self) -> None:
        """Tell what is new; what cannot be read now is told after the next commit."""
        with self._lock:
            self._events.appended = False
            try:
                more = True
                while more:
                    fresh = self._events.after(self._told, _TOLD_AT_ONCE)
                    for event in fresh:
                        self._tell(event)
                        self._told = event.seq
                    more = len(fresh) == _TOLD_AT_ONCE
            except DatabaseError:
                self._events.appended = True

    def keep(self) -> None:
        """Remember how far was told, in the caller's transaction."""
        if self._told != self._kept:
            self._events.keep_told(self._told)
            self._kept = self._told

    def end(self) -> None:
        """Remember how far was told, at an orderly end; where that cannot be, some is told once more."""
        try:
            with self._db.write():
                self.keep()
        except (StoreUnwritable, DatabaseError):
            return
