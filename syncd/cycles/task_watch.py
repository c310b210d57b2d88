"""Closes tasks once KiotViet shows that they were done, and tells of orders that were replaced."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from syncd.clients.pages import ListQuery, Page
from syncd.clients.scans import scan_all
from syncd.core.documents import ZERO
from syncd.core.events import order_field
from syncd.core.lifecycle import State
from syncd.core.model import InvoiceStatus, PosInvoice, PosReturn, WebOrder
from syncd.core.records import Record
from syncd.core.tasks import Claim, ReturnOf, Standing, done_in_kiotviet
from syncd.core.texts import Say, text
from syncd.cycles import people
from syncd.cycles.catalogue import chunks
from syncd.cycles.poll import PAGE
from syncd.cycles.ports import Haravan, KiotViet
from syncd.cycles.search import invoices_of
from syncd.cycles.walk import Tools
from syncd.errors import AuthError, BadPayload, IncompleteScan, NotFound, RateLimited, Rejected, Transient
from syncd.logs import get_logger
from syncd.store.tasks import IN_KIOTVIET, SUPERSEDED, Task

_PAUSE = timedelta(minutes=10)
_INVOICE_PAUSE = timedelta(hours=1)
_MOST_INVOICES = 10
_CLOCKS_MAY_DIFFER = timedelta(hours=1)
_log = get_logger()


class ReturnSlips:
    """KiotViet's return slips since an instant, kept between looks so that each look reads only what changed."""

    def __init__(self, kiotviet: KiotViet, say: Say) -> None:
        """Read nothing yet; `say` says a sentence in the shop's language."""
        self._kiotviet, self._say = kiotviet, say
        self._since: datetime | None = None
        self._newest: datetime | None = None
        self._slips: dict[int, PosReturn] = {}

    def read(self, since: datetime) -> None:
        """Bring what is known up to date, back to `since`; a list that is not whole changes nothing.

        Raises:
            Transient, Rejected: KiotViet could not be read.
        """
        bound = since - _CLOCKS_MAY_DIFFER
        if self._since is not None and self._since <= bound and self._newest is not None:
            bound = max(bound, self._newest - _CLOCKS_MAY_DIFFER)
        else:
            self._since, self._newest, self._slips = None, None, {}

        def fetch(offset: int) -> Page[PosReturn]:
            query = ListQuery(offset=offset, order_by="id", modified_from=bound, low_priority=True)
            return self._kiotviet.returns_page(query)

        scan = scan_all(fetch, lambda slip: slip.id)
        if scan.why is not None:
            raise IncompleteScan(self._say(scan.why))
        self._slips |= {slip.id: slip for slip in scan.rows}
        for bad in scan.bad:  # what it said before may hold no longer
            self._slips.pop(bad.id or 0, None)
        self._since = bound if self._since is None else self._since
        self._newest = max((slip.modified_at or slip.created_at for slip in self._slips.values()), default=None)

    def pieces(self, invoice_ids: Iterable[int]) -> Mapping[int, Decimal]:
        """Pieces per product on live slips of an invoice, under any of its ids."""
        wanted, found = set(invoice_ids), dict[int, Decimal]()
        for slip in self._slips.values():
            for line in slip.lines if slip.done and slip.invoice_id in wanted else ():
                found[line.product_id] = found.get(line.product_id, ZERO) + line.quantity
        return found


class TaskWatch:
    """Looks for what people did in KiotViet, as long as a task waits that KiotViet can show as done.

    Dying anywhere here loses nothing: nothing is written to a remote, and what was not recorded is looked for again.
    """

    def __init__(self, haravan: Haravan, tools: Tools) -> None:
        """Look at once, then every ten minutes."""
        self._haravan, self._t = haravan, tools
        self._slips = ReturnSlips(tools.kiotviet, tools.say)
        self._standings: dict[int, Standing] = {}
        self._read_at: dict[int, float] = {}
        self._look_at = self._tell_at = 0.0

    def look(self) -> None:
        """Tell of exchanges and close what was done; what cannot be read stays open and is looked at again.

        Raises:
            AuthError: Haravan refuses the token. StoreUnwritable: Nothing could be recorded.
        """
        passed = self._t.clock.monotonic()
        if passed >= self._tell_at and not self._all_exchanges_told():
            self._tell_at = passed + _PAUSE.total_seconds()
        waiting = [task for task in self._t.store.todo.open() if task.about.returns]
        if not waiting or passed < self._look_at:
            return
        self._look_at = passed + _PAUSE.total_seconds()
        self._read_slips(min(task.about.placed_at or self._t.clock.now() for task in waiting))
        self._read_invoices(waiting, passed)
        self._close_done(waiting)

    def _read_slips(self, since: datetime) -> None:
        """Credentials that may not read returns must not stop the orders; where all is refused, those stop anyway."""
        try:
            self._slips.read(since)
        except (AuthError, Transient, Rejected) as error:
            _log.warning("returns_not_read", error=error)

    def _all_exchanges_told(self) -> bool:
        """An order that was replaced after its completion may not change any more: it is asked for by its id."""
        ids = self._t.store.todo.exchanges_to_tell()
        completed = [old_id for old_id in ids if self._is_completed(old_id)]
        shown: set[int] = set()
        for batch in chunks(completed, PAGE):
            try:
                page = self._haravan.orders_by_ids(batch)
            except (Transient, Rejected) as error:
                _log.warning("exchanges_not_told", error=error)
                return False
            for order in page.orders:
                self._ask(order)
            shown |= {order.id for order in page.orders}
        # one that is not completed tells by itself once it is
        for old_id in shown | set(ids) - set(completed):
            self._t.store.todo.exchange_told(old_id)
        return shown >= set(completed)

    def _is_completed(self, haravan_id: int) -> bool:
        record = self._t.store.orders.record(haravan_id)
        return record is not None and record.state is State.COMPLETED

    def _ask(self, order: WebOrder) -> None:
        record = self._t.store.orders.record(order.id)
        if record is not None:
            people.ask(self._t.store, order, record, self._t.index(), record.state, self._t.clock.now(), self._t.say)

    def _read_invoices(self, waiting: list[Task], passed: float) -> None:
        """The invoices of open tasks, each at most once an hour; those that were never read come first.

        Whether `lastModifiedFrom` shows a slip that was never changed is not certain, but the lines of the invoice say
        what was returned, too.
        """
        wanted = {one.shipment_id: (task, one) for task in waiting for one in task.about.returns}
        self._standings = {key: standing for key, standing in self._standings.items() if key in wanted}
        self._read_at = {key: at for key, at in self._read_at.items() if key in wanted}
        again = passed - _INVOICE_PAUSE.total_seconds()
        due = [key for key in wanted if self._read_at.get(key, again) <= again]
        due.sort(key=lambda key: self._read_at.get(key, again - 1))
        for key in due[:_MOST_INVOICES]:
            task, one = wanted[key]
            record = self._t.store.orders.record(task.haravan_id or 0)
            self._read_at[key] = passed
            self._standings.pop(key, None)
            try:
                if record is not None:
                    self._standings[key] = self._standing(record, one)
            except (AuthError, RateLimited):
                del self._read_at[key]
                return
            except (Transient, Rejected, BadPayload) as error:
                _log.warning("task_invoice_not_read", order=order_field(task.number), invoice=one.code, error=error)

    def _standing(self, record: Record, wanted: ReturnOf) -> Standing:
        """What became of an invoice; an edit voids it and makes another, so the living ones of its order count too."""
        ref = record.invoice_of(wanted.shipment_id)
        shown = self._t.kiotviet.invoice(ref.id if ref is not None else wanted.invoice_id)
        voided = shown.status is InvoiceStatus.CANCELLED
        living = self._instead_of(shown, record, wanted.shipment_id) if voided else (shown,)
        for invoice in living:
            if not invoice.lines:  # an answer without them does not mean that nothing was sold
                raise BadPayload(text("invoice_without_lines", code=invoice.code), record_id=invoice.id)
        ids = frozenset({wanted.invoice_id, shown.id, *(invoice.id for invoice in living)})
        return Standing(ids, not living, _sums(living, returned=False), _sums(living, returned=True))

    def _instead_of(self, voided: PosInvoice, record: Record, shipment_id: int) -> tuple[PosInvoice, ...]:
        """The living invoices of an order that may stand for a voided one; a list without that one proves nothing."""
        if record.order is None:
            raise NotFound(text("voided_invoice_orderless", code=voided.code))
        document = self._t.kiotviet.order(record.order.id)
        found = invoices_of(self._t.kiotviet, document, record.haravan_id, self._t.say)
        if voided.id not in {row.id for row in found}:
            raise IncompleteScan(text("voided_invoice_unlisted", code=voided.code))
        others = {other.id for other in record.invoices if other.shipment_id != shipment_id}
        return tuple(row for row in found if row.status is not InvoiceStatus.CANCELLED and row.id not in others)

    def _close_done(self, waiting: list[Task]) -> None:
        orders = {task.haravan_id for task in waiting if task.haravan_id is not None}
        asked = [task for haravan_id in orders for task in self._t.store.todo.of_order(haravan_id)]
        claims = [
            Claim(task.id, not task.how, task.about.returns)
            for task in asked
            if task.about.returns and task.how != SUPERSEDED
        ]
        for task_id in done_in_kiotviet(claims, self._standings, self._on_slips(claims)):
            self._t.store.todo.close(task_id, IN_KIOTVIET, self._t.clock.now())

    def _on_slips(self, claims: Iterable[Claim]) -> Mapping[tuple[int, int], Decimal]:
        ids: dict[int, set[int]] = {}
        for one in (one for claim in claims for one in claim.returns):
            standing = self._standings.get(one.shipment_id)
            ids.setdefault(one.shipment_id, set()).update({one.invoice_id}, standing.ids if standing else ())
        return {
            (shipment_id, product_id): pieces
            for shipment_id, invoice_ids in ids.items()
            for product_id, pieces in self._slips.pieces(invoice_ids).items()
        }


def _sums(invoices: Iterable[PosInvoice], *, returned: bool) -> Mapping[int, Decimal]:
    """Pieces per product over some invoices: those on them, or those that they say were returned."""
    found: dict[int, Decimal] = {}
    for line in (line for invoice in invoices for line in invoice.lines):
        pieces = (line.returned or ZERO) if returned else line.quantity
        found[line.product_id] = found.get(line.product_id, ZERO) + pieces
    return found
