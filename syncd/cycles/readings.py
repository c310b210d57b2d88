"""Which part of KiotViet's stock list is read next: what was named at once, the oldest pages as the hour allows."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from syncd.clock import Clock
from syncd.core import pace
from syncd.core.pace import Spent
from syncd.core.texts import Say, text
from syncd.cycles.hints import Hints
from syncd.cycles.moves import Moves, Named
from syncd.cycles.rota import Rota
from syncd.cycles.sweep import Reader, Rows
from syncd.errors import AuthError, RateLimited, Rejected, Transient
from syncd.logs import get_logger
from syncd.store import Store
from syncd.store.keys import SWEPT_SINCE

_BUSY_SECONDS = 900.0
_FIRST_SECONDS = 30.0
_DOUBT = "figures_in_doubt"
_log = get_logger()


@dataclass(frozen=True, slots=True)
class Sources:
    """Where readings come from, what tells of products, and what the rolling hour allows."""

    reader: Reader
    moves: Moves
    hints: Hints
    store: Store
    spent: Callable[[], Spent]
    limit: Callable[[], int]
    takes_old_orders: Callable[[], bool]
    clock: Clock
    say: Say


class Readings:
    """Decides and makes the readings of the short cycles, and knows how old the oldest figure is."""

    def __init__(self, sources: Sources) -> None:
        """Nothing was read yet; a shop that was just opened counts as idle until something moves."""
        self._s = sources
        self._rota: Rota | None = None
        self._owed: Named = {}
        self._moved_at = -math.inf
        self._opened_at = sources.clock.monotonic()
        self.saved_pages = 0.0
        self.saved_at: float | None = None

    # --- what was named -----------------------------------------------------------------------------------------------

    def begin_anew(self) -> None:
        """Everything is about to be read: what was named until now needs no reading of its own.

        Raises:
            RateLimited: KiotViet says wait, or no GET is left.
        """
        self._s.hints.take_products()
        self._s.moves.look()

    def named(self, is_stocked: Callable[[int], object], doubted: Iterable[int], failures: list[str]) -> Named:
        """What documents and hints name and what is in `doubt`, by the product that holds the stock, until it was read.

        Raises:
            RateLimited: KiotViet says wait, or no GET is left.
        """
        told = self._look_for_moves(failures) if pace.has_room(self._s.spent()) else Named()
        known = self._s.reader.known()
        for product_id, source in [
            *told.items(),
            *self._s.hints.take_products().items(),
            *dict.fromkeys(doubted, _DOUBT).items(),
        ]:
            product = known.get(product_id)
            base = product_id if product is None or product.master_unit_id is None else product.master_unit_id
            if is_stocked(base):
                self._owed.setdefault(base, source)
        if self._owed:
            self.note_move()
        return self._owed

    def _look_for_moves(self, failures: list[str]) -> Named:
        named = self._s.moves.look(idle=not self._is_busy())
        failures += map(self._s.say, self._s.moves.failures)
        return named

    def read_named(self, failures: list[str]) -> Rows:
        """The pages that hold the named products, which takes no more calls than the products one by one.

        What cannot be read now is read in the next cycle; a product that KiotViet refuses is left to the sweep.

        Raises:
            AuthError, RateLimited: KiotViet cannot be read at all.
        """
        found = Rows()
        pages = {self.rota().page_of(product_id) for product_id in self._owed}
        try:
            for number in sorted(number for number in pages if number is not None):
                self._read_page(number, found, sweep=False)
            for product_id in [key for key in self._owed if key not in found.rows]:
                self._read_one(product_id, found)
        except (AuthError, RateLimited):
            raise
        except Transient as error:
            failures.append(self._s.say(error.message))
        found.name(self._owed)
        return found

    def dealt_with(self, rows: Rows) -> None:
        """These were read and published: they are owed no more."""
        self._owed = {key: source for key, source in self._owed.items() if key not in rows.rows}

    def _read_one(self, product_id: int, found: Rows) -> None:
        try:
            self._s.reader.product(product_id, found, self._owed[product_id])
        except Rejected as error:
            del self._owed[product_id]
            known = self._s.reader.known().get(product_id)
            sku = "" if known is None else known.code
            _log.info("named_product_refused", sku=sku, product_id=product_id, error=error)

    # --- the sweep ----------------------------------------------------------------------------------------------------

    def may_read_whole(self) -> bool:
        """Whether the hour allows the whole list at once by now; counts what time has brought."""
        now, spent, pages = self._s.clock.monotonic(), self._s.spent(), len(self.rota())
        per_hour = pace.sweep_pages_per_hour(spent, pages, busy=self._is_busy(), backfill=self._s.takes_old_orders())
        passed = now - self.saved_at if self.saved_at is not None else _FIRST_SECONDS
        self.saved_pages = pace.pages_due(self.saved_pages, per_hour, passed, pages, spent)
        self.saved_at = now
        return self.saved_pages >= pages

    def read_whole(self, source: str) -> Rows:
        """The whole list.

        Raises:
            IncompleteScan: It was not complete: nothing may be concluded.
        """
        passed, now = self._s.clock.monotonic(), self._s.clock.now()
        self.saved_pages, self.saved_at = 0.0, passed
        rows = self._s.reader.whole(source)
        self.rota().took_all(rows.rows, passed, now)
        return rows

    def read_oldest(self, failures: list[str]) -> Rows:
        """As many of the oldest pages as were saved; when low-priority reads are told to stop, the rest waits.

        A list that is not sorted has no pages to speak of: nothing is read before all of it may be.

        Raises:
            RateLimited: Not even one could be read. AuthError: KiotViet refuses the credentials.
        """
        found = Rows()
        try:
            for number in self.rota().oldest(int(self.saved_pages)) if self.rota().sorted else ():
                self.saved_pages -= 1
                self._read_page(number, found, sweep=True)
        except RateLimited as error:
            _log.info("sweep_pauses", error=error)
            if not found.rows:
                raise
        except Transient as error:
            failures.append(self._s.say(error.message))
        return found

    def rota(self) -> Rota:
        """The pages of the list."""
        if self._rota is None:
            self._rota = Rota(len(self._s.reader.known()))
        return self._rota

    def _read_page(self, number: int, found: Rows, *, sweep: bool) -> None:
        page = self._s.reader.page(number, found, "sweep", sweep=sweep)
        self.rota().took(number, page, self._s.clock.monotonic(), self._s.clock.now())

    # --- how things stand ---------------------------------------------------------------------------------------------

    def note_move(self) -> None:
        """Something moves in this shop: for a while it is swept as fast as the hour allows."""
        self._moved_at = self._s.clock.monotonic()

    def note_age(self, failures: list[str]) -> None:
        """Keep since when every figure was read; stock that is not read any more must not be silent."""
        oldest = self.rota().oldest_at()
        if oldest is not None:
            self._s.store.remember(SWEPT_SINCE, oldest.isoformat())
        since = self._s.store.recall(SWEPT_SINCE)
        if not isinstance(since, str):
            return
        age = (self._s.clock.now() - datetime.fromisoformat(since)).total_seconds()
        age = min(age, self._s.clock.monotonic() - self._opened_at)
        if age > pace.late_after(self._s.limit(), len(self.rota())):
            failures.append(self._s.say(text("stock_read_late", minutes=int(age // 60))))

    def _is_busy(self) -> bool:
        return self._s.clock.monotonic() - self._moved_at < _BUSY_SECONDS
