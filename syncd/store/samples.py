"""The ledger's page of how fresh things were: one sample every five minutes, for two weeks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from peewee import fn

from syncd.store.opening import Connection
from syncd.store.rows import tuples
from syncd.store.tables import Tables

SLOT_SECONDS = 300
KEEP = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Sample:
    """How old things were; None where there was nothing yet.

    Args:
        at: The beginning of the time that this stands for.
        figures_seconds: The age of the oldest figure of KiotViet's stock.
        orders_seconds: Since when no orders cycle had ended well.
    """

    at: datetime
    figures_seconds: int | None
    orders_seconds: int | None


class SamplePages:
    """Samples; each method one transaction."""

    def __init__(self, connection: Connection, tables: Tables) -> None:
        """Work on an open database."""
        self._db = connection
        self._t = tables

    def is_due(self, now: datetime) -> bool:
        """Whether these five minutes have no sample yet; costs a read, no write."""
        return self._t.samples.get_or_none(self._t.samples.slot == _slot(now)) is None

    def keep(self, now: datetime, *, figures_seconds: int | None, orders_seconds: int | None) -> None:
        """Keep the sample of these five minutes, and forget what is older than `KEEP`."""
        table = self._t.samples
        ages = {"figures_seconds": figures_seconds, "orders_seconds": orders_seconds}
        with self._db.write():
            table.insert(slot=_slot(now), **ages).on_conflict_ignore().execute()
            table.delete().where(table.slot < _slot(now - KEEP)).execute()

    def since(self, at: datetime, *, width: timedelta) -> list[Sample]:
        """The samples since an instant, oldest first, the worst of each `width` of time."""
        table, slots = self._t.samples, max(1, int(width.total_seconds()) // SLOT_SECONDS)
        begin = table.slot / slots
        worst = (fn.MAX(table.figures_seconds), fn.MAX(table.orders_seconds))
        query = table.select(begin, *worst).where(table.slot >= _slot(at)).group_by(begin).order_by(begin)
        return [
            Sample(datetime.fromtimestamp(place * slots * SLOT_SECONDS, UTC), figures, orders)
            for place, figures, orders in tuples(query)
        ]


def _slot(at: datetime) -> int:
    return int(at.timestamp()) // SLOT_SECONDS
