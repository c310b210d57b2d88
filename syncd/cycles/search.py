"""Finding our own documents in KiotViet: one scan a cycle serves every order that asks, and reads only what is new."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime, timedelta

from syncd.clients.pages import ListQuery, Page
from syncd.clients.scans import Scan, scan_all, scan_back
from syncd.core.decisions import Search
from syncd.core.documents import order_id_in, order_ids_in
from syncd.core.model import PosInvoice, PosOrder
from syncd.core.texts import Say, text
from syncd.cycles.ports import KiotViet
from syncd.cycles.sightings import Sightings
from syncd.errors import IncompleteScan, NotFound, Transient

_CLOCKS_MAY_DIFFER = timedelta(hours=1)
_BEFORE_ATTEMPT = timedelta(minutes=15)


class MarkerSearch:
    """KiotViet's orders by the marker in their description, as far back as asked for.

    What a complete scan showed is kept: later ones read only what is newer, so that thousands of old orders do not make
    KiotViet be read back to each of them again and again.
    """

    def __init__(self, kiotviet: KiotViet) -> None:
        """Read nothing yet."""
        self._kiotviet = kiotviet
        self._lock = threading.Lock()
        self._sightings = Sightings()
        self._newest: tuple[datetime, Scan[PosOrder]] | None = None
        self._changed: tuple[datetime, Scan[PosOrder]] | None = None
        self._failed: Transient | None = None
        self._wanted: datetime | None = None

    def start_cycle(self, created: Iterable[datetime]) -> None:
        """Let this cycle read anew; `created` are the instants of orders that may ask: one scan serves all."""
        self.forget()
        with self._lock:
            self._wanted = min(created, default=None)

    def forget(self) -> None:
        """Let the next question read what is new in KiotViet again."""
        with self._lock:
            self._newest = self._changed = self._failed = None

    def forget_all(self) -> None:
        """Let the next question read KiotViet back to where it has to: something seen earlier is not there."""
        self.forget()
        with self._lock:
            self._sightings = Sightings()

    def twins(self, since: datetime) -> dict[int, list[PosOrder]]:
        """Haravan ids that several live KiotViet orders carry, one of them made since then, the oldest first.

        Some may have been seen a while ago: `as_now` tells.

        Raises:
            Transient: KiotViet could not be read.
        """
        self._scan_back_to(since)
        with self._lock:
            return self._sightings.doubles(since - _CLOCKS_MAY_DIFFER)

    def as_now(self, orders: Iterable[PosOrder]) -> list[PosOrder]:
        """The same orders, those that this cycle has not read yet read again; without any that are gone.

        Raises:
            Transient, Rejected: KiotViet could not be read.
        """
        found: list[PosOrder] = []
        for order in orders:
            with suppress(NotFound):
                found.append(self._fresh(order.id) or self._kiotviet.order(order.id))
        return found

    def look(
        self,
        order_id: int,
        created_at: datetime,
        attempted_at: datetime | None,
        result_id: int | None,
        *,
        whole: bool = False,
    ) -> Search:
        """Every KiotViet order with this marker.

        A single one may have been seen a while ago and lack its lines: whoever goes on with it reads it by its id.

        The newest pages show orders that were never changed, whatever `lastModifiedFrom` makes of those; after an
        attempt whose answer was lost, the changed ones are read as well.

        Args:
            order_id: The Haravan order.
            created_at: When it was placed: KiotViet cannot have it earlier.
            attempted_at: When a write was tried whose answer was lost.
            result_id: The id which that answer gave, where there was one.
            whole: Show it as it is now, and with its lines.

        Raises:
            Transient: KiotViet could not be read.
        """
        scans = [self._scan_back_to(created_at, attempted_at)]
        with self._lock:
            found = {order.id: order for order in self._sightings.of(order_id)}
        if attempted_at is not None:
            scans.append(self._changed_since(attempted_at))
        for order in (order for scan in scans for order in scan.rows if order_id in order_ids_in(order.description)):
            found[order.id] = order
        if result_id is not None:
            with suppress(NotFound):
                found[result_id] = self._kiotviet.order(result_id)
        why = next((scan.why or text("row_unreadable") for scan in scans if not _proves_absence(scan, order_id)), None)
        rows = self.as_now(found.values()) if whole or len(found) > 1 else list(found.values())
        return Search(tuple(rows), why is None, why)

    def _fresh(self, kiotviet_id: int) -> PosOrder | None:
        """A row that was read in this cycle."""
        with self._lock:
            scans = [known[1] for known in (self._newest, self._changed) if known is not None]
        return next((row for scan in scans for row in scan.rows if row.id == kiotviet_id), None)

    def _scan_back_to(self, instant: datetime, attempted_at: datetime | None = None) -> Scan[PosOrder]:
        """What this cycle read of the newest orders: with what is kept, everything back to `instant`.

        Around an attempt whose answer was lost nothing is taken from what was kept.
        """
        with self._lock:
            until = min(instant, self._wanted or instant) - _CLOCKS_MAY_DIFFER
            bound = self._sightings.read_from(until)
            if attempted_at is not None:
                bound = min(bound, attempted_at - _CLOCKS_MAY_DIFFER)
            if self._newest is None or bound < self._newest[0]:
                scan = self._read(lambda: scan_back(self._newest_page, _id, _created, bound))
                self._sightings.add(scan, bound)
                self._newest = (bound, scan)
            return self._newest[1]

    def _changed_since(self, attempted_at: datetime) -> Scan[PosOrder]:
        with self._lock:
            since = attempted_at - _BEFORE_ATTEMPT
            if self._changed is None or since < self._changed[0]:

                def fetch(offset: int) -> Page[PosOrder]:
                    return self._kiotviet.orders_page(ListQuery(offset=offset, order_by="id", modified_from=since))

                self._changed = (since, self._read(lambda: scan_all(fetch, _id)))
            return self._changed[1]

    def _read(self, scan: Callable[[], Scan[PosOrder]]) -> Scan[PosOrder]:
        """A list that could not be read is not tried again for each order of the same cycle."""
        if self._failed is not None:
            raise self._failed
        try:
            return scan()
        except Transient as error:
            self._failed = error
            raise

    def _newest_page(self, offset: int) -> Page[PosOrder]:
        return self._kiotviet.orders_page(ListQuery(offset=offset, order_by="createdDate", descending=True))


def _proves_absence(scan: Scan[PosOrder], order_id: int) -> bool:
    """Whether what a scan does not show is not there: each unreadable row must at least say that it is another's."""
    said = [bad.description for bad in scan.bad]
    return scan.complete and all(words is not None and order_id not in order_ids_in(words) for words in said)


def _id(order: PosOrder) -> int:
    return order.id


def _created(order: PosOrder) -> datetime:
    return order.created_at


def invoices_of(kiotviet: KiotViet, order: PosOrder, haravan_id: int, say: Say) -> tuple[PosInvoice, ...]:
    """Every invoice of a KiotViet order, the cancelled ones too; `say` says why they cannot be read.

    A filter that KiotViet ignores would return the whole list, so each row is checked again; then only those made since
    the order are read.

    Raises:
        IncompleteScan: The list could not be read to its end.
    """
    filters = {"orderId": str(order.id), "includeInvoiceDelivery": "true"}

    def fetch(offset: int) -> Page[PosInvoice]:
        query = ListQuery(offset=offset, order_by="createdDate", descending=True, filters=filters)
        return kiotviet.invoices_page(query)

    scan = scan_back(
        fetch, lambda invoice: invoice.id, lambda invoice: invoice.created_at, order.created_at - _CLOCKS_MAY_DIFFER
    )
    if scan.why is not None:
        raise IncompleteScan(say(text("invoices_incomplete", code=order.code, why=scan.why)))
    if scan.bad:
        raise IncompleteScan(say(text("invoice_row_unreadable", code=order.code, why=scan.bad[0].reason)))
    return tuple(invoice for invoice in scan.rows if _belongs(invoice, order, haravan_id))


def _belongs(invoice: PosInvoice, order: PosOrder, haravan_id: int) -> bool:
    if invoice.order_id is not None:
        return invoice.order_id == order.id
    if invoice.order_code:
        return invoice.order_code == order.code
    return order_id_in(invoice.description) == haravan_id
