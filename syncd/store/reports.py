"""What people ask of the ledger about all orders at once; a million of them must not make anybody wait.

Every question is answered by an index or by counts that triggers keep: conditions are spelled as those indexes are.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from peewee import SQL, Expression, fn

from syncd.core.lifecycle import State
from syncd.store.events import Event, event_of
from syncd.store.opening import Connection
from syncd.store.prepared import Statement, whole, yes
from syncd.store.rows import HeldOrder, ShippedOutside, held_of, moment, stamp, tuples
from syncd.store.tables import OrderRow, Tables

_AT_MOST_SHOWN = 50
_AFTER_ALL = 2**62
OUTSIDE_SHIPPED = "outside_order_shipped"

_HELD = Statement(lambda: OrderRow.select().where(OrderRow.hold_code.is_null(False)).order_by(OrderRow.hold_since))


@dataclass(frozen=True, slots=True)
class Waiting:
    """Open orders of one state: since when the oldest exists, and how many are older than was asked."""

    oldest: datetime
    late: int


class OrderReports:
    """Questions about all orders at once; nothing here writes."""

    def __init__(self, connection: Connection, tables: Tables) -> None:
        """Read an open database."""
        self._db, self._t = connection, tables

    def counts(self) -> dict[str, int]:
        """Orders per state."""
        table, total = self._t.order_counts, fn.SUM(self._t.order_counts.count)
        found = dict(tuples(table.select(table.state, total).group_by(table.state)))
        return {state: count for state, count in found.items() if count}

    def ignored_reasons(self) -> dict[str, int]:
        """Ignored orders per reason."""
        table = self._t.order_counts
        mine = (table.state == State.IGNORED.value) & (table.count > 0)
        return dict(tuples(table.select(table.reason, table.count).where(mine)))

    def held_codes(self) -> dict[str, int]:
        """Held orders per code of their hold."""
        code = self._t.orders.hold_code
        query = self._t.orders.select(code, fn.COUNT(self._t.orders.haravan_id)).where(code.is_null(False))
        return dict(tuples(query.group_by(code)))

    def held(self) -> list[HeldOrder]:
        """Every held order, oldest hold first."""
        rows = (whole(OrderRow, row) for row in _HELD.rows(self._db))
        return [held for held in map(held_of, rows) if held is not None]

    def held_some(self, *, code: str = "", skip: int = 0, limit: int = _AT_MOST_SHOWN) -> list[HeldOrder]:
        """Some held orders, oldest hold first; those of one code, or of any."""
        table = self._t.orders
        wanted = self._is_held() & (table.hold_code == code) if code else self._is_held()
        rows = table.select().where(wanted).order_by(table.hold_since, table.haravan_id).offset(skip).limit(limit)
        return [held for held in map(held_of, rows) if held is not None]

    def held_counts(self) -> dict[tuple[str, str], int]:
        """Held orders per code and state."""
        table = self._t.orders
        where = (table.hold_code, table.state)
        counted = table.select(*where, fn.COUNT(SQL("1"))).where(self._is_held()).group_by(*where)
        return {(code, state): count for code, state, count in tuples(counted)}

    def held_ids(self, code: str) -> list[int]:
        """Every order that is held with this code: ids."""
        table = self._t.orders
        mine = self._is_held() & (table.hold_code == code)
        return [key for (key,) in tuples(table.select(table.haravan_id).where(mine))]

    def waiting(self, late: datetime) -> dict[str, Waiting]:
        """How long open orders have been waiting, per state; `late`: created before that."""
        table = self._t.orders
        figures = (fn.MIN(table.created_at), fn.SUM(table.created_at < stamp(late)))
        query = table.select(table.state, *figures).where(yes(table.is_open)).group_by(table.state)
        return {state: Waiting(moment(oldest), count) for state, oldest, count in tuples(query)}

    def events(self, *, before: int | None = None, limit: int = _AT_MOST_SHOWN) -> list[Event]:
        """What happened, the newest first; with `before`, only what happened before the event of that number."""
        e, orders = self._t.events, self._t.orders
        fields = (e.id, e.at, e.event, e.detail, e.haravan_id, orders.number, e.fields)
        query = e.select(*fields).left_outer_join(orders, on=(e.haravan_id == orders.haravan_id))
        rows = query.where(e.id < (before or _AFTER_ALL)).order_by(e.id.desc()).limit(limit)
        return [event_of(*row) for row in tuples(rows)]

    def shipped_outside(self) -> list[ShippedOutside]:
        """The newest orders outside the filter that were shipped: KiotViet will never learn of them by itself."""
        events, orders = self._t.events, self._t.orders
        query = (
            events.select(orders.haravan_id, orders.number, events.at)
            .join(orders, on=(events.haravan_id == orders.haravan_id))
            # written out, not bound: only so SQLite sees that the index of just these is enough
            .where(events.event == SQL(f"'{OUTSIDE_SHIPPED}'"))
            .order_by(events.id.desc())
            .limit(_AT_MOST_SHOWN)
        )
        return [ShippedOutside(haravan_id, number, moment(at)) for haravan_id, number, at in tuples(query)]

    def _is_held(self) -> Expression:
        return self._t.orders.hold_code.is_null(False)
