"""What people ask of the ledger about orders: how many, which wait, and what KiotViet will not learn by itself."""

from __future__ import annotations

from collections import Counter

from peewee import fn

from syncd.core.lifecycle import State
from syncd.store.rows import HeldOrder, ShippedOutside, held_of, moment, tuples
from syncd.store.tables import Tables

_AT_MOST_SHOWN = 50
OUTSIDE_SHIPPED = "outside_order_shipped"


class OrderReports:
    """Questions about all orders at once; nothing here writes."""

    def __init__(self, tables: Tables) -> None:
        """Read an open database."""
        self._t = tables

    def counts(self) -> dict[str, int]:
        """Orders per state."""
        return dict(Counter(state for (state,) in tuples(self._t.orders.select(self._t.orders.state))))

    def ignored_reasons(self) -> dict[str, int]:
        """Ignored orders per reason."""
        query = self._t.orders.select(self._t.orders.reason).where(self._t.orders.state == State.IGNORED.value)
        return dict(Counter(reason for (reason,) in tuples(query)))

    def held_codes(self) -> dict[str, int]:
        """Held orders per code of their hold."""
        code = self._t.orders.hold_code
        query = self._t.orders.select(code, fn.COUNT(self._t.orders.haravan_id)).where(code.is_null(False))
        return dict(tuples(query.group_by(code)))

    def held(self) -> list[HeldOrder]:
        """Every held order, oldest hold first."""
        rows = (
            self._t.orders.select().where(self._t.orders.hold_code.is_null(False)).order_by(self._t.orders.hold_since)
        )
        return [held for held in map(held_of, rows) if held is not None]

    def shipped_outside(self) -> list[ShippedOutside]:
        """The newest orders outside the filter that were shipped: KiotViet will never learn of them by itself."""
        events, orders = self._t.events, self._t.orders
        query = (
            events.select(orders.haravan_id, orders.number, events.at)
            .join(orders, on=(events.haravan_id == orders.haravan_id))
            .where(events.event == OUTSIDE_SHIPPED)
            .order_by(events.id.desc())
            .limit(_AT_MOST_SHOWN)
        )
        return [ShippedOutside(haravan_id, number, moment(at)) for haravan_id, number, at in tuples(query)]
