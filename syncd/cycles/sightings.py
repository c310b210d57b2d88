"""KiotViet's orders that carry our marker, as complete scans showed them, kept so that the next one can be short."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from syncd.clients.scans import Scan
from syncd.core.documents import order_id_in, order_ids_in
from syncd.core.model import OrderStatus, PosOrder

OVERLAP = timedelta(minutes=10)
_GOOD_FOR = timedelta(hours=6)
_MOST_ROWS = 50_000
_NEVER = datetime.max.replace(tzinfo=UTC)


class Sightings:
    """By marker, what a complete scan back to some instant showed. Only KiotViet's own stamps are compared.

    The newest rows are always read again, for an order may be listed late. Everything is read anew once KiotViet's
    newest order is six hours younger than at the last long scan: people may have written a marker into an older one.
    """

    def __init__(self) -> None:
        """Nothing was seen yet."""
        self._by_marker: dict[int, dict[int, PosOrder]] = {}
        self._markers: dict[int, tuple[int, ...]] = {}
        self._complete_from = _NEVER
        self._read_from = _NEVER
        self._began_at = _NEVER

    def read_from(self, until: datetime) -> datetime:
        """Back to which instant the next scan has to read, so that all back to `until` is known."""
        return self._read_from if self._complete_from <= until else until

    def of(self, order_id: int) -> list[PosOrder]:
        """The rows with a marker, without their lines."""
        return list(self._by_marker.get(order_id, {}).values())

    def doubles(self, since: datetime) -> dict[int, list[PosOrder]]:
        """Markers that several live orders begin with, one of them made since then, with those orders, oldest first."""
        found = {}
        for order_id, rows in self._by_marker.items():
            alive = [row for row in rows.values() if _stands_for(row, order_id)] if len(rows) > 1 else []
            if len(alive) > 1 and any(row.created_at >= since for row in alive):
                found[order_id] = sorted(alive, key=lambda row: (row.created_at, row.id))
        return found

    def add(self, scan: Scan[PosOrder], bound: datetime) -> None:
        """Take in a scan back to `bound`; one that does not prove absence shows rows, but is not built upon."""
        begins = self._complete_from is _NEVER
        if begins:
            self._by_marker, self._markers = {}, {}
        for row in scan.rows:
            self._put(row)
        if not scan.proves_absence:
            return
        newest = max((row.created_at for row in scan.rows), default=bound)
        self._complete_from = min(self._complete_from, bound)
        self._read_from = max(bound, newest - OVERLAP)
        if begins:
            self._began_at = newest
        if len(self._markers) > _MOST_ROWS or newest - self._began_at > _GOOD_FOR:
            self._complete_from = _NEVER

    def _put(self, row: PosOrder) -> None:
        for marker in self._markers.pop(row.id, ()):
            self._by_marker[marker].pop(row.id)
        markers = tuple(order_ids_in(row.description))
        if not markers:
            return
        self._markers[row.id] = markers
        slim = replace(row, lines=(), surcharges=())
        for marker in markers:
            self._by_marker.setdefault(marker, {})[row.id] = slim


def _stands_for(row: PosOrder, order_id: int) -> bool:
    return row.status is not OrderStatus.CANCELLED and order_id_in(row.description) == order_id
