"""Whether this shop's KiotViet counts *Phiếu tạm* in `reserved`: by the config, or found out from a first order."""

from __future__ import annotations

import threading
from collections.abc import Callable
from decimal import Decimal

from syncd.clock import Clock
from syncd.core.documents import Draft, DraftLine
from syncd.cycles.ports import KiotViet
from syncd.errors import SyncdError
from syncd.logs import get_logger
from syncd.store import Store

_KEY = "orders_reserve"
_log = get_logger()


class Reserve:
    """Knows, or finds out, what an order does to `reserved`. Until it is known the careful answer is no."""

    def __init__(self, kiotviet: KiotViet, store: Store, clock: Clock, setting: str) -> None:
        """Use the setting `auto`, `yes` or `no`."""
        self._kiotviet, self._store, self._clock, self._setting = kiotviet, store, clock, setting
        self._lock = threading.Lock()

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
        """Run `write`, which makes an order; while the answer is not known, read `reserved` around it.

        Orders that are made at the same time would blur the reading, so they wait for each other until it is known.
        """
        if self.known is not None:
            write()
            return
        with self._lock:
            if self.known is not None or not draft.lines:
                write()
                return
            before = self._reserved(draft.lines[0], branch_id)
            write()
            self._judge(before, self._reserved(draft.lines[0], branch_id), draft.lines[0].quantity)

    def _reserved(self, line: DraftLine, branch_id: int) -> Decimal | None:
        try:
            product = self._kiotviet.product(line.product_id)
        except SyncdError as error:
            _log.warning("reserve_not_readable", sku=line.code, error=str(error))
            return None
        return next((stock.reserved for stock in product.stock if stock.branch_id == branch_id), None)

    def _judge(self, before: Decimal | None, after: Decimal | None, quantity: Decimal) -> None:
        if before is None or after is None or after - before not in (Decimal(0), quantity):
            return
        answer = "yes" if after - before == quantity else "no"
        self._store.remember(_KEY, answer)
        self._store.add_event("orders_reserve_found", answer, self._clock.now())
        _log.info("orders_reserve_found", answer=answer)
