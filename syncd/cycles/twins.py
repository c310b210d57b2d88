"""A second KiotViet order of one marker: noticed soon after it appears, then left to people."""

from __future__ import annotations

from datetime import datetime, timedelta

from syncd.clock import Clock
from syncd.core.lifecycle import FINAL
from syncd.core.model import OrderStatus, PosOrder
from syncd.core.records import Hold, Record
from syncd.core.texts import Say, text
from syncd.cycles.search import MarkerSearch
from syncd.errors import Rejected, Transient
from syncd.logs import get_logger
from syncd.store import Store

CODE = "duplicate_in_kiotviet"
_LOOK_BACK = timedelta(hours=1)
_OVERLAP = timedelta(minutes=10)
_PAUSE_SECONDS = 600.0
_log = get_logger()


class TwinWatch:
    """Looks at KiotViet's newest orders now and then for an hour after our last write.

    A request that was given up can still arrive after it was sent again, and a proxy can deliver one twice: neither
    can be prevented from here, so it is looked for. The watch of KiotViet's lists sees most of them within a minute; a
    look here needs none of what its change filter shows, and it starts over with what was made in the hour before a
    restart.
    """

    def __init__(self, search: MarkerSearch, store: Store, clock: Clock, say: Say) -> None:
        """Watch from the start: what was written before a restart may still have a twin."""
        self._search, self._store, self._clock, self._say = search, store, clock, say
        self._watch_until = clock.monotonic() + _LOOK_BACK.total_seconds()
        self._look_at = 0.0
        self._since = clock.now() - _LOOK_BACK

    def due(self, *, busy: bool) -> datetime | None:
        """Back to which instant to look now, None when there is no need; `busy`: orders may be written."""
        passed = self._clock.monotonic()
        if busy:
            self._watch_until = passed + _LOOK_BACK.total_seconds()
        elif passed > self._watch_until or passed < self._look_at:
            return None
        return min(self._since, self._clock.now() - _OVERLAP)

    def look(self, since: datetime) -> None:
        """Hold every order that KiotViet shows more than once; a list that cannot be read is read next time."""
        try:
            twins = self._twins(since)
        except (Transient, Rejected) as error:
            _log.warning("twins_not_looked_for", error=error)
            return
        now = self._clock.now()
        self._since, self._look_at = now - _OVERLAP, self._clock.monotonic() + _PAUSE_SECONDS
        for record, documents in twins:
            self.tell(record, documents, now)

    def _twins(self, since: datetime) -> list[tuple[Record, list[PosOrder]]]:
        """Orders whose twins nobody was told of yet, with those that are alive now."""
        found: list[tuple[Record, list[PosOrder]]] = []
        for haravan_id, seen in self._search.twins(since).items():
            record = self._store.orders.record(haravan_id)
            if record is None or record.left_to_people or (record.hold is not None and record.hold.code == CODE):
                continue
            alive = [order for order in self._search.as_now(seen) if order.status is not OrderStatus.CANCELLED]
            if len(alive) > 1:
                found.append((record, alive))
        return found

    def tell(self, record: Record, documents: list[PosOrder], now: datetime) -> None:
        """Hold an order that several live KiotViet orders stand for, the oldest first in `documents`."""
        kept, codes = documents[0], [document.code for document in documents[1:]]
        twin = text("twin", order=record.number, kept=kept.code, others=", ".join(codes))
        if record.state in FINAL:
            self._store.add_task(
                f"twin:{record.haravan_id}", record.haravan_id, record.number, CODE, self._say(twin), now
            )
        else:
            self._keep_in_view(record, kept, now)
            hold = Hold(CODE, self._say(text("then_retry", what=twin)), now)
            self._store.orders.hold(record.haravan_id, record.state, hold, look_again_at=None, now=now)

    def _keep_in_view(self, record: Record, oldest: PosOrder, now: datetime) -> None:
        """The order that people are told to keep is the one to go on with, unless the other has an invoice already."""
        if record.order is not None and record.order.id != oldest.id and not record.invoices:
            self._store.orders.order_shown(
                record.haravan_id, oldest, record.lines_digest, "order_found", record.state, now
            )
