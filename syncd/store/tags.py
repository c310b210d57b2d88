"""The ledger's page about our tags in Haravan: which orders to look at, and what was written to them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from syncd.core.tags import Tagged
from syncd.store.events import EventPages
from syncd.store.opening import Connection
from syncd.store.prepared import yes
from syncd.store.rows import tuples
from syncd.store.tables import Tables


@dataclass(frozen=True, slots=True)
class TaggedOrder:
    """What an order's tags depend on, and what we know of them; `code` is empty without a KiotViet order."""

    haravan_id: int
    number: str
    code: str
    needs_attention: bool
    tagged: Tagged


class TagPages:
    """Everything about tags; each method one transaction."""

    def __init__(self, connection: Connection, tables: Tables, events: EventPages) -> None:
        """Work on an open database."""
        self._db, self._t, self._events = connection, tables, events

    def order(self, haravan_id: int) -> TaggedOrder | None:
        """An order with what its tags depend on; None when it is not known."""
        row = self._t.orders.get_or_none(self._t.orders.haravan_id == haravan_id)
        if row is None:
            return None
        attention = row.hold_code is not None or self.has_open_task(haravan_id)
        return TaggedOrder(haravan_id, row.number, row.kv_code, attention, _tagged(row.tags))

    def has_open_task(self, haravan_id: int) -> bool:
        """Whether a person is still asked for something about an order."""
        tasks = self._t.tasks
        return bool(tasks.select().where((tasks.haravan_id == haravan_id) & tasks.closed_at.is_null()).exists())

    def to_begin_with(self, attention: Iterable[str]) -> list[int]:
        """The orders to look at when tags are switched on, oldest first: ids.

        Those that are open, those with an open task, and those that once were given one of the `attention` tags.
        """
        orders, tasks = self._t.orders, self._t.tasks
        asked = tasks.select(tasks.haravan_id).where(tasks.closed_at.is_null() & tasks.haravan_id.is_null(False))
        matters = yes(orders.is_open) | orders.haravan_id.in_(asked)
        for tag in attention:
            matters |= orders.tags.contains(tag)
        return [key for (key,) in tuples(orders.select(orders.haravan_id).where(matters).order_by(orders.created_at))]

    def touched(self, after_seq: int, to_seq: int) -> list[int]:
        """The orders that something happened to in these events, in that order: ids."""
        events = self._t.events
        mine = (events.id > after_seq) & (events.id <= to_seq) & events.haravan_id.is_null(False)
        rows = tuples(events.select(events.haravan_id).where(mine).order_by(events.id))
        return list(dict.fromkeys(key for (key,) in rows))

    def keep(self, haravan_id: int, tagged: Tagged) -> None:
        """Remember what is known of an order's tags."""
        with self._db.write():
            self._keep(haravan_id, tagged)

    def keep_done(self, haravan_id: int, tagged: Tagged, event: str, detail: str, now: datetime) -> None:
        """Remember what became of a change of tags, also in the order's story."""
        with self._db.write():
            self._keep(haravan_id, tagged)
            self._events.append(event, detail, now, haravan_id)

    def _keep(self, haravan_id: int, tagged: Tagged) -> None:
        table = self._t.orders
        table.update(tags=_text(tagged)).where(table.haravan_id == haravan_id).execute()


def _tagged(text: str) -> Tagged:
    if not text:
        return Tagged()
    kept = json.loads(text)
    return Tagged(tuple(kept["settled"]), tuple(kept["in_doubt"]))


def _text(tagged: Tagged) -> str:
    return json.dumps(asdict(tagged), ensure_ascii=False)
