"""Whether this shop's KiotViet counts *Phiếu tạm* in `reserved`: by the config, or found out from a first order."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from syncd.clients.pages import ListQuery, Page
from syncd.clients.scans import scan_all
from syncd.clock import Clock
from syncd.core.documents import Draft, DraftLine
from syncd.core.model import OrderStatus, PosLine, PosOrder
from syncd.core.returns import UNINVOICED
from syncd.cycles.ports import KiotViet
from syncd.errors import SyncdError
from syncd.logs import get_logger
from syncd.store import Store

_KEY = "orders_reserve"
_SEEN_AT = "orders_reserve_seen_at"
_DOUBTED = "orders_reserve_doubted"
_LOOK_AGAIN = timedelta(days=1)
_MOST_ASKED = 5
_MOST_OPEN = 1000
_MOST_TRIES = 5
_OPEN = (OrderStatus.DRAFT, OrderStatus.PARTLY_INVOICED, OrderStatus.CONFIRMED)
_log = get_logger()


class Reserve:
    """Knows, or finds out, what an order does to `reserved`. Until it is known the careful answer is no.

    It is found out anew with the first order of each day: where KiotViet began to count otherwise, the pieces of every
    open order would be sold twice. What one order alone says is believed where that is careful or nothing is known,
    and asked of all open orders together: a reading may have come too early, or beside somebody else's order.
    """

    def __init__(self, kiotviet: KiotViet, store: Store, clock: Clock, setting: str) -> None:
        """Use the setting `auto`, `yes` or `no`."""
        self._kiotviet, self._store, self._clock, self._setting = kiotviet, store, clock, setting
        self._lock = threading.Lock()
        self._yes_again = False
        self._tries = 0

    @property
    def known(self) -> str | None:
        """`yes`, `no`, or None while it is not known."""
        if self._setting != "auto":
            return self._setting
        found = self._store.recall(_KEY)
        return found if isinstance(found, str) else None

    @property
    def counts(self) -> bool:
        """Whether an order that KiotViet shows is already subtracted there."""
        return self.known == "yes"

    def watch(self, draft: Draft, branch_id: int, write: Callable[[], None]) -> None:
        """Run `write`, which makes an order; while the answer is not known for today, read `reserved` around it.

        Orders that are made at the same time would blur the reading, so they wait for each other until it is known.
        """
        if self._is_fresh():
            write()
            return
        with self._lock:
            if self._is_fresh() or not draft.lines:
                write()
                return
            line = draft.lines[0]
            before = self._reserved(line, branch_id)
            write()
            self._judge(before, self._reserved(line, branch_id), line.quantity)

    def learn(self, document: PosOrder) -> None:
        """Find out from an order that is already there, where that leaves no doubt; else stay careful.

        All open orders that hold the product are added up, with and without *Phiếu tạm*: the answer is known when what
        KiotViet shows as reserved can be just one of the two sums. After some tries it is asked again each hour.
        """
        tried = self._tries >= _MOST_TRIES
        if self.known is not None or tried or document.status is not OrderStatus.DRAFT or not document.lines:
            return
        self._tries += 1
        try:
            answer = self._told_by(document.lines[0], document.branch_id, self._open_orders(document.branch_id))
        except SyncdError as error:
            _log.info("reserve_not_learned", sku=document.lines[0].code, error=error)
            answer = None
        if answer is None:
            self._store.remember(_DOUBTED, True)
        else:
            self._keep(answer)

    def look_again(self, branch_id: int) -> None:
        """Ask the open orders of a branch where one alone did not tell, or said otherwise than those before."""
        if self._setting != "auto" or self._store.recall(_DOUBTED) is not True:
            return
        try:
            for answer in self._answers(branch_id):
                if answer is not None:
                    self._keep(answer)
                    return
        except SyncdError as error:
            _log.info("reserve_not_learned", sku="*", error=error)

    def _answers(self, branch_id: int) -> Iterator[str | None]:
        """What the products of orders that are *Phiếu tạm* tell, one after the other."""
        every = self._open_orders(branch_id)
        drafts = [order for order in every or () if order.status is OrderStatus.DRAFT]
        lines = {line.product_id: line for order in drafts for line in order.lines}
        for line in list(lines.values())[:_MOST_ASKED]:
            yield self._told_by(line, branch_id, every)

    def _told_by(self, line: PosLine, branch_id: int, orders: Sequence[PosOrder] | None) -> str | None:
        """The answer, where what KiotViet shows as reserved of a product can be so in one of the two cases alone.

        Of an order that is invoiced in part, anything between nothing and all may be reserved still.
        """
        promised = _promised(orders, line.product_id)
        if promised is None or not promised.drafts:
            return None
        shown, least = self._reserved(line, branch_id), promised.confirmed
        if shown is None or not least <= shown <= least + promised.partly + promised.drafts:
            return None
        if shown > least + promised.partly:
            return "yes"
        return "no" if shown < least + promised.drafts else None

    def covers(self, document: PosOrder) -> bool:
        """Whether `reserved` holds the pieces of an order that is open again, which depends on what opened it.

        Believed where KiotViet shows more of one of its products than all other open orders could reserve, and no
        more than all orders; and shows that before and after those were listed.
        """
        if not self.counts or document.status not in UNINVOICED:
            return False
        lines = list({line.product_id: line for line in document.lines}.values())[:_MOST_ASKED]
        try:
            shown = [self._reserved(line, document.branch_id) for line in lines]
            every = self._open_orders(document.branch_id)
            return any(
                _needs(every, document, line.product_id, pieces) and pieces == self._reserved(line, document.branch_id)
                for line, pieces in zip(lines, shown, strict=True)
            )
        except SyncdError as error:
            _log.info("reserve_not_learned", sku=document.lines[0].code, error=error)
            return False

    def _open_orders(self, branch_id: int) -> list[PosOrder] | None:
        """All open orders of a branch; None when there are very many, or when they cannot be listed for sure.

        A KiotViet that heeds no status is asked for all its orders instead.
        """
        here = {"branchIds": str(branch_id)}
        found: list[PosOrder] = []
        for status in _OPEN:
            rows = self._listed(here | {"status": status.value})
            if rows is None:
                return None
            if any(order.status is not status for order in rows):
                every = self._listed(here)
                return None if every is None else [order for order in every if _is_open_at(order, branch_id)]
            found += (order for order in rows if order.branch_id == branch_id)
        return found

    def _listed(self, filters: Mapping[str, str]) -> Sequence[PosOrder] | None:
        query = ListQuery(order_by="id", filters=filters)
        first = self._kiotviet.orders_page(query)
        if first.total > _MOST_OPEN:
            return None

        def fetch(offset: int) -> Page[PosOrder]:
            return first if offset == 0 else self._kiotviet.orders_page(replace(query, offset=offset))

        scan = scan_all(fetch, lambda order: order.id)
        return scan.rows if scan.proves_absence else None

    def _reserved(self, line: PosLine | DraftLine, branch_id: int) -> Decimal | None:
        try:
            product = self._kiotviet.product(line.product_id)
        except SyncdError as error:
            _log.warning("reserve_not_readable", sku=line.code, product_id=line.product_id, error=error)
            return None
        return next((stock.reserved for stock in product.stock if stock.branch_id == branch_id), None)

    def _judge(self, before: Decimal | None, after: Decimal | None, quantity: Decimal) -> None:
        if before is None or after is None or after - before not in (Decimal(0), quantity):
            return
        answer = "yes" if after - before == quantity else "no"
        if self.known == answer or (answer == "yes" and self._yes_again):
            self._keep(answer)
            return
        # one order alone: a reading may come too early, and somebody else's order of as many pieces looks like ours
        self._store.remember(_DOUBTED, True)
        self._yes_again = answer == "yes"
        if answer == "no" or self.known is None:
            self._believe(answer)

    def _is_fresh(self) -> bool:
        """Whether the answer is known, and was seen within the last day where it is to be found out."""
        if self._setting != "auto":
            return True
        seen_at = self._store.recall(_SEEN_AT)
        fresh = isinstance(seen_at, str) and abs(self._clock.now() - datetime.fromisoformat(seen_at)) < _LOOK_AGAIN
        return fresh and self.known is not None

    def _keep(self, answer: str) -> None:
        """Remember an answer without a doubt."""
        self._yes_again = False
        self._believe(answer)
        if self._store.recall(_DOUBTED) is True:
            self._store.remember(_DOUBTED, False)

    def _believe(self, answer: str) -> None:
        """Go by an answer, which is news only where it is another one than before."""
        now = self._clock.now()
        if self.known != answer:
            self._store.remember(_KEY, answer)
            self._store.add_event("orders_reserve_found", answer, now)
        self._store.remember(_SEEN_AT, now.isoformat())


def _is_open_at(order: PosOrder, branch_id: int) -> bool:
    return order.status in _OPEN and order.branch_id == branch_id


def _needs(orders: Sequence[PosOrder] | None, document: PosOrder, product_id: int, shown: Decimal | None) -> bool:
    """Whether so many reserved pieces of a product need this one of the open orders to be so many."""
    mine = [order for order in orders or () if order.id == document.id]
    promised = _promised(orders, product_id)
    if promised is None or shown is None:
        return False
    every = promised.drafts + promised.confirmed + promised.partly
    return every - _pieces(mine, document.status, product_id) < shown <= every


@dataclass(frozen=True, slots=True)
class _Promised:
    """Pieces of a product in open orders: *Phiếu tạm*, confirmed, and invoiced in part."""

    drafts: Decimal
    confirmed: Decimal
    partly: Decimal


def _promised(orders: Sequence[PosOrder] | None, product_id: int) -> _Promised | None:
    """What the open orders of a branch ask for of a product; None when they are not known."""
    if orders is None:
        return None
    statuses = (OrderStatus.DRAFT, OrderStatus.CONFIRMED, OrderStatus.PARTLY_INVOICED)
    return _Promised(*(_pieces(orders, status, product_id) for status in statuses))


def _pieces(orders: Iterable[PosOrder], status: OrderStatus, product_id: int) -> Decimal:
    mine = (line for order in orders if order.status is status for line in order.lines)
    return sum((line.quantity for line in mine if line.product_id == product_id), Decimal(0))
